using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>Solves closures on an explicit list of observables.</summary>
internal static class GalerkinSolver
{
    // The share of an observable's variance beyond the modes kept that goes without saying.
    private const double Negligible = 1e-9;

    /// <summary>Solves a closure.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="closure">The observables.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <returns>
    /// K0, V4, V4_source, K1, E2, U1 as for every closure; C_SG = n Cov(S_ab, G_cd), full, pairs by pairs; V_state, full, the
    /// covariance of all components of the observables. The relative error is the
    /// largest share of an observable's variance beyond the Hermite modes that are kept.
    /// </returns>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">An observable contains a delta function.</exception>
    public static TheorySolution Solve(TheoryProblem problem, IObservableClosure closure, Stepping stepping, CancellationToken cancellation = default)
    {
        var observables = closure.Observables.ToList();
        int count = observables.Count;
        if (!observables.Contains(Observable.SigmaKernel)) observables.Add(Observable.SigmaKernel);
        var expansion = new ObservableExpansion(observables, problem.Activation, problem.Inputs, problem.Quadrature.IsEstimated);
        var span = new ObservableSpan(expansion, count, observables.IndexOf(Observable.SigmaKernel));
        var equations = new GalerkinEquations(span, problem.Layer);
        try
        {
            return WithShare(DepthSolver.Solve(equations, problem, stepping, cancellation));
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            throw new ComputationException(reason.Message) { Finished = WithShare(finished) };
        }

        TheorySolution WithShare(TheorySolution solution)
        {
            (int order, double share) = expansion.LargestShareOfOne > expansion.LargestShareBeyond
                ? (ObservableExpansion.HighestOfOne, expansion.LargestShareOfOne)
                : (ObservableExpansion.HighestOfTwo, expansion.LargestShareBeyond);
            return share > Negligible ? solution with { Truncation = new(order, share) } : solution;
        }
    }
}

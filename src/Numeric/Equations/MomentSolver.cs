using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Solves the moment systems of closures.</summary>
internal static class MomentSolver
{
    // The share of an observable's variance beyond the modes kept that goes without saying.
    private const double Negligible = 1e-9;

    /// <summary>Derives a closure's moment system and runs it.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="activation">sigma with its kinks, for closures on modes; the problem's own description if null.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <returns>
    /// K0, V4, V4_source, K1, E2, U1; C_SG = n Cov(S_ab, G_cd), full, pairs by pairs; on modes C_SS = n Cov(S_ab, S_cd), on observables V_state, full,
    /// the covariance of all of them. The relative error of observables is the largest share of their variance beyond the Hermite modes that are kept.
    /// </returns>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">The closure has no equations, or an observable contains a delta function.</exception>
    public static TheorySolution Solve(TheoryProblem problem, IClosure closure, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default)
    {
        if (closure is HermiteToAccuracy automatic)
            return OrderChoice.Solve(problem, automatic.Accuracy, stepping, activation, cancellation);
        return Solve(problem, MomentDerivation.Of(closure, ClosureSolver.FormOf(stepping)), stepping, activation, cancellation);
    }

    /// <summary>Runs a moment system.</summary>
    /// <inheritdoc cref="Solve(TheoryProblem, IClosure, Stepping, ActivationDescription?, CancellationToken)"/>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="system">The equations, in the form that the stepping takes.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="activation">sigma with its kinks, for closures on modes; the problem's own description if null.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static TheorySolution Solve(TheoryProblem problem, MomentSystem system, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default)
    {
        IRecipeBook book = BookOf(system, problem, activation);
        try
        {
            return WithShare(DepthSolver.Solve(new MomentEquations(system, book, problem.Layer), problem, stepping, cancellation));
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            reason.Finished = WithShare(finished);
            throw;
        }

        TheorySolution WithShare(TheorySolution solution) =>
            book.Beyond is var (order, share) && share > Negligible ? solution with { Truncation = new(order, share) } : solution;
    }

    private static IRecipeBook BookOf(MomentSystem system, TheoryProblem problem, ActivationDescription? activation)
    {
        if (system.Observables.Count == 0)
            return new ModeRecipes(new FluctuationEquation(activation ?? problem.Activation.Description, problem.Inputs, Math.Max(2, system.Orders.Max()), problem.Quadrature.IsEstimated), system.Orders);
        List<Observable> observables = [.. system.Observables];
        if (!observables.Contains(Observable.SigmaKernel))
            observables.Add(Observable.SigmaKernel);
        var expansion = new ObservableExpansion(observables, problem.Activation, problem.Inputs, problem.Quadrature.IsEstimated);
        return new ObservableRecipes(expansion, new ObservableSpan(expansion, system.Observables.Count, observables.IndexOf(Observable.SigmaKernel)));
    }
}

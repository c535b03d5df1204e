// From a closure to its solution: the one place that knows which equations belong to which kind of closure.
//   g-only, g-connected        the symbolic pipeline's equation system, compiled; with kinks, modes
//   hermite(k)                 modes (Hermite folder)
//   lists of observables       Galerkin (Galerkin folder)

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Solves any closure with certified expectations.</summary>
public static class ClosureSolver
{
    /// <summary>Solves a closure.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="activation">sigma with its kinks declared; the problem's own description if null.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">An observable contains a delta function, or the closure is of no known kind.</exception>
    public static TheorySolution Solve(TheoryProblem problem, IClosure closure, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default)
    {
        return closure switch
        {
            GOnly when (activation?.Kinks ?? problem.Activation.Description.Kinks).Count > 0 => HermiteSolver.SolveKernelOnly(problem, stepping, activation, cancellation),
            GConnected when (activation?.Kinks ?? problem.Activation.Description.Kinks).Count > 0 => HermiteSolver.SolveConnected(problem, stepping, activation, cancellation),
            GOnly => Components(form => DerivationPipeline.GOnly(form).System),
            GConnected => Components(DerivationPipeline.GConnected),
            HermiteModes hermite => HermiteSolver.Solve(problem, hermite.HighestOrder, stepping, activation, cancellation),
            HermiteToAccuracy automatic => OrderChoice.Solve(problem, automatic.Accuracy, stepping, activation, cancellation),
            IObservableClosure observables => GalerkinSolver.Solve(problem, observables, stepping, activation?.Kinks, cancellation),
            _ => throw new NotSupportedException($"The closure {closure.Name} has no equations; give it observables."),
        };

        TheorySolution Components(Func<DepthForm, EquationSystem> derive) => TheorySolver.Solve(
            derive(stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous),
            problem,
            stepping,
            compiled => new CertifiedExpectations(problem.Activation, problem.Inputs, compiled.Atoms),
            cancellation);
    }
}

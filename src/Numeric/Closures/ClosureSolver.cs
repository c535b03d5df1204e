// From a closure to its solution: the one place that knows which equations belong to which kind of closure.
//   g-only, g-connected        the symbolic pipeline's equation system, compiled; with kinks, modes
//   hermite(k)                 modes (Hermite folder)
//   lists of observables       Galerkin (Galerkin folder)
// Node sums and the orders beyond the leading one are for g-only alone.

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Derives and solves any closure.</summary>
internal static class ClosureSolver
{
    /// <summary>Derives the equations of a closure in the form that a solution takes.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How depth will advance: the discrete map, or the continuous equations.</param>
    /// <param name="quadrature">For node sums the second kernel derivatives of g-only stay formal; certified if null.</param>
    /// <param name="order">Powers of 1/n beyond the leading one; g-only alone has them.</param>
    public static DerivationResult Derive(IClosure closure, Stepping stepping, QuadratureChoice? quadrature = null, int order = 0)
    {
        DepthForm form = stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;
        return closure is not GOnly ? ClosureDerivation.Of(closure, form)
            : order > 0 ? HigherOrderEquations.GOnly(form, order + 1)
            : DerivationPipeline.GOnly(form, keepHessianFormal: quadrature?.Nodes is not null);
    }

    /// <summary>Derives and solves a closure with any quadrature, to any order in 1/n that it has.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="quadrature">How expectations are taken.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">Closure, quadrature, order and activation do not go together; the message says which, why, and what would.</exception>
    public static TheorySolution Solve(TheoryProblem problem, IClosure closure, Stepping stepping, QuadratureChoice quadrature, int order = 0, CancellationToken cancellation = default)
    {
        IReadOnlyList<KinkPoint> kinks = problem.Activation.Definition.Kinks;
        if (order > 0 && kinks is [var kink, ..])
            throw new NotSupportedException($"order is {order} and the activation {problem.Activation.Text} has a kink at x = {kink.Position}; orders beyond the leading one need its higher derivatives, so use a smooth activation, or order 0.");
        // With kinks the expectations that Price's theorem makes of the tadpole are not finite one by one; modes are.
        if (closure is GOnly && (quadrature.Nodes is not null || kinks.Count == 0))
            return TheorySolver.Solve(Derive(closure, stepping, quadrature, order).System, problem, stepping, compiled => quadrature.SourceFor(problem, compiled.Atoms), cancellation);
        if (quadrature.Nodes is not null)
            throw new NotSupportedException($"quadrature is {quadrature} and the closure {closure.Name}; node sums are there to reproduce published g-only numbers, so use certified.");
        try
        {
            return Solve(problem, closure, stepping, null, cancellation);
        }
        catch (NotSupportedException reason)
        {
            throw new NotSupportedException($"The closure {closure.Name} cannot be solved for the activation {problem.Activation.Text}: {reason.Message}", reason);
        }
    }

    /// <summary>K0 and E2(K0) at the recorded layers, in discrete depth with certified expectations: what every closure and every simulation expands around.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static TheorySolution SolveInfiniteWidth(TheoryProblem problem, CancellationToken cancellation = default)
    {
        EquationSystem system = DerivationPipeline.GOnly(DepthForm.Discrete).System;
        EquationSystem meanOnly = system with
        {
            Equations = [.. system.Equations.Where(equation => equation.Variable.Tensor == Notation.MeanKernel)],
            Quantities = [.. system.Quantities.Where(quantity => quantity.Variable.Tensor == Notation.MeanSigmaKernel)],
        };
        return TheorySolver.Solve(meanOnly, problem, Stepping.Discrete, compiled => QuadratureChoice.Certified.SourceFor(problem, compiled.Atoms), cancellation);
    }

    /// <summary>Solves a closure with certified expectations.</summary>
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
            IObservableClosure observables => GalerkinSolver.Solve(problem, observables, stepping, cancellation),
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

// From a closure to its solution: the one place that knows which equations belong to which kind of closure, and what goes together.
//   g-only, g-connected        the equations of the components of K0, V4 and K1 (Compilation folder)
//   everything else            moment systems, on modes or observables (Equations folder); g-only and g-connected too, with kinks and where derivatives by
//                              Price's theorem cancel
// Node sums and the orders beyond the leading one are for g-only alone.

using System.Globalization;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

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
        DepthForm form = FormOf(stepping);
        return closure is not GOnly ? ClosureDerivation.Of(closure, form)
            : order > 0 ? HigherOrderEquations.GOnly(form, order + 1)
            : DerivationPipeline.GOnly(form, keepHessianFormal: quadrature?.Nodes is not null);
    }

    /// <summary>Why values do not go together, in one sentence that names them as a specification does; null where they do.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="quadrature">How expectations are taken.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="inputs">N.</param>
    /// <param name="skip">alpha.</param>
    /// <param name="activation">sigma; null to ask only whether there are such equations, without solving them for a network.</param>
    /// <exception cref="NotSupportedException">The kinks of the activation cannot be located.</exception>
    public static string? Refusal(IClosure closure, Stepping stepping, QuadratureChoice quadrature, int order, int inputs, double skip, Activation? activation = null)
    {
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        if (stepping != Stepping.Discrete && skip != 1)
            return $"stepping is {stepping.ToString().ToLowerInvariant()} and skip is {Number(skip)}; depth time t = step^2 l exists only at skip 1, so use discrete.";
        if (order > 0 && closure is not GOnly)
            return $"order is {order} and the closure is {closure.Name}; orders beyond the leading one are derived for g-only, so use that, or order 0.";
        if (order > 0 && quadrature.Nodes is not null)
            return $"order is {order} and quadrature is {quadrature}; a sum over nodes has no kernel derivatives beyond the second, so use certified, or order 0.";
        int most = order == 1 ? 8 : 2;
        if (order > 0 && inputs > most)
            return $"order is {order} and there are {inputs} inputs; it is solved for at most {most}, and the statistics of some inputs do not depend on the others, so give fewer.";
        if (activation is null)
            return null;
        if (order > 0 && activation.Definition.Kinks is [var kink, ..])
            return $"order is {order} and the activation {activation.Text} has a kink at x = {kink.Position}; orders beyond the leading one need its higher derivatives, so use a smooth activation, or order 0.";
        if (quadrature.Nodes is not null && closure is not GOnly)
            return $"quadrature is {quadrature} and the closure {closure.Name}; node sums are there to reproduce published g-only numbers, so use certified.";
        return quadrature.Refusal(activation);
    }

    /// <summary>
    /// Whether a closure is solved by its derived equations, component by component. With kinks the expectations that Price's theorem makes
    /// of the tadpole are not finite one by one, and the equations have no couplings; modes are finite.
    /// </summary>
    /// <param name="closure">The closure.</param>
    /// <param name="activation">sigma.</param>
    public static bool IsSolvedByComponents(IClosure closure, Activation activation) => closure is GOnly or GConnected && activation.Definition.Kinks.Count == 0;

    /// <summary>Derives and solves a closure with the problem's quadrature, to any order in 1/n that it has.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="compiled">Where equations are kept that were compiled for an earlier problem; null to compile anew.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">Closure, stepping, quadrature, order and activation do not go together; the message says which, why, and what would.</exception>
    /// <exception cref="UnprovedException">What the solution rests on is not proved, and has to be.</exception>
    public static TheorySolution Solve(
        TheoryProblem problem,
        IClosure closure,
        Stepping stepping,
        int order = 0,
        CancellationToken cancellation = default,
        CompiledClosures? compiled = null)
    {
        QuadratureChoice quadrature = problem.Quadrature;
        if (Refusal(closure, stepping, quadrature, order, problem.Inputs, problem.Layer.Skip, problem.Activation) is { } refusal)
            throw new NotSupportedException(refusal);
        if (IsSolvedByComponents(closure, problem.Activation))
        {
            CompiledSystem system = (compiled ?? new()).Of(closure, stepping, quadrature, order, problem.Inputs);
            TheorySolution Components(bool hasOtherRoute) =>
                TheorySolver.Solve(system, problem, stepping, quadrature.SourceFor(problem, system.Atoms), cancellation, hasOtherRoute);
            bool hasOtherRoute = order == 0 && quadrature.Nodes is null && problem.Inputs <= CompiledSystem.MostInputsByComponent;
            try
            {
                return Components(hasOtherRoute);
            }
            catch (Exception reason) when (hasOtherRoute && (reason is LostDigitsException or UnprovedException))
            {
                // Modes take no derivatives; where they fail, what there is says how little it is known.
                try
                {
                    return Modes();
                }
                catch (Exception failure) when (ComputationFailure.Is(failure))
                {
                    return Components(hasOtherRoute: false);
                }
            }
        }

        return Modes();

        TheorySolution Modes()
        {
            try
            {
                return MomentSolver.Solve(problem, closure, stepping, null, cancellation);
            }
            catch (NotSupportedException reason)
            {
                throw new NotSupportedException($"The closure {closure.Name} cannot be solved for the activation {problem.Activation.Text}: {reason.Message}", reason);
            }
        }
    }

    /// <summary>K0 and E2(K0) at the recorded layers, in discrete depth: what every closure and every simulation expands around.</summary>
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
        TheoryProblem bounded = problem with { Quadrature = problem.Quadrature.WithErrors };
        try
        {
            return TheorySolver.Solve(meanOnly, bounded, Stepping.Discrete, compiled => bounded.Quadrature.SourceFor(bounded, compiled.Atoms), cancellation);
        }
        catch (UnprovedException) when (problem.Activation.Definition.Kinks.Count > 0)
        {
            // Pairs that nearly determine each other: in the plane kinks have proofs as modes.
            return DepthSolver.Solve(new InfiniteWidthEquations(bounded), bounded, Stepping.Discrete, cancellation);
        }
    }

    /// <summary>The form of the equations that a stepping takes.</summary>
    internal static DepthForm FormOf(Stepping stepping) => stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;
}

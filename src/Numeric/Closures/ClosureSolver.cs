// From a closure to its solution: the one place that knows which equations belong to which kind of closure, and what goes together.
//   g-only, g-connected        the equations of the components of K0, V4 and K1
//   everything else            moment systems, on modes or observables; g-only and g-connected too, with kinks and where derivatives by Price's theorem cancel
//   hermite(k) with an order    the random clock (Clock folder)
// Node sums are for g-only alone, and the orders beyond the leading one for g-only and hermite(k).

using System.Globalization;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Levels;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Derives and solves any closure.</summary>
internal static class ClosureSolver
{
    /// <summary>Derives the equations of a closure in the form that a solution takes.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How it will be solved; for node sums the second kernel derivatives of g-only stay formal.</param>
    public static DerivationResult Derive(IClosure closure, SolverSettings settings)
    {
        DepthForm form = FormOf(settings.Stepping);
        if (settings.Order > 0 && closure.ModesOfNetwork() is not null)
        {
            DerivationResult leading = ClosureDerivation.Of(closure, form);
            return leading with { Steps = [.. leading.Steps, .. ClockDerivation.Steps(settings.Order, form)] };
        }

        return settings.Order > 0 && closure.IsKernelOfNetwork() ? HigherOrderEquations.GOnly(form, settings.Order + 1)
            : closure.Keeps is KeptKernel { HasConnectedTadpole: false } ? ClosureDerivation.OfKernel(closure, form, keepHessianFormal: settings.Quadrature.Nodes is not null)
            : ClosureDerivation.Of(closure, form);
    }

    /// <summary>Derives the equations of a closure of a network, flat or a program of layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How it will be solved.</param>
    /// <exception cref="NotSupportedException">A program of layers has no such equations; the message says what, and what would.</exception>
    public static DerivationResult Derive(Network network, IClosure closure, SolverSettings settings)
    {
        if (network.Layers is null && settings.Tangent == TangentKernel.None)
            return Derive(closure, settings);
        if (network.Layers is null && Refusal(closure, settings, network, withActivation: false) is { } refusal)
            throw new NotSupportedException(refusal);
        RequireForPrograms(settings, closure, network);
        try
        {
            if (settings.Tangent == TangentKernel.None && settings.Order > 0)
            {
                DerivationResult leading = ClosureDerivation.Of(Steps(network), closure, FormOf(settings.Stepping));
                return leading with { Steps = [.. leading.Steps, .. ProgramOrders.Derivation(Steps(network), settings, network.Inputs)] };
            }

            return settings.Tangent == TangentKernel.None
                ? ClosureDerivation.Of(Steps(network), closure, FormOf(settings.Stepping))
                : ClosureDerivation.WithTangent(settings.Rates.On(Steps(network)), closure, Rational.FromShortestDecimal(settings.RateOfFirst));
        }
        catch (LayerProgramException reason)
        {
            throw new NotSupportedException(reason.Message, reason);
        }
    }

    /// <summary>Why values do not go together, in one sentence that names them as a specification does; null where they do.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How it is to be solved.</param>
    /// <param name="network">The network and its inputs; null to ask whether there are such equations at all.</param>
    /// <param name="withActivation">Whether they are to be solved, which the activation may forbid.</param>
    /// <exception cref="NotSupportedException">The kinks of the activation cannot be located.</exception>
    public static string? Refusal(IClosure closure, SolverSettings settings, Network? network, bool withActivation = true)
    {
        (Stepping stepping, QuadratureChoice quadrature, int order) = (settings.Stepping, settings.Quadrature, settings.Order);
        (int inputs, double skip) = network is null ? (1, 1) : (network.Inputs, network.LayerAt(0).Skip);
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        if (stepping != Stepping.Discrete && skip != 1)
            return $"stepping is {stepping.ToString().ToLowerInvariant()} and skip is {Number(skip)}; depth time t = step^2 l exists only at skip 1, so use discrete.";
        if (OrderBesideTangent(settings) is { } beside)
            return beside;
        if (order > 0 && network?.Layers is not null)
            return ProgramOrders.Refusal(closure, settings, network, withActivation);
        if (order > 0 && closure.ModesOfNetwork() is { HighestOrder: var modes })
            return ClockSolver.Refusal(closure, modes, settings, network, withActivation);
        if (order > 0 && !closure.IsKernelOfNetwork())
            return $"order is {order} and the closure is {closure.Name}; orders beyond the leading one are derived for g-only and for hermite(k), so use one of those, or order 0.";
        if (order > 0 && quadrature.Nodes is not null)
            return $"order is {order} and quadrature is {quadrature}; a sum over nodes has no kernel derivatives beyond the second, so use certified, or order 0.";
        if (TangentRefusal(closure, settings) is { } refusal)
            return refusal;
        int most = order == 1 ? 8 : 2;
        if (order > 0 && inputs > most)
            return $"order is {order} and there are {inputs} inputs; it is solved for at most {most}, and the statistics of some inputs do not depend on the others, so give fewer.";
        if (network is null || !withActivation)
            return null;
        Activation activation = network.Sigma;
        if (order > 0 && activation.Definition.Kinks is [var kink, ..])
            return $"order is {order} and the activation {activation.Text} has a kink at x = {kink.Position}; orders beyond the leading one need its higher derivatives, so use a smooth activation, or order 0.";
        if (quadrature.Nodes is not null && !closure.IsKernelOfNetwork())
            return $"quadrature is {quadrature} and the closure {closure.Name}; node sums are there to reproduce published g-only numbers, so use certified.";
        return quadrature.Refusal(activation);
    }

    /// <summary>Derives and solves a closure to any order in 1/n that it has.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="compiled">Where equations are kept that were compiled for an earlier problem; null to compile anew.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">Closure, stepping, quadrature, order and activation do not go together; the message says which, why, and what would.</exception>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    public static TheorySolution Solve(Network network, IClosure closure, SolverSettings settings, CompiledClosures? compiled = null)
    {
        // Inputs that a refusal names have the numbers that they were given.
        if (network.Layers is not null)
            RequireForPrograms(settings, closure, network);
        else if (Refusal(closure, settings, network) is { } refusal)
            throw new NotSupportedException(refusal);
        // Sums over nodes are the published ones, also of equal inputs.
        return settings.Quadrature.Nodes is null ? EqualInputs.Solve(network, distinct => SolveDistinct(distinct, closure, settings, compiled)) : SolveDistinct(network, closure, settings, compiled);
    }

    private static TheorySolution SolveDistinct(Network network, IClosure closure, SolverSettings settings, CompiledClosures? compiled)
    {
        if (network.Layers is { } program)
            return Solve(network, program, closure, settings);
        QuadratureChoice quadrature = settings.Quadrature;
        if (settings.Tangent != TangentKernel.None)
            return Solve(network, () => PlainSteps(network), closure, settings, null);
        if (settings.Order > 0 && closure.ModesOfNetwork() is { HighestOrder: var modes })
            return ClockSolver.Solve(network, modes, settings);
        if (ClosureDerivation.IsByComponents(closure, network.Sigma.Definition))
        {
            CompiledSystem system = (compiled ?? new()).Of(closure, settings, network.Inputs);
            bool hasOtherRoute = settings.Order == 0 && quadrature.Nodes is null && network.Inputs <= CompiledSystem.MostInputsByComponent;
            try
            {
                return MomentSolver.Solve(network, system, settings, hasOtherRoute);
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
                    return MomentSolver.Solve(network, system, settings);
                }
            }
        }

        return Modes();

        TheorySolution Modes()
        {
            try
            {
                return MomentSolver.Solve(network, closure, settings);
            }
            catch (NotSupportedException reason)
            {
                throw new NotSupportedException($"The closure {closure.Name} cannot be solved for the activation {network.Sigma.Text}: {reason.Message}", reason);
            }
        }
    }

    // What does not go together has been refused. K0 alone is the same in every closure; of fields inside branches there are equations on modes alone.
    private static TheorySolution Solve(Network network, LayerProgram program, IClosure? closure, SolverSettings settings, IReadOnlyList<Tensor>? wanted = null)
    {
        if (closure?.Keeps is KeptModesToAccuracy automatic)
            return OrderChoice.Solve(network, automatic.Accuracy, (of, modes) => Solve(of, () => [.. program.Unroll(of.Inputs).Take(of.Depth)], modes, settings, wanted));
        return Solve(network, () => program.Unroll(network.Inputs), closure, settings, wanted);
    }

    private static TheorySolution Solve(Network network, Func<IReadOnlyList<StreamStep>> unroll, IClosure? closure, SolverSettings settings, IReadOnlyList<Tensor>? wanted)
    {
        try
        {
            IReadOnlyList<StreamStep> steps = settings.Rates.On(unroll());
            if (settings.Order > 0)
                return ProgramOrders.Solve(steps, network, closure!.ModesOfNetwork()?.HighestOrder ?? 0, settings);
            return ProgramSolver.Solve(steps, network, closure ?? (steps.HaveFieldsInBranches() ? new HermiteModes(4) : new GOnly()), settings, wanted);
        }
        catch (LayerProgramException reason)
        {
            throw new NotSupportedException(reason.Message, reason);
        }
    }

    /// <summary>What a network does to its stream, program of layers or not.</summary>
    /// <exception cref="NotSupportedException">The layers do not fit together, or do not fit the inputs.</exception>
    internal static IReadOnlyList<StreamStep> Steps(Network network)
    {
        try
        {
            return network.Layers is { } program ? program.Unroll(network.Inputs) : PlainSteps(network);
        }
        catch (LayerProgramException reason)
        {
            throw new NotSupportedException(reason.Message, reason);
        }
    }

    /// <summary>K0 and Theta0 at the recorded layers, in discrete depth: what a simulation of the tangent kernel is compared with.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="quadrature">How Gaussian expectations are taken; certified for sums over nodes.</param>
    /// <param name="tangent">Which weights are trained.</param>
    /// <param name="rates">At which rates.</param>
    /// <param name="cancellation">Stops between layers.</param>
    internal static TheorySolution SolveInfiniteWidth(Network network, QuadratureChoice quadrature, TangentKernel tangent, LearningRates rates, CancellationToken cancellation) => EqualInputs.Solve(network, distinct =>
        Solve(distinct, () => Steps(distinct), null, new() { Quadrature = quadrature.WithErrors, Tangent = tangent, Rates = rates, Cancellation = cancellation }, [Notation.MeanKernel, TangentDerivation.Mean]));

    // The network as steps of its stream: one, L times.
    private static IReadOnlyList<StreamStep> PlainSteps(Network network)
    {
        LayerParameters layer = network.LayerAt(0);
        var step = new StreamUpdate("", layer.Skip, layer.Step, 1, [new Branch([new BranchStage("") { Activation = network.Sigma.Definition, WeightVariance = layer.WeightVariance, BiasVariance = layer.BiasVariance }])]);
        return [.. Enumerable.Repeat(step, network.Depth)];
    }

    /// <summary>Why the tangent kernel has no order beyond the leading one; null where none is asked for.</summary>
    /// <param name="settings">How it is to be solved.</param>
    internal static string? OrderBesideTangent(SolverSettings settings) => settings.Tangent == TangentKernel.None || settings.Order == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"ntk is asked for and order is {settings.Order}; the tangent kernel is derived to leading order, so use order 0, or leave ntk out.");

    // What the tangent kernel does not go together with, in any network; null where it does, or is not asked for.
    private static string? TangentRefusal(IClosure? closure, SolverSettings settings)
    {
        if (settings.Tangent == TangentKernel.None)
            return null;
        if (settings.Stepping != Stepping.Discrete)
            return $"ntk is asked for and stepping is {settings.Stepping.ToString().ToLowerInvariant()}; the tangent kernel is derived layer by layer, so use discrete, or leave ntk out.";
        if (closure is not null && (closure.Keeps is not (KeptKernel or KeptModes or KeptObservables) || closure.Law(LayerLaw.OfNetwork) != LayerLaw.OfNetwork))
            return $"ntk is asked for and the closure is {closure.Name}; the tangent kernel is derived for hermite(k), g-only, g-connected and lists of observables, so use one of these, or leave ntk out.";
        if (settings is { Tangent: TangentKernel.WithInput, Rates: { First: null, Parametrization: not Parametrization.Ntk } })
            return $"ntk.input is dense and ntk.parametrization is {(settings.Rates.Parametrization == Parametrization.Standard ? "standard" : "mu-p")}; K(0) does not say what the weights of the first layer are, so give its learning rate as ntk.first, in units of K(0), or leave input out.";
        if (settings.Quadrature.Nodes is not null)
            return $"ntk is asked for and quadrature is {settings.Quadrature}, which is for the kernel alone; use certified or estimated, or leave ntk out.";
        return null;
    }

    private static void RequireForPrograms(SolverSettings settings, IClosure? closure, Network network)
    {
        if (settings.Order > 0 && ProgramOrders.Refusal(closure, settings, network, withSteps: true) is { } ofOrder)
            throw new NotSupportedException(ofOrder);
        if (TangentRefusal(closure, settings) is { } refusal)
            throw new NotSupportedException(refusal);
        if (settings.Quadrature.Nodes is not null)
            throw new NotSupportedException($"quadrature is {settings.Quadrature}, which is for the plain network only; for a program of layers use certified or estimated.");
    }

    /// <summary>K0 and E2(K0) at the recorded layers, in discrete depth: what every closure and every simulation expands around.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="quadrature">How Gaussian expectations are taken; certified for sums over nodes.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static TheorySolution SolveInfiniteWidth(Network network, QuadratureChoice quadrature, CancellationToken cancellation = default) =>
        EqualInputs.Solve(network, distinct => InfiniteWidthOfDistinct(distinct, quadrature, cancellation));

    private static TheorySolution InfiniteWidthOfDistinct(Network network, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        if (network.Layers is { } program)
            return Solve(network, program, null, new() { Quadrature = quadrature.WithErrors, Cancellation = cancellation }, [Notation.MeanKernel]);
        EquationSystem system = DerivationPipeline.GOnly(DepthForm.Discrete).System;
        EquationSystem meanOnly = system.Only(tensor => tensor == Notation.MeanKernel || tensor == Notation.MeanSigmaKernel);
        var settings = new SolverSettings { Quadrature = quadrature.WithErrors, Cancellation = cancellation };
        try
        {
            return MomentSolver.Solve(network, meanOnly, settings);
        }
        catch (UnprovedException) when (network.Sigma.Definition.Kinks.Count > 0)
        {
            // Pairs that nearly determine each other: in the plane kinks have proofs as modes.
            return MomentSolver.Solve(network, MomentDerivation.Of(new HermiteModes(1), DepthForm.Discrete), settings, wanted: [Notation.MeanKernel]);
        }
    }

    /// <summary>The form of the equations that a stepping takes.</summary>
    internal static DepthForm FormOf(Stepping stepping) => stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;
}

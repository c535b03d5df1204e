// The next orders in 1/n of programs of layers. Two kinds have them:
//   kernels are a Markov process of their own      KernelProcess, no modes
//   the plain network with numbers of each layer   the random clock, with modes up to those of the closure
// Where no neuron of the stream is read, there is nothing to close: hermite(k) and g-only both are the network itself, and have the first of these.

using System.Globalization;
using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Solves programs of layers to orders in 1/n beyond the leading one.</summary>
internal static class ProgramOrders
{
    // Means of six functions of more inputs would need grids of more directions, and the sixth derivatives of order 2 are too many.
    private const int MostInputs = 4, MostOrders = 2;

    /// <summary>The most inputs of order 2.</summary>
    public const int MostInputsOfTwo = 2;

    /// <summary>Why a program and its settings have no such solution, in one sentence; null where they have.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How it is to be solved.</param>
    /// <param name="network">The network that the program is, with its inputs.</param>
    /// <param name="withSteps">Whether the layers are looked at.</param>
    public static string? Refusal(IClosure? closure, SolverSettings settings, Network network, bool withSteps)
    {
        (int inputs, string order) = (network.Inputs, settings.Order.ToString(CultureInfo.InvariantCulture));
        if (settings.Order > MostOrders)
            return $"order is {order}, and a program of layers is solved to order {MostOrders}; use order {MostOrders}, or less.";
        if (settings.Stepping != Stepping.Discrete)
            return $"order is {order} and stepping is {settings.Stepping.ToString().ToLowerInvariant()}; the next order of a program of layers is solved layer by layer, so use discrete, or order 0.";
        if (ClosureSolver.OrderBesideTangent(settings) is { } beside)
            return beside;
        if (closure?.ModesOfNetwork() is null && closure?.IsKernelOfNetwork() != true)
            return $"order is {order} and the closure is {closure?.Name}; the next order of a program of layers is that of the network itself, so use hermite(k), or order 0.";
        int most = settings.Order == 1 ? MostInputs : MostInputsOfTwo;
        if (inputs > most)
            return string.Create(CultureInfo.InvariantCulture, $"order is {order} and there are {inputs} inputs; of a program of layers it is solved for at most {most}, and the statistics of some inputs do not depend on the others, so give fewer, or use order 0.");
        if (!withSteps)
            return null;
        IReadOnlyList<StreamStep> steps = ClosureSolver.Steps(network);
        string? ofKernels = RefusalOfKernels(steps, settings, inputs);
        IReadOnlyList<PlainNetwork>? schedule = ofKernels is null ? null : Schedule(steps);
        if (ofKernels is not null && schedule is null)
            return ofKernels;
        if (closure.ModesOfNetwork() is { HighestOrder: var modes })
            return schedule is null ? null : ClockSolver.Refusal(closure, modes, settings, Plain(schedule[0], network), withActivation: true);
        // Exact where G of the stream is all that branches read, and its equations are derived.
        return schedule is null && !steps.HaveFieldsInBranches() && !new KernelProcess(steps, inputs, settings.Order).ReadsStream ? null
            : $"order is {order} and the closure is {closure.Name}, whose next order is that of the network itself where every branch begins with a dense layer that reads the stream, and of other programs is not derived; use hermite(k), or order 0.";
    }

    /// <summary>The steps of the derivation of what is not refused.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="settings">How it is to be solved.</param>
    /// <param name="inputs">N.</param>
    public static IReadOnlyList<DerivationStep> Derivation(IReadOnlyList<StreamStep> steps, SolverSettings settings, int inputs)
    {
        if (RefusalOfKernels(steps, settings, inputs) is not null)
            return ClockDerivation.Steps(settings.Order, DepthForm.Discrete);
        (KernelChain[] chains, _) = KernelProcess.Chains(steps, new KernelLaws(inputs, settings.Order + 1));
        string levels = string.Concat(chains.Distinct().Select(chain =>
            $" {(chain.Levels.Count == 0 ? "" : $"{steps[Array.IndexOf(chains, chain)].Path} makes of kernel 0, {(Array.IndexOf(chains, chain) is var at && at > 0 && !chains[at - 1].Result.IsFresh ? "G of the stream" : "the covariance of its rows")}: {chain.Text}.")}"));
        return LevelDerivation.Steps(settings.Order, levels.Trim());
    }

    /// <summary>Solves what is not refused.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="network">The network that the program is, with its inputs and the layers to report.</param>
    /// <param name="modes">The highest order of the modes of the random clock, where kernels are no Markov process of their own; else not asked for.</param>
    /// <param name="settings">How to solve.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    public static TheorySolution Solve(IReadOnlyList<StreamStep> steps, Network network, int modes, SolverSettings settings)
    {
        if (RefusalOfKernels(steps, settings, network.Inputs) is null)
        {
            var process = new KernelProcess(steps, network.Inputs, settings.Order, network.Layers is null);
            return Over(network, process, settings with { Quadrature = QuadratureChoice.Estimated }, !process.ReadsStream);
        }

        IReadOnlyList<PlainNetwork> schedule = Schedule(steps)!;
        LayerParameters[] layers = [.. schedule.Select(layer => new LayerParameters(layer.Skip, layer.Step, layer.WeightVariance, layer.BiasVariance))];
        double[] kernels = Variances(ClosureSolver.SolveInfiniteWidth(network with { RecordedLayers = [.. Enumerable.Range(0, network.Depth + 1)] }, settings.Quadrature.WithErrors, settings.Cancellation));
        return ClockSolver.Solve(
            Plain(schedule[0], network).Sigma.Definition, layers[0], network.Inputs, kernels, modes, settings, (clock, taken) => Over(network, new ScheduledClock(layers, clock), taken, false));

        // Without modes the leading order is exact where nothing reads the neurons of the stream one by one.
        TheorySolution Over(Network of, IDepthEquations orders, SolverSettings taken, bool isExact)
        {
            IClosure leading = steps.HaveFieldsInBranches() ? new HermiteModes(4) : new GOnly();
            (MomentEquations moments, _, FunctionModes functions, _, _) = ProgramSolver.Equations(steps, of.Inputs, leading, estimates: true, isExact ? null : [Notation.MeanKernel]);
            return DepthSolver.Solve(new CheckedByMoments(orders, moments, of.Inputs, isExact), of, taken, new ProgramDepth(steps, moments, functions.Descriptions, taken.Stepping));
        }
    }

    private static string? RefusalOfKernels(IReadOnlyList<StreamStep> steps, SolverSettings settings, int inputs)
    {
        try
        {
            _ = KernelProcess.Chains(steps, new KernelLaws(inputs, settings.Order + 1));
            return null;
        }
        catch (LayerProgramException reason)
        {
            return reason.Message;
        }
    }

    // The plain networks that the steps are, one by one, of one activation; null where they are none.
    private static IReadOnlyList<PlainNetwork>? Schedule(IReadOnlyList<StreamStep> steps)
    {
        var schedule = new List<PlainNetwork>();
        foreach (StreamStep step in steps)
        {
            if (schedule.Count > 0 && ReferenceEquals(step, steps[schedule.Count - 1]))
                schedule.Add(schedule[^1]);
            else if (PlainNetwork.Of([step], out _) is { } plain && (schedule.Count == 0 || plain.Activation == schedule[0].Activation))
                schedule.Add(plain);
            else
                return null;
        }

        return schedule.Count == 0 ? null : schedule;
    }

    private static Network Plain(PlainNetwork layer, Network network) => new()
    {
        Activation = layer.Activation,
        WeightVariance = layer.WeightVariance,
        BiasVariance = layer.BiasVariance,
        Skip = layer.Skip,
        Step = layer.Step,
        Depth = network.Depth,
        Kernel = network.Kernel,
        RecordedLayers = network.RecordedLayers,
    };

    // The least and the largest K0 of each input, of all layers.
    private static double[] Variances(TheorySolution means) =>
    [
        .. Enumerable.Range(0, means.Inputs).SelectMany(input =>
        {
            double[] path = [.. means.K0.Select(kernel => kernel[PairIndexing.Of(input, input, means.Inputs)])];
            return new[] { path.Min(), path.Max() };
        }).Where(kernel => kernel > 0).Distinct(),
    ];
}

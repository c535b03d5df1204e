// hermite(k) with order p: the network's own next orders in 1/n, in the random clock, with modes up to k. They are solved with 3/4 of the modes as well,
// which says what the modes above change; the numbers are those of k. They rest on grids that agree, which is an estimate and said in every output, whatever
// the quadrature: who asks for the order asks for that.

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Levels;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Solves the orders in 1/n beyond the leading one of the network itself.</summary>
internal static class ClockSolver
{
    // Of numbers that vanish, relative to powers of K0.
    private const double Rounding = 1e-9;

    // Higher orders are derived as well; their solution was checked against other routes up to these, for one input and for several.
    private const int MostOne = 2, MostSeveral = 1;

    // Fewer have no second cumulant of pairs in them.
    private const int FewestModes = 4;

    // A product of two functions is of four inputs; the third cumulant of G of more than four would need modes of six.
    private const int MostInputs = 4;

    /// <summary>Why the next orders of a network cannot be solved, in one sentence that names values as a specification does; null where they can.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="modes">The highest order of its modes.</param>
    /// <param name="settings">How it is to be solved.</param>
    /// <param name="network">The network; null to ask whether there are such equations at all.</param>
    /// <param name="withActivation">Whether they are to be solved, which the activation may forbid.</param>
    public static string? Refusal(IClosure closure, int modes, SolverSettings settings, Network? network, bool withActivation)
    {
        int order = settings.Order;
        int[] distinct = network is null ? [] : EqualInputs.Distinct(network.Kernel);
        bool ofKernels = network is not null && IsOfKernels(network, settings);
        if (order > MostOne || (order > MostSeveral && distinct.Length > (ofKernels ? ProgramOrders.MostInputsOfTwo : 1)))
            return $"order is {order} and the closure {closure.Name}; of the network itself order 2 is solved for one input, or two with skip 0 and discrete stepping, and no order beyond, so use order {(order > 2 ? "2 with one input, or order 1" : "1, or give one input")}.";
        if (modes < FewestModes)
            return $"order is {order} and the closure {closure.Name}; the cumulants of G have modes up to order {FewestModes}, so use hermite({FewestModes}) or more.";
        if (network is null || !withActivation)
            return null;
        if (network.Inputs > MostInputs)
            return $"order is {order}, the closure {closure.Name} and there are {network.Inputs} inputs; the next order of the network itself is solved for at most {MostInputs}, and the statistics of some inputs do not depend on the others, so give fewer, or use order 0.";
        foreach (KinkPoint kink in network.Sigma.Definition.Kinks)
        {
            double[] kernel = PairIndexing.Upper(network.Kernel);
            if (distinct.Length > 1 && !ofKernels && NeuronWorkspace.Closeness(InputFrame.Of(distinct, kernel, network.Inputs), kernel, network.Inputs) is { } close)
                return $"order is {order}, the activation {network.Sigma.Text} has a kink at x = {kink.Position} and {close}; the next order is then a small difference of large numbers that cannot be trusted, so give inputs that are farther apart, or fewer, or use a smooth activation, or order 0.";
            if (kink.Order == 0)
                return $"order is {order} and the activation {network.Sigma.Text} jumps at x = {kink.Position}; the next order needs its derivative squared, so use an activation without jumps, or order 0.";
        }

        return null;
    }

    /// <summary>Solves; no input equals another.</summary>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">No grid is fine enough.</exception>
    public static TheorySolution Solve(Network network, int modes, SolverSettings settings) =>
        network.Inputs > 1 && IsOfKernels(network, settings) ? ProgramOrders.Solve(ClosureSolver.Steps(network), network, modes, settings) : SolveOfModes(network, modes, settings);

    // Beyond the order that modes of several inputs are solved to: a perceptron, whose kernels are a Markov process of their own.
    private static bool IsOfKernels(Network network, SolverSettings settings) => settings.Order > MostSeveral && settings.Stepping == Stepping.Discrete && network.LayerAt(0).Skip == 0;

    private static TheorySolution SolveOfModes(Network network, int modes, SolverSettings settings)
    {
        LayerParameters layer = network.LayerAt(0);
        double[][] paths = [.. Enumerable.Range(0, network.Inputs).Select(input => KernelPath.Of(network.Sigma.Description, layer, network.Kernel[input, input], network.Depth))];
        double[] kernels = network.Inputs == 1 ? paths[0] : [.. paths.SelectMany(path => path).Where(kernel => kernel > 0).Distinct()];
        return Solve(network.Sigma.Definition, layer, network.Inputs, kernels, modes, settings, (clock, taken) => DepthSolver.Solve(clock, network, taken));
    }

    /// <summary>Solves, however the clock is followed.</summary>
    /// <param name="function">sigma.</param>
    /// <param name="layer">The numbers of the first layer.</param>
    /// <param name="inputs">N.</param>
    /// <param name="kernels">Variances between which those of the inputs will stay.</param>
    /// <param name="modes">The highest order of the modes.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="follow">Follows a clock over depth.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">No grid is fine enough.</exception>
    internal static TheorySolution Solve(
        ActivationDefinition function, LayerParameters layer, int inputs, double[] kernels, int modes, SolverSettings settings, Func<IClock, SolverSettings, TheorySolution> follow)
    {
        ClockEquations equations = ClockEquations.Derive(settings.Order, ClosureSolver.FormOf(settings.Stepping));
        if (inputs == 1)
            return WithFewerModes(modes, settings, (highest, taken) => follow(new OneInputClock(equations, Sigma(), layer, highest, kernels), taken));
        var plan = new InputsPlan(equations, inputs);
        NodeChoice nodes = NodeChoice.For(Sigma(), inputs, modes, kernels);
        var cache = new KernelCache(ManyInputsClock.NumbersOfKernel(inputs, modes));
        return WithFewerModes(modes, settings, (highest, taken) =>
        {
            int solution = highest == modes ? 0 : 1;
            try
            {
                return follow(new ManyInputsClock(plan, Sigma(), layer, inputs, highest, nodes, kernel => cache.At(solution, kernel, taken.Cancellation)), taken);
            }
            finally
            {
                cache.End(solution);
            }
        });

        // One for each: in which form a derivative is compiled depends on what was asked for before.
        ActivationDescription Sigma() => new Activation(function).Description;
    }

    /// <summary>Solves with all modes and with three quarters of them, at once.</summary>
    /// <param name="modes">The highest order.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="solve">Solves with modes up to a highest one.</param>
    private static TheorySolution WithFewerModes(int modes, SolverSettings settings, Func<int, SolverSettings, TheorySolution> solve)
    {
        TheorySolution At(int highest, Action<int>? reached, CancellationToken cancellation) =>
            solve(highest, settings with { Reached = reached, Cancellation = cancellation, Quadrature = QuadratureChoice.Estimated });

        // There are no fewer.
        if (FewerModes(modes) == modes)
        {
            TheorySolution only = At(modes, settings.Reached, settings.Cancellation);
            return WithChanges(only, only);
        }

        // The two do not know of each other's modes; of the second nothing is of interest where the first fails.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(settings.Cancellation);
        Task<TheorySolution> fewer = Task.Run(() => At(FewerModes(modes), null, both.Token));
        try
        {
            return WithChanges(At(modes, settings.Reached, settings.Cancellation), fewer.GetAwaiter().GetResult());
        }
        catch
        {
            both.Cancel();
            throw;
        }
    }

    /// <summary>Solves other equations of the clock of the first input, such as those of single diagrams, which its statistics do not need the others for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="modes">The highest order of the modes.</param>
    /// <param name="equations">The equations.</param>
    /// <param name="settings">How they are to be solved.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">No grid is fine enough.</exception>
    public static TheorySolution SolveFirst(Network network, int modes, ClockEquations equations, SolverSettings settings)
    {
        Network first = network.OnInputs([0]);
        LayerParameters layer = first.LayerAt(0);
        double[] kernels = KernelPath.Of(first.Sigma.Description, layer, first.Kernel[0, 0], first.Depth);
        return DepthSolver.Solve(
            new OneInputClock(equations, new Activation(first.Sigma.Definition).Description, layer, modes, kernels), first, settings with { Quadrature = QuadratureChoice.Estimated });
    }

    private static int FewerModes(int modes) => Math.Max(FewestModes, 3 * modes / 4 / 2 * 2);

    /// <summary>Of how many factors G a tensor is, by its name.</summary>
    internal static int Legs(string name) => name[0] == 'V' ? (name[1] - '0') / 2 : 1;

    // How far each tensor moves, at its largest component of the last record.
    private static TheorySolution WithChanges(TheorySolution solution, TheorySolution fewer)
    {
        var changes = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, IReadOnlyList<double[]> records) in solution.Tensors)
        {
            double[] other = fewer.Tensors[name][^1];
            double largest = records[^1].Max(Math.Abs), change = records[^1].Zip(other, (one, two) => Math.Abs(one - two)).Max();
            changes.Add(name, change <= Rounding * Math.Pow(solution.K0[^1].Max(), Legs(name)) ? 0 : change / largest);
        }

        return solution with { ModeChanges = changes };
    }
}

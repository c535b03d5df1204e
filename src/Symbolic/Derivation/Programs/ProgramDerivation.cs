// From a program of layers to the equations of a closure on its stream: one moment system for each structure that a step of the stream has, all of one state.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>The equations of a program: the systems of its different steps, and which of them each layer follows, with its numbers.</summary>
/// <param name="Systems">One for each structure, in the order of their first layers; all have the same state.</param>
/// <param name="Layers">For each layer the place of its system, and the numbers of its letters.</param>
public sealed record ProgramSystem(IReadOnlyList<EquationSystem> Systems, IReadOnlyList<(int System, IReadOnlyDictionary<Symbol, double> Numbers)> Layers)
{
    /// <summary>For each system the first step that follows it.</summary>
    public IReadOnlyList<StreamStep> Structures { get; init; } = [];

    /// <summary>In continuous depth for each system what the layer has and its order eps^2 does not: what vanishes as eps goes to 0.</summary>
    public IReadOnlyList<IReadOnlyList<ContractedEquation>> Vanishing { get; init; } = [];

    /// <summary>The layers that follow a system, such as layers 1 to 16, or layers 1, 3, 5 and 12 more.</summary>
    internal string LayersOf(int system)
    {
        const int longest = 4;
        var runs = new List<(int First, int Last)>();
        for (int layer = 1; layer <= Layers.Count; layer++)
        {
            if (Layers[layer - 1].System != system)
                continue;
            if (runs.Count > 0 && runs[^1].Last == layer - 1)
                runs[^1] = (runs[^1].First, layer);
            else
                runs.Add((layer, layer));
        }

        int rest = runs.Skip(longest).Sum(run => run.Last - run.First + 1);
        string text = string.Join(", ", runs.Take(longest).Select(run => run.First == run.Last ? FormattableString.Invariant($"{run.First}") : FormattableString.Invariant($"{run.First} to {run.Last}")));
        return $"{(runs is [var (first, last)] && first == last ? "layer" : "layers")} {text}{(rest > 0 ? FormattableString.Invariant($" and {rest} more") : "")}";
    }
}

/// <summary>Derives the equations of programs.</summary>
public static class ProgramDerivation
{
    /// <summary>The equations of a closure on the stream of a program.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete, or continuous depth, to the order eps^2 of every step.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    public static ProgramSystem Of(IReadOnlyList<StreamStep> steps, IClosure closure, DepthForm form = DepthForm.Discrete) => Of(steps, closure, null, form);

    /// <summary>The same with the tangent kernel.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="tangent">The learning rate of the layer before layer 0, 0 where it is not trained; null for no tangent kernel.</param>
    /// <param name="form">Discrete or continuous depth; with the tangent kernel discrete.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    internal static ProgramSystem Of(IReadOnlyList<StreamStep> steps, IClosure closure, Rational? tangent, DepthForm form = DepthForm.Discrete)
    {
        // A norm takes modes of order 4 to G.
        if (closure.Keeps is KeptModes { HighestOrder: < 4 } && steps.FirstOrDefault(step => step is StreamNorm || new[] { step }.Stages().Any(stage => stage.Norm is not null)) is { } normed)
            throw new LayerProgramException($"closure is {closure.Name}, and {normed.Path} has a norm, which takes modes of order 4 to G; use hermite(4) or more.");
        var systems = new List<EquationSystem>();
        var structures = new List<StreamStep>();
        var vanishing = new List<IReadOnlyList<ContractedEquation>>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var layers = new List<(int, IReadOnlyDictionary<Symbol, double>)>();
        double width = 1;
        bool hasMean = tangent is not null && TangentDerivation.WithoutMean(steps) is null;
        bool isPlain = tangent is not null && PlainNetwork.Of(steps, out _) is not null;
        IReadOnlyDictionary<Symbol, double>? latest = null;
        foreach (StreamStep step in steps)
        {
            string structure = StepLetters.Structure(step, width);
            if (!known.TryGetValue(structure, out int place))
            {
                known.Add(structure, place = systems.Count);
                structures.Add(step);
                bool isWide = width != 1 || step is StreamUpdate { Width: not 1 };
                EquationSystem system = MomentDerivation.Of(closure, step, isWide, isPlain, form);
                if (form == DepthForm.Continuous)
                    vanishing.Add([.. OfRows(MomentDerivation.Of(closure, step, isWide, isPlain)).ExceptBy(OfRows(system).Select(equation => equation.Variable.Tensor.Name), equation => equation.Variable.Tensor.Name)]);
                systems.Add(tangent is { } first ? TangentDerivation.Extend(system, step, isWide, first, hasMean) : system);
            }

            IReadOnlyDictionary<Symbol, double> numbers = new StepLetters(step).Numbers(step, width);
            // Layers with the same numbers share them, so that nothing is evaluated again.
            if (latest is not null && latest.Count == numbers.Count && numbers.All(entry => latest.TryGetValue(entry.Key, out double value) && value == entry.Value))
                numbers = latest;
            layers.Add((place, latest = numbers));
            if (step is StreamUpdate update)
                width = update.Width;
        }

        return new(systems, layers) { Structures = structures, Vanishing = vanishing };
    }

    // What the rows of branches vary by, that the next state reads.
    private static IEnumerable<ContractedEquation> OfRows(EquationSystem system) => MomentStatements.Needed(system.Step).OfType<ContractedEquation>()
        .Where(equation => equation.Place is not null && new[] { "C_ss", "noise_", "T", "lost" }.Any(name => equation.Variable.Tensor.Name.StartsWith(name, StringComparison.Ordinal)) && !equation.Variable.Tensor.Name.StartsWith("C_ssT", StringComparison.Ordinal));
}

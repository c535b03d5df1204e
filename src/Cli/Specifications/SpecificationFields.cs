// Every value of a specification, once: its place in the YAML file, its flag, and how its text becomes a value. The YAML
// reader and the command line both go through this table, so that they accept the same things with the same messages.
// To add a value: a property in Specification.cs and a row here.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Specifications;

/// <summary>One value of a specification.</summary>
/// <param name="Path">Its place in the file, such as network.weightVariance.</param>
/// <param name="Flag">Its flag, such as --weight-variance.</param>
/// <param name="Help">What it is, for --help.</param>
/// <param name="Set">Puts the value into a specification; throws <see cref="InputException"/>.</param>
public sealed record SpecificationField(string Path, string Flag, string Help, Func<Specification, YamlNode, ValueContext, Specification> Set)
{
    /// <summary>True if the flag has no value: it says true.</summary>
    public bool IsSwitch { get; init; }
}

/// <summary>Where a value came from, for messages and for relative paths.</summary>
/// <param name="Label">How to name the value in a message.</param>
/// <param name="Folder">The folder that relative paths start from.</param>
public sealed record ValueContext(string Label, string Folder)
{
    /// <summary>True for a value of a file, which may come from elsewhere; false for one that the user typed.</summary>
    public bool IsFromFile { get; init; }

    /// <summary>Ends the reading of a file that the value names.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>The table of all values.</summary>
public static class SpecificationFields
{
    /// <summary>What the quadrature can be, for --help.</summary>
    internal const string QuadratureChoices = "certified (proved, or refused), estimated (grids that agree where there is no proof), or gauss-hermite(m)";

    /// <summary>All values, in the order of the file.</summary>
    public static IReadOnlyList<SpecificationField> All { get; } =
    [
        new("name", "--name", "name of the report folder", (spec, node, at) => spec with { Name = Name(node, at) }),
        new("network.activation", "--activation", "sigma: an expression in x, such as tanh(x)", (spec, node, at) => spec with { Network = spec.Network with { Activation = Scalar(node, at) } }),
        new("network.weightVariance", "--weight-variance", "C_W: n times the variance of a weight", (spec, node, at) => spec with { Network = spec.Network with { WeightVariance = Number(node, at, 0, 1e6) } }),
        new("network.biasVariance", "--bias-variance", "C_b: variance of a bias", (spec, node, at) => spec with { Network = spec.Network with { BiasVariance = Number(node, at, 0, 1e6) } }),
        new("network.skip", "--skip", "alpha: 1 ResNet, 0 MLP", (spec, node, at) => spec with { Network = spec.Network with { Skip = Number(node, at, -10, 10) } }),
        new("network.step", "--step", "eps: step of a layer", (spec, node, at) => spec with { Network = spec.Network with { Step = Number(node, at, 0, 10) } }),
        new("network.depth", "--depth", "L: number of layers", (spec, node, at) => spec with { Network = spec.Network with { Depth = (int)Whole(node, at, 1, 10_000_000) } }),
        new("network.layers", "--layers", "the network as a program of layers, in place of the six above: a list, or a file that holds one", (spec, node, at) => spec with { Layers = LayersReader.Read(node, at) }),
        new("network.preset", "--network", $"a program of layers by name: {string.Join(", ", LayerPresets.All.Select(preset => preset.Name))}", (spec, node, at) => spec with { Layers = LayersReader.Preset(node, at) }),
        new("network.width", "--width", "n: number of neurons", (spec, node, at) => spec with { Width = (int)Whole(node, at, 1, 16_384) }),
        new("inputs.kernel", "--kernel", "K(0): N x N, such as [[2, .6], [.6, 2]]", (spec, node, at) => spec with { Network = spec.Network with { Kernel = KernelReader.FromMatrix(node, at) } }),
        new("inputs.data", "--data", "CSV file whose rows are inputs; K(0) = X X^T / d", (spec, node, at) => spec with { Network = spec.Network with { Kernel = KernelReader.FromData(Scalar(node, at), at) } }),
        new("closure", "--closure", ClosureRegistry.Syntax, (spec, node, at) => spec with { Closure = Closure(node, at) }),
        new("order", "--order", "powers of 1/n beyond the leading one: 0, or 1 (adds V6, V4_1, K2) with g-only or hermite(k), or 2 with g-only", (spec, node, at) => spec with { Order = (int)Whole(node, at, 0, 2) }),
        new("ntk", "--ntk", "the tangent kernel too; in a file true, or a table of the five below", Tangent) { IsSwitch = true },
        new("ntk.input", "--ntk-input", "dense: the tangent kernel, and the first layer, from the data, is trained too: it is K(0) at layer 0", (spec, node, at) => spec with { Tangent = TangentInput(node, at) }),
        new("ntk.parametrization", "--ntk-parametrization", "units in which parameters learn: ntk (variance 1), standard (weights and biases themselves, rate 1/n), or mu-p (biases at n times the rate of weights)", (spec, node, at) => Trained(spec, spec.Rates with { Parametrization = Choice<Parametrization>(node, at) })),
        new("ntk.weights", "--ntk-weights", "learning rate of the weights that add to the stream", (spec, node, at) => Trained(spec, spec.Rates with { Weights = Number(node, at, 0, 1e6) })),
        new("ntk.hidden", "--ntk-hidden", "learning rate of the weights inside a branch, before its last dense layer", (spec, node, at) => Trained(spec, spec.Rates with { Hidden = Number(node, at, 0, 1e6) })),
        new("ntk.biases", "--ntk-biases", "learning rate of the biases", (spec, node, at) => Trained(spec, spec.Rates with { Biases = Number(node, at, 0, 1e6) })),
        new("quadrature", "--quadrature", QuadratureChoices, (spec, node, at) => spec with { Quadrature = Quadrature(node, at) }),
        new("stepping", "--stepping", "discrete, continuous or euler", (spec, node, at) => spec with { Stepping = Choice<Stepping>(node, at) }),
        new("simulate.samples", "--samples", "number of simulated networks", (spec, node, at) => spec with { Samples = Whole(node, at, 0, 1_000_000_000_000) }),
        new("simulate.until", "--until", "simulate until a standard error is small: \"K1[0,0] < 0.005\"", (spec, node, at) => spec with { Until = StoppingRule.Parse(Scalar(node, at), at.Label) }),
        new("simulate.seed", "--seed", "seed of the random numbers", (spec, node, at) => spec with { Seed = (ulong)Whole(node, at, 0, long.MaxValue) }),
        new("simulate.estimator", "--estimator", "plain, control-variate, or weights, uniform-weights, orthogonal-weights (W drawn entry by entry, n^2 a layer)", (spec, node, at) => spec with { Estimator = Choice<EstimatorChoice>(node, at) }),
        new("record", "--record", "number of recorded depths", (spec, node, at) => spec with { Network = spec.Network with { Records = (int)Whole(node, at, 2, 100_000) } }),
        new("pairs", "--pairs", "pairs of inputs that are given: all, diagonal, or a list such as [[0,0],[0,1]]", (spec, node, at) => spec with { Pairs = PairChoice.Parse(node, at.Label) }),
        new("fraction", "--fraction", "how much of the kernel its fluctuations and its shift may be where a width is wide enough", (spec, node, at) => spec with { Fraction = Number(node, at, 1e-6, 1e6) }),
    ];

    /// <summary>The text of a scalar.</summary>
    public static string Scalar(YamlNode node, ValueContext at) =>
        node is YamlScalarNode { Value: { Length: > 0 } value }
            ? value
            : throw new InputException($"{at.Label} must be a single value, not {Describe(node)}.");

    private static string Name(YamlNode node, ValueContext at)
    {
        string name = Scalar(node, at);
        if (name.Length > 100 || name.StartsWith('.') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new InputException($"{at.Label} is '{name}', which cannot name a folder; use up to 100 letters, digits, '-', '_' and '.', not starting with '.'.");
        return name;
    }

    private static double Number(YamlNode node, ValueContext at, double least, double most)
    {
        double value = Real(Scalar(node, at), at.Label);
        return value >= least && value <= most
            ? value
            : throw new InputException($"{at.Label} is {Text(value)}, which is out of range; use a number from {Text(least)} to {Text(most)}.");
    }

    private static long Whole(YamlNode node, ValueContext at, long least, long most)
    {
        string text = Scalar(node, at);
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal value) || value != decimal.Truncate(value))
            throw new InputException($"{at.Label} is '{text}', which is not a whole number; use one from {least} to {most}.");
        return value >= least && value <= most
            ? (long)value
            : throw new InputException($"{at.Label} is {text}, which is out of range; use a whole number from {least} to {most}.");
    }

    /// <summary>A finite number.</summary>
    internal static double Real(string text, string label) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{label} is '{text}', which is not a finite number; write it like 0.05 or 5e-2.");

    private static string Closure(YamlNode node, ValueContext at)
    {
        // A list of observables may be written as a YAML list or as text.
        string text = node is YamlSequenceNode list ? $"[{string.Join(", ", list.Children.Select(each => Scalar(each, at)))}]" : Scalar(node, at);
        try
        {
            return ClosureRegistry.Parse(text).Name;
        }
        catch (ClosureSyntaxException problem)
        {
            throw new InputException($"{at.Label}: {problem.Message}");
        }
    }

    private static Specification Tangent(Specification specification, YamlNode node, ValueContext at)
    {
        const string right = "use true, false, or a table such as { input: dense, biases: 0 }";
        if (node is not YamlMappingNode table)
        {
            return specification with
            {
                Tangent = Scalar(node, at) switch
                {
                    "true" => TangentKernel.OfLayers,
                    "false" => TangentKernel.None,
                    var other => throw new InputException($"{at.Label} is '{other}'; {right}."),
                },
            };
        }

        specification = specification with { Tangent = TangentKernel.OfLayers };
        foreach ((YamlNode key, YamlNode value) in table.Children)
        {
            SpecificationField field = All.FirstOrDefault(each => key is YamlScalarNode { Value: { } name } && each.Path == $"ntk.{name}")
                ?? throw new InputException($"{at.Label} has the key '{key}', which is none of {string.Join(", ", All.Where(each => each.Path.StartsWith("ntk.", StringComparison.Ordinal)).Select(each => each.Path[4..]))}; {right}.");
            specification = field.Set(specification, value, at with { Label = $"{at.Label}, {field.Path[4..]}" });
        }

        return specification;
    }

    private static Specification Trained(Specification specification, LearningRates rates) =>
        specification with { Rates = rates, Tangent = specification.Tangent == TangentKernel.None ? TangentKernel.OfLayers : specification.Tangent };

    private static TangentKernel TangentInput(YamlNode node, ValueContext at) => Scalar(node, at) is "dense"
        ? TangentKernel.WithInput
        : throw new InputException($"{at.Label} is '{Scalar(node, at)}'; use dense, a first layer that is trained too, or leave it out.");

    internal static QuadratureChoice Quadrature(YamlNode node, ValueContext at)
    {
        string text = Scalar(node, at);
        foreach (QuadratureChoice choice in new[] { QuadratureChoice.Certified, QuadratureChoice.Estimated })
        {
            if (text == choice.ToString())
                return choice;
        }

        if (text.StartsWith("gauss-hermite(", StringComparison.Ordinal) && text.EndsWith(')')
            && int.TryParse(text.AsSpan(14, text.Length - 15), NumberStyles.None, CultureInfo.InvariantCulture, out int nodes) && nodes is >= 1 and <= 200)
            return new QuadratureChoice(nodes);
        throw new InputException($"{at.Label} is '{text}', which is not a quadrature; use certified, estimated, or gauss-hermite(m) with m from 1 to 200.");
    }

    private static T Choice<T>(YamlNode node, ValueContext at)
        where T : struct, Enum
    {
        string text = Scalar(node, at);
        foreach (T value in Enum.GetValues<T>())
        {
            if (Kebab(value.ToString()) == text)
                return value;
        }

        throw new InputException($"{at.Label} is '{text}'; use {string.Join(" or ", Enum.GetNames<T>().Select(Kebab))}.");
    }

    /// <summary>ControlVariate to control-variate.</summary>
    public static string Kebab(string name) =>
        string.Concat(name.Select((c, at) => char.IsUpper(c) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Describe(YamlNode node) => node switch
    {
        YamlSequenceNode => "a list",
        YamlMappingNode => "a table",
        _ => "empty",
    };
}

// Every value of a specification, once: its place in the YAML file, its flag, and how its text becomes a value. The YAML
// reader and the command line both go through this table, so that they accept the same things with the same messages.
// What a value can be is said once, as a reader and a JSON schema (SpecificationValue): symeft schema writes the latter.
// To add a value: a property in Specification.cs and a row here.

using System.Globalization;
using System.Text.Json.Nodes;
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
/// <param name="Schema">What the value can be, as a JSON schema.</param>
public sealed record SpecificationField(string Path, string Flag, string Help, Func<Specification, YamlNode, ValueContext, Specification> Set, JsonObject Schema)
{
    /// <summary>True if the flag has no value: it says true.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Whether it is about the tangent kernel: ntk, or a value in its table.</summary>
    internal bool IsOfTangent => Path == "ntk" || Path.StartsWith("ntk.", StringComparison.Ordinal);
}

/// <summary>What a value of a specification can be: how it is read, and the same as a JSON schema.</summary>
/// <typeparam name="T">What it is read as.</typeparam>
/// <param name="Read">Reads it; throws <see cref="InputException"/>.</param>
/// <param name="Schema">What can be read.</param>
internal sealed record SpecificationValue<T>(Func<YamlNode, ValueContext, T> Read, JsonObject Schema);

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
        Field("name", "--name", "name of the report folder", NameOfFolder, (spec, value) => spec with { Name = value }),
        Field("network.activation", "--activation", "sigma: an expression in x, such as tanh(x)", Text, (spec, value) => OfNetwork(spec, spec.Network with { Activation = value })),
        Field("network.weightVariance", "--weight-variance", "C_W: n times the variance of a weight", Number(0, 1e6), (spec, value) => OfNetwork(spec, spec.Network with { WeightVariance = value })),
        Field("network.biasVariance", "--bias-variance", "C_b: variance of a bias", Number(0, 1e6), (spec, value) => OfNetwork(spec, spec.Network with { BiasVariance = value })),
        Field("network.skip", "--skip", "alpha: 1 ResNet, 0 MLP", Number(-10, 10), (spec, value) => OfNetwork(spec, spec.Network with { Skip = value })),
        Field("network.step", "--step", "eps: step of a layer", Number(0, 10), (spec, value) => OfNetwork(spec, spec.Network with { Step = value })),
        Field("network.depth", "--depth", "L: number of layers", Whole(1, 10_000_000), (spec, value) => OfNetwork(spec, spec.Network with { Depth = (int)value })),
        Field("network.layers", "--layers", "the network as a program of layers, in place of the six above: a list, or a file that holds one", Program, (spec, value) => spec with { Layers = value }),
        Field("network.preset", "--network", $"a program of layers by name: {string.Join(", ", LayerPresets.All.Select(preset => preset.Name))}", Preset, (spec, value) => spec with { Layers = value }),
        Field("network.width", "--width", "n: number of neurons", Whole(1, 16_384), (spec, value) => spec with { Width = (int)value }),
        Field("inputs.kernel", "--kernel", "K(0): N x N, such as [[2, .6], [.6, 2]]", Matrix, (spec, value) => OfNetwork(spec, spec.Network with { Kernel = value })),
        Field("inputs.data", "--data", "CSV file whose rows are inputs; K(0) = X X^T / d", Data, (spec, value) => OfNetwork(spec, spec.Network with { Kernel = value })),
        Field("closure", "--closure", ClosureRegistry.Syntax, Closures, (spec, value) => spec with { Closure = value }),
        Field("order", "--order", "powers of 1/n beyond the leading one: 0, 1 (adds V6, V4_1, K2) with g-only or hermite(k), or 2 (adds V8, V6_1, V4_2, K3) with g-only, or with hermite(k) for one input, and for two of a perceptron (skip 0)", Whole(0, 2), (spec, value) => spec with { Order = (int)value }),
        new("ntk", "--ntk", "the tangent kernel too; in a file true, or a table of the six below", Tangent, Schemas.Truth()) { IsSwitch = true },
        Field("ntk.input", "--ntk-input", "dense: the tangent kernel, and the first layer, from the data, is trained too: it is K(0) at layer 0, or ntk.first times it", TangentInputs, (spec, value) => spec with { Tangent = value }),
        Field("ntk.first", "--ntk-first", "learning rate of the first layer, from the data, which then is trained too, in units of K(0): the tangent kernel is this times K(0) at layer 0", Number(0, 1e6), (spec, value) => spec with { Tangent = TangentKernel.WithInput, Rates = spec.Rates with { First = value } }),
        Field("ntk.parametrization", "--ntk-parametrization", "units in which parameters learn: ntk (variance 1), standard (weights and biases themselves, rate 1/n), or mu-p (biases at n times the rate of weights)", Choice<Parametrization>(), (spec, value) => Trained(spec, spec.Rates with { Parametrization = value })),
        Field("ntk.weights", "--ntk-weights", "learning rate of the weights that add to the stream", Number(0, 1e6), (spec, value) => Trained(spec, spec.Rates with { Weights = value })),
        Field("ntk.hidden", "--ntk-hidden", "learning rate of the weights inside a branch, before its last dense layer", Number(0, 1e6), (spec, value) => Trained(spec, spec.Rates with { Hidden = value })),
        Field("ntk.biases", "--ntk-biases", "learning rate of the biases", Number(0, 1e6), (spec, value) => Trained(spec, spec.Rates with { Biases = value })),
        Field("quadrature", "--quadrature", QuadratureChoices, Quadratures, (spec, value) => spec with { Quadrature = value }),
        Field("stepping", "--stepping", "discrete, continuous or euler", Choice<Stepping>(), (spec, value) => spec with { Stepping = value }),
        Field("simulate.samples", "--samples", "number of simulated networks", Whole(0, 1_000_000_000_000), (spec, value) => spec with { Samples = value }),
        Field("simulate.until", "--until", "simulate until a standard error is small: \"K1[0,0] < 0.005\"", Until, (spec, value) => spec with { Until = value }),
        Field("simulate.seed", "--seed", "seed of the random numbers", Whole(0, long.MaxValue), (spec, value) => spec with { Seed = (ulong)value }),
        Field("simulate.estimator", "--estimator", "plain, control-variate, or weights, uniform-weights, orthogonal-weights (W drawn entry by entry, n^2 a layer)", Choice<EstimatorChoice>(), (spec, value) => spec with { Estimator = value }),
        Field("record", "--record", "number of recorded depths", Whole(2, 100_000), (spec, value) => OfNetwork(spec, spec.Network with { Records = (int)value })),
        Field("pairs", "--pairs", "pairs of inputs that are given: all, diagonal, or a list such as [[0,0],[0,1]]", Pairs, (spec, value) => spec with { Pairs = value }),
        Field("fraction", "--fraction", "how much of the kernel its fluctuations and its shift may be where a width is wide enough", Number(1e-6, 1e6), (spec, value) => spec with { Fraction = value }),
    ];

    /// <summary>The text of a scalar.</summary>
    public static string Scalar(YamlNode node, ValueContext at) =>
        node is YamlScalarNode { Value: { Length: > 0 } value }
            ? value
            : throw new InputException($"{at.Label} must be a single value, not {Describe(node)}.");

    private static SpecificationField Field<T>(string path, string flag, string help, SpecificationValue<T> value, Func<Specification, T, Specification> set) =>
        new(path, flag, help, (spec, node, at) => set(spec, value.Read(node, at)), value.Schema);

    private static Specification OfNetwork(Specification spec, Network network) => spec with { Network = network };

    private static SpecificationValue<string> NameOfFolder => new(Name, Schemas.Matching("^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$"));

    private static SpecificationValue<string> Text => new(Scalar, Schemas.Scalar());

    private static SpecificationValue<LayerProgram> Program => new(LayersReader.Read, Schemas.AnyOf(LayersSchema.List(), Schemas.Scalar()));

    private static SpecificationValue<LayerProgram> Preset => new(LayersReader.Preset, Schemas.OneOf(LayerPresets.All.Select(preset => preset.Name)));

    private static SpecificationValue<double[,]> Matrix => new(KernelReader.FromMatrix, Schemas.AnyOf(Schemas.ListOf(Schemas.ListOf(Schemas.Number())), Schemas.Number()));

    private static SpecificationValue<double[,]> Data => new((node, at) => KernelReader.FromData(Scalar(node, at), at), Schemas.Scalar());

    // What is suggested, any other text that the registry reads, or a list of observables.
    private static SpecificationValue<string> Closures => new(Closure, Schemas.AnyOf(Schemas.OneOf(ClosureRegistry.Suggested), Schemas.Text(), Schemas.ListOf(Schemas.Scalar())));

    private static SpecificationValue<TangentKernel> TangentInputs => new(TangentInput, Schemas.OneOf(["dense"]));

    private static SpecificationValue<QuadratureChoice> Quadratures => new(
        Quadrature, Schemas.AnyOf(Schemas.OneOf([QuadratureChoice.Certified.ToString(), QuadratureChoice.Estimated.ToString()]), Schemas.Matching(@"^gauss-hermite\((0*[1-9][0-9]?|0*1[0-9][0-9]|0*200)\)$")));

    private static SpecificationValue<StoppingRule> Until => new((node, at) => StoppingRule.Parse(Scalar(node, at), at.Label), Schemas.Text());

    private static SpecificationValue<PairChoice> Pairs => new(
        (node, at) => PairChoice.Parse(node, at.Label), Schemas.AnyOf(Schemas.OneOf([PairChoice.All.Text, PairChoice.Diagonal.Text]), Schemas.ListOf(Schemas.ListOf(Schemas.Whole(0, int.MaxValue)))));

    private static SpecificationValue<double> Number(double least, double most) => new((node, at) => Number(node, at, least, most), Schemas.Number(least, most));

    private static SpecificationValue<long> Whole(long least, long most) => new((node, at) => Whole(node, at, least, most), Schemas.Whole(least, most));

    private static SpecificationValue<T> Choice<T>()
        where T : struct, Enum => new(Choice<T>, Schemas.OneOf(Enum.GetNames<T>().Select(Kebab)));

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
            : throw new InputException($"{at.Label} is {Digits(value)}, which is out of range; use a number from {Digits(least)} to {Digits(most)}.");
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

    internal static string Digits(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Describe(YamlNode node) => node switch
    {
        YamlSequenceNode => "a list",
        YamlMappingNode => "a table",
        _ => "empty",
    };
}

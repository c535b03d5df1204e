using System.Text.Json.Nodes;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Specifications;

/// <summary>A key of the table of a layer.</summary>
/// <param name="Name">The key.</param>
/// <param name="Help">What it says.</param>
/// <param name="Schema">What it can be.</param>
/// <param name="IsRequired">Whether the table must have it.</param>
internal sealed record LayerKey(string Name, string Help, JsonObject Schema, bool IsRequired = false);

/// <summary>What the table of a layer looks like: what the reader takes and refuses, and the schema says.</summary>
/// <param name="Example">A table that is right, for messages.</param>
/// <param name="Keys">Its keys.</param>
internal sealed record LayerForm(string Example, params IReadOnlyList<LayerKey> Keys);

/// <summary>The tables of layers.</summary>
internal static class LayersSchema
{
    // A definition of the document, since layers contain layers.
    private const string Name = "layers";

    /// <summary>The layers that are tables; activation and gate are texts.</summary>
    public static IReadOnlyDictionary<string, LayerForm> Forms { get; } = new SortedDictionary<string, LayerForm>(StringComparer.Ordinal)
    {
        ["dense"] = new(
            "{weightVariance: 2}",
            new("weightVariance", "C_W: fan-in times the variance of a weight", Number(), true),
            new("biasVariance", "C_b: variance of a bias", Number()),
            new("width", "width relative to n", Number()),
            new("weights", "the law of the weights", Schemas.AnyOf(Schemas.OneOf(WeightNames), Schemas.Table([("kurtosis", "excess kurtosis of a weight", Schemas.Number(), true)]))),
            new("taps", "positions that are added, on a ring: a convolution", Schemas.ListOf(Schemas.Whole(int.MinValue, int.MaxValue))),
            new("copies", "2 for the two copies that a gate takes", Schemas.Whole(1, 2))),
        ["rmsNorm"] = Norm,
        ["layerNorm"] = Norm,
        ["postNorm"] = Norm,
        ["dropout"] = new(
            "{keep: 0.9, mask: shared}",
            new("keep", "the probability that a neuron is kept", Number(), true),
            new("mask", "one mask for all inputs, or one for each", Schemas.OneOf(["shared", "independent"]))),
        ["residual"] = new(
            "{skip: 1, step: 0.5, branch: [...]}",
            new("skip", "alpha: what the stream is multiplied with", Number()),
            new("step", "eps: what the branch is multiplied with", Number()),
            new("branch", "the layers of the branch; it ends in a dense layer", List(), true)),
        ["parallel"] = new(
            "{branches: [[...], [...]]}",
            new("branches", "branches whose outputs are added", Schemas.ListOf(List()), true),
            new("width", "width of the outputs relative to n", Number())),
        ["repeat"] = new(
            "{count: 4, of: [...]}",
            new("count", "how many times", Schemas.Whole(1, LayerProgram.MostSteps), true),
            new("of", "the layers that are repeated", List(), true)),
    };

    /// <summary>The laws of weights that have a name.</summary>
    public static string[] WeightNames => [.. Enum.GetValues<WeightKind>().Where(kind => kind != WeightKind.Kurtosis).Select(LayersWriter.Name)];

    private static LayerForm Norm => new("{gain: 1, epsilon: 0}", new("gain", "gamma: what the normed field is multiplied with", Number()), new("epsilon", "what is added to G_aa under the root", Number()));

    /// <summary>A list of layers.</summary>
    public static JsonObject List() => Schemas.Defined(Name);

    /// <summary>The definitions that <see cref="List"/> refers to.</summary>
    public static JsonObject Definitions()
    {
        JsonObject One(string kind) => Schemas.Table([(kind, "", Forms.TryGetValue(kind, out LayerForm? form)
            ? Schemas.Table([.. form.Keys.Select(key => (key.Name, key.Help, (JsonNode)key.Schema, key.IsRequired))])
            : Schemas.Scalar(), true)]);
        return new() { [Name] = Schemas.ListOf(Schemas.AnyOf([.. LayersReader.Kinds.Select(One)])) };
    }

    // A number of a layer: the same in each repetition, a list with one for each, or an expression in l.
    private static JsonObject Number() => Schemas.AnyOf(Schemas.Number(), Schemas.Text(), Schemas.ListOf(Schemas.Number()));
}

// The picture of a block: every layer a box with its values, which holds the boxes of the layers that it is made of. Where a layer stands and what it takes are the
// paths and names of LayersEdit.

using SymbolicEft.Cli.Reporting;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A program of layers as boxes.</summary>
internal static class LayerBoxes
{
    /// <summary>[{"kind", "path", "table", "values": [{"name", "text"}], "note", "lists": [{"path", "layers": [...]}]}, ...]</summary>
    public static JsonFields Of(LayerProgram program) => Of(program.Layers, "layers");

    private static JsonFields Of(IReadOnlyList<Layer> layers, string path) =>
        [("path", path), ("layers", layers.Select((layer, at) => Of(layer, FormattableString.Invariant($"{path}[{at}]"))))];

    private static JsonFields Of(Layer layer, string path)
    {
        string below = $"{path}.{layer.Kind}";
        return
        [
            ("kind", layer.Kind),
            ("path", path),
            ("table", layer is Activate or Gate ? path : below),
            ("values", Values(layer).Select(value => new JsonFields { ("name", value.Name), ("text", value.Text) })),
            ("note", Note(layer)),
            ("lists", layer.Inner.Select(inner => Of(inner.Layers, $"{below}.{inner.Name}"))),
        ];
    }

    private static IEnumerable<(string Name, string Text)> Values(Layer layer) => layer switch
    {
        Activate activate => [(layer.Kind, activate.Function)],
        Gate gate => [(layer.Kind, gate.Function)],
        Repeat repeat => [("count", FormattableString.Invariant($"{repeat.Count}"))],
        _ => layer.Numbers.Select(number => (number.Name, number.Number?.Text ?? "")),
    };

    // What is written in the text alone.
    private static string Note(Layer layer) => layer switch
    {
        Dropout { IsShared: false } => "a mask for each input",
        Dense dense => string.Join(", ", new[]
        {
            dense.Weights == WeightKind.Gaussian ? "" : dense.Weights == WeightKind.Kurtosis ? FormattableString.Invariant($"excess kurtosis {dense.ExcessKurtosis:R}") : $"{LayersWriter.Name(dense.Weights)} weights",
            dense.Taps.Count == 0 ? "" : $"taps {string.Join(" ", dense.Taps.Select(tap => FormattableString.Invariant($"{tap}")))}",
            dense.Copies == 1 ? "" : FormattableString.Invariant($"{dense.Copies} copies"),
        }.Where(text => text.Length > 0)),
        _ => "",
    };
}

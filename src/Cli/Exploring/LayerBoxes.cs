// The picture of a block: every layer a box with its values, which holds the boxes of the layers that it is made of. Where a layer stands and what it takes are the
// paths and names of LayersEdit.

using System.Text.Json;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A program of layers as boxes.</summary>
internal static class LayerBoxes
{
    /// <summary>[{"kind", "path", "table", "values": [{"name", "text"}], "note", "lists": [{"path", "layers": [...]}]}, ...]</summary>
    public static void Write(Utf8JsonWriter json, LayerProgram program) => Write(json, program.Layers, "layers");

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Layer> layers, string path)
    {
        json.WriteStartObject();
        json.WriteString("path", path);
        json.WriteStartArray("layers");
        for (int at = 0; at < layers.Count; at++)
            Write(json, layers[at], FormattableString.Invariant($"{path}[{at}]"));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Layer layer, string path)
    {
        string below = $"{path}.{layer.Kind}";
        json.WriteStartObject();
        json.WriteString("kind", layer.Kind);
        json.WriteString("path", path);
        json.WriteString("table", layer is Activate or Gate ? path : below);
        json.WriteStartArray("values");
        foreach ((string name, string text) in Values(layer))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("note", Note(layer));
        json.WriteStartArray("lists");
        foreach ((string name, IReadOnlyList<Layer> inner) in layer.Inner)
            Write(json, inner, $"{below}.{name}");
        json.WriteEndArray();
        json.WriteEndObject();
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

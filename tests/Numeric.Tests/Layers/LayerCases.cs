using System.Text.Json;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>Programs of layers with numbers that another program computed, and simulated from real weights: Closures/Reference/layers.json.</summary>
internal static class LayerCases
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Closures", "Reference", "layers.json"))).RootElement);

    public static JsonElement Of(string name) => Root.Value.GetProperty("cases").GetProperty(name);

    public static LayerProgram Program(JsonElement of) => new(List(of.GetProperty("network").GetProperty("layers")));

    public static double[,] Kernel(JsonElement of)
    {
        JsonElement[] rows = [.. of.GetProperty("kernel").EnumerateArray()];
        var kernel = new double[rows.Length, rows.Length];
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = 0; b < rows.Length; b++)
                kernel[a, b] = rows[a][b].GetDouble();
        }

        return kernel;
    }

    public static double[] Numbers(JsonElement of) => [.. of.EnumerateArray().Select(each => each.GetDouble())];

    private static Layer[] List(JsonElement of) => [.. of.EnumerateArray().Select(One)];

    private static Layer One(JsonElement of)
    {
        JsonProperty layer = of.EnumerateObject().Single();
        JsonElement value = layer.Value;
        LayerNumber Number(string name, double otherwise) => value.TryGetProperty(name, out JsonElement given) ? given.GetDouble() : otherwise;
        return layer.Name switch
        {
            "repeat" => new Repeat(value.GetProperty("count").GetInt32(), List(value.GetProperty("of"))),
            "residual" => new Residual(List(value.GetProperty("branch"))) { Skip = Number("skip", 1), Step = Number("step", 1) },
            "activation" => new Activate(value.GetString()!),
            "rmsNorm" => new RmsNorm(Number("gain", 1), Number("epsilon", 0)),
            "postNorm" => new PostNorm(Number("gain", 1), Number("epsilon", 0)),
            "dropout" => new Dropout(Number("keep", 1), value.GetProperty("mask").GetString() == "shared"),
            "dense" => new Dense(Number("weightVariance", 1))
            {
                BiasVariance = Number("biasVariance", 0),
                Width = value.TryGetProperty("width", out JsonElement width) ? width.GetDouble() : null,
                Weights = value.TryGetProperty("weights", out JsonElement weights) ? Enum.Parse<WeightKind>(weights.GetString()!, ignoreCase: true) : WeightKind.Gaussian,
                Taps = value.TryGetProperty("taps", out JsonElement taps) ? [.. taps.EnumerateArray().Select(tap => tap.GetInt32())] : [],
            },
            _ => throw new NotSupportedException(layer.Name),
        };
    }
}

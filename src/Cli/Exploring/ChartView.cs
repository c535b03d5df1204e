using System.Text.Json;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Exploring;

/// <summary>What the page looks at in a chart: {"x": [0, 1], "y": [2, 3], "log": true}, each part left out for the chart's own.</summary>
/// <param name="X">The range of the horizontal axis.</param>
/// <param name="Y">The range of the vertical axis.</param>
/// <param name="IsLogarithmic">Whether the vertical axis is logarithmic; null for the chart's own choice.</param>
internal sealed record ChartView((double From, double To)? X, (double From, double To)? Y, bool? IsLogarithmic)
{
    private const int Most = 32, LongestName = 40;

    /// <summary>Reads the views of a request, by the identifiers of the charts.</summary>
    /// <exception cref="InputException">They are wrong.</exception>
    public static IReadOnlyDictionary<string, ChartView> Read(JsonElement views)
    {
        var read = new Dictionary<string, ChartView>(StringComparer.Ordinal);
        foreach (JsonProperty view in views.EnumerateObject())
        {
            if (read.Count == Most || view.Name.Length > LongestName)
                throw new InputException($"The page looks at no more than {Most} charts, whose names have at most {LongestName} characters.");
            read[view.Name] = new(Range(view.Value, "x"), Range(view.Value, "y"), view.Value.TryGetProperty("log", out JsonElement log) ? log.GetBoolean() : null);
        }

        return read;
    }

    /// <summary>A chart as it is looked at.</summary>
    public Chart Of(Chart chart) => chart with
    {
        X = chart.X with { View = X },
        Y = chart.Y with { View = Y, Scale = IsLogarithmic is { } log ? log ? AxisScale.Logarithmic : AxisScale.Linear : chart.Y.Scale },
    };

    private static (double From, double To)? Range(JsonElement view, string name)
    {
        if (!view.TryGetProperty(name, out JsonElement range))
            return null;
        double[] ends = [.. range.EnumerateArray().Take(3).Select(end => end.TryGetDouble(out double value) ? value : double.NaN)];
        return ends is [var from, var to] && from < to && double.IsFinite(from) && double.IsFinite(to)
            ? (from, to)
            : throw new InputException($"The range {name} of a chart is not two numbers, the lesser first.");
    }
}

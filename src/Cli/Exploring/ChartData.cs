// What the page needs beside a picture to say what is under the pointer, and to write it as CSV: the same numbers, with every digit.

using System.Text.Json;
using SymbolicEft.Cli.Phases;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A chart or a map as JSON.</summary>
internal static class ChartData
{
    /// <summary>{"id", "title", "x", "y", "logX", "logY", "series": [{"label", "kind", "colour", "x": [...], "y": [...], "error": [...]}]}</summary>
    public static void Write(Utf8JsonWriter json, Chart chart)
    {
        json.WriteStartObject();
        Head(json, chart, chart.X, chart.Y);
        json.WriteBoolean("logX", chart.X.Scale == AxisScale.Logarithmic);
        json.WriteBoolean("logY", chart.Y.Scale == AxisScale.Logarithmic);
        json.WriteStartArray("series");
        foreach (ChartSeries series in chart.Series)
        {
            json.WriteStartObject();
            json.WriteString("label", series.Label is null ? "" : RichText.Parse(series.Label).PlainText);
            json.WriteString("kind", series.Kind.ToString().ToLowerInvariant());
            json.WriteString("colour", series.Style.Colour);
            Numbers(json, "x", series.Points.Select(point => point.X));
            if (series.Kind != SeriesKind.Mark)
                Numbers(json, "y", series.Points.Select(point => point.Y));
            if (series.Points.Any(point => point.Error != 0))
                Numbers(json, "error", series.Points.Select(point => point.Error));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>{"id", "title", "x", "y", "columns": [...], "rows": [...], "values": [[...], ...]}, rows from below.</summary>
    public static void Write(Utf8JsonWriter json, HeatMap map, PhaseDiagram diagram)
    {
        json.WriteStartObject();
        Head(json, map, map.X, map.Y);
        Numbers(json, "columns", diagram.Axes[0].Numbers!);
        Numbers(json, "rows", diagram.Axes[1].Numbers!);
        json.WriteStartArray("values");
        for (int row = 0; row < diagram.Axes[1].Texts.Count; row++)
            Numbers(json, null, Enumerable.Range(0, diagram.Axes[0].Texts.Count).Select(column => map.Value(column, row)));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, Picture picture, ChartAxis x, ChartAxis y)
    {
        json.WriteString("id", picture.Id);
        json.WriteString("title", RichText.Parse(picture.Heading).PlainText);
        json.WriteString("x", RichText.Parse(x.Label).PlainText);
        json.WriteString("y", RichText.Parse(y.Label).PlainText);
    }

    private static void Numbers(Utf8JsonWriter json, string? name, IEnumerable<double> numbers)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
        foreach (double number in numbers)
        {
            if (double.IsFinite(number))
                json.WriteNumberValue(number);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

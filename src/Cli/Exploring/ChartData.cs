// What the page needs beside a picture to say what is under the pointer, and to write it as CSV: the same numbers, with every digit.

using SymbolicEft.Cli.Phases;
using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A chart or a map as JSON.</summary>
internal static class ChartData
{
    /// <summary>{"id", "title", "x", "y", "logX", "logY", "series": [{"label", "kind", "colour", "x": [...], "y": [...], "error": [...]}]}</summary>
    public static JsonFields Of(Chart chart) =>
    [
        .. Head(chart, chart.X, chart.Y),
        ("logX", chart.X.Scale == AxisScale.Logarithmic),
        ("logY", chart.Y.Scale == AxisScale.Logarithmic),
        ("series", chart.Series.Select(series => new JsonFields
        {
            ("label", series.Label is null ? "" : RichText.Parse(series.Label).PlainText),
            ("kind", series.Kind.ToString().ToLowerInvariant()),
            ("colour", series.Style.Colour),
            ("x", series.Points.Select(point => (object)point.X)),
            ("y", series.Kind == SeriesKind.Mark ? null : series.Points.Select(point => (object)point.Y)),
            ("error", series.Points.Any(point => point.Error != 0) ? series.Points.Select(point => (object)point.Error) : null),
        })),
    ];

    /// <summary>{"id", "title", "x", "y", "columns": [...], "rows": [...], "values": [[...], ...]}, rows from below.</summary>
    public static JsonFields Of(HeatMap map, PhaseDiagram diagram) =>
    [
        .. Head(map, map.X, map.Y),
        ("columns", diagram.Axes[0].Numbers!.Cast<object>()),
        ("rows", diagram.Axes[1].Numbers!.Cast<object>()),
        ("values", diagram.Axes[1].Texts.Select((_, row) => diagram.Axes[0].Texts.Select((_, column) => (object)map.Value(column, row)))),
    ];

    private static JsonFields Head(Picture picture, ChartAxis x, ChartAxis y) =>
        [("id", picture.Id), ("title", RichText.Parse(picture.Heading).PlainText), ("x", RichText.Parse(x.Label).PlainText), ("y", RichText.Parse(y.Label).PlainText)];
}

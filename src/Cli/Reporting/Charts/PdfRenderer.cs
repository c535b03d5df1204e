// One page as large as the chart, one stream of drawing operators, the readers' own Helvetica and Symbol: everything is ASCII and nothing
// depends on the clock, so that the same chart gives the same bytes. PDF counts upwards from the lower left corner, the layout downwards.

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>Writes a chart as a PDF file, as LaTeX includes it; it shows what <see cref="SvgRenderer"/> shows.</summary>
public static class PdfRenderer
{
    private const string Ink = "#1a1a1a", Grid = "#e4e4e4", ZeroLine = "#8a8a8a";
    private const double MarkerSize = 3.3, CapSize = 3, BoldWidth = 1.07;

    /// <summary>Writes a chart.</summary>
    /// <param name="chart">The chart.</param>
    public static string Render(Chart chart)
    {
        var layout = new ChartLayout(chart);
        var page = new PdfPage(chart.Width, layout.Height);
        Text(page, layout.Heading, bold: true);
        Frame(page, layout);
        foreach (ChartSeries series in chart.HasData ? chart.Series : [])
            Series(page, chart, layout, series);
        if (!chart.HasData)
            page.Text("no finite values to show", layout.Plot.X + (layout.Plot.Width / 2) - (FontMetrics.Width("no finite values to show", 12) / 2), layout.Plot.Y + (layout.Plot.Height / 2), 12, false, false);
        foreach (PlacedEntry entry in layout.Legend)
            LegendEntry(page, entry);
        return page.ToString();
    }

    private static void Frame(PdfPage page, ChartLayout layout)
    {
        Box plot = layout.Plot;
        void Line(double x1, double y1, double x2, double y2, string colour) => page.Stroke(colour, 1, "", [(x1, y1), (x2, y2)]);
        foreach (PlacedTick tick in layout.YTicks)
            Line(plot.X, tick.Position, plot.Right, tick.Position, Grid);
        if (layout.ShowsZero)
            Line(plot.X, layout.PlaceY(0), plot.Right, layout.PlaceY(0), ZeroLine);
        Line(plot.X, plot.Y, plot.X, plot.Bottom, Ink);
        Line(plot.X, plot.Bottom, plot.Right, plot.Bottom, Ink);
        foreach (PlacedTick tick in layout.YTicks)
            Line(plot.X - 4, tick.Position, plot.X, tick.Position, Ink);
        foreach (PlacedTick tick in layout.XTicks)
            Line(tick.Position, plot.Bottom, tick.Position, plot.Bottom + 4, Ink);
        foreach (PlacedText label in layout.YTicks.Concat(layout.XTicks).Select(tick => tick.Label).OfType<PlacedText>().Append(layout.XLabel).Append(layout.YLabel))
            Text(page, label, bold: false);
    }

    private static void Series(PdfPage page, Chart chart, ChartLayout layout, ChartSeries series)
    {
        if (series.Kind == SeriesKind.Points)
        {
            foreach (ChartPoint point in series.Points.Where(point => ChartLayout.CanPlace(point, chart.X, chart.Y)))
                Point(page, layout, series.Style, point);
            return;
        }

        // Unbroken stretches: a line is broken at values that are not finite, a band also where its width is not.
        bool isBand = series.Kind == SeriesKind.Band;
        var stretch = new List<ChartPoint>();
        foreach (ChartPoint point in series.Points.Append(new ChartPoint(double.NaN, double.NaN)))
        {
            if (ChartLayout.CanPlace(point, chart.X, chart.Y) && (!isBand || double.IsFinite(point.Error)))
            {
                stretch.Add(point);
                continue;
            }

            if (stretch.Count > 1 && isBand)
                page.Fill(series.Style.Colour, 0.18, [.. Edge(layout, stretch, +1), .. Edge(layout, stretch, -1).Reverse()]);
            else if (stretch.Count > 1)
                page.Stroke(series.Style.Colour, series.Style.Width, series.Style.Dash, [.. Edge(layout, stretch, 0)]);
            stretch.Clear();
        }
    }

    private static IEnumerable<(double X, double Y)> Edge(ChartLayout layout, IEnumerable<ChartPoint> points, int side) =>
        points.Select(point => (layout.PlaceX(point.X), layout.PlaceY(point.Y + (side * point.Error))));

    private static void Point(PdfPage page, ChartLayout layout, SeriesStyle style, ChartPoint point)
    {
        double x = layout.PlaceX(point.X), y = layout.PlaceY(point.Y);
        if (double.IsFinite(point.Error) && point.Error != 0)
        {
            double error = Math.Abs(point.Error), upper = layout.PlaceY(point.Y + error), lower = layout.PlaceY(point.Y - error);
            if (lower - upper > 0.2)
                ErrorBar(page, x, upper, lower, style.Colour);
        }

        MarkerAt(page, style, x, y);
    }

    private static void ErrorBar(PdfPage page, double x, double upper, double lower, string colour)
    {
        page.Stroke(colour, 1.2, "", [(x, upper), (x, lower)]);
        page.Stroke(colour, 1.2, "", [(x - CapSize, upper), (x + CapSize, upper)]);
        page.Stroke(colour, 1.2, "", [(x - CapSize, lower), (x + CapSize, lower)]);
    }

    private static void MarkerAt(PdfPage page, SeriesStyle style, double x, double y)
    {
        const double r = MarkerSize;
        if (style.Marker == Marker.Circle)
        {
            page.Disc(style.Colour, x, y, r);
            return;
        }

        (double X, double Y)[] corners = style.Marker switch
        {
            Marker.Square => [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
            Marker.Triangle => [(x, y - (1.3 * r)), (x + (1.2 * r), y + r), (x - (1.2 * r), y + r)],
            Marker.Diamond => [(x, y - (1.4 * r)), (x + (1.4 * r), y), (x, y + (1.4 * r)), (x - (1.4 * r), y)],
            _ => [],
        };
        if (corners.Length > 0)
            page.Fill(style.Colour, 1, corners);
    }

    private static void LegendEntry(PdfPage page, PlacedEntry entry)
    {
        SeriesStyle style = entry.Series.Style;
        Box sample = entry.Sample;
        double middle = sample.Y + (sample.Height / 2), centre = sample.X + (sample.Width / 2);
        switch (entry.Series.Kind)
        {
            case SeriesKind.Line:
                page.Stroke(style.Colour, style.Width, style.Dash, [(sample.X, middle), (sample.Right, middle)]);
                break;
            case SeriesKind.Band:
                page.Fill(style.Colour, 0.18, [(sample.X, middle - 4), (sample.Right, middle - 4), (sample.Right, middle + 4), (sample.X, middle + 4)]);
                break;
            default:
                ErrorBar(page, centre, middle - 6, middle + 6, style.Colour);
                MarkerAt(page, style, centre, middle);
                break;
        }

        Text(page, entry.Label, bold: false);
    }

    private static void Text(PdfPage page, PlacedText text, bool bold)
    {
        double baseline = text.FontSize * (FontMetrics.Ascent + ((FontMetrics.LineHeight - 1) / 2));
        foreach ((string run, double at, double rise, double size, bool italic) in text.Text.Pieces(text.FontSize))
        {
            // The metrics are those of the regular face, and bold letters are wider.
            double x = bold ? BoldWidth * at : at;
            if (text.Vertical)
                page.Text(run, text.Bounds.X + baseline - rise, text.Bounds.Bottom - x, size, bold, italic, upwards: true);
            else
                page.Text(run, text.Bounds.X + x, text.Bounds.Y + baseline - rise, size, bold, italic);
        }
    }
}

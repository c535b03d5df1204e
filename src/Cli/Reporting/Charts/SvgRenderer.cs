using System.Text;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>Writes a chart as one SVG element that needs nothing from outside: no style sheet, no script, no font file. It
/// scales with its view box, carries a title and a description for screen readers, and the same chart gives the same bytes.</summary>
public static class SvgRenderer
{
    private const string Ink = "#1a1a1a", Grid = "#e4e4e4", ZeroLine = "#8a8a8a";
    private const double MarkerSize = 3.3, CapSize = 3;

    /// <summary>Writes a chart.</summary>
    /// <param name="chart">The chart.</param>
    public static string Render(Chart chart)
    {
        var layout = new ChartLayout(chart);
        var svg = new StringBuilder();
        string width = SvgText.Number(chart.Width), height = SvgText.Number(layout.Height);
        string id = XmlText.Escape(chart.Id);
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" ")
            .Append($"aria-labelledby=\"{id}-title {id}-description\" font-family=\"{FontMetrics.Families}\" fill=\"{Ink}\">\n")
            .Append($"<title id=\"{id}-title\">{XmlText.Escape(layout.Heading.Text.PlainText)}</title>\n")
            .Append($"<desc id=\"{id}-description\">{XmlText.Escape(chart.Description)}</desc>\n");

        // A ground of its own: the file may be shown on a dark page.
        svg.Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Text(svg, layout.Heading, bold: true);
        Frame(svg, layout);
        if (chart.HasData)
        {
            foreach (var series in chart.Series)
                Series(svg, chart, layout, series);
        }
        else
        {
            svg.Append($"<text x=\"{SvgText.Number(layout.Plot.X + (layout.Plot.Width / 2))}\" y=\"{SvgText.Number(layout.Plot.Y + (layout.Plot.Height / 2))}\" ")
                .Append("text-anchor=\"middle\" font-size=\"12\">no finite values to show</text>\n");
        }

        foreach (var entry in layout.Legend)
            LegendEntry(svg, entry);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Frame(StringBuilder svg, ChartLayout layout)
    {
        var plot = layout.Plot;
        foreach (var tick in layout.YTicks)
            Line(svg, plot.X, tick.Position, plot.Right, tick.Position, Grid, 1);
        if (layout.ShowsZero)
            Line(svg, plot.X, layout.PlaceY(0), plot.Right, layout.PlaceY(0), ZeroLine, 1);
        Line(svg, plot.X, plot.Y, plot.X, plot.Bottom, Ink, 1);
        Line(svg, plot.X, plot.Bottom, plot.Right, plot.Bottom, Ink, 1);
        foreach (var tick in layout.YTicks)
        {
            Line(svg, plot.X - 4, tick.Position, plot.X, tick.Position, Ink, 1);
            if (tick.Label is { } label)
                Text(svg, label);
        }

        foreach (var tick in layout.XTicks)
        {
            Line(svg, tick.Position, plot.Bottom, tick.Position, plot.Bottom + 4, Ink, 1);
            if (tick.Label is { } label)
                Text(svg, label);
        }

        Text(svg, layout.XLabel);
        Text(svg, layout.YLabel);
    }

    private static void Series(StringBuilder svg, Chart chart, ChartLayout layout, ChartSeries series)
    {
        switch (series.Kind)
        {
            case SeriesKind.Line: Polyline(svg, chart, layout, series); break;
            case SeriesKind.Band: Band(svg, chart, layout, series); break;
            default: Points(svg, chart, layout, series); break;
        }
    }

    private static void Polyline(StringBuilder svg, Chart chart, ChartLayout layout, ChartSeries series)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (var point in series.Points)
        {
            if (!ChartLayout.CanPlace(point, chart.X, chart.Y))
            {
                drawing = false;
                continue;
            }

            path.Append(drawing ? 'L' : 'M')
                .Append(SvgText.Number(layout.PlaceX(point.X))).Append(' ').Append(SvgText.Number(layout.PlaceY(point.Y)));
            drawing = true;
        }

        if (path.Length > 0)
            Path(svg, path.ToString(), series.Style);
    }

    private static void Path(StringBuilder svg, string path, SeriesStyle style)
    {
        svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{style.Colour}\" stroke-width=\"{SvgText.Number(style.Width)}\" stroke-linejoin=\"round\"");
        if (style.Dash.Length > 0)
            svg.Append($" stroke-dasharray=\"{style.Dash}\"");
        svg.Append("/>\n");
    }

    private static void Band(StringBuilder svg, Chart chart, ChartLayout layout, ChartSeries series)
    {
        // One polygon for each unbroken stretch: along the upper edge, back along the lower.
        var stretch = new List<ChartPoint>();
        foreach (var point in series.Points.Append(new ChartPoint(double.NaN, double.NaN)))
        {
            if (ChartLayout.CanPlace(point, chart.X, chart.Y) && double.IsFinite(point.Error))
            {
                stretch.Add(point);
                continue;
            }

            if (stretch.Count > 1)
            {
                var corners = stretch.Select(p => (p.X, Y: p.Y + p.Error))
                    .Concat(Enumerable.Reverse(stretch).Select(p => (p.X, Y: p.Y - p.Error)))
                    .Select(p => $"{SvgText.Number(layout.PlaceX(p.X))},{SvgText.Number(layout.PlaceY(p.Y))}");
                svg.Append($"<polygon points=\"{string.Join(' ', corners)}\" fill=\"{series.Style.Colour}\" fill-opacity=\"0.18\"/>\n");
            }

            stretch.Clear();
        }
    }

    private static void Points(StringBuilder svg, Chart chart, ChartLayout layout, ChartSeries series)
    {
        foreach (var point in series.Points)
        {
            if (!ChartLayout.CanPlace(point, chart.X, chart.Y))
                continue;
            double x = layout.PlaceX(point.X), y = layout.PlaceY(point.Y);
            if (double.IsFinite(point.Error) && point.Error != 0)
            {
                double error = Math.Abs(point.Error);
                double upper = layout.PlaceY(point.Y + error), lower = layout.PlaceY(point.Y - error);
                if (lower - upper > 0.2)
                    ErrorBar(svg, x, upper, lower, series.Style.Colour);
            }

            MarkerAt(svg, series.Style, x, y);
        }
    }

    private static void ErrorBar(StringBuilder svg, double x, double upper, double lower, string colour)
    {
        string left = SvgText.Number(x - CapSize), right = SvgText.Number(x + CapSize), at = SvgText.Number(x);
        string top = SvgText.Number(upper), bottom = SvgText.Number(lower);
        svg.Append($"<path d=\"M{at} {top}V{bottom}M{left} {top}H{right}M{left} {bottom}H{right}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.2\"/>\n");
    }

    private static void MarkerAt(StringBuilder svg, SeriesStyle style, double x, double y)
    {
        const double r = MarkerSize;
        string N(double value) => SvgText.Number(value);
        string shape = style.Marker switch
        {
            Marker.Square => $"<rect x=\"{N(x - r)}\" y=\"{N(y - r)}\" width=\"{N(2 * r)}\" height=\"{N(2 * r)}\"",
            Marker.Triangle => $"<path d=\"M{N(x)} {N(y - (1.3 * r))}L{N(x + (1.2 * r))} {N(y + r)}H{N(x - (1.2 * r))}Z\"",
            Marker.Diamond => $"<path d=\"M{N(x)} {N(y - (1.4 * r))}L{N(x + (1.4 * r))} {N(y)}L{N(x)} {N(y + (1.4 * r))}L{N(x - (1.4 * r))} {N(y)}Z\"",
            Marker.Circle => $"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(r)}\"",
            _ => "",
        };
        if (shape.Length > 0)
            svg.Append(shape).Append($" fill=\"{style.Colour}\" stroke=\"#ffffff\" stroke-width=\"0.7\"/>\n");
    }

    private static void LegendEntry(StringBuilder svg, PlacedEntry entry)
    {
        var style = entry.Series.Style;
        double middle = entry.Sample.Y + (entry.Sample.Height / 2), centre = entry.Sample.X + (entry.Sample.Width / 2);
        switch (entry.Series.Kind)
        {
            case SeriesKind.Line:
                Path(svg, $"M{SvgText.Number(entry.Sample.X)} {SvgText.Number(middle)}H{SvgText.Number(entry.Sample.Right)}", style);
                break;
            case SeriesKind.Band:
                svg.Append($"<rect x=\"{SvgText.Number(entry.Sample.X)}\" y=\"{SvgText.Number(middle - 4)}\" width=\"{SvgText.Number(entry.Sample.Width)}\" ")
                    .Append($"height=\"8\" fill=\"{style.Colour}\" fill-opacity=\"0.18\"/>\n");
                break;
            default:
                ErrorBar(svg, centre, middle - 6, middle + 6, style.Colour);
                MarkerAt(svg, style, centre, middle);
                break;
        }

        Text(svg, entry.Label);
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour, double width) =>
        svg.Append($"<path d=\"M{SvgText.Number(x1)} {SvgText.Number(y1)}L{SvgText.Number(x2)} {SvgText.Number(y2)}\" ")
            .Append($"fill=\"none\" stroke=\"{colour}\" stroke-width=\"{SvgText.Number(width)}\"/>\n");

    private static void Text(StringBuilder svg, PlacedText text, bool bold = false)
    {
        double baseline = text.FontSize * (FontMetrics.Ascent + ((FontMetrics.LineHeight - 1) / 2));
        svg.Append("<text ");
        if (text.Vertical)
        {
            // Turned by -90 degrees about a point of its baseline, which runs up the box.
            string x = SvgText.Number(text.Bounds.X + baseline), y = SvgText.Number(text.Bounds.Bottom - (text.Anchor * text.Bounds.Height));
            svg.Append($"transform=\"translate({x} {y}) rotate(-90)\"");
        }
        else
        {
            svg.Append($"x=\"{SvgText.Number(text.Bounds.X + (text.Anchor * text.Bounds.Width))}\" y=\"{SvgText.Number(text.Bounds.Y + baseline)}\"");
        }

        svg.Append($" font-size=\"{SvgText.Number(text.FontSize)}\"");
        if (text.Anchor > 0)
            svg.Append(text.Anchor < 1 ? " text-anchor=\"middle\"" : " text-anchor=\"end\"");
        if (bold)
            svg.Append(" font-weight=\"bold\"");
        svg.Append('>').Append(text.Text.ToSvg(text.FontSize)).Append("</text>\n");
    }
}

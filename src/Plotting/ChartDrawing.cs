// From a chart to a plot of ScottPlot, which places axes and data. The legend flows like words above the data and has a strip of its own, so that it
// cannot cover them; where it is long, the picture grows.

using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>A chart as a plot.</summary>
internal sealed class ChartDrawing
{
    private const float LegendSize = 12, LineSample = 28, PointSample = 12, SampleGap = 5, EntryGap = 14, MarkerSize = 7, CapSize = 3, ErrorWidth = 1.2f;
    private const double BandOpacity = 0.18;

    // A heading and a legend of two rows are in the height that a chart asks for.
    private const float HeightAbove = PlotSurface.HeadingHeight + (2 * Row) + 6, Row = LegendSize * 1.3f, TallRow = LegendSize * 1.75f;

    private readonly Chart _chart;
    private readonly bool _forSvg;
    private readonly Plot _plot = PlotSurface.Empty();
    private readonly (double Minimum, double Maximum) _range;

    /// <summary>Builds the plot.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="forSvg">Whether dashes are left to <see cref="SvgFile"/>, which writes them as dashes and not as outlines.</param>
    public ChartDrawing(Chart chart, bool forSvg)
    {
        (_chart, _forSvg) = (chart, forSvg);
        ChartPoint[] points = [.. chart.Series.Where(series => series.Kind != SeriesKind.Mark).SelectMany(series => series.Points).Where(chart.Shows)];
        IEnumerable<double> marked = chart.Series.Where(series => series.Kind == SeriesKind.Mark).SelectMany(series => series.Points).Select(point => point.X);
        (double left, double right) = AxisNumbers.Range(chart.X, points.Select(point => point.X).Concat(marked), 0.02);
        _range = AxisNumbers.Range(chart.Y, points.Where(point => chart.X.Views(point.X)).SelectMany(point => (double[])[point.Y, point.Y - Bar(point), point.Y + Bar(point)]), 0.05);
        _plot.Axes.SetLimits(left, right, _range.Minimum, _range.Maximum);
        AxisNumbers.SetTicks(_plot.Axes.Bottom, chart.X, chart.Width - 80);
        AxisNumbers.SetTicks(_plot.Axes.Left, chart.Y, chart.Height - 100);
        if (chart.Y.Scale == AxisScale.Linear && _range.Minimum < 0 && _range.Maximum > 0)
            _plot.Add.HorizontalLine(0, 1, Color.FromHex("#8a8a8a"));
        foreach (ChartSeries series in chart.Series)
            Add(series);
        (float legend, List<(ChartSeries Series, RichText Label, float X, float Y)> entries) = PlaceLegend();
        PlotSurface.AddHeading(_plot, chart.Heading, legend, pack => entries.ForEach(entry => DrawEntry(pack, entry.Series, entry.Label, entry.X, entry.Y)));
        PlotSurface.AddAxisLabels(_plot, chart.X.Label, chart.Y.Label);
        if (points.Length == 0)
            PlotSurface.AddNotice(_plot, "no finite values to show");
        Drawing = new(_plot, chart.Width, chart.Height + (int)Math.Ceiling(Math.Max(0, PlotSurface.HeadingHeight + legend - HeightAbove)));
    }

    /// <summary>The plot.</summary>
    public Drawing Drawing { get; }

    private static double Bar(ChartPoint point) => double.IsFinite(point.Error) && Math.Abs(point.Error) < 1e300 ? Math.Abs(point.Error) : 0;

    private void Add(ChartSeries series)
    {
        switch (series.Kind)
        {
            case SeriesKind.Line: AddLine(series); break;
            case SeriesKind.Band: AddBand(series); break;
            case SeriesKind.Mark: AddMarks(series); break;
            default: AddPoints(series); break;
        }
    }

    private void AddLine(ChartSeries series)
    {
        // Not a number breaks the line.
        Scatter line = _plot.Add.ScatterLine(series.Points.Select(point => _chart.Shows(point) ? Place(point.X, point.Y) : new Coordinates(double.NaN, double.NaN)).ToArray());
        line.LineStyle = LineOf(series.Style);
    }

    // One polygon for each unbroken stretch: along the upper edge, back along the lower.
    private void AddBand(ChartSeries series)
    {
        var stretch = new List<ChartPoint>();
        foreach (ChartPoint point in series.Points.Append(new ChartPoint(double.NaN, double.NaN)))
        {
            if (_chart.Shows(point) && double.IsFinite(point.Error))
            {
                stretch.Add(point);
                continue;
            }

            if (stretch.Count > 1)
            {
                Polygon band = _plot.Add.Polygon([
                    .. stretch.Select(at => Place(at.X, at.Y + at.Error)), .. Enumerable.Reverse(stretch).Select(at => Place(at.X, at.Y - at.Error))]);
                (band.LineWidth, band.FillColor) = (0, Color.FromHex(series.Style.Colour).WithAlpha(BandOpacity));
            }

            stretch.Clear();
        }
    }

    private void AddMarks(ChartSeries series)
    {
        foreach (ChartPoint point in series.Points.Where(point => _chart.X.Shows(point.X)))
        {
            Scatter line = _plot.Add.ScatterLine(new[] { new Coordinates(_chart.X.Place(point.X), _range.Minimum), new Coordinates(_chart.X.Place(point.X), _range.Maximum) });
            line.LineStyle = LineOf(series.Style);
        }
    }

    private void AddPoints(ChartSeries series)
    {
        foreach (ChartPoint point in series.Points.Where(_chart.Shows))
        {
            Coordinates at = Place(point.X, point.Y);
            if (Bar(point) is > 0 and var bar)
            {
                double up = Place(point.X, point.Y + bar).Y - at.Y, down = at.Y - Place(point.X, point.Y - bar).Y;
                _plot.Add.Plottable(new ErrorBar([at.X], [at.Y], null, null, [up], [down]) { LineStyle = ErrorLine(series.Style), CapSize = CapSize });
            }
        }

        Markers markers = _plot.Add.Markers(series.Points.Where(_chart.Shows).Select(point => Place(point.X, point.Y)).ToArray());
        markers.MarkerStyle = MarkerOf(series.Style);
    }

    // In the coordinates of the axes; on a logarithmic axis what is not positive stands below its end.
    private Coordinates Place(double x, double y) =>
        new(_chart.X.Place(x), _chart.Y.Scale == AxisScale.Linear || y > 0 ? _chart.Y.Place(y) : _range.Minimum - 1);

    private LineStyle LineOf(SeriesStyle style)
    {
        var line = new LineStyle((float)style.Width, Color.FromHex(style.Colour));
        if (_forSvg)
            line.StrokeMiter = SvgFile.MiterOf(style.Dash);
        else
            line.StrokeJoin = SKStrokeJoin.Round;
        if (style.Dash.Length > 0 && !_forSvg)
            line.Pattern = new LinePattern([.. style.Dash.Split(' ').Select(length => float.Parse(length, CultureInfo.InvariantCulture))], 0, style.Dash);
        return line;
    }

    private static LineStyle ErrorLine(SeriesStyle style) => new(ErrorWidth, Color.FromHex(style.Colour));

    private static MarkerStyle MarkerOf(SeriesStyle style)
    {
        (MarkerShape shape, float size) = style.Marker switch
        {
            Marker.Square => (MarkerShape.FilledSquare, MarkerSize * 0.9f),
            Marker.Triangle => (MarkerShape.FilledTriangleUp, MarkerSize * 1.5f),
            Marker.Diamond => (MarkerShape.FilledDiamond, MarkerSize * 1.3f),
            Marker.Circle => (MarkerShape.FilledCircle, MarkerSize),
            _ => (MarkerShape.None, 0),
        };
        return new MarkerStyle(shape, size, Color.FromHex(style.Colour))
        {
            OutlineColor = Colors.White,
            OutlineWidth = 0.7f,
            CustomRenderer = style.Marker switch { Marker.Triangle => PolygonMarker.TriangleUp, Marker.Diamond => PolygonMarker.Diamond, _ => null },
        };
    }

    private (float Height, List<(ChartSeries Series, RichText Label, float X, float Y)> Entries) PlaceLegend()
    {
        var entries = new List<(ChartSeries, RichText, float, float)>();
        (ChartSeries Series, RichText Label)[] labelled = [.. _chart.Series.Where(series => series.Label is not null).Select(series => (series, RichText.Parse(series.Label!)))];
        float x = PlotSurface.Margin, y = PlotSurface.HeadingHeight + 3, row = labelled.Any(each => each.Label.IsTall) ? TallRow : Row;
        foreach ((ChartSeries series, RichText label) in labelled)
        {
            float width = Sample(series) + SampleGap + label.Width(LegendSize);
            if (x > PlotSurface.Margin && x + width > _chart.Width - PlotSurface.Margin)
                (x, y) = (PlotSurface.Margin, y + row);
            entries.Add((series, label, x, y + ((row - Row) / 2)));
            x += width + EntryGap;
        }

        return (entries.Count == 0 ? 0 : y + row - PlotSurface.HeadingHeight, entries);
    }

    private static float Sample(ChartSeries series) => series.Kind == SeriesKind.Points ? PointSample : LineSample;

    private void DrawEntry(RenderPack pack, ChartSeries series, RichText label, float x, float y)
    {
        float middle = y + (Row / 2), width = Sample(series), centre = x + (width / 2);
        switch (series.Kind)
        {
            case SeriesKind.Line or SeriesKind.Mark:
                LineOf(series.Style).Render(pack, new PixelLine(x, middle, x + width, middle));
                break;
            case SeriesKind.Band:
                ScottPlot.Drawing.FillRectangle(pack.Canvas, new PixelRect(x, x + width, middle + 4, middle - 4), pack.Paint, new FillStyle { Color = Color.FromHex(series.Style.Colour).WithAlpha(BandOpacity) });
                break;
            default:
                foreach (float end in (float[])[-1, 1])
                    ErrorLine(series.Style).Render(pack, new PixelLine(centre - CapSize, middle + (6 * end), centre + CapSize, middle + (6 * end)));
                ErrorLine(series.Style).Render(pack, new PixelLine(centre, middle - 6, centre, middle + 6));
                MarkerOf(series.Style).Render(pack.Canvas, new Pixel(centre, middle), pack.Paint);
                break;
        }

        float room = _chart.Width - PlotSurface.Margin - (x + width + SampleGap);
        label.Draw(pack.Canvas, x + width + SampleGap, y + (LegendSize * ChartFonts.Baseline), LegendSize * Math.Min(1, room / Math.Max(1, label.Width(LegendSize))));
    }
}

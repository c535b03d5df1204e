// From top to bottom: heading, legend (rows of entries that flow like words), plot, tick labels, axis label. The legend has a
// strip of its own, so it cannot cover data. Every piece of text gets a box; tests check that no two boxes meet.
namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>A rectangle of the view box.</summary>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Y + Height;

    /// <summary>Whether the insides of two boxes meet.</summary>
    /// <param name="other">The other box.</param>
    public bool Overlaps(Box other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;
}

/// <summary>A text with its place.</summary>
/// <param name="Text">The text.</param>
/// <param name="Bounds">The box it fills; for vertical text the box after the turn.</param>
/// <param name="FontSize">Its font size.</param>
/// <param name="Vertical">Whether it is turned to read upwards.</param>
/// <param name="Anchor">Which point of the text is pinned to the box where the reader's font is wider or narrower than assumed:
/// 0 its start, 0.5 its middle, 1 its end.</param>
public sealed record PlacedText(RichText Text, Box Bounds, double FontSize, bool Vertical = false, double Anchor = 0);

/// <summary>An entry of the legend with its place.</summary>
/// <param name="Series">The series.</param>
/// <param name="Sample">The box of the drawn sample.</param>
/// <param name="Label">The label.</param>
public sealed record PlacedEntry(ChartSeries Series, Box Sample, PlacedText Label);

/// <summary>A tick with its place and label.</summary>
/// <param name="Position">Along the axis, in the view box.</param>
/// <param name="Label">The label, or null where there is no room for it.</param>
public sealed record PlacedTick(double Position, PlacedText? Label);

/// <summary>Where everything of a chart stands.</summary>
public sealed class ChartLayout
{
    private const double Margin = 6, HeadingSize = 13.5, LegendSize = 12, TickSize = 11.5, LabelSize = 13;
    private const double LineSample = 28, PointSample = 12, EntryGap = 14, TickLength = 4;

    private readonly Chart _chart;
    private readonly double _xMinimum, _xMaximum, _yMinimum, _yMaximum;

    /// <summary>Lays a chart out.</summary>
    /// <param name="chart">The chart.</param>
    public ChartLayout(Chart chart)
    {
        _chart = chart;
        (_xMinimum, _xMaximum) = Range(chart, horizontal: true);
        (_yMinimum, _yMaximum) = Range(chart, horizontal: false);

        Heading = Place(RichText.Parse(chart.Heading), HeadingSize, Margin, Margin);
        Legend = PlaceLegend(chart, Heading.Bounds.Bottom + 3, out double legendBottom);

        double labelHeight = LabelSize * FontMetrics.LineHeight, tickHeight = TickSize * FontMetrics.LineHeight;
        double top = legendBottom + 8;
        double bottom = chart.Height - Margin - labelHeight - 3 - tickHeight - TickLength - 2;
        // A long legend on a small chart may leave no room: the plot keeps a strip, and the picture grows.
        double missing = Math.Max(0, 80 - (bottom - top));
        Height = chart.Height + missing;

        // The number of labels depends on the plot's height, its left edge on the labels' width.
        Plot = new Box(0, top, chart.Width, bottom + missing - top);
        var yTicks = ChooseTicks(5, wish => NumberTicks(chart.Y, _yMinimum, _yMaximum, wish).Select(PlaceYTick));
        double tickWidth = yTicks.Max(tick => tick.Label?.Bounds.Width ?? 0);
        double left = Margin + labelHeight + 5 + tickWidth + TickLength + 3;
        Plot = new Box(left, top, chart.Width - left - Margin - 10, Plot.Height);

        YTicks = [.. yTicks.Select(tick => tick.Label is { } label ? tick with { Label = label with { Bounds = label.Bounds with { X = label.Bounds.X + left } } } : tick)];
        XTicks = chart.X.Categories is { } categories
            ? ThinOut([.. categories.Select((name, i) => PlaceXTick(new Tick(i, name)))])
            : ChooseTicks(8, wish => NumberTicks(chart.X, _xMinimum, _xMaximum, wish).Select(PlaceXTick));
        XLabel = PlaceCentred(RichText.Parse(chart.X.Label), Plot.X + (Plot.Width / 2), Height - Margin - labelHeight, chart.Width);
        YLabel = PlaceUpwards(RichText.Parse(chart.Y.Label), Margin, Plot.Y + (Plot.Height / 2), Plot.Bottom);
    }

    /// <summary>The heading.</summary>
    public PlacedText Heading { get; }

    /// <summary>The legend's entries.</summary>
    public IReadOnlyList<PlacedEntry> Legend { get; }

    /// <summary>The area of the data.</summary>
    public Box Plot { get; }

    /// <summary>Height of the view box; more than the chart asked for where its legend is long.</summary>
    public double Height { get; }

    /// <summary>The label of the horizontal axis.</summary>
    public PlacedText XLabel { get; }

    /// <summary>The label of the vertical axis.</summary>
    public PlacedText YLabel { get; }

    /// <summary>Ticks of the horizontal axis.</summary>
    public IReadOnlyList<PlacedTick> XTicks { get; }

    /// <summary>Ticks of the vertical axis.</summary>
    public IReadOnlyList<PlacedTick> YTicks { get; }

    /// <summary>Every text and legend sample with its box.</summary>
    public IEnumerable<(string What, Box Bounds)> Texts()
    {
        yield return ("heading", Heading.Bounds);
        foreach (var entry in Legend)
        {
            yield return ($"legend sample of {entry.Label.Text.PlainText}", entry.Sample);
            yield return ($"legend label {entry.Label.Text.PlainText}", entry.Label.Bounds);
        }

        yield return ("x label", XLabel.Bounds);
        yield return ("y label", YLabel.Bounds);
        foreach (var tick in XTicks.Concat(YTicks))
        {
            if (tick.Label is { } label)
                yield return ($"tick label {label.Text.PlainText}", label.Bounds);
        }
    }

    /// <summary>Whether a point has finite coordinates that the axes can show.</summary>
    /// <param name="point">The point.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    public static bool CanPlace(ChartPoint point, ChartAxis x, ChartAxis y) => CanPlace(point.X, x) && CanPlace(point.Y, y);

    /// <summary>The horizontal place of a value.</summary>
    /// <param name="value">A value that the axis can show.</param>
    public double PlaceX(double value) => Plot.X + (Plot.Width * Fraction(value, _xMinimum, _xMaximum, _chart.X.Scale));

    /// <summary>The vertical place of a value; values beyond the axis stop at its ends.</summary>
    /// <param name="value">A value; on a logarithmic axis values that are not positive stand at the lower end.</param>
    public double PlaceY(double value)
    {
        double fraction = _chart.Y.Scale == AxisScale.Logarithmic && !(value > 0)
            ? 0
            : Math.Clamp(Fraction(value, _yMinimum, _yMaximum, _chart.Y.Scale), 0, 1);
        return Plot.Bottom - (Plot.Height * fraction);
    }

    /// <summary>Whether zero lies strictly inside the vertical axis.</summary>
    public bool ShowsZero => _chart.Y.Scale == AxisScale.Linear && _yMinimum < 0 && _yMaximum > 0;

    private static bool CanPlace(double value, ChartAxis axis) =>
        Math.Abs(value) <= Ticks.Largest && (axis.Scale == AxisScale.Linear || value > 1e-290);

    private static double Fraction(double value, double minimum, double maximum, AxisScale scale) =>
        scale == AxisScale.Linear
            ? (value - minimum) / (maximum - minimum)
            : Math.Log(value / minimum) / Math.Log(maximum / minimum);

    // The range of everything drawn, error bars included, and a little more on both sides.
    private static (double Minimum, double Maximum) Range(Chart chart, bool horizontal)
    {
        var axis = horizontal ? chart.X : chart.Y;
        if (horizontal && axis.Categories is { } categories)
            return (-0.5, Math.Max(1, categories.Count) - 0.5);

        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (var point in chart.Series.SelectMany(series => series.Points))
        {
            if (!CanPlace(point, chart.X, chart.Y))
                continue;
            double value = horizontal ? point.X : point.Y;
            double error = horizontal || !CanPlace(point.Error, new ChartAxis("")) ? 0 : Math.Abs(point.Error);
            double low = axis.Scale == AxisScale.Logarithmic && value - error <= 0 ? value : value - error;
            minimum = Math.Min(minimum, low);
            maximum = Math.Max(maximum, value + error);
        }

        if (minimum > maximum)
            return axis.Scale == AxisScale.Linear ? (0, 1) : (0.1, 1);
        if (axis.Scale == AxisScale.Logarithmic)
        {
            if (maximum / minimum < 1.0001)
                (minimum, maximum) = (minimum / 2, maximum * 2);
            double factor = Math.Pow(maximum / minimum, 0.04);
            return (minimum / factor, maximum * factor);
        }

        if (axis.IncludeZero)
            (minimum, maximum) = (Math.Min(0, minimum), Math.Max(0, maximum));
        (minimum, maximum) = Ticks.Widen(minimum, maximum);
        double pad = (horizontal ? 0.02 : 0.05) * (maximum - minimum);
        // A linear axis that begins or ends exactly at zero keeps zero as its end, so that nothing negative is suggested.
        return (!horizontal && minimum == 0 ? 0 : minimum - pad, !horizontal && maximum == 0 ? 0 : maximum + pad);
    }

    private static IReadOnlyList<Tick> NumberTicks(ChartAxis axis, double minimum, double maximum, int wish) =>
        axis.Scale == AxisScale.Linear ? Ticks.Linear(minimum, maximum, wish) : Ticks.Logarithmic(minimum, maximum, wish);

    private static PlacedText Place(RichText text, double size, double x, double y) =>
        new(text, new Box(x, y, text.Width(size), size * FontMetrics.LineHeight), size);

    private static PlacedText PlaceCentred(RichText text, double centre, double y, double within)
    {
        // Shrink what does not fit, down to a readable size.
        double size = Math.Clamp(LabelSize * (within - (2 * Margin)) / Math.Max(1, text.Width(LabelSize)), 8, LabelSize);
        double width = text.Width(size);
        double x = Math.Clamp(centre - (width / 2), Margin, Math.Max(Margin, within - Margin - width));
        return new PlacedText(text, new Box(x, y, width, size * FontMetrics.LineHeight), size, Anchor: 0.5);
    }

    private static PlacedText PlaceUpwards(RichText text, double x, double centre, double lowest)
    {
        double room = 2 * (lowest - centre);
        double size = Math.Clamp(LabelSize * room / Math.Max(1, text.Width(LabelSize)), 8, LabelSize);
        double width = text.Width(size);
        return new PlacedText(text, new Box(x, centre - (width / 2), size * FontMetrics.LineHeight, width), size, Vertical: true, Anchor: 0.5);
    }

    private static List<PlacedEntry> PlaceLegend(Chart chart, double top, out double bottom)
    {
        var entries = new List<PlacedEntry>();
        double x = Margin, y = top, height = LegendSize * FontMetrics.LineHeight;
        foreach (var series in chart.Series)
        {
            if (series.Label is null)
                continue;
            var label = RichText.Parse(series.Label);
            double sampleWidth = series.Kind == SeriesKind.Points ? PointSample : LineSample;
            double room = chart.Width - (2 * Margin) - sampleWidth - 5;
            double size = Math.Clamp(LegendSize * room / Math.Max(1, label.Width(LegendSize)), 7, LegendSize);
            double width = sampleWidth + 5 + label.Width(size);
            if (x > Margin && x + width > chart.Width - Margin)
            {
                x = Margin;
                y += height + 4;
            }

            var sample = new Box(x, y, sampleWidth, height);
            var text = new Box(x + sampleWidth + 5, y, label.Width(size), size * FontMetrics.LineHeight);
            entries.Add(new PlacedEntry(series, sample, new PlacedText(label, text, size)));
            x += width + EntryGap;
        }

        bottom = entries.Count == 0 ? top - 3 : y + height;
        return entries;
    }

    private PlacedTick PlaceYTick(Tick tick)
    {
        var text = RichText.Parse(tick.Label);
        double width = text.Width(TickSize), height = TickSize * FontMetrics.LineHeight, y = PlaceY(tick.Value);
        var box = new Box(Plot.X - TickLength - 3 - width, y - (height / 2), width, height);
        return new PlacedTick(y, new PlacedText(text, box, TickSize, Anchor: 1));
    }

    private PlacedTick PlaceXTick(Tick tick)
    {
        var text = RichText.Parse(tick.Label);
        double width = text.Width(TickSize), x = PlaceX(tick.Value);
        // Neither out of the picture nor under the labels of the vertical axis.
        double left = Math.Max(Plot.X - TickLength - 1, Math.Min(x - (width / 2), _chart.Width - 2 - width));
        var box = new Box(left, Plot.Bottom + TickLength + 2, width, TickSize * FontMetrics.LineHeight);
        return new PlacedTick(x, new PlacedText(text, box, TickSize, Anchor: 0.5));
    }

    // Fewer ticks until their labels stand apart; if even the fewest do not, labels are left out.
    private static List<PlacedTick> ChooseTicks(int most, Func<int, IEnumerable<PlacedTick>> place)
    {
        for (int wish = most; wish > 2; wish--)
        {
            List<PlacedTick> ticks = [.. place(wish)];
            if (StandApart(ticks))
                return ticks;
        }

        return ThinOut([.. place(2)]);
    }

    // Side by side with a gap, or one above the other.
    private static bool StandApart(IReadOnlyList<PlacedTick> ticks)
    {
        for (int i = 1; i < ticks.Count; i++)
        {
            Box before = ticks[i - 1].Label!.Bounds, after = ticks[i].Label!.Bounds;
            if (after.X < before.Right + 12 && after.Bottom > before.Y - 1 && before.Bottom > after.Y - 1)
                return false;
        }

        return true;
    }

    // Every tick stays; labels are kept at every k-th, the smallest k for which they stand apart.
    private static List<PlacedTick> ThinOut(List<PlacedTick> ticks)
    {
        for (int every = 1; every < ticks.Count; every++)
        {
            if (StandApart([.. ticks.Where((_, i) => i % every == 0)]))
                return [.. ticks.Select((tick, i) => i % every == 0 ? tick : tick with { Label = null })];
        }

        return [.. ticks.Select((tick, i) => i == 0 ? tick : tick with { Label = null })];
    }
}

namespace SymbolicEft.Plotting;

/// <summary>How values are placed along an axis.</summary>
public enum AxisScale
{
    /// <summary>In proportion to the value.</summary>
    Linear,

    /// <summary>In proportion to its logarithm; values that are not positive are left out.</summary>
    Logarithmic,
}

/// <summary>How a series is drawn.</summary>
public enum SeriesKind
{
    /// <summary>A line through the points, broken at values that are not finite.</summary>
    Line,

    /// <summary>Markers with error bars.</summary>
    Points,

    /// <summary>A shaded band, value plus and minus error.</summary>
    Band,

    /// <summary>A vertical line over the whole height at the X of every point.</summary>
    Mark,
}

/// <summary>A point of a series.</summary>
/// <param name="X">Position.</param>
/// <param name="Y">Value; a value that is not finite is left out.</param>
/// <param name="Error">Half the length of the error bar, or half the width of the band; 0 for none.</param>
public readonly record struct ChartPoint(double X, double Y, double Error = 0);

/// <summary>A series of a chart.</summary>
/// <param name="Label">Its name in the legend, in the markup of <see cref="RichText"/>; null keeps it out of the legend.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Style">Colour, dashes, marker.</param>
/// <param name="Points">Its points, X increasing.</param>
public sealed record ChartSeries(string? Label, SeriesKind Kind, SeriesStyle Style, IReadOnlyList<ChartPoint> Points);

/// <summary>An axis.</summary>
/// <param name="Label">Symbol and unit in the markup of <see cref="RichText"/>.</param>
/// <param name="Scale">Linear or logarithmic.</param>
/// <param name="IncludeZero">Whether a linear axis reaches zero.</param>
/// <param name="Categories">Names of the positions 0, 1, 2, ...; null for an axis of numbers.</param>
public sealed record ChartAxis(
    string Label, AxisScale Scale = AxisScale.Linear, bool IncludeZero = false, IReadOnlyList<string>? Categories = null)
{
    /// <summary>The values that the axis begins and ends with; null for those that show all points.</summary>
    public (double From, double To)? View { get; init; }

    // Differences of larger numbers overflow.
    private const double Largest = 1e300, Smallest = 1e-290;

    /// <summary>Whether the axis can show a value.</summary>
    internal bool Shows(double value) => Math.Abs(value) <= Largest && (Scale == AxisScale.Linear || value > Smallest);

    /// <summary>Whether a value is within the part that is looked at.</summary>
    internal bool Views(double value) => View is not { } view || (value >= view.From && value <= view.To);

    /// <summary>A value in the axis' own coordinate: itself, or its decimal logarithm.</summary>
    internal double Place(double value) => Scale == AxisScale.Linear ? value : Math.Log10(value);
}

/// <summary>A chart, as data: what is drawn, not where.</summary>
public sealed record Chart : Picture
{
    /// <summary>The horizontal axis.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>The series, drawn in this order, later ones on top.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Whether any series has a point that can be drawn.</summary>
    public bool HasData => Series.Any(series => series.Kind != SeriesKind.Mark && series.Points.Any(Shows));

    /// <summary>The series of another chart over those of this one, on this chart's axes: a simulation over a theory.</summary>
    /// <param name="other">The other chart.</param>
    public Chart With(Chart other) => this with { Series = [.. Series, .. other.Series] };

    internal override Drawing Draw(bool forSvg) => new ChartDrawing(this, forSvg).Drawing;

    internal bool Shows(ChartPoint point) => X.Shows(point.X) && Y.Shows(point.Y);
}

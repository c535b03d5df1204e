namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>Shapes of data points; they tell series apart where colour does not.</summary>
public enum Marker
{
    /// <summary>No marker.</summary>
    None,

    /// <summary>A filled circle.</summary>
    Circle,

    /// <summary>A filled square.</summary>
    Square,

    /// <summary>A filled triangle, point up.</summary>
    Triangle,

    /// <summary>A filled diamond.</summary>
    Diamond,
}

/// <summary>Colour, dashes and marker of a series.</summary>
/// <param name="Colour">#rrggbb.</param>
/// <param name="Dash">The value of stroke-dasharray; empty for a solid line.</param>
/// <param name="Marker">The shape of its points.</param>
/// <param name="Width">The width of its line.</param>
public sealed record SeriesStyle(string Colour, string Dash = "", Marker Marker = Marker.None, double Width = 1.9);

/// <summary>The colours of Okabe and Ito, which readers with any colour vision tell apart, each paired with its own dashes and
/// marker so that the figures also work in grey print. Yellow and the lightest blue are left out: too faint on paper.</summary>
public static class Palette
{
    /// <summary>Black: measured points.</summary>
    public const string Black = "#000000";

    /// <summary>Blue.</summary>
    public const string Blue = "#0072B2";

    /// <summary>Vermillion.</summary>
    public const string Vermillion = "#D55E00";

    /// <summary>Bluish green.</summary>
    public const string Green = "#009E73";

    /// <summary>Reddish purple.</summary>
    public const string Purple = "#CC79A7";

    /// <summary>Orange.</summary>
    public const string Orange = "#E69F00";

    /// <summary>Sky blue.</summary>
    public const string Sky = "#56B4E9";

    /// <summary>Measured points.</summary>
    public static SeriesStyle Simulation { get; } = new(Black, Marker: Marker.Circle);

    /// <summary>The main theory.</summary>
    public static SeriesStyle Main { get; } = new(Blue);

    /// <summary>V4 without transport.</summary>
    public static SeriesStyle SourceOnly { get; } = new(Vermillion, "7 4");

    /// <summary>K1 with the measured source.</summary>
    public static SeriesStyle ExactSource { get; } = new(Green, "9 3 2 3");

    /// <summary>The published scheme.</summary>
    public static SeriesStyle Published { get; } = new(Vermillion, "2 3", Width: 2.2);

    /// <summary>Other closures, in order.</summary>
    public static IReadOnlyList<SeriesStyle> Others { get; } =
    [
        new(Purple, "12 3"), new(Orange, "6 2 2 2"), new(Sky, "3 2"), new(Green, "10 3 3 3 3 3"), new(Vermillion, "1 2"),
    ];

    /// <summary>A family of like curves (step sizes, parts of a sum), in order; each has its own colour, dashes and marker.</summary>
    public static IReadOnlyList<SeriesStyle> Family { get; } =
    [
        new(Blue, "", Marker.Circle), new(Vermillion, "7 4", Marker.Square), new(Green, "2 3", Marker.Triangle, 2.2),
        new(Purple, "9 3 2 3", Marker.Diamond), new(Orange, "12 3", Marker.Circle), new(Black, "4 2", Marker.Square),
    ];
}

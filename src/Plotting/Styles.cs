// What a closure, a role or a member of a family looks like, in reports, sweep maps, the explorer and figures of programs: decided here and nowhere else.
// The colours are those of Okabe and Ito and shades of them, which readers with any colour vision tell apart; dashes and markers do so in grey print.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SymbolicEft.Plotting;

/// <summary>Styles of series.</summary>
public static partial class Styles
{
    private const string Black = "#000000", Blue = "#0072B2", Vermillion = "#D55E00", Green = "#009E73", Purple = "#CC79A7", Orange = "#E69F00", Sky = "#56B4E9", Grey = "#8a8a8a";

    /// <summary>Measured points.</summary>
    public static SeriesStyle Simulation { get; } = new(Black, Marker: Marker.Circle);

    /// <summary>V4 without transport.</summary>
    public static SeriesStyle SourceOnly { get; } = new(Vermillion, "7 4");

    /// <summary>K1 with the measured source, and what a theorem says.</summary>
    public static SeriesStyle ExactSource { get; } = new(Green, "9 3 2 3");

    /// <summary>The published scheme.</summary>
    public static SeriesStyle Published { get; } = new(Vermillion, "2 3", Width: 2.2);

    /// <summary>The exact leading order in 1/n.</summary>
    public static SeriesStyle Exact { get; } = new(Black, Width: 1.4);

    /// <summary>A line that is no result, such as a threshold.</summary>
    public static SeriesStyle Guide { get; } = new(Grey, "1 3", Width: 1);

    /// <summary>The kernel at infinite width, which all closures share, of an input with itself and of two inputs.</summary>
    public static IReadOnlyList<SeriesStyle> Kernel { get; } = [new("#555555"), new("#555555", "7 4")];

    /// <summary>A family of like curves (step sizes, parts of a sum), in order; each has its own colour, dashes and marker.</summary>
    public static IReadOnlyList<SeriesStyle> Family { get; } =
    [
        new(Blue, "", Marker.Circle), new(Vermillion, "7 4", Marker.Square), new(Green, "2 3", Marker.Triangle, 2.2),
        new(Purple, "9 3 2 3", Marker.Diamond), new(Orange, "12 3", Marker.Circle), new(Black, "4 2", Marker.Square),
    ];

    // Lists of a user's own, and whatever comes later, by a number made of the name.
    private static readonly SeriesStyle[] Others =
        [new("#7A5195", "5 2 1 2"), new("#00645A", "8 2 2 2 2 2"), new("#8C6D00", "14 4"), new("#A0426E", "4 4"), new("#3F6E9A", "10 2 4 2")];

    /// <summary>A closure's style: the same wherever it is drawn, whatever is drawn beside it.</summary>
    /// <param name="closure">The closure's name, such as g-only or hermite(4).</param>
    public static SeriesStyle Of(string closure) => closure switch
    {
        "g-only" => new(Blue),
        "g-connected" => new(Sky, "3 2"),
        "sigma-kernel" => new(Purple, "12 3"),
        "sigma-kernel(2)" => new("#8F3F6C", "12 2 2 2"),
        _ when ModeOrder().Match(closure) is { Success: true } modes => int.TryParse(modes.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int order)
            ? order switch
            {
                // The more modes, the darker and the less broken.
                <= 2 => new("#F0B63F", "2 2"),
                <= 6 => new(Orange, "6 2 2 2"),
                <= 14 => new("#B36B00", "10 3"),
                _ => new("#6B3A00", "18 3"),
            }
            : new("#6B3A00", "1 2"),
        _ => Others[Number(closure) % (uint)Others.Length],
    };

    // The hash of Fowler, Noll and Vo: that of the runtime changes with every process.
    private static uint Number(string text) => text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));

    [GeneratedRegex(@"^hermite\(([^)]*)\)$")]
    private static partial Regex ModeOrder();
}

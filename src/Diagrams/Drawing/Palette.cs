using System.Globalization;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Colours (of the Okabe-Ito set, told apart by every kind of sight) and sizes. Shapes differ too, for print without colour.</summary>
internal static class Palette
{
    internal const string Line = "333333";
    internal const double LineWidth = 1.4;
    internal const double ArrowLength = 8;
    internal const double ArrowWidth = 6.4;

    internal static string Colour(MarkerKind kind) => kind switch
    {
        MarkerKind.Drift => "0072B2",
        MarkerKind.Noise => "D55E00",
        MarkerKind.HigherNoise => "CC79A7",
        MarkerKind.Initial => "009E73",
        MarkerKind.Meeting => "E69F00",
        _ => "333333",
    };

    internal static double Radius(MarkerKind kind) => kind switch
    {
        MarkerKind.External => 2.6,
        MarkerKind.Drift => 4.6,
        MarkerKind.HigherNoise => 6.4,
        MarkerKind.Initial => 6.2,
        MarkerKind.Meeting => 5.6,
        _ => 4.8,
    };

    internal static string Name(MarkerKind kind) => kind switch
    {
        MarkerKind.Drift => "drift",
        MarkerKind.Noise => "noise",
        MarkerKind.HigherNoise => "higher noise cumulant",
        MarkerKind.Initial => "initial cumulant",
        MarkerKind.Meeting => "same neuron",
        _ => "external leg",
    };

    /// <summary>The corners of a marker with straight sides, around the origin; empty for a round one.</summary>
    internal static Point[] Corners(MarkerKind kind)
    {
        double r = Radius(kind);
        return kind switch
        {
            MarkerKind.Noise => [new(-r, -r), new(r, -r), new(r, r), new(-r, r)],
            MarkerKind.HigherNoise => [new(0, -r), new(r, 0), new(0, r), new(-r, 0)],
            MarkerKind.Initial => [new(-0.7 * r, -r), new(r, 0), new(-0.7 * r, r)],
            MarkerKind.Meeting => [new(-r, 0), new(-r / 2, -0.87 * r), new(r / 2, -0.87 * r), new(r, 0), new(r / 2, 0.87 * r), new(-r / 2, 0.87 * r)],
            _ => [],
        };
    }

    /// <summary>Tip and barbs of an arrow.</summary>
    internal static Point[] Corners(PictureArrow arrow)
    {
        var across = new Point(-arrow.Direction.Y, arrow.Direction.X);
        Point back = arrow.Centre - (ArrowLength / 2 * arrow.Direction);
        return
        [
            arrow.Centre + (ArrowLength / 2 * arrow.Direction),
            back + (ArrowWidth / 2 * across),
            back - (ArrowWidth / 2 * across),
        ];
    }

    /// <summary>Lengths of dashes and gaps for a field; empty for a full line.</summary>
    internal static double[] Dashes(int field) => field switch
    {
        0 => [],
        1 => [6, 3],
        2 => [1.5, 2.5],
        _ => [6, 2.5, 1.5, 2.5],
    };

    internal static string Number(double value)
    {
        double rounded = Math.Round(value, 2, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture);
    }
}

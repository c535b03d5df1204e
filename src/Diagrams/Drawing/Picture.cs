using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>A point; x runs to the right (later), y runs down, one unit is a pixel of the SVG form.</summary>
/// <param name="X">Horizontal coordinate.</param>
/// <param name="Y">Vertical coordinate, downwards.</param>
internal readonly record struct Point(double X, double Y)
{
    /// <summary>Sum.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static Point operator +(Point left, Point right) => new(left.X + right.X, left.Y + right.Y);

    /// <summary>Difference.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static Point operator -(Point left, Point right) => new(left.X - right.X, left.Y - right.Y);

    /// <summary>Multiple.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="point">The point.</param>
    public static Point operator *(double factor, Point point) => new(factor * point.X, factor * point.Y);
}

/// <summary>A cubic Bezier curve.</summary>
/// <param name="Start">Start.</param>
/// <param name="Control1">First control point.</param>
/// <param name="Control2">Second control point.</param>
/// <param name="End">End.</param>
internal readonly record struct Cubic(Point Start, Point Control1, Point Control2, Point End)
{
    /// <summary>The point at a parameter from 0 to 1.</summary>
    /// <param name="t">The parameter.</param>
    public Point At(double t) => Split(t).First.End;

    /// <summary>The direction of the curve at a parameter, of length one.</summary>
    /// <param name="t">The parameter.</param>
    public Point DirectionAt(double t)
    {
        (Cubic first, Cubic second) = Split(t);
        Point along = second.Control1 - first.Control2;
        double length = Math.Sqrt((along.X * along.X) + (along.Y * along.Y));
        return length == 0 ? new Point(1, 0) : 1 / length * along;
    }

    /// <summary>Cuts the curve in two (de Casteljau).</summary>
    /// <param name="t">The parameter of the cut.</param>
    public (Cubic First, Cubic Second) Split(double t)
    {
        Point a = Between(Start, Control1);
        Point b = Between(Control1, Control2);
        Point c = Between(Control2, End);
        Point ab = Between(a, b);
        Point bc = Between(b, c);
        Point middle = Between(ab, bc);
        return (new Cubic(Start, a, ab, middle), new Cubic(middle, bc, c, End));

        Point Between(Point from, Point to) => from + (t * (to - from));
    }
}

/// <summary>What a vertex or a leg looks like.</summary>
internal enum MarkerKind
{
    /// <summary>The free end of an external leg.</summary>
    External,

    /// <summary>A drift vertex, p = 1.</summary>
    Drift,

    /// <summary>A noise vertex, p = 2.</summary>
    Noise,

    /// <summary>A higher cumulant of the noise, p of 3 or more.</summary>
    HigherNoise,

    /// <summary>A cumulant of the initial state.</summary>
    Initial,

    /// <summary>Functions of the same neuron, multiplied.</summary>
    Meeting,
}

/// <summary>A line of one field.</summary>
/// <param name="Curve">Its course, earlier end first.</param>
/// <param name="Field">The field, which sets the dashes.</param>
internal sealed record PictureLine(Cubic Curve, int Field);

/// <summary>The arrow that marks the response end of a line: it leaves the earlier vertex and points to later times.</summary>
/// <param name="Centre">The middle of the arrow.</param>
/// <param name="Direction">Where it points, of length one.</param>
internal sealed record PictureArrow(Point Centre, Point Direction);

/// <summary>A vertex or the end of an external leg.</summary>
/// <param name="Centre">Its place.</param>
/// <param name="Kind">Its look.</param>
/// <param name="Hollow">Whether it is drawn hollow, because it carries an extra power of 1/n.</param>
internal sealed record PictureMarker(Point Centre, MarkerKind Kind, bool Hollow);

/// <summary>A name to the right of the end of an external leg.</summary>
/// <param name="At">The left end of the text, at half its height.</param>
/// <param name="Text">The text.</param>
internal sealed record PictureLabel(Point At, string Text);

/// <summary>A diagram laid out in the plane: what all drawing formats draw.</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Width">Width; all shapes lie between 0 and it.</param>
/// <param name="Height">Height; all shapes lie between 0 and it.</param>
/// <param name="Lines">Lines, to be drawn first.</param>
/// <param name="Arrows">Arrows on the lines.</param>
/// <param name="Markers">Vertices and leg ends, to be drawn over the lines.</param>
/// <param name="Labels">Names of the external legs.</param>
internal sealed record Picture(
    Diagram Diagram,
    double Width,
    double Height,
    ImmutableArray<PictureLine> Lines,
    ImmutableArray<PictureArrow> Arrows,
    ImmutableArray<PictureMarker> Markers,
    ImmutableArray<PictureLabel> Labels);

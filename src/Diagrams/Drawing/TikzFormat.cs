using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>A tikzpicture in plain coordinates: the package tikz and no library is all it needs.</summary>
public sealed class TikzFormat : IDiagramFormat
{
    // Points (1/72 inch) for each unit of the picture.
    private const double Scale = 0.75;

    /// <inheritdoc/>
    public string Name => "tikz";

    /// <inheritdoc/>
    public string Extension => ".tex";

    /// <inheritdoc/>
    public string Draw(Diagram diagram, IReadOnlyList<string>? fields = null)
    {
        Picture picture = PictureBuilder.Arrange(diagram, fields);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"% Diagram {diagram.Id}, symmetry factor {diagram.SymmetryFactor}\n");
        text.Append(CultureInfo.InvariantCulture, $"\\begin{{tikzpicture}}[x={Scale}bp,y=-{Scale}bp]\n");
        foreach (MarkerKind kind in picture.Markers.Select(marker => marker.Kind).Append(MarkerKind.External).Distinct().Order())
            text.Append(CultureInfo.InvariantCulture, $"\\definecolor{{{Colour(kind)}}}{{HTML}}{{{Palette.Colour(kind)}}}\n");
        string width = $"line width={N(Palette.LineWidth * Scale)}bp";
        foreach (PictureLine line in picture.Lines)
        {
            Cubic c = line.Curve;
            text.Append(CultureInfo.InvariantCulture, $"\\draw[{Colour(MarkerKind.External)},{width}{Dashes(line.Field)}] {P(c.Start)} .. controls {P(c.Control1)} and {P(c.Control2)} .. {P(c.End)};\n");
        }

        foreach (PictureArrow arrow in picture.Arrows)
            text.Append(CultureInfo.InvariantCulture, $"\\fill[{Colour(MarkerKind.External)}] {string.Join(" -- ", Palette.Corners(arrow).Select(P))} -- cycle;\n");
        foreach (PictureMarker marker in picture.Markers)
        {
            Point[] corners = Palette.Corners(marker.Kind);
            string shape = corners.Length > 0
                ? string.Join(" -- ", corners.Select(corner => P(marker.Centre + corner))) + " -- cycle"
                : $"{P(marker.Centre)} circle[radius={N(Palette.Radius(marker.Kind) * Scale)}bp]";
            string look = marker.Hollow || marker.Kind == MarkerKind.External
                ? $"fill=white,draw={Colour(marker.Kind)},{width}"
                : $"fill={Colour(marker.Kind)},draw=black,line width={N(0.8 * Scale)}bp";
            text.Append(CultureInfo.InvariantCulture, $"\\filldraw[{look}] {shape};\n");
        }

        foreach (PictureLabel label in picture.Labels)
            text.Append(CultureInfo.InvariantCulture, $"\\node[anchor=west,inner sep=0pt,font=\\footnotesize] at {P(label.At)} {{${Label(label.Text)}$}};\n");
        text.Append("\\end{tikzpicture}\n");
        return text.ToString();
    }

    private static string Colour(MarkerKind kind) => "diagram" + kind.ToString().ToLowerInvariant();

    private static string Dashes(int field)
    {
        double[] dashes = Palette.Dashes(field);
        if (dashes.Length == 0) return "";
        IEnumerable<string> pattern = dashes.Select((length, i) => $"{(i % 2 == 0 ? "on" : "off")} {N(length * Scale)}bp");
        return ",dash pattern=" + string.Join(' ', pattern);
    }

    // Field names may hold characters that TeX takes as commands.
    private static string Label(string text) => string.Concat(text.Select(letter =>
        char.IsAsciiLetterOrDigit(letter) ? letter.ToString() : "\\_"));

    private static string N(double value) => Palette.Number(value);

    private static string P(Point point) => $"({N(point.X)},{N(point.Y)})";
}

using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Scalable vector graphics, without style sheets or scripts, so that it can be put into a page as it is.</summary>
public sealed class SvgFormat : IDiagramFormat
{
    /// <inheritdoc/>
    public string Name => "svg";

    /// <inheritdoc/>
    public string Extension => ".svg";

    /// <inheritdoc/>
    public string Draw(Diagram diagram, IReadOnlyList<string>? fields = null)
    {
        Picture picture = PictureBuilder.Arrange(diagram, fields);
        var text = new StringBuilder();
        Open(text, picture.Width, picture.Height, $"Diagram {diagram.Id}, symmetry factor {diagram.SymmetryFactor}");
        Body(text, picture, new Point(0, 0));
        text.Append("</svg>\n");
        return text.ToString();
    }

    internal static void Open(StringBuilder text, double width, double height, string title)
    {
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(width)}\" height=\"{N(height)}\" ");
        text.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n");
        text.Append(CultureInfo.InvariantCulture, $"<title>{XmlText.Escape(title)}</title>\n");
    }

    internal static void Body(StringBuilder text, Picture picture, Point corner)
    {
        text.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({N(corner.X)} {N(corner.Y)})\">\n");
        foreach (IGrouping<int, PictureLine> lines in picture.Lines.GroupBy(line => line.Field).OrderBy(group => group.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"<g fill=\"none\" {Stroke(lines.Key)}>\n");
            foreach (PictureLine line in lines)
            {
                Cubic c = line.Curve;
                text.Append(CultureInfo.InvariantCulture, $"<path d=\"M{P(c.Start)} C{P(c.Control1)} {P(c.Control2)} {P(c.End)}\"/>\n");
            }

            text.Append("</g>\n");
        }

        foreach (PictureArrow arrow in picture.Arrows) Polygon(text, Palette.Corners(arrow), $"fill=\"#{Palette.Line}\"");
        foreach (PictureMarker marker in picture.Markers) Marker(text, marker);
        foreach (PictureLabel label in picture.Labels)
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(label.At.X)}\" y=\"{N(label.At.Y + 4)}\" fill=\"#{Palette.Line}\">{XmlText.Escape(label.Text)}</text>\n");
        text.Append("</g>\n");
    }

    internal static void Marker(StringBuilder text, PictureMarker marker)
    {
        bool isHollow = marker.Hollow || marker.Kind == MarkerKind.External;
        string colour = "#" + Palette.Colour(marker.Kind);
        string look = isHollow
            ? $"fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"{N(Palette.LineWidth)}\""
            : $"fill=\"{colour}\" stroke=\"#000000\" stroke-width=\"0.8\"";
        Point[] corners = Palette.Corners(marker.Kind);
        if (corners.Length > 0) Polygon(text, [.. corners.Select(corner => marker.Centre + corner)], look);
        else text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(marker.Centre.X)}\" cy=\"{N(marker.Centre.Y)}\" r=\"{N(Palette.Radius(marker.Kind))}\" {look}/>\n");
    }

    internal static void Line(StringBuilder text, Point start, Point end, int field) =>
        text.Append(CultureInfo.InvariantCulture, $"<path d=\"M{P(start)} L{P(end)}\" {Stroke(field)}/>\n");

    private static string Stroke(int field)
    {
        double[] dashes = Palette.Dashes(field);
        string dashed = dashes.Length == 0 ? "" : $" stroke-dasharray=\"{string.Join(' ', dashes.Select(N))}\"";
        return $"stroke=\"#{Palette.Line}\" stroke-width=\"{N(Palette.LineWidth)}\"{dashed}";
    }

    private static void Polygon(StringBuilder text, Point[] corners, string look) =>
        text.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{string.Join(' ', corners.Select(P))}\" {look}/>\n");

    private static string N(double value) => Palette.Number(value);

    private static string P(Point point) => $"{N(point.X)},{N(point.Y)}";
}

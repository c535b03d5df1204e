using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Many diagrams in one drawing.</summary>
public static class Gallery
{
    private const double CaptionHeight = 20;
    private const double Gap = 14;
    private const double LegendHeight = 28;

    /// <summary>Lays the diagrams out in a grid, each with a caption, and a legend of the shapes that occur.</summary>
    /// <param name="diagrams">The diagrams, in the order of the grid.</param>
    /// <param name="columns">Number of columns, 1 or more.</param>
    /// <param name="caption">The caption of a diagram; null for its symmetry factor.</param>
    /// <param name="fields">Names of the fields, used when there are several; null for one field.</param>
    /// <returns>The text of an SVG file; the same diagrams always give the same text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one column.</exception>
    public static string Svg(
        IEnumerable<Diagram> diagrams, int columns = 5, Func<Diagram, string>? caption = null, IReadOnlyList<string>? fields = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        caption ??= diagram => diagram.SymmetryFactor.ToString();
        ImmutableArray<Picture> pictures = [.. diagrams.Select(diagram => PictureBuilder.Arrange(diagram, fields))];
        int used = Math.Max(1, Math.Min(columns, pictures.Length));
        var widths = new double[used];
        var heights = new double[(pictures.Length + used - 1) / used];
        for (int i = 0; i < pictures.Length; i++)
        {
            // A character of a caption is about seven units wide.
            double captionWidth = 7 * caption(pictures[i].Diagram).Length;
            widths[i % used] = Math.Max(widths[i % used], Math.Max(pictures[i].Width, captionWidth));
            heights[i / used] = Math.Max(heights[i / used], pictures[i].Height);
        }

        var legendText = new StringBuilder();
        List<(string Name, Action<Point> Draw)> legend = Legend(pictures, fields, legendText);
        double legendWidth = legend.Sum(entry => LegendWidth(entry.Name)) + Gap;
        double width = Math.Max(widths.Sum() + ((used + 1) * Gap), legendWidth);
        double height = heights.Sum(row => row + CaptionHeight + Gap) + Gap + LegendHeight;
        var text = new StringBuilder();
        SvgFormat.Open(text, width, height, $"{pictures.Length} diagrams with their symmetry factors");
        double top = Gap;
        for (int row = 0; row < heights.Length; row++)
        {
            double left = Gap;
            for (int column = 0; column < used && (row * used) + column < pictures.Length; column++)
            {
                Picture picture = pictures[(row * used) + column];
                SvgFormat.Body(text, picture, new Point(left + ((widths[column] - picture.Width) / 2), top + ((heights[row] - picture.Height) / 2)));
                Text(text, left + (widths[column] / 2), top + heights[row] + 13, "middle", caption(picture.Diagram));
                left += widths[column] + Gap;
            }

            top += heights[row] + CaptionHeight + Gap;
        }

        double at = Gap;
        foreach ((string name, Action<Point> draw) in legend)
        {
            draw(new Point(at + 6, top + 6));
            Text(legendText, at + 17, top + 10, "start", name);
            at += LegendWidth(name);
        }

        text.Append(legendText);
        text.Append("</svg>\n");
        return text.ToString();
    }

    // The shapes that occur, and the lines of the fields if there are several.
    private static List<(string Name, Action<Point> Draw)> Legend(
        ImmutableArray<Picture> pictures, IReadOnlyList<string>? fields, StringBuilder text)
    {
        var entries = new List<(string, Action<Point>)>();
        PictureMarker[] markers = [.. pictures.SelectMany(picture => picture.Markers)];
        foreach ((MarkerKind kind, bool hollow) in markers.Select(marker => (marker.Kind, marker.Hollow)).Distinct().Order())
        {
            string name = Palette.Name(kind) + (hollow ? " with an extra 1/n" : "");
            entries.Add((name, at => SvgFormat.Marker(text, new PictureMarker(at, kind, hollow))));
        }

        if (fields is not { Count: > 1 }) return entries;
        foreach (int field in pictures.SelectMany(picture => picture.Lines).Select(line => line.Field).Distinct().Order())
        {
            entries.Add((fields[field], at => SvgFormat.Line(text, at - new Point(8, 0), at + new Point(8, 0), field)));
        }

        return entries;
    }

    private static double LegendWidth(string name) => 32 + (7 * name.Length);

    private static void Text(StringBuilder text, double x, double y, string anchor, string content) => text.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{Palette.Number(x)}\" y=\"{Palette.Number(y)}\" text-anchor=\"{anchor}\" fill=\"#{Palette.Line}\">{XmlText.Escape(content)}</text>\n");
}

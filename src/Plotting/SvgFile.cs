// What Skia writes as SVG, made fit for a page: a view box, a title and a description for screen readers, identifiers that are the picture's own (Skia counts
// clips through the whole process), and text in the reader's own fonts. Each run of text is given the length that it has in ours, so that labels stand
// apart whatever font a machine has. Skia outlines dashes; here the line is drawn whole, its mitre limit (which no line of ours uses) names the dashes, and
// they are put in. Skia clips every series by itself, to one rectangle.

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Plotting;

/// <summary>Writes a picture as one SVG element.</summary>
internal static partial class SvgFile
{
    private const int FirstMiter = 1000;
    private static readonly ConcurrentDictionary<string, int> Miters = new(StringComparer.Ordinal);

    /// <summary>A mitre limit that stands for dashes.</summary>
    /// <param name="dash">The dashes.</param>
    public static float MiterOf(string dash)
    {
        lock (Miters)
            return Miters.GetOrAdd(dash, _ => FirstMiter + Miters.Count);
    }

    /// <summary>Writes the element.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="drawing">Its drawing.</param>
    public static string Write(Picture picture, Drawing drawing)
    {
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, drawing.Width, drawing.Height), stream))
            drawing.On(canvas);
        string drawn = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        drawn = drawn[(drawn.IndexOf('>', drawn.IndexOf("<svg", StringComparison.Ordinal)) + 1)..];
        string id = XmlText.Escape(picture.Id);
        (Dictionary<string, string> rectangles, Dictionary<string, string> clips) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        drawn = Clip().Replace(drawn, found =>
        {
            bool isKnown = rectangles.TryGetValue(found.Groups[2].Value, out string? own);
            clips[found.Groups[1].Value] = own ??= rectangles[found.Groups[2].Value] = $"{id}-clip{rectangles.Count.ToString(CultureInfo.InvariantCulture)}";
            return isKnown ? "" : $"<clipPath id=\"{own}\">{found.Groups[2].Value}</clipPath>";
        });
        drawn = ClipUse().Replace(drawn, found => $"url(#{clips[found.Groups[1].Value]})");
        drawn = Miter().Replace(drawn, found => Miters.FirstOrDefault(each => each.Value.ToString(CultureInfo.InvariantCulture) == found.Groups[1].Value).Key switch
        {
            null => "",
            "" => " stroke-linejoin=\"round\"",
            var dash => $" stroke-linejoin=\"round\" stroke-dasharray=\"{dash}\"",
        });
        // Cells of a map that meet, and no seams.
        if (picture is HeatMap)
            drawn = drawn.Replace("<rect fill=", "<rect shape-rendering=\"crispEdges\" fill=", StringComparison.Ordinal);
        drawn = Text().Replace(drawn, Run);
        drawn = Coordinates().Replace(drawn, found => Places().Replace(found.Value, "$1"));
        drawn = Indents().Replace(drawn, "\n");
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {drawing.Width} {drawing.Height}\" role=\"img\" ")
            + $"aria-labelledby=\"{id}-title {id}-description\" font-family=\"{ChartFonts.Families}\" fill=\"#1a1a1a\"{Frame(drawing)}>\n"
            + $"<title id=\"{id}-title\">{XmlText.Escape(RichText.Parse(picture.Heading).PlainText)}</title>\n<desc id=\"{id}-description\">{XmlText.Escape(picture.Description)}</desc>"
            + drawn.Replace("</svg>", picture.Overlay(drawing.Plot.RenderManager.LastRender.DataRect) + "</svg>", StringComparison.Ordinal);
    }

    // Where the data are, left, top, right and bottom in units of the view box, and what the edges stand for in the coordinates of the axes: so that a page can say
    // what is under the pointer.
    private static string Frame(Drawing drawing)
    {
        PixelRect data = drawing.Plot.RenderManager.LastRender.DataRect;
        AxisLimits limits = drawing.Plot.Axes.GetLimits();
        return string.Create(CultureInfo.InvariantCulture, $" data-plot=\"{data.Left:0.##} {data.Top:0.##} {data.Right:0.##} {data.Bottom:0.##}\" data-limits=\"{limits.Left:G9} {limits.Right:G9} {limits.Bottom:G9} {limits.Top:G9}\"");
    }

    private static string Run(Match found)
    {
        string First(string name) => Attribute(found.Groups[1].Value, name).Split(',')[0];
        string text = WebUtility.HtmlDecode(found.Groups[2].Value.Trim());
        string attributes = found.Groups[1].Value, size = Attribute(attributes, "font-size"), transform = Attribute(attributes, "transform");
        string fill = Attribute(attributes, "fill"), colour = fill.Length == 0 ? "" : $" fill=\"{fill}\"";
        bool italic = attributes.Contains("font-style=\"italic\"", StringComparison.Ordinal);
        float width = ChartFonts.Width(text, float.Parse(size, CultureInfo.InvariantCulture), italic);
        return (transform.Length > 0 ? $"<text transform=\"{transform}\"" : "<text")
            + $" x=\"{Short(First("x"))}\" y=\"{Short(First("y"))}\" font-size=\"{Short(size)}\"" + (italic ? " font-style=\"italic\"" : "") + colour
            + $" textLength=\"{width.ToString("0.##", CultureInfo.InvariantCulture)}\" lengthAdjust=\"spacingAndGlyphs\">{XmlText.Escape(text)}</text>";
    }

    private static string Attribute(string attributes, string name) => Regex.Match(attributes, $"(?:^|\\s){name}=\"([^\"]*)\"").Groups[1].Value;

    private static string Short(string number) => float.Parse(number, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture);

    [GeneratedRegex("<clipPath id=\"(cl_[0-9a-f]+)\">\\s*(<rect [^>]*>)\\s*</clipPath>")]
    private static partial Regex Clip();

    [GeneratedRegex(@"url\(#(cl_[0-9a-f]+)\)")]
    private static partial Regex ClipUse();

    [GeneratedRegex(" (?:d|x|y|cx|cy|r|rx|ry|width|height)=\"[^\"]*\"")]
    private static partial Regex Coordinates();

    // A hundredth of a unit is seen by nobody.
    [GeneratedRegex(@"(\.[0-9][0-9])[0-9]+")]
    private static partial Regex Places();

    [GeneratedRegex(" stroke-miterlimit=\"([0-9]+)\"")]
    private static partial Regex Miter();

    [GeneratedRegex("<text([^>]*)>([^<]*)</text>")]
    private static partial Regex Text();

    [GeneratedRegex("\n\\s+")]
    private static partial Regex Indents();
}

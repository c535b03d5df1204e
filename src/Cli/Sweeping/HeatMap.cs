// A grid of cells, coloured by value, with a bar that explains the colours. The colours run from dark blue over green to yellow with even steps
// of lightness, so that the map reads in grey and for any colour vision; a cell without a value is left white with a cross.

using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Reporting.Charts;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>A map over two axes.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Heading">What is shown.</param>
/// <param name="Across">Name and values of the horizontal axis.</param>
/// <param name="Up">Name and values of the vertical axis, from below.</param>
/// <param name="Value">The value of a cell, by column and row; not finite for none.</param>
/// <param name="IsMarked">Whether a cell has a dot: its value is not proved.</param>
internal sealed record HeatMap(string Id, string Heading, (string Name, IReadOnlyList<string> Texts) Across, (string Name, IReadOnlyList<string> Texts) Up, Func<int, int, double> Value, Func<int, int, bool> IsMarked)
{
    private const double Width = 440, Height = 320, Left = 74, Top = 34, PlotWidth = 280, PlotHeight = 230, BarLeft = 372, BarWidth = 14;

    // Lightness from 25 to 90.
    private static readonly (double R, double G, double B)[] Colours =
        [(68, 1, 84), (65, 68, 135), (42, 120, 142), (34, 168, 132), (122, 209, 81), (253, 231, 37)];

    /// <summary>The map as one SVG element.</summary>
    public string Svg()
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int column = 0; column < Across.Texts.Count; column++)
        {
            for (int row = 0; row < Up.Texts.Count; row++)
            {
                double value = Value(column, row);
                if (!double.IsFinite(value)) continue;
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
        }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-labelledby=\"{Id}-title\" font-family=\"{FontMetrics.Families}\" font-size=\"11\" fill=\"#1a1a1a\">\n")
            .Append($"<title id=\"{Id}-title\">{XmlText.Escape(RichText.Parse(Heading).PlainText)}</title>\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n")
            .Append($"<text x=\"10\" y=\"18\" font-size=\"13\" font-weight=\"bold\">{RichText.Parse(Heading).ToSvg(13)}</text>\n");
        if (least > most)
            return svg.Append($"<text x=\"{N(Left + (PlotWidth / 2))}\" y=\"{N(Top + (PlotHeight / 2))}\" text-anchor=\"middle\" font-size=\"12\">no values</text>\n</svg>\n").ToString();
        Cells(svg, least, most);
        Axis(svg);
        Bar(svg, least, most);
        return svg.Append("</svg>\n").ToString();
    }

    private static string N(double value) => SvgText.Number(value);

    private static string Colour(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Colours.Length - 1);
        int at = Math.Min(Colours.Length - 2, (int)place);
        double part = place - at;
        (double r, double g, double b) = Colours[at];
        (double r1, double g1, double b1) = Colours[at + 1];
        string Two(double from, double to) => ((int)Math.Round(from + ((to - from) * part))).ToString("x2", CultureInfo.InvariantCulture);
        return "#" + Two(r, r1) + Two(g, g1) + Two(b, b1);
    }

    private void Cells(StringBuilder svg, double least, double most)
    {
        double width = PlotWidth / Across.Texts.Count, height = PlotHeight / Up.Texts.Count;
        for (int column = 0; column < Across.Texts.Count; column++)
        {
            for (int row = 0; row < Up.Texts.Count; row++)
            {
                double x = Left + (column * width), y = Top + PlotHeight - ((row + 1) * height), value = Value(column, row);
                if (double.IsFinite(value))
                {
                    string colour = Colour(most > least ? (value - least) / (most - least) : 0.5);
                    // A hair wider than the cell: no seams.
                    string proof = IsMarked(column, row) ? ", not proved" : "";
                    svg.Append($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width + 0.3)}\" height=\"{N(height + 0.3)}\" fill=\"{colour}\"><title>{XmlText.Escape($"{RichText.Parse(Across.Name).PlainText} = {Across.Texts[column]}, {RichText.Parse(Up.Name).PlainText} = {Up.Texts[row]}: {value.ToString("G6", CultureInfo.InvariantCulture)}{proof}")}</title></rect>\n");
                    if (proof.Length > 0)
                        svg.Append($"<circle cx=\"{N(x + (0.5 * width))}\" cy=\"{N(y + (0.5 * height))}\" r=\"{N(Math.Min(2, 0.2 * Math.Min(width, height)))}\" fill=\"#ffffff\" stroke=\"#1a1a1a\" stroke-width=\".5\"/>\n");
                }
                else
                {
                    svg.Append($"<path d=\"M{N(x)} {N(y)}l{N(width)} {N(height)}m0 {N(-height)}l{N(-width)} {N(height)}\" stroke=\"#999999\" stroke-width=\".6\"/>\n");
                }
            }
        }

        svg.Append($"<rect x=\"{N(Left)}\" y=\"{N(Top)}\" width=\"{N(PlotWidth)}\" height=\"{N(PlotHeight)}\" fill=\"none\" stroke=\"#1a1a1a\"/>\n");
    }

    private void Axis(StringBuilder svg)
    {
        double width = PlotWidth / Across.Texts.Count, height = PlotHeight / Up.Texts.Count;
        foreach (int column in Shown(Across.Texts.Count, 7))
            svg.Append($"<text x=\"{N(Left + ((column + 0.5) * width))}\" y=\"{N(Top + PlotHeight + 15)}\" text-anchor=\"middle\">{XmlText.Escape(Short(Across.Texts[column], 14))}</text>\n");
        foreach (int row in Shown(Up.Texts.Count, 9))
            svg.Append($"<text x=\"{N(Left - 6)}\" y=\"{N(Top + PlotHeight - ((row + 0.5) * height) + 4)}\" text-anchor=\"end\">{XmlText.Escape(Short(Up.Texts[row], 11))}</text>\n");
        svg.Append($"<text x=\"{N(Left + (PlotWidth / 2))}\" y=\"{N(Height - 20)}\" text-anchor=\"middle\" font-size=\"12\">{RichText.Parse(Across.Name).ToSvg(12)}</text>\n");
        double middle = Top + (PlotHeight / 2);
        svg.Append($"<text x=\"14\" y=\"{N(middle)}\" text-anchor=\"middle\" font-size=\"12\" transform=\"rotate(-90 14 {N(middle)})\">{RichText.Parse(Up.Name).ToSvg(12)}</text>\n");
    }

    private static void Bar(StringBuilder svg, double least, double most)
    {
        const int steps = 60;
        for (int step = 0; step < steps; step++)
        {
            double y = Top + PlotHeight - ((step + 1) * PlotHeight / steps);
            svg.Append($"<rect x=\"{N(BarLeft)}\" y=\"{N(y)}\" width=\"{N(BarWidth)}\" height=\"{N((PlotHeight / steps) + 0.3)}\" fill=\"{Colour((step + 0.5) / steps)}\"/>\n");
        }

        svg.Append($"<rect x=\"{N(BarLeft)}\" y=\"{N(Top)}\" width=\"{N(BarWidth)}\" height=\"{N(PlotHeight)}\" fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\".6\"/>\n");
        foreach (double share in most > least ? new[] { 0, 0.25, 0.5, 0.75, 1 } : [0.5])
        {
            double value = most > least ? least + (share * (most - least)) : least;
            svg.Append($"<text x=\"{N(BarLeft + BarWidth + 4)}\" y=\"{N(Top + ((1 - share) * PlotHeight) + 4)}\">{XmlText.Escape(value.ToString(Math.Abs(value) is >= 1000 and < 1e6 ? "F0" : "G3", CultureInfo.InvariantCulture).Replace('-', '\u2212'))}</text>\n");
        }
    }

    // Which of many labels are shown.
    private static IEnumerable<int> Shown(int count, int most)
    {
        int stride = Math.Max(1, (count + most - 1) / most);
        for (int at = 0; at < count; at += stride) yield return at;
    }

    // Three digits of a number are enough beside an axis.
    private static string Short(string text, int most)
    {
        if (text.Length > 6 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            text = number.ToString("G3", CultureInfo.InvariantCulture);
        return text.Length <= most ? text : text[..(most - 1)] + "\u2026";
    }
}

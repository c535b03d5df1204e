using System.Globalization;
using System.Text;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>A page of a PDF file with lines, areas and text, in coordinates that count downwards from the upper left corner.</summary>
internal sealed class PdfPage(double width, double height)
{
    private static readonly string[] Fonts = ["Helvetica", "Helvetica-Oblique", "Helvetica-Bold", "Helvetica-BoldOblique", "Symbol"];

    private const int SymbolFont = 4;

    // Where the Symbol font has what Latin letters have not.
    private static readonly Dictionary<char, char> Symbols = new()
    {
        ['α'] = 'a',
        ['β'] = 'b',
        ['γ'] = 'g',
        ['δ'] = 'd',
        ['ε'] = 'e',
        ['η'] = 'h',
        ['κ'] = 'k',
        ['λ'] = 'l',
        ['μ'] = 'm',
        ['ν'] = 'n',
        ['ξ'] = 'x',
        ['π'] = 'p',
        ['ρ'] = 'r',
        ['σ'] = 's',
        ['τ'] = 't',
        ['φ'] = 'j',
        ['ϕ'] = 'f',
        ['χ'] = 'c',
        ['ψ'] = 'y',
        ['ω'] = 'w',
        ['θ'] = 'q',
        ['Σ'] = 'S',
        ['Φ'] = 'F',
        ['Δ'] = 'D',
        ['Γ'] = 'G',
        ['Λ'] = 'L',
        ['Ω'] = 'W',
        ['Θ'] = 'Q',
        ['\u2212'] = '-',
        ['\u2032'] = '\u00a2',
        ['≤'] = '\u00a3',
        ['≥'] = '\u00b3',
        ['∞'] = '\u00a5',
        ['√'] = '\u00d6',
        ['∂'] = '\u00b6',
        ['→'] = '\u00ae',
    };

    private readonly StringBuilder _content = new();

    /// <summary>Draws a line through points.</summary>
    public void Stroke(string colour, double thickness, string dash, IReadOnlyList<(double X, double Y)> points)
    {
        _content.Append($"{Colour(colour)} RG {N(thickness)} w [{dash}] 0 d 1 j\n");
        Path(points);
        _content.Append("S\n");
    }

    /// <summary>Fills an area.</summary>
    public void Fill(string colour, double opacity, IReadOnlyList<(double X, double Y)> corners)
    {
        _content.Append($"q {(opacity < 1 ? "/Faint gs " : "")}{Colour(colour)} rg\n");
        Path(corners);
        _content.Append("h f Q\n");
    }

    /// <summary>Fills a circle.</summary>
    public void Disc(string colour, double x, double y, double radius)
    {
        // Four Bezier arcs; the handle of a quarter circle is 4/3 tan(pi/8) of its radius.
        double k = 4.0 / 3 * Math.Tan(Math.PI / 8) * radius;
        _content.Append($"q {Colour(colour)} rg\n{P(x + radius, y)} m ");
        foreach ((int a, int b) in new[] { (1, 0), (0, 1), (-1, 0), (0, -1) })
        {
            // From the direction (a, b) to the one a quarter further, (-b, a).
            _content.Append($"{P(x + (a * radius) - (b * k), y + (b * radius) + (a * k))} {P(x - (b * radius) + (a * k), y + (a * radius) + (b * k))} {P(x - (b * radius), y + (a * radius))} c ");
        }

        _content.Append("f Q\n");
    }

    /// <summary>Writes a text from a point of its baseline, to the right or upwards.</summary>
    public void Text(string text, double x, double y, double size, bool bold, bool italic, bool upwards = false)
    {
        int latin = (bold ? 2 : 0) + (italic ? 1 : 0);
        for (int start = 0; start < text.Length;)
        {
            bool isSymbol = Symbols.ContainsKey(text[start]);
            int end = start + 1;
            while (end < text.Length && Symbols.ContainsKey(text[end]) == isSymbol)
                end++;
            string part = text[start..end];
            _content.Append($"0.102 g BT /F{(isSymbol ? SymbolFont : latin)} {N(size)} Tf {(upwards ? "0 1 -1 0" : "1 0 0 1")} {P(x, y)} Tm ({Encoded(part, isSymbol)}) Tj ET\n");
            double advance = FontMetrics.Width(part, size);
            (x, y) = upwards ? (x, y - advance) : (x + advance, y);
            start = end;
        }
    }

    /// <summary>The file.</summary>
    public override string ToString()
    {
        string content = _content.ToString();
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {N(width)} {N(height)}] /Contents 4 0 R /Resources << /ExtGState << /Faint << /ca 0.18 >> >> /Font << {string.Join(' ', Fonts.Select((_, at) => $"/F{at} {at + 5} 0 R"))} >> >> >>",
            $"<< /Length {content.Length} >>\nstream\n{content}endstream",
        };
        objects.AddRange(Fonts.Select((font, at) => $"<< /Type /Font /Subtype /Type1 /BaseFont /{font}{(at == SymbolFont ? "" : " /Encoding /WinAnsiEncoding")} >>"));
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (int at = 0; at < objects.Count; at++)
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{at + 1} 0 obj\n{objects[at]}\nendobj\n");
        }

        int table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (int place in places)
            file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        return file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").ToString();
    }

    private static string Encoded(string text, bool isSymbol)
    {
        var encoded = new StringBuilder();
        foreach (char character in text)
        {
            // Thin and narrow spaces as spaces; Latin letters stand at their own places; what the fonts have not is a question mark.
            char byteOf = isSymbol ? Symbols[character] : character switch { '\u2009' or '\u202F' => ' ', '\u2013' => '\u0096', <= '\u00ff' => character, _ => '?' };
            if (byteOf is '(' or ')' or '\\')
                encoded.Append('\\').Append(byteOf);
            else if (byteOf is >= ' ' and <= '~')
                encoded.Append(byteOf);
            else
                encoded.Append('\\').Append(Convert.ToString(byteOf, 8).PadLeft(3, '0'));
        }

        return encoded.ToString();
    }

    private void Path(IReadOnlyList<(double X, double Y)> points)
    {
        for (int at = 0; at < points.Count; at++)
            _content.Append($"{P(points[at].X, points[at].Y)} {(at == 0 ? 'm' : 'l')}\n");
    }

    private string P(double x, double y) => $"{N(x)} {N(height - y)}";

    private static string N(double value) => SvgText.Number(value);

    private static string Colour(string hexadecimal) => string.Join(' ', Enumerable.Range(0, 3).Select(at =>
        (int.Parse(hexadecimal.AsSpan(1 + (2 * at), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0).ToString("0.###", CultureInfo.InvariantCulture)));
}

// Captions, sentences and tables are written once, as HTML that is XML as well. Here each element becomes what LaTeX has for it: letters in
// <i> and elements of MathML become mathematics, a script after a letter joins it, a table becomes a tabular.
using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace SymbolicEft.Cli.Reporting.Latex;

/// <summary>The report's own HTML as LaTeX.</summary>
internal static class HtmlToLatex
{
    private static readonly Dictionary<char, string> Mathematics = new()
    {
        ['α'] = @"\alpha ",
        ['β'] = @"\beta ",
        ['γ'] = @"\gamma ",
        ['δ'] = @"\delta ",
        ['ε'] = @"\varepsilon ",
        ['ϵ'] = @"\epsilon ",
        ['κ'] = @"\kappa ",
        ['λ'] = @"\lambda ",
        ['μ'] = @"\mu ",
        ['ν'] = @"\nu ",
        ['ξ'] = @"\xi ",
        ['π'] = @"\pi ",
        ['ρ'] = @"\rho ",
        ['σ'] = @"\sigma ",
        ['τ'] = @"\tau ",
        ['φ'] = @"\varphi ",
        ['ϕ'] = @"\phi ",
        ['χ'] = @"\chi ",
        ['ψ'] = @"\psi ",
        ['ω'] = @"\omega ",
        ['θ'] = @"\theta ",
        ['Σ'] = @"\Sigma ",
        ['Φ'] = @"\Phi ",
        ['Δ'] = @"\Delta ",
        ['Γ'] = @"\Gamma ",
        ['Λ'] = @"\Lambda ",
        ['Ω'] = @"\Omega ",
        ['Θ'] = @"\Theta ",
        ['\u2212'] = "-",
        ['×'] = @"\times ",
        ['±'] = @"\pm ",
        ['²'] = "^2",
        ['⁴'] = "^4",
        ['′'] = "'",
        ['≤'] = @"\le ",
        ['≥'] = @"\ge ",
        ['∞'] = @"\infty ",
        ['→'] = @"\to ",
        ['⟨'] = @"\langle ",
        ['⟩'] = @"\rangle ",
        ['∂'] = @"\partial ",
        ['·'] = @"\cdot ",
    };

    /// <summary>Writes a piece of HTML.</summary>
    /// <param name="html">Elements and text, well-formed.</param>
    public static string Convert(string html)
    {
        var latex = new StringBuilder();
        Children(latex, XElement.Parse($"<p>{html}</p>", LoadOptions.PreserveWhitespace), isMathematics: false);
        return Joined(latex.ToString());
    }

    /// <summary>Plain text, every character standing for itself.</summary>
    public static string Text(string text)
    {
        var latex = new StringBuilder();
        Text(latex, text, isMathematics: false);
        return Joined(latex.ToString());
    }

    // \(K\)\(^{(0)}\) is one formula.
    private static string Joined(string latex) => latex.Replace(@"\)\(", "", StringComparison.Ordinal);

    private static void Children(StringBuilder latex, XElement parent, bool isMathematics)
    {
        foreach (XNode node in parent.Nodes())
        {
            if (node is XText text)
                Text(latex, text.Value, isMathematics);
            else if (node is XElement element)
                Element(latex, element, isMathematics);
        }
    }

    private static void Element(StringBuilder latex, XElement element, bool isMathematics)
    {
        void Inside(string open, string close, bool mathematics)
        {
            latex.Append(open);
            Children(latex, element, mathematics);
            latex.Append(close);
        }

        void InMathematics(string open, string close)
        {
            latex.Append(isMathematics ? "" : @"\(");
            Inside(open, close, mathematics: true);
            latex.Append(isMathematics ? "" : @"\)");
        }

        switch (element.Name.LocalName)
        {
            case "i" or "math" or "mrow" or "mi" or "mn" or "mo" when element.Attribute("mathvariant") is null:
                InMathematics("", "");
                break;
            case "mi":
                InMathematics(@"\mathrm{", "}");
                break;
            case "sup":
                InMathematics("^{", "}");
                break;
            case "sub":
                InMathematics("_{", "}");
                break;
            case "msup" or "msub" or "msubsup":
                XElement[] parts = [.. element.Elements()];
                latex.Append(isMathematics ? "" : @"\(");
                Element(latex, parts[0], isMathematics: true);
                for (int at = 1; at < parts.Length; at++)
                {
                    latex.Append(at == 1 && element.Name.LocalName != "msup" ? "_{" : "^{");
                    Element(latex, parts[at], isMathematics: true);
                    latex.Append('}');
                }

                latex.Append(isMathematics ? "" : @"\)");
                break;
            case "mspace":
                latex.Append(@"\,");
                break;
            case "em":
                Inside(@"\emph{", "}", isMathematics);
                break;
            case "b":
                Inside(@"\textbf{", "}", isMathematics);
                break;
            case "code":
                Inside(@"\texttt{", "}", isMathematics);
                break;
            case "table":
                Table(latex, element);
                break;
            case "p":
                Inside("", "\n\n", isMathematics);
                break;
            default:
                Inside("", "", isMathematics);
                break;
        }
    }

    private static void Text(StringBuilder latex, string text, bool isMathematics)
    {
        foreach (char character in text)
        {
            if (Mathematics.TryGetValue(character, out string? command))
                latex.Append(isMathematics ? command : $@"\({command.TrimEnd()}\)");
            else
                latex.Append(isMathematics && character is ('<' or '>' or '|') ? character.ToString() : Plain(character));
        }
    }

    private static string Plain(char character) => character switch
    {
        '\\' => @"\textbackslash{}",
        '^' => @"\textasciicircum{}",
        '~' => @"\textasciitilde{}",
        '[' or ']' => $"{{{character}}}", // after a line's end a bracket would begin an argument
        '_' or '%' or '&' or '#' or '$' or '{' or '}' => $@"\{character}",
        '\u00a0' => "~",
        '\u2009' or '\u202f' => @"\,",
        '<' or '>' or '|' => $@"\({character}\)",
        '"' => "''",
        '\u2013' => "--",
        '\u2019' => "'",
        '\u2026' => @"\dots{}",
        >= ' ' and <= '~' => character.ToString(),
        '\n' or '\t' => " ",
        // Letters with accents are known to LaTeX; what it may not know would end the run.
        >= '\u00c0' and <= '\u017f' => character.ToString(),
        _ => "?",
    };

    private static void Table(StringBuilder latex, XElement table)
    {
        XElement[] rows = [.. table.Descendants("tr")];
        int columns = rows.Max(row => row.Elements().Sum(Span));
        latex.Append($"\\begin{{tabular}}{{l{new string('r', columns - 1)}}}\n\\hline\n");
        // A cell of two rows of the head stands in the first; the second leaves its place free.
        int pending = 0;
        for (int at = 0; at < rows.Length; at++)
        {
            var cells = new List<string>();
            for (int free = 0; free < pending; free++)
                cells.Add("");
            pending = rows[at].Elements().Count(cell => (string?)cell.Attribute("rowspan") == "2");
            foreach (XElement cell in rows[at].Elements())
            {
                var inside = new StringBuilder();
                Children(inside, cell, isMathematics: false);
                string text = Joined(inside.ToString()).Trim();
                cells.Add(Span(cell) == 1 ? text : string.Create(CultureInfo.InvariantCulture, $"\\multicolumn{{{Span(cell)}}}{{c}}{{{text}}}"));
            }

            latex.Append(string.Join(" & ", cells)).Append(" \\\\\n");
            bool endsHead = rows[at].Parent!.Name.LocalName == "thead" && (at + 1 == rows.Length || rows[at + 1].Parent!.Name.LocalName != "thead");
            bool beginsPart = at + 1 < rows.Length && ((string?)rows[at + 1].Attribute("class"))?.Contains("first", StringComparison.Ordinal) == true;
            if (endsHead || beginsPart)
                latex.Append("\\hline\n");
        }

        latex.Append("\\hline\n\\end{tabular}\n");
    }

    private static int Span(XElement cell) => (int?)cell.Attribute("colspan") ?? 1;
}

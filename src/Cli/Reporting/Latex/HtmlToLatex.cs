// Captions, sentences and tables are written once, as HTML that is XML as well. Here each element becomes what LaTeX has for it: letters in
// <i> and elements of MathML become mathematics, a script after a letter joins it, a table becomes a tabular.
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SymbolicEft.Symbolic.Languages.Latex;

namespace SymbolicEft.Cli.Reporting.Latex;

/// <summary>The report's own HTML as LaTeX.</summary>
internal static class HtmlToLatex
{
    /// <summary>Writes a piece of HTML.</summary>
    /// <param name="html">Elements and text, well-formed.</param>
    public static string Convert(string html)
    {
        var latex = new StringBuilder();
        Children(latex, XElement.Parse($"<p>{html}</p>", LoadOptions.PreserveWhitespace), isMathematics: false);
        return LatexText.Joined(latex.ToString());
    }

    private static void Children(StringBuilder latex, XElement parent, bool isMathematics)
    {
        foreach (XNode node in parent.Nodes())
        {
            if (node is XText text)
                LatexText.Append(latex, text.Value, isMathematics);
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
                string text = LatexText.Joined(inside.ToString()).Trim();
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

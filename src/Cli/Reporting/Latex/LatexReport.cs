using System.Text;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Languages.Latex;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Reporting.Latex;

/// <summary>The figures, tables and methods of a report as one LaTeX file, to be compiled as it is or taken apart, and its references.</summary>
internal static class LatexReport
{
    /// <summary>The name of the LaTeX file.</summary>
    public const string FileName = "report.tex";

    /// <summary>The name of the file of references.</summary>
    public const string ReferencesName = "references.bib";

    // Whether a document cites this is for its author; what the report rests on stands first.
    private static string References { get; } = EmbeddedText.Of(typeof(LatexReport).Assembly, "references.bib");

    /// <summary>Writes the LaTeX file.</summary>
    /// <param name="data">The data, valid.</param>
    public static string Render(ReportData data)
    {
        var view = new ReportView(data);
        var latex = new StringBuilder();
        latex.Append("% Figures, tables and methods of a symeft report: pdflatex, bibtex, pdflatex, pdflatex.\n% The numbers of each panel are beside it, in figures/*.csv; all numbers are in data.json and data.csv.\n")
            .Append("\\documentclass[11pt]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath}\n\\usepackage{graphicx}\n\\usepackage[margin=25mm]{geometry}\n")
            .Append($"\\title{{Kernel fluctuations at finite width: {LatexText.Plain(data.SetUp.Name)}}}\n\\author{{}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n\n");
        latex.Append("\\section*{Methods}\n").Append(HtmlToLatex.Convert(Captions.SetUp(view))).Append('\n')
            .Append(HtmlToLatex.Convert(Captions.Join(Sentences.Methods(view))))
            .Append("\nGaussian expectations of derivatives follow from Price's theorem~\\cite{Price1958}; the process and its letters are those of Ref.~\\cite{KawaseOta}, the program is Ref.~\\cite{SymbolicEft}.\n\n");
        if (data.SetUp.Layers is { } program)
            latex.Append($"\\noindent The layers of the network:\n\\begin{{flushleft}}\\ttfamily\\small\n{string.Join("\\\\\n", LayersPicture.Of(program).TrimEnd('\n').Split('\n').Select(LatexText.Plain))}\n\\end{{flushleft}}\n\n");
        Table(latex, Sections.Headline(view), "Theory and simulation. Errors are one standard error; $z = (\\text{theory} - \\text{simulation})/\\text{standard error}$.", "theory");
        if (data.Closures is { } closures)
            Table(latex, ClosureTables.Numbers(view), $"Closures at the last depth. Off by: deviation from {LatexText.Plain(closures.ExactName)}, which stands for the exact leading order in $1/n$.", "closures");
        foreach (Figure figure in HtmlReport.Figures(view))
        {
            latex.Append("\\begin{figure}[p]\n\\centering\n");
            for (int at = 0; at < figure.Panels.Count; at++)
                latex.Append($"\\includegraphics[width=0.48\\linewidth]{{figures/{figure.Panels[at].Id}.pdf}}{(at % 2 == 0 && at + 1 < figure.Panels.Count ? "\\hfill" : "")}\n");
            latex.Append($"\\caption{{\\textbf{{{HtmlToLatex.Convert(figure.Title)}.}} {HtmlToLatex.Convert(figure.Caption)}}}\n\\label{{fig:{figure.Id}}}\n\\end{{figure}}\n\n");
        }

        return latex.Append("\\bibliographystyle{unsrt}\n\\bibliography{references}\n\\end{document}\n").ToString();
    }

    /// <summary>Writes the references, the program among them.</summary>
    /// <param name="programVersion">The version of the program, or null.</param>
    public static string Bibliography(string? programVersion)
    {
        string version = programVersion is { } number ? $"Version {LatexText.Plain(number)}. " : "";
        return $"{References}@misc{{SymbolicEft,\n  title = {{{{SymbolicEft}}: effective field theory of wide networks, derived, solved and checked}},\n  note  = {{{version}Computer program}}\n}}\n";
    }

    private static void Table(StringBuilder latex, string html, string caption, string label)
    {
        const string close = "</table>";
        var tables = new List<string>();
        for (int begin = 0; (begin = html.IndexOf("<table", begin, StringComparison.Ordinal)) >= 0 && html.IndexOf(close, begin, StringComparison.Ordinal) is >= 0 and var end; begin = end)
            tables.Add($"\\resizebox{{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}}{{!}}{{%\n{HtmlToLatex.Convert(html[begin..(end + close.Length)]).TrimEnd()}}}\n");
        if (tables.Count > 0)
            latex.Append($"\\begin{{table}}[p]\n\\centering\n\\caption{{{caption}}}\\label{{tab:{label}}}\n{string.Join("\\par\\medskip\n", tables)}\\end{{table}}\n\n");
    }
}

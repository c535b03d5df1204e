using System.Text;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Languages.Latex;

/// <summary>The derivation as a LaTeX document that compiles by itself (article, amsmath, amssymb).</summary>
public sealed class LatexLanguage : IOutputLanguage
{
    // An aligned block does not break across pages, and TeX holds all of it at once.
    private const int LongestBlock = 17;

    // Of a line at the size of footnotes, in em.
    private const double SmallWidth = 52;

    /// <inheritdoc/>
    public string Name => "latex";

    /// <inheritdoc/>
    public string FileEnding => ".tex";

    /// <inheritdoc/>
    public string Write(DerivationResult derivation, DerivationSubject subject)
    {
        var text = new StringBuilder();
        string figures = derivation.Steps.Any(step => step.Terms.Count > 0) ? "\\usepackage{tikz}\n" : "";
        text.Append($"\\documentclass{{article}}\n\\usepackage{{amsmath,amssymb}}\n{figures}\\usepackage[margin=2cm]{{geometry}}\n\\allowdisplaybreaks\n\\begin{{document}}\n");
        text.Append($"\\section*{{The {LatexText.Plain(derivation.System.Closure.Name)} closure{(subject.Layers is null ? "" : " of a program of layers")}, derived}}\n");
        string network = subject.Layers is not { } layers ? $"activation \\texttt{{{LatexText.Plain(subject.Activation)}}}. The derivation holds for"
            : $"the layers\n\\begin{{flushleft}}\\small\n{string.Join("\\\\\n", LayersPicture.Of(layers).TrimEnd('\n').Split('\n').Select(line => $"\\texttt{{{LatexText.Plain(line.Trim())}}}"))}\n\\end{{flushleft}}\nThe derivation holds for all their numbers and";
        text.Append($"Specification \\texttt{{{LatexText.Plain(subject.Name)}}}, {network} every activation $\\sigma$; a prime on a tensor means its value at the next layer, $\\sigma', \\sigma''$ are derivatives, $\\langle\\cdot\\rangle$ is the Gaussian expectation with the covariance in its subscript.\n");
        foreach (DerivationStep step in derivation.Steps)
        {
            text.Append($"\n\\section{{{ProseMathematics.Latex(step.Title)}}}\n{ProseMathematics.Latex(step.Prose)}\n");
            foreach (DerivedFormula formula in step.Formulas)
                Formula(text.Append(formula.Meaning.Length > 0 ? $"\n\\noindent {ProseMathematics.Latex(formula.Meaning)}\n" : ""), formula);
            foreach (IllustratedTerm term in step.Terms)
                Term(text, term);
        }

        return text.Append("\\end{document}\n").ToString();
    }

    // What is longer than a block is set small, every line a paragraph.
    private static void Formula(StringBuilder text, DerivedFormula formula)
    {
        string block = FormulaPrinter.Latex(formula);
        if (block.Count(letter => letter == '\n') <= LongestBlock)
        {
            text.Append($"\\begin{{equation}}\n{block}\n\\end{{equation}}\n");
            return;
        }

        (string head, _, IReadOnlyList<string> lines) = FormulaPrinter.LatexLines(formula, SmallWidth, headAlone: true);
        text.Append("\n{\\footnotesize\\parindent=0pt\\parskip=3pt\n").Append($"$\\displaystyle {head} =$\n\n").AppendJoin("\n\n", lines.Select(line => $"$\\displaystyle {{}}{line}$"))
            .Append("\\hfill\\refstepcounter{equation}(\\theequation)\n\n}\n");
    }

    // The term on a line of its own; below it the figures, each over its number and name, as many to a line as there is room for.
    private static void Term(StringBuilder text, IllustratedTerm term)
    {
        // What is longer than a line breaks after a sign, where no space stretches.
        (string open, string close) = LatexWidth.Of(term.Latex) > SmallWidth ? ("{\\raggedright", "\\par}") : ("", "");
        text.Append($"\n\\medskip\\pagebreak[1]{open}\\noindent ${term.Latex}${(term.Remark.Length > 0 ? $"\\quad {LatexText.Plain(term.Remark)}" : "")}{close}\n");
        if (term.Figures.Count == 0)
            return;
        text.Append("\\nopagebreak\n\n{\\raggedright\\noindent\n");
        foreach (TermFigure figure in term.Figures)
            text.Append($"\\begin{{tabular}}[b]{{@{{}}c@{{}}}}\\rule{{0pt}}{{2ex}}\\\\\n{figure.Tikz}\\\\[2pt] {{\\small ${figure.Factor}$ {LatexText.Plain(figure.Name)}}}\n\\end{{tabular}}\\hspace{{2em plus 1em}}\n");
        text.Append("\\par}\n");
    }
}

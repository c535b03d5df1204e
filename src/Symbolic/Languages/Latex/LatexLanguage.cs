using System.Text;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Languages.Latex;

/// <summary>The derivation as a LaTeX document that compiles by itself (article, amsmath, amssymb).</summary>
public sealed class LatexLanguage : IOutputLanguage
{
    /// <inheritdoc/>
    public string Name => "latex";

    /// <inheritdoc/>
    public string FileEnding => ".tex";

    /// <inheritdoc/>
    public string Write(DerivationResult derivation, DerivationSource source)
    {
        var text = new StringBuilder();
        text.Append("\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\usepackage[margin=2.5cm]{geometry}\n\\allowdisplaybreaks\n\\begin{document}\n");
        text.Append($"\\section*{{The {Escape(derivation.System.Closure)} closure, derived}}\n");
        text.Append($"Specification \\texttt{{{Escape(source.Name)}}}, activation \\texttt{{{Escape(source.Activation)}}}. The derivation holds for every activation $\\sigma$; a prime on a tensor means its value at the next layer, $\\sigma', \\sigma''$ are derivatives, $\\langle\\cdot\\rangle$ is the Gaussian expectation with the covariance in its subscript.\n");
        foreach (DerivationStep step in derivation.Steps)
        {
            text.Append($"\n\\section{{{Escape(step.Title)}}}\n{Escape(step.Prose)}\n");
            foreach (DerivedFormula formula in step.Formulas)
                text.Append($"\\begin{{equation}}\n{FormulaPrinter.Latex(formula)}\n\\end{{equation}}\n");
        }

        return text.Append("\\end{document}\n").ToString();
    }

    private static string Escape(string prose)
    {
        var text = new StringBuilder();
        foreach (char c in prose)
        {
            text.Append(c switch
            {
                '\\' => "\\textbackslash{}",
                '^' => "\\textasciicircum{}",
                '~' => "\\textasciitilde{}",
                '_' or '%' or '&' or '#' or '$' or '{' or '}' => $"\\{c}",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}

using System.Text;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Languages.Markdown;

/// <summary>The derivation as a Markdown document with LaTeX displays, numbered as in a paper's section.</summary>
public sealed class MarkdownLanguage : IOutputLanguage
{
    /// <inheritdoc/>
    public string Name => "markdown";

    /// <inheritdoc/>
    public string FileEnding => ".md";

    /// <inheritdoc/>
    public string Write(DerivationResult derivation, DerivationSubject subject)
    {
        var text = new StringBuilder();
        const string signs = "a prime on a tensor means its value at the next layer, σ', σ'' are derivatives, ⟨·⟩ is the Gaussian expectation with the covariance in its subscript.";
        text.Append($"# The {MarkdownText.Plain(derivation.System.Closure.Name)} closure{(subject.Layers is null ? "" : " of a program of layers")}, derived\n\n");
        text.Append(subject.Layers is { } layers
            ? $"Specification {MarkdownText.Code(subject.Name)}, the layers\n\n{string.Concat(LayersPicture.Of(layers).TrimEnd('\n').Split('\n').Select(line => $"* {MarkdownText.Code(line.Trim())}\n"))}\nThe derivation holds for all their numbers and every activation σ; {signs}\n"
            : $"Specification {MarkdownText.Code(subject.Name)}, activation {MarkdownText.Code(subject.Activation)}. The derivation holds for every activation σ; {signs}\n");
        int equation = 0;
        for (int step = 0; step < derivation.Steps.Count; step++)
        {
            DerivationStep each = derivation.Steps[step];
            text.Append($"\n## {step + 1}. {ProseMathematics.Markdown(each.Title)}\n\n{ProseMathematics.Markdown(each.Prose, subject.Layers is null ? null : MarkdownText.Plain)}\n");
            foreach (DerivedFormula formula in each.Formulas)
                text.Append(formula.Meaning.Length > 0 ? $"\n{ProseMathematics.Markdown(formula.Meaning, MarkdownText.Plain)}\n" : "").Append($"\n$$\n{FormulaPrinter.Latex(formula)} \\tag{{{++equation}}}\n$$\n");
            foreach (IllustratedTerm term in each.Terms)
                Term(text, term, subject.FigureFolder);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Path, string Text)> FilesBeside(DerivationResult derivation, DerivationSubject subject) => subject.FigureFolder is not { } folder
        ? []
        :
        [
            .. derivation.Steps.SelectMany(step => step.Terms).SelectMany(term => term.Figures)
                .DistinctBy(figure => figure.Id, StringComparer.Ordinal)
                .Select(figure => ($"{folder}/{figure.Id}.svg", figure.Svg)),
        ];

    // The term, then each figure as a picture, or in its one-line notation where the document stands alone.
    private static void Term(StringBuilder text, IllustratedTerm term, string? folder)
    {
        text.Append($"\n* ${term.Latex}${(term.Remark.Length > 0 ? $" ({term.Remark})" : "")}\n");
        foreach (TermFigure figure in term.Figures)
        {
            string picture = folder is null ? "" : $"![{figure.Notation}]({folder}/{figure.Id}.svg) ";
            text.Append($"\n  {picture}{figure.Factor} · `{figure.Notation}` · {figure.Name}\n");
        }
    }
}

// Writes a derived formula, head = right side, broken into lines: a sum is cut after the term that fills a line, so that
// a page or a phone can show it. The head's operator (E[...], n Cov, d/dt, ...) is written per language below.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Writes derived formulas as text, LaTeX and MathML.</summary>
public static class FormulaPrinter
{
    /// <summary>One line of plain text.</summary>
    public static string Text(DerivedFormula formula) => $"{TextHead(formula.Left)} = {ExpressionPrinter.Text(formula.Right)}";

    /// <summary>LaTeX for a display: one line, or an aligned block.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="lineLength">About how many characters of plain text a line holds.</param>
    public static string Latex(DerivedFormula formula, int lineLength = 80)
    {
        string head = LatexHead(formula.Left);
        List<string> lines = [.. Lines(formula.Right, LatexStyle.Instance, lineLength).Select((line, at) => at == 0 ? line : Continued(line, "+"))];
        return lines.Count == 1
            ? $"{head} = {lines[0]}"
            : $"\\begin{{aligned}}\n{head} ={{}}& {string.Join(" \\\\\n& ", lines)}\n\\end{{aligned}}";
    }

    /// <summary>One MathML element per line.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="lineLength">About how many characters of plain text a line holds.</param>
    public static IReadOnlyList<string> MathMl(DerivedFormula formula, int lineLength = 80)
    {
        string head = MathMlHead(formula.Left);
        return
        [
            .. Lines(formula.Right, MathMlStyle.Instance, lineLength).Select((line, at) =>
                $"<math display=\"block\"><mrow>{(at == 0 ? head + "<mo>=</mo>" + line : "<mspace width=\"2em\"/>" + Continued(line, "<mo>+</mo>"))}</mrow></math>"),
        ];
    }

    // The right side cut into sums of whole terms.
    private static IEnumerable<string> Lines(Expression right, IExpressionStyle style, int lineLength)
    {
        var line = new List<Expression>();
        int length = 0;
        Expression[] terms = right.Terms.ToArray();
        foreach (Expression term in terms)
        {
            int added = ExpressionPrinter.Text(term).Length;
            if (line.Count > 0 && length + added > lineLength)
            {
                yield return ExpressionPrinter.Print(Expression.Add(line), style);
                line.Clear();
                length = 0;
            }

            line.Add(term);
            length += added + 3;
        }

        yield return ExpressionPrinter.Print(Expression.Add(line), style);
    }

    private static string Continued(string line, string plus) =>
        line.StartsWith('-') || line.StartsWith("<mrow><mo>−</mo>", StringComparison.Ordinal) ? line : plus + " " + line;

    private static string TextHead(FormulaHead head)
    {
        string first = ExpressionPrinter.Text(head.Operands[0]);
        return head.Kind switch
        {
            HeadKind.NextLayer => first + "'",
            HeadKind.TimeDerivative => $"d{first}/dt",
            HeadKind.AtDepthZero => first + "(0)",
            HeadKind.ConditionalMean => $"E[{first}' | phi]",
            HeadKind.ConditionalCovariance => $"E[{string.Join(" ", head.Operands.Select(ExpressionPrinter.Text))} | phi]",
            HeadKind.ConditionalCumulant => $"{Order(head.Operands.Count, "n", "n^")} kappa({string.Join(", ", head.Operands.Select(each => ExpressionPrinter.Text(each) + "'"))} | phi)",
            HeadKind.LinearResponse => $"chi[A]_{Subscript(first)}",
            HeadKind.NoiseCovariance => $"Sigma_{Subscript(first)}",
            HeadKind.Tadpole => $"tadpole_{Subscript(first)}",
            _ => first,
        };
    }

    private static string LatexHead(FormulaHead head)
    {
        string first = ExpressionPrinter.Latex(head.Operands[0]);
        string indices = Subscript(ExpressionPrinter.Text(head.Operands[0]));
        return head.Kind switch
        {
            HeadKind.NextLayer => $"{{{first}}}'",
            HeadKind.TimeDerivative => $@"\frac{{d {first}}}{{dt}}",
            HeadKind.AtDepthZero => $"{first}(0)",
            HeadKind.ConditionalMean => $@"\mathbb{{E}}[{{{first}}}' \mid \phi]",
            HeadKind.ConditionalCovariance => $@"\mathbb{{E}}[{string.Join(" ", head.Operands.Select(ExpressionPrinter.Latex))} \mid \phi]",
            HeadKind.ConditionalCumulant => $@"{Order(head.Operands.Count, "n", "n^")}\, \kappa({string.Join(", ", head.Operands.Select(each => $"{{{ExpressionPrinter.Latex(each)}}}'"))} \mid \phi)",
            HeadKind.LinearResponse => $@"\chi[A]_{{{indices}}}",
            HeadKind.NoiseCovariance => $@"\Sigma_{{{indices}}}",
            HeadKind.Tadpole => $@"\mathrm{{tadpole}}_{{{indices}}}",
            _ => first,
        };
    }

    private static string MathMlHead(FormulaHead head)
    {
        string first = ExpressionPrinter.MathMl(head.Operands[0]);
        string indices = string.Concat(Subscript(ExpressionPrinter.Text(head.Operands[0])).Select(letter => letter == ',' ? "<mo>,</mo>" : $"<mi>{letter}</mi>"));
        string Primed(string inner) => $"<msup><mrow>{inner}</mrow><mo>′</mo></msup>";
        string Given(string inner) => $"<mo>[</mo>{inner}<mo>|</mo><mi>ϕ</mi><mo>]</mo>";
        return head.Kind switch
        {
            HeadKind.NextLayer => Primed(first),
            HeadKind.TimeDerivative => $"<mfrac><mrow><mi>d</mi>{first}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>",
            HeadKind.AtDepthZero => $"{first}<mo>(</mo><mn>0</mn><mo>)</mo>",
            HeadKind.ConditionalMean => $"<mi mathvariant=\"normal\">E</mi>{Given(Primed(first))}",
            HeadKind.ConditionalCovariance => $"<mi mathvariant=\"normal\">E</mi>{Given(string.Concat(head.Operands.Select(ExpressionPrinter.MathMl)))}",
            HeadKind.ConditionalCumulant =>
                (head.Operands.Count == 2 ? "<mi>n</mi>" : $"<msup><mi>n</mi><mn>{head.Operands.Count - 1}</mn></msup>")
                + $"<mi>κ</mi><mo>(</mo>{string.Join("<mo>,</mo>", head.Operands.Select(each => Primed(ExpressionPrinter.MathMl(each))))}<mo>|</mo><mi>ϕ</mi><mo>)</mo>",
            HeadKind.LinearResponse => $"<mi>χ</mi><msub><mrow><mo>[</mo><mi>A</mi><mo>]</mo></mrow><mrow>{indices}</mrow></msub>",
            HeadKind.NoiseCovariance => $"<msub><mi>Σ</mi><mrow>{indices}</mrow></msub>",
            HeadKind.Tadpole => $"<msub><mi mathvariant=\"normal\">tadpole</mi><mrow>{indices}</mrow></msub>",
            _ => first,
        };
    }

    private static string Order(int count, string one, string many) => count == 2 ? one : $"{many}{count - 1}";

    private static string Subscript(string component) => component[(component.IndexOf('_') + 1)..];
}

// Writes a derived formula, head = right side, broken into lines that a page or a phone can show. The head's operator (E[...], n Cov, d/dt, ...) is written per language below.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Writes derived formulas as text, LaTeX and MathML.</summary>
public static class FormulaPrinter
{
    private static readonly Signs TextSigns = new("+ ", "- ", "-", "*(", ")");
    private static readonly Signs LatexSigns = new("+ ", "- ", "-", " (", ")");
    private static readonly Signs MathMlSigns = new("<mo>+</mo>", "<mo>−</mo>", "<mo>−</mo>", "<mo stretchy=\"false\">(</mo>", "<mo stretchy=\"false\">)</mo>");

    /// <summary>One line of plain text.</summary>
    public static string Text(DerivedFormula formula) =>
        $"{TextHead(formula.Left)} = {string.Join(" ", Lines(formula.Right, TextStyle.Instance, TextSigns, int.MaxValue))}";

    /// <summary>LaTeX for a display: one line, or an aligned block.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="lineLength">About how many characters of plain text a line holds.</param>
    public static string Latex(DerivedFormula formula, int lineLength = 80)
    {
        string head = LatexHead(formula.Left);
        IReadOnlyList<string> lines = Lines(formula.Right, LatexStyle.Instance, LatexSigns, lineLength);
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
            .. Lines(formula.Right, MathMlStyle.Instance, MathMlSigns, lineLength).Select((line, at) =>
                $"<math display=\"block\"><mrow>{(at == 0 ? head + "<mo>=</mo>" : "<mspace width=\"2em\"/>") + line}</mrow></math>"),
        ];
    }

    // Terms that share a product of scalars, such as alpha^2 eps^2, are gathered behind it; then the terms fill lines.
    private static IReadOnlyList<string> Lines(Expression right, IExpressionStyle style, Signs signs, int lineLength)
    {
        var groups = new SortedDictionary<Expression, List<Expression>>();
        foreach (Expression term in right.Terms)
        {
            Expression scalars = Expression.Multiply(term.Factors.ToArray().Where(factor => Power.BaseOf(factor) is Symbol));
            if (!groups.TryGetValue(scalars, out List<Expression>? members))
                groups.Add(scalars, members = []);
            members.Add(term / scalars);
        }

        var lines = new List<string>();
        string line = "";
        int length = 0;
        foreach ((Expression scalars, List<Expression> members) in groups)
        {
            bool bracketed = members.Count > 1 && !scalars.IsOne;
            for (int at = 0; at < members.Count; at++)
            {
                bool negative = Product.SplitCoefficient(members[at]).Coefficient.Sign < 0;
                Expression magnitude = negative ? -members[at] : members[at];
                string sign = negative ? signs.Minus : signs.Plus, leading = negative ? signs.LeadingMinus : "";
                bool first = lines.Count == 0 && line.Length == 0;
                string text = bracketed
                    ? (at == 0 ? (first ? "" : signs.Plus) + ExpressionPrinter.Print(scalars, style) + signs.Open + leading : sign)
                        + Term(magnitude) + (at == members.Count - 1 ? signs.Close : "")
                    : (first ? leading : sign) + Term(magnitude * scalars);
                int added = ExpressionPrinter.Text(magnitude).Length + (at == 0 || !bracketed ? ExpressionPrinter.Text(scalars).Length : 0) + 3;
                if (length > 0 && length + added > lineLength)
                {
                    lines.Add(line);
                    (line, length) = ("", 0);
                }

                line += line.Length > 0 ? " " + text : text;
                length += added;
            }
        }

        lines.Add(line);
        return lines;

        // A term that is a sum itself, such as 2 (a + b), is one term of the line and needs its brackets.
        string Term(Expression magnitude) => magnitude is Sum ? style.Bracket(ExpressionPrinter.Print(magnitude, style)) : ExpressionPrinter.Print(magnitude, style);
    }

    private sealed record Signs(string Plus, string Minus, string LeadingMinus, string Open, string Close);

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
        string Given(string inner) => $"<mo>[</mo>{inner}<mo>|</mo><mi>ϕ</mi><mo>]</mo>";
        return head.Kind switch
        {
            HeadKind.NextLayer => MathMlStyle.WithPrime(first),
            HeadKind.TimeDerivative => $"<mfrac><mrow><mi>d</mi>{first}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>",
            HeadKind.AtDepthZero => $"{first}<mo>(</mo><mn>0</mn><mo>)</mo>",
            HeadKind.ConditionalMean => $"<mi mathvariant=\"normal\">E</mi>{Given(MathMlStyle.WithPrime(first))}",
            HeadKind.ConditionalCovariance => $"<mi mathvariant=\"normal\">E</mi>{Given(string.Concat(head.Operands.Select(ExpressionPrinter.MathMl)))}",
            HeadKind.ConditionalCumulant =>
                (head.Operands.Count == 2 ? "<mi>n</mi>" : $"<msup><mi>n</mi><mn>{head.Operands.Count - 1}</mn></msup>")
                + $"<mi>κ</mi><mo>(</mo>{string.Join("<mo>,</mo>", head.Operands.Select(each => MathMlStyle.WithPrime(ExpressionPrinter.MathMl(each))))}<mo>|</mo><mi>ϕ</mi><mo>)</mo>",
            HeadKind.LinearResponse => $"<mi>χ</mi><msub><mrow><mo>[</mo><mi>A</mi><mo>]</mo></mrow><mrow>{indices}</mrow></msub>",
            HeadKind.NoiseCovariance => $"<msub><mi>Σ</mi><mrow>{indices}</mrow></msub>",
            HeadKind.Tadpole => $"<msub><mi mathvariant=\"normal\">tadpole</mi><mrow>{indices}</mrow></msub>",
            _ => first,
        };
    }

    private static string Order(int count, string one, string many) => count == 2 ? one : $"{many}{count - 1}";

    private static string Subscript(string component) => component[(component.IndexOf('_') + 1)..];
}

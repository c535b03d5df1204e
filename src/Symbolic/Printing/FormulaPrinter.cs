// Writes a derived formula, head = right side, broken into lines that a page or a phone can show. The right side becomes pieces, a line may end
// before each: terms that share a product of scalars, such as alpha^2 eps^2, are gathered behind it, and a term that is longer than a line is
// taken apart at the longest sum among its factors, again and again. The pieces then fill lines. The head's operator (E[...], n Cov, d/dt, ...)
// is written per language below.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Writes derived formulas as text, LaTeX and MathML.</summary>
public static class FormulaPrinter
{
    private static readonly Dialect TextDialect = new(TextStyle.Instance, "+ ", "- ", "-", _ => ("*(", ")"), TextWidth);
    private static readonly Dialect LatexDialect = new(LatexStyle.Instance, "+ ", "- ", "-", LatexBrackets, expression => LatexWidth.Of(ExpressionPrinter.Latex(expression)) + 1.4);
    private static readonly Dialect MathMlDialect = new(
        MathMlStyle.Instance, "<mo>+</mo>", "<mo>−</mo>", "<mo>−</mo>", _ => ("<mo stretchy=\"false\">(</mo>", "<mo stretchy=\"false\">)</mo>"), TextWidth);

    /// <summary>One line of plain text.</summary>
    public static string Text(DerivedFormula formula) =>
        $"{TextHead(formula.Left)} = {string.Join(" ", Lines(formula.Right, TextDialect, double.PositiveInfinity).Select(line => line.Text))}";

    /// <summary>LaTeX for a display: one line, or an aligned block.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="lineWidth">The width of a line in em; 44 is that of a page with its equation number.</param>
    public static string Latex(DerivedFormula formula, double lineWidth = 44)
    {
        (string head, bool isAlone, IReadOnlyList<string> lines) = LatexLines(formula, lineWidth);
        return lines.Count == 1 && !isAlone ? $"{head} = {lines[0]}"
            : isAlone ? $"\\begin{{aligned}}\n& {head} = \\\\\n& {string.Join(" \\\\\n& ", lines)}\n\\end{{aligned}}"
            : $"\\begin{{aligned}}\n{head} ={{}}& {string.Join(" \\\\\n& ", lines)}\n\\end{{aligned}}";
    }

    /// <summary>The left side, whether it stands on a line of its own, which leaves the others their width, and the lines of the right side.</summary>
    internal static (string Head, bool IsAlone, IReadOnlyList<string> Lines) LatexLines(DerivedFormula formula, double lineWidth, bool headAlone = false)
    {
        string head = LatexHead(formula.Left);
        double width = LatexWidth.Of(head) + 1.5;
        IReadOnlyList<(string Text, int Depth)> lines = Lines(formula.Right, LatexDialect, lineWidth - width);
        bool isAlone = lines.Count > 1 && (headAlone || width > lineWidth / 4);
        if (isAlone)
            lines = Lines(formula.Right, LatexDialect, lineWidth - 1);
        return (head, isAlone, [.. lines.Select(line => string.Concat(Enumerable.Repeat("\\quad ", line.Depth + (isAlone ? 1 : 0))) + line.Text)]);
    }

    /// <summary>One MathML element per line.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="lineLength">About how many characters of plain text a line holds.</param>
    public static IReadOnlyList<string> MathMl(DerivedFormula formula, int lineLength = 80)
    {
        string head = MathMlHead(formula.Left);
        return
        [
            .. Lines(formula.Right, MathMlDialect, lineLength).Select((line, at) => FormattableString.Invariant(
                $"<math display=\"block\"><mrow>{(at == 0 ? head + "<mo>=</mo>" : $"<mspace width=\"{line.Depth + 2}em\"/>") + line.Text}</mrow></math>")),
        ];
    }

    private static double TextWidth(Expression expression) => ExpressionPrinter.Text(expression).Length + 3;

    private static IReadOnlyList<(string Text, int Depth)> Lines(Expression right, Dialect dialect, double lineWidth)
    {
        var pieces = new List<Piece>();
        foreach ((Expression scalars, List<Expression> members) in Groups(right))
        {
            if (members.Count > 1 && !scalars.IsOne)
                Bracketed(pieces, dialect, lineWidth, pieces.Count == 0 ? "" : dialect.Plus, scalars, members, 0);
            else
                members.ForEach(member => Signed(pieces, dialect, lineWidth, member * scalars, 0, pieces.Count == 0));
        }

        var lines = new List<(string Text, int Depth)>();
        double width = 0;
        foreach (Piece piece in pieces)
        {
            bool fits = lines.Count > 0 && width + piece.Width <= lineWidth;
            width = fits ? width + piece.Width : piece.Width + piece.Depth;
            if (fits)
                lines[^1] = ($"{lines[^1].Text} {piece.Text}", lines[^1].Depth);
            else
                lines.Add((piece.Text, piece.Depth));
        }

        return lines;
    }

    // Terms by the product of scalars that they share.
    private static SortedDictionary<Expression, List<Expression>> Groups(Expression right)
    {
        var groups = new SortedDictionary<Expression, List<Expression>>();
        foreach (Expression term in right.Terms)
        {
            Expression scalars = Expression.Multiply(term.Factors.ToArray().Where(factor => Power.BaseOf(factor) is Symbol));
            if (!groups.TryGetValue(scalars, out List<Expression>? members))
                groups.Add(scalars, members = []);
            members.Add(term / scalars);
        }

        return groups;
    }

    private static void Signed(List<Piece> pieces, Dialect dialect, double lineWidth, Expression term, int depth, bool isFirst)
    {
        bool isNegative = Product.SplitCoefficient(term).Coefficient.Sign < 0;
        Expression magnitude = isNegative ? -term : term;
        Magnitude(pieces, dialect, lineWidth, isNegative ? (isFirst ? dialect.LeadingMinus : dialect.Minus) : isFirst ? "" : dialect.Plus, magnitude, depth);
    }

    private static void Magnitude(List<Piece> pieces, Dialect dialect, double lineWidth, string sign, Expression magnitude, int depth)
    {
        double width = dialect.Width(magnitude);
        Expression[] factors = magnitude.Factors.ToArray();
        if (width + depth > lineWidth && factors.OfType<Sum>().MaxBy(dialect.Width) is { } sum)
            Bracketed(pieces, dialect, lineWidth, sign, Expression.Multiply(factors.Where(factor => factor != sum)), [.. sum.Terms], depth);
        else // a term that is a sum itself, such as 2 (a + b), is one term of the line and needs its brackets
            pieces.Add(new(sign + (magnitude is Sum ? dialect.Style.Bracket(ExpressionPrinter.Print(magnitude, dialect.Style)) : ExpressionPrinter.Print(magnitude, dialect.Style)), width, depth));
    }

    private static void Bracketed(List<Piece> pieces, Dialect dialect, double lineWidth, string sign, Expression prefix, IReadOnlyList<Expression> members, int depth)
    {
        if (!prefix.IsOne && dialect.Width(prefix) + depth > lineWidth)
        {
            Magnitude(pieces, dialect, lineWidth, sign, prefix, depth);
            (sign, prefix) = ("", Expression.One);
        }

        var inside = new List<Piece>();
        foreach (Expression member in members)
            Signed(inside, dialect, lineWidth, member, depth + 1, inside.Count == 0);
        (string open, string close) = dialect.Brackets(string.Concat(inside.Select(piece => piece.Text)));
        string head = sign + (prefix.IsOne ? "" : ExpressionPrinter.Print(prefix, dialect.Style)) + open;
        double width = prefix.IsOne ? 2 : dialect.Width(prefix) + 1;
        inside[^1] = inside[^1] with { Text = inside[^1].Text + close, Width = inside[^1].Width + 1 };
        if (width + inside[0].Width + depth > lineWidth)
            pieces.Add(new(head, width, depth));
        else
            inside[0] = new(head + inside[0].Text, width + inside[0].Width, depth);
        pieces.AddRange(inside);
    }

    // Brackets that may stand on two lines have a size of their own: the next one up from what they enclose.
    private static (string Open, string Close) LatexBrackets(string inside) => (inside.Contains(@"\biggl") || inside.Contains(@"\Bigl") ? "bigg"
        : inside.Contains(@"\frac") || inside.Contains(@"\bigl") || inside.Contains(@"\left") ? "Big" : "") switch
    {
        "" => (" (", ")"),
        var size => ($@" \{size}l(", $@"\{size}r)"),
    };

    // A line may end before a piece.
    private readonly record struct Piece(string Text, double Width, int Depth);

    // The width is that of an expression with a sign before it.
    private sealed record Dialect(IExpressionStyle Style, string Plus, string Minus, string LeadingMinus, Func<string, (string Open, string Close)> Brackets, Func<Expression, double> Width);

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
            HeadKind.LinearResponse => $"chi[A]_{Subscript(head.Operands[0])}",
            HeadKind.NoiseCovariance => $"Sigma{Arguments(head.Operands[0], "Cov", component => component.Tensor.Name)}_{Subscript(head.Operands[0])}",
            HeadKind.Tadpole => $"tadpole_{Subscript(head.Operands[0])}",
            _ => first,
        };
    }

    private static string LatexHead(FormulaHead head)
    {
        string first = ExpressionPrinter.Latex(head.Operands[0]);
        string indices = Subscript(head.Operands[0]);
        return head.Kind switch
        {
            HeadKind.NextLayer => $"{{{first}}}'",
            HeadKind.TimeDerivative => $@"\frac{{d {first}}}{{dt}}",
            HeadKind.AtDepthZero => $"{first}(0)",
            HeadKind.ConditionalMean => $@"\mathbb{{E}}[{{{first}}}' \mid \phi]",
            HeadKind.ConditionalCovariance => $@"\mathbb{{E}}[{string.Join(" ", head.Operands.Select(ExpressionPrinter.Latex))} \mid \phi]",
            HeadKind.ConditionalCumulant => $@"{Order(head.Operands.Count, "n", "n^")}\, \kappa({string.Join(", ", head.Operands.Select(each => $"{{{ExpressionPrinter.Latex(each)}}}'"))} \mid \phi)",
            HeadKind.LinearResponse => $@"\chi[A]_{{{indices}}}",
            HeadKind.NoiseCovariance => $@"\Sigma{Arguments(head.Operands[0], @"\mathrm{Cov}", component => component.Tensor.Latex)}_{{{indices}}}",
            HeadKind.Tadpole => $@"\mathrm{{tadpole}}_{{{indices}}}",
            _ => first,
        };
    }

    private static string MathMlHead(FormulaHead head)
    {
        string first = ExpressionPrinter.MathMl(head.Operands[0]);
        string indices = string.Concat(Subscript(head.Operands[0]).Select(letter => letter == ',' ? "<mo>,</mo>" : $"<mi>{letter}</mi>"));
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
            HeadKind.NoiseCovariance => $"<msub><mrow>{MathMlStyle.Identifier(@"\Sigma" + Arguments(head.Operands[0], @"\mathrm{Cov}", component => component.Tensor.Latex))}</mrow><mrow>{indices}</mrow></msub>",
            HeadKind.Tadpole => $"<msub><mi mathvariant=\"normal\">tadpole</mi><mrow>{indices}</mrow></msub>",
            _ => first,
        };
    }

    private static string Order(int count, string one, string many) => count == 2 ? one : $"{many}{count - 1}";

    private static string Subscript(Expression component) => component is Indexed indexed ? TextStyle.Join(indexed.Indices) : "";

    // What a covariance is of, such as [f; g], behind its name.
    private static string Arguments(Expression covariance, string name, Func<Indexed, string> text) =>
        covariance is Indexed indexed && text(indexed).StartsWith(name, StringComparison.Ordinal) ? text(indexed)[name.Length..] : "";
}

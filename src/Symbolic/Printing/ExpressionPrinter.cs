using System.Runtime.CompilerServices;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Walks an expression once and writes it in a style: the only traversal that any printer uses.</summary>
public static class ExpressionPrinter
{
    private enum Binding
    {
        Sum = 1,
        Product = 2,
        Power = 3,
        Atom = 4,
    }

    /// <summary>The one-neuron pre-activation phi_a that slot variables stand for in print.</summary>
    internal static Tensor Preactivation { get; } = new("phi", @"\phi", 1);

    /// <summary>Plain text; for expressions without indices the parser reads it back to the same object.</summary>
    public static string Text(Expression expression) => Print(expression, TextStyle.Instance);

    /// <summary>LaTeX, without dollar signs.</summary>
    public static string Latex(Expression expression) => Print(expression, LatexStyle.Instance);

    /// <summary>Presentation MathML, without the outer math element.</summary>
    public static string MathMl(Expression expression) => Print(expression, MathMlStyle.Instance);

    /// <summary>The expression in a style.</summary>
    public static string Print(Expression expression, IExpressionStyle style) => Write(expression, style).Text;

    private static string At(Expression expression, IExpressionStyle style, Binding least)
    {
        (string text, Binding binding) = Write(expression, style);
        return binding < least ? style.Bracket(text) : text;
    }

    private static (string Text, Binding Binding) Write(Expression expression, IExpressionStyle style) =>
        expression.Operands.IsEmpty || RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? WriteHere(expression, style)
            : DeepRecursion.Call(pair => WriteHere(pair.expression, pair.style), (expression, style));

    private static (string Text, Binding Binding) WriteHere(Expression expression, IExpressionStyle style)
    {
        switch (expression)
        {
            case Number or Product or Power:
                return Term(expression, style);
            case Sum sum:
                var terms = new List<(bool, string)>();
                // Numbers last: phi^2 + 1, as formulas are written, though the canonical order has them first.
                IEnumerable<Expression> ordered = sum.Operands[0] is Number
                    ? [.. sum.Operands[1..].ToArray(), sum.Operands[0]]
                    : sum.Operands.ToArray();
                foreach (Expression term in ordered)
                {
                    bool negative = Product.SplitCoefficient(term).Coefficient.Sign < 0;
                    terms.Add((negative, At(negative ? -term : term, style, Binding.Product)));
                }

                if (terms[0].Item1 && terms.FindIndex(term => !term.Item1) is > 0 and var positive)
                {
                    (bool, string) first = terms[positive];
                    terms.RemoveAt(positive);
                    terms.Insert(0, first);
                }

                return (style.Sum(terms), Binding.Sum);
            case Constant constant:
                return (style.Constant(constant), Binding.Atom);
            case Symbol symbol:
                return (style.Symbol(symbol), Binding.Atom);
            case Indexed indexed:
                return (style.Indexed(indexed), Binding.Atom);
            case KroneckerDelta delta:
                return (style.Delta(delta.Indices[0], delta.Indices[1]), Binding.Atom);
            case GaussianMean mean:
                return (style.GaussianMean(mean, Print(WithPreactivations(mean), style)), Binding.Atom);
            case IndexSum sum:
                return (style.IndexSum(sum.Index, At(sum.Body, style, Binding.Product)), Binding.Product);
            case Call call:
                var arguments = new string[call.Operands.Length];
                for (int at = 0; at < arguments.Length; at++)
                    arguments[at] = Print(call.Operands[at], style);
                return (style.Call(call.Function, arguments, call), Binding.Atom);
            default:
                throw new NotSupportedException($"{expression.GetType().Name} has no printed form.");
        }
    }

    // A product, split into a sign, a numerator and a denominator.
    private static (string Text, Binding Binding) Term(Expression term, IExpressionStyle style)
    {
        (Rational coefficient, Expression monomial) = Product.SplitCoefficient(term);
        if (coefficient.Sign < 0)
            return (style.Sum([(true, At(-term, style, Binding.Product))]), Binding.Sum);
        List<Expression> numerator = [], denominator = [];
        if (!coefficient.Numerator.IsOne)
            numerator.Add(coefficient.Numerator);
        if (!coefficient.Denominator.IsOne)
            denominator.Add(coefficient.Denominator);
        foreach (Expression factor in WithRootsOfNumbersJoined(monomial.Factors))
        {
            if (factor is Power { Exponent: Number { Value: var p } } power && p.Sign < 0)
                denominator.Add(Power.Of(power.Base, -p));
            else if (!factor.IsOne)
                numerator.Add(factor);
        }

        if (denominator.Count == 0)
            return Factors(numerator, style);
        (string top, Binding topBinding) = Factors(numerator, style);
        (string bottom, Binding bottomBinding) = Factors(denominator, style);
        if (!style.FractionsAreStacked)
        {
            if (topBinding < Binding.Product)
                top = style.Bracket(top);
            if (bottomBinding < Binding.Power)
                bottom = style.Bracket(bottom);
        }

        return (style.Fraction(top, bottom), Binding.Product);
    }

    // Roots of numbers are kept by primes; sqrt(2)*sqrt(3) is written sqrt(6).
    private static List<Expression> WithRootsOfNumbersJoined(ReadOnlySpan<Expression> factors)
    {
        var result = new List<Expression>(factors.Length);
        foreach (Expression factor in factors)
        {
            if (result.Count > 0 && Power.BaseOf(factor) is Number { Value: var r } && Power.BaseOf(result[^1]) is Number { Value: var s }
                && factor is Power { Exponent: Number } power && result[^1] is Power before && ReferenceEquals(power.Exponent, before.Exponent)
                && r.IsInteger && s.IsInteger && r.Sign > 0 && s.Sign > 0)
                result[^1] = Power.Uncollected(r * s, power.Exponent);
            else
                result.Add(factor);
        }

        return result;
    }

    private static (string Text, Binding Binding) Factors(List<Expression> factors, IExpressionStyle style)
    {
        switch (factors.Count)
        {
            case 0:
                return (style.Integer(1), Binding.Atom);
            case 1:
                return Factor(factors[0], style);
            default:
                var written = new List<string>(factors.Count);
                foreach (Expression factor in factors)
                {
                    (string text, Binding binding) = Factor(factor, style);
                    written.Add(binding < Binding.Product || factor is IndexSum && factor != factors[^1] ? style.Bracket(text) : text);
                }

                return (style.Product(written), Binding.Product);
        }
    }

    private static (string Text, Binding Binding) Factor(Expression factor, IExpressionStyle style)
    {
        if (factor is Number { Value: { IsInteger: true, Sign: >= 0 } value })
            return (style.Integer(value.Numerator), Binding.Atom);
        if (factor is not Power power)
            return Write(factor, style);
        if (power.Exponent is Number { Value: var p })
        {
            if (p == Rational.Half && style.SquareRoot(Print(power.Base, style)) is { } root)
                return (root, Binding.Atom);
            if (p.IsInteger && p.Numerator <= 16 && style.IntegerPower(At(power.Base, style, Binding.Atom), (int)p.Numerator) is { } repeated)
                return (repeated, Binding.Product);
        }

        string exponent = style.ExponentsAreRaised ? Print(power.Exponent, style) : At(power.Exponent, style, Binding.Atom);
        return (style.Power(At(power.Base, style, Binding.Atom), exponent), Binding.Power);
    }

    private static Expression WithPreactivations(GaussianMean mean)
    {
        var table = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        for (int slot = 0; slot < mean.Indices.Length; slot++)
            table[GaussianMean.Slot(slot)] = Preactivation[mean.Indices[slot]];
        return mean.Body.Substitute(table);
    }
}

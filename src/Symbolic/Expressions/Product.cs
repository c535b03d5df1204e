namespace SymbolicEft.Symbolic.Expressions;

/// <summary>
/// A product of at least two factors: flat, equal bases collected, sorted, with at most one number, which comes first.
/// A number times a lone sum is distributed, so that 2(a+b) and 2a+2b are one expression; nothing else is expanded.
/// </summary>
public sealed class Product : Expression
{
    private readonly Expression[] _factors;

    private Product(Expression[] factors)
        : base(ExpressionPool.Mix(13, factors)) => _factors = factors;

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Operands => _factors;

    internal override int Rank => 21;

    /// <summary>The canonical product of factors.</summary>
    public static Expression Of(ReadOnlySpan<Expression> factors)
    {
        Rational coefficient = Rational.One;
        var exponents = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (Expression factor in factors)
            Collect(factor, ref coefficient, exponents);
        if (coefficient.IsZero)
            return Zero;

        // x^a x^b may collapse to a number, a number times a root, or a product of powers: then collect once more.
        var powers = new List<Expression>(exponents.Count);
        bool again = false;
        foreach ((Expression @base, Expression exponent) in exponents)
        {
            Expression power = Power.Of(@base, exponent);
            again |= power is Number or Product || !ReferenceEquals(Power.BaseOf(power), @base);
            powers.Add(power);
        }

        if (again)
        {
            powers.Add(Number.Of(coefficient));
            return Of([.. powers]);
        }

        powers.Sort((left, right) => left.CompareTo(right));
        return powers.Count switch
        {
            0 => Number.Of(coefficient),
            1 => WithCoefficient(coefficient, powers[0]),
            _ => WithCoefficient(coefficient, ExpressionPool.Intern(new Product([.. powers]))),
        };
    }

    /// <summary>The number in front, and the rest (1 for a pure number).</summary>
    public static (Rational Coefficient, Expression Monomial) SplitCoefficient(Expression expression)
    {
        switch (expression)
        {
            case Number number:
                return (number.Value, One);
            case Product { _factors: [Number first, ..] } product:
                Expression[] rest = product._factors[1..];
                return (first.Value, rest.Length == 1 ? rest[0] : ExpressionPool.Intern(new Product(rest)));
            default:
                return (Rational.One, expression);
        }
    }

    /// <summary>Number times an expression that carries no number itself.</summary>
    internal static Expression WithCoefficient(Rational coefficient, Expression rest)
    {
        if (coefficient.IsOne)
            return rest;
        if (rest.IsOne || coefficient.IsZero)
            return Number.Of(coefficient);
        if (rest is Sum sum)
        {
            var terms = new Expression[sum.Operands.Length];
            for (int at = 0; at < terms.Length; at++)
                terms[at] = Of([Number.Of(coefficient), sum.Operands[at]]);
            return Sum.Of(terms);
        }

        Expression[] factors = rest is Product product ? [Number.Of(coefficient), .. product._factors] : [Number.Of(coefficient), rest];
        return ExpressionPool.Intern(new Product(factors));
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(operands);

    internal override bool HasSameContent(Expression other) =>
        other is Product product && _factors.AsSpan().SequenceEqual(product._factors);

    private static void Collect(Expression factor, ref Rational coefficient, Dictionary<Expression, Expression> exponents)
    {
        switch (factor)
        {
            case Number number:
                coefficient *= number.Value;
                break;
            case Product product:
                foreach (Expression inner in product._factors)
                    Collect(inner, ref coefficient, exponents);
                break;
            default:
                Expression @base = Power.BaseOf(factor), exponent = Power.ExponentOf(factor);
                exponents[@base] = exponents.TryGetValue(@base, out Expression? before) ? before + exponent : exponent;
                break;
        }
    }
}

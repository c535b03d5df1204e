namespace SymbolicEft.Symbolic.Expressions;

/// <summary>A sum of at least two terms: flat, like terms collected, sorted.</summary>
public sealed class Sum : Expression
{
    private readonly Expression[] _terms;

    private Sum(Expression[] terms)
        : base(ExpressionPool.Mix(11, terms)) => _terms = terms;

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Operands => _terms;

    internal override int Rank => 20;

    /// <summary>The canonical sum of terms.</summary>
    public static Expression Of(ReadOnlySpan<Expression> terms)
    {
        var coefficients = new Dictionary<Expression, Rational>(ReferenceEqualityComparer.Instance);
        Rational constant = Rational.Zero;
        foreach (Expression term in terms)
        {
            foreach (Expression part in term.Terms)
            {
                (Rational coefficient, Expression rest) = Product.SplitCoefficient(part);
                if (rest.IsOne)
                    constant += coefficient;
                else
                    coefficients[rest] = coefficients.TryGetValue(rest, out Rational before) ? before + coefficient : coefficient;
            }
        }

        var collected = new List<(Expression Monomial, Rational Coefficient)>(coefficients.Count);
        foreach ((Expression rest, Rational coefficient) in coefficients)
        {
            if (!coefficient.IsZero)
                collected.Add((rest, coefficient));
        }

        // The dictionary's order never shows: distinct rests are totally ordered.
        collected.Sort((left, right) => left.Monomial.CompareTo(right.Monomial));
        var result = new List<Expression>(collected.Count + 1);
        if (!constant.IsZero)
            result.Add(Number.Of(constant));
        foreach ((Expression rest, Rational coefficient) in collected)
            result.Add(Product.WithCoefficient(coefficient, rest));
        return result.Count switch
        {
            0 => Zero,
            1 => result[0],
            _ => ExpressionPool.Intern(new Sum([.. result])),
        };
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(operands);

    internal override bool HasSameContent(Expression other) => other is Sum sum && _terms.AsSpan().SequenceEqual(sum._terms);
}

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>An expression read as a polynomial in some of its atoms.</summary>
internal static class Polynomials
{
    /// <summary>The coefficient of symbol^power, the expression multiplied out.</summary>
    public static Expression Coefficient(this Expression expression, Symbol symbol, int power)
    {
        var terms = new List<Expression>();
        foreach (Expression term in expression.Expand().Terms)
        {
            (Expression rest, int degree) = Split(term, symbol);
            if (degree == power)
                terms.Add(rest);
        }

        return Expression.Add(terms);
    }

    /// <summary>
    /// Collects by monomials in components of one tensor: the coefficient of each monomial, in the order of the
    /// monomials (the factors of a monomial with repetition, sorted).
    /// </summary>
    public static IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> CollectIn(this Expression expression, Tensor tensor)
    {
        var found = new SortedDictionary<Expression, (IReadOnlyList<Indexed> Atoms, List<Expression> Terms)>();
        foreach (Expression term in expression.Expand().Terms)
        {
            var atoms = new List<Indexed>();
            Expression rest = Expression.One;
            foreach (Expression factor in term.Factors)
            {
                if (Power.BaseOf(factor) is Indexed atom && atom.Tensor == tensor)
                    atoms.AddRange(Enumerable.Repeat(atom, (int)((Number)Power.ExponentOf(factor)).Value.Numerator));
                else
                    rest *= factor;
            }

            Expression key = Expression.Multiply(atoms);
            if (!found.TryGetValue(key, out (IReadOnlyList<Indexed> Atoms, List<Expression> Terms) entry))
                found[key] = entry = (atoms, []);
            entry.Terms.Add(rest);
        }

        return [.. found.Values.Select(entry => (entry.Atoms, Expression.Add(entry.Terms)))];
    }

    private static (Expression Cofactor, int Degree) Split(Expression term, Symbol symbol)
    {
        int degree = 0;
        Expression rest = Expression.One;
        foreach (Expression factor in term.Factors)
        {
            if (ReferenceEquals(Power.BaseOf(factor), symbol) && Power.ExponentOf(factor) is Number { Value.IsInteger: true } exponent)
                degree = (int)exponent.Value.Numerator;
            else
                rest *= factor;
        }

        return (rest, degree);
    }
}

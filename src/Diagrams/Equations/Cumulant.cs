using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>
/// The equal-time cumulant kappa_(E,L): the coefficient at n^-(E - 1 + L) of the joint cumulant of E fields.
/// </summary>
internal sealed class Cumulant : IEquatable<Cumulant>, IComparable<Cumulant>
{
    /// <summary>Creates a cumulant from the number of legs of every field.</summary>
    /// <param name="legsByField">Number of legs of every field, together at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    /// <exception cref="ArgumentException">No leg, or a negative number.</exception>
    public Cumulant(ImmutableArray<int> legsByField, int loops)
    {
        if (legsByField.Any(count => count < 0) || legsByField.Sum() < 1 || loops < 0)
            throw new ArgumentException("A cumulant has at least one leg, and no negative number of legs or loops.");
        LegsByField = legsByField;
        Loops = loops;
    }

    /// <summary>Creates the one-field cumulant kappa_(E,L).</summary>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    public Cumulant(int external, int loops)
        : this([external], loops)
    {
    }

    /// <summary>Number of legs of every field.</summary>
    public ImmutableArray<int> LegsByField { get; }

    /// <summary>L.</summary>
    public int Loops { get; }

    /// <summary>E.</summary>
    public int External => LegsByField.Sum();

    /// <summary>The power of 1/n, E - 1 + L.</summary>
    public int Order => External - 1 + Loops;

    /// <inheritdoc/>
    public int CompareTo(Cumulant? other)
    {
        if (other is null) return 1;
        int result = External.CompareTo(other.External);
        if (result == 0) result = Loops.CompareTo(other.Loops);
        if (result == 0) result = LegsByField.Length.CompareTo(other.LegsByField.Length);
        for (int field = 0; result == 0 && field < LegsByField.Length; field++)
            result = other.LegsByField[field].CompareTo(LegsByField[field]);
        return result;
    }

    /// <inheritdoc/>
    public bool Equals(Cumulant? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Cumulant);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(External, Loops, LegsByField[0]);

    /// <summary>Writes "k(2,0)", with several fields "k(1+1,0)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"k({string.Join('+', LegsByField)},{Loops})");
}

/// <summary>
/// A term of d kappa/dt without regard to which leg goes where: coefficient times the coupling of a vertex times a
/// product of cumulants, all at one time.
/// </summary>
/// <param name="Coefficient">The rational factor; the coupling of (p, m) is the derivative of order m, so 1/m! is in here.</param>
/// <param name="Vertex">The vertex whose coupling stands in the term.</param>
/// <param name="Factors">The cumulants, ascending.</param>
internal sealed record CumulantTerm(Rational Coefficient, VertexType Vertex, ImmutableArray<Cumulant> Factors)
{
    /// <summary>The term without its coefficient, such as "c(1,2) k(1,1)^2 k(2,0)"; terms with equal text are alike.</summary>
    public string Monomial
    {
        get
        {
            IEnumerable<string> factors = Factors.GroupBy(factor => factor).Select(group => group.Count() == 1
                ? group.Key.ToString()
                : string.Create(CultureInfo.InvariantCulture, $"{group.Key}^{group.Count()}"));
            return string.Join(' ', factors.Prepend("c" + Vertex));
        }
    }

    /// <summary>Writes the coefficient and the <see cref="Monomial"/>.</summary>
    public override string ToString() => Coefficient == Rational.One ? Monomial : $"{Coefficient} {Monomial}";

    /// <summary>Adds the coefficients of terms that are alike and sorts by vertex, then by factors; zero terms are dropped.</summary>
    /// <param name="terms">The terms.</param>
    public static ImmutableArray<CumulantTerm> Collect(IEnumerable<CumulantTerm> terms) =>
    [
        .. terms
            .GroupBy(term => term.Monomial, StringComparer.Ordinal)
            .Select(group => group.First() with { Coefficient = group.Aggregate(Rational.Zero, (sum, term) => sum + term.Coefficient) })
            .Where(term => !term.Coefficient.IsZero)
            .OrderBy(term => term.Vertex)
            .ThenBy(term => term.Factors.Length)
            .ThenBy(term => term.Monomial, StringComparer.Ordinal),
    ];
}

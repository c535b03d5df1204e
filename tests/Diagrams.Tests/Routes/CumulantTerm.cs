using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests.Routes;

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

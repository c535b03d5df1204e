using System.Collections.Immutable;
using System.Numerics;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Equations;

// From moments to equations, without diagrams.
//
// The generating function of the moments of one field obeys
//   dM/dt = sum over vertices of h^order J^p/p! * c_(p,m)/m! * (d/dJ)^m M,      h = 1/n,
// because the p-th conditional cumulant of dx is h^(p-1) times the sum over m of c_(p,m) x^m/m!. With M = exp K(J),
//   dK/dt = sum over vertices of h^order J^p/p! * c_(p,m)/m! * A_m,      A_0 = 1, A_(m+1) = dA_m/dJ + K' A_m,
// and K = sum of kappa_(E,L) h^(E-1+L) J^E/E!. The coefficient of J^E/E! h^(E-1+L) is the equation of kappa_(E,L). In
// K', and so in A_m, the power of J never exceeds the power of h, so cutting at the wanted power of h is exact.

/// <summary>Derives the equations of the cumulants from the moment equations, as the second route beside the diagrams.</summary>
public static class MomentRoute
{
    /// <summary>The right-hand side of d kappa_(E,L)/dt, linear terms included, like terms added.</summary>
    /// <param name="theory">A theory of one field.</param>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    /// <exception cref="ArgumentException">The theory has several fields.</exception>
    public static ImmutableArray<CumulantTerm> Derive(FieldTheory theory, int external, int loops)
    {
        if (theory.Fields.Length != 1)
            throw new ArgumentException($"The moment expansion is for one field; the theory has {theory.Fields.Length}.", nameof(theory));
        var wanted = new Cumulant(external, loops);
        int order = wanted.Order;
        IEnumerable<VertexType> vertices = theory.TypesUpTo(order, 2 * order)
            .Where(vertex => vertex.Origin == VertexOrigin.Dynamics)
            .Append(new VertexType(1, 1));
        Series slope = SlopeOfCumulants(order);
        var derivatives = new List<Series> { Series.One };
        var terms = new List<CumulantTerm>();
        foreach (VertexType vertex in vertices)
        {
            while (derivatives.Count <= vertex.KernelLegs)
                derivatives.Add(derivatives[^1].Derivative().Plus(slope.Times(derivatives[^1], order)));
            if (vertex.ResponseLegs > external || vertex.Order > order) continue;
            Rational factor = Factorial(external) / (Factorial(vertex.ResponseLegs) * Factorial(vertex.KernelLegs));
            foreach ((string product, Rational value) in derivatives[vertex.KernelLegs].At(external - vertex.ResponseLegs, order - vertex.Order))
                terms.Add(new CumulantTerm(factor * value, vertex, [.. product.Select(Decode)]));
        }

        return CumulantTerm.Collect(terms);
    }

    // K' = sum of kappa_(E,L) h^(E-1+L) J^(E-1)/(E-1)!; the mean path is subtracted, so kappa_(1,0) = 0.
    private static Series SlopeOfCumulants(int order)
    {
        var slope = new Series();
        for (int external = 1; external <= order + 1; external++)
        {
            for (int loops = external == 1 ? 1 : 0; external - 1 + loops <= order; loops++)
                slope.Add(new Power(external - 1, external - 1 + loops, Encode(external, loops)), Rational.One / Factorial(external - 1));
        }

        return slope;
    }

    // A product of cumulants is a sorted string with one character for each factor.
    private static string Encode(int external, int loops) => ((char)((external << 8) | loops)).ToString();

    private static Cumulant Decode(char factor) => new(factor >> 8, factor & 255);

    private static Rational Factorial(int number)
    {
        BigInteger product = BigInteger.One;
        for (int factor = 2; factor <= number; factor++) product *= factor;
        return product;
    }

    private readonly record struct Power(int J, int H, string Product);

    private sealed class Series
    {
        private readonly Dictionary<Power, Rational> terms = [];

        internal static Series One
        {
            get
            {
                var one = new Series();
                one.Add(new Power(0, 0, ""), Rational.One);
                return one;
            }
        }

        internal void Add(Power power, Rational value) => terms[power] = terms.GetValueOrDefault(power) + value;

        internal IEnumerable<(string Product, Rational Value)> At(int j, int h) => terms
            .Where(term => term.Key.J == j && term.Key.H == h && !term.Value.IsZero)
            .OrderBy(term => term.Key.Product, StringComparer.Ordinal)
            .Select(term => (term.Key.Product, term.Value));

        internal Series Derivative()
        {
            var result = new Series();
            foreach ((Power power, Rational value) in terms)
            {
                if (power.J > 0) result.Add(power with { J = power.J - 1 }, value * power.J);
            }

            return result;
        }

        internal Series Plus(Series other)
        {
            var result = new Series();
            foreach ((Power power, Rational value) in terms) result.Add(power, value);
            foreach ((Power power, Rational value) in other.terms) result.Add(power, value);
            return result;
        }

        internal Series Times(Series other, int order)
        {
            var result = new Series();
            foreach ((Power a, Rational x) in terms)
            {
                foreach ((Power b, Rational y) in other.terms)
                {
                    if (a.H + b.H > order) continue;
                    char[] product = [.. a.Product, .. b.Product];
                    Array.Sort(product);
                    result.Add(new Power(a.J + b.J, a.H + b.H, new string(product)), x * y);
                }
            }

            return result;
        }
    }
}

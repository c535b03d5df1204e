using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests.Routes;

// From moments to equations, without diagrams.
//
// The generating function of the moments of the fields x_f obeys, with h = 1/n,
//   dM/dt = sum over vertices of h^order prod_f J_f^(p_f)/p_f! * c_(p,m) prod_f 1/m_f! (d/dJ_f)^(m_f) M,
// because the conditional cumulant of dx with p_f components of field f is h^(p-1) times the sum over m of
// c_(p,m) prod x_f^(m_f)/m_f!. With M = exp K(J),
//   dK/dt = sum over vertices of h^order prod J_f^(p_f)/p_f! * c_(p,m)/m! * A_m,
//   A_0 = 1, A_(m + one leg of f) = dA_m/dJ_f + (dK/dJ_f) A_m,
// and K = sum of kappa_(E,L) h^(E-1+L) prod J_f^(E_f)/E_f!. The coefficient of prod J_f^(E_f)/E_f! h^(E-1+L) is the
// equation of kappa_(E,L). In dK/dJ, and so in A_m, the power of J never exceeds the power of h, so cutting at the wanted
// power of h is exact.

/// <summary>Derives the equations of the cumulants from the moment equations, as the second route beside the diagrams.</summary>
internal static class MomentRoute
{
    /// <summary>The right-hand side of the time derivative of a cumulant, linear terms included, like terms added.</summary>
    /// <param name="theory">A theory with any number of fields.</param>
    /// <param name="wanted">The cumulant: the number of legs of every field, and the loops.</param>
    /// <exception cref="ArgumentException">The cumulant is written for another number of fields than the theory has.</exception>
    public static ImmutableArray<CumulantTerm> Derive(FieldTheory theory, Cumulant wanted)
    {
        int fields = theory.Fields.Length, order = wanted.Order;
        if (wanted.LegsByField.Length != fields)
            throw new ArgumentException($"The cumulant {wanted} is written for {wanted.LegsByField.Length} fields, the theory has {fields}.", nameof(wanted));
        ImmutableArray<Cumulant> cumulants = CumulantsUpTo(order, fields);
        Series[] slopes = [.. Enumerable.Range(0, fields).Select(field => Slope(cumulants, field))];
        var products = new Dictionary<uint, Series> { [0] = Series.One };
        var terms = new List<CumulantTerm>();
        foreach (VertexType vertex in theory.TypesUpTo(order, 2 * order).Where(vertex => vertex.Origin == VertexOrigin.Dynamics).Concat(LinearVertices(theory)))
        {
            if (vertex.Order > order || !Fits(vertex.ResponseByField, wanted.LegsByField)) continue;
            Rational factor = Rational.One;
            for (int field = 0; field < fields; field++)
            {
                factor *= Rational.Factorial(wanted.LegsByField[field])
                    / (Rational.Factorial(vertex.ResponseByField[field]) * Rational.Factorial(vertex.KernelByField[field]));
            }

            uint rest = Pack([.. wanted.LegsByField.Zip(vertex.ResponseByField, (all, taken) => all - taken)]);
            Series series = Product(vertex.KernelByField, products, slopes, order);
            foreach ((string product, Rational value) in series.At(rest, order - vertex.Order))
                terms.Add(new CumulantTerm(factor * value, vertex, [.. product.Select(symbol => cumulants[symbol])]));
        }

        return CumulantTerm.Collect(terms);
    }

    // The linearised drift: any field may drive any field that a line joins it to.
    private static IEnumerable<VertexType> LinearVertices(FieldTheory theory)
    {
        int fields = theory.Fields.Length;
        return from driven in Enumerable.Range(0, fields)
               from source in Enumerable.Range(0, fields)
               where theory.Propagates(source, driven)
               select new VertexType(One(driven, fields), One(source, fields));
    }

    private static ImmutableArray<int> One(int field, int fields) => [.. Enumerable.Range(0, fields).Select(each => each == field ? 1 : 0)];

    private static bool Fits(ImmutableArray<int> part, ImmutableArray<int> whole) => part.Zip(whole).All(pair => pair.First <= pair.Second);

    private static Series Product(ImmutableArray<int> legs, Dictionary<uint, Series> known, Series[] slopes, int order)
    {
        uint key = Pack(legs);
        if (known.TryGetValue(key, out Series? series)) return series;
        int field = Enumerable.Range(0, legs.Length).First(each => legs[each] > 0);
        Series fewer = Product(legs.SetItem(field, legs[field] - 1), known, slopes, order);
        return known[key] = fewer.Derivative(field).Plus(slopes[field].Times(fewer, order));
    }

    // All cumulants of at most the given power of 1/n; the mean path is subtracted, so there is no kappa_(1,0).
    private static ImmutableArray<Cumulant> CumulantsUpTo(int order, int fields)
    {
        var found = new SortedSet<Cumulant>();
        for (int external = 1; external <= order + 1; external++)
        {
            foreach (ImmutableArray<int> legs in Assignments(external, fields))
            {
                for (int loops = external == 1 ? 1 : 0; external - 1 + loops <= order; loops++) found.Add(new Cumulant(legs, loops));
            }
        }

        return [.. found];
    }

    private static IEnumerable<ImmutableArray<int>> Assignments(int legs, int fields) => fields == 1
        ? [[legs]]
        : from first in Enumerable.Range(0, legs + 1)
          from rest in Assignments(legs - first, fields - 1)
          select rest.Insert(0, first);

    // dK/dJ_f. A product of cumulants is a sorted string of their places in the list.
    private static Series Slope(ImmutableArray<Cumulant> cumulants, int field)
    {
        var slope = new Series();
        for (int place = 0; place < cumulants.Length; place++)
        {
            ImmutableArray<int> legs = cumulants[place].LegsByField;
            if (legs[field] == 0) continue;
            legs = legs.SetItem(field, legs[field] - 1);
            Rational value = legs.Aggregate(Rational.One, (product, count) => product / Rational.Factorial(count));
            slope.Add(new Power(Pack(legs), cumulants[place].Order, ((char)place).ToString()), value);
        }

        return slope;
    }

    // The powers of J_0, J_1, ... in eight bits each; a theory has at most four fields.
    private static uint Pack(ImmutableArray<int> powers)
    {
        uint packed = 0;
        for (int field = 0; field < powers.Length; field++) packed |= (uint)powers[field] << (8 * field);
        return packed;
    }

    private readonly record struct Power(uint J, int H, string Product);

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

        internal IEnumerable<(string Product, Rational Value)> At(uint j, int h) => terms
            .Where(term => term.Key.J == j && term.Key.H == h && !term.Value.IsZero)
            .OrderBy(term => term.Key.Product, StringComparer.Ordinal)
            .Select(term => (term.Key.Product, term.Value));

        internal Series Derivative(int field)
        {
            var result = new Series();
            uint one = 1u << (8 * field);
            foreach ((Power power, Rational value) in terms)
            {
                int degree = (int)(power.J >> (8 * field)) & 255;
                if (degree > 0) result.Add(power with { J = power.J - one }, value * degree);
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

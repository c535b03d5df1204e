using System.Numerics;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

// The sum of all diagrams without a diagram. With every line equal to one, the source y and the field x of vertices
//   V(x, y) = sum over vertices of coupling * h^order * x^m / m! * y^p / p!      (h = 1/n)
// act on a function of the fields as U f = :exp(-V(x, d/dx)): f, derivatives to the right, and the moments are
//   mu_j = (U^-1 x^j)(0).
// Since U = 1 - (terms that raise the degree or the power of h), U^-1 is a finite iteration at fixed order.

/// <summary>A vertex of the oracle: kernel legs and response legs per field (two fields at most), power of 1/n, coupling.</summary>
internal readonly record struct OracleVertex(int M1, int M2, int P1, int P2, int Order, Rational Coupling);

/// <summary>x1^X1 x2^X2 y1^Y1 y2^Y2 h^H.</summary>
internal readonly record struct Monomial(int X1, int X2, int Y1, int Y2, int H);

internal sealed class OperatorOracle
{
    private readonly int order;
    private readonly Dictionary<Monomial, Rational> exponential;

    // mixing: Whether a line from a response leg of one field also ends, with value one, on the other.
    internal OperatorOracle(IEnumerable<OracleVertex> vertices, int order, bool mixing = false)
    {
        this.order = order;
        var potential = new Dictionary<Monomial, Rational>();
        foreach (OracleVertex v in vertices)
        {
            Rational value = -v.Coupling / (Factorial(v.M1) * Factorial(v.M2) * Factorial(v.P1) * Factorial(v.P2));
            if (!mixing)
            {
                Add(potential, new Monomial(v.M1, v.M2, v.P1, v.P2, v.Order), value);
                continue;
            }

            // y1 -> d1 + d2 and y2 -> d1 + d2.
            int p = v.P1 + v.P2;
            for (int k = 0; k <= p; k++)
                Add(potential, new Monomial(v.M1, v.M2, k, p - k, v.Order), value * Binomial(p, k));
        }

        // exp(V) = sum of V^k / k!, as long as terms can matter.
        exponential = new Dictionary<Monomial, Rational> { [default] = Rational.One };
        Dictionary<Monomial, Rational> power = new(exponential);
        for (int k = 1; power.Count > 0; k++)
        {
            var next = new Dictionary<Monomial, Rational>();
            foreach ((Monomial a, Rational x) in power)
            {
                foreach ((Monomial b, Rational y) in potential)
                {
                    var product = new Monomial(a.X1 + b.X1, a.X2 + b.X2, a.Y1 + b.Y1, a.Y2 + b.Y2, a.H + b.H);
                    if (product.H <= order && product.X1 + product.X2 <= 2 * (order - product.H)
                        && product.Y1 + product.Y2 <= 2 * order)
                    {
                        Add(next, product, x * y / k);
                    }
                }
            }

            power = next;
            foreach ((Monomial m, Rational x) in power) Add(exponential, m, x);
        }
    }

    /// <summary>The moment of x1^j1 x2^j2, as coefficients of h^0, h^1, ..., h^order.</summary>
    internal Rational[] Moment(int j1, int j2 = 0)
    {
        // f <- x^j + f - U f until nothing changes.
        var start = new Monomial(j1, j2, 0, 0, 0);
        var f = new Dictionary<Monomial, Rational> { [start] = Rational.One };
        var fresh = f;
        while (fresh.Count > 0)
        {
            var change = new Dictionary<Monomial, Rational>(fresh);
            foreach ((Monomial a, Rational x) in Apply(fresh)) Add(change, a, -x);
            foreach ((Monomial a, Rational x) in change) Add(f, a, x);
            fresh = change;
        }

        var result = new Rational[order + 1];
        for (int h = 0; h <= order; h++) result[h] = f.GetValueOrDefault(new Monomial(0, 0, 0, 0, h));
        return result;
    }

    /// <summary>The cumulants of one field, [E][power of h], from its moments.</summary>
    internal Rational[][] Cumulants(int maximum)
    {
        var moments = new Rational[maximum + 1][];
        for (int j = 0; j <= maximum; j++) moments[j] = Moment(j);
        var cumulants = new Rational[maximum + 1][];
        for (int j = 1; j <= maximum; j++)
        {
            cumulants[j] = [.. moments[j]];
            for (int k = 1; k < j; k++)
            {
                for (int a = 0; a <= order; a++)
                {
                    for (int b = 0; a + b <= order; b++)
                        cumulants[j][a + b] -= Binomial(j - 1, k - 1) * cumulants[k][a] * moments[j - k][b];
                }
            }
        }

        return cumulants;
    }

    private Dictionary<Monomial, Rational> Apply(Dictionary<Monomial, Rational> f)
    {
        var result = new Dictionary<Monomial, Rational>();
        foreach ((Monomial a, Rational x) in f)
        {
            foreach ((Monomial u, Rational y) in exponential)
            {
                if (u.Y1 > a.X1 || u.Y2 > a.X2) continue;
                var product = new Monomial(a.X1 - u.Y1 + u.X1, a.X2 - u.Y2 + u.X2, 0, 0, a.H + u.H);
                if (product.H > order || product.X1 + product.X2 > 2 * (order - product.H)) continue;
                Rational falling = Factorial(a.X1) / Factorial(a.X1 - u.Y1) * (Factorial(a.X2) / Factorial(a.X2 - u.Y2));
                Add(result, product, x * y * falling);
            }
        }

        return result;
    }

    private static void Add(Dictionary<Monomial, Rational> sum, Monomial key, Rational value)
    {
        Rational total = sum.GetValueOrDefault(key) + value;
        if (total.IsZero) sum.Remove(key);
        else sum[key] = total;
    }

    private static Rational Factorial(int k)
    {
        BigInteger product = BigInteger.One;
        for (int i = 2; i <= k; i++) product *= i;
        return product;
    }

    private static Rational Binomial(int n, int k) => Factorial(n) / (Factorial(k) * Factorial(n - k));
}

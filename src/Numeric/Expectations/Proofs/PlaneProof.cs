// How wrong can the trapezoid rule in the plane be? Of
//   E[f(x) he_p(z1) g(y) he_q(z2)],   x = sqrt(Kaa) z1,   y = sqrt(Kbb) v,   v = rho z1 + s z2,   s^2 = 1 - rho^2,
// on the nodes |k h1| <= T, |l h2| <= T, for all rho of the same s, and all Kaa and Kbb of an interval, from bounds of f and g each for itself:
//   |f(sqrt(Kaa) (x + iy))| <= F e^(c x^2) for |y| <= a,   the same of g with G (StripProof.Envelopes), 0 < c < 1/8.
// The rule in z1 over the rule in z2 is off by at most three parts.
//   1. The rule in z1, of f he_p phi times the integral over z2, which is analytic in the same strip, |rho| being at most 1. With
//      |he_q(x + iy)| <= m_q(y) e^(t_q x^2) by Mehler's formula (StripProof), and rho^2 + s^2 = 1,
//        int e^(c v^2) e^(t_q z2^2) phi(z2) dz2 <= D^(-1/2) e^(c z1^2),   D = 1 - 2 t_q - 2 c,
//      so that, with b = 1/2 - 2 c - t_p and T' = T + h/2, the theorem of StripProof says
//        F G m_p(a) m_q(0) D^(-1/2) e^(a^2/2) (2/(e^(2 pi a/h1) - 1) (2b)^(-1/2) + 2 a (2 pi)^(-1/2) e^(-b T'^2)).
//   2. The rule in z2 at each node of z1, where the strip is 1/s times as high: a' = a/s, or less;
//        G m_q(a') e^(a'^2/2) e^(c z1^2) (2/(e^(2 pi a'/h2) - 1) D^(-1/2) + 2 a' (2 pi)^(-1/2) e^(-(1/2 - c - t_q) T'^2)),
//      summed over the nodes of z1 with f he_p phi: times F m_p(0) (2 pi)^(-1/2) (h1 + sqrt(pi/b)).
//   3. What is beyond T, v^2 <= z1^2 + z2^2:
//        F G m_p(0) m_q(0) (2 pi)^(-1/2) (D^(-1/2) e^(-b T^2)/(b T) + (2b)^(-1/2) e^(-d T^2)/(d T)),   d = 1/2 - c - t_q.
// Rectangles about v have to be known as far as (|rho| + s) T'.

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>f^(I)(x) he_P(z1) g^(J)(y) he_Q(z2).</summary>
internal readonly record struct PlaneIntegrand(int I, int P, int J, int Q);

/// <summary>Trapezoid rules of steps 2^-Outer and 2^-Inner out to Range.</summary>
internal readonly record struct PlaneGrid(int Range, int Outer, int Inner);

/// <summary>Bounds of the error of trapezoid rules in the plane, for a range of variances and of s.</summary>
internal sealed class PlaneProof
{
    private const int HighestLevel = 12;
    private const long MostNodes = 1L << 26;

    // More than the rounding of the bounds.
    private const double Slack = 1 + 1e-9;

    private static readonly double LogRootTwoPi = 0.5 * Math.Log(2 * Math.PI);
    private static readonly int[] Ranges = [9, 11, 14, 18, 22, 28, 36];
    private static readonly double[] Decays = [0.003, 0.015, 0.05, 0.1];
    private static readonly double[] Lifts = [0.5, 1, 2, 4, 6, 9, 13, 20, 30];
    private static readonly double[] Radii = [0, 0.1, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98];

    private readonly IReadOnlyList<PlaneIntegrand> _integrands;
    private readonly double _complement;

    // By decay, then function, then strip.
    private readonly (double Height, double Size)[][][] _first, _second;
    private readonly Dictionary<(int Range, int Level), double[]> _outer = [], _inner = [];
    private readonly Dictionary<int, double[]> _tails = [];

    /// <summary>Prepares the bounds.</summary>
    /// <param name="first">f and its derivatives.</param>
    /// <param name="second">g and its derivatives.</param>
    /// <param name="integrands">What is integrated.</param>
    /// <param name="complement">The largest s.</param>
    public PlaneProof(StripProof first, StripProof second, IReadOnlyList<PlaneIntegrand> integrands, double complement)
    {
        (_integrands, _complement) = (integrands, complement);
        int firstCount = integrands.Max(each => each.I) + 1, secondCount = integrands.Max(each => each.J) + 1;
        _first = [.. Decays.Select(decay => Enumerable.Range(0, firstCount).Select(i => first.Envelopes(i, decay).ToArray()).ToArray())];
        _second = [.. Decays.Select(decay => Enumerable.Range(0, secondCount).Select(j => second.Envelopes(j, decay).ToArray()).ToArray())];
    }

    /// <summary>The coarsest grid that leaves each integrand within what is allowed; null if there is none.</summary>
    /// <param name="allowed">The error allowed in each integrand.</param>
    /// <param name="correlation">rho.</param>
    public PlaneGrid? Find(ReadOnlySpan<double> allowed, double correlation)
    {
        foreach (int range in Ranges)
        {
            if ((Math.Abs(correlation) + _complement) * (range + 0.5) > StripProof.Reach) break;
            if (!IsWithin(Tails(range), allowed, 0.1)) continue;
            int outer = 1, inner = 1;
            while (outer <= HighestLevel && !IsWithin(Outer(range, outer), allowed, 0.4)) outer++;
            while (inner <= HighestLevel && !IsWithin(Inner(range, inner), allowed, 0.4)) inner++;
            if (outer > HighestLevel || inner > HighestLevel) continue;
            return 4L * range * range << (outer + inner) <= MostNodes ? new(range, outer, inner) : null;
        }

        return null;
    }

    /// <summary>A bound of the error of one integrand.</summary>
    public double Bound(PlaneGrid grid, int integrand) =>
        Outer(grid.Range, grid.Outer)[integrand] + Inner(grid.Range, grid.Inner)[integrand] + Tails(grid.Range)[integrand];

    /// <summary>Whether each error is at most a share of what is allowed.</summary>
    internal static bool IsWithin(double[] errors, ReadOnlySpan<double> allowed, double share)
    {
        for (int at = 0; at < errors.Length; at++)
        {
            if (!(errors[at] <= share * allowed[at])) return false;
        }

        return true;
    }

    private double[] Outer(int range, int level) => Known(_outer, (range, level), (integrand, decay) =>
    {
        double step = Math.ScaleB(1, -level), end = range + (0.5 * step), best = double.PositiveInfinity;
        (double ofQ, double spreadQ) = Hermite(integrand.Q, 0);
        foreach ((double height, double size) in _first[decay][integrand.I])
        {
            (double ofP, double spreadP) = Hermite(integrand.P, height);
            double b = 0.5 - (2 * Decays[decay]) - spreadP, d = 1 - (2 * spreadQ) - (2 * Decays[decay]);
            double constant = Math.Log(size) + Math.Log(SecondWithin(decay, integrand.J, height)) + ofP + ofQ - (0.5 * Math.Log(d)) + (0.5 * height * height);
            best = Math.Min(best, (Math.Exp(constant + Resonance(height, step)) / Math.Sqrt(2 * b)) + (2 * height * Math.Exp(constant - LogRootTwoPi - (b * end * end))));
        }

        return best;
    });

    private double[] Inner(int range, int level) => Known(_inner, (range, level), (integrand, decay) =>
    {
        if (_complement == 0) return 0;
        double step = Math.ScaleB(1, -level), end = range + (0.5 * step), best = double.PositiveInfinity;
        (double ofP, double spreadP) = Hermite(integrand.P, 0);
        double b = 0.5 - (2 * Decays[decay]) - spreadP, sizeOfFirst = _first[decay][integrand.I].Min(strip => strip.Size);
        double sum = Math.Log(sizeOfFirst) + ofP - LogRootTwoPi + Math.Log(1 + Math.Sqrt(Math.PI / b));
        foreach ((double height, double size) in _second[decay][integrand.J])
        {
            for (int at = 0; at <= Lifts.Length; at++)
            {
                // Not higher than makes the density too large.
                double highest = Math.Min(height / _complement, 36), lift = at < Lifts.Length ? Lifts[at] : highest;
                if (lift > highest) continue;
                (double ofQ, double spreadQ) = Hermite(integrand.Q, lift);
                double d = 1 - (2 * spreadQ) - (2 * Decays[decay]), constant = sum + Math.Log(size) + ofQ + (0.5 * lift * lift);
                best = Math.Min(best, (Math.Exp(constant + Resonance(lift, step)) / Math.Sqrt(d))
                    + (2 * lift * Math.Exp(constant - LogRootTwoPi - ((0.5 - spreadQ - Decays[decay]) * end * end))));
            }
        }

        return best;
    });

    private double[] Tails(int range)
    {
        if (_tails.TryGetValue(range, out double[]? known)) return known;
        double[] tails = Least((integrand, decay) =>
        {
            ((double ofP, double spreadP), (double ofQ, double spreadQ)) = (Hermite(integrand.P, 0), Hermite(integrand.Q, 0));
            double c = Decays[decay], b = 0.5 - (2 * c) - spreadP, d = 0.5 - c - spreadQ;
            double constant = Math.Log(_first[decay][integrand.I].Min(strip => strip.Size)) + Math.Log(_second[decay][integrand.J].Min(strip => strip.Size)) + ofP + ofQ - LogRootTwoPi;
            return (Math.Exp(constant - (b * range * range)) / (b * range * Math.Sqrt(2 * d))) + (Math.Exp(constant - (d * range * range)) / (d * range * Math.Sqrt(2 * b)));
        });
        _tails.Add(range, tails);
        return tails;
    }

    private double[] Known(Dictionary<(int Range, int Level), double[]> known, (int Range, int Level) key, Func<PlaneIntegrand, int, double> bound)
    {
        if (!known.TryGetValue(key, out double[]? errors)) known.Add(key, errors = Least(bound));
        return errors;
    }

    // Over the decays.
    private double[] Least(Func<PlaneIntegrand, int, double> bound) =>
        [.. _integrands.Select(integrand => Enumerable.Range(0, Decays.Length).Min(decay => bound(integrand, decay) is var error && double.IsNaN(error) ? double.PositiveInfinity : error * Slack))];

    private double SecondWithin(int decay, int j, double height)
    {
        double least = double.PositiveInfinity;
        foreach ((double own, double size) in _second[decay][j])
        {
            if (own >= height) least = Math.Min(least, size);
        }

        return least;
    }

    // ln of 2/(e^(2 pi a/h) - 1).
    private static double Resonance(double height, double step)
    {
        double exponent = 2 * Math.PI * height / step;
        return Math.Log(2) - (exponent > 30 ? exponent - 1e-12 : Math.Log(Math.Exp(exponent) - 1));
    }

    /// <summary>ln m and t of |he_p(x + iy)| &lt;= m e^(t x^2).</summary>
    internal static (double Size, double Spread) Hermite(int order, double height)
    {
        if (order == 0) return (0, 0);
        (double Size, double Spread) best = (double.PositiveInfinity, 0);
        for (int at = 1; at < Radii.Length; at++)
        {
            double size = StripProof.LogMehler(order, Radii[at], height);
            if (size < best.Size) best = (size, StripProof.Spread(Radii[at]));
        }

        return best;
    }
}

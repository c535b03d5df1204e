// How wrong can Gauss-Legendre panels in the plane be, for functions f and g that are analytic between kinks? Of
//   E[f(x) he_p(z1) g(y) he_q(z2)],   x = sqrt(Kaa) z1,   y = sqrt(Kbb) v,   v = rho z1 + s z2,
// on |z1|, |z2| <= T, by rules of N = 20 points: in z1 panels no wider than Near s/|rho| where a kink v = c of g is within reach, |c - rho z1| <= s T, and than
// Far elsewhere, none with a kink of f inside; in z2 panels no wider than Inner, none with a kink of g inside. By EllipseRule a panel of half-width r is off by at most
//   r C(R) M,   C(R) = (64/15) R^(-2N)/(1 - R^(-2)),
// M a bound on its ellipse, which reaches h = r (R - 1/R)/2 aside and no further ahead. With BranchEnvelopes F and G of f and g,
// |f| <= F(h) e^(c x^2), and m, t, b, D, d as in PlaneProof:
//   1. In z2 at each z1, of any branch of g, which is continued by s h:   G(s h) e^(c z1^2) m_q(h) e^(h^2/2) (2 pi)^(-1/2) C (w + h + sqrt(pi/d)/2),
//      what the sum of r e^(-d x^2) over panels of width w is at most; summed over the nodes of z1: times F m_p(0) (2 pi)^(-1/2) (2 w + sqrt(pi/b)).
//   2. In z1 where g has one branch:   F(h) G(h) m_p(h) m_q(0) (2 pi D)^(-1/2) e^(h^2/2) C (w + h + sqrt(pi/b)/2).
//   3. In z1 where it has several: the integral over z2, which is one over v, is entire in z1, and at most G m_q(u) e^(u^2/2) D^(-1/2) e^(c x^2) where
//      z2 is u = |rho| h/s aside. The sum of r is s T/|rho| for each kink. So it is of the modes that the kinks of g have in closed form (PlaneIntegrator),
//      W he_k(t) phi(t), which are at most W m_k(u) e^(u^2/2) (2 pi)^(-1/2) there.
//   4. What is beyond T, as in PlaneProof, once more for the rule, and the modes of the kinks where they are not within reach.

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Panels out to Range: of z1 at most Near s/|rho| and Far wide, of z2 Inner.</summary>
internal readonly record struct PanelGrid(int Range, double Near, double Far, double Inner);

/// <summary>Bounds of the error of Gauss-Legendre panels in the plane for functions with kinks, for a range of variances and of s.</summary>
internal sealed class PlanePanelProof
{
    private const double Slack = 1 + 1e-9;

    // Of s/|rho|, of which the largest is that of the largest s.
    private const double LargestComplement = 0.5;

    private static readonly int[] Ranges = [9, 11, 14, 18, 22, 28, 36];
    private static readonly double[] Decays = [0.003, 0.015, 0.05, 0.1];
    private static readonly double[] Widths = [4, 3, 2.4, 2, 1.6, 1.3, 1, 0.8, 0.6, 0.45, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05];
    private static readonly double[] Heights = [0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 1.8, 2.5, 3.5, 5, 7, 10];
    private static readonly double InverseRootTwoPi = 1 / Math.Sqrt(2 * Math.PI);

    private readonly BranchEnvelopes _first, _second;
    private readonly IReadOnlyList<PlaneIntegrand> _integrands;

    // Of each integrand its W, by k.
    private readonly IReadOnlyList<IReadOnlyList<(int Order, double Weight)>> _kinks;
    private readonly double _complement, _ratio;
    private readonly int _places;
    private readonly Dictionary<(int Part, int Range, double Width), double[]> _known = [];

    /// <summary>Prepares the bounds.</summary>
    /// <param name="first">f.</param>
    /// <param name="second">g and its derivatives.</param>
    /// <param name="integrands">What is integrated.</param>
    /// <param name="kinks">Of each the modes that are known in closed form.</param>
    /// <param name="places">At how many places g has kinks.</param>
    /// <param name="complement">The largest s.</param>
    public PlanePanelProof(BranchEnvelopes first, BranchEnvelopes second, IReadOnlyList<PlaneIntegrand> integrands, IReadOnlyList<IReadOnlyList<(int Order, double Weight)>> kinks, int places, double complement)
    {
        (_first, _second, _integrands, _kinks, _places, _complement) = (first, second, integrands, kinks, places, complement);
        _ratio = complement / Math.Sqrt(1 - (complement * complement));
    }

    /// <summary>The widest panels that leave each integrand within what is allowed; null if there are none.</summary>
    public PanelGrid? Find(ReadOnlySpan<double> allowed)
    {
        if (_complement > LargestComplement * Slack) return null;
        foreach (int range in Ranges)
        {
            if (Room(range) < 1) break;
            if (!PlaneProof.IsWithin(Tails(range), allowed, 0.1)) continue;
            double near = Widest(Near, range, allowed), far = Widest(Far, range, allowed), inner = Widest(Inner, range, allowed);
            if (near > 0 && far > 0 && inner > 0) return new(range, near, far, inner);
        }

        return null;
    }

    /// <summary>A bound of the error of one integrand.</summary>
    public double Bound(PanelGrid grid, int integrand) =>
        Near(grid.Range, grid.Near)[integrand] + Far(grid.Range, grid.Far)[integrand] + Inner(grid.Range, grid.Inner)[integrand] + Tails(grid.Range)[integrand];

    private static double Widest(Func<int, double, double[]> part, int range, ReadOnlySpan<double> allowed)
    {
        foreach (double width in Widths)
        {
            if (PlaneProof.IsWithin(part(range, width), allowed, 0.25)) return width;
        }

        return 0;
    }

    // How far ellipses may reach beyond T.
    private double Room(int range) => StripProof.Reach - ((1 + _complement) * range);

    private double[] Inner(int range, double width) => Known((1, range, width), (at, c) =>
    {
        PlaneIntegrand integrand = _integrands[at];
        (double ofP, double spreadP) = PlaneProof.Hermite(integrand.P, 0);
        double b = 0.5 - (2 * c) - spreadP, best = double.PositiveInfinity;
        foreach (double height in Heights)
        {
            if (height > Room(range)) break;
            (double ofQ, double spreadQ) = PlaneProof.Hermite(integrand.Q, height);
            double d = 0.5 - c - spreadQ;
            best = Math.Min(best, _second.Size(integrand.J, _complement * height, c) * Math.Exp(ofQ + (0.5 * height * height)) * InverseRootTwoPi
                * Rule(width, height) * (width + height + (0.5 * Math.Sqrt(Math.PI / d))));
        }

        // Panels of z1 are no wider than the widest.
        return best * _first.Size(integrand.I, 0, c) * Math.Exp(ofP) * InverseRootTwoPi * ((2 * Widths[0]) + Math.Sqrt(Math.PI / b));
    });

    private double[] Far(int range, double width) => Known((2, range, width), (at, c) =>
    {
        PlaneIntegrand integrand = _integrands[at];
        (double ofQ, double spreadQ) = PlaneProof.Hermite(integrand.Q, 0);
        double best = double.PositiveInfinity, d = 1 - (2 * spreadQ) - (2 * c);
        foreach (double height in Heights)
        {
            if (height > Room(range)) break;
            (double ofP, double spreadP) = PlaneProof.Hermite(integrand.P, height);
            double b = 0.5 - (2 * c) - spreadP;
            best = Math.Min(best, _first.Size(integrand.I, height, c) * _second.Size(integrand.J, height, c) * Math.Exp(ofP + ofQ + (0.5 * height * height)) * InverseRootTwoPi
                / Math.Sqrt(d) * Rule(width, height) * (width + height + (0.5 * Math.Sqrt(Math.PI / b))));
        }

        return best;
    });

    private double[] Near(int range, double width) => Known((3, range, width), (at, c) =>
    {
        PlaneIntegrand integrand = _integrands[at];
        double best = double.PositiveInfinity;
        foreach (double aside in Heights)
        {
            double height = aside * _ratio;
            if (height > Room(range)) break;
            ((double ofP, _), (double ofQ, double spreadQ)) = (PlaneProof.Hermite(integrand.P, height), PlaneProof.Hermite(integrand.Q, aside));
            double given = _second.Size(integrand.J, 0, c) * Math.Exp(ofQ) / Math.Sqrt(1 - (2 * spreadQ) - (2 * c));
            foreach ((int order, double weight) in _kinks[at]) given += weight * Math.Exp(PlaneProof.Hermite(order, aside).Size) * InverseRootTwoPi;
            best = Math.Min(best, _first.Size(integrand.I, height, c) * Math.Exp(ofP + (0.5 * height * height) + (0.5 * aside * aside)) * InverseRootTwoPi
                * given * Rule(width, aside) * _ratio * range * _places);
        }

        return best;
    });

    private double[] Tails(int range) => Known((4, range, 0), (at, c) =>
    {
        PlaneIntegrand integrand = _integrands[at];
        ((double ofP, double spreadP), (double ofQ, double spreadQ)) = (PlaneProof.Hermite(integrand.P, 0), PlaneProof.Hermite(integrand.Q, 0));
        double b = 0.5 - (2 * c) - spreadP, d = 0.5 - c - spreadQ, nodes = (2 * Widths[0]) + Math.Sqrt(Math.PI / b);
        double f = _first.Size(integrand.I, 0, c) * Math.Exp(ofP) * InverseRootTwoPi, g = _second.Size(integrand.J, 0, c) * Math.Exp(ofQ);
        double tail = (f * g * Math.Exp(-b * range * range) / (b * range * Math.Sqrt(2 * d)))
            + (2 * f * g * nodes * InverseRootTwoPi * Math.Exp(-d * range * range) / (d * range));
        foreach ((int order, double weight) in _kinks[at])
        {
            (double size, double spread) = PlaneProof.Hermite(order, 0);
            tail += f * weight * Math.Exp(size) * InverseRootTwoPi * ((2 * nodes * Math.Exp((spread - 0.5) * range * range)) + (Math.Exp(-b * range * range) / (b * range)));
        }

        return tail;
    });

    // C, for panels of that width whose ellipses reach so far aside.
    private static double Rule(double width, double aside)
    {
        double slope = 2 * aside / width, r = slope + Math.Sqrt(1 + (slope * slope));
        return 64.0 / 15 * Math.Pow(r, -2 * EllipseRule.Count) / (1 - (1 / (r * r)));
    }

    private double[] Known((int Part, int Range, double Width) key, Func<int, double, double> bound)
    {
        if (!_known.TryGetValue(key, out double[]? errors))
        {
            errors = [.. _integrands.Select((_, at) => Decays.Min(decay => bound(at, decay) is var error && double.IsNaN(error) ? double.PositiveInfinity : error * Slack))];
            _known.Add(key, errors);
        }

        return errors;
    }
}

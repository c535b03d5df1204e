// Proofs of the rules of PlaneIntegrator: without kinks of trapezoid rules (PlaneProof), where all kinks are at 0 of Gauss-Legendre panels (PlanePanelProof).

using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Modes;

internal sealed partial class PlaneIntegrator
{
    private readonly PlaneIntegrand[] _integrands = Integrands(second, highest);
    private readonly Lazy<PlaneProofs> _proofs = new(() => new(first, second, Integrands(second, highest)));

    // The width of proved panels; 0 without a proof.
    private double _evenInner;

    /// <summary>What was integrated without a proof so far; null if nothing was.</summary>
    public Unproved? Unproved { get; private set; }

    partial void Report(in PairFrame frame, double variance) => Unproved ??= Unproved.Plane(first, second, frame.L11 * frame.L11, frame.Correlation, variance);

    // The last of each number of parts: the bounds grow with p and q.
    private static PlaneIntegrand[] Integrands(ActivationDescription second, int highest)
    {
        int parts = PartsOf(second);
        return [.. Enumerable.Range(0, highest + 1).Select(q => new PlaneIntegrand(0, highest - q, Math.Min(q, parts), Math.Max(0, q - parts)))];
    }

    partial void Prove(in PairFrame frame, Span<double> coefficients, ref bool isProved) =>
        isProved = TryProved(frame, Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22)), coefficients);

    // False if there is no rule with a proof.
    private bool TryProved(in PairFrame frame, double deviation, Span<double> coefficients)
    {
        if (!(frame.L11 > 0 && deviation > 0)) return false;
        double accuracy = Math.Max(target, 1e-12);
        PlaneProof? plane = _isSmooth ? _proofs.Value.For(frame.L11 * frame.L11, deviation * deviation, frame.Complement) : null;
        PlanePanelProof? panels = _isSmooth ? null : _proofs.Value.ForPanels(frame.L11 * frame.L11, deviation * deviation, frame.Complement, KinkModes);
        if (plane is null && panels is null) return false;
        double[] sizes = new double[HighestParts + 1], allowed = new double[_integrands.Length];
        Estimate(frame, deviation, sizes);
        for (var again = 0; again < 3; again++)
        {
            for (var at = 0; at < allowed.Length; at++) allowed[at] = Allowed(accuracy * sizes[_integrands[at].J], frame, _integrands[at]) / Factor(deviation, _integrands[at]);
            bool isProved = true;
            if (plane is not null)
            {
                if (plane.Find(allowed, frame.Correlation) is not { } grid) return false;
                _trapezoids.Build([], grid.Range, grid.Outer);
                _reach.Build([], grid.Range, grid.Inner);
                Integrate(frame, _trapezoids.Nodes.AsSpan(0, _trapezoids.Count), _trapezoids.Weights, coefficients);
                for (var at = 0; at < allowed.Length; at++) isProved &= plane.Bound(grid, at) * Factor(deviation, _integrands[at]) <= Allowed(accuracy * Size(coefficients, _integrands[at].J), frame, _integrands[at]);
            }
            else
            {
                if (panels!.Find(allowed) is not { } grid) return false;
                Integrate(frame, grid, coefficients);
                for (var at = 0; at < allowed.Length; at++) isProved &= panels.Bound(grid, at) * Factor(deviation, _integrands[at]) <= Allowed(accuracy * Size(coefficients, _integrands[at].J), frame, _integrands[at]);
            }

            if (isProved) return true;
            for (var r = 0; r <= _parts; r++) sizes[r] = Math.Min(sizes[r], 0.5 * Size(coefficients, r));
        }

        return false;
    }

    // A Gaussian of no width has no modes beyond the zeroth.
    private static double Allowed(double error, in PairFrame frame, PlaneIntegrand integrand) => frame.Complement == 0 && integrand.J > 0 ? double.PositiveInfinity : error;

    // W of PlanePanelProof: J_m dev^m s^m sqrt((q-m-1)!/q!) over what the rest of the coefficient has before its integral.
    private List<(int Order, double Weight)> KinkModes(PlaneIntegrand integrand, double deviation, double complement)
    {
        var modes = new List<(int, double)>();
        for (var m = 0; m < integrand.J && complement > 0; m++)
        {
            double jump = _jumps.Value.Sum(jumps => Math.Abs(jumps[m]));
            int q = integrand.Q + integrand.J;
            double weight = jump * Math.Pow(deviation, m) * Math.Pow(complement, m - integrand.J) / Factor(deviation, integrand);
            for (var r = 0; r <= m; r++) weight /= Math.Sqrt(q - r);
            if (jump > 0) modes.Add((q - m - 1, weight));
        }

        return modes;
    }

    private void Integrate(in PairFrame frame, PanelGrid grid, Span<double> coefficients)
    {
        (_range, _evenInner) = (grid.Range, grid.Inner);
        double width = frame.L22 / Math.Abs(frame.L21);
        _outer.Start(EllipseRule.Count);
        foreach ((double start, double end, bool isSmoothed) in Pieces(frame, true)) _outer.AddEven(start, end, isSmoothed ? grid.Near * width : grid.Far);
        _whole.Start(EllipseRule.Count);
        _whole.AddEven(-_range, _range, grid.Inner);
        Integrate(frame, _outer.Nodes.AsSpan(0, _outer.Count), _outer.Weights, coefficients);
        _evenInner = 0;
    }

    // What f_pq over s^r has before the integral.
    private static double Factor(double deviation, PlaneIntegrand integrand)
    {
        double factor = 1;
        for (var r = 0; r < integrand.J; r++) factor *= deviation / Math.Sqrt(integrand.Q + r + 1);
        return factor;
    }

    // The sizes that the proof refers to, by Cauchy-Schwarz, which are known only afterwards.
    private void Estimate(in PairFrame frame, double deviation, Span<double> sizes)
    {
        _trapezoids.Build([], 9, 3);
        ReadOnlySpan<double> nodes = _trapezoids.Nodes.AsSpan(0, _trapezoids.Count);
        double[] one = new double[nodes.Length], two = new double[(_parts + 1) * nodes.Length];
        Fill(first, frame.L11, 0, nodes, one);
        Fill(second, deviation, 0, nodes, two);
        for (var r = 0; r <= _parts; r++)
        {
            double ofFirst = 0, ofSecond = 0;
            for (var n = 0; n < nodes.Length; n++)
            {
                ofFirst += _trapezoids.Weights[n] * one[n] * one[n];
                ofSecond += _trapezoids.Weights[n] * two[(r * nodes.Length) + n] * two[(r * nodes.Length) + n];
            }

            sizes[r] = Math.Sqrt(ofFirst * ofSecond) * Factor(deviation, new(0, 0, r, 0));
        }

        // The kinks of G, smoothed to a width of s/|rho|.
        double width = frame.Complement / Math.Abs(frame.Correlation), beside = 0;
        if (_kinks.Length == 0 || !double.IsFinite(width)) return;
        foreach (Kink kink in _kinks)
        {
            double centre = kink.Position / frame.L21;
            Fill(first, frame.L11 * width, frame.L11 * centre, nodes, one);
            for (var n = 0; n < nodes.Length; n++) beside += _trapezoids.Weights[n] * Math.Abs(one[n]) * Math.Exp(-0.5 * centre * centre);
        }

        for (var r = 1; r <= _parts; r++)
        {
            foreach ((_, double weight) in KinkModes(new(0, 0, r, 0), deviation, frame.Complement))
                sizes[r] += GaussianTails.Density(0) * width * beside * weight * Factor(deviation, new(0, 0, r, 0));
        }
    }
}

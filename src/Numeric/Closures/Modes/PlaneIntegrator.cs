using System.Numerics;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Modes;

// f_pq = E[F(phi_a) he_p(z1) G(phi_b) he_q(z2)] by direct integration,
//   f_pq = sum_k w_k F(L11 z_k) he_p(z_k) Gq(z_k),   Gq(z1) = E[he_q(z2) G(L21 z1 + L22 z2)].
// Gq is of order L22^q, and what follows divides by L22^2: integrated by parts r times, r = min(q, 2), it keeps its digits however near to
// +-1 the correlation is. G is the sum of what its kinks are, J_m (y - c)_+^m / m! with J_m the jump of its m-th derivative at c, and of a
// smoother rest; the modes of the former are closed, with t = (c - L21 z1)/L22 and the density p:
//   Gq(z1) = sum_{m < r} J_m L22^m sqrt((q-m-1)!/q!) he_(q-m-1)(t) p(t) + L22^r sqrt((q-r)!/q!) E[he_(q-r)(z2) G^(r)(L21 z1 + L22 z2)],
// G^(r) the pointwise derivative, which is no less smooth than bounded.
// Without kinks both rules are the trapezoid rule, of steps and ranges that are proved to be enough (PlaneProof). With kinks both are
// Gauss-Legendre panels of widths that are proved to be enough (PlanePanelProof). Without a proof the outer rule has panels (PanelRule) that end at the kinks of F
// and have the width of the smoothed kinks of G where these are; the inner one has panels that end at the kinks of G wherever one is within
// reach of z1. Without a proof both are refined until all coefficients agree, which is an estimate.

/// <summary>Coefficients of F(phi_a) G(phi_b) by integration in the plane, for correlations near +-1.</summary>
internal sealed class PlaneIntegrator(ActivationDescription first, ActivationDescription second, int highest, double target)
{
    private const int HighestLevel = 8, HighestPanelLevel = 5, HighestParts = 2;

    private readonly bool _isSmooth = first.Kinks.Count + second.Kinks.Count == 0;
    private readonly int _parts = PartsOf(second);
    private readonly Kink[] _kinks = KinksOf(second);
    private readonly Lazy<double[][]> _jumps = new(() => [.. KinksOf(second).Select(kink => Enumerable.Range(0, HighestParts).Select(order => second.Jump(kink, order)).ToArray())]);
    private readonly SplitRule _trapezoids = new(), _reach = new();
    private readonly PanelRule _outer = new(), _inner = new(), _whole = new();
    private readonly double[] _innerSums = new double[highest + 1], _magnitudes = new double[HighestParts + 1];
    private readonly double[] _roots = [.. Enumerable.Range(0, highest + 2).Select(k => Math.Sqrt(k))];
    private readonly double[] _sums = new double[(highest + 1) * (highest + 1)];
    private readonly PlaneIntegrand[] _integrands = Integrands(second, highest);
    private readonly Lazy<PlaneProofs> _proofs = new(() => new(first, second, Integrands(second, highest)));
    private double[] _points = [], _values = [], _before = [], _here = [];
    // The width of proved panels; 0 without a proof.
    private double _evenInner;
    private double _range, _narrowest, _widest, _widestInner;
    private int _nodes;

    /// <summary>What was integrated without a proof so far; null if nothing was.</summary>
    public Unproved? Unproved { get; private set; }

    /// <summary>Computes all coefficients p + q at most the highest order.</summary>
    /// <exception cref="QuadratureException">They do not converge.</exception>
    public void Project(in PairFrame frame, Span<double> coefficients)
    {
        double deviation = Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22));
        if (TryProve(frame, coefficients)) return;
        Unproved ??= Unproved.Plane(first, second, frame.L11 * frame.L11, frame.Correlation, deviation * deviation);
        _range = Math.Max(FactorModes.ChooseRange(first, frame.L11 * frame.L11, 0), FactorModes.ChooseRange(second, deviation * deviation, 0));
        // The highest mode oscillates with wave number sqrt(highest); a step well below its half period resolves it.
        int lowestLevel = !_isSmooth ? 0 : highest > 40 ? 4 : 3, highestLevel = _isSmooth ? HighestLevel : HighestPanelLevel;
        var finer = new double[coefficients.Length];
        Integrate(frame, lowestLevel, coefficients);
        for (int level = lowestLevel + 1; ; level++)
        {
            Integrate(frame, level, finer);
            double worst = WorstDifference(frame, coefficients, finer);
            finer.CopyTo(coefficients);
            if (worst <= Math.Max(target, 1e-12))
            {
                Scale(frame, coefficients);
                return;
            }

            if (level >= highestLevel)
                throw new QuadratureException(FormattableString.Invariant($"The Hermite modes of {first.Name} times {second.Name} at correlation {frame.Correlation:R} and variances {frame.L11 * frame.L11:G6}, {deviation * deviation:G6} {(double.IsNaN(worst) ? "are not finite numbers" : $"are known only to {worst:E1} of their size")}; use fewer modes, as in hermite(4), or a smaller kernel."));
        }
    }

    /// <summary>Computes all coefficients with a proof; false if there is no rule with one.</summary>
    public bool TryProve(in PairFrame frame, Span<double> coefficients)
    {
        if (!TryProved(frame, Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22)), coefficients)) return false;
        Scale(frame, coefficients);
        return true;
    }

    // The last of each number of parts: the bounds grow with p and q.
    private static PlaneIntegrand[] Integrands(ActivationDescription second, int highest)
    {
        int parts = PartsOf(second);
        return [.. Enumerable.Range(0, highest + 1).Select(q => new PlaneIntegrand(0, highest - q, Math.Min(q, parts), Math.Max(0, q - parts)))];
    }

    private static int PartsOf(ActivationDescription second) => Enumerable.Range(1, HighestParts).TakeWhile(order => second.Derivative(order) is not null).Count();

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

    // What the modes of the same number of parts are sums of.
    private double Size(ReadOnlySpan<double> coefficients, int parts)
    {
        double largest = _magnitudes[parts];
        for (var k = 0; k <= highest; k++)
        {
            for (int q = parts; q <= Math.Min(k, parts < _parts ? parts : k); q++) largest = Math.Max(largest, Math.Abs(coefficients[ProductModes.Offset(k, 2) + q]));
        }

        return largest;
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

    // In units of what the modes of the same number of parts are sums of: they are compared before the factors L22^r make them small. Those factors also
    // make of no account that a kink elsewhere than at 0 is known to rounding, which is not small beside the width L22 to which it is smoothed.
    private double WorstDifference(in PairFrame frame, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> finer)
    {
        double rounding = 0;
        foreach (Kink kink in _kinks) rounding = Math.Max(rounding, 1e-15 * Math.Abs(kink.Position) * frame.D);
        Span<double> difference = stackalloc double[HighestParts + 1];
        difference.Clear();
        for (var k = 0; k <= highest; k++)
        {
            for (var q = 0; q <= k; q++)
            {
                int at = ProductModes.Offset(k, 2) + q, parts = Math.Min(q, _parts);
                difference[parts] = Math.Max(difference[parts], Math.Abs(finer[at] - coefficients[at]));
            }
        }

        double worst = 0;
        for (var parts = 0; parts <= _parts; parts++)
        {
            double relative = difference[parts] == 0 ? 0 : difference[parts] / Size(finer, parts);
            if (parts == 0 || !(relative <= rounding)) worst = Math.Max(worst, relative);
        }

        return worst;
    }

    // The factors L22^r, less the deviation of phi_b, which SumInner has.
    private void Scale(in PairFrame frame, Span<double> coefficients)
    {
        double scale = 1;
        for (var r = 1; r <= _parts; r++)
        {
            scale *= frame.Complement;
            for (var k = r; k <= highest; k++)
            {
                for (var q = r; q <= (r < _parts ? r : k); q++) coefficients[ProductModes.Offset(k, 2) + q] *= scale;
            }
        }
    }

    private void Integrate(in PairFrame frame, int level, Span<double> coefficients)
    {
        if (_isSmooth)
        {
            _trapezoids.Build([], _range, level);
            _reach.Build([], _range, level - 1);
            Integrate(frame, _trapezoids.Nodes.AsSpan(0, _trapezoids.Count), _trapezoids.Weights, coefficients);
            return;
        }

        _nodes = level switch { 0 => 12, 1 => 16, 2 => 24, _ => 32 };
        _widest = Math.ScaleB(1, Math.Min(0, 2 - level));
        (_narrowest, _widestInner) = (Math.ScaleB(0.25, -2 * level), (highest > 40 ? 1 : 2) * _widest);
        _reach.Build([], _range, 2 + Math.Max(0, level - 1));
        BuildOuter(frame);
        Integrate(frame, _outer.Nodes.AsSpan(0, _outer.Count), _outer.Weights, coefficients);
    }

    private void Integrate(in PairFrame frame, ReadOnlySpan<double> nodes, ReadOnlySpan<double> weights, Span<double> coefficients)
    {
        Array.Clear(_sums);
        Array.Clear(_magnitudes);
        var outer = new double[nodes.Length];
        Fill(first, frame.L11, 0, nodes, outer);
        for (var k = 0; k < nodes.Length; k++)
        {
            double z = nodes[k], weight = weights[k] * outer[k], before = 0, here = weight;
            if (weight == 0) continue;
            SumInner(frame, z);
            for (var p = 0; p <= highest; p++)
            {
                AddScaled(_innerSums.AsSpan(0, highest + 1 - p), here, _sums.AsSpan(p * (highest + 1)));
                (before, here) = (here, ((z * here) - (_roots[p] * before)) / _roots[p + 1]);
            }

            for (var q = 0; q <= highest; q++)
                _innerSums[Math.Min(q, _parts)] = Math.Max(Math.Abs(_innerSums[Math.Min(q, _parts)]), Math.Abs(_innerSums[q]));
            for (var parts = 0; parts <= Math.Min(_parts, highest); parts++) _magnitudes[parts] += Math.Abs(weight) * _innerSums[parts];
        }

        for (var p = 0; p <= highest; p++)
        {
            for (var q = 0; p + q <= highest; q++) coefficients[ProductModes.Offset(p + q, 2) + q] = _sums[(p * (highest + 1)) + q];
        }
    }

    // Gq(z) over s^min(q, r): z2 has weight s = L22 over the deviation of phi_b.
    private void SumInner(in PairFrame frame, double z)
    {
        double mean = frame.L21 * z;
        if (frame.L22 == 0)
        {
            // A Gaussian of no width has one point and no modes beyond the zeroth.
            Array.Clear(_innerSums);
            _innerSums[0] = second.Value(mean);
            return;
        }

        if (IsWithinReach(frame, mean)) BuildInner(frame, mean);
        bool isCut = _inner.Count > 0;
        PanelRule? panels = isCut ? _inner : _evenInner > 0 ? _whole : null;
        int count = panels?.Count ?? _reach.Count, rows = _parts + 1;
        ReadOnlySpan<double> nodes = (panels?.Nodes ?? _reach.Nodes).AsSpan(0, count), weights = (panels?.Weights ?? _reach.Weights).AsSpan(0, count);
        if (_values.Length < rows * count) (_values, _before, _here) = (new double[rows * count], new double[count], new double[count]);
        Span<double> values = _values.AsSpan(0, rows * count), before = _before.AsSpan(0, count), here = _here.AsSpan(0, count);
        Fill(second, frame.L22, mean, nodes, values);
        before.Clear();
        weights.CopyTo(here);
        ReadOnlySpan<double> top = values[(_parts * count)..];
        double deviation = Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22)), factor = 1;
        for (var q = 0; q <= highest; q++)
        {
            if (q < _parts)
            {
                _innerSums[q] = factor * HermiteGrid.Dot(here, values.Slice(q * count, count));
                factor *= deviation / _roots[q + 1];
                continue;
            }

            int order = q - _parts;
            double parts = factor;
            for (var r = 0; r < _parts; r++) parts *= _roots[_parts - r] / _roots[q - r];
            _innerSums[q] = parts * HermiteGrid.Dot(here, top);
            RaiseHermite(nodes, order, before, here);
            Span<double> next = before;
            before = here;
            here = next;
        }

        AddJumps(frame, mean);
    }

    // before = he_(order + 1), here = he_order: what is before becomes what is next.
    private void RaiseHermite(ReadOnlySpan<double> nodes, int order, Span<double> before, ReadOnlySpan<double> here)
    {
        double root = _roots[order], inverse = 1 / _roots[order + 1];
        int lanes = Vector<double>.Count, n = 0;
        for (; n <= nodes.Length - lanes; n += lanes)
            (((new Vector<double>(nodes[n..]) * new Vector<double>(here[n..])) - (root * new Vector<double>(before[n..]))) * inverse).CopyTo(before[n..]);
        for (; n < nodes.Length; n++) before[n] = ((nodes[n] * here[n]) - (root * before[n])) * inverse;
    }

    private static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> sums)
    {
        int lanes = Vector<double>.Count, n = 0;
        for (; n <= values.Length - lanes; n += lanes)
            (new Vector<double>(sums[n..]) + (factor * new Vector<double>(values[n..]))).CopyTo(sums[n..]);
        for (; n < values.Length; n++) sums[n] += factor * values[n];
    }

    private void AddJumps(in PairFrame frame, double mean)
    {
        for (var kink = 0; kink < _kinks.Length; kink++)
        {
            double t = (_kinks[kink].Position - mean) * frame.D, density = GaussianTails.Density(t);
            double[] jumps = _jumps.Value[kink];
            for (var m = 0; m < _parts && density > 0; m++)
            {
                if (jumps[m] == 0) continue;
                double before = 0, here = density * jumps[m] * Math.Pow(frame.L22, m);
                for (var q = m + 1; q <= highest; q++)
                {
                    double norm = 1;
                    for (var r = 0; r <= m; r++) norm *= _roots[q - r];
                    _innerSums[q] += here / norm / Math.Pow(frame.Complement, Math.Min(q, _parts));
                    int order = q - m - 1;
                    (before, here) = (here, ((t * here) - (_roots[order] * before)) / _roots[order + 1]);
                }
            }
        }
    }

    private void Fill(ActivationDescription function, double scale, double shift, ReadOnlySpan<double> nodes, Span<double> values)
    {
        if (_points.Length < nodes.Length) _points = new double[nodes.Length];
        Span<double> points = _points.AsSpan(0, nodes.Length);
        for (var n = 0; n < points.Length; n++) points[n] = shift + (scale * nodes[n]);
        function.Fill((values.Length / points.Length) - 1, points, values);
    }

    private void BuildOuter(in PairFrame frame)
    {
        double width = frame.L22 / Math.Abs(frame.L21);
        _outer.Start(_nodes);
        foreach ((double start, double end, bool isSmoothed) in Pieces(frame, width < _widest))
            _outer.Add(start, end, _narrowest, isSmoothed ? Math.Min(_widest, _widestInner * width) : _widest);
    }

    // The line of z1 between the kinks of F and, if they are to be resolved, the ends of what is within reach of those of G, which are smoothed there.
    private List<(double Start, double End, bool IsSmoothed)> Pieces(in PairFrame frame, bool resolved)
    {
        var edges = new SortedSet<double> { -_range, _range };
        var smoothed = new List<(double Start, double End)>();
        foreach (Kink kink in first.Kinks)
        {
            if (frame.L11 > 0) Cut(kink.Position / frame.L11);
        }

        foreach (Kink kink in _kinks)
        {
            if (frame.L21 == 0 || !resolved) continue;
            double centre = kink.Position / frame.L21, reach = _range * frame.L22 / Math.Abs(frame.L21);
            smoothed.Add((centre - reach, centre + reach));
            Cut(centre - reach);
            Cut(centre + reach);
        }

        double[] ends = [.. edges];
        return [.. ends.Zip(ends.Skip(1), (start, end) => (start, end, smoothed.Any(part => part.Start < 0.5 * (start + end) && 0.5 * (start + end) < part.End)))];

        void Cut(double at)
        {
            if (Math.Abs(at) < _range) edges.Add(at);
        }
    }

    private bool IsWithinReach(in PairFrame frame, double mean)
    {
        _inner.Start(_evenInner > 0 ? EllipseRule.Count : _nodes);
        foreach (Kink kink in _kinks)
        {
            if (Math.Abs(kink.Position - mean) * frame.D < _range) return true;
        }

        return false;
    }

    private void BuildInner(in PairFrame frame, double mean)
    {
        double start = -_range;
        foreach (Kink kink in _kinks)
        {
            double end = (kink.Position - mean) * frame.D;
            if (!(end > start && end < _range)) continue;
            Piece(start, end);
            start = end;
        }

        Piece(start, _range);

        void Piece(double from, double to)
        {
            if (_evenInner > 0) _inner.AddEven(from, to, _evenInner);
            else _inner.Add(from, to, 4 * _narrowest, _widestInner);
        }
    }

    private static Kink[] KinksOf(ActivationDescription function) =>
        [.. function.Kinks.GroupBy(kink => kink.Position, (position, kinks) => new Kink(position, kinks.Min(kink => kink.Order))).OrderBy(kink => kink.Position)];
}

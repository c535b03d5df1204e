using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

// f_pq = E[F(phi_a) he_p(z1) G(phi_b) he_q(z2)] by direct integration,
//   f_pq = sum_k w_k F(L11 z_k) he_p(z_k) Gq(z_k),   Gq(z1) = E[he_q(z2) G(L21 z1 + L22 z2)].
// Gq is of order L22^q, and what follows divides by L22^2: integrated by parts r times, as often as G has derivatives (at most 2),
//   Gq(z1) = L22^r sqrt((q - r)!/q!) sum_l w_l he_(q-r)(z_l) G^(r)(L21 z1 + L22 z_l),   r = min(q, 2),
// it keeps its digits however near to +-1 the correlation is.
// Both rules are split at kinks (SplitRule); the inner ones move with z1. Where s is small Gq has the kink of G smoothed over
// a width s, so the outer rule is also split around it. Certificate: both steps are halved until all coefficients agree.

/// <summary>Coefficients of F(phi_a) G(phi_b) by integration in the plane, for correlations near +-1.</summary>
internal sealed class PlaneIntegrator(ActivationDescription first, ActivationDescription second, int highest, double target)
{
    private const int HighestLevel = 8, HighestParts = 2;

    private readonly int _parts = second.HighestDerivative(HighestParts);
    private readonly SplitRule _outer = new();
    private readonly SplitRule _inner = new();
    private readonly double[] _innerSums = new double[highest + 1];
    private readonly double[] _roots = [.. Enumerable.Range(0, highest + 2).Select(k => Math.Sqrt(k))];
    private double[] _points = [], _values = [];

    /// <summary>Computes all coefficients p + q at most the highest order.</summary>
    /// <exception cref="QuadratureException">They do not converge.</exception>
    public void Project(in PairFrame frame, Span<double> coefficients)
    {
        var smooth = first.Kinks.Count + second.Kinks.Count == 0;
        var finer = new double[coefficients.Length];
        // The highest mode oscillates with wave number sqrt(highest); a step well below its half period resolves it.
        var level = (smooth ? 3 : 4) + (highest > 40 ? 1 : 0);
        Integrate(frame, level, coefficients);
        while (true)
        {
            level++;
            Integrate(frame, level, finer);
            double largest = 0, difference = 0;
            for (var n = 0; n < finer.Length; n++)
            {
                largest = Math.Max(largest, Math.Abs(finer[n]));
                difference = Math.Max(difference, Math.Abs(finer[n] - coefficients[n]));
            }

            finer.CopyTo(coefficients);
            if (difference <= Math.Max(target, 1e-12) * largest)
            {
                Scale(frame, coefficients);
                return;
            }

            if (level >= HighestLevel)
                throw new QuadratureException(FormattableString.Invariant($"The modes of {first.Name} times {second.Name} at correlation {frame.Correlation:R} are known only to {difference:E1}; use fewer modes, as in hermite(4); {Remedy.Smoothness}."));
        }
    }

    // The factors L22^r, less the deviation of phi_b, which SumInner has: levels are compared before they become small.
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
        const double range = 14;
        coefficients.Clear();
        _outer.Build(OuterCuts(frame), range, level);
        var outer = new double[_outer.Count];
        Fill(first, frame.L11, 0, _outer, outer);
        if (frame.L22 == 0) _inner.SinglePoint();
        else if (second.Kinks.Count == 0) _inner.Build([], range, level - 1);
        for (var k = 0; k < _outer.Count; k++)
        {
            var z = _outer.Nodes[k];
            if (frame.L22 > 0 && second.Kinks.Count > 0) _inner.Build(InnerCuts(frame, z), range, level - 1);
            SumInner(frame, z);
            double weight = _outer.Weights[k] * outer[k], before = 0, here = weight;
            for (var p = 0; p <= highest; p++)
            {
                for (var q = 0; p + q <= highest; q++)
                    coefficients[ProductModes.Offset(p + q, 2) + q] += here * _innerSums[q];
                (before, here) = (here, ((z * here) - (_roots[p] * before)) / _roots[p + 1]);
            }
        }
    }

    private void SumInner(in PairFrame frame, double z)
    {
        int count = _inner.Count, rows = _inner.IsSinglePoint ? 1 : _parts + 1;
        if (_values.Length < rows * count) _values = new double[rows * count];
        var values = _values.AsSpan(0, rows * count);
        Fill(second, frame.L22, frame.L21 * z, _inner, values);
        Array.Clear(_innerSums);
        for (var l = 0; l < count; l++)
        {
            double node = _inner.Nodes[l], before = 0, here = _inner.Weights[l];
            for (var q = 0; q < rows - 1; q++) _innerSums[q] += here * values[(q * count) + l];
            here *= values[((rows - 1) * count) + l];
            for (var q = rows - 1; q <= highest; q++)
            {
                var order = q - rows + 1;
                _innerSums[q] += here;
                (before, here) = (here, ((node * here) - (_roots[order] * before)) / _roots[order + 1]);
            }
        }

        // A Gaussian of no width has one point and no modes beyond the zeroth.
        if (_inner.IsSinglePoint)
        {
            _innerSums.AsSpan(1).Clear();
            return;
        }

        double deviation = Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22)), factor = 1;
        for (var q = 1; q <= highest; q++)
        {
            if (q < rows) factor *= deviation;
            double parts = factor;
            for (var r = 0; r < Math.Min(q, rows - 1); r++) parts /= _roots[q - r];
            _innerSums[q] *= parts;
        }
    }

    private void Fill(ActivationDescription function, double scale, double shift, SplitRule rule, Span<double> values)
    {
        if (_points.Length < rule.Count) _points = new double[rule.Count];
        var points = _points.AsSpan(0, rule.Count);
        for (var n = 0; n < points.Length; n++) points[n] = shift + (scale * rule.Nodes[n]);
        function.Fill((values.Length / points.Length) - 1, points, values);
    }

    private double[] OuterCuts(in PairFrame frame)
    {
        var cuts = new List<double>();
        foreach (Kink kink in first.Kinks)
            cuts.Add(kink.Position * frame.A);
        foreach (Kink kink in second.Kinks)
        {
            if (frame.L21 == 0) continue;
            double centre = kink.Position / frame.L21, width = 10 * frame.L22 / Math.Abs(frame.L21);
            if (width > 3) continue;
            cuts.Add(centre);
            if (width == 0) continue;
            cuts.Add(centre - width);
            cuts.Add(centre + width);
        }

        return [.. cuts];
    }

    private double[] InnerCuts(in PairFrame frame, double z)
    {
        var cuts = new double[second.Kinks.Count];
        for (var n = 0; n < cuts.Length; n++) cuts[n] = (second.Kinks[n].Position - (frame.L21 * z)) * frame.D;
        return cuts;
    }
}

using System.Numerics;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

// f_pq = E[F(phi_a) he_p(z1) G(phi_b) he_q(z2)] by direct integration,
//   f_pq = sum_k w_k F(L11 z_k) he_p(z_k) Gq(z_k),   Gq(z1) = E[he_q(z2) G(L21 z1 + L22 z2)].
// Gq is of order L22^q, and what follows divides by L22^2: integrated by parts r times, r = min(q, 2), it keeps its digits however near to
// +-1 the correlation is:
//   Gq(z1) = L22^r sqrt((q-r)!/q!) E[he_(q-r)(z2) G^(r)(L21 z1 + L22 z2)].
// Both rules are the trapezoid rule, refined until all coefficients agree, which is an estimate. Where proofs are at hand, steps and ranges are those that
// are proved to be enough; and kinks have pieces and terms of their own (PlaneIntegrator.Proof.cs, PlaneIntegrator.Kinks.cs).

/// <summary>Coefficients of F(phi_a) G(phi_b) by integration in the plane, for correlations near +-1.</summary>
internal sealed partial class PlaneIntegrator(ActivationDescription first, ActivationDescription second, int highest, double target)
{
    private const int HighestLevel = 8, HighestPanelLevel = 5, HighestParts = 2;

    private readonly bool _isSmooth = first.Kinks.Count + second.Kinks.Count == 0;
    private readonly int _parts = PartsOf(second);
    private readonly SplitRule _trapezoids = new(), _reach = new();
    private readonly double[] _innerSums = new double[highest + 1], _magnitudes = new double[HighestParts + 1];
    private readonly double[] _roots = [.. Enumerable.Range(0, highest + 2).Select(k => Math.Sqrt(k))];
    private readonly double[] _sums = new double[(highest + 1) * (highest + 1)];
    private double[] _points = [], _values = [], _before = [], _here = [];
    private double _range;

    /// <summary>By how much each of the coefficients computed last can be off.</summary>
    public double Error { get; private set; }

    /// <summary>Computes all coefficients p + q at most the highest order.</summary>
    /// <exception cref="QuadratureException">They do not converge.</exception>
    public void Project(in PairFrame frame, Span<double> coefficients)
    {
        double deviation = Math.Sqrt((frame.L21 * frame.L21) + (frame.L22 * frame.L22));
        if (TryProve(frame, coefficients)) return;
        Report(frame, deviation * deviation);
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
        bool isProved = false;
        Prove(frame, coefficients, ref isProved);
        if (isProved) Scale(frame, coefficients);
        return isProved;
    }

    private static int PartsOf(ActivationDescription second) => Enumerable.Range(1, HighestParts).TakeWhile(order => second.Derivative(order) is not null).Count();

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

    // In units of what the modes of the same number of parts are sums of: they are compared before the factors L22^r make them small. Those factors also
    // make of no account that a kink elsewhere than at 0 is known to rounding, which is not small beside the width L22 to which it is smoothed.
    private double WorstDifference(in PairFrame frame, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> finer)
    {
        double rounding = 0;
        foreach (Kink kink in second.Kinks) rounding = Math.Max(rounding, 1e-15 * Math.Abs(kink.Position) * frame.D);
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
        Error = 0;
        for (var r = 0; r <= _parts; r++, scale *= frame.Complement) Error = Math.Max(Error, Math.Max(target, 1e-12) * scale * Size(coefficients, r));
        scale = 1;
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
        if (!_isSmooth)
        {
            bool isDone = false;
            IntegratePieces(frame, level, coefficients, ref isDone);
            if (!isDone)
                throw new QuadratureException(FormattableString.Invariant($"The Hermite modes of {first.Name} times {second.Name} at correlation {frame.Correlation:R} need rules that end at kinks, which this program does not have; use symeft solve, or leave one of the two inputs out."));
            return;
        }

        _trapezoids.Build([], _range, level);
        _reach.Build([], _range, level - 1);
        Integrate(frame, _trapezoids.Nodes.AsSpan(0, _trapezoids.Count), _trapezoids.Weights, coefficients);
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

        int count = _reach.Count, rows = _parts + 1;
        (double[] allNodes, double[] allWeights) = (_reach.Nodes, _reach.Weights);
        ChoosePieces(frame, mean, ref allNodes, ref allWeights, ref count);
        ReadOnlySpan<double> nodes = allNodes.AsSpan(0, count), weights = allWeights.AsSpan(0, count);
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
                _innerSums[q] = factor * VectorSums.Dot(here, values.Slice(q * count, count));
                factor *= deviation / _roots[q + 1];
                continue;
            }

            int order = q - _parts;
            double parts = factor;
            for (var r = 0; r < _parts; r++) parts *= _roots[_parts - r] / _roots[q - r];
            _innerSums[q] = parts * VectorSums.Dot(here, top);
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

    private void Fill(ActivationDescription function, double scale, double shift, ReadOnlySpan<double> nodes, Span<double> values)
    {
        if (_points.Length < nodes.Length) _points = new double[nodes.Length];
        Span<double> points = _points.AsSpan(0, nodes.Length);
        for (var n = 0; n < points.Length; n++) points[n] = shift + (scale * nodes[n]);
        function.Fill((values.Length / points.Length) - 1, points, values);
    }

    // What a program without proofs and kinks has none of.
    partial void Prove(in PairFrame frame, Span<double> coefficients, ref bool isProved);

    partial void Report(in PairFrame frame, double variance);

    partial void IntegratePieces(in PairFrame frame, int level, Span<double> coefficients, ref bool isDone);

    partial void ChoosePieces(in PairFrame frame, double mean, ref double[] nodes, ref double[] weights, ref int count);

    partial void AddJumps(in PairFrame frame, double mean);
}

using MathNet.Numerics.Integration;

namespace SymbolicEft.Numeric.Expectations;

// Globally adaptive: a heap of intervals ordered by |20 nodes - (20 + 20 nodes on the halves)|; the worst is bisected until
// ten times the sum of disagreements is below a quarter of the allowance. The accepted value of an interval is that of its
// halves, whose error is far smaller than the disagreement where the integrand is smooth, and comparable at a kink.

/// <summary>An integrand with its density; <paramref name="value"/> receives it without.</summary>
internal delegate LineSample WeightedIntegrand(double z, out double value);

/// <summary>Adaptive integration of a piecewise smooth function over a finite interval.</summary>
internal sealed class AdaptiveGaussLegendre
{
    private const int Order = 20;
    private const double UnitRoundoff = 1.1102230246251565e-16;
    private static readonly GaussLegendreRule Rule = new(-1, 1, Order);

    private readonly WeightedIntegrand _weighted;
    private readonly QuadratureTarget _target;
    private readonly SamplingDensity _density;

    public AdaptiveGaussLegendre(WeightedIntegrand weighted, QuadratureTarget target, SamplingDensity density)
    {
        _weighted = weighted;
        _target = target;
        _density = density;
    }

    /// <summary>The integral over [lower, upper], split at the breakpoints.</summary>
    public LineSample Integrate(double lower, double upper, double tail, ReadOnlySpan<double> breakpoints)
    {
        var queue = new PriorityQueue<Interval, double>();
        var (value, error) = (0.0, 0.0);
        var magnitude = 0.0;
        foreach (var (start, end) in Pieces(lower, upper, breakpoints))
        {
            var interval = Measure(start, end, Panel(start, end));
            queue.Enqueue(interval, -interval.Disagreement);
            value += interval.Value;
            error += interval.Disagreement;
            magnitude += interval.Total.Magnitude;
        }

        // When the intervals run out, the bound says how far it came. Running totals steer; the result is summed afresh at the end.
        var bottomed = new List<Interval>();
        while (10 * error > 0.25 * _target.Allowance(value, magnitude) && queue.Count > 0 && queue.Count + bottomed.Count < _density.MostIntervals)
        {
            var worst = queue.Dequeue();
            var middle = 0.5 * (worst.Start + worst.End);
            if (worst.Disagreement <= worst.Noise || !(worst.Start < middle && middle < worst.End))
            {
                bottomed.Add(worst);
                error -= worst.Disagreement;
                continue;
            }

            var left = Measure(worst.Start, middle, worst.Left);
            var right = Measure(middle, worst.End, worst.Right);
            queue.Enqueue(left, -left.Disagreement);
            queue.Enqueue(right, -right.Disagreement);
            value += left.Value + right.Value - worst.Value;
            error += left.Disagreement + right.Disagreement - worst.Disagreement;
        }

        bottomed.AddRange(queue.UnorderedItems.Select(static item => item.Element));
        bottomed.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var total = new CompensatedSum();
        var (discretisation, size, rounding, slope) = (0.0, 0.0, 0.0, 0.0);
        foreach (var interval in bottomed)
        {
            total.Add(interval.Left.Value);
            total.Add(interval.Right.Value);
            discretisation += 10 * Math.Max(interval.Disagreement - interval.Noise, 0);
            size += interval.Total.Magnitude;
            rounding += interval.Total.Error;
            slope += interval.Total.Slope;
        }

        return GaussianLine.Finish(new LineSample(total.Total, rounding + 12 * UnitRoundoff * size, size, slope), discretisation + tail);
    }

    private List<(double Start, double End)> Pieces(double lower, double upper, ReadOnlySpan<double> breakpoints)
    {
        var cuts = new SortedSet<double> { lower, upper };
        foreach (var point in breakpoints)
        {
            if (point > lower && point < upper) cuts.Add(point);
        }

        var pieces = new List<(double, double)>();
        var start = double.NaN;
        foreach (var end in cuts)
        {
            if (!double.IsNaN(start))
            {
                var parts = (int)Math.Ceiling((end - start) / _density.WidestInterval);
                for (var n = 0; n < parts; n++)
                    pieces.Add((start + (end - start) * n / parts, n == parts - 1 ? end : start + (end - start) * (n + 1) / parts));
            }

            start = end;
        }

        return pieces;
    }

    private Interval Measure(double start, double end, LineSample whole)
    {
        var middle = 0.5 * (start + end);
        return new Interval(start, end, whole, Panel(start, middle), Panel(middle, end));
    }

    private LineSample Panel(double start, double end)
    {
        var half = 0.5 * (end - start);
        var middle = 0.5 * (end + start);
        var lowest = Math.BitIncrement(start);
        var highest = Math.BitDecrement(end);
        var total = new CompensatedSum();
        var (error, magnitude, slope) = (0.0, 0.0, 0.0);
        var (previousZ, previous) = (double.NaN, double.NaN);
        for (var n = 0; n < Order; n++)
        {
            // Inside, so that a jump at the end of an interval is not seen from the wrong side.
            var offset = half * Rule.GetAbscissa(n);
            var z = lowest <= highest ? Math.Clamp(middle + offset, lowest, highest) : middle;
            var weight = half * Rule.GetWeight(n);
            var sample = _weighted(z, out var value);
            total.Add(weight * sample.Value);
            magnitude += weight * sample.Magnitude;
            error += weight * sample.Error;
            if (n > 0 && z > previousZ)
            {
                var change = weight * Math.Abs(value - previous) / (z - previousZ) * GaussianTails.Density(z);
                slope += change;
                error += 2 * UnitRoundoff * Math.Abs(z) * change;
            }

            (previousZ, previous) = (z, value);
        }

        return new LineSample(total.Total, error, magnitude, slope);
    }

    private sealed record Interval(double Start, double End, LineSample Whole, LineSample Left, LineSample Right)
    {
        public double Value => Left.Value + Right.Value;

        public double Disagreement => Math.Abs(Whole.Value - Left.Value - Right.Value);

        /// <summary>Disagreement that rounding alone may cause.</summary>
        public double Noise => Total.Error + 4 * UnitRoundoff * Total.Magnitude;

        public LineSample Total => new(Value, Left.Error + Right.Error, Left.Magnitude + Right.Magnitude, Left.Slope + Right.Slope);
    }
}

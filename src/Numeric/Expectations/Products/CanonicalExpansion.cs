namespace SymbolicEft.Numeric.Expectations;

// Mehler's series for two groups of variables in canonical coordinates:
//   E[F(x_A) G(x_B)] = sum_pq s1^p s2^q F_pq G_pq.
// Tail of a set of modes, by Cauchy-Schwarz and Parseval:
//   |tail| <= max_(outside) s1^p s2^q  sqrt(E[F^2] - sum F_pq^2)  sqrt(E[G^2] - sum G_pq^2).
// The set grows until the tail fits. The step of the rules is divided by the golden ratio, so that no two grids share a
// resonance, until the sum agrees with the one before, which must itself have come close to its predecessor: geometric
// convergence, not luck. The bound is twice the last difference, which is nearly the whole error of the grid before.

/// <summary>The expectation of a product of two, three or four functions of one Gaussian variable each.</summary>
internal sealed class CanonicalExpansion(GaussianFactor[] factors, CanonicalFrame frame)
{
    private const double Unit = 1.1102230246251565e-16, Golden = 1.618033988749895, FinestStep = 0.02;
    private const double LastThreshold = 1e-17;
    private const int MostModes = 20000, FewModes = 150;

    /// <summary>What the expansion is expected to cost, as a number of modes; infinite if it does not converge in reasonable time.</summary>
    public double Cost { get; } = ModeSet.Of(frame.Largest, frame.Smallest, 1e-15, MostModes) is { } modes && modes.Length(0) <= 1500 ? modes.Count : double.PositiveInfinity;

    /// <summary>The expectation with the best bound that was reached; the magnitude is handed through.</summary>
    /// <param name="allowance">The absolute error to be reached.</param>
    /// <param name="magnitude">E|product|, about.</param>
    public LineSample Evaluate(double allowance, double magnitude)
    {
        var left = Group(frame.First, frame.FirstBlock, frame.FirstAxes);
        var right = Group(frame.Second, frame.SecondBlock, frame.SecondAxes);
        var step = left.IsSmooth && right.IsSmooth ? 0.4 : 0.25;
        var best = new LineSample(double.NaN, double.PositiveInfinity, magnitude, 0);
        // Where all modes that double precision can tell are few, they are taken at once.
        for (var threshold = Cost <= FewModes ? 1e-15 : 1e-5; threshold > LastThreshold; threshold *= 1e-5)
        {
            if (ModeSet.Of(frame.Largest, frame.Smallest, threshold, MostModes) is not { } modes) break;

            // The highest mode has wave number sqrt(p).
            step = Math.Min(step, 2.5 / Math.Sqrt(modes.Length(0) + 1.0));
            double tail = double.PositiveInfinity, last = double.NaN, difference = double.PositiveInfinity;
            for (; step > FinestStep; step /= Golden)
            {
                left.Project(modes, step);
                right.Project(modes, step);
                var sum = Sum(modes, left, right, out tail, out var rounding);
                var before = difference;
                difference = Math.Abs(sum - last);
                var bound = (2 * difference) + tail + rounding;
                if (bound < best.Error) best = new LineSample(sum, bound, magnitude, 0);
                last = sum;
                var floor = Math.Max(0.25 * allowance, rounding);
                if (2 * difference <= floor && before <= Math.Sqrt(floor * Math.Max(magnitude, Math.Abs(sum)))) break;
            }

            if (best.Error <= allowance || tail <= 0.1 * best.Error) return best;
            step *= Golden * Golden;
        }

        return best;
    }

    private GroupProjection Group(int[] variables, KernelBlock block, Rotation axes) =>
        new(factors[variables[0]], variables.Length == 2 ? factors[variables[1]] : null, block, axes);

    private double Sum(ModeSet modes, GroupProjection left, GroupProjection right, out double tail, out double rounding)
    {
        var sum = new CompensatedSum();
        double leftSquares = 0, rightSquares = 0, size = 0, sizes = 0;
        double leftRoot = Math.Sqrt(left.MeanSquare), rightRoot = Math.Sqrt(right.MeanSquare);
        var rowWeight = 1.0;
        for (var q = 0; q < modes.Rows; q++, rowWeight *= frame.Smallest)
        {
            var weight = rowWeight;
            for (var p = 0; p < modes.Length(q); p++, weight *= frame.Largest)
            {
                double f = left.Coefficients[modes.Start(q) + p], g = right.Coefficients[modes.Start(q) + p];
                sum.Add(weight * f * g);
                leftSquares += f * f;
                rightSquares += g * g;

                // Recursions of he_p and powers of s lose a unit an order.
                var order = 2.0 * (p + q) * Unit;
                size += weight * ((Math.Abs(f) * (((right.Rounding + order) * rightRoot) + right.Truncation))
                    + (Math.Abs(g) * (((left.Rounding + order) * leftRoot) + left.Truncation)));
                sizes += weight * Math.Abs(f * g);
            }
        }

        rounding = size + (4 * Unit * sizes);
        tail = modes.LargestLeftOut * Math.Sqrt(Rest(left.MeanSquare, leftSquares, modes.Count) * Rest(right.MeanSquare, rightSquares, modes.Count));
        return sum.Total;
    }

    // Rounded upwards: what is left may be overestimated, never underestimated.
    private static double Rest(double square, double known, int count) =>
        Math.Max(square - known, 0) + ((1e-13 + (count * Unit)) * square);
}

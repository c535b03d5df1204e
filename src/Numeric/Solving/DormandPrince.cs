// The embedded Runge-Kutta pair of Dormand and Prince, order 5(4), with local extrapolation (Hairer, Norsett, Wanner,
// Solving Ordinary Differential Equations I, table 5.2); the last slope of a step is the first of the next. The step is chosen
// from the difference of the two orders. MathNet.Numerics offers fixed-step Runge-Kutta and Adams-Bashforth only.
//
// Output between the steps is interpolated. With x from 0 to 1 in the step h from y to z, the pair's own interpolant of order 4,
//
//   u(x) = y + x A + x (1-x) B + x^2 (1-x) C + x^2 (1-x)^2 D    (loc. cit., II.6; u agrees with y and z in value and slope)
//
// misses the equation by r(x) = h f(u(x)) - u'(x). What has this slope at x = 1/4 and 3/4, and vanishes with its slope at both
// ends, makes it one of order 5:  v(x) = u(x) + x^2 (1-x)^2 (E + F x). The correction is the error of u; a step in which it
// exceeds the tolerance is refused like one whose end is not accurate, and v is the output.
//
// The error of a component is measured by its own size; where it passes zero, by a thousandth of the largest size it has had,
// and where it is zero but for rounding (orthogonal inputs), by a millionth of the natural scale of its kind, such as
// sqrt(K_aa K_bb) for K_ab, at either end of the step. No absolute number enters where there is such a scale: kernels of 1e-10
// are integrated as well as kernels of 1.

namespace SymbolicEft.Numeric.Solving;

/// <summary>Adaptive integration of y' = f(y), with output at any times.</summary>
/// <param name="slope">f: from y to y'.</param>
/// <param name="scales">From y to the natural scale of each component, not negative.</param>
/// <param name="dimension">The length of y.</param>
/// <param name="relativeTolerance">The error allowed in a step.</param>
internal sealed class DormandPrince(Action<double[], double[]> slope, Action<double[], double[]> scales, int dimension, double relativeTolerance)
{
    private const int Stages = 7;

    private static readonly double[][] Coefficients =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    // Weights of the fifth order less those of the fourth.
    private static readonly double[] ErrorWeights =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    // Weights of the slopes in D / h.
    private static readonly double[] MiddleWeights =
    [
        -12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072,
        701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423,
    ];

    private readonly double[][] _slopes = Vectors(Stages, dimension);
    private readonly double[] _trial = new double[dimension], _scales = new double[dimension], _trialScales = new double[dimension], _largest = new double[dimension];

    // A, B, C, D, E, F of the step, and what they are found with.
    private readonly double[][] _interpolant = Vectors(6, dimension);
    private readonly double[] _between = new double[dimension], _betweenSlope = new double[dimension], _quarterDefect = new double[dimension];

    /// <summary>Integrates from time 0 and gives the state at each of the times.</summary>
    /// <param name="y">The state at time 0; at the last time in the end.</param>
    /// <param name="times">Not negative and not decreasing.</param>
    /// <param name="reached">Receives the index of a time and the state there, which is valid during the call.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <param name="stepped">Receives the length of every step taken, the time at its end, and the state there, which is valid during the call; null for nobody.</param>
    /// <exception cref="ComputationException">The step became so small that rounding would dominate.</exception>
    public void Integrate(double[] y, IReadOnlyList<double> times, Action<int, double[]> reached, CancellationToken cancellation = default, Action<double, double, double[]>? stepped = null)
    {
        int next = 0;
        for (; next < times.Count && times[next] <= 0; next++)
            reached(next, y);
        if (next == times.Count)
            return;
        double end = times[^1], done = 0;
        slope(y, _slopes[0]);
        Measure(y);
        double step = FirstStep(y, end);
        while (next < times.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            bool last = step >= end - done;
            if (last)
                step = end - done;
            double reach = last ? end : done + step, error = Try(y, step);
            // NaN is not at most 1.
            if (error <= 1 && times[next] < reach)
                error = Math.Max(error, Interpolate(y, step));
            if (!(error <= 1))
            {
                step *= double.IsNaN(error) ? 0.1 : Math.Max(0.2, 0.9 * Math.Pow(error, -0.2));
                if (step < 1e-12 * end)
                    throw new ComputationException("The continuous-depth equations cannot be integrated to the tolerance: the step went to zero; use discrete stepping.");
                continue;
            }

            for (; next < times.Count && times[next] < reach; next++)
            {
                Between(y, (times[next] - done) / step, _between);
                reached(next, _between);
            }

            _trial.CopyTo(y, 0);
            (_slopes[0], _slopes[^1]) = (_slopes[^1], _slopes[0]);
            Measure(y);
            done = reach;
            stepped?.Invoke(step, done, y);
            for (; next < times.Count && times[next] <= done; next++)
                reached(next, y);
            step *= error == 0 ? 5 : Math.Min(5, 0.9 * Math.Pow(error, -0.2));
        }
    }

    private static double[][] Vectors(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];

    private void Measure(double[] y)
    {
        scales(y, _scales);
        for (int at = 0; at < y.Length; at++)
            _largest[at] = Math.Max(_largest[at], Math.Abs(y[at]));
    }

    // A hundredth of the time in which the fastest component would change by its own size or natural scale.
    private double FirstStep(double[] y, double end)
    {
        double fastest = 0;
        for (int at = 0; at < y.Length; at++)
        {
            double size = Math.Max(Math.Abs(y[at]), _scales[at]);
            if (size > 0) fastest = Math.Max(fastest, Math.Abs(_slopes[0][at]) / size);
        }

        return fastest > 0.01 / end ? 0.01 / fastest : end;
    }

    private double Size(int at, double value, double scale) =>
        Math.Max(Math.Abs(value), scale > 0 ? 1e-3 * Math.Max(_largest[at], 1e-3 * scale) : 1e-3);

    // The error of a step in units of what is allowed (Math.Max keeps NaN); NaN if it left the range of numbers. The end is in _trial, its slope the last.
    private double Try(double[] y, double step)
    {
        for (int stage = 1; stage < Stages; stage++)
        {
            for (int at = 0; at < y.Length; at++)
            {
                double sum = 0;
                for (int before = 0; before < stage; before++)
                    sum += Coefficients[stage][before] * _slopes[before][at];
                _trial[at] = y[at] + (step * sum);
            }

            slope(_trial, _slopes[stage]);
        }

        scales(_trial, _trialScales);
        double largest = 0;
        for (int at = 0; at < y.Length; at++)
            largest = Math.Max(largest, Ratio(at, y, step * Weighted(ErrorWeights, at)));
        return largest;
    }

    // Makes the interpolant of the step tried last, and gives its error in units of what is allowed.
    private double Interpolate(double[] y, double step)
    {
        double[] a = _interpolant[0], b = _interpolant[1], c = _interpolant[2], d = _interpolant[3], e = _interpolant[4], f = _interpolant[5];
        for (int at = 0; at < y.Length; at++)
        {
            a[at] = _trial[at] - y[at];
            b[at] = (step * _slopes[0][at]) - a[at];
            c[at] = a[at] - (step * _slopes[^1][at]) - b[at];
            d[at] = step * Weighted(MiddleWeights, at);
            e[at] = f[at] = 0;
        }

        Defect(y, step, 0.25, _quarterDefect);
        Defect(y, step, 0.75, _betweenSlope);
        double largest = 0;
        for (int at = 0; at < y.Length; at++)
        {
            // The slope of x^2 (1-x)^2 (E + F x) is 3/16 E + 21/256 F at 1/4 and -3/16 E - 27/256 F at 3/4.
            f[at] = -128.0 / 3 * (_quarterDefect[at] + _betweenSlope[at]);
            e[at] = 16.0 / 3 * (_quarterDefect[at] - (21.0 / 256 * f[at]));
            largest = Math.Max(largest, Ratio(at, y, Math.Max(Math.Abs(e[at]), Math.Abs(e[at] + f[at])) / 16));
        }

        return largest;
    }

    private void Defect(double[] y, double step, double x, double[] defect)
    {
        Between(y, x, _between);
        slope(_between, defect);
        for (int at = 0; at < y.Length; at++)
        {
            double moved = _interpolant[0][at] + ((1 - (2 * x)) * _interpolant[1][at]) + (x * (2 - (3 * x)) * _interpolant[2][at])
                + (2 * x * (1 - x) * (1 - (2 * x)) * _interpolant[3][at]);
            defect[at] = (step * defect[at]) - moved;
        }
    }

    private void Between(double[] y, double x, double[] result)
    {
        for (int at = 0; at < y.Length; at++)
        {
            double middle = _interpolant[3][at] + _interpolant[4][at] + (x * _interpolant[5][at]);
            result[at] = y[at] + (x * (_interpolant[0][at] + ((1 - x) * (_interpolant[1][at] + (x * (_interpolant[2][at] + ((1 - x) * middle)))))));
        }
    }

    private double Weighted(double[] weights, int at)
    {
        double sum = 0;
        for (int stage = 0; stage < Stages; stage++)
            sum += weights[stage] * _slopes[stage][at];
        return sum;
    }

    private double Ratio(int at, double[] y, double error) => error == 0
        ? 0
        : Math.Abs(error) / (relativeTolerance * Math.Max(Math.Abs(y[at]), Size(at, _trial[at], Math.Max(_scales[at], _trialScales[at]))));
}

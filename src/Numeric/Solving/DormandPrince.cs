// The embedded Runge-Kutta pair of Dormand and Prince, order 5(4), with local extrapolation (Hairer, Norsett, Wanner,
// Solving Ordinary Differential Equations I, table 5.2). The step is chosen from the difference of the two orders; the
// integration stops exactly at each requested time, so that no interpolation error enters the output.
// MathNet.Numerics offers fixed-step Runge-Kutta and Adams-Bashforth only.
//
// The error of a component is measured by its own size; where it passes zero, by a thousandth of the largest size it has had,
// and where it is zero but for rounding (orthogonal inputs), by a millionth of the natural scale of its kind, such as
// sqrt(K_aa K_bb) for K_ab, at either end of the step. No absolute number enters where there is such a scale: kernels of 1e-10
// are integrated as well as kernels of 1.

namespace SymbolicEft.Numeric.Solving;

/// <summary>Adaptive integration of y' = f(y).</summary>
/// <param name="slope">f: from y to y'.</param>
/// <param name="scales">From y to the natural scale of each component, not negative.</param>
/// <param name="dimension">The length of y.</param>
/// <param name="relativeTolerance">The error allowed in a step.</param>
internal sealed class DormandPrince(Action<double[], double[]> slope, Action<double[], double[]> scales, int dimension, double relativeTolerance)
{
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

    private readonly double[][] _slopes = [.. Enumerable.Range(0, 7).Select(_ => new double[dimension])];
    private readonly double[] _trial = new double[dimension], _scales = new double[dimension], _trialScales = new double[dimension], _largest = new double[dimension];
    private double _step;

    /// <summary>Advances y by a time span.</summary>
    /// <exception cref="ComputationException">The step became so small that rounding would dominate.</exception>
    public void Advance(double[] y, double span)
    {
        double done = 0;
        Measure(y);
        if (_step == 0)
            _step = span / 16;
        while (done < span)
        {
            double step = Math.Min(_step, span - done);
            bool last = step >= span - done;
            double error = Try(y, step);
            if (double.IsNaN(error) || error > 1)
            {
                _step = step * (double.IsNaN(error) ? 0.1 : Math.Max(0.2, 0.9 * Math.Pow(error, -0.2)));
                if (_step < 1e-12 * span)
                    throw new ComputationException("The continuous-depth equations cannot be integrated to the tolerance: the step went to zero; use discrete stepping.");
                continue;
            }

            _trial.CopyTo(y, 0);
            Measure(y);
            done = last ? span : done + step;
            double growth = error == 0 ? 5 : Math.Min(5, 0.9 * Math.Pow(error, -0.2));
            // A step cut short to hit the output time says nothing against the longer one.
            _step = last ? Math.Max(_step, step * growth) : step * growth;
        }
    }

    private void Measure(double[] y)
    {
        scales(y, _scales);
        for (int at = 0; at < y.Length; at++)
            _largest[at] = Math.Max(_largest[at], Math.Abs(y[at]));
    }

    private double Try(double[] y, double step)
    {
        for (int stage = 0; stage < 7; stage++)
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
        {
            double difference = 0;
            for (int stage = 0; stage < 7; stage++)
                difference += ErrorWeights[stage] * _slopes[stage][at];
            if (difference == 0)
                continue;
            double scale = Math.Max(_scales[at], _trialScales[at]);
            double least = scale > 0 ? 1e-3 * Math.Max(_largest[at], 1e-3 * scale) : 1e-3;
            double ratio = Math.Abs(step * difference) / (relativeTolerance * Math.Max(least, Math.Max(Math.Abs(y[at]), Math.Abs(_trial[at]))));
            largest = double.IsNaN(ratio) ? double.NaN : Math.Max(largest, ratio);
            if (double.IsNaN(largest))
                return largest;
        }

        return largest;
    }
}

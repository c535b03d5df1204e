// K1 from its exact source. The block law gives E G' = alpha^2 E G + eps^2 (C_b + C_W E S), so at alpha = 1
//   dK1/dt = C_W U1   with the measured U1 = n (E S - E2(K0)):
// no closure enters. Integrated over a cubic spline through the recorded depths.

using MathNet.Numerics.Interpolation;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>K1 from the measured U1, by the law of the network alone.</summary>
internal static class ExactSource
{
    /// <summary>Integrates the measured source at skip 1.</summary>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="times">t = eps^2 l at the records, increasing, from 0.</param>
    /// <param name="source">U1 over pairs at each record.</param>
    /// <param name="sourceErrors">Its standard errors.</param>
    /// <returns>K1 over pairs at each record, with standard errors: depths are correlated, and errors added up as if fully so bound them from above.</returns>
    public static (double[][] Values, double[][] StandardErrors) Integrate(
        double weightVariance, IReadOnlyList<double> times, IReadOnlyList<IReadOnlyList<double>> source, IReadOnlyList<IReadOnlyList<double>> sourceErrors)
    {
        int records = times.Count, pairs = source[0].Count;
        double[][] values = [.. Enumerable.Range(0, records).Select(_ => new double[pairs])], errors = [.. Enumerable.Range(0, records).Select(_ => new double[pairs])];
        for (int pair = 0; pair < pairs; pair++)
        {
            double[] error = [.. sourceErrors.Select(record => weightVariance * record[pair])];
            var curve = CubicSpline.InterpolateNaturalSorted([.. times], [.. source.Select(record => weightVariance * record[pair])]);
            for (int record = 1; record < records; record++)
            {
                values[record][pair] = curve.Integrate(times[0], times[record]);
                errors[record][pair] = errors[record - 1][pair] + (0.5 * (error[record] + error[record - 1]) * (times[record] - times[record - 1]));
            }
        }

        return (values, errors);
    }
}

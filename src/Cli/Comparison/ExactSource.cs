using MathNet.Numerics.Interpolation;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Comparison;

/// <summary>
/// K1 from its exact source. The block law gives E G' = alpha^2 E G + eps^2 (C_b + C_W E S), so at alpha = 1
/// dK1/dt = C_W U1 with the measured U1 = n (E S - E2(K0)); no closure enters. Integrated over a cubic spline through
/// the recorded depths.
/// </summary>
internal static class ExactSource
{
    /// <summary>Integrates the measured source.</summary>
    public static TheorySeries Integrate(Specification specification, EnsembleSeries ensemble)
    {
        int records = ensemble.Layers.Count, pairs = ensemble.Pairs.Count;
        var values = new double[records][];
        var errors = new double[records][];
        for (int record = 0; record < records; record++)
            (values[record], errors[record]) = (new double[pairs], new double[pairs]);
        if (specification.Skip == 1)
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                double[] source = [.. ensemble.U1!.Select(record => specification.WeightVariance * record[pair])];
                double[] error = [.. ensemble.U1StandardErrors!.Select(record => specification.WeightVariance * record[pair])];
                var curve = CubicSpline.InterpolateNaturalSorted([.. ensemble.Times], source);
                for (int record = 1; record < records; record++)
                {
                    values[record][pair] = curve.Integrate(ensemble.Times[0], ensemble.Times[record]);
                    // Depths are correlated; adding the errors up as if fully so bounds them from above.
                    errors[record][pair] = errors[record - 1][pair]
                        + (0.5 * (error[record] + error[record - 1]) * (ensemble.Times[record] - ensemble.Times[record - 1]));
                }
            }
        }

        return new TheorySeries
        {
            Label = "exact source",
            Role = SeriesRole.ExactSource,
            Pairs = ensemble.Pairs,
            Layers = ensemble.Layers,
            Times = ensemble.Times,
            K1 = specification.Skip == 1 ? values : null,
            K1StandardErrors = specification.Skip == 1 ? errors : null,
        };
    }
}

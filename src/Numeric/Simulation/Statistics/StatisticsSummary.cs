namespace SymbolicEft.Numeric.Simulation;

// From sums about an origin to estimates. With means d = <u>, e = <v> about the origin and m_ij = <u^i v^j>:
//   n Cov(u, v) = n M / (M - 1) (m_11 - d e)
//   its standard error: sqrt of  n^2 M / (M - 1)^2  times the mean square influence
//     <((u - d)(v - e) - c)^2> = m_22 - 2 e m_21 - 2 d m_12 + e^2 m_20 + d^2 m_02 + 4 d e m_11 - 3 d^2 e^2 - c^2,   c = m_11 - d e
// (infinitesimal jackknife over single samples: no Gaussian assumption, no choice of batches).

/// <summary>Estimates and standard errors from sums.</summary>
internal static class StatisticsSummary
{
    public static EnsembleStatistics Build(
        SamplingSettings settings, MomentLayout layout, double[][] kernelOrigin, double[][] sigmaOrigin, bool hasReference,
        long samples, double[] sums, bool cancelled)
    {
        var layers = new LayerStatistics[layout.Records];
        for (int record = 0; record < layers.Length; record++)
        {
            PairEstimate x = Mean(layout, sums, samples, record, MomentLayout.X);
            PairEstimate? y = layout.Fields > MomentLayout.Y ? Mean(layout, sums, samples, record, MomentLayout.Y) : null;
            bool hasSigma = layout.Blocks > MomentLayout.YY;
            layers[record] = new LayerStatistics
            {
                Layer = settings.Recorded[record],
                G = Shift(x, kernelOrigin[record]),
                S = y is null ? null! : Shift(y, sigmaOrigin[record]),
                V4 = Covariance(layout, sums, samples, record, MomentLayout.XX, settings.Width),
                SigmaKernelCovariance = hasSigma ? Covariance(layout, sums, samples, record, MomentLayout.YX, settings.Width) : null!,
                SigmaSigmaCovariance = hasSigma ? Covariance(layout, sums, samples, record, MomentLayout.YY, settings.Width) : null!,
                K1 = hasReference ? Scale(x, settings.Width) : null,
                U1 = hasReference && y is not null ? Scale(y, settings.Width) : null,
                ClosureResidual = layout.Blocks > MomentLayout.RX ? Covariance(layout, sums, samples, record, MomentLayout.RX, settings.Width) : null,
            };
        }

        return new EnsembleStatistics { Samples = samples, Cancelled = cancelled, CovariancePairs = layout.Chosen, Layers = layers };
    }

    private static PairEstimate Mean(MomentLayout layout, double[] sums, long samples, int record, int field)
    {
        var value = new double[layout.Pairs];
        var error = new double[layout.Pairs];
        var effective = new double[layout.Pairs];
        for (int p = 0; p < layout.Pairs; p++)
        {
            double Moment(int power) => sums[layout.Mean(record, field, power) + p] / samples;
            double mean = Moment(1);
            value[p] = mean;
            error[p] = Root((Moment(2) - (mean * mean)) / (samples - 1));
            effective[p] = ErrorBars.EffectiveSamples(samples, mean, Moment(2), Moment(3), Moment(4));
        }

        return new PairEstimate(value, error) { EffectiveSamples = effective };
    }

    private static PairMatrixEstimate Covariance(MomentLayout layout, double[] sums, long samples, int record, int block, int width)
    {
        (int left, int right) = MomentLayout.FieldsOf(block);
        int size = layout.Chosen.Length;
        int product = layout.Table(record, block, MomentLayout.Product), squareSquare = layout.Table(record, block, MomentLayout.SquareSquare);
        int squareLinear = layout.Table(record, block, MomentLayout.SquareLinear), linearSquare = layout.Table(record, block, MomentLayout.LinearSquare);
        int quartic = layout.Table(record, block, MomentLayout.Quartic);
        var value = new double[size, size];
        var error = new double[size, size];
        var effective = new double[size, size];
        for (int p = 0; p < size; p++)
        {
            double d = sums[layout.Mean(record, left, 1) + layout.Chosen[p]] / samples;
            double m20 = sums[layout.Mean(record, left, 2) + layout.Chosen[p]] / samples;
            for (int q = 0; q < size; q++)
            {
                int place = (p * layout.ChosenStride) + q;
                double e = sums[layout.Mean(record, right, 1) + layout.Chosen[q]] / samples;
                double m02 = sums[layout.Mean(record, right, 2) + layout.Chosen[q]] / samples;
                double m11 = sums[product + place] / samples, m22 = sums[squareSquare + place] / samples;
                double m21 = sums[squareLinear + place] / samples, m12 = sums[linearSquare + place] / samples;
                double c = m11 - (d * e);
                double influence = m22 - (2 * e * m21) - (2 * d * m12) + (e * e * m20) + (d * d * m02) + (4 * d * e * m11) - (3 * d * d * e * e) - (c * c);
                double unbiased = (double)samples / (samples - 1);
                value[p, q] = width * unbiased * c;
                error[p, q] = width * unbiased * Root(influence / samples);
                effective[p, q] = ErrorBars.EffectiveSamples(samples, m22, sums[quartic + place] / samples);
            }
        }

        return new PairMatrixEstimate(value, error) { EffectiveSamples = effective };
    }

    // Rounding can make the variance of a constant (K(0) = 0, say) slightly negative; NaN, from a single sample, stays NaN.
    internal static double Root(double variance) => variance < 0 ? 0 : Math.Sqrt(variance);

    internal static PairEstimate Shift(PairEstimate estimate, double[] origin)
    {
        var value = new double[origin.Length];
        for (int p = 0; p < value.Length; p++) value[p] = estimate.Value[p] + origin[p];
        return estimate with { Value = value };
    }

    internal static PairEstimate Scale(PairEstimate estimate, double factor) =>
        estimate with { Value = Array.ConvertAll(estimate.Value, v => factor * v), StandardError = Array.ConvertAll(estimate.StandardError, v => factor * v) };
}

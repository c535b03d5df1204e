namespace SymbolicEft.Numeric.Simulation;

// u = l + d with E l = 0 and n Cov(lu, lv) = C known:
//   E u              = <m>, m the path of the means (ControlVariate), a smaller variance than d
//   n Cov(u, v)      = C + n M / (M - 1) c,   c = <w> - Lu Dv - Du Lv - Du Dv,   w = lu dv + du lv + du dv, L = <l>, D = <d>,
//                      the sample covariance of (u, v) less that of the predictions: unbiased
//   influence        = w + L(sample) + const,  L(sample) = a1 lu + a2 du + a3 lv + a4 dv,
//                      a1 = -Dv, a2 = -(Lv + Dv), a3 = -Du, a4 = -(Lu + Du)
// and the standard error is n M / (M - 1) sqrt(Var(influence) / M), as in StatisticsSummary. What C lacks, if it lacks something, is no
// part of that: its bound is stated apart. Where the path of the means has next to no spread (a linear
// network: none), rounding of the state is what is left: one unit of rounding of the kernel is added to the error of a mean. The gain is the square of the ratio of the
// standard errors without and with the control variate, both from the same samples.

/// <summary>Estimates and standard errors with a control variate.</summary>
internal static class ControlSummary
{
    public static EnsembleStatistics Build(EnsembleStatistics plain, PathwiseControl control, EnsembleReference? reference, ControlLayout layout, double[] sums, SamplingSettings settings)
    {
        var layers = new LayerStatistics[plain.Layers.Count];
        for (int record = 0; record < layers.Length; record++)
            layers[record] = Layer(plain.Layers[record], plain.Samples, control, reference, layout, sums, record, settings);
        return plain with { Layers = layers, ControlOrder = control.HighestOrder, Unproved = control.Unproved };
    }

    private static LayerStatistics Layer(
        LayerStatistics plain, long samples, PathwiseControl control, EnsembleReference? reference, ControlLayout layout, double[] sums, int record, SamplingSettings settings)
    {
        int width = settings.Width;
        double[,] kernel = control.KernelCovariance[record], mixed = control.MixedCovariance[record];
        double[,] kernelTruncation = control.KernelTruncation[record], mixedTruncation = control.MixedTruncation[record];
        PairMatrixEstimate Covariance(int block, Func<int, int, double> exact, Func<int, int, double> remainder) =>
            Estimate(layout, sums, samples, record, block, width, exact, control.HighestOrder == PathwiseControl.AllOrders ? remainder : null);
        PairEstimate x = Mean(layout, sums, samples, record, MomentLayout.X, control.K0[record], settings), g = StatisticsSummary.Shift(x, control.K0[record]);
        // Where S is not measured there is no field of it.
        PairEstimate? y = layout.Plain.Fields > MomentLayout.Y ? Mean(layout, sums, samples, record, MomentLayout.Y, control.E2[record], settings) : null;
        PairEstimate? s = y is null ? null : StatisticsSummary.Shift(y, control.E2[record]);
        var v4 = Covariance(MomentLayout.XX, (p, q) => kernel[p, q], (p, q) => kernelTruncation[p, q]);
        bool hasSigma = layout.Plain.Blocks > MomentLayout.YY;
        PairMatrixEstimate? sigmaKernel = !hasSigma ? null : Covariance(MomentLayout.YX, (p, q) => mixed[p, q], (p, q) => mixedTruncation[p, q]);
        PairMatrixEstimate? sigmaSigma = !hasSigma ? null : Covariance(MomentLayout.YY, (p, q) => control.SigmaCovariance[record][p, q], (p, q) => control.SigmaTruncation[record][p, q]);
        PairMatrixEstimate? residual = null;
        if (reference?.Closure?[record] is { } closure)
        {
            double Residual(double[,] left, double[,] right, int p, int q, double sign)
            {
                double value = left[p, q];
                for (int r = 0; r < layout.Plain.Pairs; r++) value += sign * (sign < 0 ? closure[p, r] : Math.Abs(closure[p, r])) * right[r, q];
                return value;
            }

            residual = Covariance(MomentLayout.RX, (p, q) => Residual(mixed, kernel, p, q, -1), (p, q) => Residual(mixedTruncation, kernelTruncation, p, q, 1));
        }

        return plain with
        {
            G = g,
            S = s!,
            V4 = v4,
            SigmaKernelCovariance = sigmaKernel!,
            SigmaSigmaCovariance = sigmaSigma!,
            ClosureResidual = residual,
            K1 = StatisticsSummary.Scale(reference is null ? x : StatisticsSummary.Shift(x, Difference(control.K0[record], reference.K0[record])), width),
            U1 = y is null ? null : StatisticsSummary.Scale(reference is null ? y : StatisticsSummary.Shift(y, Difference(control.E2[record], reference.E2[record])), width),
            Gain = new ControlGain
            {
                G = Gain(plain.G, g),
                S = s is null ? [] : Gain(plain.S, s),
                V4 = Gain(plain.V4, v4),
                SigmaKernelCovariance = sigmaKernel is null ? null : Gain(plain.SigmaKernelCovariance, sigmaKernel),
                SigmaSigmaCovariance = sigmaSigma is null ? null : Gain(plain.SigmaSigmaCovariance, sigmaSigma),
                ClosureResidual = residual is null ? null : Gain(plain.ClosureResidual!, residual),
            },
        };
    }

    private static PairEstimate Mean(ControlLayout layout, double[] sums, long samples, int record, int field, double[] infiniteWidth, SamplingSettings settings)
    {
        var value = new double[layout.Plain.Pairs];
        var error = new double[value.Length];
        var effective = new double[value.Length];
        var powers = new double[MomentLayout.Powers];
        for (int place = 0; place < value.Length; place++)
        {
            for (int power = 0; power < powers.Length; power++) powers[power] = sums[layout.Mean(record, field, ControlLayout.Path + power) + place];
            (value[place], error[place], effective[place]) = OfPath(samples, powers, settings.Precision, settings.ScaleOf(place, infiniteWidth));
        }

        return new PairEstimate(value, error) { EffectiveSamples = effective };
    }

    /// <summary>The mean of a path, its standard error, and how many samples that rests on.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="powers">Sums of its first four powers.</param>
    /// <param name="precision">Of the state.</param>
    /// <param name="scale">The size of what it is the path of, of which rounding is a share.</param>
    public static (double Value, double StandardError, double EffectiveSamples) OfPath(long samples, ReadOnlySpan<double> powers, StatePrecision precision, double scale)
    {
        double mean = powers[0] / samples, square = powers[1] / samples, error = StatisticsSummary.Root((square - (mean * mean)) / (samples - 1));
        // Zero to the bit in every sample, as at layer 0, is exact.
        double rounding = square == 0 ? 0 : (precision == StatePrecision.Single ? 6e-8 : 1.2e-16) * scale;
        return (mean, rounding == 0 ? error : Math.Sqrt((error * error) + (rounding * rounding)), ErrorBars.EffectiveSamples(samples, mean, square, powers[2] / samples, powers[3] / samples));
    }

    private static PairMatrixEstimate Estimate(
        ControlLayout layout, double[] sums, long samples, int record, int block, int width, Func<int, int, double> exact, Func<int, int, double>? remainder)
    {
        (int left, int right) = MomentLayout.FieldsOf(block);
        int[] chosen = layout.Plain.Chosen;
        double Single(int field, int kind, int index) => sums[layout.Mean(record, field, kind) + chosen[index]] / samples;
        var value = new double[chosen.Length, chosen.Length];
        var error = new double[chosen.Length, chosen.Length];
        var effective = new double[chosen.Length, chosen.Length];
        double[,]? truncation = remainder is null ? null : new double[chosen.Length, chosen.Length];
        for (int p = 0; p < chosen.Length; p++)
        {
            double lu = Single(left, ControlLayout.L, p), du = Single(left, ControlLayout.D, p);
            for (int q = 0; q < chosen.Length; q++)
            {
                int place = (p * layout.Plain.ChosenStride) + q;
                double Table(int kind) => sums[layout.Table(record, block, kind) + place] / samples;
                double lv = Single(right, ControlLayout.L, q), dv = Single(right, ControlLayout.D, q);
                double w = Table(ControlLayout.LeftD) + Table(ControlLayout.DLeft) + Table(ControlLayout.Rest);
                double c = w - (lu * dv) - (du * lv) - (du * dv);
                double a1 = -dv, a2 = -(lv + dv), a3 = -du, a4 = -(lu + du);
                double square = Table(ControlLayout.Square)
                    + (2 * ((a1 * Table(ControlLayout.WithLeftL)) + (a2 * Table(ControlLayout.WithLeftD)) + (a3 * Table(ControlLayout.WithRightL)) + (a4 * Table(ControlLayout.WithRightD))))
                    + (a1 * a1 * Single(left, ControlLayout.LL, p)) + (2 * a1 * a2 * Single(left, ControlLayout.LD, p)) + (a2 * a2 * Single(left, ControlLayout.DD, p))
                    + (a3 * a3 * Single(right, ControlLayout.LL, q)) + (2 * a3 * a4 * Single(right, ControlLayout.LD, q)) + (a4 * a4 * Single(right, ControlLayout.DD, q))
                    + (2 * ((a1 * a3 * Table(ControlLayout.Prediction)) + (a1 * a4 * Table(ControlLayout.LeftD)) + (a2 * a3 * Table(ControlLayout.DLeft)) + (a2 * a4 * Table(ControlLayout.Rest))));
                double mean = w + (a1 * lu) + (a2 * du) + (a3 * lv) + (a4 * dv);
                double unbiased = (double)samples / (samples - 1);
                value[p, q] = exact(chosen[p], chosen[q]) + (width * unbiased * c);
                error[p, q] = width * unbiased * StatisticsSummary.Root((square - (mean * mean)) / samples);
                effective[p, q] = ErrorBars.EffectiveSamples(samples, Table(ControlLayout.Square), Table(ControlLayout.Quartic));
                if (truncation is not null) truncation[p, q] = remainder!(chosen[p], chosen[q]);
            }
        }

        return new PairMatrixEstimate(value, error) { EffectiveSamples = effective, Truncation = truncation };
    }

    private static double Gain(double plain, double controlled) => plain == controlled ? 1 : plain / controlled * (plain / controlled);

    private static double[] Gain(PairEstimate plain, PairEstimate controlled) =>
        [.. plain.StandardError.Select((error, p) => Gain(error, controlled.StandardError[p]))];

    private static double[,] Gain(PairMatrixEstimate plain, PairMatrixEstimate controlled)
    {
        int size = plain.StandardError.GetLength(0);
        var gain = new double[size, size];
        for (int p = 0; p < size; p++)
        {
            for (int q = 0; q < size; q++) gain[p, q] = Gain(plain.StandardError[p, q], controlled.StandardError[p, q]);
        }

        return gain;
    }

    // The reference and the control variate each computed the infinite-width kernel; what their quadratures leave is no difference.
    private static double[] Difference(double[] left, double[] right) =>
        [.. left.Select((value, p) => Math.Abs(value - right[p]) <= 1e-13 * Math.Abs(value) ? 0 : value - right[p])];
}

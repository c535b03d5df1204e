using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Estimates with their standard errors, over pairs.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">Their standard errors.</param>
internal sealed record TangentRow(double[] Value, double[] StandardError)
{
    /// <summary>How many networks each standard error rests on; null where that is not counted.</summary>
    public double[]? EffectiveSamples { get; init; }

    /// <summary>What the control variate saved; null without one.</summary>
    public double[]? Gain { get; init; }
}

/// <summary>n times covariances with their standard errors, over pairs and pairs.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">Their standard errors.</param>
internal sealed record TangentMatrix(double[][] Value, double[][] StandardError)
{
    /// <summary>How many networks each standard error rests on; null where that is not counted.</summary>
    public double[][]? EffectiveSamples { get; init; }

    /// <summary>What the control variate saved; null without one.</summary>
    public double[][]? Gain { get; init; }

    /// <summary>The most by which each can be off beyond its standard error, not random; null if not at all.</summary>
    public double[][]? Truncation { get; init; }
}

/// <summary>One recorded layer.</summary>
/// <param name="G">The mean of G.</param>
/// <param name="Theta">The mean of Theta.</param>
/// <param name="Tau">The mean of tau.</param>
/// <param name="V4">n Cov(G, G).</param>
/// <param name="Variance">n Cov(Theta, Theta).</param>
/// <param name="WithKernel">n Cov(Theta, G), rows Theta.</param>
/// <param name="Single">n Var of the kernel of one output in place of the trace: given the network, 2 tau/n.</param>
internal sealed record TangentLayer(TangentRow G, TangentRow Theta, TangentRow Tau, TangentRow Single, TangentMatrix V4, TangentMatrix Variance, TangentMatrix WithKernel);

/// <summary>What a simulation of the tangent kernel measured.</summary>
/// <param name="Samples">How many networks.</param>
/// <param name="Width">n.</param>
/// <param name="Layers">The recorded layers.</param>
/// <param name="Cancelled">Whether it was ended early.</param>
internal sealed record TangentStatistics(long Samples, int Width, IReadOnlyList<TangentLayer> Layers, bool Cancelled)
{
    /// <summary>Why the plain estimator was used where a control variate was asked for, a whole sentence; null otherwise.</summary>
    public string? WithoutControl { get; init; }

    /// <summary>What the control variate rests on and nothing proves.</summary>
    public IReadOnlyList<Unproved> Unproved { get; init; } = [];

    /// <summary>Which error bars are not to be trusted, and why, as whole sentences.</summary>
    /// <param name="layers">The recorded layers.</param>
    /// <param name="kept">The pairs that are shown.</param>
    /// <param name="name">The name of a pair.</param>
    public IReadOnlyList<string> Warnings(IReadOnlyList<int> layers, IReadOnlyList<int> kept, Func<int, string> name)
    {
        string At(int record) => FormattableString.Invariant($" at layer {layers[record]}");
        IEnumerable<(string, double)> Means(string quantity, Func<TangentLayer, TangentRow> of) => Layers.SelectMany((layer, record) => of(layer).EffectiveSamples is not { } effective ? [] :
            kept.Select(p => ($"{quantity}_{name(p)}{At(record)}", effective[p])));
        IEnumerable<(string Where, TangentMatrix Matrix, int P, int Q)> Matrices(string quantity, Func<TangentLayer, TangentMatrix> of) => Layers.SelectMany((layer, record) => kept.SelectMany(p => kept.Select(q => ($"{quantity}_{name(p)},{name(q)}{At(record)}", of(layer), p, q))));
        (string, Func<TangentLayer, TangentMatrix>)[] covariances = [("V4", layer => layer.V4), ("VarTheta", layer => layer.Variance), ("CovThetaG", layer => layer.WithKernel)];
        return
        [
            .. WithoutControl is { } without ? [without] : Array.Empty<string>(),
            .. new[] { ErrorBars.TooFew("K1", Samples, Means("K1", layer => layer.G)), ErrorBars.TooFew("Theta1", Samples, Means("Theta1", layer => layer.Theta)) }
                .Concat(covariances.Select(each => ErrorBars.TooFew(each.Item1, Samples, Matrices(each.Item1, each.Item2).Where(at => at.Matrix.EffectiveSamples is not null).Select(at => (at.Where, at.Matrix.EffectiveSamples![at.P][at.Q])))))
                .Append(ErrorBars.LeftOut(covariances.SelectMany(each => Matrices(each.Item1, each.Item2)).Where(at => at.Matrix.Truncation is not null).Select(at => (at.Where, at.Matrix.Truncation![at.P][at.Q], at.Matrix.StandardError[at.P][at.Q], at.Matrix.Value[at.P][at.Q]))))
                .OfType<string>(),
        ];
    }

    /// <summary>What a simulation by the exact law of rows with tangents measured (TangentQuantities).</summary>
    /// <param name="statistics">Of all quantities, their covariances included.</param>
    /// <param name="quantities">What they are.</param>
    /// <param name="width">n.</param>
    /// <param name="means">The mean of Theta, over records, where it was measured with the directions integrated; null elsewhere.</param>
    /// <remarks>Error bars of tau off the diagonal and of one output are those of sums of two estimates, at most: correlations between the two are not kept.</remarks>
    public static TangentStatistics Of(EnsembleStatistics statistics, TangentQuantities quantities, int width, TangentRow?[]? means = null)
    {
        InputPair[] inputs = [.. PairIndexing.All(quantities.Inputs)];
        int[] kept = new int[quantities.Count];
        Array.Fill(kept, -1);
        for (int at = 0; at < statistics.CovariancePairs.Count; at++) kept[statistics.CovariancePairs[at]] = at;
        TangentLayer Layer(LayerStatistics layer, int record)
        {
            TangentRow Row(Func<int, int> place)
            {
                double[] Of(double[] of) => [.. inputs.Select((_, p) => of[place(p)])];
                return new(Of(layer.G.Value), Of(layer.G.StandardError)) { EffectiveSamples = Of((layer.K1 ?? layer.G).EffectiveSamples), Gain = layer.Gain is { } gain ? Of(gain.G) : null };
            }

            TangentMatrix Matrix(Func<int, int, (int Left, int Right)> places)
            {
                double[][] Of(double[,] of) => [.. inputs.Select((_, p) => inputs.Select((_, q) => places(p, q) is var (left, right) && kept[left] >= 0 && kept[right] >= 0 ? of[kept[left], kept[right]] : 0).ToArray())];
                return new(Of(layer.V4.Value), Of(layer.V4.StandardError))
                {
                    EffectiveSamples = Of(layer.V4.EffectiveSamples),
                    Gain = layer.Gain is { } gain ? Of(gain.V4) : null,
                    Truncation = layer.V4.Truncation is { } truncation ? Of(truncation) : null,
                };
            }

            // Either order of the two directions has the same mean.
            TangentMatrix variance = Matrix((p, q) => (quantities.Along(1, Math.Min(p, q)), quantities.Along(2, Math.Max(p, q))));
            TangentRow tau = Halves(layer, quantities, inputs, kept);
            return new(
                Row(quantities.Kernel),
                means?[record] is { } better ? Better(Row(quantities.Mean), better) : Row(quantities.Mean),
                tau,
                new([.. inputs.Select((_, p) => variance.Value[p][p] + (2 * tau.Value[p]))], [.. inputs.Select((_, p) => variance.StandardError[p][p] + (2 * tau.StandardError[p]))]),
                Matrix((p, q) => (quantities.Kernel(p), quantities.Kernel(q))),
                variance,
                Matrix((p, q) => (quantities.Mean(p), quantities.Kernel(q))));
        }

        return new(statistics.Samples, width, [.. statistics.Layers.Select(Layer)], statistics.Cancelled)
        {
            WithoutControl = statistics.WithoutControl,
            Unproved = statistics.Unproved,
        };
    }

    // The gain is that over the plain estimate, of which the other one is known.
    private static TangentRow Better(TangentRow known, TangentRow better) => better with
    {
        Gain = known.Gain is { } gain ? [.. gain.Select((each, p) => better.StandardError[p] > 0 ? each * Math.Pow(known.StandardError[p] / better.StandardError[p], 2) : each)] : null,
    };

    // tau: half of two covariances.
    private static TangentRow Halves(LayerStatistics layer, TangentQuantities quantities, InputPair[] inputs, int[] kept)
    {
        double Half(double[,] of, InputPair pair)
        {
            (int aa, int bb, int ab, int ba) = (kept[quantities.Crossed(pair.First, pair.First)], kept[quantities.Crossed(pair.Second, pair.Second)], kept[quantities.Crossed(pair.First, pair.Second)], kept[quantities.Crossed(pair.Second, pair.First)]);
            return aa < 0 || bb < 0 || ab < 0 || ba < 0 ? 0 : (of[aa, bb] + of[ab, ba]) / 2;
        }

        return new([.. inputs.Select(pair => Half(layer.V4.Value, pair))], [.. inputs.Select(pair => Half(layer.V4.StandardError, pair))]);
    }

    /// <summary>Summarises samples: of each G, Theta and tau over pairs at each recorded layer.</summary>
    /// <param name="samples">Of the finished networks.</param>
    /// <param name="records">How many layers.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="width">n.</param>
    /// <param name="cancelled">Whether some are missing.</param>
    public static TangentStatistics Of(IReadOnlyList<double[]> samples, int records, int pairs, int width, bool cancelled)
    {
        int length = records * 3 * pairs, count = samples.Count;
        var mean = new double[length];
        foreach (double[] sample in samples)
        {
            for (int at = 0; at < length; at++)
                mean[at] += sample[at] / count;
        }

        var variance = new double[length];
        foreach (double[] sample in samples)
        {
            for (int at = 0; at < length; at++)
                variance[at] += (sample[at] - mean[at]) * (sample[at] - mean[at]) / (count - 1);
        }

        // The standard error of a covariance is that of the mean of its influences, (x - mean)(y - mean).
        TangentMatrix Covariance(int record, int left, int right)
        {
            double[][] value = [.. Enumerable.Range(0, pairs).Select(_ => new double[pairs])], error = [.. Enumerable.Range(0, pairs).Select(_ => new double[pairs])];
            for (int p = 0; p < pairs; p++)
            {
                for (int q = 0; q < pairs; q++)
                {
                    int x = (((record * 3) + left) * pairs) + p, y = (((record * 3) + right) * pairs) + q;
                    double sum = 0, square = 0;
                    foreach (double[] sample in samples)
                    {
                        double influence = (sample[x] - mean[x]) * (sample[y] - mean[y]);
                        sum += influence;
                        square += influence * influence;
                    }

                    value[p][q] = width * sum / (count - 1);
                    error[p][q] = width * Math.Sqrt(Math.Max(0, square - (sum * sum / count)) / (count - 1.0) / count);
                }
            }

            return new(value, error);
        }

        TangentRow Row(int record, int of)
        {
            int start = ((record * 3) + of) * pairs;
            return new(mean[start..(start + pairs)], [.. variance[start..(start + pairs)].Select(each => Math.Sqrt(each / count))]);
        }

        TangentRow Single(int record)
        {
            double[] value = new double[pairs], error = new double[pairs];
            for (int p = 0; p < pairs; p++)
            {
                int theta = (((record * 3) + 1) * pairs) + p, tau = (((record * 3) + 2) * pairs) + p;
                double sum = 0, square = 0;
                foreach (double[] sample in samples)
                {
                    double influence = (width * (sample[theta] - mean[theta]) * (sample[theta] - mean[theta])) + (2 * (sample[tau] - mean[tau]));
                    sum += influence;
                    square += influence * influence;
                }

                value[p] = (sum / (count - 1)) + (2 * mean[tau]);
                error[p] = Math.Sqrt(Math.Max(0, square - (sum * sum / count)) / (count - 1.0) / count);
            }

            return new(value, error);
        }

        return new(count, width, [.. Enumerable.Range(0, records).Select(record => new TangentLayer(Row(record, 0), Row(record, 1), Row(record, 2), Single(record), Covariance(record, 0, 0), Covariance(record, 1, 1), Covariance(record, 1, 0)))], cancelled);
    }
}

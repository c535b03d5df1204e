namespace SymbolicEft.Numeric.Simulation;

/// <summary>Estimates with their standard errors, over pairs.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">Their standard errors.</param>
internal sealed record TangentRow(double[] Value, double[] StandardError);

/// <summary>n times covariances with their standard errors, over pairs and pairs.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">Their standard errors.</param>
internal sealed record TangentMatrix(double[][] Value, double[][] StandardError);

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
/// <param name="Layers">The recorded layers.</param>
/// <param name="Cancelled">Whether it was ended early.</param>
internal sealed record TangentStatistics(long Samples, IReadOnlyList<TangentLayer> Layers, bool Cancelled)
{
    /// <summary>What a simulation by the exact law of rows with tangents measured (TangentQuantities).</summary>
    /// <param name="statistics">Of all quantities, their covariances included.</param>
    /// <param name="quantities">What they are.</param>
    /// <remarks>Error bars of tau off the diagonal and of one output are those of sums of two estimates, at most: correlations between the two are not kept.</remarks>
    public static TangentStatistics Of(EnsembleStatistics statistics, TangentQuantities quantities)
    {
        int pairs = PairIndexing.Count(quantities.Inputs);
        InputPair[] inputs = [.. PairIndexing.All(quantities.Inputs)];
        TangentLayer Layer(LayerStatistics layer)
        {
            TangentRow Row(Func<int, int> place) => new([.. inputs.Select((_, p) => layer.G.Value[place(p)])], [.. inputs.Select((_, p) => layer.G.StandardError[place(p)])]);
            TangentMatrix Matrix(Func<int, int, (int Left, int Right)> places)
            {
                double[][] Of(double[,] of) => [.. Enumerable.Range(0, pairs).Select(p => Enumerable.Range(0, pairs).Select(q => places(p, q) is var (left, right) ? of[left, right] : 0).ToArray())];
                return new(Of(layer.V4.Value), Of(layer.V4.StandardError));
            }

            double Half(double[,] of, InputPair pair) => (of[quantities.Crossed(pair.First, pair.First), quantities.Crossed(pair.Second, pair.Second)] + of[quantities.Crossed(pair.First, pair.Second), quantities.Crossed(pair.Second, pair.First)]) / 2;
            var tau = new TangentRow([.. inputs.Select(pair => Half(layer.V4.Value, pair))], [.. inputs.Select(pair => Half(layer.V4.StandardError, pair))]);
            // Of two directions either order has the same mean.
            TangentMatrix variance = Matrix((p, q) => (quantities.Along(1, Math.Min(p, q)), quantities.Along(2, Math.Max(p, q))));
            return new(
                Row(quantities.Kernel),
                Row(quantities.Mean),
                tau,
                new([.. inputs.Select((_, p) => variance.Value[p][p] + (2 * tau.Value[p]))], [.. inputs.Select((_, p) => variance.StandardError[p][p] + (2 * tau.StandardError[p]))]),
                Matrix((p, q) => (quantities.Kernel(p), quantities.Kernel(q))),
                variance,
                Matrix((p, q) => (quantities.Mean(p), quantities.Kernel(q))));
        }

        return new(statistics.Samples, [.. statistics.Layers.Select(Layer)], statistics.Cancelled);
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

        return new(count, [.. Enumerable.Range(0, records).Select(record => new TangentLayer(Row(record, 0), Row(record, 1), Row(record, 2), Single(record), Covariance(record, 0, 0), Covariance(record, 1, 1), Covariance(record, 1, 0)))], cancelled);
    }
}

// The tangent kernel of drawn networks, exactly: Theta_ij = sum over parameters w of (d phi_ia/dw)(d phi_jb/dw), all parameters in units in which they have variance 1.
//   u = W x + b, x = f(y)     J_a = du_a/dphi = W D_a dy_a/dphi,  A_ab = W D_a A_ab D_b W^T + Qhat_ab,  Qhat_ab = C_b + C_W x_a x_b/r     of the stages of a branch
//   phi' = alpha phi + eps u  Theta' = M_a Theta M_b^T + eps^2 A_ab,  M_a = alpha + eps J_a
// Of a norm dy = c dphi - c phi (phi dphi)/(n (G + delta)). Weights are drawn one by one; the trace over outputs is exact. Samples are numbered, and each is a pure function of
// its number and the seed: threads change no number.

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Simulates G and the tangent kernel.</summary>
internal sealed class TangentSampler : ITangentSampler
{
    // Kept at once.
    private const double MostNumbers = 2e8;

    private readonly IReadOnlyList<StreamStep> _steps;
    private readonly double[,] _kernel, _factor;
    private readonly int _width, _inputs, _pairs;
    private readonly ulong _seed;
    private readonly int[] _recorded;
    private readonly double _rateOfFirst;
    private readonly Dictionary<string, (Func<double, double> Value, Func<double, double> Slope)> _functions = new(StringComparer.Ordinal);

    /// <summary>Prepares a network.</summary>
    /// <param name="steps">What it does to the stream.</param>
    /// <param name="network">Its inputs, and the layers that are recorded.</param>
    /// <param name="width">n.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="rateOfFirst">The learning rate of the layer before layer 0; 0 where it is not trained.</param>
    /// <exception cref="LayerProgramException">A layer does something whose tangent kernel is not simulated.</exception>
    public TangentSampler(IReadOnlyList<StreamStep> steps, Network network, int width, ulong seed, double rateOfFirst)
    {
        (_steps, _kernel, _width, _seed, _rateOfFirst) = (steps, network.Kernel, width, seed, rateOfFirst);
        (_inputs, _pairs, _factor) = (network.Inputs, PairIndexing.Count(network.Inputs), SemidefiniteCholesky.Factor(network.Kernel));
        _recorded = [.. network.RecordedLayers];
        if (steps.OfType<StreamUpdate>().SelectMany(step => step.Branches).SelectMany(branch => branch.Stages.Skip(1)).FirstOrDefault(stage => stage.Norm is not null) is { } inner)
            throw new LayerProgramException($"{inner.Path} reads rows of a dense layer through a norm, with which the tangent kernel is not simulated; leave it or ntk out.");
        foreach (BranchStage stage in steps.Stages())
        {
            string? reason = stage.IsCentred ? "layerNorm" : stage.Keep != 1 ? "dropout" : stage.Taps.Count > 0 ? "taps" : stage.Before.Count > 0 ? "an update inside a branch"
                : stage.Weights != WeightKind.Gaussian ? "weights that are not Gaussian" : null;
            if (reason is not null)
                throw new LayerProgramException($"{stage.Path} has {reason}, with which the tangent kernel is not simulated; leave it or ntk out.");
            if (stage.Activation is { } function && !_functions.ContainsKey(function.Text))
            {
                var activation = new Activation(function);
                _functions.Add(function.Text, (activation.Delegate(0), activation.Delegate(1)));
            }
        }
    }

    /// <summary>How many numbers are kept of a network, which is a batch of its own: covariances are taken of all at once.</summary>
    public long SumsInBatch => _recorded.Length * 3 * _pairs;

    public long MostSamples => (long)(MostNumbers / SumsInBatch);

    public int BatchSize => 1;

    public BatchTree NewTree() => new(keepsAll: true);

    public long Batches(long samples) => samples;

    public bool RunBatches(BatchTree tree, long first, long end, EnsembleRun run)
    {
        long next = first - 1, finished = 0;
        void Work()
        {
            var worker = new Worker(this);
            long sample;
            while (!run.Cancellation.IsCancellationRequested && (sample = Interlocked.Increment(ref next)) < end)
            {
                double[] numbers = worker.Sample(sample);
                lock (tree)
                {
                    tree.Add(new(0, sample, 1, numbers));
                    finished++;
                    run.Progress?.Invoke(new(tree.Samples, run.Samples));
                }
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, (int)Math.Min(run.Threads, end - first)).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return finished == end - first;
    }

    /// <summary>Samples, and summarises.</summary>
    /// <param name="run">How many samples, on how many threads.</param>
    /// <exception cref="OperationCanceledException">Cancelled before two networks were finished.</exception>
    public TangentStatistics Run(EnsembleRun run)
    {
        BatchTree tree = NewTree();
        bool complete = RunBatches(tree, 0, run.Samples, run);
        if (tree.Samples < 2)
            throw new OperationCanceledException("The simulation was cancelled before its first two networks were finished.", run.Cancellation);
        return Summarize(tree, !complete);
    }

    public TangentStatistics Summarize(BatchTree tree, bool cancelled = false) =>
        TangentStatistics.Of([.. tree.Nodes.Select(node => node.Sums)], _recorded.Length, _pairs, _width, cancelled);

    // One thread's networks.
    private sealed class Worker(TangentSampler of)
    {
        private readonly int _inputs = of._inputs;
        private readonly Dictionary<int, Stack<double[]>> _free = [];
        private long _sample;
        private uint _stage;

        public double[] Sample(long sample)
        {
            (_sample, _stage) = (sample, 0);
            int rows = of._width, record = 0;
            double[][] phi = [.. Enumerable.Range(0, _inputs).Select(_ => Take(rows))], theta = [.. Enumerable.Range(0, of._pairs).Select(_ => Zeros(rows * rows))];
            double[] z = Take(rows * _inputs), result = new double[of.SumsInBatch];
            Normals(z, 0, 1);
            for (int a = 0; a < _inputs; a++)
            {
                for (int i = 0; i < rows; i++)
                {
                    double sum = 0;
                    for (int b = 0; b <= a; b++)
                        sum += of._factor[a, b] * z[(i * _inputs) + b];
                    phi[a][i] = sum;
                }
            }

            Give(z);
            ForPairs((pair, a, b) => AddToDiagonal(theta[pair], rows, of._rateOfFirst * of._kernel[a, b]));
            for (int layer = 0; ; layer++)
            {
                if (of._recorded[record] == layer)
                    Record(phi, theta, rows, result.AsSpan(record++ * 3 * of._pairs));
                if (record == of._recorded.Length)
                    break;
                rows = of._steps[layer] is StreamUpdate update ? Update(update, phi, theta, rows) : Norm((StreamNorm)of._steps[layer], phi, theta, rows);
            }

            foreach (double[] each in phi.Concat(theta))
                Give(each);
            return result;
        }

        private void Record(double[][] phi, double[][] theta, int rows, Span<double> result)
        {
            for (int a = 0, pair = 0; a < _inputs; a++)
            {
                for (int b = a; b < _inputs; b++, pair++)
                {
                    double trace = 0, square = 0;
                    for (int i = 0; i < rows; i++)
                    {
                        trace += theta[pair][(i * rows) + i];
                        for (int j = 0; j < rows; j++)
                            square += theta[pair][(i * rows) + j] * (theta[pair][(i * rows) + j] + theta[pair][(j * rows) + i]);
                    }

                    result[pair] = Dot(phi[a], phi[b], rows) / rows;
                    result[of._pairs + pair] = trace / rows;
                    result[(2 * of._pairs) + pair] = square / 2 / rows;
                }
            }
        }

        private int Update(StreamUpdate update, double[][] phi, double[][] theta, int rows)
        {
            int after = Rows(update.Width);
            double[][] sum = [.. Enumerable.Range(0, _inputs).Select(_ => Zeros(after))], jacobian = [.. Enumerable.Range(0, _inputs).Select(_ => Zeros(after * rows))], own = [.. Enumerable.Range(0, of._pairs).Select(_ => Zeros(after * after))];
            foreach (Branch branch in update.Branches)
                AddBranch(branch, phi, rows, after, sum, jacobian, own);
            for (int a = 0; a < _inputs; a++)
            {
                for (int i = 0; i < after; i++)
                    sum[a][i] = (update.Step * sum[a][i]) + (update.Skip == 0 ? 0 : update.Skip * phi[a][i]);
                Scale(jacobian[a], after * rows, update.Step);
                if (update.Skip != 0)
                    AddToDiagonal(jacobian[a], rows, update.Skip);
                (phi[a], sum[a]) = (sum[a], phi[a]);
            }

            Through(jacobian, theta, rows, after);
            ForPairs((pair, _, _) =>
            {
                for (int at = 0; at < after * after; at++)
                    theta[pair][at] += update.Step * update.Step * own[pair][at];
            });
            foreach (double[] each in sum.Concat(jacobian).Concat(own))
                Give(each);
            return after;
        }

        private int Norm(StreamNorm norm, double[][] phi, double[][] theta, int rows)
        {
            double[][] jacobian = [.. Enumerable.Range(0, _inputs).Select(a =>
            {
                double[] made = Zeros(rows * rows);
                AddToDiagonal(made, rows, 1);
                OfNorm(made, rows, phi[a], rows, norm.Gain, norm.Epsilon);
                return made;
            })];
            for (int a = 0; a < _inputs; a++)
                Scale(phi[a], rows, norm.Gain / Math.Sqrt((Dot(phi[a], phi[a], rows) / rows) + norm.Epsilon));
            Through(jacobian, theta, rows, rows);
            foreach (double[] each in jacobian)
                Give(each);
            return rows;
        }

        // matrix times dy/dphi, from the right.
        private static void OfNorm(double[] matrix, int matrixRows, double[] phi, int rows, double gain, double epsilon)
        {
            double square = (Dot(phi, phi, rows) / rows) + epsilon, scale = gain / Math.Sqrt(square);
            for (int i = 0; i < matrixRows; i++)
            {
                double along = 0;
                for (int k = 0; k < rows; k++)
                    along += matrix[(i * rows) + k] * phi[k];
                along /= rows * square;
                for (int k = 0; k < rows; k++)
                    matrix[(i * rows) + k] = scale * (matrix[(i * rows) + k] - (along * phi[k]));
            }
        }

        private void AddBranch(Branch branch, double[][] phi, int rows, int after, double[][] sum, double[][] jacobians, double[][] owns)
        {
            double[][]? field = null, jacobian = null, own = null;
            int reads = rows;
            for (int at = 0; at < branch.Stages.Count; at++)
            {
                BranchStage stage = branch.Stages[at];
                bool isLast = at == branch.Stages.Count - 1;
                int from = stage.IsGate ? reads / 2 : reads, to = (isLast ? after : Rows(stage.Width)) * stage.Copies;
                double[][] source = field ?? phi, x = [.. Enumerable.Range(0, _inputs).Select(_ => Take(from))], slopes = [.. Enumerable.Range(0, _inputs).Select(_ => Take(reads))], made = [.. Enumerable.Range(0, _inputs).Select(_ => Take(to))];
                for (int a = 0; a < _inputs; a++)
                    Read(stage, source[a], from, x[a], slopes[a]);
                double[] weights = Take(to * from), biases = Take(to);
                _stage++;
                Normals(weights, CounterPurpose.Weights + _stage, Math.Sqrt(stage.WeightVariance / from));
                Normals(biases, CounterPurpose.Biases + _stage, Math.Sqrt(stage.BiasVariance));
                double[][] steps = [.. Enumerable.Range(0, _inputs).Select(_ => Take(to * reads))];
                for (int a = 0; a < _inputs; a++)
                {
                    for (int i = 0; i < to; i++)
                    {
                        double value = biases[i];
                        for (int k = 0; k < from; k++)
                            value += weights[(i * from) + k] * x[a][k];
                        made[a][i] = value;
                        for (int k = 0; k < reads; k++)
                            steps[a][(i * reads) + k] = weights[(i * from) + (k % from)] * slopes[a][k];
                    }
                }

                if (own is null)
                    own = [.. Enumerable.Range(0, of._pairs).Select(_ => Zeros(to * to))];
                else
                    Through(steps, own, reads, to);
                ForPairs((pair, a, b) => AddToDiagonal(own[pair], to, (stage.Rates?.Biases ?? stage.BiasVariance) + ((stage.Rates?.Weights ?? 1) * stage.WeightVariance * Dot(x[a], x[b], from) / from)));
                if (jacobian is null)
                {
                    for (int a = 0; a < _inputs && stage.Norm is not null; a++)
                        OfNorm(steps[a], to, phi[a], rows, stage.Norm.Value.Gain, stage.Norm.Value.Epsilon);
                    jacobian = steps;
                }
                else
                {
                    for (int a = 0; a < _inputs; a++)
                    {
                        double[] product = Take(to * rows);
                        MatrixProduct.Multiply(steps[a], jacobian[a], product, to, reads, rows);
                        Give(jacobian[a]);
                        Give(steps[a]);
                        jacobian[a] = product;
                    }
                }

                foreach (double[] each in x.Concat(slopes).Concat(field ?? []).Append(weights).Append(biases))
                    Give(each);
                (field, reads) = (made, to);
            }

            for (int a = 0; a < _inputs; a++)
            {
                AddTo(sum[a], field![a], after);
                AddTo(jacobians[a], jacobian![a], after * rows);
            }

            ForPairs((pair, _, _) => AddTo(owns[pair], own![pair], after * after));
            foreach (double[] each in field!.Concat(jacobian!).Concat(own!))
                Give(each);
        }

        // x, and what d(field) is multiplied by in dx; of p sigma(q) for p and q.
        private void Read(BranchStage stage, double[] field, int from, double[] x, double[] slopes)
        {
            double scale = stage.Norm is var (gain, epsilon) ? gain / Math.Sqrt((Dot(field, field, from) / from) + epsilon) : 1;
            (Func<double, double> Value, Func<double, double> Slope)? function = stage.Activation is { } activation ? of._functions[activation.Text] : null;
            for (int i = 0; i < from; i++)
            {
                if (stage.IsGate)
                {
                    double value = function!.Value.Value(field[from + i]);
                    (x[i], slopes[i], slopes[from + i]) = (field[i] * value, value, field[i] * function.Value.Slope(field[from + i]));
                    continue;
                }

                double y = scale * field[i];
                (x[i], slopes[i]) = function is { } known ? (known.Value(y), known.Slope(y)) : (y, 1);
            }
        }

        // matrix_ab <- M_a matrix_ab M_b^T.
        private void Through(double[][] maps, double[][] matrices, int rows, int after)
        {
            double[] half = Take(after * rows);
            double[][] turned = [.. maps.Select(map =>
            {
                double[] transposed = Take(after * rows);
                for (int i = 0; i < after; i++)
                {
                    for (int k = 0; k < rows; k++)
                        transposed[(k * after) + i] = map[(i * rows) + k];
                }

                return transposed;
            })];
            ForPairs((pair, a, b) =>
            {
                double[] whole = Take(after * after);
                MatrixProduct.Multiply(maps[a], matrices[pair], half, after, rows, rows);
                MatrixProduct.Multiply(half, turned[b], whole, after, rows, after);
                Give(matrices[pair]);
                matrices[pair] = whole;
            });
            foreach (double[] each in turned.Append(half))
                Give(each);
        }

        private int Rows(double width) => (int)Math.Round(width * of._width);

        private void ForPairs(Action<int, int, int> action)
        {
            for (int a = 0, pair = 0; a < _inputs; a++)
            {
                for (int b = a; b < _inputs; b++)
                    action(pair++, a, b);
            }
        }

        private static double Dot(double[] left, double[] right, int count)
        {
            double sum = 0;
            for (int at = 0; at < count; at++)
                sum += left[at] * right[at];
            return sum;
        }

        private static void Scale(double[] values, int count, double factor)
        {
            for (int at = 0; at < count; at++)
                values[at] *= factor;
        }

        private static void AddTo(double[] sum, double[] values, int count)
        {
            for (int at = 0; at < count; at++)
                sum[at] += values[at];
        }

        private static void AddToDiagonal(double[] matrix, int rows, double value)
        {
            for (int i = 0; i < rows; i++)
                matrix[(i * rows) + i] += value;
        }

        // Box and Muller, of 64 bits each.
        private void Normals(double[] values, uint stream, double deviation)
        {
            for (int at = 0; at < values.Length; at += 2)
            {
                (uint a, uint b, uint c, uint d) = Philox.Words((uint)(at / 2), stream, (uint)_sample, (uint)(_sample >> 32), (uint)of._seed, (uint)(of._seed >> 32));
                double radius = deviation * Math.Sqrt(-2 * Math.Log((((((ulong)a << 32) | b) >> 11) + 1) * (1.0 / (1UL << 53))));
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((((ulong)c << 32) | d) >> 11) * (1.0 / (1UL << 53)));
                values[at] = radius * cosine;
                if (at + 1 < values.Length)
                    values[at + 1] = radius * sine;
            }
        }

        // Arrays that are used again: no network allocates after the first.
        private double[] Take(int length) => _free.TryGetValue(length, out Stack<double[]>? free) && free.TryPop(out double[]? known) ? known : new double[length];

        private double[] Zeros(int length)
        {
            double[] taken = Take(length);
            Array.Clear(taken);
            return taken;
        }

        private void Give(double[] values)
        {
            if (!_free.TryGetValue(values.Length, out Stack<double[]>? free))
                _free.Add(values.Length, free = new());
            free.Push(values);
        }
    }
}

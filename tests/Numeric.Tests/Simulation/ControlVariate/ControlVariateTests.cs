using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Tests;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>The control variate: exact law of the prediction, estimates without bias, honest standard errors, the same bytes.</summary>
public class ControlVariateTests
{
    // The claim that everything rests on, at a width where nothing asymptotic holds.
    [Theory]
    [InlineData("tanh", 2, 1)]
    [InlineData("tanh", 6, 4)]
    [InlineData("gelu", 5, 4)]
    [InlineData("relu", 4, 3)]
    [InlineData("tanh", ControlVariate.AllOrders, 4)]
    [InlineData("gelu", ControlVariate.AllOrders, 2)]
    [InlineData("relu", ControlVariate.AllOrders, 4)]
    public void Prediction_has_mean_zero_and_its_stated_covariance_at_any_width(string activation, int order, int width)
    {
        EnsembleSettings settings = (Tanh(width) with { Precision = StatePrecision.Single }).On(network => network with { Activation = activation });
        ControlVariate control = Predictions.Prepare(settings, order);
        var samples = Predictions.Of(settings, control, 40_000).Linear.GroupBy(entry => entry.Record);
        foreach (var group in samples)
        {
            double[][] rows = [.. group.Select(entry => entry.Values)];
            for (int p = 0; p < 6; p++)
            {
                double mean = rows.Average(row => row[p]), square = rows.Average(row => row[p] * row[p]);
                AssertScore(mean, Math.Sqrt((square - (mean * mean)) / rows.Length));
                for (int q = 0; q < 6; q++)
                {
                    double product = rows.Average(row => row[p] * row[q]), second = rows.Average(row => row[p] * row[q] * row[p] * row[q]);
                    (double exact, double remainder) = Covariance(control, group.Key, p, q);
                    double error = Math.Sqrt((second - (product * product)) / rows.Length);
                    AssertScore(product - (exact / width), order == ControlVariate.AllOrders ? error + (remainder / width) : error, 4.5);
                }
            }
        }
    }

    // A term of the derivation is changed: the path, its covariance and the solver change together, and the estimates stay without bias.
    [Theory]
    [InlineData(6)]
    [InlineData(ControlVariate.AllOrders)]
    public void Another_map_of_a_layer_has_a_control_variate_of_its_own(int order)
    {
        EnsembleSettings settings = Tanh(4) with { Precision = StatePrecision.Double };
        ControlVariate own = Predictions.Prepare(settings, order), other = ControlVariate.Prepare(settings, order, closure: new DrivenClosure(new HermiteModes(4), 2));
        Assert.True(other.KernelCovariance[^1][0, 0] > 1.05 * own.KernelCovariance[^1][0, 0]);
        foreach (var group in Predictions.Of(settings, other, 40_000).Linear.GroupBy(entry => entry.Record))
        {
            double[] values = [.. group.Select(entry => entry.Values[0])];
            double square = values.Average(value => value * value), fourth = values.Average(value => value * value * value * value);
            double error = Math.Sqrt((fourth - (square * square)) / values.Length);
            AssertScore(values.Average(), Math.Sqrt(square / values.Length));
            AssertScore(square - (other.KernelCovariance[group.Key][0, 0] / 4), error + (other.KernelTruncation[group.Key][0, 0] / 4), 4.5);
        }
    }

    private static (double Value, double Remainder) Covariance(ControlVariate control, int record, int p, int q) => (p < 3, q < 3) switch
    {
        (true, true) => (control.KernelCovariance[record][p, q], control.KernelTruncation[record][p, q]),
        (false, true) => (control.MixedCovariance[record][p - 3, q], control.MixedTruncation[record][p - 3, q]),
        (true, false) => (control.MixedCovariance[record][q - 3, p], control.MixedTruncation[record][q - 3, p]),
        _ => (control.SigmaCovariance[record][p - 3, q - 3], control.SigmaTruncation[record][p - 3, q - 3]),
    };

    [Theory]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("relu")]
    public void Truncation_bounds_what_the_covariance_order_leaves_out(string activation)
    {
        EnsembleSettings settings = Tanh().On(network => network with { Activation = activation });
        ControlVariate low = ControlVariate.Prepare(settings, covarianceOrder: 12);
        ControlVariate high = ControlVariate.Prepare(settings, covarianceOrder: 60);
        for (int record = 0; record < 3; record++)
        {
            for (int p = 0; p < 6; p++)
            {
                for (int q = 0; q < 6; q++)
                {
                    (double value, double remainder) = Covariance(low, record, p, q);
                    double left = Math.Abs(value - Covariance(high, record, p, q).Value);
                    Assert.True(left <= remainder + 1e-12, $"({p}, {q}) at record {record}: {left} is left, {remainder} stated.");
                }
            }
        }
    }

    // The exact leading orders, to all orders of modes: 48.4709796 is the paper's network (hermite(320)); (2 + 5 l) K^2 the ReLU perceptron.
    [Fact]
    public void Covariance_of_the_prediction_is_the_exact_one()
    {
        EnsembleSettings paper = Linear(64, 800, new[,] { { 2.0 } }, StatePrecision.Single).On(network => network with { Activation = "tanh", Step = 0.05, WeightVariance = 2 });
        ControlVariate control = ControlVariate.Prepare(paper);
        Assert.InRange(control.KernelTruncation[1][0, 0], 0, 5e-4);
        Assert.InRange(48.4709796 - control.KernelCovariance[1][0, 0], -1e-6, control.KernelTruncation[1][0, 0] + 1e-6);
        ControlVariate low = ControlVariate.Prepare(paper, covarianceOrder: 20);
        double missing = 48.4709796 - low.KernelCovariance[1][0, 0];
        Assert.InRange(missing, 0.0088, low.KernelTruncation[1][0, 0]);
        Assert.True(low.KernelTruncation[1][0, 0] < 3 * missing, $"{missing} is left, {low.KernelTruncation[1][0, 0]} stated.");
        EnsembleSettings relu = paper.On(network => network with { Activation = "relu", Depth = 8, Skip = 0, Step = 1, Kernel = new[,] { { 1.3 } }, RecordedLayers = [0, 8] });
        control = ControlVariate.Prepare(relu);
        Assert.InRange(70.98 - control.KernelCovariance[1][0, 0], -1e-9, control.KernelTruncation[1][0, 0]);
        Assert.InRange(control.KernelTruncation[1][0, 0], 0, 1e-3);
    }

    [Fact]
    public void Truncation_moves_the_estimate_and_is_no_part_of_its_error()
    {
        EnsembleSettings settings = Tanh(16, 4).On(network => network with { Kernel = new[,] { { 2.0 } }, RecordedLayers = [4] });
        PairMatrixEstimate V4(int order) => new EnsembleSampler(settings, null, ControlVariate.Prepare(settings, covarianceOrder: order))
            .Run(new EnsembleRun { Samples = 400, Threads = 1 }).Layers[0].V4;
        PairMatrixEstimate low = V4(4), high = V4(60);
        Assert.Equal(high.StandardError[0, 0], low.StandardError[0, 0], 1e-12);
        Assert.InRange(high.Value[0, 0] - low.Value[0, 0], 1e-4, low.Truncation![0, 0]);
        Assert.InRange(high.Truncation![0, 0], 0, 1e-6);
    }

    [Theory]
    [InlineData(1, StatePrecision.Single)]
    [InlineData(5, StatePrecision.Double)]
    [InlineData(70, StatePrecision.Single)]
    public void Linear_network_has_its_exact_mean_and_variance(int width, StatePrecision precision)
    {
        // c = eps^2 C_W: E G = K (1 + c)^l, E G^2 = K^2 (1 + 2/n) prod ((1 + c)^2 + (4 c + 2 c^2) / n).
        const int depth = 4;
        const double kernel = 1.7;
        EnsembleSettings settings = Linear(width, depth, new[,] { { kernel } }, precision);
        double c = settings.Network.Step * settings.Network.Step * settings.Network.WeightVariance, mean = kernel * Math.Pow(1 + c, depth);
        double square = kernel * kernel * (1 + (2.0 / width)) * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / width), depth);
        ControlVariate control = Predictions.Prepare(settings, 4);
        LayerStatistics last = new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = 50_000, Threads = 1 }).Layers[1];
        Assert.Equal(mean, control.K0[1][0], 1e-12);
        Assert.InRange(last.K1!.Value[0], -1e-6, 1e-6); // no noise: the mean of G' is linear in G
        AssertScore(last.V4.Value[0, 0] - (width * (square - (mean * mean))), last.V4.StandardError[0, 0]);
        AssertScore(last.SigmaKernelCovariance.Value[0, 0] - (width * (square - (mean * mean))), last.SigmaKernelCovariance.StandardError[0, 0]);
        Assert.True(last.Gain!.G[0] > 1 && last.Gain.V4[0, 0] > 1, "The control variate saves nothing.");
    }

    [Theory]
    [InlineData("tanh", 1, 6, 4)]
    [InlineData("tanh", 2, 3, ControlVariate.AllOrders)]
    [InlineData("gelu", 2, 9, 4)]
    [InlineData("tanh", 4, 5, ControlVariate.AllOrders)]
    public void Estimates_agree_with_the_plain_ones_of_other_samples(string activation, int inputs, int width, int order)
    {
        EnsembleSettings settings = (Tanh(width) with { Precision = StatePrecision.Single }).On(network => network with { Activation = activation, Kernel = Kernel(inputs, 1.4, 0.4) });
        ControlVariate control = Predictions.Prepare(settings, order);
        AssertAgree(settings, control, 60_000);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(ControlVariate.AllOrders)]
    public void Equal_and_opposite_inputs_agree_with_the_plain_estimates(int order)
    {
        EnsembleSettings settings = (Tanh(5) with { Precision = StatePrecision.Single }).On(network => network with { Kernel = new[,] { { 1.2, 1.2, -1.2 }, { 1.2, 1.2, -1.2 }, { -1.2, -1.2, 1.2 } }, BiasVariance = 0 });
        AssertAgree(settings, Predictions.Prepare(settings, order), 40_000);
    }

    [Fact]
    public void Zero_kernel_has_no_fluctuations()
    {
        EnsembleSettings settings = Tanh(5).On(network => network with { Kernel = new double[1, 1], BiasVariance = 0 });
        LayerStatistics last = new EnsembleSampler(settings, null, Predictions.Prepare(settings, 4)).Run(new EnsembleRun { Samples = 64, Threads = 1 }).Layers[^1];
        Assert.Equal(0, last.K1!.Value[0]);
        Assert.Equal(0, last.V4.Value[0, 0]);
        Assert.Equal(1, last.Gain!.G[0]);
    }

    [Fact]
    public void Few_samples_give_no_bias()
    {
        // Covariances of four samples each: an estimator that is right only for many samples is off by a quarter.
        const double kernel = 0.9;
        EnsembleSettings settings = Linear(3, 3, new[,] { { kernel } }, StatePrecision.Double);
        double c = settings.Network.Step * settings.Network.Step * settings.Network.WeightVariance, mean = kernel * Math.Pow(1 + c, 3);
        double variance = 3 * ((kernel * kernel * (1 + (2.0 / 3)) * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / 3), 3)) - (mean * mean));
        ControlVariate control = Predictions.Prepare(settings, 4);
        double[] v4 = new double[4000], k1 = new double[v4.Length];
        for (int run = 0; run < v4.Length; run++)
        {
            LayerStatistics last = new EnsembleSampler(settings with { Seed = (ulong)run + 1 }, null, control).Run(new EnsembleRun { Samples = 4, Threads = 1 }).Layers[1];
            (v4[run], k1[run]) = (last.V4.Value[0, 0], last.K1!.Value[0]);
        }

        AssertScore(v4.Average() - variance, Deviation(v4) / Math.Sqrt(v4.Length));
        // The path of the means of a linear network has no noise at all.
        Assert.All(k1, value => Assert.Equal(0, value, 1e-12));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(ControlVariate.AllOrders)]
    public void Standard_errors_are_the_scatter_between_seeds(int order)
    {
        EnsembleSettings settings = (Tanh(16, 4) with { Precision = StatePrecision.Single }).On(network => network with { Kernel = new[,] { { 2.0 } }, RecordedLayers = [4] });
        ControlVariate control = Predictions.Prepare(settings, order);
        LayerStatistics[] runs = [.. Enumerable.Range(1, 200).Select(seed =>
            new EnsembleSampler(settings with { Seed = (ulong)seed }, null, control).Run(new EnsembleRun { Samples = 1024, Threads = 1 }).Layers[0])];
        // What the covariance of the prediction lacks is the same in every run, and no part of the error.
        void Check(Func<LayerStatistics, double> value, Func<LayerStatistics, double> error) =>
            Assert.InRange(Deviation([.. runs.Select(value)]) / Math.Sqrt(runs.Average(run => error(run) * error(run))), 0.8, 1.2);
        Check(run => run.K1!.Value[0], run => run.K1!.StandardError[0]);
        Check(run => run.U1!.Value[0], run => run.U1!.StandardError[0]);
        Check(run => run.V4.Value[0, 0], run => run.V4.StandardError[0, 0]);
        Check(run => run.SigmaKernelCovariance.Value[0, 0], run => run.SigmaKernelCovariance.StandardError[0, 0]);
        Check(run => run.SigmaSigmaCovariance.Value[0, 0], run => run.SigmaSigmaCovariance.StandardError[0, 0]);
    }

    [Fact]
    public void Sums_give_the_covariances_and_influences_of_the_samples()
    {
        const int samples = 40;
        EnsembleSettings settings = Tanh(3).On(network => network with { RecordedLayers = [5] });
        ControlVariate control = Predictions.Prepare(settings, 4);
        LayerStatistics layer = new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = samples, Threads = 1 }).Layers[0];
        Predictions all = Predictions.Of(settings, control, samples);
        double[][] u = [.. all.Kernels.Select(entry => entry.Values)], l = [.. all.Linear.Select(entry => entry.Values)];
        double[] meanU = Mean(u), meanL = Mean(l);
        for (int p = 0; p < 3; p++)
        {
            for (int q = 0; q < 3; q++)
            {
                Compare(layer.V4, p, q, p, q, control.KernelCovariance[0][p, q]);
                Compare(layer.SigmaKernelCovariance, p, q, p + 3, q, control.MixedCovariance[0][p, q]);
                Compare(layer.SigmaSigmaCovariance, p, q, p + 3, q + 3, control.SigmaCovariance[0][p, q]);
            }
        }

        void Compare(PairMatrixEstimate estimate, int p, int q, int left, int right, double exact)
        {
            double[] differences = [.. Enumerable.Range(0, samples).Select(s =>
                ((u[s][left] - meanU[left]) * (u[s][right] - meanU[right])) - ((l[s][left] - meanL[left]) * (l[s][right] - meanL[right])))];
            double scale = settings.Width * samples / (samples - 1.0), mean = differences.Average();
            Assert.Equal(exact + (scale * mean), estimate.Value[p, q], 1e-10);
            Assert.Equal(scale * Math.Sqrt(differences.Average(d => (d - mean) * (d - mean)) / samples), estimate.StandardError[p, q], 1e-10);
        }
    }

    [Theory]
    [InlineData(StatePrecision.Single, ControlVariate.AllOrders)]
    [InlineData(StatePrecision.Double, 4)]
    public void Any_number_of_threads_and_any_shards_give_the_same_bytes(StatePrecision precision, int order)
    {
        EnsembleSettings settings = Tanh(7, 4, precision).On(network => network with { RecordedLayers = [0, 1, 4] });
        ControlVariate control = Predictions.Prepare(settings, order);
        var reference = new EnsembleReference { K0 = control.K0, E2 = control.E2, Closure = [.. control.K0.Select(_ => new[,] { { 0.3, 0.1, 0 }, { 0, 0.2, 0.1 }, { 0.4, 0, 0.1 } })] };
        var sampler = new EnsembleSampler(settings, reference, control);
        EnsembleRun Run(int threads) => new() { Samples = (9L * sampler.BatchSize) + 5, Threads = threads };
        List<long> one = Bits(sampler.Run(Run(1)));
        Assert.Equal(one, Bits(sampler.Run(Run(2))));
        Assert.Equal(one, Bits(sampler.Run(Run(7))));
        var merged = new BatchTree();
        foreach ((long first, long end) in new[] { (4L, 10L), (0L, 4L) })
        {
            var shard = new BatchTree();
            sampler.RunBatches(shard, first, end, Run(2));
            foreach (PartialStatistics node in shard.Nodes) merged.Add(node);
        }

        Assert.Equal(one, Bits(sampler.Summarize(merged)));
    }

    [Fact]
    public void Closure_residual_is_linear_in_the_covariances()
    {
        EnsembleSettings settings = Tanh(4);
        ControlVariate control = Predictions.Prepare(settings, 4);
        double[,] a = { { 0.3, 0.1, 0 }, { 0, 0.2, 0.1 }, { 0.4, 0, 0.1 } };
        var reference = new EnsembleReference { K0 = control.K0, E2 = control.E2, Closure = [a, a, a] };
        foreach (LayerStatistics layer in new EnsembleSampler(settings, reference, control).Run(new EnsembleRun { Samples = 500, Threads = 1 }).Layers)
        {
            for (int p = 0; p < 3; p++)
            {
                for (int q = 0; q < 3; q++)
                {
                    double closed = layer.SigmaKernelCovariance.Value[p, q] - Enumerable.Range(0, 3).Sum(r => a[p, r] * layer.V4.Value[r, q]);
                    Assert.Equal(closed, layer.ClosureResidual!.Value[p, q], 1e-10);
                }
            }
        }
    }

    [Fact]
    public void Network_and_plain_statistics_are_those_of_the_plain_sampler()
    {
        EnsembleSettings settings = Tanh(11);
        ControlVariate control = Predictions.Prepare(settings, 4);
        EnsembleStatistics plain = Run(settings, 512, new EnsembleReference { K0 = control.K0, E2 = control.E2 });
        EnsembleStatistics controlled = new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = 512, Threads = 1 });
        Assert.Null(plain.ControlOrder);
        Assert.Equal(4, controlled.ControlOrder);
        for (int record = 0; record < 3; record++)
        {
            LayerStatistics with = controlled.Layers[record], without = plain.Layers[record];
            for (int p = 0; p < 3; p++)
            {
                double ratio = without.S.StandardError[p] / with.S.StandardError[p];
                Assert.Equal(ratio * ratio, with.Gain!.S[p], 1e-9 * ratio * ratio);
            }
        }

        // At layer 0 the path of the means is zero.
        Assert.All(controlled.Layers[0].K1!.Value, value => Assert.Equal(0, value));
        Assert.All(controlled.Layers[0].K1!.StandardError, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Higher_orders_and_greater_widths_gain_more()
    {
        // tanh, C_W = 2, ten steps to depth time 1.
        EnsembleSettings Settings(int width) => Linear(width, 10, new[,] { { 2.0 } }, StatePrecision.Single).On(network => network with { Activation = "tanh", Step = Math.Sqrt(0.1), WeightVariance = 2 });
        ControlGain Gain(int width, int order) =>
            new EnsembleSampler(Settings(width), null, Predictions.Prepare(Settings(width), order)).Run(new EnsembleRun { Samples = 4000, Threads = 1 }).Layers[1].Gain!;
        ControlGain low = Gain(64, 2), middle = Gain(64, 4), high = Gain(64, ControlVariate.AllOrders), wide = Gain(256, ControlVariate.AllOrders);
        Assert.True(middle.G[0] > 1.3 * low.G[0] && high.G[0] > 1.3 * middle.G[0], $"K1 gains {low.G[0]}, {middle.G[0]}, {high.G[0]}.");
        Assert.True(high.G[0] > 100 && wide.G[0] > high.G[0], $"K1 gains {high.G[0]}, {wide.G[0]}.");
        Assert.True(wide.V4[0, 0] > 2 * high.V4[0, 0] && high.V4[0, 0] > 20, $"V4 gains {high.V4[0, 0]}, {wide.V4[0, 0]}.");
    }

    [Fact]
    public void Another_network_is_refused()
    {
        EnsembleSettings settings = Tanh();
        ControlVariate control = Predictions.Prepare(settings, 4);
        _ = new EnsembleSampler(settings with { Width = 20, Seed = 9, Precision = StatePrecision.Single }, null, control);
        foreach (EnsembleSettings other in new[] { settings.On(network => network with { Step = 0.4 }), settings.On(network => network with { RecordedLayers = [0, 5] }), settings.On(network => network with { Activation = "erf" }), settings with { Law = SamplingLaw.GaussianWeights } })
            Assert.StartsWith("The control variate was prepared for another network", Assert.Throws<ArgumentException>(() => new EnsembleSampler(other, null, control)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlVariate.Prepare(settings, 17));
    }

    private static void AssertAgree(EnsembleSettings settings, ControlVariate control, int samples)
    {
        var reference = new EnsembleReference { K0 = control.K0, E2 = control.E2 };
        EnsembleStatistics plain = Run(settings, samples, reference);
        EnsembleStatistics controlled = new EnsembleSampler(settings with { Seed = 77 }, null, control).Run(new EnsembleRun { Samples = samples, Threads = 1 });
        for (int record = 1; record < plain.Layers.Count; record++)
        {
            LayerStatistics one = plain.Layers[record], two = controlled.Layers[record];
            for (int p = 0; p < settings.Pairs; p++)
            {
                AssertScore(one.K1!.Value[p] - two.K1!.Value[p], Math.Sqrt(Square(one.K1.StandardError[p]) + Square(two.K1.StandardError[p])), 4.5);
                AssertScore(one.U1!.Value[p] - two.U1!.Value[p], Math.Sqrt(Square(one.U1.StandardError[p]) + Square(two.U1.StandardError[p])), 4.5);
                for (int q = 0; q < settings.Pairs; q++)
                {
                    foreach ((PairMatrixEstimate left, PairMatrixEstimate right) in new[] { (one.V4, two.V4), (one.SigmaKernelCovariance, two.SigmaKernelCovariance), (one.SigmaSigmaCovariance, two.SigmaSigmaCovariance) })
                        AssertScore(left.Value[p, q] - right.Value[p, q], Math.Sqrt(Square(left.StandardError[p, q]) + Square(right.StandardError[p, q])), 4.5);
                }
            }
        }
    }

    private static double Square(double value) => value * value;

    private static double[] Mean(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(p => rows.Average(row => row[p]))];

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}

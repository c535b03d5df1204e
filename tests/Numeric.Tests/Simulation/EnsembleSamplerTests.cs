using SymbolicEft.Numeric.Simulation;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Which samples are drawn, and how they are split, merged, cut short and refused.</summary>
public class EnsembleSamplerTests
{
    [Theory]
    [InlineData(StatePrecision.Single)]
    [InlineData(StatePrecision.Double)]
    public void Any_number_of_threads_gives_the_same_bytes(StatePrecision precision)
    {
        EnsembleSettings settings = Tanh(width: 7, depth: 4, precision).On(network => network with { RecordedLayers = [0, 1, 4] });
        var sampler = new EnsembleSampler(settings, Reference(3, 3, closure: true));
        List<long>[] results = [.. new[] { 1, 2, 7 }.Select(threads =>
            Bits(sampler.Run(new EnsembleRun { Samples = (11L * sampler.BatchSize) + 5, Threads = threads })))];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Any_split_into_shards_merges_to_the_same_bytes()
    {
        var sampler = new EnsembleSampler(Tanh(width: 7, depth: 4));
        var run = new EnsembleRun { Samples = (12L * sampler.BatchSize) + 3, Threads = 2 };
        List<long> whole = Bits(sampler.Run(run));
        var merged = new BatchTree();
        foreach ((long first, long end) in new[] { (5L, 13L), (0L, 1L), (1L, 5L) })
        {
            var shard = new BatchTree();
            Assert.True(sampler.RunBatches(shard, first, end, run));
            foreach (PartialStatistics node in shard.Nodes)
                merged.Add(new PartialStatistics(node.Level, node.Index, node.Samples, (double[])node.Sums.Clone()));
        }

        Assert.Equal(whole, Bits(sampler.Summarize(merged)));
        Assert.Throws<ArgumentException>(() => merged.Add(sampler.RunBatch(3, run.Samples)));
    }

    [Theory]
    [InlineData(StatePrecision.Single, SamplingLaw.Block)]
    [InlineData(StatePrecision.Double, SamplingLaw.Block)]
    [InlineData(StatePrecision.Double, SamplingLaw.GaussianWeights)]
    public void A_range_of_samples_reproduces(StatePrecision precision, SamplingLaw law)
    {
        var sampler = new EnsembleSampler((Tanh(width: 5, depth: 3, precision) with { Law = law }).On(network => network with { RecordedLayers = [3] }));
        KernelSample[] all = sampler.Samples(0, 64), some = sampler.Samples(37, 11);
        Assert.Equal(11, some.Length);
        for (int k = 0; k < some.Length; k++)
        {
            Assert.Equal(37 + k, some[k].Sample);
            Assert.Equal(all[37 + k].G[0], some[k].G[0]);
            Assert.Equal(all[37 + k].S[0], some[k].S[0]);
        }
    }

    [Fact]
    public void Width_and_recorded_layers_do_not_change_the_layers_before()
    {
        EnsembleSettings settings = Tanh(width: 50, depth: 6, StatePrecision.Single);
        KernelSample[] few = new EnsembleSampler(settings.On(network => network with { RecordedLayers = [3] })).Samples(0, 16);
        KernelSample[] many = new EnsembleSampler(settings.On(network => network with { RecordedLayers = [0, 1, 2, 3, 4, 5, 6] })).Samples(0, 16);
        for (int k = 0; k < 16; k++) Assert.Equal(few[k].G[0], many[k].G[3]);
    }

    [Fact]
    public void Float_and_double_follow_the_same_paths()
    {
        EnsembleSettings settings = Tanh(width: 21, depth: 40).On(network => network with { Step = 0.1, Skip = 1, Kernel = Kernel(3, 1.4, 0.3), RecordedLayers = [0, 40] });
        KernelSample[] wide = new EnsembleSampler(settings).Samples(100, 20);
        KernelSample[] single = new EnsembleSampler(settings with { Precision = StatePrecision.Single }).Samples(100, 20);
        for (int k = 0; k < 20; k++)
        {
            for (int record = 0; record < 2; record++)
            {
                for (int p = 0; p < 6; p++)
                {
                    Assert.Equal(wide[k].G[record][p], single[k].G[record][p], 2e-5);
                    Assert.Equal(wide[k].S[record][p], single[k].S[record][p], 2e-5);
                }
            }
        }
    }

    [Fact]
    public void Cancellation_keeps_the_finished_batches()
    {
        using var source = new CancellationTokenSource();
        var sampler = new EnsembleSampler(Tanh(width: 40, depth: 50));
        EnsembleStatistics cut = sampler.Run(new EnsembleRun
        {
            Samples = 1000L * sampler.BatchSize,
            Threads = 1,
            Cancellation = source.Token,
            Progress = progress =>
            {
                if (progress.Samples >= 3 * sampler.BatchSize) source.Cancel();
            },
        });
        Assert.True(cut.Cancelled);
        Assert.Equal(3 * sampler.BatchSize, cut.Samples);
        EnsembleStatistics whole = sampler.Run(new EnsembleRun { Samples = 3 * sampler.BatchSize, Threads = 1 });
        Assert.False(whole.Cancelled);
        Assert.Equal(Bits(whole), Bits(cut));
    }

    [Fact]
    public void Cancellation_before_the_first_batch_says_so()
    {
        var sampler = new EnsembleSampler(Tanh());
        var run = new EnsembleRun { Samples = 100, Threads = 2, Cancellation = new CancellationToken(canceled: true) };
        var exception = Assert.Throws<OperationCanceledException>(() => sampler.Run(run));
        Assert.Equal("The simulation was cancelled before its first batch was finished.", exception.Message);
    }

    [Fact]
    public void Overflow_is_reported_not_averaged()
    {
        EnsembleSettings settings = Linear(3, 300, new[,] { { 1.0 } }, StatePrecision.Single).On(network => network with { Step = 5, WeightVariance = 10 });
        var exception = Assert.Throws<ArithmeticException>(() => Run(settings, 100, new EnsembleReference { K0 = [[1], [1]], E2 = [[1], [1]] }));
        Assert.Equal(
            "The kernel of a sample is not finite at layer 300: the network overflows float; use a smaller step or fewer layers, or weights drawn one by one (--estimator weights), which is in double precision.",
            exception.Message);
    }

    [Fact]
    public void Wrong_settings_are_refused_with_the_value_and_the_mend()
    {
        static string Message(EnsembleSettings settings, EnsembleReference? reference = null) =>
            Assert.Throws<ArgumentException>(() => new EnsembleSampler(settings, reference)).Message;

        EnsembleSettings good = Tanh();
        Assert.StartsWith("Width 0 is out of range; it must be 1 to 16384.", Message(good with { Width = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("Recorded layer 6 is not in the network; it must be 0 to 5.", Message(good.On(network => network with { RecordedLayers = [0, 6] })), StringComparison.Ordinal);
        Assert.StartsWith("Weight variance -1 is not a variance; it must be finite and not negative.", Message(good.On(network => network with { WeightVariance = -1 })), StringComparison.Ordinal);
        Assert.StartsWith("Entry (0, 1) = 2 of the covariance is larger than the diagonal allows;",
            Message(good.On(network => network with { Kernel = new[,] { { 1.0, 2 }, { 2, 1 } } })), StringComparison.Ordinal);
        double[,] indefinite = { { 1, 0.9, -0.9 }, { 0.9, 1, 0.9 }, { -0.9, 0.9, 1 } };
        Assert.Contains("makes the matrix indefinite", Message(good.On(network => network with { Kernel = indefinite })), StringComparison.Ordinal);
        Assert.StartsWith("The reference has 1 K0 and 1 E2 records; 3 layers are recorded.",
            Message(good, new EnsembleReference { K0 = [[1, 1, 1]], E2 = [[1, 1, 1]] }), StringComparison.Ordinal);
        Assert.StartsWith("Activation 'step' has no vector kernel;", Assert.Throws<ArgumentException>(() => NeuronActivation.Known("step")).Message, StringComparison.Ordinal);
        EnsembleSettings large = good.On(network => network with { Kernel = Kernel(64, 1, 0), RecordedLayers = [0, 5] });
        Assert.StartsWith("Covariances over 2080 pairs at 2 layers need ", Message(large), StringComparison.Ordinal);
        EnsembleStatistics few = Run(large with { CovariancePairs = [0, 1, 64], Width = 2 }, 20);
        Assert.Equal(2080, few.Layers[0].G.Value.Length);
        Assert.Equal(3, few.Layers[0].V4.Value.GetLength(0));
    }

    [Fact]
    public void Evenly_spaced_layers_include_first_and_last()
    {
        Assert.Equal([0, 100, 200, 300, 400, 500, 600, 700, 800], Network.EvenlySpacedLayers(800, 9));
        Assert.Equal([0, 1, 2, 3], Network.EvenlySpacedLayers(3, 9));
        Assert.Equal([0], Network.EvenlySpacedLayers(0, 9));
    }

    internal static EnsembleReference Reference(int records, int pairs, bool closure)
    {
        double[][] Rows(double offset) => [.. Enumerable.Range(0, records).Select(r => Enumerable.Range(0, pairs).Select(p => offset + (0.1 * r) + (0.05 * p)).ToArray())];
        var matrix = new double[pairs, pairs];
        for (int p = 0; p < pairs; p++)
        {
            for (int q = 0; q < pairs; q++) matrix[p, q] = 0.3 - (0.1 * p) + (0.07 * q);
        }

        return new EnsembleReference { K0 = Rows(1), E2 = Rows(0.4), Closure = closure ? [.. Enumerable.Repeat(matrix, records)] : null };
    }
}

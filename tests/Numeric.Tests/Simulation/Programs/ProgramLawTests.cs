using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Layers;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Programs drawn layer by layer against programs with drawn weights, at a width at which nothing is small.</summary>
public class ProgramLawTests
{
    public static TheoryData<string> Kinds => ["two-layer", "three-layer", "rms-norm", "rms-norm-inside", "layer-norm", "layer-norm-inside", "post-norm", "dropout-shared", "dropout-independent", "gate", "taps", "parallel", "widths", "nested", "nested-hidden", "norm-in-nested", "schedule"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_block_law_and_drawn_weights_agree(string kind)
    {
        ProgramSettings settings = Programs.Kind(kind);
        EnsembleStatistics block = Programs.Run(settings, 150_000);
        EnsembleStatistics weights = Programs.Run(settings with { DrawsWeights = true, Seed = 77 }, 60_000);
        for (int record = 0; record <= settings.Layers; record++)
        {
            LayerStatistics x = block.Layers[record], y = weights.Layers[record];
            for (int p = 0; p < settings.Pairs; p++)
            {
                Compare(new(x.G.Value[p], x.G.StandardError[p]), new(y.G.Value[p], y.G.StandardError[p]));
                for (int q = p; q < settings.Pairs; q++)
                    Compare(new(x.V4.Value[p, q], x.V4.StandardError[p, q]), new(y.V4.Value[p, q], y.V4.StandardError[p, q]));
            }
        }
    }

    // Float and double take the same random words.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Single_and_double_precision_follow_the_same_samples(string kind)
    {
        ProgramSettings settings = Programs.Kind(kind);
        KernelSample[] wide = new EnsembleSampler(settings).Samples(0, 16), single = new EnsembleSampler(settings with { Precision = StatePrecision.Single }).Samples(0, 16);
        for (int sample = 0; sample < 16; sample++)
        {
            for (int record = 0; record <= settings.Layers; record++)
            {
                double scale = wide[sample].G[record].Max(Math.Abs);
                for (int p = 0; p < settings.Pairs; p++) Assert.Equal(wide[sample].G[record][p], single[sample].G[record][p], 2e-5 * scale);
            }
        }
    }

    // The plain engine is one line of this one: the same numbers, to the bit.
    [Theory]
    [InlineData(SamplingLaw.Block, StatePrecision.Double, 0.9, 3)]
    [InlineData(SamplingLaw.Block, StatePrecision.Single, 0, 2)]
    [InlineData(SamplingLaw.GaussianWeights, StatePrecision.Double, 0.9, 2)]
    public void A_plain_program_has_the_samples_of_the_plain_network(SamplingLaw law, StatePrecision precision, double skip, int inputs)
    {
        EnsembleSettings made = Tanh(width: 21, depth: 4, precision);
        Network network = made.Network with { Skip = skip, Step = skip == 0 ? 1 : 0.5, Kernel = Kernel(inputs, 1.2, 0.3), RecordedLayers = [0, 1, 4] };
        EnsembleSettings plain = made with { Network = network, Law = law };
        var program = new ProgramSettings
        {
            Steps = LayerProgram.Plain("tanh(x)", network.WeightVariance, network.BiasVariance, network.Skip, network.Step, network.Depth).Unroll(inputs),
            Width = plain.Width,
            InitialKernel = network.Kernel,
            Seed = plain.Seed,
            RecordedLayers = network.RecordedLayers,
            Precision = precision,
            DrawsWeights = law != SamplingLaw.Block,
        };
        KernelSample[] ours = new EnsembleSampler(program).Samples(5, 20), theirs = new EnsembleSampler(plain).Samples(5, 20);
        for (int sample = 0; sample < 20; sample++)
        {
            for (int record = 0; record < 3; record++) Assert.Equal(theirs[sample].G[record], ours[sample].G[record]);
        }
    }

    [Theory]
    [InlineData("gate", false)]
    [InlineData("parallel", false)]
    [InlineData("dropout-independent", true)]
    public void Threads_and_shards_change_no_bit(string kind, bool drawsWeights)
    {
        ProgramSettings settings = Programs.Kind(kind) with { DrawsWeights = drawsWeights, Precision = StatePrecision.Single };
        var sampler = new EnsembleSampler(settings);
        var run = new EnsembleRun { Samples = (5L * sampler.BatchSize) + 3, Threads = 1 };
        long[] one = Bits(sampler.Run(run));
        Assert.Equal(one, Bits(sampler.Run(run with { Threads = 2 })));
        var tree = new BatchTree();
        new EnsembleSampler(settings).RunBatches(tree, 3, sampler.Batches(run.Samples), run);
        new EnsembleSampler(settings).RunBatches(tree, 0, 3, run);
        Assert.Equal(one, Bits(sampler.Summarize(tree)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_loop_over_layers_allocates_nothing(string kind)
    {
        foreach (bool drawsWeights in new[] { false, true })
        {
            ProgramSettings settings = Programs.Kind(kind) with { DrawsWeights = drawsWeights, Precision = StatePrecision.Single };
            using LaneEngine engine = settings.Engines(null)();
            var observer = new Nobody();
            engine.Run(0, observer, default);
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Run(16, observer, default);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static long[] Bits(EnsembleStatistics statistics) =>
        [.. statistics.Layers.SelectMany(layer => layer.G.Value.Concat(layer.G.StandardError).Concat(layer.V4.Value.Cast<double>()).Concat(layer.V4.StandardError.Cast<double>())).Select(BitConverter.DoubleToInt64Bits)];

    private static void Compare(Estimate x, Estimate y)
    {
        double error = Math.Sqrt((x.StandardError * x.StandardError) + (y.StandardError * y.StandardError));
        AssertScore(x.Value - y.Value, error, 4.5); // some 250 numbers
    }

    private sealed class Nobody : IKernelObserver
    {
        public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
        {
        }
    }
}

using System.Text.Json;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>The leading order of programs of layers.</summary>
public class ProgramTheoryTests
{
    [Theory]
    [InlineData("plain-gelu")]
    [InlineData("a-schedule")]
    [InlineData("a-schedule-2")]
    [InlineData("b-two-layer")]
    [InlineData("b-transformer-mlp")]
    [InlineData("b-nested")]
    [InlineData("c-prenorm")]
    [InlineData("c-postnorm-2")]
    [InlineData("d-uniform")]
    [InlineData("d-rademacher-branch")]
    [InlineData("d-rademacher")]
    [InlineData("d-orthogonal")]
    [InlineData("e-dropout")]
    [InlineData("g-conv")]
    public void Gives_the_numbers_of_another_program(string name)
    {
        JsonElement given = LayerCases.Of(name);
        TheorySolution solution = Solve(LayerCases.Program(given), LayerCases.Kernel(given), given.GetProperty("closure").GetString()!);
        AssertClose(LayerCases.Numbers(given.GetProperty("K0")), solution.K0[^1]);
        // The file has cut the noise of the hidden rows at modes of order 20: the branch is a scalar recursion, whose numbers are 128.2566075695369 (128.255598831469
        // with 20 orders) and -0.004711942970069, by a trapezoid sum of 4,000 nodes.
        AssertClose(name == "b-transformer-mlp" ? [128.2566075695369] : LayerCases.Numbers(given.GetProperty("V4")), solution.V4[^1]);
        AssertClose(name == "b-transformer-mlp" ? [-0.004711942970069133] : LayerCases.Numbers(given.GetProperty("K1")), solution.K1[^1]);
    }

    // W f + W' f with independent W and W' is one dense layer with the sum of their variances: the same numbers, wherever the two stand and whatever they read. Functions are polynomials,
    // whose modes end.
    [Theory]
    [InlineData("stream")]
    [InlineData("hidden")]
    [InlineData("narrow")]
    [InlineData("after a function")]
    [InlineData("in a residual")]
    [InlineData("after a residual")]
    [InlineData("twice")]
    public void Two_dense_layers_that_read_the_same_are_one(string name)
    {
        Layer square = new Activate("x + x^2/4"), cubic = new Activate("x - x^2/3");
        Layer[] one = [square, new Dense(1.9)];
        Layer two = new ParallelBranches([[square, new Dense(1.2)], [square, new Dense(0.7)]]);
        Layer[] Branch(params Layer[] read) => name switch
        {
            "stream" => [.. read, cubic, new Dense(1.2)],
            "hidden" => [new Dense(1.4), .. read, cubic, new Dense(1.2)],
            "narrow" => [new Dense(1.4) { Width = 0.5 }, .. read, cubic, new Dense(1.2)],
            "after a function" => [cubic, new Dense(1.4) { BiasVariance = 0.1 }, .. read, cubic, new Dense(1.2)],
            "in a residual" => [new Dense(1.4), new Residual(read) { Step = 0.7 }, cubic, new Dense(1.2)],
            "after a residual" => [new Residual([cubic, new Dense(1.1)]) { Step = 0.6 }, .. read, cubic, new Dense(1.2)],
            _ => [new Dense(1.4), .. read, .. read, cubic, new Dense(1.2)],
        };
        TheorySolution Solved(params Layer[] read)
        {
            Network network = Network.Of(new LayerProgram([new Repeat(2, [new Residual(Branch(read)) { Step = 0.8 }])]), new[,] { { 0.5, 0.2 }, { 0.2, 0.4 } });
            return (network with { RecordedLayers = [2] }).Solve("hermite(6)");
        }

        TheorySolution single = Solved(one), parallel = Solved(two);
        AssertNear(single.K0[0], parallel.K0[0]);
        AssertNear(single.V4[0], parallel.V4[0]);
        AssertNear(single.K1[0], parallel.K1[0]);

        static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
        {
            double size = expected.Max(Math.Abs);
            foreach ((double left, double right) in expected.Zip(actual))
                Assert.Equal(left, right, 1e-11 * size);
        }
    }

    // What the file has no case of: two kinds of outputs that add, a gate, masks of their own for each input, a norm of the stream; against simulation at two widths, the
    // next order in 1/n removed.
    [Theory]
    [InlineData("gate")]
    [InlineData("parallel")]
    [InlineData("masks")]
    [InlineData("orthogonal-hidden")]
    [InlineData("nested-twice")]
    [InlineData("nested-hidden")]
    [InlineData("nested-parallel")]
    [InlineData("parallel-masks-taps")]
    [InlineData("kurtosis-taps")]
    [InlineData("layer-norm")]
    [InlineData("layer-norm-dense")]
    [InlineData("layer-norm-hidden")]
    [InlineData("rms-norm-hidden")]
    [InlineData("layer-norm-nested")]
    public void Agrees_with_simulation(string name)
    {
        Layer gelu = new Activate("gelu");
        Layer[] layers = name switch
        {
            "gate" => [new Repeat(3, [new Residual([new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("gelu"), new Dense(1.7)]) { Step = 0.6 }]), new PostNorm(1, 0.3)],
            "parallel" => [new Repeat(2, [new Residual([new ParallelBranches([[new Dense(0.7)], [new RmsNorm(1, 0.2), gelu, new Dense(1.2) { Width = 0.5 }, new Activate("tanh"), new Dense(0.9)]])]) { Skip = 0.9, Step = 0.7 }])],
            "masks" => [gelu, new Dropout(0.8, IsShared: false), new Dense(1.9) { BiasVariance = 0.1 }, new Residual([gelu, new Dense(1.3), gelu, new Dropout(0.7), new Dense(1.5)]) { Step = 0.7 }],
            "nested-twice" => [new Residual([new Residual([new Residual([gelu, new Dense(1.4)]) { Step = 0.6 }, new RmsNorm(1.3, 0.2), new Activate("tanh"), new Dense(1.5) { BiasVariance = 0.1 }]) { Skip = 0.8, Step = 0.7 }, new Residual([new Activate("tanh"), new Dense(1.2)]) { Step = 0.8 }, new Activate("softplus"), new Dense(1.2)]) { Step = 0.8 }],
            "nested-hidden" => [new Repeat(2, [new Residual([gelu, new Dense(1.6) { Width = 0.5 }, new Residual([gelu, new Dense(1.3)]) { Step = 0.8, Skip = 0.9 }, new Activate("softplus"), new Dense(1.2)]) { Step = 0.8 }])],
            "nested-parallel" => [new Residual([new Residual([new Activate("tanh"), new Dense(1.4)]) { Step = 0.6 }, new ParallelBranches([[gelu, new Dense(1.4)], [new Dense(0.8)]]) { Width = 0.5 }, new Repeat(2, [new ParallelBranches([[new Activate("tanh"), new Dense(1.2)], [gelu, new Dense(0.7)]])]), new Residual([gelu, new Dense(1.5)]) { Skip = 0, Step = 0.9 }, gelu, new Dense(1.2)]) { Step = 0.8 }],
            "parallel-masks-taps" => [new Repeat(2, [new Residual([new ParallelBranches([[gelu, new Dropout(0.8), new Dense(1.3)], [new Activate("softplus"), new Dense(1.2) { Taps = [0, 1] }, gelu, new Dropout(0.7, IsShared: false), new Dense(0.9) { Taps = [1] }]])]) { Step = 0.7 }])],
            "kurtosis-taps" => [gelu, new Dense(1.6) { Weights = WeightKind.Rademacher, Taps = [0, 1] }, gelu, new Dense(1.7) { Weights = WeightKind.Uniform, Taps = [0, 1] }, new Residual([gelu, new Dense(1.2)])],
            "layer-norm" => [new Repeat(3, [new Residual([new LayerNorm(1.2, 0.1), gelu, new Dense(1.7) { BiasVariance = 0.1 }]) { Step = 0.8 }])],
            "layer-norm-dense" => [gelu, new Dense(1.7), new Residual([new LayerNorm(1.2, 0.1), new Dense(1.7), gelu, new Dense(1.2)]) { Step = 0.8 }, new LayerNorm(1, 0), new Dense(1.5)],
            "layer-norm-hidden" => [new Repeat(2, [new Residual([gelu, new Dense(1.7) { Width = 0.5 }, new LayerNorm(1.2, 0.1), new Activate("softplus"), new Dense(1.2)]) { Step = 0.8 }])],
            "rms-norm-hidden" => [gelu, new Dense(1.5) { Width = 2 }, new Repeat(2, [new Residual([new Dense(1.7), new RmsNorm(1.2, 0), gelu, new Dense(1.2)]) { Step = 0.8 }])],
            "layer-norm-nested" => [new Residual([new Residual([new LayerNorm(1.1, 0.1), gelu, new Dense(1.3)]) { Skip = 0.9 }, new LayerNorm(1.1, 0.2), new Activate("softplus"), new Dense(1.2)]), new Residual([gelu, new Dense(1.3)]) { Step = 0.9 }],
            _ => [new Repeat(2, [new Residual([gelu, new Dense(1.6) { Weights = WeightKind.Orthogonal }, new Activate("softplus"), new Dense(1.2)]) { Step = 0.8 }])],
        };
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        Network network = Network.Of(new LayerProgram(layers), kernel);
        network = network with { RecordedLayers = [network.Depth] };
        TheorySolution theory = network.Solve("hermite(14)");
        bool drawsWeights = name is "orthogonal-hidden" or "kurtosis-taps";
        int width = drawsWeights ? 24 : 48;
        long samples = drawsWeights ? 20_000 : 100_000;
        EnsembleStatistics narrow = network.Simulate(width, samples, seed: 7), wide = network.Simulate(2 * width, samples, seed: 8);
        for (int p = 0; p < 3; p++)
        {
            double k1 = (2 * wide.Layers[0].K1!.Value[p]) - narrow.Layers[0].K1!.Value[p], k1Error = Math.Sqrt((4 * Square(wide.Layers[0].K1!.StandardError[p])) + Square(narrow.Layers[0].K1!.StandardError[p]));
            Assert.True(Math.Abs(k1 - theory.K1[0][p]) < 4 * k1Error, FormattableString.Invariant($"K1 of pair {p}: {k1} +- {k1Error} for {theory.K1[0][p]}"));
            for (int q = p; q < 3; q++)
            {
                double v4 = (2 * wide.Layers[0].V4.Value[p, q]) - narrow.Layers[0].V4.Value[p, q], v4Error = Math.Sqrt((4 * Square(wide.Layers[0].V4.StandardError[p, q])) + Square(narrow.Layers[0].V4.StandardError[p, q]));
                double expected = theory.V4[0][PairIndexing.Of(p, q, 3)];
                // A norm leaves error bars smaller than the rounding of rows in single precision.
                Assert.True(Math.Abs(v4 - expected) < (4 * v4Error) + (1e-6 * Math.Abs(expected)), FormattableString.Invariant($"V4 of pairs {p}, {q}: {v4} +- {v4Error} for {expected}"));
            }
        }

        static double Square(double value) => value * value;
    }

    // A branch that begins with a dense layer closes on G: the other modes change nothing.
    [Fact]
    public void A_branch_that_begins_with_a_dense_layer_closes_on_the_kernel()
    {
        JsonElement given = LayerCases.Of("b-transformer-mlp");
        TheorySolution modes = Solve(LayerCases.Program(given), LayerCases.Kernel(given), "hermite(8)"), kernel = Solve(LayerCases.Program(given), LayerCases.Kernel(given), "g-only");
        Assert.Equal(modes.V4[^1][0], kernel.V4[^1][0], 1e-10 * modes.V4[^1][0]);
        Assert.Equal(modes.K1[^1][0], kernel.K1[^1][0], 1e-10);
    }

    // D phi with D < 0 is |D| (-phi): modes of odd order turn their sign, which shows where other layers read them as they are.
    [Fact]
    public void A_negative_gain_turns_what_is_read()
    {
        static Layer[] Turned(double gain, string activation) => [new Repeat(2, [new Residual([new RmsNorm(gain, 0.1), new Activate(activation), new Dense(2)]), new Residual([new RmsNorm(1.3, 0.1), new Activate("gelu"), new Dense(2)])])];
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution negative = Solve(new LayerProgram(Turned(-1.3, "gelu")), kernel, "hermite(6)"), turned = Solve(new LayerProgram(Turned(1.3, "gelu(-x)")), kernel, "hermite(6)"), straight = Solve(new LayerProgram(Turned(1.3, "gelu")), kernel, "hermite(6)");
        ObservableProgramTests.Same(turned, negative, 1e-12);
        Assert.True(negative.V4[^1][0] < 0.8 * straight.V4[^1][0]);
    }

    // An accuracy in place of an order: against many more modes where the branch reads the stream, exactly where it closes on G.
    [Fact]
    public void The_order_is_chosen_by_an_accuracy()
    {
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        var reads = new LayerProgram([new Dense(1.2) { BiasVariance = 0.1 }, new Repeat(3, [new Residual([new RmsNorm(1.1, 0.1), new Activate("gelu"), new Dense(1.8)])])]);
        TheorySolution chosen = Solve(reads, kernel, "hermite(0.0001)"), many = Solve(reads, kernel, "hermite(48)");
        Assert.InRange(chosen.Truncation!.RelativeError, 0, 1e-4);
        Assert.Equal(many.V4[^1][0], chosen.V4[^1][0], 1e-4 * many.V4[^1][0]);
        Assert.Equal(many.K1[^1][0], chosen.K1[^1][0], 1e-4 * Math.Abs(many.K1[^1][0]));
        // With half the modes it would not be so accurate: the order is not simply the first.
        Assert.True(chosen.Truncation.Order > 8);
        TheorySolution closed = Solve(new LayerProgram([new Residual([new Dense(1.3), new Activate("gelu"), new Dense(1.8)])]), kernel, "hermite(auto)");
        Assert.Equal((8, 0.0), (closed.Truncation!.Order, closed.Truncation.RelativeError));
    }

    // A norm of the stream takes two orders more than the closure keeps, of the highest closure too.
    [Fact]
    public void The_highest_order_goes_with_a_norm()
    {
        var program = new LayerProgram([new Residual([new RmsNorm(1, 0.1), new Activate("gelu"), new Dense(2)])]);
        TheorySolution highest = Solve(program, new[,] { { 2.0 } }, "hermite(160)"), many = Solve(program, new[,] { { 2.0 } }, "hermite(80)");
        Assert.Equal(many.V4[^1][0], highest.V4[^1][0], 1e-9);
        Assert.Equal(many.K1[^1][0], highest.K1[^1][0], 1e-9);
    }

    internal static TheorySolution Solve(LayerProgram program, double[,] kernel, string closure)
    {
        Network network = Network.Of(program, kernel);
        return (network with { RecordedLayers = [0, network.Depth] }).Solve(closure);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = expected.Max(Math.Abs);
        for (int at = 0; at < expected.Length; at++)
            Assert.True(Math.Abs(expected[at] - actual[at]) <= 1e-6 * size, FormattableString.Invariant($"entry {at}: {actual[at]:R} for {expected[at]:R}"));
    }
}

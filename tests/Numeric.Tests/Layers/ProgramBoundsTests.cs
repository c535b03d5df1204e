using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>Bounds on what hermite(k) leaves out of V4 and K1 of programs of layers, against many more modes.</summary>
public sealed class ProgramBoundsTests
{
    private const int Far = 26;

    // Norms of the stream itself and of rows, layerNorm, and fields that updates inside branches make have means of which no bound is known.
    private static readonly string[] WithoutMean = ["layerNorm", "norm of rows", "norm of the stream", "inside a branch", "behind dense", "twice inside"];

    public static TheoryData<string> Names => [.. Programs.Keys];

    private static SortedDictionary<string, Layer[]> Programs { get; } = new(StringComparer.Ordinal)
    {
        ["residual"] = [new Repeat(6, [new Residual([new Activate("gelu"), new Dense("2 + l/10")]) { Step = 0.4 }])],
        ["perceptron"] = [new Repeat(6, [new Activate("tanh"), new Dense("2.5 + l/10") { BiasVariance = 0.1 }])],
        ["schedule"] = [new Repeat(3, [new Residual([new Activate("silu"), new Dense("1 + l/2") { Width = 2 }, new Activate("tanh"), new Dense(1.5)]) { Skip = 0.8, Step = 0.6 }])],
        ["wide stream"] = [new Activate("gelu"), new Dense(1.5) { Width = 3 }, new Repeat(4, [new Residual([new Activate("gelu"), new Dense(2) { Width = 3 }]) { Step = 0.5 }])],
        ["norm"] = [new Repeat(3, [new Residual([new RmsNorm(1.2, 0.1), new Activate("gelu"), new Dense(2)]) { Step = 0.7 }])],
        ["norm, twice"] = [new Repeat(3, [new ParallelBranches([[new RmsNorm(1.1, 0.05), new Activate("relu"), new Dense(1.2) { Width = 2 }, new Activate("tanh"), new Dense(1)], [new RmsNorm(0.9, 0), new Activate("silu"), new Dropout(0.8), new Dense(0.8)], [new RmsNorm(1, 0.2), new Dense(0.5)]]), new Residual([new Activate("gelu"), new Dense(1)]) { Step = 0.5 }])],
        ["layerNorm"] = [new Repeat(3, [new Residual([new LayerNorm(1.2, 0.1), new Activate("gelu"), new Dense(2)]) { Step = 0.7 }])],
        ["norm of rows"] = [new Repeat(2, [new Residual([new Activate("gelu"), new Dense(1.2), new RmsNorm(1, 0.1), new Activate("tanh"), new Dense(2)]) { Step = 0.7 }])],
        ["norm of the stream"] = [new Repeat(2, [new Residual([new Activate("gelu"), new Dense(2)]) { Step = 0.7 }, new PostNorm(1, 0.1)])],
        ["gate"] = [new Repeat(3, [new Residual([new Activate("tanh"), new Dense(1) { Width = 2, Copies = 2 }, new Gate("gelu"), new Dense(2)]) { Step = 0.7 }])],
        ["masks"] = [new Repeat(3, [new Residual([new Activate("gelu"), new Dropout(0.8, false), new Dense(2)]) { Step = 0.7 }])],
        ["taps"] = [new Repeat(3, [new Residual([new Activate("gelu"), new Dense(2) { Taps = [0, 1] }]) { Step = 0.7 }])],
        ["branches"] = [new Repeat(3, [new ParallelBranches([[new Dense(0.9)], [new Activate("tanh"), new Dense(1)]])])],
        ["inside a branch"] = [new Repeat(2, [new Residual([new Residual([new Activate("tanh"), new Dense(1.1)]) { Step = 0.6 }, new Activate("gelu"), new Dense(1.2)]) { Step = 0.8 }])],
        ["behind dense"] = [new Repeat(2, [new Residual([new Dense(1.4), new Residual([new Activate("softplus"), new Dense(1.1)]) { Step = 0.6 }, new Activate("gelu"), new Dense(1.2)]) { Step = 0.8 }])],
        ["twice inside"] =
        [
            new Residual(
            [
                new Dense(1.7),
                new ParallelBranches(
                [
                    [new Dense(1.5)],
                    [new Activate("softplus"), new Dense(1) { Width = 3 }, new Residual([new Activate("gelu"), new Dense(1.3)]) { Skip = 0.9, Step = 0.4 }, new Activate("tanh"), new Dense(1.7)],
                ]),
                new Activate("gelu"),
                new Dense(0.7),
            ]),
        ],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Many_more_modes_lie_within_the_bounds(string name)
    {
        TheorySolution far = Solve(name, Far);
        foreach (int order in new[] { 4, 7 })
        {
            TheorySolution near = Solve(name, order);
            ModeBoundsTests.AssertWithin(near, far, "V4", BoundedEquations.OfCovariance);
            Assert.Equal(!WithoutMean.Contains(name), near.Tensors.ContainsKey(BoundedEquations.OfMean));
            if (!WithoutMean.Contains(name))
                ModeBoundsTests.AssertWithin(near, far, "K1", BoundedEquations.OfMean);
        }
    }

    // Of one input the bound of V4 is what is missing, up to a factor, and that of K1 up to 5; a branch that begins with a dense layer leaves nothing out.
    [Theory]
    [InlineData("residual", 1.5)]
    [InlineData("perceptron", 1.5)]
    [InlineData("norm", 3)]
    [InlineData("taps", 6)]
    [InlineData("inside a branch", 4)]
    public void The_bounds_are_near_what_is_left_out(string name, double factor)
    {
        TheorySolution near = Solve(name, 6), far = Solve(name, Far);
        double missing = far.V4[^1][0] - near.V4[^1][0], bound = near.Tensors[BoundedEquations.OfCovariance][^1][0];
        Assert.InRange(bound, missing, factor * missing);
        if (!WithoutMean.Contains(name))
            Assert.InRange(near.Tensors[BoundedEquations.OfMean][^1][0], Math.Abs(far.K1[^1][0] - near.K1[^1][0]), 5 * Math.Abs(far.K1[^1][0] - near.K1[^1][0]));
    }

    [Fact]
    public void Nothing_is_left_out_where_G_is_all_that_the_next_layer_sees()
    {
        Network network = Of([new Repeat(3, [new Residual([new RmsNorm(1, 0.1), new Dense(1) { Width = 2 }, new Activate("gelu"), new Dense(2)]) { Step = 0.7 }])], 2);
        TheorySolution solution = network.Solve("hermite(4)");
        Assert.All(solution.Tensors[BoundedEquations.OfCovariance][^1], bound => Assert.Equal(0, bound));
        Assert.All(solution.Tensors[BoundedEquations.OfMean][^1], bound => Assert.Equal(0, bound));
        Assert.All(solution.K1[^1].Zip(network.Solve("hermite(8)").K1[^1]), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    // A bound of the Gaussian law is none of another.
    [Fact]
    public void Other_weights_have_none()
    {
        Network network = Of([new Repeat(3, [new Residual([new Activate("gelu"), new Dense(2) { Weights = WeightKind.Rademacher }])])], 1);
        Assert.False(network.Solve("hermite(6)").Tensors.ContainsKey(BoundedEquations.OfCovariance));
    }

    private static TheorySolution Solve(string name, int order) => Of(Programs[name], 3).Solve($"hermite({order})");

    private static Network Of(Layer[] layers, int inputs)
    {
        double[,] all = { { 0.9, 0.4, -0.2 }, { 0.4, 1.1, 0.3 }, { -0.2, 0.3, 0.7 } }, kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++) kernel[a, b] = all[a, b];
        }

        var program = new LayerProgram(layers);
        Network network = Network.Of(program, kernel);
        return network with { RecordedLayers = [.. Enumerable.Range(0, network.Depth + 1)] };
    }
}

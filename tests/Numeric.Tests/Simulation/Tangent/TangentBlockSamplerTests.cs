using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Layers;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Simulation.Tangent;

/// <summary>The tangent kernel by the exact law of rows with tangents, with its control variate.</summary>
public class TangentBlockSamplerTests
{
    private const double Largest = 4;

    // Two widths, the next order in 1/n removed, against theory: what is measured off the diagonal too.
    [Theory]
    [InlineData("perceptron")]
    [InlineData("perceptron", "sigma-kernel(2)")]
    [InlineData("resnet")]
    [InlineData("resnet", "sigma-kernel(3)")]
    [InlineData("branch")]
    [InlineData("gate")]
    [InlineData("dropout")]
    [InlineData("taps")]
    [InlineData("beside")]
    public void Agrees_with_theory(string name, string closure = "hermite(14)") => Compare(Of(name), TangentKernel.WithInput, closure, 16_000, 64, (int)name[0]);

    // The same of the cases that another program computed, at fewer networks: their theory is compared with that program's elsewhere.
    [Theory]
    [InlineData("f-resnet")]
    [InlineData("f-resnet-big")]
    [InlineData("f-mlp-tanh")]
    [InlineData("f-branch")]
    [InlineData("f-transformer")]
    public void Agrees_with_the_cases_of_another_program(string name)
    {
        System.Text.Json.JsonElement given = LayerCases.Of(name);
        Compare(Network.Of(LayerCases.Program(given), LayerCases.Kernel(given)), TangentKernel.OfLayers, given.GetProperty("closure").GetString()!, 4_000, 64, name.Length);
    }

    // Theta1 of two inputs off the diagonal at three widths: a straight line in 1/n through them, but for the order after that.
    [Theory]
    [InlineData("gelu perceptron")]
    [InlineData("tanh resnet")]
    [InlineData("gelu pre-norm resnet")]
    public void Theta1_off_the_diagonal_is_that_of_three_widths(string name)
    {
        Network network = Of(name);
        TheorySolution theory = Solve(network, TangentKernel.WithInput, "hermite(20)");
        int[] widths = [64, 128, 256];
        (double Value, double Error)[] measured = [.. widths.Select(width => Run(network, theory, TangentKernel.WithInput, width, 12_000, (ulong)width).Layers[0].Theta is var row ? (width * (row.Value[1] - theory.Tensors["Theta0"][0][1]), width * row.StandardError[1]) : default)];
        // Quadratic in 1/n through the three.
        double[] weights = [1 / 3.0, -2, 8 / 3.0];
        double value = weights.Zip(measured, (weight, each) => weight * each.Value).Sum(), error = Math.Sqrt(weights.Zip(measured, (weight, each) => weight * weight * each.Error * each.Error).Sum());
        Assert.InRange((value - theory.Tensors["Theta1"][0][1]) / error, -3, 3);
    }

    // Exactly the law of networks whose weights are drawn, at a width where no expansion holds, with learning rates of their own; control variate or not.
    [Theory]
    [InlineData("branch", true)]
    [InlineData("gate", false)]
    [InlineData("perceptron", true)]
    [InlineData("wide perceptron", true)]
    public void Is_the_law_of_drawn_weights(string name, bool wantsControl)
    {
        Network network = Of(name);
        const int width = 6;
        var rates = new LearningRates { First = 0.3, Weights = 0.7, Hidden = 1.4, Biases = 0.5 };
        TheorySolution theory = Solve(network, TangentKernel.WithInput, "hermite(4)", rates);
        IReadOnlyList<StreamStep> steps = rates.On(ClosureSolver.Steps(network));
        TangentLayer drawn = Measured(new TangentSampler(steps, network, width, 3, rateOfFirst: 0.3), 12_000).Layers[0];
        TangentLayer rows = Measured(TangentBlockSampler.Prepare(steps, network, width, 4, rateOfFirst: 0.3, theory.Tensors["K0"], theory.Tensors["Theta0"], wantsControl: wantsControl), 24_000).Layers[0];
        void Equal(string of, TangentRow left, TangentRow right)
        {
            for (int p = 0; p < 3; p++)
                AssertClose($"{of} {p}", left.Value[p], left.StandardError[p], right.Value[p], right.StandardError[p]);
        }

        void EqualMatrices(string of, TangentMatrix left, TangentMatrix right)
        {
            for (int p = 0; p < 9; p++)
                AssertClose($"{of} {p / 3},{p % 3}", left.Value[p / 3][p % 3], left.StandardError[p / 3][p % 3], right.Value[p / 3][p % 3], right.StandardError[p / 3][p % 3]);
        }

        Equal("G", drawn.G, rows.G);
        Equal("Theta", drawn.Theta, rows.Theta);
        Equal("tau", drawn.Tau, rows.Tau);
        EqualMatrices("V4", drawn.V4, rows.V4);
        EqualMatrices("VarTheta", drawn.Variance, rows.Variance);
        EqualMatrices("CovThetaG", drawn.WithKernel, rows.WithKernel);
    }

    // Without biases E Theta of ReLU is L at every n (arXiv:2508.11522, section 5.2), though at n = 3 an eighth of the layers are dead; and that of a linear network is that of infinite width, here with an
    // input that is another one's equal and one that is its opposite.
    [Theory]
    [InlineData("relu", 3)]
    [InlineData("linear", 2)]
    public void Where_the_mean_does_not_depend_on_the_width_it_is_that(string name, int width)
    {
        Layer dense = new Dense(name == "relu" ? 2 : 1.3);
        Network network = name == "relu"
            ? Network.Of(new LayerProgram([new Repeat(4, [new Activate("relu"), dense])]), new double[,] { { 1 } })
            : Network.Of(new LayerProgram([new Repeat(3, [dense])]), new double[,] { { 1, 0.6, 1, -1 }, { 0.6, 2, 0.6, -0.6 }, { 1, 0.6, 1, -1 }, { -1, -0.6, -1, 1 } });
        network = network with { RecordedLayers = [2, network.Depth] };
        TheorySolution theory = ClosureSolver.SolveInfiniteWidth(network, QuadratureChoice.Certified, TangentKernel.OfLayers, new LearningRates(), CancellationToken.None);
        TangentStatistics statistics = Measured(TangentBlockSampler.Prepare(ClosureSolver.Steps(network), network, width, 8, rateOfFirst: 0, theory.Tensors["K0"], theory.Tensors["Theta0"]), 30_000);
        for (int record = 0; record < 2; record++)
        {
            if (name == "relu") Assert.Equal(network.RecordedLayers[record], theory.Tensors["Theta0"][record][0], 12);
            for (int p = 0; p < PairIndexing.Count(network.Inputs); p++)
                AssertClose($"Theta {p}", statistics.Layers[record].Theta.Value[p], statistics.Layers[record].Theta.StandardError[p], theory.Tensors["Theta0"][record][p], 0);
        }
    }

    // At n = 16 GELU's tangent kernel is off its mean by more than itself: a linear prediction leaves a third of the variance and more.
    [Fact]
    public void Products_of_fluctuations_of_different_layers_are_predicted()
    {
        Network network = Of("gelu perceptron");
        TheorySolution theory = Solve(network, TangentKernel.WithInput, "hermite(4)");
        double[] gain = Run(network, theory, TangentKernel.WithInput, 16, 20_000, 2).Layers[0].Theta.Gain!;
        Assert.All(gain, each => Assert.InRange(each, 40, 1000));
    }

    // What is left of Theta1 is of second order: its variance does not grow with n, and that of the plain mean does.
    [Fact]
    public void The_control_variate_gains_in_proportion_to_the_width()
    {
        Network network = Of("resnet");
        TheorySolution theory = Solve(network, TangentKernel.WithInput, "hermite(4)");
        double Gain(int width) => Run(network, theory, TangentKernel.WithInput, width, 2_000, 1).Layers[0].Theta.Gain![0];
        Assert.InRange(Gain(256) / Gain(32), 6, 10);
    }

    [Theory]
    [InlineData("resnet")]
    [InlineData("perceptron")]
    public void Threads_change_no_number(string name)
    {
        Network network = Of(name);
        TheorySolution theory = Solve(network, TangentKernel.WithInput, "hermite(4)");
        TangentBlockSampler sampler = TangentBlockSampler.Prepare(ClosureSolver.Steps(network), network, 9, 5, rateOfFirst: 1, theory.Tensors["K0"], theory.Tensors["Theta0"]);
        TangentStatistics one = Measured(sampler, 3_000, threads: 1), three = Measured(sampler, 3_000, threads: 3);
        Assert.Equal(one.Layers[0].Theta.Value, three.Layers[0].Theta.Value);
        Assert.Equal(one.Layers[0].Variance.Value[0], three.Layers[0].Variance.Value[0]);
    }

    private static Network Of(string name)
    {
        Layer gelu = new Activate("gelu"), tanh = new Activate("tanh"), dense = new Dense(1.7) { BiasVariance = 0.1 };
        Layer[] layers = name switch
        {
            "perceptron" => [new Repeat(3, [gelu, dense])],
            "wide perceptron" => [gelu, new Dense(1.5) { Width = 1.5 }, tanh, new Dense(1.2) { BiasVariance = 0.2, Width = 0.5 }, gelu, dense],
            "gelu perceptron" => [new Repeat(3, [gelu, new Dense(1.98)])],
            "resnet" => [new Repeat(3, [new Residual([gelu, dense]) { Step = 0.6 }])],
            "tanh resnet" => [new Repeat(4, [new Residual([tanh, new Dense(2)]) { Step = 0.5 }])],
            "gelu pre-norm resnet" => [new Repeat(3, [new Residual([new RmsNorm(1, 0.05), gelu, dense]) { Step = 0.7 }])],
            "branch" => [new Repeat(2, [new Residual([new RmsNorm(1.2, 0.1), gelu, new Dense(1.5) { Width = 0.5 }, new Activate("softplus"), dense]) { Skip = 0.9, Step = 0.6 }]), new PostNorm(1, 0.3)],
            "dropout" => [new Repeat(2, [new Residual([gelu, new Dropout(0.8, true), new Dense(1.5), tanh, new Dropout(0.9), dense]) { Step = 0.6 }])],
            "taps" => [new Repeat(2, [new Residual([gelu, new Dense(1.5) { Taps = [0, 1] }]) { Step = 0.6 }])],
            "beside" => [new ParallelBranches([[dense], [tanh, new Dense(1.2)]]), new Residual([gelu, dense])],
            _ => [new Residual([new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 1.5, Copies = 2 }, new Gate("gelu"), dense]) { Step = 0.6 }],
        };
        var network = Network.Of(new LayerProgram(layers), new double[,] { { 1.5, 0.6 }, { 0.6, 1 } });
        return network with { RecordedLayers = [network.Depth] };
    }

    private static void Compare(Network network, TangentKernel tangent, string closure, long samples, int width, int seed)
    {
        TheorySolution theory = Solve(network, tangent, closure);
        TangentLayer narrow = Run(network, theory, tangent, width, samples, (ulong)seed).Layers[0], wide = Run(network, theory, tangent, 2 * width, samples, (ulong)seed + 1).Layers[0];
        int pairs = PairIndexing.Count(network.Inputs);
        void Check(string of, double expected, double low, double lowError, double high, double highError) =>
            AssertClose(of, (2 * high) - low, Math.Sqrt((4 * highError * highError) + (lowError * lowError)), expected, 0);
        for (int p = 0; p < pairs; p++)
        {
            double mean = theory.Tensors["Theta0"][0][p];
            if (theory.Tensors.TryGetValue("Theta1", out IReadOnlyList<double[]>? correction))
            {
                Check($"Theta1 {p}", correction[0][p], width * (narrow.Theta.Value[p] - mean), width * narrow.Theta.StandardError[p], 2 * width * (wide.Theta.Value[p] - mean), 2 * width * wide.Theta.StandardError[p]);
                Check($"tau {p}", theory.Tensors["tau"][0][p], narrow.Tau.Value[p], narrow.Tau.StandardError[p], wide.Tau.Value[p], wide.Tau.StandardError[p]);
            }

            for (int q = 0; q < pairs; q++)
            {
                Check($"VarTheta {p},{q}", theory.Tensors["VarTheta"][0][PairIndexing.Of(p, q, pairs)], narrow.Variance.Value[p][q], narrow.Variance.StandardError[p][q], wide.Variance.Value[p][q], wide.Variance.StandardError[p][q]);
                Check($"CovThetaG {p},{q}", theory.Tensors["CovThetaG"][0][(p * pairs) + q], narrow.WithKernel.Value[p][q], narrow.WithKernel.StandardError[p][q], wide.WithKernel.Value[p][q], wide.WithKernel.StandardError[p][q]);
            }
        }
    }

    private static TheorySolution Solve(Network network, TangentKernel tangent, string closure, LearningRates? rates = null) =>
        ClosureSolver.Solve(network with { RecordedLayers = [network.Depth] }, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = tangent, Rates = rates ?? new() });

    private static TangentStatistics Run(Network network, TheorySolution theory, TangentKernel tangent, int width, long samples, ulong seed) => Measured(
        TangentBlockSampler.Prepare(ClosureSolver.Steps(network), network with { RecordedLayers = [network.Depth] }, width, seed, tangent == TangentKernel.WithInput ? 1 : 0, theory.Tensors["K0"], theory.Tensors["Theta0"]), samples);

    private static TangentStatistics Measured(ITangentSampler sampler, long samples, int threads = 2)
    {
        BatchTree tree = sampler.NewTree();
        Assert.True(sampler.RunBatches(tree, 0, sampler.Batches(samples), new EnsembleRun { Samples = samples, Threads = threads }));
        return sampler.Summarize(tree);
    }

    private static void AssertClose(string of, double left, double leftError, double right, double rightError)
    {
        double error = Math.Sqrt((leftError * leftError) + (rightError * rightError));
        Assert.True(Math.Abs(left - right) <= Largest * error + 1e-12, FormattableString.Invariant($"{of}: {left:G6} +- {leftError:G2} for {right:G6} +- {rightError:G2}, z = {(left - right) / error:F2}"));
    }
}

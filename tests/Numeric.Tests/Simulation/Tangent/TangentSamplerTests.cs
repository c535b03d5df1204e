using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Simulation.Tangent;

/// <summary>The tangent kernel of drawn networks.</summary>
public class TangentSamplerTests
{
    // Two widths, the next order in 1/n removed, against theory: off the diagonal too.
    [Theory]
    [InlineData("perceptron")]
    [InlineData("resnet")]
    [InlineData("branch")]
    [InlineData("gate")]
    public void Agrees_with_theory(string name)
    {
        Layer gelu = new Activate("gelu"), dense = new Dense(1.7) { BiasVariance = 0.1 };
        Layer[] layers = name switch
        {
            "perceptron" => [new Repeat(3, [gelu, dense])],
            "resnet" => [new Repeat(3, [new Residual([gelu, dense]) { Step = 0.6 }])],
            "branch" => [new Repeat(2, [new Residual([new RmsNorm(1.2, 0.1), gelu, new Dense(1.5) { Width = 0.5 }, new Activate("softplus"), dense]) { Skip = 0.9, Step = 0.6 }]), new PostNorm(1, 0.3)],
            _ => [new Residual([new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 1.5, Copies = 2 }, new Gate("gelu"), dense]) { Step = 0.6 }],
        };
        Network network = Network.Of(new LayerProgram(layers), new double[,] { { 1.5, 0.6 }, { 0.6, 1 } });
        network = network with { RecordedLayers = [network.Depth] };
        TheorySolution theory = ClosureSolver.Solve(network, ClosureRegistry.Parse("hermite(14)"), new SolverSettings { Tangent = TangentKernel.WithInput });
        const int width = 16;
        TangentStatistics Simulate(int n, ulong seed) => new TangentSampler(ClosureSolver.Steps(network), network, n, seed, trainsInput: true).Run(new EnsembleRun { Samples = 30_000 });
        TangentLayer narrow = Simulate(width, 3).Layers[0], wide = Simulate(2 * width, 4).Layers[0];
        void Check(string of, double expected, double low, double lowError, double high, double highError)
        {
            double value = (2 * high) - low, error = Math.Sqrt((4 * highError * highError) + (lowError * lowError));
            Assert.True(Math.Abs(value - expected) < 4 * error, FormattableString.Invariant($"{of}: {value:G6} +- {error:G2} for {expected:G6}, z = {(value - expected) / error:F2}"));
        }

        for (int p = 0; p < 3; p++)
        {
            double mean = theory.Tensors["Theta0"][0][p];
            if (theory.Tensors.TryGetValue("Theta1", out IReadOnlyList<double[]>? correction))
            {
                Check($"Theta1 {p}", correction[0][p], width * (narrow.Theta.Value[p] - mean), width * narrow.Theta.StandardError[p], 2 * width * (wide.Theta.Value[p] - mean), 2 * width * wide.Theta.StandardError[p]);
                Check($"tau {p}", theory.Tensors["tau"][0][p], narrow.Tau.Value[p], narrow.Tau.StandardError[p], wide.Tau.Value[p], wide.Tau.StandardError[p]);
            }

            Check($"Theta0 {p}", mean, narrow.Theta.Value[p], narrow.Theta.StandardError[p], wide.Theta.Value[p], wide.Theta.StandardError[p]);
            for (int q = 0; q < 3; q++)
            {
                Check($"VarTheta {p},{q}", theory.Tensors["VarTheta"][0][PairIndexing.Of(p, q, 3)], narrow.Variance.Value[p][q], narrow.Variance.StandardError[p][q], wide.Variance.Value[p][q], wide.Variance.StandardError[p][q]);
                Check($"CovThetaG {p},{q}", theory.Tensors["CovThetaG"][0][(p * 3) + q], narrow.WithKernel.Value[p][q], narrow.WithKernel.StandardError[p][q], wide.WithKernel.Value[p][q], wide.WithKernel.StandardError[p][q]);
            }
        }
    }

    [Fact]
    public void Threads_change_no_number()
    {
        Network network = new() { Activation = "tanh", WeightVariance = 1.5, Step = 0.5, Depth = 2, Kernel = new double[,] { { 1 } } };
        TangentSampler Sampler() => new(ClosureSolver.Steps(network), network, 9, 5, trainsInput: false);
        TangentStatistics one = Sampler().Run(new EnsembleRun { Samples = 50, Threads = 1 }), three = Sampler().Run(new EnsembleRun { Samples = 50, Threads = 3 });
        Assert.Equal(one.Layers[^1].Theta.Value, three.Layers[^1].Theta.Value);
        Assert.Equal(one.Layers[^1].Variance.Value[0], three.Layers[^1].Variance.Value[0]);
    }
}

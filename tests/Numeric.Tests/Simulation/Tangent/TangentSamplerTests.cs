using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation.Tangent;

/// <summary>The tangent kernel of drawn networks; it is compared with rows drawn by their law, and these with theory, in <see cref="TangentBlockSamplerTests"/>.</summary>
public class TangentSamplerTests
{
    [Fact]
    public void Threads_change_no_number()
    {
        Network network = new() { Activation = "tanh", WeightVariance = 1.5, Step = 0.5, Depth = 2, Kernel = new double[,] { { 1 } } };
        TangentSampler Sampler() => new(ClosureSolver.Steps(network), network, 9, 5, rateOfFirst: 0);
        TangentStatistics one = Sampler().Run(new EnsembleRun { Samples = 50, Threads = 1 }), three = Sampler().Run(new EnsembleRun { Samples = 50, Threads = 3 });
        Assert.Equal(one.Layers[^1].Theta.Value, three.Layers[^1].Theta.Value);
        Assert.Equal(one.Layers[^1].Variance.Value[0], three.Layers[^1].Variance.Value[0]);
    }
}

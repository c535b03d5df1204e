using SymbolicEft.Numeric.Simulation;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Drawn weights against the block law.</summary>
public class WeightsTests
{
    [Theory]
    [InlineData("tanh", 0.9)]
    [InlineData("gelu", 0)]
    public void Gaussian_weights_and_the_block_law_agree(string activation, double skip)
    {
        EnsembleSettings settings = Tanh().On(network => network with { Activation = activation, Skip = skip });
        EnsembleStatistics block = Run(settings, 150_000);
        EnsembleStatistics weights = Run(settings with { Law = SamplingLaw.GaussianWeights, Seed = 77 }, 150_000);
        for (int record = 0; record < 3; record++)
        {
            LayerStatistics x = block.Layers[record], y = weights.Layers[record];
            for (int p = 0; p < 3; p++)
            {
                Compare(x.G.Value[p], x.G.StandardError[p], y.G.Value[p], y.G.StandardError[p]);
                Compare(x.S.Value[p], x.S.StandardError[p], y.S.Value[p], y.S.StandardError[p]);
                for (int q = 0; q < 3; q++)
                {
                    Compare(x.V4.Value[p, q], x.V4.StandardError[p, q], y.V4.Value[p, q], y.V4.StandardError[p, q]);
                    Compare(x.SigmaKernelCovariance.Value[p, q], x.SigmaKernelCovariance.StandardError[p, q],
                        y.SigmaKernelCovariance.Value[p, q], y.SigmaKernelCovariance.StandardError[p, q]);
                }
            }
        }
    }

    // One layer of any weights with E[W_ij W_ik] = C_W delta_jk / n: E G' = alpha^2 E G + eps^2 (C_b + C_W E S).
    [Theory]
    [InlineData(SamplingLaw.GaussianWeights)]
    [InlineData(SamplingLaw.UniformWeights)]
    [InlineData(SamplingLaw.OrthogonalWeights)]
    public void Every_weight_distribution_has_the_variance_it_states(SamplingLaw law)
    {
        EnsembleSettings settings = (Tanh() with { Law = law }).On(network => network with { RecordedLayers = [2, 3] });
        EnsembleStatistics statistics = Run(settings, 60_000);
        LayerStatistics before = statistics.Layers[0], after = statistics.Layers[1];
        double stepSquared = settings.Network.Step * settings.Network.Step;
        for (int p = 0; p < 3; p++)
        {
            double expected = (settings.Network.Skip * settings.Network.Skip * before.G.Value[p])
                + (stepSquared * (settings.Network.BiasVariance + (settings.Network.WeightVariance * before.S.Value[p])));
            AssertScore(after.G.Value[p] - expected, after.G.StandardError[p]);
        }
    }

    // Uniform W, sigma(x) = x, alpha = 0, one neuron and one input: phi' = w phi, E w^2 = C_W, E w^4 = 9/5 C_W^2 (Gaussian: 3 C_W^2).
    [Fact]
    public void Uniform_weights_are_uniform()
    {
        EnsembleSettings settings = (Linear(1, 1, new[,] { { 1.0 } }, StatePrecision.Double) with { Law = SamplingLaw.UniformWeights }).On(network => network with { Skip = 0, Step = 1 });
        LayerStatistics last = Run(settings, 200_000).Layers[1];
        AssertScore(last.G.Value[0] - 1.5, last.G.StandardError[0]);
        AssertScore(last.V4.Value[0, 0] - (1.5 * 1.5 * ((1.8 * 3) - 1)), last.V4.StandardError[0, 0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Orthogonal_weights_keep_scalar_products_and_turn_vectors(int width)
    {
        EnsembleSettings settings = (Linear(width, 3, Kernel(3, 1, 0.2), StatePrecision.Double) with { Law = SamplingLaw.OrthogonalWeights }).On(network => network with { Skip = 0, Step = 1, WeightVariance = 1 });
        foreach (KernelSample sample in new EnsembleSampler(settings).Samples(0, 16))
        {
            for (int p = 0; p < 6; p++) Assert.Equal(sample.G[0][p], sample.G[1][p], 1e-13);
        }

        // With a skip the turn shows: phi' = phi + O phi has E|phi'|^2 = 2 |phi|^2, and for Haar O the cosine of the turn has variance
        // 1/n, so Var(G' / G) = 4/n at one input.
        EnsembleSettings turn = settings.On(network => network with { Skip = 1, Depth = 1, RecordedLayers = [0, 1], Kernel = new[,] { { 1.0 } } });
        KernelSample[] samples = new EnsembleSampler(turn).Samples(0, 20_000);
        double[] ratios = [.. samples.Select(s => s.G[1][0] / s.G[0][0])];
        double mean = ratios.Average(), variance = ratios.Average(r => (r - 2) * (r - 2)), fourth = ratios.Average(r => Math.Pow(r - 2, 4));
        AssertScore(mean - 2, Math.Sqrt(variance / ratios.Length));
        if (width > 1) AssertScore(variance - (4.0 / width), Math.Sqrt((fourth - (variance * variance)) / ratios.Length));
        else Assert.All(ratios, r => Assert.True(Math.Abs(r) < 1e-12 || Math.Abs(r - 4) < 1e-12));
    }

    private static void Compare(double x, double xError, double y, double yError) =>
        AssertScore(x - y, Math.Sqrt((xError * xError) + (yError * yError)));
}

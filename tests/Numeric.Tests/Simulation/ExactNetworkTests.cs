using SymbolicEft.Numeric.Simulation;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Networks whose moments are known exactly at every width.</summary>
public class ExactNetworkTests
{
    // sigma(x) = x, one input, c = eps^2 C_W: E G = K (1 + c)^l, E G^2 = K^2 (1 + 2/n) prod ((1 + c)^2 + (4 c + 2 c^2) / n).
    [Theory]
    [InlineData(1, StatePrecision.Single)]
    [InlineData(5, StatePrecision.Single)]
    [InlineData(70, StatePrecision.Single)]
    [InlineData(1, StatePrecision.Double)]
    [InlineData(33, StatePrecision.Double)]
    public void Linear_network_has_its_exact_mean_and_variance(int width, StatePrecision precision)
    {
        const int depth = 4;
        const double kernel = 1.7;
        EnsembleSettings settings = Linear(width, depth, new[,] { { kernel } }, precision);
        double c = settings.Network.Step * settings.Network.Step * settings.Network.WeightVariance;
        double mean = kernel * Math.Pow(1 + c, depth);
        double square = kernel * kernel * (1 + (2.0 / width)) * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / width), depth);
        var reference = new EnsembleReference { K0 = [[kernel], [mean]], E2 = [[kernel], [mean]] };
        LayerStatistics last = Run(settings, 100_000, reference).Layers[1];
        AssertScore(last.G.Value[0] - mean, last.G.StandardError[0]);
        AssertScore(last.K1!.Value[0], last.K1.StandardError[0]);
        AssertScore(last.U1!.Value[0], last.U1.StandardError[0]);
        AssertScore(last.V4.Value[0, 0] - (width * (square - (mean * mean))), last.V4.StandardError[0, 0]);
        // For this activation S is G.
        Assert.Equal(last.V4.Value[0, 0], last.SigmaKernelCovariance.Value[0, 0], 1e-5 * last.V4.Value[0, 0]);
    }

    // ReLU MLP at C_W = 2: E G = K at every layer, and E G_l^2 = K^2 (1 + 2/n) (1 + 5/n)^l, from E relu^4 = 3/2 Q^2.
    [Theory]
    [InlineData(4, StatePrecision.Single)]
    [InlineData(30, StatePrecision.Double)]
    public void Relu_mlp_has_its_exact_mean_and_variance(int width, StatePrecision precision)
    {
        const int depth = 3;
        const double kernel = 0.8;
        var settings = new EnsembleSettings
        {
            Network = new()
            {
                Activation = "relu",
                Depth = depth,
                Skip = 0,
                Step = 1,
                WeightVariance = 2,
                Kernel = new[,] { { kernel } },
                RecordedLayers = [0, 1, depth],
            },
            Width = width,
            Precision = precision,
            Seed = 3,
        };
        EnsembleStatistics statistics = Run(settings, 100_000);
        foreach (LayerStatistics layer in statistics.Layers)
        {
            // G at layer l is the Gram matrix of n normals of variance 2 S at layer l - 1.
            double square = kernel * kernel * (1 + (2.0 / width)) * Math.Pow(1 + (5.0 / width), layer.Layer);
            AssertScore(layer.G.Value[0] - kernel, layer.G.StandardError[0]);
            AssertScore(layer.S.Value[0] - (kernel / 2), layer.S.StandardError[0]);
            AssertScore(layer.V4.Value[0, 0] - (width * (square - (kernel * kernel))), layer.V4.StandardError[0, 0]);
        }
    }

    // More inputs than neurons: S has rank n, its Cholesky factor must stop there. Means of the linear network are exact for all pairs,
    // and the first layer is a Wishart matrix: n Cov(G_ab, G_cd) = K_ac K_bd + K_ad K_bc.
    [Theory]
    [InlineData(5, 8, StatePrecision.Single)]
    [InlineData(5, 8, StatePrecision.Double)]
    [InlineData(1, 3, StatePrecision.Single)]
    [InlineData(2, 7, StatePrecision.Double)]
    public void Fewer_neurons_than_inputs_keep_the_exact_means(int width, int inputs, StatePrecision precision)
    {
        double[,] kernel = Kernel(inputs, 1.2, 0.4);
        EnsembleSettings settings = Linear(width, 3, kernel, precision);
        double growth = Math.Pow(1 + (settings.Network.Step * settings.Network.Step * settings.Network.WeightVariance), 3);
        EnsembleStatistics statistics = Run(settings, 20_000);
        (int A, int B)[] pairs = [.. from a in Enumerable.Range(0, inputs) from b in Enumerable.Range(a, inputs - a) select (a, b)];
        LayerStatistics first = statistics.Layers[0], last = statistics.Layers[1];
        double sumOfSquares = 0;
        for (int p = 0; p < pairs.Length; p++)
        {
            (int a, int b) = pairs[p];
            AssertScore(last.G.Value[p] - (kernel[a, b] * growth), last.G.StandardError[p]);
            for (int q = 0; q < pairs.Length; q++)
            {
                (int c, int d) = pairs[q];
                double exact = (kernel[a, c] * kernel[b, d]) + (kernel[a, d] * kernel[b, c]);
                double score = (first.V4.Value[p, q] - exact) / first.V4.StandardError[p, q];
                Assert.InRange(score, -5, 5);
                sumOfSquares += score * score;
            }
        }

        // The scores are correlated (at one neuron and three inputs they come from six numbers), so their mean square is loose.
        Assert.InRange(sumOfSquares / pairs.Length / pairs.Length, 0.05, 2.5);
    }

    [Theory]
    [InlineData(StatePrecision.Single)]
    [InlineData(StatePrecision.Double)]
    public void Equal_inputs_stay_equal_to_the_last_bit(StatePrecision precision)
    {
        // Inputs 0, 2 and 5 are the same; they sit in different tiles of the Gram sum.
        int[] source = [0, 1, 0, 2, 3, 0, 4];
        double[,] distinct = Kernel(5, 1.1, 0.5), kernel = new double[7, 7];
        for (int a = 0; a < 7; a++)
        {
            for (int b = 0; b < 7; b++) kernel[a, b] = distinct[source[a], source[b]];
        }

        EnsembleSettings settings = Tanh(width: 9, depth: 30, precision).On(network => network with { Kernel = kernel, RecordedLayers = [0, 30] });
        foreach (KernelSample sample in new EnsembleSampler(settings).Samples(0, 32))
        {
            foreach (double[] g in sample.G)
            {
                Assert.Equal(g[0], g[2]); // (0,0), (0,2)
                Assert.Equal(g[0], g[5]); // (0,5)
                Assert.Equal(g[0], g[13]); // (2,2)
                Assert.Equal(g[1], g[8]); // (0,1), (1,2)
                Assert.NotEqual(g[0], g[1]);
            }
        }
    }

    [Fact]
    public void Zero_kernels_stay_zero()
    {
        EnsembleSettings settings = Tanh(width: 3, depth: 4).On(network => network with { Kernel = new double[2, 2], BiasVariance = 0 });
        Assert.All(new EnsembleSampler(settings).Samples(0, 8), s => Assert.All(s.G, g => Assert.All(g, v => Assert.Equal(0, v))));
    }

    // K(0) = 2 [(1 - .3) 1 + .3 J], N = 4, tanh, C_W = 2, eps = .05, L = 800, n = 64; published ensemble of 5e6 samples
    // (Kawase and Ota, arXiv:2604.15742): V4_0000 at t = .5, 1, 1.5, 2 and the mean of G_00 at t = 2.
    [Fact]
    public void Published_ensemble_is_reproduced()
    {
        var settings = new EnsembleSettings
        {
            Network = new()
            {
                Activation = "tanh",
                Depth = 800,
                Step = 0.05,
                WeightVariance = 2,
                Kernel = Kernel(4, 2, 0.3),
                RecordedLayers = [200, 400, 600, 800],
            },
            Width = 64,
        };
        double[] published = [14.719, 23.687, 35.010, 48.735];
        EnsembleStatistics statistics = new EnsembleSampler(settings).Run(new EnsembleRun { Samples = 6000, Threads = 2 });
        for (int record = 0; record < 4; record++)
        {
            // The four diagonal pairs (0,0), (1,1), (2,2), (3,3) are alike.
            foreach (int pair in new[] { 0, 4, 7, 9 })
                AssertScore(statistics.Layers[record].V4.Value[pair, pair] - published[record], statistics.Layers[record].V4.StandardError[pair, pair]);
        }

        foreach (int pair in new[] { 0, 4, 7, 9 })
            AssertScore(statistics.Layers[3].G.Value[pair] - 4.3609, statistics.Layers[3].G.StandardError[pair]);
    }
}

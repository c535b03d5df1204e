using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Layers;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Programs whose moments are known exactly at every width.</summary>
public class ProgramExactTests
{
    private const double K = 1.7;

    private static double[,] One => new[,] { { K } };

    // Dense layers alone: G_l = G_(l-1) C_W chi^2 / (r n), chi^2 of r n degrees, so E G = K prod C_W and E G^2 = K^2 (1 + 2/n) prod C_W^2 (1 + 2/(r n)).
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_of_dense_layers_is_a_product_of_wisharts(bool drawsWeights)
    {
        const int n = 6;
        (double C, double R)[] layers = [(1.3, 2), (0.8, 0.5), (1.1, 1)];
        ProgramSettings settings = Programs.Settings(One, n, [.. layers.Select(layer => (Layer)Programs.Dense(layer.C, 0, layer.R))]) with { DrawsWeights = drawsWeights };
        double mean = K, square = K * K * (1 + (2.0 / n));
        EnsembleStatistics statistics = Programs.Run(settings, 100_000);
        for (int record = 0; record <= layers.Length; record++)
        {
            if (record > 0)
            {
                (double c, double r) = layers[record - 1];
                (mean, square) = (mean * c, square * c * c * (1 + (2 / (r * n))));
            }

            AssertMoments(statistics.Layers[record], n, mean, square);
        }
    }

    // phi' = phi + eps W2 W1 phi, c = eps^2 C1 C2: E G'^2 = G^2 (1 + 2 c + 4 c / n + c^2 (1 + 2/n) (1 + 2/(r n))).
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_branch_of_two_layers_has_its_exact_variance(bool drawsWeights)
    {
        const int n = 8, depth = 3;
        const double step = 0.6, c1 = 1.4, c2 = 0.9, r = 0.25, c = step * step * c1 * c2;
        ProgramSettings settings = Programs.Settings(One, n, new Repeat(depth, [Programs.Residual(step, Programs.Dense(c1, 0, r), Programs.Dense(c2, 0))])) with { DrawsWeights = drawsWeights };
        double growth = 1 + (2 * c) + (4 * c / n) + (c * c * (1 + (2.0 / n)) * (1 + (2 / (r * n))));
        AssertMoments(Programs.Run(settings, 150_000).Layers[depth], n, K * Math.Pow(1 + c, depth), K * K * (1 + (2.0 / n)) * Math.Pow(growth, depth));
    }

    // x = p q / 1 of two linear copies: p, q ~ N(0, Q) given phi, E x^2 = Q^2, Q = C G; then E G' = C' C^2 E G^2.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bilinear_gate_has_its_exact_mean(bool drawsWeights)
    {
        const int n = 4;
        ProgramSettings settings = Programs.Settings(One, n, new Residual([Programs.Dense(1.3, 0, 1.5) with { Copies = 2 }, new Gate("identity"), Programs.Dense(0.7, 0)]) { Skip = 0 }) with { DrawsWeights = drawsWeights };
        PairEstimate g = Programs.Run(settings, 100_000).Layers[1].G;
        AssertScore(g.Value[0] - (0.7 * 1.3 * 1.3 * K * K * (1 + (2.0 / n))), g.StandardError[0]);
    }

    // At epsilon 0 what a branch reads has G_aa = gain^2 whatever came before, so the next field is a Wishart matrix of Q = C_b + C_W gain^2.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_norm_without_epsilon_forgets_the_size_of_its_input(bool isCentred, bool drawsWeights)
    {
        const int n = 5;
        Layer norm = isCentred ? new LayerNorm(1.4, 0) : new RmsNorm(1.4, 0);
        ProgramSettings settings = Programs.Settings(Programs.TwoInputs, n, new Activate("gelu"), Programs.Dense(2), norm, Programs.Dense(1.5, 0.2)) with { DrawsWeights = drawsWeights };
        LayerStatistics last = Programs.Run(settings, 100_000).Layers[2];
        const double q = 0.2 + (1.5 * 1.4 * 1.4);
        foreach (int diagonal in new[] { 0, 2 })
        {
            AssertScore(last.G.Value[diagonal] - q, last.G.StandardError[diagonal]);
            AssertScore(last.V4.Value[diagonal, diagonal] - (2 * q * q), last.V4.StandardError[diagonal, diagonal]);
        }
    }

    [Theory]
    [InlineData(StatePrecision.Single, false, 3e-6)]
    [InlineData(StatePrecision.Double, false, 1e-14)]
    [InlineData(StatePrecision.Double, true, 1e-14)]
    public void A_post_norm_without_epsilon_makes_every_kernel_its_gain_squared(StatePrecision precision, bool drawsWeights, double tolerance)
    {
        ProgramSettings settings = Programs.Settings(Programs.TwoInputs, 7, Programs.Residual(0.5, new Activate("gelu"), Programs.Dense(2)), new PostNorm(1.3, 0)) with { Precision = precision, DrawsWeights = drawsWeights };
        foreach (KernelSample sample in new EnsembleSampler(settings).Samples(0, 32))
        {
            Assert.Equal(1.3 * 1.3, sample.G[2][0], tolerance);
            Assert.Equal(1.3 * 1.3, sample.G[2][2], tolerance);
            // The angle is left alone.
            Assert.Equal(sample.G[1][1] / Math.Sqrt(sample.G[1][0] * sample.G[1][2]), sample.G[2][1] / (1.3 * 1.3), tolerance);
        }
    }

    // x = mu phi / keep, E[mu^2] = E[mu^4] = keep: E S = K / keep, E S^2 = (3 K^2 / keep^3) / n + (1 - 1/n) (K / keep)^2; off the diagonal a shared mask gives K_01 / keep and independent ones K_01.
    [Theory]
    [InlineData(true, false, StatePrecision.Single)]
    [InlineData(true, false, StatePrecision.Double)]
    [InlineData(false, false, StatePrecision.Single)]
    [InlineData(true, true, StatePrecision.Double)]
    [InlineData(false, true, StatePrecision.Double)]
    public void Dropout_has_its_exact_moments(bool isShared, bool drawsWeights, StatePrecision precision)
    {
        const int n = 6;
        const double keep = 0.65, c = 1.2;
        double[,] kernel = Programs.TwoInputs;
        ProgramSettings settings = Programs.Settings(kernel, n, new Dropout(keep, isShared), Programs.Dense(c, 0)) with { DrawsWeights = drawsWeights, Precision = precision };
        LayerStatistics last = Programs.Run(settings, 100_000).Layers[1];
        AssertScore(last.G.Value[1] - (c * kernel[0, 1] * (isShared ? 1 / keep : 1)), last.G.StandardError[1]);
        foreach ((int place, double k) in new[] { (0, kernel[0, 0]), (2, kernel[1, 1]) })
        {
            double mean = c * k / keep, square = c * c * (1 + (2.0 / n)) * ((3 * k * k / (keep * keep * keep * n)) + ((1 - (1.0 / n)) * k * k / (keep * keep)));
            AssertScore(last.G.Value[place] - mean, last.G.StandardError[place]);
            AssertScore(last.V4.Value[place, place] - (n * (square - (mean * mean))), last.V4.StandardError[place, place]);
        }
    }

    // E G'_ab = C_b + (C_W / taps) sum_tap K_(a+tap)(b+tap), positions counted around.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Taps_have_their_exact_mean(bool drawsWeights)
    {
        double[,] k = { { 1.5, 0.6, 0.1 }, { 0.6, 1, 0.3 }, { 0.1, 0.3, 0.8 } };
        ProgramSettings settings = Programs.Settings(k, 4, Programs.Dense(1.3, 0.2) with { Taps = [-1, 0] }) with { DrawsWeights = drawsWeights };
        PairEstimate g = Programs.Run(settings, 60_000).Layers[1].G;
        int place = 0;
        for (int a = 0; a < 3; a++)
        {
            for (int b = a; b < 3; b++, place++)
                AssertScore(g.Value[place] - (0.2 + (1.3 / 2 * (k[a, b] + k[(a + 2) % 3, (b + 2) % 3]))), g.StandardError[place]);
        }
    }

    // One neuron and one input: phi' = w phi, E w^2 = C, E w^4 = (3 + kurtosis) C^2, so Var G' = K^2 C^2 (3 (3 + kurtosis) - 1).
    [Theory]
    [InlineData(WeightKind.Gaussian, 0)]
    [InlineData(WeightKind.Uniform, -1.2)]
    [InlineData(WeightKind.Rademacher, -2)]
    [InlineData(WeightKind.Kurtosis, -2)]
    [InlineData(WeightKind.Kurtosis, -0.7)]
    [InlineData(WeightKind.Kurtosis, 0)]
    [InlineData(WeightKind.Kurtosis, 2.5)]
    [InlineData(WeightKind.Orthogonal, -2)]
    public void Weights_have_the_kurtosis_they_state(WeightKind kind, double kurtosis)
    {
        const double c = 1.4;
        ProgramSettings settings = Programs.Settings(One, 1, Programs.Dense(c, 0) with { Weights = kind, ExcessKurtosis = kurtosis }) with { DrawsWeights = true };
        LayerStatistics last = Programs.Run(settings, 200_000).Layers[1];
        AssertScore(last.G.Value[0] - (c * K), last.G.StandardError[0]);
        AssertScore(last.V4.Value[0, 0] - (K * K * c * c * ((3 * (3 + kurtosis)) - 1)), last.V4.StandardError[0, 0]);
    }

    // Haar W, widths equal: scalar products are kept, and two copies turn on their own.
    [Fact]
    public void Orthogonal_weights_keep_scalar_products()
    {
        ProgramSettings settings = Programs.Settings(Programs.TwoInputs, 5, Programs.Dense(1.3, 0) with { Weights = WeightKind.Orthogonal }) with { DrawsWeights = true };
        foreach (KernelSample sample in new EnsembleSampler(settings).Samples(0, 16))
        {
            for (int p = 0; p < 3; p++) Assert.Equal(1.3 * sample.G[0][p], sample.G[1][p], 1e-13);
        }
    }

    [Fact]
    public void What_cannot_be_simulated_is_refused_with_its_path()
    {
        static string Message(ProgramSettings settings) => Assert.Throws<ArgumentException>(() => new EnsembleSampler(settings)).Message;
        ProgramSettings uniform = Programs.Settings(One, 4, new Repeat(2, [new Activate("tanh"), Programs.Dense(1) with { Weights = WeightKind.Uniform }]));
        Assert.StartsWith("layers[0].repeat.of[1].dense has uniform weights, whose rows are not Gaussian given what they read, so the block law does not draw them; use weights drawn one by one (--estimator weights), or gaussian ones.", Message(uniform), StringComparison.Ordinal);
        ProgramSettings kurtosis = Programs.Settings(One, 4, Programs.Dense(1) with { Weights = WeightKind.Kurtosis, ExcessKurtosis = 1.5 });
        Assert.StartsWith("layers[0].dense has weights of excess kurtosis 1.5, whose rows", Message(kurtosis), StringComparison.Ordinal);
        ProgramSettings third = Programs.Settings(One, 4, Programs.Residual(1, Programs.Dense(1, 0, 0.3), Programs.Dense(1)));
        Assert.StartsWith("layers[0].residual.branch[0].dense has width 0.3, which is 1.2 neurons at n = 4; choose an n for which it is a whole number, 1 or more.", Message(third), StringComparison.Ordinal);
        ProgramSettings good = Programs.Kind("taps");
        Assert.StartsWith("layers[0].repeat.of[0].residual.branch[1].dense.taps [0, 1] do not fit 1 positions", Message(good with { InitialKernel = One }), StringComparison.Ordinal);
        Assert.StartsWith("Recorded layer 9 is not in the network; it must be 0 to 3.", Message(good with { RecordedLayers = [9] }), StringComparison.Ordinal);
        ProgramSettings zero = Programs.Settings(new double[1, 1], 4, new RmsNorm(1, 0), Programs.Dense(1));
        Assert.Contains("or a norm with epsilon 0 divides by a field that is zero, and needs an epsilon.", Assert.Throws<ArithmeticException>(() => Programs.Run(zero, 100)).Message, StringComparison.Ordinal);
    }

    private static void AssertMoments(LayerStatistics layer, int n, double mean, double square)
    {
        AssertScore(layer.G.Value[0] - mean, layer.G.StandardError[0]);
        AssertScore(layer.V4.Value[0, 0] - (n * (square - (mean * mean))), layer.V4.StandardError[0, 0]);
    }
}

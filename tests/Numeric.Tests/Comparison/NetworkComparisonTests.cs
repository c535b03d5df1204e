using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Comparison;

public sealed class NetworkComparisonTests
{
    private static readonly Network Tanh = new() { Activation = "tanh(x)", WeightVariance = 2, Step = 0.3, Depth = 12, Kernel = new[,] { { 2.0 } }, RecordedLayers = [0, 12] };
    private static readonly IClosure GOnly = new GOnly(), Sigma = new SigmaKernel(1);

    [Fact]
    public void ASimulationDecidesBetweenClosures()
    {
        NetworkComparison comparison = Tanh.Compare([GOnly, Sigma]);
        EnsembleStatistics simulation = Tanh.Simulate(width: 512, samples: 4096);
        Assert.Equal([GOnly, Sigma], comparison.Closures);
        // Scores by hand, from the numbers of the two solutions: K1 has no truncation.
        Estimate measured = simulation.K1At(^1, (0, 0));
        double K1(IClosure closure) => comparison.K1ZScore(closure, simulation, ^1, (0, 0));
        Assert.Equal((measured.Value - Tanh.Solve(GOnly).K1At(^1, (0, 0))) / measured.StandardError, K1(GOnly), 1e-6);
        Assert.True(Math.Abs(K1(GOnly)) > 6 && Math.Abs(K1(Sigma)) < Math.Abs(K1(GOnly)) / 3, $"{K1(GOnly)}, {K1(Sigma)}");
        Estimate variance = simulation.V4At(^1, (0, 0), (0, 0));
        double lacking = simulation.Layers[^1].V4.Truncation?[0, 0] ?? 0;
        Assert.Equal(
            (variance.Value - Tanh.Solve(GOnly).V4At(^1, (0, 0), (0, 0))) / (variance.StandardError + lacking), comparison.V4ZScore(GOnly, simulation, ^1, (0, 0), (0, 0)), 1e-6);
    }

    [Fact]
    public void ABetterClosureHoldsForMoreLayers()
    {
        NetworkComparison comparison = Tanh.Compare([GOnly, Sigma, new HermiteModes(20)]);
        double Window(IClosure closure) => comparison.K1Window(closure, (0, 0), 0.05).Depth;
        Assert.True(Window(GOnly) < Window(Sigma), $"{Window(GOnly)}, {Window(Sigma)}");
        Assert.False(comparison.K1Window(new HermiteModes(20), (0, 0), 0.05).Leaves);
        Assert.True(comparison.V4RemainderAt((0, 0), (0, 0)) < 1e-3 * comparison.Exact.V4At(^1, (0, 0), (0, 0)));
    }

    [Fact]
    public void WhatCannotBeComparedIsNamed()
    {
        NetworkComparison comparison = Tanh.Compare([GOnly]);
        Assert.Equal("The closure sigma-kernel was not compared; compared are g-only. (Parameter 'closure')", Assert.Throws<ArgumentException>(() => comparison.SolutionOf(Sigma)).Message);
        EnsembleStatistics two = (Tanh with { Kernel = new[,] { { 2, 0.6 }, { 0.6, 2 } } }).Simulate(8, 2, controlVariate: false);
        Assert.StartsWith("The simulation has 2 inputs and the comparison 1;", Assert.Throws<ArgumentException>(() => comparison.K1ZScore(GOnly, two, ^1, (0, 0))).Message, StringComparison.Ordinal);
        EnsembleStatistics deeper = (Tanh with { Depth = 13, RecordedLayers = [0, 13] }).Simulate(8, 2, controlVariate: false);
        Assert.StartsWith("The simulation recorded layer 13,", Assert.Throws<ArgumentException>(() => comparison.K1ZScore(GOnly, deeper, ^1, (0, 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("share is 0,", Assert.Throws<ArgumentOutOfRangeException>(() => comparison.K1Window(GOnly, (0, 0), 0)).Message, StringComparison.Ordinal);
    }

    // One layer by hand: E G = K (alpha^2 + c); Var G = E[(alpha^2 + c)^2 G^2 + (4 alpha^2 c + 2 c^2) G^2/n] - (E G)^2, E G^2 = K^2 (1 + 2/n) at layer 0.
    [Fact]
    public void TheLinearNetworkIsThatOfOneLayerByHand()
    {
        const double mean = 3 * (0.25 + 0.5), square = 9 * (1 + 2.0 / 8);
        (double g, double v4) = LinearNetwork.At(new LayerParameters(0.5, 0.5, 2, 0), 3, 8, 1);
        Assert.Equal(mean, g, 1e-14);
        Assert.Equal(8 * ((square * ((0.75 * 0.75) + ((0.5 + 0.5) / 8))) - (mean * mean)), v4, 1e-12);
    }

    // U1 = 1 + t gives K1 = C_W (t + t^2/2) wherever the records are, and a cubic spline is exact for a straight line.
    [Fact]
    public void AStraightSourceIsIntegratedExactly()
    {
        double[] times = [0, 0.3, 1, 2];
        (double[][] values, double[][] errors) = ExactSource.Integrate(2, times, [.. times.Select(t => new[] { 1 + t })], [.. times.Select(_ => new[] { 0.1 })]);
        for (int at = 0; at < times.Length; at++)
        {
            Assert.Equal(2 * (times[at] + (times[at] * times[at] / 2)), values[at][0], 1e-12);
            Assert.Equal(0.2 * times[at], errors[at][0], 1e-12);
        }
    }

    // x(n) = 5 + 3/n at n = 10 and 40: 5 is left, with error sqrt((40 e2)^2 + (10 e1)^2)/30.
    [Fact]
    public void TwoWidthsGiveInfiniteWidth()
    {
        Estimate estimate = InfiniteWidth.Extrapolate((10, new(5.3, 0.4)), (40, new(5.075, 0.3)));
        Assert.Equal(5, estimate.Value, 1e-12);
        Assert.Equal(Math.Sqrt((12 * 12) + (4 * 4)) / 30, estimate.StandardError, 1e-12);
    }
}

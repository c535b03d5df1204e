// Widths in closed form. With V4 = K0^2 v and K1 = K0 k, width v/f^2 keeps sqrt(V4/n)/K0 within f, and k/f keeps |K1|/(n K0).

using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Comparison;

public sealed class WideEnoughTests
{
    private static readonly double[,] One = { { 1.5 } };

    // ReLU perceptron at C_W = 2: K0 stays, v = 2 + 5 l, and E G is that of infinite width at every width.
    [Fact]
    public void TheReluPerceptronNeedsAWidthThatGrowsWithDepth()
    {
        var network = new Network { Activation = "relu", WeightVariance = 2, Skip = 0, Step = 1, Depth = 10, Kernel = One, Records = 2 };
        TheorySolution solution = network.Solve("sigma-kernel");
        foreach (double f in new[] { 0.1, 0.25 })
        {
            WideEnough wide = WideEnough.Of(solution, 64, f);
            Assert.Equal((10, Math.Ceiling((2 + (5 * 10)) / (f * f) * (1 - 1e-12)), 1), (wide.LastLayer, wide.Width, wide.WidthForK1));
            Assert.Equal(wide.Width, wide.WidthForV4);
            // At the width found it holds to the last layer, and one neuron less is too few there.
            Assert.Equal((10, (int?)null), (WideEnough.Of(solution, (int)wide.Width, f).HoldsTo, WideEnough.Of(solution, (int)wide.Width, f).LeavesAt));
            Assert.Equal((9, 10), (WideEnough.Of(solution, (int)wide.Width - 1, f).HoldsTo, WideEnough.Of(solution, (int)wide.Width - 1, f).LeavesAt));
        }

        // 2 + 5 l <= n/100: layers that are not recorded are asked too.
        foreach ((int n, int? holds) in new (int, int?)[] { (199, null), (200, 0), (699, 0), (700, 1), (2300, 4), (2699, 4), (2700, 5) })
        {
            WideEnough wide = WideEnough.Of(solution, n);
            Assert.Equal((holds, holds is { } last ? last + 1 : 0), (wide.HoldsTo, wide.LeavesAt));
        }
    }

    // Linear residual network, c = eps^2 C_W: v = 2 + l (4 alpha^2 c + 2 c^2)/(alpha^2 + c)^2, and E G is that of infinite width at every width.
    [Theory]
    [InlineData(1, 0.05, 800)]
    [InlineData(0.8, 0.5, 30)]
    public void TheLinearNetworkNeedsWhatItsVarianceSays(double skip, double step, int depth)
    {
        var network = new Network { Activation = "identity", WeightVariance = 2, Skip = skip, Step = step, Depth = depth, Kernel = One, Records = 2 };
        double a = skip * skip, c = 2 * step * step, each = ((4 * a * c) + (2 * c * c)) / ((a + c) * (a + c));
        foreach (string closure in new[] { "g-only", "hermite(4)" })
        {
            WideEnough wide = WideEnough.Of(network.Solve(closure), 700);
            Assert.Equal((Math.Ceiling(100 * (2 + (depth * each))), 1), (wide.WidthForV4, wide.WidthForK1));
            int holds = (int)Math.Floor((7 - 2) / each);
            Assert.Equal(holds < depth ? (holds, (int?)(holds + 1)) : (depth, null), (wide.HoldsTo!.Value, wide.LeavesAt));
        }
    }

    // sigma = x^2 without skip, C_W = 1/3, K0 = 1: E G_2 = E Q^2 with Q = <phi^4>/3, whose variance is 96/9 over n, so that K1 = 96/9 at layer 2.
    [Fact]
    public void TheMeanAsksForAWidthToo()
    {
        var network = new Network { Activation = "x^2", WeightVariance = 1.0 / 3, Skip = 0, Step = 1, Depth = 2, Kernel = new[,] { { 1.0 } } };
        Assert.Equal(107, WideEnough.Of(network.Solve("hermite(4)"), 64).WidthForK1);
    }

    // Linear layers from n to 2 n neurons and on: v = 2 + 1 + 1 + 1 after three of them, by the chi squares of each.
    [Fact]
    public void AProgramOfLayersNeedsWhatItsWidthsSay()
    {
        Network network = Network.Of(new LayerProgram([new Repeat(3, [new Dense(1) { Width = 2 }])]), One);
        WideEnough wide = WideEnough.Of(network.Solve("g-only"), 450);
        Assert.Equal((3, 500, 2, 3), (wide.LastLayer, wide.Width, wide.HoldsTo, wide.LeavesAt));
    }

    // What is followed from layer to layer is what is recorded there, component by component or on modes; the largest of two inputs counts.
    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("hermite(6)")]
    [InlineData("sigma-kernel")]
    public void EveryLayerIsAsked(string closure)
    {
        var network = new Network { Activation = "tanh(x)", WeightVariance = 2, Step = 0.4, Depth = 25, Kernel = new[,] { { 0.7, 0.3 }, { 0.3, 1.9 } }, Records = 2 };
        TheorySolution ends = network.Solve(closure), all = (network with { Records = 26 }).Solve(closure);
        for (int n = 100; n < 800; n += 7)
        {
            int kept = Enumerable.Range(0, 26).TakeWhile(at => Enumerable.Range(0, 2).All(a =>
                Math.Sqrt(all.V4At(at, (a, a), (a, a)) / n) <= 0.1 * all.K0At(at, (a, a)) && Math.Abs(all.K1At(at, (a, a))) / n <= 0.1 * all.K0At(at, (a, a)))).Count();
            Assert.Equal(kept == 0 ? null : kept - 1, WideEnough.Of(ends, n).HoldsTo);
        }
    }

    [Fact]
    public void ContinuousDepthKnowsTheLayersThatAreRecorded()
    {
        var network = new Network { Activation = "identity", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = One, RecordedLayers = [0, 200, 400, 800] };
        // v = 2 + 4 C_W t, t = l/400.
        WideEnough wide = WideEnough.Of(network.Solve("g-only", stepping: Stepping.Continuous), 700);
        Assert.Equal((1800, 200, 400), (wide.Width, wide.HoldsTo, wide.LeavesAt));
    }

    [Fact]
    public void AKernelThatVanishesWithItsFluctuationAsksForNothing()
    {
        var network = new Network { Activation = "identity", WeightVariance = 0, Skip = 0, Step = 1, Depth = 2, Kernel = One };
        Assert.Equal(200, WideEnough.Of(network.Solve("g-only"), 200).Width);
    }

    [Fact]
    public void WrongQuestionsAreRefused()
    {
        TheorySolution solution = new Network { Activation = "identity", WeightVariance = 1, Step = 1, Depth = 1, Kernel = One }.Solve();
        Assert.StartsWith("fraction is 0,", Assert.Throws<ArgumentOutOfRangeException>(() => WideEnough.Of(solution, 64, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => WideEnough.Of(solution, 0));
    }
}

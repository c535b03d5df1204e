using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Comparison;

public sealed class ClosureComparisonTests
{
    private static readonly double[] Depths = [0, 1, 2, 3, 4];

    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1, 1 }, 4, false)]
    [InlineData(new[] { 1, 1.02, 1.04, 1.06, 1.08 }, 2.5, true)]
    [InlineData(new[] { 1, 0.98, 0.96, 0.94, 0.92 }, 2.5, true)]
    [InlineData(new[] { 1, 1.1, 1, 1, 1 }, 0.5, true)] // coming back does not count
    [InlineData(new[] { 2.0, 1, 1, 1, 1 }, 0, true)]
    [InlineData(new[] { 1, 1, 1, 1, double.NaN }, 3, true)]
    public void WindowsEndWhereTheDeviationPassesTheShare(double[] values, double depth, bool leaves)
    {
        ValidityWindow window = ValidityWindow.Of(Depths, values, [1, 1, 1, 1, 1], 0.05, new double[5]);
        Assert.Equal(leaves, window.Leaves);
        if (!values.Any(double.IsNaN)) Assert.Equal(depth, window.Depth, 1e-12);
    }

    [Theory]
    [InlineData(new[] { 0, 1.2, 4, 9, 16 }, 0, true)] // K1 of a closure with another slope at depth 0
    [InlineData(new[] { 0, 1.04, 4, 9, 17.6 }, 3.5, true)]
    [InlineData(new[] { 0, 1.0, 4, 9, 16 }, 4, false)]
    public void AtDepthZeroTheDeviationIsThatOfTheFirstDepth(double[] values, double depth, bool leaves) =>
        AssertEqual(new ValidityWindow(depth, leaves), ValidityWindow.Of(Depths, values, [0, 1, 4, 9, 16], 0.05, new double[5]));

    private static void AssertEqual(ValidityWindow expected, ValidityWindow actual)
    {
        Assert.Equal(expected.Leaves, actual.Leaves);
        Assert.Equal(expected.Depth, actual.Depth, 1e-12);
    }

    [Fact]
    public void DifferencesWithinRoundingAreNone() =>
        Assert.Equal(new ValidityWindow(4, false), ValidityWindow.Of(Depths, [0, 1e-14, 0, -1e-14, 0], [0, 0, 0, 0, 0], 0.05, [1e-12, 1e-12, 1e-12, 1e-12, 1e-12]));

    [Theory]
    [InlineData("tanh(x)")]
    [InlineData("gelu")]
    [InlineData("relu")]
    public void TheRemainderOfTheExactLeadingOrderIsNotBelowTheTruth(string activation)
    {
        Network problem = (Setups.Paper(100, [0, 100], 2) with { Activation = activation }).WithLayer(new(1, 0.14, 2, 0));
        ExactLeadingOrder exact = ExactLeadingOrder.Solve(problem, Stepping.Discrete);
        TheorySolution far = HermiteSolver.Solve(problem, 160, Stepping.Discrete);
        double v4 = Math.Abs(far.V4[1][0] - exact.Solution.V4[1][0]), k1 = Math.Abs(far.K1[1][0] - exact.Solution.K1[1][0]);
        // 160 is not infinity: for relu the modes of sigma^2 fall so that an eighth of what 40 leaves out of V4 is beyond 160 as well.
        Assert.InRange(v4, 0, exact.V4Remainder[0] + 1e-10);
        Assert.InRange(k1, 0, exact.K1Remainder[0] + 1e-10);
        Assert.InRange(exact.V4Remainder[0] / exact.Solution.V4[1][0], 0, 1e-3);
    }

    [Fact]
    public void WindowsOfThePaperSetUp()
    {
        Network problem = Setups.Paper(2) with { RecordedLayers = Network.EvenlySpacedLayers(800, 81) };
        ClosureComparison comparison = ClosureComparison.Solve(problem, [new GOnly(), new SigmaKernel(1), new HermiteModes(20)], Stepping.Discrete);
        ValidityWindow V4(int closure, double share) => comparison.CovarianceWindow(comparison.Closures[closure], 0, 0, share)!.Value;
        ValidityWindow K1(int closure, double share) => comparison.CorrectionWindow(comparison.Closures[closure], 0, share)!.Value;

        // 23.3739 against 23.5606 at t = 1 is .8 %; 47.8081 against 48.4622 at t = 2 is 1.35 %.
        Assert.InRange(V4(0, 0.01).Depth * 0.0025, 1, 2);
        Assert.Equal(new ValidityWindow(800, false), V4(0, 0.05));
        Assert.Equal(new ValidityWindow(800, false), V4(1, 0.01));
        // The published tadpole is there from the start, where the exact source is 0.
        Assert.Equal(new ValidityWindow(0, true), K1(0, 0.1));
        Assert.Equal(new ValidityWindow(800, false), K1(1, 0.1));
        Assert.True(K1(2, 0.01).Depth < K1(2, 0.05).Depth);
    }

    [Fact]
    public void AClosureWithoutASolutionSaysWhy()
    {
        ClosureComparison comparison = ClosureComparison.Solve(Setups.Paper(2, [0, 2], 2) with { Activation = "relu" }, [new SigmaKernel(2), new SigmaKernel(1)], Stepping.Discrete, 16);
        Assert.Null(comparison.Closures[0].Solution);
        Assert.Contains("delta function", comparison.Closures[0].Failure, StringComparison.Ordinal);
        Assert.NotNull(comparison.Closures[1].Solution);
    }

    [Theory]
    [InlineData("tanh(x)", "hermite(1)", true)]
    [InlineData("tanh(x)", "hermite(3)", true)]
    [InlineData("tanh(x)", "[x*y]", true)]
    [InlineData("tanh(x)", "hermite(4)", false)]
    [InlineData("gelu", "hermite(3)", false)]
    [InlineData("gelu", "hermite(1)", true)]
    [InlineData("relu", "hermite(1)", true)]
    [InlineData("tanh(x)", "g-only", false)]
    [InlineData("x", "hermite(1)", false)] // K1 is 0 in truth
    public void ClosuresThatDoNotFeedK1AreKnown(string activation, string closure, bool unfed)
    {
        Network problem = Setups.Paper(4, [0, 4], 2) with { Activation = activation };
        Assert.Equal(unfed, ClosureComparison.Solve(problem, [ClosureRegistry.Parse(closure)], Stepping.Discrete, 16).Closures[0].CorrectionIsUnfed);
    }

    // One input, no skip connection: E S = E Qhat/2 at every width, so K1 of a ReLU network is 0 in truth. With a skip connection or a threshold it is not.
    [Theory]
    [InlineData("relu", 0, false)]
    [InlineData("abs(x)", 0, false)]
    [InlineData("relu", 1, true)]
    [InlineData("relu(x - 1)", 0, true)]
    public void AReluPerceptronHasNoK1(string activation, double skip, bool unfed)
    {
        Network problem = (Setups.Paper(4, [0, 4], 2) with { Activation = activation }).WithLayer(new(skip, 0.5, 2, 0.1));
        Assert.Equal(unfed, ClosureComparison.Solve(problem, [new HermiteModes(1)], Stepping.Discrete, 16).Closures[0].CorrectionIsUnfed);
    }

    [Fact]
    public void AClosureOnTheFirstInputHasItsNumbersAndNoOthers()
    {
        Network problem = Setups.Paper(6, [0, 3, 6], 2, 0.6, 1.5);
        ClosureComparison comparison = ClosureComparison.Solve(problem, [new GConnected()], Stepping.Discrete, 16, [new GConnected()]);
        (ComparedClosure both, ComparedClosure first) = (comparison.Closures[0], comparison.Closures[1]);
        Assert.Equal(comparison.CovarianceWindow(both, 0, 0, 1e-3)!.Value.Depth, comparison.CovarianceWindow(first, 0, 0, 1e-3)!.Value.Depth, 1e-9);
        Assert.Equal(comparison.Covariances(both.Solution!, 0, 0)![2], comparison.Covariances(first.Solution!, 0, 0)![2], 1e-12);
        Assert.NotNull(comparison.CorrectionWindow(both, 1, 0.01));
        Assert.Null(comparison.CorrectionWindow(first, 1, 0.01));
        Assert.Null(comparison.CovarianceWindow(first, 0, 1, 0.01));
    }

    [Fact]
    public void CancellingStopsAllOfThem() =>
        Assert.Throws<OperationCanceledException>(() => ClosureComparison.Solve(Setups.Paper(2), [new GOnly()], new() { Cancellation = new(true) }, 16));
}

using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Tests;

/// <summary>The front door gives published and exact numbers, and refuses in sentences.</summary>
public class NetworkTests
{
    private static readonly Network Paper = new() { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = new[,] { { 2, 0.6 }, { 0.6, 2 } } };

    [Fact]
    public void The_published_set_up_gives_the_published_numbers_and_the_converged_ones()
    {
        // Table 1 of the paper, and the converged solution of the same equations.
        TheorySolution published = Paper.Solve("g-only", QuadratureChoice.GaussHermite(32), Stepping.Euler), converged = Paper.Solve();
        Assert.Equal(9, published.Layers.Count);
        Assert.Equal(42.878, published.V4At(^1, (0, 0), (0, 0)), 5e-4);
        Assert.Equal(-.9011, published.K1At(^1, (0, 0)), 5e-5);
        Assert.Equal(4.36796, converged.K0At(^1, (1, 1)), 5e-6);
        Assert.Equal(47.8081, converged.V4At(^1, (0, 0), (0, 0)), 5e-5);
        Assert.Equal(42.3374, converged.V4At(^1, (1, 0), (0, 1)), 5e-5);
        Assert.Equal(-1.02697, converged.K1At(^1, (0, 0)), 5e-6);
        Assert.Equal(converged.V4At(8, (0, 0), (0, 1)), converged.V4At(^1, (0, 1), (0, 0)));
    }

    // sigma(x) = x, one input, c = eps^2 C_W: E G = K (1 + c)^l and E G^2 = K^2 (1 + 2/n) prod ((1 + c)^2 + (4 c + 2 c^2)/n), at every n.
    [Theory]
    [InlineData(true, SamplingLaw.Block, StatePrecision.Single)]
    [InlineData(false, SamplingLaw.Block, StatePrecision.Single)]
    [InlineData(null, SamplingLaw.Block, StatePrecision.Double)]
    [InlineData(null, SamplingLaw.GaussianWeights, StatePrecision.Single)]
    public void A_linear_network_has_its_exact_mean_and_variance(bool? controlVariate, SamplingLaw law, StatePrecision precision)
    {
        const int n = 16, depth = 20;
        const double k = 1.5, c = 0.04 * 2;
        var linear = new Network { Activation = "x", WeightVariance = 2, Step = 0.2, Depth = depth, Kernel = new[,] { { k } }, RecordedLayers = [depth] };
        EnsembleStatistics found = linear.Simulate(n, 40_000, seed: 3, controlVariate, law, precision);
        double mean = k * Math.Pow(1 + c, depth);
        double square = k * k * (1 + (2.0 / n)) * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / n), depth);
        Assert.Equal(controlVariate ?? law == SamplingLaw.Block, found.ControlOrder is not null);
        Assert.InRange(Math.Abs(found.V4At(^1, (0, 0), (0, 0)).ZScore(n * (square - (mean * mean)))), 0, 4);
        // With the control variate the mean of a linear network has no error but rounding in single precision.
        Assert.Equal(mean, found.GAt(^1, (0, 0)).Value, (4 * found.GAt(^1, (0, 0)).StandardError) + (1e-6 * mean));
        Assert.Equal(0, found.K1At(^1, (0, 0)).Value, (4 * found.K1At(^1, (0, 0)).StandardError) + (1e-6 * mean * n));
    }

    [Fact]
    public void Accessors_read_the_pair_that_is_named_and_no_other()
    {
        var settings = new EnsembleSettings
        {
            Network = new()
            {
                Activation = "tanh",
                Depth = 4,
                Step = 0.1,
                WeightVariance = 2,
                Kernel = new[,] { { 2, .6, .1 }, { .6, 1.5, .2 }, { .1, .2, 1 } },
                RecordedLayers = [0, 4],
            },
            Width = 8,
            CovariancePairs = [1, 5],
        };
        EnsembleStatistics found = new EnsembleSampler(settings).Run(new EnsembleRun { Samples = 256 });
        LayerStatistics last = found.Layers[^1];
        Assert.Equal(3, found.Inputs);
        Assert.Equal(last.G.Value[4], found.GAt(^1, (2, 1)).Value);
        Assert.Equal(last.V4.Value[0, 1], found.V4At(^1, (0, 1), (2, 2)).Value);
        Assert.Equal(last.V4.StandardError[1, 1], found.V4At(^1, (2, 2), (2, 2)).StandardError);
        Assert.StartsWith("No covariances were kept for the pair (0, 0);", Assert.Throws<ArgumentException>(() => found.V4At(^1, (0, 0), (0, 1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("K1 is a difference from infinite width, and the sampler was given no reference;", Assert.Throws<InvalidOperationException>(() => found.K1At(^1, (0, 0))).Message, StringComparison.Ordinal);
        // (0, 3) would be the place of (1, 1).
        Assert.StartsWith("There is no pair (0, 3); the inputs are numbered 0 to 2.", Assert.Throws<ArgumentOutOfRangeException>(() => found.GAt(^1, (0, 3))).Message, StringComparison.Ordinal);
        TheorySolution solution = (Paper with { Depth = 2 }).Solve();
        Assert.StartsWith("There is no pair (0, 2); the inputs are numbered 0 to 1.", Assert.Throws<ArgumentOutOfRangeException>(() => solution.V4At(^1, (0, 0), (0, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => solution.K1At(^1, (-1, 0)));
    }

    [Fact]
    public void What_cannot_be_is_refused_in_a_sentence()
    {
        Refused<ArgumentException>("The initial kernel is 1 x 2; it must be square with 1 to 64 inputs.", () => (Paper with { Kernel = new double[1, 2] }).Solve());
        Refused<ArgumentException>("Entry (0, 0) = -1 of the covariance is a negative variance; a covariance is symmetric and positive semidefinite.", () => (Paper with { Kernel = new[,] { { -1.0 } } }).Solve());
        Refused<ArgumentException>("Weight variance -2 is not a variance; it must be finite and not negative.", () => (Paper with { WeightVariance = -2 }).Solve());
        Refused<ArgumentException>("Depth -1 is out of range; it must be 0 to 16777215.", () => (Paper with { Depth = -1 }).Simulate(64, 16));
        Refused<ArgumentException>("Width 0 is out of range; it must be 1 to 16384.", () => Paper.Simulate(0, 16));
        Refused<ArgumentException>("controlVariate is true and the law GaussianWeights; the control variate follows from the block law, so leave one of the two out.", () => Paper.Simulate(64, 16, controlVariate: true, law: SamplingLaw.GaussianWeights));
        Refused<ArgumentException>("1 samples have no standard error; at least 2 are needed.", () => Paper.Simulate(64, 1));
        Refused<ArgumentException>("Recorded layer 900 is not in the network; it must be 0 to 800.", () => (Paper with { RecordedLayers = [0, 900] }).Solve());
        Refused<NotSupportedException>("stepping is continuous and skip is 0; depth time t = step^2 l exists only at skip 1, so use discrete.", () => (Paper with { Skip = 0 }).Solve("hermite(2)", stepping: Stepping.Continuous));
        Refused<ArgumentOutOfRangeException>("order is 3; use 0, 1 or 2 powers of 1/n beyond the leading one.", () => Paper.Solve(order: 3));
        Refused<NotSupportedException>("order is 1 and the closure is sigma-kernel; orders beyond the leading one are derived for g-only and for hermite(k), so use one of those, or order 0.", () => Paper.Solve("sigma-kernel", order: 1));
        Refused<NotSupportedException>("quadrature is gauss-hermite(32) and the closure hermite(2); node sums are there to reproduce published g-only numbers, so use certified.", () => Paper.Solve("hermite(2)", QuadratureChoice.GaussHermite(32)));
        Refused<NotSupportedException>("quadrature is gauss-hermite(8) and the activation relu has a kink at x = 0, where a sum over nodes misses the delta in its derivatives; use certified.", () => (Paper with { Activation = "relu" }).Solve("g-only", QuadratureChoice.GaussHermite(8)));
        Refused<ArgumentOutOfRangeException>("gauss-hermite(0) is no quadrature; the number of nodes is from 1 to 200.", () => QuadratureChoice.GaussHermite(0));
        Refused<ArgumentException>("'fortran' is not an output language; choose one of markdown, latex, csharp, python.", () => Paper.Write("fortran"));
        Assert.Throws<ClosureSyntaxException>(() => Paper.Derive("nothing"));
        Assert.Throws<ExpressionSyntaxException>(() => (Paper with { Activation = "tanh(" }).Solve());
        Refused<ArgumentException>("The expression uses y and the kernel is 1 x 1; give a covariance for all of x, y.", () => GaussianExpectation.Evaluate("x*y", 2));
        Refused<ArgumentException>("The kernel is 1 x 2; a covariance is square.", () => GaussianExpectation.Evaluate("x", new double[1, 2]));
    }

    [Fact]
    public void Expectations_are_read_from_text()
    {
        ExpectationResult relu = GaussianExpectation.Evaluate("relu(x)^2", 3);
        Assert.True(relu.IsClosedForm);
        Assert.Equal(1.5, relu.Value, 1e-14);
        Assert.Equal(0.3, GaussianExpectation.Evaluate("x*y", new[,] { { 2, 0.3 }, { 0.3, 1 } }).Value, 1e-14);
    }

    [Fact]
    public void An_estimate_is_written_to_the_second_digit_of_its_error()
    {
        Assert.Equal("48.671 +- 0.042", new Estimate(48.67123, 0.0418).ToString());
        Assert.Equal("3123 +- 251", new Estimate(3123.4, 250.6).ToString());
        Assert.Equal("2 +- 0", new Estimate(2, 0).ToString());
        Assert.Equal(-2.5, new Estimate(1, 0.4).ZScore(2), 1e-12);
    }

    private static void Refused<T>(string sentence, Func<object> act)
        where T : Exception => Assert.StartsWith(sentence, Assert.Throws<T>(act).Message, StringComparison.Ordinal);
}

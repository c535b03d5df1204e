using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures;

public sealed class ObservableClosureTests
{
    [Theory]
    [InlineData("sigma-kernel", 48.39, 2, -0.470, 3)]
    [InlineData("sigma-kernel(2)", 48.442, 3, -0.459, 3)]
    public void TanhNumbersOfThePaperSetUpWithoutEps4Terms(string closure, double covariance, int covarianceDigits, double correction, int correctionDigits)
    {
        TheorySolution solution = Solve(Setups.Paper(2), closure, Stepping.Euler);
        Assert.Equal(covariance, solution.V4[8][0], covarianceDigits);
        Assert.Equal(correction, solution.K1[8][0], correctionDigits);
        Assert.Equal(0, solution.U1[0][0]);
    }

    [Fact]
    public void MoreSecondDerivativeKernelsApproachTheExactLeadingOrder()
    {
        // hermite(80), discrete depth: 48.4710 and -.45292.
        static double Distance(TheorySolution solution) => Math.Max(Math.Abs(solution.V4[8][0] - 48.4710) / 48, Math.Abs(solution.K1[8][0] + 0.45292) / 0.45);
        double one = Distance(Solve(Setups.Paper(2), "sigma-kernel", Stepping.Discrete));
        double two = Distance(Solve(Setups.Paper(2), "sigma-kernel(2)", Stepping.Discrete));
        double three = Distance(Solve(Setups.Paper(2), "sigma-kernel(3)", Stepping.Discrete));
        Assert.InRange(one, 0, 0.05);
        Assert.InRange(two, 0, 0.4 * one);
        Assert.InRange(three, 0, 0.5 * two);
    }

    [Fact]
    public void GeluSigmaKernelIsWithinTwoPercentInDiscreteDepth() =>
        Assert.InRange(Solve(Setups.GeluNetwork(), "sigma-kernel", Stepping.Discrete).V4[1][0] / 302.84, 0.98, 1.02);

    [Fact]
    public void GeluSigmaKernelWithoutEps4Terms()
    {
        TheorySolution solution = Solve(Setups.GeluNetwork(), "sigma-kernel", Stepping.Euler);
        Assert.Equal(298.6, solution.V4[1][0], 1);
        Assert.Equal(4.29, solution.K1[1][0], 2);
    }

    [Fact]
    public void KernelAloneHasTheCovarianceOfGOnly()
    {
        Network problem = Setups.Paper(20, [0, 20], 2, 0.6, 1.5);
        TheorySolution kernel = ClosureSolver.Solve(problem, new GOnly(), Stepping.Discrete), list = Solve(problem, "[x*y]", Stepping.Discrete);
        for (var at = 0; at < 6; at++) Assert.Equal(kernel.V4[1][at], list.V4[1][at], 9);

        // One input, to the end of the paper's set-up.
        Assert.Equal(47.80810442127254, Solve(Setups.Paper(2), "[x*y]", Stepping.Discrete).V4[8][0], 7);
    }

    [Fact]
    public void AListEqualToSigmaKernelIsSigmaKernel()
    {
        Network problem = Setups.Paper(3, [0, 3], 2, 0.6, 1.5);
        TheorySolution named = Solve(problem, "sigma-kernel", Stepping.Discrete), listed = Solve(problem, "[sigma(y)*sigma(x), y*x]", Stepping.Discrete);
        Assert.Equal(named.V4[1], listed.V4[1]);
        Assert.Equal(named.K1[1], listed.K1[1]);
    }

    [Fact]
    public void PolynomialObservablesAreHermiteModes()
    {
        // The span of x, xy, x^2 y, x^3 y, x^2 y^2 (and constants) is that of the modes of order 1, 2, 3 (mixed) and 4: with cubic and quartic
        // modes complete it is hermite(4).
        Network problem = Networks.Of(Setups.Gelu, new(0.9, 0.3, 1.4, 0.1), 2, [1.2, 0.5, 0.8], 3, [0, 3]);
        TheorySolution modes = HermiteSolver.Solve(problem, 4, Stepping.Discrete);
        TheorySolution list = Solve(problem, "[x*y, x, x^2*y, x^3*y, x^2*y^2]", Stepping.Discrete);
        for (var at = 0; at < 6; at++) Assert.Equal(modes.V4[1][at], list.V4[1][at], 8);
        for (var at = 0; at < 3; at++) Assert.Equal(modes.K1[1][at], list.K1[1][at], 8);
    }

    [Fact]
    public void PolynomialObservablesAreHermiteModesInDepthTime()
    {
        Network problem = Networks.Of(Setups.Gelu, new(1, 0.3, 1.4, 0.1), 2, [1.2, 0.5, 0.8], 3, [0, 3]);
        TheorySolution modes = HermiteSolver.Solve(problem, 4, Stepping.Continuous);
        TheorySolution list = Solve(problem, "[x*y, x, x^2*y, x^3*y, x^2*y^2]", Stepping.Continuous);
        for (var at = 0; at < 6; at++) Assert.Equal(modes.V4[1][at], list.V4[1][at], 6);
        for (var at = 0; at < 3; at++) Assert.Equal(modes.K1[1][at], list.K1[1][at], 6);
    }

    [Fact]
    public void ReluMlpIsExactWithTheSigmaKernel()
    {
        // alpha = 0: the next layer depends on the present one through S alone. C_W = 2: V4/K^2 = 2 + 5 l.
        var problem = Networks.Of(Activation.Parse("(x+abs(x))/2"), new(0, 1, 2, 0), 1, [1.3], 10, [0, 10]);
        TheorySolution solution = MomentSolver.Solve(problem, ClosureRegistry.Parse("sigma-kernel"), Stepping.Discrete);
        Assert.Equal(1.3, solution.K0[1][0], 10);

        // Modes beyond order 400 are left out: of relu^2 = (x^2 + x|x|)/2 those of x|x|/2 with odd k (see the test of hermite).
        double rest = 0.75 - (2 / Math.PI);
        for (int k = 3; k <= 400; k += 2) rest -= Setups.SquareOfReluMode(k);
        Assert.Equal(52 - (40 * rest), solution.V4[1][0] / (1.3 * 1.3), 9);
        Assert.InRange(solution.LargestRelativeError!.Value, 0.5 * rest, 2 * rest);
    }

    [Fact]
    public void TanhMlpAtCriticalityGrowsByTwoThirds()
    {
        // C_W = 1: (V4 - 2 K0^2)/K0^2 -> (2/3) l, with corrections of relative order 1/l.
        var problem = Networks.Of(Setups.Tanh, new(0, 1, 1, 0), 1, [1], 1000, [0, 250, 500, 1000]);
        TheorySolution solution = Solve(problem, "sigma-kernel", Stepping.Discrete);
        double Excess(int record) => (solution.V4[record][0] / Math.Pow(solution.K0[record][0], 2)) - 2;
        double early = (2.0 / 3) - ((Excess(2) - Excess(1)) / 250), late = (2.0 / 3) - ((Excess(3) - Excess(2)) / 500);
        Assert.InRange(late, 0, 5e-4);
        Assert.InRange(late / early, 0.4, 0.6);
    }

    [Fact]
    public void LinearNetworkHasADegenerateSpanAndIsExact()
    {
        const double c = 0.01 * 1.5;
        var problem = Networks.Of(Setups.Linear, new(1, 0.1, 1.5, 0), 2, [0.7, 0.7, 0.7], 30, [0, 30]);
        TheorySolution solution = Solve(problem, "sigma-kernel", Stepping.Discrete);
        double mean = 0.7 * Math.Pow(1 + c, 30);
        for (var at = 0; at < 6; at++)
            Assert.Equal(mean * mean * (2 + (30 * ((4 * c) + (2 * c * c)) / ((1 + c) * (1 + c)))), solution.V4[1][at], 9);
        Assert.All(solution.K1[1], value => Assert.Equal(0, value, 10));
    }

    // tanh is linear to rounding near K = 0: sigma sigma and x x still differ enough for K1 at 1e-5, where K1/K^2 is that of the cubic term, and
    // not at 1e-8, where the closure must say so.
    [Fact]
    public void SmallKernelsAreRightOrRefused()
    {
        Network Problem(double kernel) => Networks.Of(Activation.Parse("tanh"), new LayerParameters(1, 0.2, 1.5, 0), 1, [kernel], 25, [0, 25]);
        double exact = HermiteSolver.Solve(Problem(1e-5), 8, Stepping.Discrete).K1[^1][0];

        var estimated = new SolverSettings { Quadrature = QuadratureChoice.Estimated };
        double value = ClosureSolver.Solve(Problem(1e-5), new SigmaKernel(1), estimated).K1[^1][0];
        var refused = Assert.Throws<QuadratureException>(() => ClosureSolver.Solve(Problem(1e-8), new SigmaKernel(1), estimated));

        Assert.Equal(1, value / exact, 1e-5);
        Assert.Contains("the digits of K1_00 are not proved", Assert.Throws<UnprovedException>(() => ClosureSolver.Solve(Problem(1e-5), new SigmaKernel(1), Stepping.Discrete)).Message, StringComparison.Ordinal);
        Assert.Equal("At K_00 = 1E-08 the observables of the closure differ by less than rounding, so that means of order 1/n cannot be told from them; use hermite(k), fewer observables or a larger kernel.", refused.Message);
    }

    [Fact]
    public void DroppingAnInputChangesNoOtherNumber()
    {
        TheorySolution three = Solve(Setups.Paper(4, [0, 4], 2, 0.6, -1.2, 1.5, 0.4, 2), "[x*y, sigma(x)*sigma(y), x*sigma(y)]", Stepping.Discrete);
        TheorySolution two = Solve(Setups.Paper(4, [0, 4], 2, -1.2, 2), "[x*y, sigma(x)*sigma(y), x*sigma(y)]", Stepping.Discrete);
        (int, int)[] pairs = [(0, 0), (0, 1), (1, 1)], same = [(0, 0), (0, 2), (2, 2)];
        for (var left = 0; left < 3; left++)
        {
            for (var right = 0; right < 3; right++)
                Assert.Equal(two.V4At(1, pairs[left], pairs[right]), three.V4At(1, same[left], same[right]), 11);
            Assert.Equal(two.K1[1][left], three.K1[1][PairIndexing.Of(same[left].Item1, same[left].Item2, 3)], 11);
        }
    }

    [Fact]
    public void ContinuousDepthIsTheLimitOfSmallSteps()
    {
        Network Problem(double step, int depth) => Networks.Of(Setups.Gelu, new(1, step, 1.3, 0.2), 1, [1.5], depth, [0, depth]);
        TheorySolution limit = Solve(Problem(0.1, 50), "[x*y, sigma(x)*sigma(y), x]", Stepping.Continuous);
        TheorySolution coarse = Solve(Problem(0.1, 50), "[x*y, sigma(x)*sigma(y), x]", Stepping.Discrete);
        TheorySolution fine = Solve(Problem(0.05, 200), "[x*y, sigma(x)*sigma(y), x]", Stepping.Discrete);
        foreach (string tensor in new[] { "K0", "V4", "K1", "U1" })
            Assert.InRange((coarse.Tensors[tensor][1][0] - limit.Tensors[tensor][1][0]) / (fine.Tensors[tensor][1][0] - limit.Tensors[tensor][1][0]), 3.7, 4.3);
    }

    [Fact]
    public void DeltaFunctionsInObservablesAreRefused()
    {
        var problem = Networks.Of(Activation.Parse("(x+abs(x))/2"), new(1, 0.1, 2, 0), 1, [1], 2, [0, 2]);
        var exception = Assert.Throws<NotSupportedException>(() => MomentSolver.Solve(problem, ClosureRegistry.Parse("sigma-kernel(2)"), Stepping.Discrete));
        Assert.Contains("delta function", exception.Message, StringComparison.Ordinal);
    }

    private static TheorySolution Solve(Network problem, string closure, Stepping stepping) =>
        MomentSolver.Solve(problem, ClosureRegistry.Parse(closure), stepping);
}

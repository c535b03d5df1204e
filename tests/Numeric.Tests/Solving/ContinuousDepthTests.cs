using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Solving;

// The linear network in depth time is solved by hand: K(t) = e^(ct) K(0), c = C_W, and V4 = (1 + 2 c t) free(K(t)), since the source of
// free(K) e^(-2ct) is 2 c free(K(0)). Kernels of any size, and inputs of very different sizes, must come out as well as kernels of 1.
public sealed class ContinuousDepthTests(ITestOutputHelper output)
{
    private const double WeightVariance = 2, Time = 2;

    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(4)")]
    [InlineData("sigma-kernel")]
    public void TheAccuracyDoesNotDependOnTheSizeOfTheKernel(string closure)
    {
        foreach (double size in (double[])[1, 1e-6, 1e-10, 1e-30, 1e6])
            RequireExact(closure, [size], 1);
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(4)")]
    public void InputsOfVeryDifferentSizesAreAllAccurate(string closure)
    {
        RequireExact(closure, [1, 3e-6, 1e-10], 2); // correlation .3
        RequireExact(closure, [2, 0, 1e-8], 2); // orthogonal
    }

    // K(0) = 0 with a bias b (hermite(k) refuses it: its frames have no derivative there). The linear network is solved by hand, K = b (e^(ct) - 1)/c, and
    // V4' = 2 c V4 + 4 K (b + c K) gives V4 = e^(2ct) times the integral of 4 K (b + c K) e^(-2ct), that is 4 (b/c)^2 (e^(2ct)(ct - 1) + e^(ct)).
    [Fact]
    public void AVanishingKernelGrowsFromTheBias()
    {
        foreach (double bias in (double[])[1, 1e-8])
        {
            var problem = new TheoryProblem(Activation.Parse("x"), new LayerParameters(1, 0.1, WeightVariance, bias), 1, [0], 200, [0, 200]);
            TheorySolution solution = ClosureSolver.Solve(problem, new GOnly(), Stepping.Continuous);
            double ct = WeightVariance * Time, growth = Math.Exp(ct), unit = bias / WeightVariance;

            Assert.Equal(1, solution.K0[^1][0] / (unit * (growth - 1)), 1e-8);
            Assert.Equal(1, solution.V4[^1][0] / (4 * unit * unit * ((growth * growth * (ct - 1)) + growth)), 1e-8);
        }
    }

    // An explicit pair of order 5 takes 10^(4/5) = 6.3 times the steps for a tolerance of 1e-10 in place of 1e-6 as long as accuracy decides on the
    // step; where stability does (a stiff equation) the tolerance hardly matters. None of the closures is stiff, at depth times ten times the paper's.
    [Theory]
    [InlineData("tanh", 1)]
    [InlineData("tanh", 20)]
    [InlineData("tanh", 80)]
    [InlineData("gelu", 20)]
    [InlineData("relu", 20)]
    public void HermiteClosuresAreNotStiff(string activation, int order)
    {
        int Evaluations(double tolerance)
        {
            var fluctuations = new FluctuationEquation(Activation.Parse(activation).Description, 1, Math.Max(2, order));
            int[] orders = [.. Enumerable.Range(1, order).Where(each => each != 2)];
            var equations = new HermiteEquations(fluctuations, new LayerParameters(1, 0.1, activation == "tanh" ? 2 : 0.5, 0), orders, orders.Where(each => each > 2));
            int count = 0;
            double[] state = equations.Initial([2.0]);
            var integrator = new DormandPrince(
                (from, slope) =>
                {
                    count++;
                    equations.Slope(from, slope);
                },
                equations.Scales, equations.Length, tolerance);
            integrator.Advance(state, 20);
            return count;
        }

        int coarse = Evaluations(1e-6), fine = Evaluations(1e-10);
        output.WriteLine($"{activation}, hermite({order}): {coarse} and {fine} evaluations");

        Assert.True(fine > 3 * coarse, $"{coarse} evaluations at 1e-6, {fine} at 1e-10");
    }

    private static void RequireExact(string closure, double[] kernel, int inputs)
    {
        var problem = new TheoryProblem(Activation.Parse("x"), new LayerParameters(1, 0.1, WeightVariance, 0), inputs, kernel, 200, [0, 200]);
        TheorySolution solution = ClosureSolver.Solve(problem, ClosureRegistry.Parse(closure), Stepping.Continuous);
        (int First, int Second)[] pairs = [.. PairIndexing.All(inputs)];
        double growth = Math.Exp(WeightVariance * Time);
        double K(int a, int b) => growth * kernel[PairIndexing.Of(a, b, inputs)];
        for (int p = 0; p < pairs.Length; p++)
        {
            (int a, int b) = pairs[p];
            Near(K(a, b), solution.K0[^1][p], Math.Sqrt(K(a, a) * K(b, b)), $"{closure}, K0_{a}{b} at K(0) = {string.Join(", ", kernel)}");
            for (int q = p; q < pairs.Length; q++)
            {
                (int c, int d) = pairs[q];
                double exact = (1 + (2 * WeightVariance * Time)) * ((K(a, c) * K(b, d)) + (K(a, d) * K(b, c)));
                double scale = Math.Sqrt(K(a, a) * K(b, b) * K(c, c) * K(d, d));
                Near(exact, solution.V4[^1][PairIndexing.Of(p, q, pairs.Length)], scale, $"{closure}, V4_{a}{b},{c}{d} at K(0) = {string.Join(", ", kernel)}");
            }
        }
    }

    private static void Near(double exact, double value, double scale, string what) =>
        Assert.True(Math.Abs(value - exact) <= 1e-8 * Math.Max(Math.Abs(exact), 1e-3 * scale), FormattableString.Invariant($"{what}: {value:R}, exactly {exact:R}"));
}

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation;
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
            var problem = Networks.Of(Activation.Parse("x"), new LayerParameters(1, 0.1, WeightVariance, bias), 1, [0], 200, [0, 200]);
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
            var equations = new MomentEquations(MomentDerivation.Of(new HermiteModes(order), DepthForm.Continuous), new ModeRecipes(fluctuations, orders), new LayerParameters(1, 0.1, activation == "tanh" ? 2 : 0.5, 0));
            int count = 0;
            double[] state = equations.Initial([2.0]);
            var integrator = new DormandPrince(
                (from, slope) =>
                {
                    count++;
                    equations.Slope(from, slope);
                },
                equations.Scales, equations.Length, tolerance);
            integrator.Integrate(state, [20], (_, _) => { });
            return count;
        }

        int coarse = Evaluations(1e-6), fine = Evaluations(1e-10);
        output.WriteLine($"{activation}, hermite({order}): {coarse} and {fine} evaluations");

        Assert.True(fine > 3 * coarse, $"{coarse} evaluations at 1e-6, {fine} at 1e-10");
    }

    // Every layer of depth 800 comes from the interpolant of a few dozen steps: all must be as accurate as the last, and the same as if it were the only one.
    [Fact]
    public void OutputBetweenTheStepsIsAsAccurateAsTheSteps()
    {
        int[] layers = [.. Enumerable.Range(0, 801)];
        var problem = Networks.Of(Activation.Parse("x"), new LayerParameters(1, 0.05, WeightVariance, 0), 1, [2], 800, layers);
        TheorySolution all = ClosureSolver.Solve(problem, new GOnly(), Stepping.Continuous);
        foreach (int layer in layers)
        {
            double ct = WeightVariance * problem.TimeOf(layer), kernel = 2 * Math.Exp(ct);
            Assert.Equal(1, all.K0[layer][0] / kernel, 2e-9);
            if (layer > 0) Assert.Equal(1, all.V4[layer][0] / (kernel * kernel * 2 * (1 + (2 * ct))), 1e-8);
        }
    }

    [Theory]
    [InlineData("g-only", "tanh")]
    [InlineData("hermite(20)", "gelu")]
    [InlineData("sigma-kernel", "tanh")]
    public void OutputDoesNotDependOnWhatElseIsAskedFor(string closure, string activation)
    {
        TheorySolution Solve(params int[] layers) => ClosureSolver.Solve(
            Networks.Of(Activation.Parse(activation), new LayerParameters(1, 0.05, 2, 0.1), 2, [2, 0.5, 1], layers[^1], layers),
            ClosureRegistry.Parse(closure), Stepping.Continuous);
        TheorySolution all = Solve([.. Enumerable.Range(0, 401)]), few = Solve(0, 37, 400), one = Solve(0, 37);
        foreach ((int layer, int index) in (ReadOnlySpan<(int, int)>)[(37, 1), (400, 2)])
        {
            foreach (string name in all.Tensors.Keys)
            {
                for (int at = 0; at < all.Tensors[name][layer].Length; at++)
                {
                    double expected = few.Tensors[name][index][at], scale = few.Tensors[name][index].Max(Math.Abs);
                    Assert.Equal(expected, all.Tensors[name][layer][at], 2e-9 * scale);
                    if (layer == 37) Assert.Equal(expected, one.Tensors[name][1][at], 2e-9 * scale);
                }
            }
        }
    }

    // y' = i y around the circle, known at every time: the interpolant's error follows the tolerance, and every layer costs no step of its own.
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void TheInterpolantFollowsTheTolerance(double tolerance)
    {
        int count = 0;
        int Evaluations(int outputs, ref double worst)
        {
            double[] times = [.. Enumerable.Range(0, outputs + 1).Select(each => each * 10.0 / outputs)];
            var errors = new List<double>();
            count = 0;
            var integrator = new DormandPrince(
                (y, slope) =>
                {
                    count++;
                    (slope[0], slope[1]) = (-y[1], y[0]);
                },
                (_, scales) => scales.AsSpan().Fill(1000), 2, tolerance);
            integrator.Integrate([1, 0], times, (index, y) => errors.Add(Math.Max(Math.Abs(y[0] - Math.Cos(times[index])), Math.Abs(y[1] - Math.Sin(times[index])))));
            Assert.Equal(times.Length, errors.Count);
            worst = errors.Max();
            return count;
        }

        double end = 0, between = 0;
        int sparse = Evaluations(1, ref end), dense = Evaluations(100_000, ref between);
        output.WriteLine($"tolerance {tolerance}: {sparse} and {dense} evaluations, errors {end:E1} and {between:E1}");
        Assert.InRange(between, tolerance / 100, 40 * tolerance);
        Assert.True(dense < 3 * sparse, $"{sparse} and {dense} evaluations");
    }

    private static void RequireExact(string closure, double[] kernel, int inputs)
    {
        var problem = Networks.Of(Activation.Parse("x"), new LayerParameters(1, 0.1, WeightVariance, 0), inputs, kernel, 200, [0, 200]);
        TheorySolution solution = ClosureSolver.Solve(problem, ClosureRegistry.Parse(closure), Stepping.Continuous);
        InputPair[] pairs = [.. PairIndexing.All(inputs)];
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

using System.Globalization;
using SymbolicEft.Benchmarks.Expectations;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Tests.Expectations.Proofs;

// Moments of functions with kinks and jumps, against 25-digit values (panel_moments.py) and against closed forms over scans of threshold, frequency and variance:
// no error is above its bound, and what solve makes of them is right.
public class PanelProofTests
{
    private static readonly int[] Orders = [0, 1, 2, 7, 20, 61];

    private static IEnumerable<(string Text, double Variance, double[] Values)> Cases() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Expectations", "Proofs", "panel_moments.txt"))
            .Select(line => line.Split('|'))
            .Select(parts => (parts[0], Number(parts[1]), parts.Skip(2).Select(Number).ToArray()));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Fact]
    public void Moment_tables_lie_within_their_bounds()
    {
        int cases = 0;
        foreach ((string text, double variance, double[] values) in Cases())
        {
            var table = new ActivationMomentTable(Activation.Parse(text).Description, 61);
            table.Evaluate(variance);
            Assert.Null(table.NotProved);
            double norm = Math.Sqrt(values[Orders.Length]);
            for (int n = 0; n < Orders.Length; n++) Within($"{text} at K = {variance}, order {Orders[n]}", table.Coefficients[Orders[n]], values[n], table.CoefficientBounds[Orders[n]], 2e-13 * norm);
            for (int p = 0; p < 5; p++) Within($"square of {text} at K = {variance}, order {p}", table.SquareCoefficients[p], values[Orders.Length + p], table.SquareCoefficientBounds[p], 3e-12 * norm);
            cases++;
        }

        Assert.True(cases >= 40, $"{cases} cases");

        static void Within(string what, double found, double expected, double bound, double widest)
        {
            Assert.True(Math.Abs(found - expected) <= bound, $"{what}: {found:R} +- {bound:E1}, should be {expected:R}");
            Assert.True(bound <= widest, $"{what}: the bound {bound:E1} says too little");
        }
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(20, 0)]
    public void Modes_are_proved_and_right(int products, int stage)
    {
        foreach ((string text, double variance, double[] values) in Cases())
        {
            FactorSample sample = new FactorModes(Activation.Parse(text).Description, products, 1e-12).At(variance, stage);
            Assert.Null(sample.NotProved);
            double square = values[Orders.Length];
            Assert.Equal(square, sample.MeanSquare, 2e-12 * square);
            for (int n = 0; n < Orders.Length; n++)
            {
                Assert.Equal(values[n], sample.Coefficients[Orders[n]], 2e-12 * Math.Sqrt(square));
                if (products < 0) continue;

                // he_0 = 1, on either side.
                Assert.Equal(values[n], sample.Products[Orders[n]], 2e-12 * sample.Norms[0]);
                if (Orders[n] <= products) Assert.Equal(values[n], sample.Products[Orders[n] * sample.Orders], 2e-12 * sample.Norms[Orders[n]]);
            }
        }
    }

    // One layer from skip 0, step 1 and C_W = 1: K0(1) = E[f^2], and V4(1) of hermite(4) is 2 K0^2 + sum of E[f^2 he_k]^2 over k = 1 ... 4.
    [Fact]
    public void One_layer_is_solved_right()
    {
        foreach ((string text, double variance, double[] values) in Cases())
        {
            var network = new Network { Activation = text, WeightVariance = 1, Skip = 0, Step = 1, Depth = 1, Kernel = new[,] { { variance } } };
            TheorySolution solution = network.Solve("hermite(4)");
            double mean = values[Orders.Length];
            Assert.Equal(mean, solution.K0At(^1, (0, 0)), 3e-12 * mean);
            double expected = (2 * mean * mean) + values.Skip(Orders.Length + 1).Sum(value => value * value);
            Assert.Equal(expected, solution.V4At(^1, (0, 0), (0, 0)), 1e-10 * expected);
        }
    }

    // E[step(x - c)] = erfc(c/sqrt(2K))/2, E[step(x - c) he_p] = he_(p-1)(t) phi(t)/sqrt(p), t = c/sqrt(K).
    [Fact]
    public void Every_threshold_of_a_jump_is_right()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 120; trial++)
        {
            string text = ((6 * random.NextDouble()) - 3).ToString("F3", CultureInfo.InvariantCulture);

            // Ends of quarter octaves among them.
            double variance = trial % 3 == 0 ? Math.Pow(2, 0.25 * random.Next(-8, 20)) : Math.Pow(10, (2.5 * random.NextDouble()) - 0.5), at = Number(text) / Math.Sqrt(variance);
            var table = new ActivationMomentTable(Activation.Parse($"step(x-({text}))").Description, 40);
            table.Evaluate(variance);
            Assert.Null(table.NotProved);
            Assert.Equal(0.5 * SpecialFunctions.Erfc(at / Math.Sqrt(2)), table.Coefficients[0], table.CoefficientBounds[0]);
            double before = 0, here = GaussianTails.Density(at);
            for (int p = 1; p <= 40; p++)
            {
                Assert.True(Math.Abs((here / Math.Sqrt(p)) - table.Coefficients[p]) <= table.CoefficientBounds[p], $"step(x-({text})) at K = {variance:R}, order {p}");
                (before, here) = (here, ((at * here) - (Math.Sqrt(p - 1) * before)) / Math.Sqrt(p));
            }
        }
    }

    // E[relu(x) sin(wx)] = (wK/2) e^(-w^2 K/2), E[(relu(x) sin(wx))^2] = (K - K (1 - 4 w^2 K) e^(-2 w^2 K))/4.
    [Fact]
    public void No_frequency_meets_the_nodes_of_a_kinked_wave()
    {
        var random = new Random(11);
        for (int trial = 0; trial < 60; trial++)
        {
            double variance = Math.Pow(10, (3 * random.NextDouble()) - 1.5);
            string text = (Math.Pow(10, 2 * random.NextDouble()) / Math.Sqrt(variance)).ToString("F4", CultureInfo.InvariantCulture);
            double w = Number(text), phase = w * w * variance;
            var table = new ActivationMomentTable(Activation.Parse($"relu(x)*sin({text}*x)").Description, 8);
            table.Evaluate(variance);
            Assert.Null(table.NotProved);
            Assert.Equal(0.5 * w * variance * Math.Exp(-0.5 * phase), table.Coefficients[0], table.CoefficientBounds[0] + (1e-15 * variance));
            Assert.Equal(0.25 * variance * (1 - ((1 - (4 * phase)) * Math.Exp(-2 * phase))), table.MeanSquare.Value, table.MeanSquare.ErrorBound);
            FactorSample modes = new FactorModes(Activation.Parse($"relu(x)*sin({text}*x)").Description, 4, 1e-12).At(variance, 0);
            Assert.Null(modes.NotProved);
            Assert.Equal(table.MeanSquare.Value, modes.MeanSquare, 2e-12 * modes.MeanSquare);
        }
    }

    // A kink that nothing announced is met all the same; the sides of an argument that depends on itself are found.
    [Theory]
    [InlineData("relu(3*x^2-2*x-1)", new[] { -1.0 / 3, 1 }, true)]
    [InlineData("relu(3*x^2-2*x-1)", new[] { 1.0 }, false)]
    [InlineData("step(x-1)", new double[0], false)]
    [InlineData("step(x-1)", new[] { 1 + 1e-7 }, false)]
    [InlineData("step(x-1)", new[] { 1 + 1e-12 }, true)]
    [InlineData("sign(x)*x", new double[0], true)]
    public void Nothing_depends_on_what_is_said_of_kinks(string text, double[] kinks, bool isProved)
    {
        PanelBounds? found = PanelProof.Find(
            [Activation.Parse(text).Expression],
            Activation.Variable,
            kinks,
            StripProof.QuarterOctave(4),
            bounds => Math.Max(bounds.Coefficient(0, 20), bounds.Product(0, 0)),
            1e-12,
            21,
            out string reason);
        Assert.Equal(isProved, found is not null);
        Assert.Equal(isProved, reason.Length == 0);
    }

    // |x| |y| at y = -2x is 2 x^2 = 2K (he_0 + sqrt(2) he_2), relu(x) relu(-2x) is 0, and relu(x)^2 has modes K/2, 2K/sqrt(2 pi), K/sqrt(2).
    [Fact]
    public void Products_of_observables_are_proved_and_right()
    {
        const double k = 1.3;
        var closure = Assert.IsAssignableFrom<IObservableClosure>(ClosureRegistry.Parse("[x*y, sigma(x)*sigma(y), abs(x)*abs(y)]"));
        var expansion = new ObservableExpansion(closure.Observables, Activation.Parse("relu"), 2);
        double[][] found = expansion.At([k, -2 * k, 4 * k]).Coefficients;
        Assert.Empty(expansion.Unproved);
        Expect(1, 0, [k / 2, 2 * k / Math.Sqrt(2 * Math.PI), k / Math.Sqrt(2)]);
        Expect(1, 1, [0, 0, 0]);
        Expect(2, 1, [2 * k, 0, 2 * k * Math.Sqrt(2), 0, 0]);

        void Expect(int observable, int second, double[] modes)
        {
            int at = Array.FindIndex(expansion.Components, component => component.Observable == observable && component.First == 0 && component.Second == second);
            for (int p = 0; p < modes.Length; p++) Assert.Equal(modes[p], found[at][p], 1e-12 * k);
        }
    }

    [Fact]
    public void A_delegate_says_that_it_has_no_proof()
    {
        var table = new ActivationMomentTable(new("bare", x => Math.Max(x, 0)) { Kinks = [new(0, 1)] }, 4);
        table.Evaluate(2);
        Assert.Contains("without a formula", table.NotProved, StringComparison.Ordinal);
        Assert.Equal(1, table.MeanSquare.Value, 1e-12);
        var modes = new FactorModes(new("bare", x => Math.Max(x, 0)) { Kinks = [new(0, 1)] }, 4, 1e-12);
        Assert.Contains("without a formula", modes.At(2, 0).NotProved, StringComparison.Ordinal);
        Assert.NotNull(modes.Unproved);
    }
}

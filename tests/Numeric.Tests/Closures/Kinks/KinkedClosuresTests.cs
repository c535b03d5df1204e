using System.Runtime.CompilerServices;
using System.Text.Json;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures.Kinks;

// Kinks of order 0 to 3 (a jump of sigma, sigma', sigma'', sigma''') at correlations from -1 to 1, through every closure.
//   kinked_closures.py   closed forms of all derivatives of x_+^m, in 60 digits, and what the closures make of them by other equations
//   kinked_modes.py      modes of kinks that are no monomials, by brute force
//   laws                 inputs are only labels, dropping one changes no other number, two equal inputs have the numbers of one
public sealed class KinkedClosuresTests
{
    // F(t x) = t^d F(x): numbers at every kernel are those at 1. E relu he_0, he_1 and the square are 1/sqrt(2 pi), 1/2 and 1/2 there.
    [Theory]
    [InlineData("relu", 1)]
    [InlineData("abs(x)", 1)]
    [InlineData("leakyrelu", 1)]
    [InlineData("x^2", 2)]
    [InlineData("x*abs(x)", 2)]
    [InlineData("sign", 0)]
    [InlineData("abs(x+0.3)", -1)]
    [InlineData("x+0.001*x^2", -1)]
    [InlineData("1+relu(x)", -1)]
    [InlineData("elu", -1)]
    [InlineData("tanh", -1)]
    public void FunctionsThatScaleAreKnown(string activation, int degree)
    {
        var modes = new FactorModes(Activation.Parse(activation).Description, 4, 1e-12);
        Assert.Equal(degree, modes.Degree ?? -1);
        FactorSample at = modes.At(7.3, 0), other = new FactorModes(new($"plain {activation}", Activation.Parse(activation).Delegate(0)) { Kinks = Activation.Parse(activation).Description.Kinks }, 4, 1e-12, estimates: true).At(7.3, 0);
        Assert.InRange(at.RelativeDifference(other), 0, 1e-11);
        if (activation == "relu")
            Assert.Equal((Math.Sqrt(7.3 / (2 * Math.PI)), Math.Sqrt(7.3) / 2, 7.3 / 2), (at.Coefficients[0], at.Coefficients[1], at.MeanSquare), (left, right) => Math.Abs(left.Item1 - right.Item1) + Math.Abs(left.Item2 - right.Item2) + Math.Abs(left.Item3 - right.Item3) < 1e-12);
    }

    private static readonly JsonElement[] Cases = Read("kinked_closures.json"), Modes = Read("kinked_modes.json");

    // One activation for each order of kink, and one whose kink is elsewhere.
    private static readonly string[][] ByOrder =
    [
        ["step(x)", "sign(x)", "step(x-1)+x/2"],
        ["relu", "abs", "(abs(x+1)-abs(x-1))/2"],
        ["elu(x)", "x/(1+abs(x))", "x*abs(x)", "relu(x)*tanh(x)"],
        ["relu(x)^3", "abs(x-1/2)^3/8", "abs(x)^3/(1+x^2)"],
    ];

    public static TheoryData<string, string> ClosuresAndActivations()
    {
        var data = new TheoryData<string, string>();
        foreach ((string closure, string activation) in Cases.Select(each => (Text(each, "closure"), Text(each, "activation"))).Distinct()) data.Add(closure, activation);
        return data;
    }

    [Theory]
    [MemberData(nameof(ClosuresAndActivations))]
    public void ClosuresHaveTheNumbersOfClosedForms(string closure, string activation)
    {
        JsonElement[] cases = [.. Cases.Where(each => Text(each, "closure") == closure && Text(each, "activation") == activation)];
        Assert.Equal(8, cases.Length);
        foreach (JsonElement theirs in cases)
        {
            double[][] rows = Matrix(theirs, "kernel"), covariance = Matrix(theirs, "V4");
            double Number(string name) => theirs.GetProperty(name).GetDouble();
            int depth = theirs.GetProperty("depth").GetInt32();
            var problem = Networks.Of(
                Activation.Parse(activation), new(Number("skip"), Number("step"), Number("weightVariance"), Number("biasVariance")), 2, [rows[0][0], rows[0][1], rows[1][1]], depth, [0, depth]);
            TheorySolution ours = Solve(problem, closure);
            double[] kernel = Vector(theirs, "K0"), correction = Vector(theirs, "K1"), source = Vector(theirs, "U1");
            string what = FormattableString.Invariant($"of {closure}, {activation}, K01 = {rows[0][1]}, skip {Number("skip")}");

            // K1 is of the order of V4/K. Where sigma itself jumps, what is known of V4 is divided by powers of 1 - rho^2, 2e-4 at the least.
            double natural = covariance[0][0] / kernel[0], precision = activation.Contains("step", StringComparison.Ordinal) || activation.Contains("sign", StringComparison.Ordinal) ? 1e-10 : 1e-12;
            for (int p = 0; p < 3; p++)
            {
                Near(kernel[p], ours.K0[^1][p], 1e-14 * kernel.Max(Math.Abs), $"K0 {what}");
                Near(correction[p], ours.K1[^1][p], precision * Math.Max(natural, correction.Max(Math.Abs)), $"K1 {what}");
                Near(source[p], ours.U1[^1][p], precision * Math.Max(natural, source.Max(Math.Abs)), $"U1 {what}");
                for (int q = p; q < 3; q++)
                    Near(covariance[p][q], ours.V4[^1][PairIndexing.Of(p, q, 3)], 4e-12 * Math.Sqrt(covariance[p][p] * covariance[q][q]), $"V4 {what}");
            }
        }
    }

    public static TheoryData<string> OfModes => [.. Modes.Select(each => Text(each, "activation")).Distinct()];

    [Theory]
    [MemberData(nameof(OfModes))]
    public void ModesAreThoseOfBruteForce(string activation)
    {
        var equation = new FluctuationEquation(Activation.Parse(activation).Description, 2, 6);
        foreach (JsonElement theirs in Modes.Where(each => Text(each, "activation") == activation))
        {
            double[] kernel = Vector(theirs, "kernel");
            double[][] expected = Matrix(theirs, "modes");
            FluctuationCoefficients ours = equation.At(kernel);
            double size = Math.Sqrt(ours.Pairs[0].Mean * ours.Pairs[2].Mean);
            for (int order = 0; order < expected.Length; order++)
            {
                for (int j = 0; j <= order; j++)
                    Near(expected[order][j], ours.Pairs[1].Order(order)[j], 2e-12 * size, FormattableString.Invariant($"{activation}, K01 = {kernel[1]}, order {order}, number {j}"));
            }
        }
    }

    public static TheoryData<int, string> OrdersAndClosures()
    {
        var data = new TheoryData<int, string>();
        for (int order = 0; order <= 3; order++)
        {
            foreach (string closure in new[] { "g-only", "g-connected", "hermite(1)", "hermite(6)", "sigma-kernel", "[x*y, x, sigma(x)*sigma(y)]" }) data.Add(order, closure);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(OrdersAndClosures))]
    public void KinkedActivationsObeyTheLaws(int order, string closure)
    {
        bool isList = closure is "sigma-kernel" or "[x*y, x, sigma(x)*sigma(y)]";
        if (isList && order == 0)
        {
            // The variance of a function that jumps falls off too slowly with the order of its modes.
            var refused = Assert.Throws<QuadratureException>(() => Solve(Problem("step(x)", 1, 0.3, 2, [1, 0.3, 1]), closure));
            Assert.Contains("of the variance of sigma(x)*sigma(y), which jumps or varies too fast for this kernel; use g-only or hermite(k)", refused.Message, StringComparison.Ordinal);
            return;
        }

        double[] correlations = [-0.9999, -0.97, -0.5, 0, 0.5, 0.9, 0.97, 0.9999];
        var random = new Random(100 + order);
        for (int draw = 0; draw < (isList ? 2 : 6); draw++)
        {
            string activation = ByOrder[order][random.Next(ByOrder[order].Length)];
            double rho = correlations[random.Next(correlations.Length)], second = 0.5 + random.NextDouble(), skip = random.Next(2), step = skip == 0 ? 1 : 0.3;
            int depth = isList ? 2 : 4;
            double between = rho * Math.Sqrt(second);
            string what = FormattableString.Invariant($"{closure} of {activation}, rho = {rho}, K11 = {second}, skip {skip}");
            TheorySolution two = Solve(Problem(activation, skip, step, depth, [1, between, second]), closure), exchanged = Solve(Problem(activation, skip, step, depth, [second, between, 1]), closure);
            TheorySolution one = Solve(Problem(activation, skip, step, depth, [1]), closure), other = Solve(Problem(activation, skip, step, depth, [second]), closure);
            TheorySolution equal = Solve(Problem(activation, skip, step, depth, [1, 1, 1]), closure);
            double covariance = two.V4[^1][0], correction = covariance / two.K0[^1][0];

            double exact = order == 0 ? 1e-9 : isList ? 1e-8 : 1e-11;
            int[] places = [0, 1, 2], mirrored = [2, 1, 0];
            for (int p = 0; p < 3; p++)
            {
                Near(two.K1[^1][places[p]], exchanged.K1[^1][mirrored[p]], exact * correction, $"K1 of exchanged inputs, {what}");
                // Two equal inputs, whose kernel is known to rounding e, are told from one by sqrt(e).
                Near(one.K1[^1][0], equal.K1[^1][p], 1e-7 * correction, $"K1 of equal inputs, {what}");
                for (int q = p; q < 3; q++)
                {
                    Near(two.V4[^1][PairIndexing.Of(p, q, 3)], exchanged.V4[^1][PairIndexing.Of(mirrored[p], mirrored[q], 3)], exact * covariance, $"V4 of exchanged inputs, {what}");
                    Near(one.V4[^1][0], equal.V4[^1][PairIndexing.Of(p, q, 3)], 1e-7 * covariance, $"V4 of equal inputs, {what}");
                }
            }

            Near(one.V4[^1][0], two.V4[^1][0], exact * covariance, $"V4 without the second input, {what}");
            Near(one.K1[^1][0], two.K1[^1][0], exact * correction, $"K1 without the second input, {what}");
            Near(other.V4[^1][0], two.V4[^1][5], exact * Math.Max(covariance, other.V4[^1][0]), $"V4 without the first input, {what}");
            Near(other.K1[^1][0], two.K1[^1][2], exact * Math.Max(correction, other.V4[^1][0] / other.K0[^1][0]), $"K1 without the first input, {what}");
        }
    }

    // Where sigma itself jumps, the derivatives by K_ab are of order 1/s, 1/s^2 ..., s^2 = 1 - rho^2, and rounding is amplified by them.
    [Theory]
    [InlineData("step(x)", 0.99999999, 1, "begin with less similar inputs")]
    [InlineData("sign(x)", -0.99999999, 1, "begin with less similar inputs")]
    [InlineData("step(x)", 0.9999999, 1.44, "begin with less similar inputs")]
    [InlineData("sign(x)", 1, 1.44, "solve for each of the two without the other")]
    public void JumpsOfNearlyEqualInputsAreRefused(string activation, double rho, double second, string mend)
    {
        foreach (string closure in new[] { "g-only", "hermite(4)" })
        {
            var refused = Assert.Throws<ComputationException>(() => Solve(Problem(activation, 1, 0.3, 3, [1, rho * Math.Sqrt(second), second]), closure));
            Assert.Contains("rounding of their difference", refused.Message, StringComparison.Ordinal);
            Assert.Contains(mend, refused.Message, StringComparison.Ordinal);
        }
    }

    // In a perceptron of 20 layers inputs come close to each other, or to being opposite, whatever they were.
    [Theory]
    [InlineData("elu(x)", 1.5)]
    [InlineData("x/(1+abs(x))", 2.5)]
    [InlineData("relu(x)^2", 0.15)]
    [InlineData("x*abs(x)", 0.15)]
    [InlineData("relu(x)*tanh(x)", 1.5)]
    [InlineData("relu", 2)]
    public void DeepPerceptronsOfEverySimilarityGoThrough(string activation, double weights)
    {
        foreach (string closure in new[] { "g-only", "hermite(8)" })
        {
            foreach (double rho in new[] { -1, -0.99999999, -0.95, 0.5, 0.95, 0.99999999, 1 })
            {
                TheorySolution solution = Solve(Networks.Of(Activation.Parse(activation), new(0, 1, weights, 0.05), 2, [1, rho, 1], 20, [0, 20]), closure);
                Assert.True(solution.V4[^1].Concat(solution.K1[^1]).All(double.IsFinite), FormattableString.Invariant($"{closure} of {activation} at rho = {rho}"));
                Assert.True(solution.V4[^1][PairIndexing.Of(1, 1, 3)] > 0);
            }
        }
    }

    // An observable has kinks of its own: abs(x) abs(y) in a list is sigma(x) sigma(y) for sigma = abs.
    [Fact]
    public void ObservablesWithKinksOfTheirOwnAreCutThere()
    {
        Network problem = Problem("abs", 1, 0.3, 2, [1, 0.6, 1.2]);
        TheorySolution named = Solve(problem, "sigma-kernel"), written = Solve(problem, "[x*y, abs(x)*abs(y)]");
        for (int p = 0; p < 3; p++) Near(named.K1[^1][p], written.K1[^1][p], 1e-11 * named.V4[^1][0], "K1");
        for (int at = 0; at < 6; at++) Near(named.V4[^1][at], written.V4[^1][at], 1e-11 * named.V4[^1][0], "V4");
    }

    [Theory]
    [InlineData("relu(x)^2", 2)]
    [InlineData("elu(x)", 2)]
    [InlineData("x*abs(x)", 2)]
    [InlineData("relu(x)^3", 3)]
    [InlineData("abs(x)", 2)]
    public void PointwiseDerivativesAreNumbersAtTheKink(string activation, int order)
    {
        Activation sigma = Activation.Parse(activation);
        var values = new double[order + 1];
        sigma.Fill(order, [0], values);
        Assert.All(values, value => Assert.True(double.IsFinite(value)));
        Assert.True(double.IsFinite(sigma.Delegate(order)(0)));
    }

    private static Network Problem(string activation, double skip, double step, int depth, double[] kernel) =>
        Networks.Of(Activation.Parse(activation), new(skip, step, skip == 0 ? 1.2 : 1, 0.1), kernel.Length == 1 ? 1 : 2, kernel, depth, [0, depth]);

    private static TheorySolution Solve(Network problem, string closure) => ClosureSolver.Solve(problem, ClosureRegistry.Parse(closure), Stepping.Discrete);

    private static void Near(double expected, double actual, double allowed, string what) =>
        Assert.True(Math.Abs(expected - actual) <= allowed, FormattableString.Invariant($"{what}: {actual:R}, other route {expected:R}, allowed {allowed:G2}"));

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static double[] Vector(JsonElement of, string name) => of.GetProperty(name).Deserialize<double[]>()!;

    private static double[][] Matrix(JsonElement of, string name) => of.GetProperty(name).Deserialize<double[][]>()!;

    private static JsonElement[] Read(string name) => [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name))).RootElement.GetProperty("cases").EnumerateArray()];

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}

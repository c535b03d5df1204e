using System.Globalization;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Closures.Proofs;

// One layer phi' = W sigma(phi) of every closure has exact numbers, x ~ N(0, K), M(K) = E sigma(x)^2:
//   K0 = M;  V4 = 2 M^2 + Var sigma(x)^2 for sigma-kernel, of which g-only has the part 2 (K M')^2 and hermite(k) that of the modes up to k;
//   K1 = U1 at layer 0 = 0, but K^2 M'' for g-only.
// Over frequencies, gains and twelve decades of K a solution agrees with them, or is refused. M', M'' by Price's theorem, with a proof (Gauss-Legendre
// on ellipses; a solution has trapezoid rules in strips), and in closed form where there is one.
public class SolutionScanTests(ITestOutputHelper output)
{
    // Set to the number of cases of each family and closure; the default keeps the tests short.
    private const string LongScan = "SYMEFT_SOLVE_SCAN";

    private static int Cases => int.Parse(Environment.GetEnvironmentVariable(LongScan) ?? "8", CultureInfo.InvariantCulture);

    public static TheoryData<string, string> Scans()
    {
        var scans = new TheoryData<string, string>();
        foreach (string closure in (string[])["g-only", "hermite(8)", "sigma-kernel"])
        {
            foreach (string family in (string[])["sin({0}*x)", "cos({0}*x)", "x+sin({0}*x)^2/{0}", "tanh({0}*x)", "erf({0}*x)", "1/(1+({0}*x)^2)", "1/cosh({0}*x)"])
                scans.Add(closure, family);
        }

        return scans;
    }

    [Theory]
    [MemberData(nameof(Scans))]
    public void One_layer_agrees_with_exact_numbers_or_is_refused(string closure, string family)
    {
        var random = new Random(family.Length + (100 * closure.Length));
        int solved = 0;
        double worst0 = 0, worst4 = 0, worst1 = 0;
        var refusals = new List<string>();
        for (int trial = 0; trial < Cases; trial++)
        {
            (double variance, double scale, string activation) = Draw(family, random);
            TheorySolution solution;
            try
            {
                solution = new Network { Activation = activation, Skip = 0, Step = 1, WeightVariance = 1, Depth = 2, RecordedLayers = [0, 1, 2], Kernel = new[,] { { variance } } }.Solve(closure);
            }
            catch (ComputationException failure) when (failure.Finished is { Layers: [.., 1] } finished)
            {
                // What comes before a refusal is right too.
                solution = finished;
                refusals.Add($"{activation} at K = {variance:R}: {failure.Message}");
            }
            catch (Exception failure) when (ComputationFailure.Is(failure) || failure is NotSupportedException)
            {
                refusals.Add($"{activation} at K = {variance:R}: {failure.Message}");
                continue;
            }

            // What rests on an estimate says so.
            if (solution.Unproved.Count > 0)
            {
                refusals.Add($"{activation} at K = {variance:R}: {solution.Unproved[0]}");
                continue;
            }

            solved++;
            Expression square = GaussianExpectation.Parse(activation).Pow(2);
            (double mean, double meanError) = Expectation(square, variance);
            string where = $"{closure}, {activation} at K = {variance:R}";
            double k0 = solution.K0At(1, (0, 0)), v4 = solution.V4At(1, (0, 0), (0, 0));
            double expected4 = 2 * mean * mean, error4 = 4 * mean * meanError, expected1 = 0;
            switch (closure)
            {
                case "g-only":
                    (double slope, double curvature) = Derivatives(family, square, scale * scale * variance, variance);
                    (expected4, expected1) = (expected4 + (2 * slope * slope), curvature);
                    break;
                case "sigma-kernel":
                    (double fourth, double fourthError) = Expectation(square * square, variance);
                    (expected4, error4) = (fourth + (mean * mean), fourthError + error4);
                    break;
                default:
                    foreach ((double mode, double modeError) in Enumerable.Range(1, 8).Select(q => Mode(square, q, variance)))
                        (expected4, error4) = (expected4 + (mode * mode), error4 + (2 * Math.Abs(mode) * modeError) + (modeError * modeError));
                    break;
            }

            // Derivatives by Price's formula cancel; from a share of 1e-6 on they are refused. What modes leave out is told.
            double lost = closure == "g-only" ? 1e-6 : 1e-11, share = solution.Truncation?.RelativeError ?? 1e-9;
            Near(k0, mean, meanError + (1e-10 * mean), "K0");
            Near(v4, expected4, error4 + ((lost + (closure == "sigma-kernel" ? share : 0)) * expected4), "V4");
            foreach ((double found, string what) in new[] { (solution.K1At(1, (0, 0)), "K1"), (solution.U1At(0, (0, 0)), "U1") })
            {
                Near(found, expected1, lost * (mean + Math.Abs(expected1)), what);
                worst1 = Math.Max(worst1, Math.Abs(found - expected1) / (mean + Math.Abs(expected1)));
            }

            // Layer 2 follows from layer 1 in the same way.
            if (solution.Layers[^1] == 2)
            {
                (double next, double nextError) = Expectation(square, k0);
                Near(solution.K0At(2, (0, 0)), next, nextError + (1e-10 * next), "K0 of layer 2");
                if (closure == "g-only")
                {
                    (double slope, double curvature) = Derivatives(family, square, scale * scale * k0, k0);
                    double share4 = v4 / (k0 * k0), transported = (slope * solution.K1At(1, (0, 0)) / k0) + (0.5 * curvature * share4);
                    Near(solution.V4At(2, (0, 0), (0, 0)), (2 * next * next) + (slope * slope * share4), lost * ((2 * next * next) + (slope * slope * share4)), "V4 of layer 2");
                    Near(solution.K1At(2, (0, 0)), transported, lost * (next + Math.Abs(transported) + Math.Abs(slope * solution.K1At(1, (0, 0)) / k0)), "K1 of layer 2");
                }
            }

            worst0 = Math.Max(worst0, Math.Abs(k0 - mean) / mean);
            worst4 = Math.Max(worst4, Math.Abs(v4 - expected4) / expected4);

            void Near(double found, double exact, double allowed, string what) =>
                Assert.True(Math.Abs(found - exact) <= allowed, $"{where}: {what} = {found:R}, should be {exact:R} +- {allowed:E1}");
        }

        output.WriteLine($"{closure} {family}: {solved} of {Cases}; errors K0 {worst0:E1}, V4 {worst4:E1}, K1 {worst1:E1}");
        // Few functions have all the modes that a list needs: none of eight may.
        Assert.True(solved >= (closure == "sigma-kernel" ? Cases - 8 : Cases) / 8, $"{solved} of {Cases} were solved with a proof");
        foreach (string refusal in refusals.Take(3)) output.WriteLine("   " + refusal);
    }

    // E[sigma(x) sigma(y)] and, for g-only, V4_00,11 = 2 K0_01^2 + (K M')_0 (K M')_1 2 rho^2.
    [Theory]
    [InlineData("g-only", "sin({0}*x)")]
    [InlineData("g-only", "cos({0}*x)")]
    [InlineData("g-only", "erf({0}*x)")]
    [InlineData("hermite(8)", "sin({0}*x)")]
    [InlineData("hermite(8)", "cos({0}*x)")]
    [InlineData("hermite(8)", "erf({0}*x)")]
    public void Two_inputs_agree_with_exact_numbers_or_are_refused(string closure, string family)
    {
        var random = new Random(family.Length + closure.Length);
        int solved = 0;
        for (int trial = 0; trial < Cases; trial++)
        {
            (double variance, double scale, string activation) = Draw(family, random);
            double second = variance * (0.5 + random.NextDouble()), rho = (1.9 * random.NextDouble()) - 0.95, both = rho * Math.Sqrt(variance * second);
            TheorySolution solution;
            try
            {
                solution = new Network { Activation = activation, Skip = 0, Step = 1, WeightVariance = 1, Depth = 1, Kernel = new[,] { { variance, both }, { both, second } } }.Solve(closure);
            }
            catch (Exception failure) when (ComputationFailure.Is(failure) || failure is NotSupportedException)
            {
                continue;
            }

            solved++;
            double a = scale * scale * variance, b = scale * scale * second, c = scale * scale * both;
            double expected = family switch
            {
                "sin({0}*x)" => 0.5 * (Math.Exp(c - (0.5 * (a + b))) - Math.Exp(-c - (0.5 * (a + b)))),
                "cos({0}*x)" => 0.5 * (Math.Exp(c - (0.5 * (a + b))) + Math.Exp(-c - (0.5 * (a + b)))),
                _ => 2 / Math.PI * Math.Asin(2 * c / Math.Sqrt((1 + (2 * a)) * (1 + (2 * b)))),
            };
            double size = Math.Sqrt(solution.K0At(1, (0, 0)) * solution.K0At(1, (1, 1)));
            Assert.True(Math.Abs(solution.K0At(1, (0, 1)) - expected) <= 1e-10 * size, $"{closure}, {activation} at K = {variance:R}, {both:R}, {second:R}: K0_01 = {solution.K0At(1, (0, 1)):R}, should be {expected:R}");
            if (closure != "g-only") continue;
            double transported = 2 * rho * rho * Derivatives(family, Expression.Zero, a, variance).Slope * Derivatives(family, Expression.Zero, b, second).Slope;
            double v4 = solution.V4At(1, (0, 0), (1, 1)), exact = (2 * expected * expected) + transported;
            Assert.True(Math.Abs(v4 - exact) <= 1e-6 * ((2 * size * size) + Math.Abs(transported)), $"{activation} at K = {variance:R}, {both:R}, {second:R}: V4_00,11 = {v4:R}, should be {exact:R}");
        }

        output.WriteLine($"{closure} {family}: {solved} of {Cases}");
        Assert.True(solved >= 0.5 * Cases, $"{solved} of {Cases} were solved");
    }

    [Fact]
    public void Simulated_networks_agree_with_the_exact_mean_kernel()
    {
        var random = new Random(8);
        var squares = new List<double>();
        foreach (string family in Scans().Select(scan => (string)scan[1]).Distinct())
        {
            for (int trial = 0; trial < Math.Max(1, Cases / 4); trial++)
            {
                (double variance, _, string activation) = Draw(family, random);
                var network = new Network { Activation = activation, Skip = 0, Step = 1, WeightVariance = 1, Depth = 1, Kernel = new[,] { { variance } } };
                try
                {
                    // E G = E sigma(x)^2 at every width.
                    double z = network.Simulate(width: 64, samples: 2000, controlVariate: false).GAt(1, (0, 0)).ZScore(Expectation(GaussianExpectation.Parse(activation).Pow(2), variance).Value);
                    Assert.True(Math.Abs(z) < 6, $"{activation} at K = {variance:R}: {z:F1} standard errors");
                    squares.Add(Math.Min(z * z, 9));
                }
                catch (Exception failure) when (ComputationFailure.Is(failure))
                {
                    // K0, around which a simulation expands, is refused.
                }
            }
        }

        Assert.True(squares.Count >= 7, $"{squares.Count} simulations");
        output.WriteLine($"{squares.Count} simulations, mean square of z {squares.Average():F2}");
        Assert.InRange(squares.Average(), 0, 1 + (6 / Math.Sqrt(squares.Count)));
    }

    private static (double Variance, double Scale, string Activation) Draw(string family, Random random)
    {
        double variance = Math.Pow(10, (12 * random.NextDouble()) - 6);

        // From a thousandth of a standard deviation to a thousand: up to 300 oscillations in one.
        decimal scale = decimal.Parse((Math.Pow(10, (5.5 * random.NextDouble()) - 3) / Math.Sqrt(variance)).ToString("E3", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        return (variance, (double)scale, string.Format(CultureInfo.InvariantCulture, family, scale));
    }

    // K M' and K^2 M''; v = scale^2 K.
    private static (double Slope, double Curvature) Derivatives(string family, Expression square, double v, double variance)
    {
        double u = 2 * v, e = Math.Exp(-u), fourth = Math.Exp(-4 * u);
        switch (family)
        {
            case "sin({0}*x)":
                return (0.5 * u * e, -0.5 * u * u * e);
            case "cos({0}*x)":
                return (-0.5 * u * e, 0.5 * u * u * e);
            case "x+sin({0}*x)^2/{0}":
                return (variance * (1 + e - fourth), variance * ((-u * e) + (4 * u * fourth)));
            case "erf({0}*x)":
                double root = Math.Sqrt(1 + (2 * u)), first = 2 / Math.PI / ((1 + u) * root);
                return (u * first, -u * u * first * ((1 / (1 + u)) + (1 / (root * root))));
            default:
                // By Price's theorem, M' = E[(sigma^2)'']/2, or by parts, K M' = E[sigma^2 He_2]/2 and K^2 M'' = E[sigma^2 He_4]/4: whichever is known better.
                Expression second = Twice(square);
                return (Better(Times(0.5 * variance, Expectation(second, variance)), Times(Math.Sqrt(2) / 2, Mode(square, 2, variance))),
                    Better(Times(0.25 * variance * variance, Expectation(Twice(second), variance)), Times(Math.Sqrt(24) / 4, Mode(square, 4, variance))));
        }

        static Expression Twice(Expression f) => f.Differentiate(ClosedForm.Variables[0]).Differentiate(ClosedForm.Variables[0]);

        static (double Value, double Error) Times(double factor, (double Value, double Error) of) => (factor * of.Value, factor * of.Error);

        static double Better((double Value, double Error) one, (double Value, double Error) other) => one.Error <= other.Error ? one.Value : other.Value;
    }

    private static (double Value, double Error) Mode(Expression f, int order, double variance)
    {
        Expression z = ClosedForm.Variables[0] * Number.Of(Rational.Exactly(1 / Math.Sqrt(variance)));
        Expression before = Expression.One, polynomial = z;
        double scale = 1;
        for (int q = 2; q <= order; q++) (before, polynomial, scale) = (polynomial, (z * polynomial) - ((q - 1) * before), scale / Math.Sqrt(q));
        (double value, double error) = Expectation(f * polynomial, variance);
        return (value * scale, error * scale);
    }

    private static (double Value, double Error) Expectation(Expression f, double variance)
    {
        if (f.IsZero) return (0, 0);
        LineSample found = ProvenLine.Of(f, ClosedForm.Variables[0], Symbolic.Enclosures.Interval.At(variance)).Integrate(out string reason) ?? throw new InvalidOperationException(reason);
        return (found.Value, found.Error);
    }
}

using System.Globalization;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Tests.Expectations.Proofs;

// A proved bound is never below the error: 50-digit values of random expressions (proven_expectations.py), exact values over scans of frequency,
// gain and variance, and the cases in which grids agreed on a wrong number.
public class ProvenExpectationTests
{
    // Set to the number of cases of each scan; the default keeps the tests short.
    private const string LongScan = "SYMEFT_SCAN";

    [Fact]
    public void Gauss_Legendre_nodes_and_weights_hold_their_40_digit_values()
    {
        (string Node, string Weight)[] known =
        [
            ("0.9931285991850949247861223884713202782226", "0.01761400713915211831186196235185281636214"),
            ("0.9639719272779137912676661311972772219121", "0.04060142980038694133103995227493210987909"),
            ("0.9122344282513259058677524412032981130492", "0.0626720483341090635695065351870416063516"),
            ("0.8391169718222188233945290617015206853296", "0.08327674157670474872475814322204620610018"),
            ("0.7463319064601507926143050703556415903107", "0.1019301198172404350367501354803498761667"),
            ("0.6360536807265150254528366962262859367434", "0.118194531961518417312377377711382287005"),
            ("0.5108670019508270980043640509552509984255", "0.1316886384491766268984944997481631349161"),
            ("0.3737060887154195606725481770249272373957", "0.1420961093183820513292983250671649330345"),
            ("0.2277858511416450780804961953685746247431", "0.1491729864726037467878287370019694366927"),
            ("0.0765265211334973337546404093988382110048", "0.1527533871307258506980843319550975934919"),
        ];
        for (int n = 0; n < 10; n++)
        {
            Rational node = Rational.Parse(known[n].Node), weight = Rational.Parse(known[n].Weight);
            Holds(EllipseRule.Nodes[19 - n], node);
            Holds(EllipseRule.Nodes[n], -node);
            Holds(EllipseRule.Weights[n], weight);
            Holds(EllipseRule.Weights[19 - n], weight);
        }

        static void Holds(Interval interval, Rational value) => Assert.True(Rational.Exactly(interval.Low) < value && value < Rational.Exactly(interval.High));
    }

    [Fact]
    public void Random_expressions_lie_within_their_bounds_which_are_not_much_wider_than_the_errors()
    {
        var ratios = new List<double>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Expectations", "Proofs", "proven_expectations.txt")))
        {
            string[] parts = line.Split('|');
            double variance = double.Parse(parts[1], CultureInfo.InvariantCulture);
            Expression integrand = GaussianExpectation.Parse(parts[0]);
            ApproximateValue found = ProvenExpectation.Of(integrand, [.. ClosedForm.Variables.Take(1)], new[,] { { variance } });

            // K is the double nearest to the decimal number; what that does to the value is below 2e-16 K |dE/dK|, and is allowed for.
            double error = Rational.Abs(Rational.Exactly(found.Value) - Rational.Parse(parts[2])).ToDouble();
            Assert.True(error <= found.ErrorBound + (2e-16 * Math.Abs(found.Value)), $"{parts[0]} at K = {parts[1]}: {found} is off by {error:E2}");
            ratios.Add(found.ErrorBound / Math.Max(error, 1e-17 * Math.Abs(found.Value)));
        }

        ratios.Sort();
        Assert.True(ratios.Count >= 1000, $"{ratios.Count} expressions");
        Assert.InRange(ratios[ratios.Count / 2], 0, 100);
    }

    public static TheoryData<string, Func<double, double, double>> Families() => new()
    {
        { "sin({0}*x)^2", (w, k) => -0.5 * SpecialFunctions.ExpMinusOne(-2 * w * w * k) },
        { "cos({0}*x)", (w, k) => Math.Exp(-0.5 * w * w * k) },
        { "x+sin({0}*x)^2/{0}", (w, k) => -0.5 * SpecialFunctions.ExpMinusOne(-2 * w * w * k) / w },
        { "erf({0}*x)^2", (g, k) => 2 / Math.PI * Math.Atan2(2 * g * g * k, Math.Sqrt(1 + (4 * g * g * k))) },
        { "tanh({0}*x)*x^2", (_, _) => 0 },
        { "1/(1+({0}*x)^2)", (g, k) => Math.Sqrt(Math.PI / 2 / (g * g * k)) * SpecialFunctions.ScaledErfc(1 / (g * Math.Sqrt(2 * k))) },
        { "step(x-{0})", (g, k) => 0.5 * SpecialFunctions.Erfc(g / Math.Sqrt(2 * k)) },
        { "relu(x-{0})", (g, k) => (Math.Sqrt(k / (2 * Math.PI)) * Math.Exp(-g * g / (2 * k))) - (0.5 * g * SpecialFunctions.Erfc(g / Math.Sqrt(2 * k))) },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void No_value_of_a_scan_is_outside_its_bound(string family, Func<double, double, double> exact)
    {
        int cases = int.Parse(Environment.GetEnvironmentVariable(LongScan) ?? "250", CultureInfo.InvariantCulture);
        var random = new Random(family.Length);
        int proved = 0;
        for (int trial = 0; trial < cases; trial++)
        {
            double variance = Math.Pow(10, (12 * random.NextDouble()) - 6);

            // Up to 300 oscillations, or a feature of a 10^4th, in a standard deviation.
            double scale = Math.Pow(10, (6 * random.NextDouble()) - 3.5) / Math.Sqrt(variance);
            if (family.StartsWith("step", StringComparison.Ordinal) || family.StartsWith("relu", StringComparison.Ordinal)) scale = 1.5 * random.NextDouble() * Math.Sqrt(variance);
            scale = double.Parse(scale.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            Expression integrand = GaussianExpectation.Parse(string.Format(CultureInfo.InvariantCulture, family, scale.ToString("F12", CultureInfo.InvariantCulture).TrimEnd('0') + "0"));
            scale = double.Parse(scale.ToString("F12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (scale == 0) continue;
            if (ProvenLine.Of(integrand, ClosedForm.Variables[0], Interval.At(variance)).Integrate(out _) is not { } found) continue;
            proved++;
            double expected = exact(scale, variance);

            // The expected value is in double precision itself: exponents of e round relative to themselves.
            double rounding = 4e-15 * Math.Abs(expected) * (1 + Math.Min(700, scale * scale * variance));
            Assert.True(Math.Abs(found.Value - expected) <= found.Error + rounding, $"{family} with {scale:R} at K = {variance:R}: {found.Value:R} +- {found.Error:E2}, should be {expected:R}");
        }

        Assert.True(proved >= 0.95 * cases, $"{proved} of {cases} were proved");
    }

    [Theory]
    [InlineData("step(cos(x)-0.7321)", 1, 0.5463818639726)]
    [InlineData("step(tanh(x)-0.34551)", 1, 0.35929792248725)]
    [InlineData("step(exp(x)-1.83)", 1, 0.27281679640861)]
    [InlineData("log(1+exp(20*x))+exp(-1e8*(x+2.106792)^2)", 1, 8.01157125592)]
    public void Numbers_on_which_grids_agreed_wrongly(string text, double variance, double expected)
    {
        ExpectationResult found = GaussianExpectation.Evaluate(text, variance);
        Assert.True(found.IsProved);
        Assert.Equal(expected, found.Value, 2e-12 * expected);
        Assert.InRange(found.ErrorBound, 0, 1e-13);
    }

    [Theory]
    // Thresholds of a jump, against the normal distribution at the threshold: 2 Phi(arccos c) - 1 plus its repetitions, 1 - Phi(artanh c), 1 - Phi(ln c).
    [InlineData("step(tanh(x)-({0}))", -0.99, 0.99)]
    [InlineData("step(exp(x)-({0}))", 0.05, 8.0)]
    [InlineData("step(cos(x)-({0}))", -0.99, 0.99)]
    public void Every_threshold_of_a_jump_is_right(string family, double lowest, double highest)
    {
        var random = new Random(5);
        for (int trial = 0; trial < 300; trial++)
        {
            string text = (lowest + ((highest - lowest) * random.NextDouble())).ToString("F5", CultureInfo.InvariantCulture);
            double threshold = double.Parse(text, CultureInfo.InvariantCulture);
            ApproximateValue found = ProvenExpectation.Of(GaussianExpectation.Parse(string.Format(CultureInfo.InvariantCulture, family, text)), [ClosedForm.Variables[0]], new[,] { { 1.0 } });
            double expected = family.Contains("tanh", StringComparison.Ordinal) ? Above(Math.Atanh(threshold)) : family.Contains("exp", StringComparison.Ordinal) ? Above(Math.Log(threshold)) : Cosine(threshold);
            Assert.Equal(expected, found.Value, found.ErrorBound + 2e-15);
        }

        static double Above(double at) => 0.5 * SpecialFunctions.Erfc(at / Math.Sqrt(2));

        static double Cosine(double threshold)
        {
            double angle = Math.Acos(threshold), sum = 0;
            for (int turn = -3; turn <= 3; turn++) sum += Above((2 * Math.PI * turn) - angle) - Above((2 * Math.PI * turn) + angle);
            return sum;
        }
    }

    [Fact]
    public void An_estimate_says_that_it_is_one()
    {
        Expression integrand = GaussianExpectation.Parse("tanh(x)^2");
        ExpectationResult proved = GaussianExpectation.Evaluate(integrand, new[,] { { 4.37 } }), estimated = GaussianExpectation.Evaluate(integrand, new[,] { { 4.37 } }, estimated: true);
        Assert.True(proved.IsProved);
        Assert.False(estimated.IsProved);
        Assert.Equal(proved.Value, estimated.Value, proved.ErrorBound + estimated.ErrorBound);
    }

    [Fact]
    public void Three_and_four_variables_are_proved_where_no_more_than_two_depend_on_each_other()
    {
        double[,] kernel = { { 1, 0, 0, 0 }, { 0, 1, 0.5, 0 }, { 0, 0.5, 1, 0 }, { 0, 0, 0, 2 } };
        Expression product = GaussianExpectation.Parse("3*cosh(x)*tanh(y)*tanh(z)*abs(w) + silu(w)");
        ExpectationResult proved = GaussianExpectation.Evaluate(product, kernel), estimated = GaussianExpectation.Evaluate(product, kernel, estimated: true);
        Assert.True(proved.IsProved);
        Assert.False(estimated.IsProved);
        Assert.Equal(proved.Value, estimated.Value, proved.ErrorBound + estimated.ErrorBound);

        // E cosh x = e^(1/2), E|w| = 2/sqrt(pi).
        double pair = GaussianExpectation.Evaluate("tanh(x)*tanh(y)", new[,] { { 1, 0.5 }, { 0.5, 1 } }).Value;
        Assert.Equal((3 * Math.Exp(0.5) * 2 / Math.Sqrt(Math.PI) * pair) + GaussianExpectation.Evaluate("silu(x)", 2).Value, proved.Value, 1e-14);
        kernel[0, 1] = kernel[1, 0] = 0.1;
        string message = Assert.Throws<QuadratureException>(() => GaussianExpectation.Evaluate(product, kernel)).Message;
        Assert.Contains("3 variables depend on each other, and proofs reach two. --quadrature estimated computes it without proof.", message, StringComparison.Ordinal);
    }

    [Theory]
    // A form of several variables has a variance that is a rational number of the kernel's, taken exactly.
    [InlineData("tanh(x-y)^2", 0.9999999999999)]
    [InlineData("cos(x-y)", 0.9999999999999)]
    [InlineData("relu(x-y)", 0.9999999999999)]
    public void One_form_of_similar_inputs_keeps_its_digits(string text, double correlation)
    {
        double variance = (2 * (Rational.One - Rational.Exactly(correlation))).ToDouble();
        ExpectationResult found = GaussianExpectation.Evaluate(text, new[,] { { 1, correlation }, { correlation, 1 } });
        Assert.True(found.IsProved);
        double expected = text[0] switch { 't' => variance - (2 * variance * variance), 'c' => Math.Exp(-variance / 2), _ => Math.Sqrt(variance / (2 * Math.PI)) };
        Assert.Equal(expected, found.Value, found.ErrorBound + (4e-16 * expected));
        Assert.InRange(found.ErrorBound, 0, 1e-12 * expected);
        Assert.Throws<InvalidKernelException>(() => GaussianExpectation.Evaluate("tanh(x-y)^2", new double[,] { { 1, 2 }, { 2, 1 } }));
    }

    [Theory]
    [InlineData("ln(abs(x-1))*tanh(x)", "is not proved: it has no bound")]
    [InlineData("tanh(x)/logistic(x)", "is not proved: how fast it grows is not known")]
    public void What_is_not_proved_is_refused_by_name(string text, string reason)
    {
        string message = Assert.Throws<QuadratureException>(() => GaussianExpectation.Evaluate(text, 4.37)).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.EndsWith("--quadrature estimated computes it without proof.", message, StringComparison.Ordinal);
    }
}

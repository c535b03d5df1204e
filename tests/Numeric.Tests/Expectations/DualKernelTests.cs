using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Every activation of which neural-tangents has a dual kernel in closed form, on random kernels and at their edges.</summary>
public class DualKernelTests
{
    private static readonly Symbol X = ClosedForm.Variables[0], Y = ClosedForm.Variables[1];

    // Erf, Sigmoid_like, Gelu, Sin, Cos, Rbf, Relu, LeakyRelu, ABRelu, Abs, Sign, Exp, Gaussian, ExpNormalized, Hermite,
    // Monomial, RectifiedMonomial, Polynomial; where theirs have parameters, several; and those of the issue besides.
    public static TheoryData<string> Activations =>
    [
        "3*erf(2*x) - 1/2", "erf", "sigmoidlike", "gelu",
        "sin", "2*sin(3*x/4 + 1/5)", "cos", "cos(x/2 - 1)", "rbf(1)", "rbf(1/3)",
        "relu", "leakyrelu(0.1)", "abrelu(1,2)", "abs", "sign", "step",
        "exp", "2*exp(x/3)", "gaussian", "3*exp(-x^2/4)", "exp(x/4 - x^2/5)",
        "hermite(1)", "hermite(3)", "hermite(6)", "monomial(2)", "monomial(5)",
        "rectifiedmonomial(0)", "rectifiedmonomial(1)", "rectifiedmonomial(2)", "rectifiedmonomial(4)",
        "1 - 2*x + x^2/2 + x^3/3", "identity", "phi",
    ];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Closed_form_and_quadrature_agree_on_random_kernels(string text)
    {
        Expression pair = Pair(text);
        var engine = new PairExpectationEngine(Activation.Parse(text).Description, 0);
        var kernels = Gen.Choose(1, 2000).SelectMany(a => Gen.Choose(1, 2000).SelectMany(c =>
            Gen.Choose(-999, 999).Select(r => (A: a / 500.0, C: c / 500.0, Rho: r / 1000.0))));
        Prop.ForAll(Arb.From(kernels), kernel =>
        {
            double b = kernel.Rho * Math.Sqrt(kernel.A * kernel.C);
            double[,] covariance = { { kernel.A, b }, { b, kernel.C } };
            ExpectationResult found = GaussianExpectation.Evaluate(pair, covariance);
            Agree(pair, covariance, found, engine, $"{text} at {kernel}");
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20260415, 11));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Closed_forms_hold_at_the_edges_of_the_space_of_kernels(string text)
    {
        Expression pair = Pair(text);
        var engine = new PairExpectationEngine(Activation.Parse(text).Description, 0);
        (double A, double B, double C)[] kernels =
        [
            (0.7, 0.7, 0.7),                                    // equal inputs
            (0.7, -0.7, 0.7),                                   // opposite inputs
            (0.7, 1.4, 2.8),                                    // proportional inputs: positive semidefinite only
            (1, 1 - 1e-15, 1), (1, -(1 - 1e-15), 1), (2, 2 * (1 - 1e-12), 2),
            (0, 0, 0), (0.7, 0, 0), (0, 0, 0.7),                // inputs that vanish
            (1e-12, 5e-13, 1e-12),
            (25, 10, 30), (100, 50, 100), (100, -99.999, 100), (100, 100, 100),
        ];
        foreach ((double a, double b, double c) in kernels)
        {
            double[,] kernel = { { a, b }, { b, c } };
            ExpectationResult found = GaussianExpectation.Evaluate(pair, kernel);
            Assert.NotNull(found.ClosedForm);

            // At K = 25 and more the samples of exp, sin and powers cancel, or overflow: there the values of mpmath are the check.
            if (a > 20)
                continue;
            Agree(pair, kernel, found, engine, $"{text} at [[{a:R}, {b:R}], [{b:R}, {c:R}]]");
        }
    }

    [Theory]
    [InlineData("exp(x^2)", 0.5)]
    [InlineData("exp(x^2)", 3.0)]
    [InlineData("x^2*exp(x^2 - x)", 0.5)]
    public void A_divergent_expectation_is_refused_by_name(string text, double variance)
    {
        var problem = Assert.Throws<DivergentExpectationException>(() => GaussianExpectation.Evaluate(ExpressionParser.Parse(text, "x"), new[,] { { variance } }));
        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
        Assert.Contains(ExpressionParser.Parse(text, "x").ToString(), problem.Message, StringComparison.Ordinal);
    }

    // Only where its terms cancel by more than a factor 1e4 may a closed form give way to samples that know more.
    private static void Agree(Expression pair, double[,] kernel, ExpectationResult found, PairExpectationEngine engine, string what)
    {
        ApproximateValue integral = Integral(engine, kernel[0, 0], kernel[0, 1], kernel[1, 1]);
        double size = Math.Sqrt(Integral(engine, kernel[0, 0], kernel[0, 0], kernel[0, 0]).Value * Integral(engine, kernel[1, 1], kernel[1, 1], kernel[1, 1]).Value);
        double value = ClosedForm.TryFind(pair)!.Evaluate(kernel, out double rounding);
        double distance = Math.Abs(value - integral.Value);
        Assert.True(distance <= rounding + integral.ErrorBound, $"{what}: {value:R} +- {rounding:E1}, by quadrature {integral}");
        Assert.True(distance <= 1e-12 * Math.Max(size, Math.Abs(value)), $"{what}: off by {distance:E1}");
        Assert.True(rounding <= 1e-12 * Math.Max(size, Math.Abs(value)), $"{what}: said to be off by {rounding:E1}");
        Assert.True(Math.Abs(found.Value - integral.Value) <= found.ErrorBound + integral.ErrorBound, $"{what}: {found}");
        Assert.True(found.IsClosedForm || rounding > 1e-12 * Math.Abs(value), $"{what}: {found}, although the closed form is {value:R} +- {rounding:E1}");
    }

    private static Expression Pair(string text)
    {
        Expression f = ActivationParser.Parse(text).Expression;
        return f * f.Substitute(X, Y);
    }

    private static ApproximateValue Integral(PairExpectationEngine engine, double a, double b, double c)
    {
        var values = new double[1];
        engine.Evaluate(a, b, c, values, out double bound);
        return new(values[0], bound + (4e-16 * Math.Abs(values[0])));
    }
}

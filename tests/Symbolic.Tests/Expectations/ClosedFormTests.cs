using System.Globalization;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Expectations;

public class ClosedFormTests
{
    private static readonly Symbol X = Symbol.Of("x"), Y = Symbol.Of("y");

    // Every activation for which neural-tangents has a dual kernel, and those of the issue besides.
    public static TheoryData<string, string> Activations => new()
    {
        { "identity", "" }, { "relu", "0" }, { "leakyrelu(0.1)", "0" }, { "abrelu(1,2)", "0" }, { "abs", "0" }, { "step", "0" }, { "sign", "0" },
        { "erf", "" }, { "phi", "" }, { "gelu", "" }, { "sigmoidlike", "" }, { "sin", "" }, { "cos", "" }, { "2*sin(3*x/2 + 1/2)", "" },
        { "exp(x/2)", "" }, { "gaussian", "" }, { "3*exp(-x^2/4)", "" }, { "rbf(1)", "" }, { "monomial(3)", "" }, { "rectifiedmonomial(0)", "0" },
        { "rectifiedmonomial(2)", "0" }, { "rectifiedmonomial(5)", "0" }, { "hermite(4)", "" }, { "1 - 2*x + x^3/3", "" },
        { "x*exp(-x^2/2)*sin(x)", "" }, { "x^2*erf(x)", "" }, { "x*(1+erf(x/sqrt(2)))/2", "" }, { "cosh(x/2) - x", "" },
        { "abs(x)^3 - relu(x)", "0" }, { "x*cos(x)^2", "" }, { "erf(x)*exp(-x^2/2)", "" }, { "relu(x)*exp(-x^2/3)", "0" },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void Pairs_and_their_derivatives_agree_with_integration_on_random_kernels(string text, string kink)
    {
        Expression f = ActivationParser.Parse(text).Expression, g = f.Substitute(X, Y);
        double[] kinks = kink == "" ? [] : [double.Parse(kink, CultureInfo.InvariantCulture)];
        var random = new Random(4742); // kernels only; the same in every run
        ClosedFormExpectation pair = ClosedForm.TryFind(f * g)!, single = ClosedForm.TryFind(f)!, square = ClosedForm.TryFind(f.Pow(2))!;
        Func<double, double, double> pairs = ScalarCompiler.Compile(f * g, X, Y);
        Func<double, double> function = ScalarCompiler.Compile(f, X);
        Assert.NotNull(pair);
        for (int sample = 0; sample < 2; sample++)
        {
            double a = 0.3 + (1.6 * random.NextDouble()), c = 0.3 + (1.6 * random.NextDouble());
            double b = Math.Sqrt(a * c) * ((1.8 * random.NextDouble()) - 0.9);
            Near(PlainIntegration.Two(pairs, a, b, c, kinks), pair, [[a, b], [b, c]]);
            Near(PlainIntegration.One(function, a, kinks), single, [[a]]);
            Near(PlainIntegration.One(x => function(x) * function(x), a, kinks), square, [[a]]);

            // Price's theorem against symbolic differentiation of the closed form, and against differences of it.
            foreach ((int first, int second) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (1, 1)])
            {
                double priced = ClosedForm.TryFindDerivative(f * g, [X, Y], ClosedForm.KernelEntry, first, second)!.Evaluate(new[,] { { a, b }, { b, c } });
                double symbolic = pair.Value.Differentiate(ClosedForm.KernelEntry(first, second)).Evaluate(Entries(a, b, c));
                Assert.Equal(symbolic, priced, 1e-11 * (1 + Math.Abs(symbolic)));
                Func<double, double> along = h => pair.Value.Evaluate(Entries(a + (first + second == 0 ? h : 0), b + (first != second ? h : 0), c + (first + second == 2 ? h : 0)));
                double h = 1e-3 * Math.Min(a, c), difference = ((8 * (along(h) - along(-h))) - (along(2 * h) - along(-2 * h))) / (12 * h);
                Assert.Equal(difference, priced, 1e-6 * (1 + Math.Abs(priced)));
            }
        }
    }

    [Theory]
    [InlineData("relu(x)*relu(y)", "Kxy*arcsin(Kxy/sqrt(Kxx*Kyy))/(2*pi) + sqrt(Kxx*Kyy - Kxy^2)/(2*pi) + Kxy/4")]
    [InlineData("erf(x)*erf(y)", "2*arcsin(2*Kxy/sqrt((2*Kxx + 1)*(2*Kyy + 1)))/pi")]
    [InlineData("sign(x)*sign(y)", "2*arcsin(Kxy/sqrt(Kxx*Kyy))/pi")]
    [InlineData("step(x)*step(y)", "arcsin(Kxy/sqrt(Kxx*Kyy))/(2*pi) + 1/4")]
    [InlineData("sin(x)*sin(y)", "exp(-Kxx/2 - Kyy/2)*sinh(Kxy)")]
    [InlineData("cos(x)*cos(y)", "cosh(Kxy)*exp(-Kxx/2 - Kyy/2)")]
    [InlineData("exp(x)*exp(y)", "exp(Kxx/2 + Kxy + Kyy/2)")]
    [InlineData("exp(-x^2)*exp(-y^2)", "1/sqrt(2*Kxx + 4*Kxx*Kyy - 4*Kxy^2 + 2*Kyy + 1)")]
    [InlineData("x*(1+erf(x/sqrt(2)))/2", "sqrt(2)*Kxx/(2*sqrt(pi)*sqrt(Kxx + 1))")]
    [InlineData("relu(x)^2", "Kxx/2")]
    [InlineData("x^2*y^2", "Kxx*Kyy + 2*Kxy^2")]
    [InlineData("x*y*z*w", "Kwx*Kyz")]
    [InlineData("delta(x)*delta(y)", "1/(2*pi*sqrt(Kxx*Kyy - Kxy^2))")]
    [InlineData("relu(x)*delta(x)", "0")]
    [InlineData("step(x)*delta(x)", "sqrt(2)/(4*sqrt(pi)*sqrt(Kxx))")]
    [InlineData("x*delta_1(x)", "-sqrt(2)/(2*sqrt(pi)*sqrt(Kxx))")]
    [InlineData("step(x)*step(y)*step(z)", "")]
    public void Textbook_formulas_are_found(string integrand, string formula)
    {
        ClosedFormExpectation found = ClosedForm.TryFind(ExpressionParser.Parse(integrand, "x", "y", "z", "w"))!;
        switch (integrand)
        {
            case "x*y*z*w":
                Expression K(int i, int j) => ClosedForm.KernelEntry(i, j);
                Assert.Same((K(0, 1) * K(2, 3)) + (K(0, 2) * K(1, 3)) + (K(0, 3) * K(1, 2)), found.Value);
                break;
            case "step(x)*step(y)*step(z)":
                Assert.Equal(1.0 / 4, found.Evaluate(new[,] { { 1, 0.5, 0.5 }, { 0.5, 1, 0.5 }, { 0.5, 0.5, 1 } }), 1e-15); // 1/(m+1) at correlation 1/2
                break;
            default:
                Assert.Equal(formula, found.ToString());
                break;
        }
    }

    [Theory]
    [InlineData("tanh(x)")]
    [InlineData("1/(1+x^2)")]
    [InlineData("relu(x)*sin(y)")]
    [InlineData("relu(x-1)*relu(y)")]
    [InlineData("exp(x^3)")]
    [InlineData("delta(x)^2")]
    [InlineData("Phi(x)^2*Phi(y)^2")]
    [InlineData("sin(x^2)")]
    public void Where_there_is_no_closed_form_none_is_given(string integrand) =>
        Assert.Null(ClosedForm.TryFind(ExpressionParser.Parse(integrand, "x", "y")));

    [Fact]
    public void A_divergent_expectation_is_refused_by_name()
    {
        ClosedFormExpectation square = ClosedForm.TryFind(ExpressionParser.Parse("exp(x^2)", "x"))!;
        Assert.Equal(1 / Math.Sqrt(0.2), square.Evaluate(new[,] { { 0.4 } }), 1e-14);
        Assert.Contains("exp(x^2)", Assert.Throws<DivergentExpectationException>(() => square.Evaluate(new[,] { { 0.5 } })).Message);
        Assert.Contains("1 - 2*Kxx must be positive", Assert.Throws<DivergentExpectationException>(() => square.Evaluate(new[,] { { 3.0 } })).Message);
        // Each of the two alone exists; together they do not.
        ClosedFormExpectation product = ClosedForm.TryFind(ExpressionParser.Parse("exp(x^2/4)*exp(y^2/4)", "x", "y"))!;
        Assert.True(product.Evaluate(new[,] { { 1.1, 0 }, { 0, 1.1 } }) > 1);
        Assert.Throws<DivergentExpectationException>(() => product.Evaluate(new[,] { { 1.1, 1.05 }, { 1.05, 1.1 } }));
        Assert.Throws<ArgumentException>(() => product.Evaluate(new[,] { { 1, 1.1 }, { 1.1, 1 } }));
    }

    [Fact]
    public void The_issue_s_powers_of_steps_at_a_delta_follow_the_chain_rule()
    {
        // (sign^3)' = 3 sign^2 sign', and sign^3 = sign: so E[sign^2 delta] is a third of E[delta].
        double delta = ClosedForm.TryFind(ExpressionParser.Parse("delta(x)", "x"))!.Evaluate(new[,] { { 2.0 } });
        Assert.Equal(delta / 3, ClosedForm.TryFind(ExpressionParser.Parse("sign(x)^2*delta(x)", "x"))!.Evaluate(new[,] { { 2.0 } }), 1e-15);
        Assert.Equal(1 / Math.Sqrt(4 * Math.PI), delta, 1e-15);
    }

    private static Dictionary<Expression, double> Entries(double a, double b, double c) =>
        new() { [ClosedForm.KernelEntry(0, 0)] = a, [ClosedForm.KernelEntry(0, 1)] = b, [ClosedForm.KernelEntry(1, 1)] = c };

    private static void Near(double integral, ClosedFormExpectation closed, double[][] rows)
    {
        var kernel = new double[rows.Length, rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
                kernel[i, j] = rows[i][j];
        }

        double value = closed.Evaluate(kernel, out double rounding);
        Assert.True(Math.Abs(value - integral) <= 1e-12 * (1 + Math.Abs(integral)), $"E[{closed.Integrand}]: {value:R}, by integration {integral:R}");
        Assert.True(rounding < 1e-11 * (1 + Math.Abs(value)), $"E[{closed.Integrand}] is said to be off by {rounding}");
    }
}

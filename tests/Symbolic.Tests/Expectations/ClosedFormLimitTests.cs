using System.Globalization;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Expectations;

/// <summary>The edges of the space of kernels.</summary>
public class ClosedFormLimitTests
{
    public static TheoryData<string, double, double, double, double> References()
    {
        var rows = new TheoryData<string, double, double, double, double>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference", "special_functions.txt")))
        {
            if (line.Split('|') is [var name, var a, var b, var c, var value])
                rows.Add(name, Read(a), Read(b), Read(c), Read(value));
        }

        return rows;

        static double Read(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Values_agree_with_those_of_mpmath(string pair, double a, double b, double c, double expected)
    {
        string name = pair.Split('*')[0];
        Expression f = ActivationParser.Parse(name).Expression;
        ClosedFormExpectation closed = ClosedForm.TryFind(f * f.Substitute(Symbol.Of("x"), Symbol.Of("y")))!;
        double value = closed.Evaluate(new[,] { { a, b }, { b, c } }, out double rounding);
        Assert.True(Math.Abs(value - expected) <= rounding, $"{pair}: {value:R} +- {rounding:E1}, should be {expected:R}");
        Assert.True(rounding <= 1e-13 * Math.Max(Math.Abs(expected), Math.Sqrt(a * c) * 0.1), $"{rounding}");
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("gelu")]
    [InlineData("erf")]
    [InlineData("sign")]
    [InlineData("step")]
    [InlineData("abs")]
    [InlineData("rectifiedmonomial(2)")]
    [InlineData("sin")]
    [InlineData("hermite(3)")]
    [InlineData("gaussian")]
    [InlineData("exp")]
    public void Equal_and_opposite_inputs_and_no_input_at_all_are_limits(string name)
    {
        Symbol x = Symbol.Of("x"), y = Symbol.Of("y");
        Expression f = ActivationParser.Parse(name).Expression;
        ClosedFormExpectation pair = ClosedForm.TryFind(f * f.Substitute(x, y))!;
        double square = ClosedForm.TryFind(f.Pow(2))!.Evaluate(new[,] { { 0.7 } });
        double mirrored = ClosedForm.TryFind(f * f.Substitute(x, -(Expression)x))!.Evaluate(new[,] { { 0.7 } });
        double doubled = ClosedForm.TryFind(f * f.Substitute(x, 2 * (Expression)x))!.Evaluate(new[,] { { 0.7 } });
        double atZero = f.Evaluate(new Dictionary<Expression, double> { [x] = 0 });
        double mean = ClosedForm.TryFind(f)!.Evaluate(new[,] { { 0.7 } });
        Assert.Equal(square, pair.Evaluate(new[,] { { 0.7, 0.7 }, { 0.7, 0.7 } }), 1e-14);
        Assert.Equal(mirrored, pair.Evaluate(new[,] { { 0.7, -0.7 }, { -0.7, 0.7 } }), 1e-14);
        Assert.Equal(doubled, pair.Evaluate(new[,] { { 0.7, 1.4 }, { 1.4, 2.8 } }), 1e-13);
        Assert.Equal(atZero * atZero, pair.Evaluate(new[,] { { 0.0, 0 }, { 0, 0 } }), 1e-15);
        Assert.Equal(atZero * mean, pair.Evaluate(new[,] { { 0.7, 0 }, { 0, 0 } }), 1e-14);
        // The general formula comes to the same limit from the inside, as fast as its square root singularity allows.
        double near = 0.7 * (1 - Math.ScaleB(1, -50));
        Assert.Equal(square, pair.Evaluate(new[,] { { 0.7, near }, { near, 0.7 } }), 1e-7);
    }

    [Fact]
    public void Derivatives_of_relu_and_erf_are_the_arc_cosine_and_arcsine_formulas_up_to_the_edge()
    {
        Symbol x = Symbol.Of("x"), y = Symbol.Of("y");
        foreach (double rho in (double[])[-1, -0.999999, -0.3, 0, 0.8, 1 - Math.ScaleB(1, -48), 1])
        {
            double a = 1.44, c = 0.25, b = rho * 0.6;
            double[,] kernel = { { a, b }, { b, c } };
            double theta = Math.Acos(Math.Clamp(rho, -1, 1)), sine = Math.Sqrt((1 - rho) * (1 + rho));
            Assert.Equal((Math.PI - theta) / (2 * Math.PI), Slope("relu(x)*relu(y)", 0, 1, kernel), 1e-9);
            Assert.Equal(sine * Math.Sqrt(c / a) / (4 * Math.PI), Slope("relu(x)*relu(y)", 0, 0, kernel), 1e-9);
            double determinant = ((1 + (2 * a)) * (1 + (2 * c))) - (4 * b * b);
            Assert.Equal(4 / (Math.PI * Math.Sqrt(determinant)), Slope("erf(x)*erf(y)", 0, 1, kernel), 1e-14);
            Assert.Equal(-4 * b / (Math.PI * (1 + (2 * a)) * Math.Sqrt(determinant)), Slope("erf(x)*erf(y)", 0, 0, kernel), 1e-14);
        }

        double Slope(string integrand, int first, int second, double[,] kernel) =>
            ClosedForm.TryFindDerivative(ExpressionParser.Parse(integrand, "x", "y"), [x, y], ClosedForm.KernelEntry, first, second)!.Evaluate(kernel);
    }

    [Fact]
    public void Large_kernels_neither_overflow_nor_cancel()
    {
        // E[exp(-|x|)] = 2 e^(K/2) Phi(-sqrt K) ~ sqrt(2/(pi K)) (1 - 1/K + 3/K^2 - ...)
        ClosedFormExpectation decay = ClosedForm.TryFind(ExpressionParser.Parse("exp(-abs(x))", "x"))!;
        double k = 1e4, series = Math.Sqrt(2 / (Math.PI * k)) * (1 - (1 / k) + (3 / (k * k)) - (15 / (k * k * k)) + (105 / (k * k * k * k)));
        Assert.Equal(series, decay.Evaluate(new[,] { { k } }), 1e-14 * series);
        // E[sin sin] at K = 1000, correlation near 1: both exponentials leave the range of doubles on their own.
        ClosedFormExpectation waves = ClosedForm.TryFind(ExpressionParser.Parse("sin(x)*sin(y)", "x", "y"))!;
        Assert.Equal(0.5 * Math.Exp(-0.5), waves.Evaluate(new[,] { { 1000, 999.5 }, { 999.5, 1000 } }), 1e-13);
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Tests.Commands;

// Expressions that are long, or of high degree: a value with its bound, or a sentence that says what there is too much of.
public class LongExpectationTests
{
    [Fact]
    public void A_power_of_a_sum_is_a_power_of_one_normal()
    {
        // The variances and covariances add up to 20, so that E = 39!! 20^20.
        BigInteger exact = Enumerable.Range(0, 20).Aggregate(BigInteger.Pow(20, 20), (product, at) => product * ((2 * at) + 1));
        JsonElement answer = Symeft.Json("expect", "(x+y+z+w)^40", "--kernel", "[[3,1,0,1],[1,3,1,0],[0,1,3,1],[1,0,1,3]]");
        double value = answer.GetProperty("value").GetDouble(), bound = answer.GetProperty("errorBound").GetDouble();
        Assert.InRange(Math.Abs(value - (double)exact), 0, bound);
        Assert.InRange(bound, 0, 1e-11 * (double)exact);
    }

    // Mixed scales and signs, equal inputs, and a form that rounding alone keeps from zero.
    [Theory]
    [InlineData("tanh(x+y)^2", "[[1,.5],[.5,1]]", "tanh(x)^2", "3")]
    [InlineData("tanh(3-2*(x-y))^2*(x-y)", "[[2,.5],[.5,1]]", "tanh(3-2*x)^2*x", "2")]
    [InlineData("tanh(x-y)^2", "[[1,1],[1,1]]", "tanh(x)^2", "0")]
    [InlineData("cos(tanh(x+2*y-z))", "[[1,.5,.25],[.5,1,.125],[.25,.125,2]]", "cos(tanh(x))", "8")]
    public void An_integrand_of_one_linear_form_is_that_of_one_variable(string form, string kernel, string one, string variance)
    {
        JsonElement several = Symeft.Json("expect", form, "--kernel", kernel), single = Symeft.Json("expect", one, "--kernel", variance);
        double difference = Math.Abs(several.GetProperty("value").GetDouble() - single.GetProperty("value").GetDouble());
        Assert.InRange(difference, 0, several.GetProperty("errorBound").GetDouble() + single.GetProperty("errorBound").GetDouble());
        Assert.InRange(several.GetProperty("errorBound").GetDouble(), 0, 1e-12);
    }

    [Theory]
    [InlineData(2, "delta_(x)", "there is the unknown function 'delta_'")]
    [InlineData(2, "delta_0(x)", "there is the unknown function 'delta_0'")]
    [InlineData(2, "(x+y+z+w)^20*(x-y)^20*(z-w)^4", "has 185,955 terms when it is multiplied out, and at most 2,000 are integrated one by one; write it with lower powers or in fewer variables.")]
    [InlineData(1, "x^340", "cannot be computed in double precision: the integrand overflows 8 standard deviations from the mean, where it is not yet negligible; scale the integrand or its variances down.")]
    [InlineData(1, "exp(x^4)", "does not exist")]
    [InlineData(1, "exp(abs(x)^3)", "does not exist")]
    public void What_cannot_be_had_is_refused_for_its_reason(int expected, string integrand, string reason)
    {
        (int code, _, string messages) = Symeft.Run("expect", integrand, "--kernel", "[[1,.5,.2,.1],[.5,1,.3,.2],[.2,.3,1,.4],[.1,.2,.4,1]]");
        Assert.Contains(reason, messages, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_sum_of_thousands_of_terms_is_compiled()
    {
        string[] terms = [.. Enumerable.Range(1, 3000).Select(k => $"tanh({k.ToString(CultureInfo.InvariantCulture)}*x/3000)")];
        Expression sum = ExpressionParser.Parse(string.Join('+', terms), "x");
        Symbol x = Symbol.Of("x"), y = Symbol.Of("y");
        double Direct(double at) => Enumerable.Range(1, 3000).Sum(k => Math.Tanh(k * at / 3000));
        Func<double, double> one = ScalarCompiler.Compile(sum, x);
        Func<double, double, double> two = ScalarCompiler.Compile(sum * y, x, y);
        foreach (double at in new[] { -2.5, 0, 0.7 })
        {
            Assert.Equal(Direct(at), one(at), 1e-10);
            Assert.Equal(Direct(at) * 3, two(at, 3), 1e-9);
        }

        (int code, _, string messages) = Symeft.Run("expect", string.Join('+', terms), "--kernel", "1");
        Assert.Contains("different parts, and at most 6,000 are integrated; write it with fewer terms.", messages, StringComparison.Ordinal);
        Assert.Equal(2, code);

        Assert.Contains("different parts, and at most 3,000 are compiled for a simulation; write it with fewer terms.", Assert.Throws<NotSupportedException>(() => new CompiledActivation(sum, x)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "an unknown number of")]
    [InlineData(double.PositiveInfinity, "any number of")]
    [InlineData(1.0, "1.0")]
    [InlineData(12345.0, "12,300")]
    public void A_gain_is_a_number_of_networks(double gain, string text) => Assert.Equal(text, ResultPrinter.Gain(gain));

    [Fact]
    public void A_linear_network_needs_no_plain_networks()
    {
        (int code, string output, string messages) = Symeft.Run("simulate", "--activation", "x", "--kernel", "1", "--depth", "4", "--samples", "64", "--record", "2", "--estimator", "control-variate");
        Assert.True(code == 0, messages);
        Assert.Contains("one network does the work of any number of plain ones for K1_00", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.001, "-0.0")]
    [InlineData(0, "0.0")]
    [InlineData(-0.001, "+0.0")]
    [InlineData(0.26, "-2.6")]
    public void A_score_has_one_sign(double excess, string score)
    {
        var row = new HeadlineRow { Quantity = Quantity.K1, Pair = new(0, 0), Layer = 1, Time = 1, Theory = 1, Simulation = 1 + excess, StandardError = 0.1 };
        var output = new StringWriter();
        HeadlinePrinter.Print(output, new ReportData { SetUp = new(), Headline = [row] });
        Assert.EndsWith(" " + score, output.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("-+", output.ToString(), StringComparison.Ordinal);
    }
}

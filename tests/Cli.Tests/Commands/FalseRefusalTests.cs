using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SymbolicEft.Cli.Tests.Commands;

/// <summary>What was refused for a false reason, or without a word of what would help. Values by mpmath at 40 digits.</summary>
public class FalseRefusalTests
{
    // E2 = (2/pi) arcsin(uK/(1 + uK)), u = 20000: three layers of the g-only map by hand; no grid resolves erf(100 x) at K = 1. The second
    // derivative of E2 is by Price's theorem a sum of products of derivatives 1e8 times as large, and known to eight digits less than they.
    [Fact]
    public void A_step_too_narrow_for_any_grid_is_solved_by_its_closed_form()
    {
        JsonElement json = Symeft.Json("solve", "--activation", "erf(100*x)", "--kernel", "1", "--weight-variance", "2", "--step", ".05", "--depth", "3", "--record", "2");
        Near(1.01490474476045619, json.GetProperty("K0")[1][0], 1e-13);
        Near(2.06025473687089612, json.GetProperty("V4")[1][0][0], 1e-11);
        Near(-0.0000714388654159094527, json.GetProperty("K1")[1][0], 1e-6);
        Near(-0.0047741509709835017235, json.GetProperty("U1")[0][0], 1e-6);
        json = Symeft.Json("solve", "--activation", "erf(100*x)", "--kernel", "[[1,.5],[.5,2]]", "--weight-variance", "2", "--step", ".05", "--depth", "1", "--record", "2");
        Near(0.5 + (0.005 * 0.230044433306809044), json.GetProperty("K0")[1][1], 1e-13);
        Near(-1.80441864284023e-5, json.GetProperty("U1")[0][1], 1e-6);
    }

    // sinh/cosh^2 is infinity by infinity far out, where 1/cosh is 0.
    [Fact]
    public void One_over_cosh_has_derivatives_where_cosh_overflows()
    {
        JsonElement json = Symeft.Json("solve", "--activation", "1/cosh(x)", "--kernel", "400", "--weight-variance", "2", "--step", ".05", "--depth", "1", "--record", "2");
        Near(400 + (0.005 * 0.039853301693759303049), json.GetProperty("K0")[1][0], 1e-14);
        Near(0.029767636549795372645, json.GetProperty("U1")[0][0], 1e-8);
    }

    [Fact]
    public void Softplus_takes_its_parameter_in_expressions()
    {
        Near(0.42410948293656705182, Symeft.Json("expect", "softplus(5,x)", "--kernel", "1").GetProperty("value"), 1e-13);
        Near(0.42410948293656705182, Symeft.Json("expect", "softplus(5*x)/5", "--kernel", "1").GetProperty("value"), 1e-13);
        Assert.Equal(
            Symeft.Json("solve", "--activation", "softplus(5)", "--kernel", "1", "--depth", "2").GetProperty("V4").GetRawText(),
            Symeft.Json("solve", "--activation", "softplus(5,x)", "--kernel", "1", "--depth", "2").GetProperty("V4").GetRawText());
    }

    [Theory]
    [InlineData("x^(-2)", "1", "symeft: E[1/x^2] does not exist: near x = 0 the integrand grows like |x|^-2, and from the power -1 on there is no integral.")]
    [InlineData("1/x", "1", "symeft: E[1/x] does not exist: near x = 0 the integrand grows like |x|^-1, and from the power -1 on there is no integral.")]
    [InlineData("1/(x+1)^2", "1", "symeft: E[1/(x + 1)^2] does not exist: near x = -1 the integrand grows like |x + 1|^-2, and from the power -1 on there is no integral.")]
    [InlineData("tanh(x)/x^2", "1", "symeft: E[tanh(x)/x^2] does not exist: near x = 0 the integrand grows like |x|^-1, and from the power -1 on there is no integral.")]
    [InlineData("1/(x*y)^2", "[[1,.5],[.5,1]]", "symeft: E[1/(x^2*y^2)] does not exist: near x = 0 the integrand grows like |x|^-2, and from the power -1 on there is no integral.")]
    public void An_expectation_that_does_not_exist_is_said_not_to(string integrand, string kernel, string sentence)
    {
        (int code, string output, string messages) = Symeft.Run("expect", integrand, "--kernel", kernel);
        Assert.Equal((1, "", sentence), (code, output, messages.TrimEnd()));
    }

    // E |x|^(-1/2) = 2^(-1/4) Gamma(1/4)/sqrt(pi); tanh(x)/x by mpmath.
    [Theory]
    [InlineData("abs(x)^(-1/2)", 1.72007997464903907)]
    [InlineData("tanh(x)/x", 0.82199856438210869)]
    public void A_singularity_that_can_be_integrated_is(string integrand, double value) =>
        Near(value, Symeft.Json("expect", integrand, "--kernel", "1").GetProperty("value"), 1e-11);

    [Theory]
    [InlineData("tanh", "[[10,9.9],[9.9,10]]")]
    [InlineData("erf(100*x)", "1")]
    [InlineData("1/cosh(x)", "400")]
    public void Observables_that_vary_too_fast_name_what_would_do(string activation, string kernel)
    {
        string[] solve = ["solve", "--activation", activation, "--kernel", kernel, "--depth", "1", "--record", "2", "--closure"];
        (int code, _, string messages) = Symeft.Run([.. solve, "sigma-kernel"]);
        Assert.Equal(1, code);
        Match share = Regex.Match(messages, "The Hermite modes that are kept leave (.*) % of the variance of .*, which jumps or varies too fast for this kernel; use g-only or hermite\\(k\\), which need no such modes, or a smaller kernel\\.");
        Assert.InRange(double.Parse(share.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture), 1, 100);
        Assert.Equal(0, Symeft.Run([.. solve, "hermite(4)"]).Code);
    }

    [Fact]
    public void A_derivative_that_overflows_says_where_and_what_would_not()
    {
        (int code, _, string messages) = Symeft.Run("solve", "--activation", "1/(1+exp(-x))", "--kernel", "400", "--depth", "1");
        Assert.Equal(1, code);
        Assert.StartsWith("symeft: At layer 0: Derivative 1 of 1/(1+exp(-x)) at K = 430.539 cannot be evaluated at x = -710.7: parts of it overflow in double precision", messages, StringComparison.Ordinal);
        Assert.Equal(0, Symeft.Run("solve", "--activation", "logistic(x)", "--kernel", "400", "--depth", "1").Code);
    }

    private static void Near(double expected, JsonElement value, double relative) =>
        Assert.InRange(value.GetDouble(), expected - (relative * Math.Abs(expected)), expected + (relative * Math.Abs(expected)));
}

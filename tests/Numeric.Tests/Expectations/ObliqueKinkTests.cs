using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Tests.Expectations;

// Kinks along oblique lines: z = a x + b y + c is a Gaussian variable of its own, so an expectation of three variables says the same without
// any oblique line. One that was missed gave 4e-10 too much under a bound of 2e-14.
public class ObliqueKinkTests
{
    [Theory]
    [InlineData("tanh(x)*tanh(y)*abs(x+y)", "tanh(x)*tanh(y)*abs(z)", 1, 1)]
    [InlineData("tanh(x)*logistic(y)*relu(x-2*y)", "tanh(x)*logistic(y)*relu(z)", 1, -2)]
    [InlineData("tanh(x)*tanh(y)*step(3*y-x)", "tanh(x)*tanh(y)*step(z)", -1, 3)]
    [InlineData("silu(x)*sign(x/2+y)", "silu(x)*sign(z)", 0.5, 1)]
    public void A_kink_along_a_line_is_the_kink_of_a_third_variable(string oblique, string straight, double a, double b)
    {
        double kxx = 1, kxy = 0.25, kyy = 2;
        double kxz = (a * kxx) + (b * kxy), kyz = (a * kxy) + (b * kyy), kzz = (a * kxz) + (b * kyz);
        ExpectationResult two = Of(oblique, new[,] { { kxx, kxy }, { kxy, kyy } });
        ExpectationResult three = Of(straight, new[,] { { kxx, kxy, kxz }, { kxy, kyy, kyz }, { kxz, kyz, kzz } });
        Assert.Equal(three.Value, two.Value, two.ErrorBound + three.ErrorBound);
        Assert.InRange(two.ErrorBound, 0, 1e-12);
    }

    [Theory]
    // Against single variables: x + y and x - y are independent with variances 3 and 1 here, and products of kinks at 0 factorise.
    [InlineData("abs(x+y)*tanh(x-y)^2", "abs(x)", 3, "tanh(x)^2", 1)]
    [InlineData("abs(x+y)*softplus(x-y)*relu(x-y)", "abs(x)", 3, "softplus(x)*relu(x)", 1)]
    public void Crossing_lines_are_met(string product, string first, double firstVariance, string second, double secondVariance)
    {
        // K_xx = K_yy = 1, K_xy = .5.
        ExpectationResult found = Of(product, new[,] { { 1, 0.5 }, { 0.5, 1 } });
        double expected = Of(first, new[,] { { firstVariance } }).Value * Of(second, new[,] { { secondVariance } }).Value;
        Assert.Equal(expected, found.Value, found.ErrorBound + 1e-14);
        Assert.InRange(found.ErrorBound, 0, 1e-12);
    }

    [Fact]
    public void A_product_of_two_variables_has_its_kinks_on_the_axes()
    {
        double[,] kernel = { { 1, 0.3 }, { 0.3, 2 } };
        ExpectationResult together = Of("abs(x*tanh(y))*logistic(x)", kernel), apart = Of("abs(x)*abs(tanh(y))*logistic(x)", kernel);
        Assert.Equal(apart.Value, together.Value, apart.ErrorBound + together.ErrorBound);
    }

    [Theory]
    [InlineData("abs(x*y-1)*tanh(x)")]
    [InlineData("relu(x^2+y^2-1)*tanh(x)")]
    [InlineData("tanh(x)*abs(x+abs(y))")]
    public void A_kink_along_a_curve_is_refused(string text) =>
        Assert.Contains("lies along a curve that cannot be located", Assert.Throws<NotSupportedException>(() => Of(text, new[,] { { 1, 0.3 }, { 0.3, 2 } })).Message, StringComparison.Ordinal);

    private static ExpectationResult Of(string text, double[,] kernel) => GaussianExpectation.Evaluate(ExpressionParser.Parse(text, Dialect.Activations, "x", "y", "z"), kernel, estimated: kernel.GetLength(0) > 2);
}

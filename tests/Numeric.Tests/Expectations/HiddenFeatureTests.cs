using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Tests.Expectations;

// What samples miss, and what rounding hides. The values are those that reference/make_features.py prints.
public class HiddenFeatureTests
{
    [Theory]
    // A peak of width 1/1000 between the samples was missed under a bound of 1e-15. E[tanh] = 0, and the peak is a Gaussian integral.
    [InlineData("tanh(x) + exp(-1e6*(x-1.23)^2)", 1, 0.000331866180516110417637775)]
    [InlineData("tanh(x) + exp(-1e6*(x-1.23)^2)", 4.37, 0.000284490385963050300900379)]
    // E[e^(-1/x^2)] = e^(-sqrt 2): the search for a closed form divided by 0.
    [InlineData("exp(-1/x^2)", 1, 0.2431167344342142108)]
    // sin(x)/x is the mean of cos(t x) over t in [0, 1].
    [InlineData("sin(x)/x", 1, 0.85562439189214880317)]
    [InlineData("tanh(x)/x", 1, 0.82199856438210871790)]
    // -Euler's constant - ln 2.
    [InlineData("ln(x^2)", 1, -1.27036284546147817002)]
    // A delta conditions: tanh(1) times the density at 1.
    [InlineData("delta(x-1)*tanh(x)", 1, 0.18428348970616188326)]
    public void One_variable(string text, double variance, double expected) => Agree(text, new[,] { { variance } }, expected);

    [Theory]
    // Inner integrals below 1e-300 made these "not exist" or "overflow".
    [InlineData("tanh(x)*relu(y)", 25, -24.999, 25, -1.96289948634798502180814)]
    [InlineData("step(x-1)*step(y+1)", 25, -24.999, 25, 0.00139534186665298918251)]
    [InlineData("logistic(x)*step(y-6)", 1, 0.999, 1, 9.84467138982558831740718e-10)]
    [InlineData("delta(x-1)*tanh(y)", 1, 0.5, 1, 0.0772232375839002737681)]
    public void Two_variables(string text, double kxx, double kxy, double kyy, double expected) => Agree(text, new[,] { { kxx, kxy }, { kxy, kyy } }, expected);

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0.999, 1)]
    public void A_narrow_peak_in_the_plane_is_found(double kxx, double kxy, double kyy)
    {
        double[,] kernel = { { kxx, kxy }, { kxy, kyy } };
        ExpectationResult plain = Of("tanh(x)*tanh(y)", kernel), peak = Of("exp(-1e6*(x-1)^2-1e6*(y-4/5)^2)", kernel);
        ExpectationResult both = Of("tanh(x)*tanh(y) + exp(-1e6*(x-1)^2-1e6*(y-4/5)^2)", kernel);
        Assert.True(peak.IsClosedForm);
        Assert.False(both.IsClosedForm);
        Assert.Equal(plain.Value + peak.Value, both.Value, plain.ErrorBound + peak.ErrorBound + both.ErrorBound);
        Assert.InRange(both.ErrorBound, 0, 1e-13);
    }

    [Theory]
    // Values of integrands that cancel are wrong by more than a few units of their last place; the sums were given with bounds below their errors.
    [InlineData("softplus(x)-ln(2)-x/2", 0.01, 0.00124844268086403184473597)]
    [InlineData("(softplus(x)-ln(2)-x/2)^2", 0.01, 4.66808742409343815775933858e-6)]
    public void Cancellation_in_the_integrand_is_counted(string text, double variance, double expected)
    {
        var problem = Assert.Throws<QuadratureException>(() => Of(text, new[,] { { variance } }));
        string[] words = problem.Message.Split(' ');
        int at = Array.IndexOf(words, "+-");
        double value = double.Parse(words[at - 1], System.Globalization.CultureInfo.InvariantCulture), bound = double.Parse(words[at + 1].TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, value, bound);
    }

    [Theory]
    // A pole has no expectation.
    [InlineData("1/x")]
    [InlineData("1/(x-1)")]
    [InlineData("1/x^2")]
    public void What_does_not_exist_is_refused(string text) => Assert.Throws<DivergentExpectationException>(() => Of(text, new[,] { { 4.37 } }));

    [Fact]
    public void What_cannot_be_known_is_refused() =>
        Assert.Throws<QuadratureException>(() => Of("logistic(x)*x/cosh(1e5*(x-1))^2", new[,] { { 4.37 } }));

    [Fact]
    public void A_delta_at_a_jump_is_refused() =>
        Assert.Throws<NotSupportedException>(() => Of("delta(x-1)*step(x-1)*tanh(x)", new[,] { { 1.0 } }));

    private static void Agree(string text, double[,] kernel, double expected)
    {
        ExpectationResult found = Of(text, kernel);
        Assert.Equal(expected, found.Value, found.ErrorBound + (2e-16 * Math.Abs(expected)));
        Assert.InRange(found.ErrorBound, 0, 1e-11 * Math.Abs(expected));
    }

    private static ExpectationResult Of(string text, double[,] kernel) => GaussianExpectation.Evaluate(ExpressionParser.Parse(text, Dialect.Activations, "x", "y"), kernel);
}

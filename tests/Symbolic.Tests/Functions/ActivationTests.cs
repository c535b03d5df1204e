using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Functions;

public class ActivationTests
{
    [Theory]
    [InlineData("identity", "sigma(x) = x")]
    [InlineData("gelu", "sigma(x) = x*Phi(x)")]
    [InlineData("leakyrelu(0.1)", "sigma(x) = relu(x) - relu(-x)/10")]
    [InlineData("softplus(2)", "sigma(x) = softplus(2*x)/2")]
    [InlineData("softplus(x)", "sigma(x) = softplus(x)")]
    [InlineData("hermite(3)", "sigma(x) = x^3 - 3*x")]
    [InlineData("rectifiedmonomial(2)", "sigma(x) = relu(x)^2")]
    [InlineData("ReLU", "sigma(x) = relu(x)")]
    [InlineData("x + gelu(2*x)", "sigma(x) = x + 2*x*Phi(2*x)")]
    [InlineData("mish", "sigma(x) = x*tanh(softplus(x))")]
    public void Names_stand_for_their_printed_definitions(string text, string definition) =>
        Assert.Equal(definition, ActivationParser.Parse(text).Definition);

    [Theory]
    [InlineData("tanh", "")]
    [InlineData("gelu", "")]
    [InlineData("relu", "0:1")]
    [InlineData("sign", "0:0")]
    [InlineData("elu", "0:2")]
    [InlineData("selu", "0:1")]
    [InlineData("rectifiedmonomial(3)", "0:3")]
    [InlineData("abs(x)*x^2", "0:3")]
    [InlineData("relu(2*x-3)+step(x)", "0:0 3/2:1")]
    [InlineData("abs(abs(x)-1)", "-1:1 0:1 1:1")]
    [InlineData("relu(x^2-2)", "-sqrt(2):1 sqrt(2):1")]
    [InlineData("step(x)*step(x-1)", "1:0")]
    [InlineData("relu(tanh(x-1))", "1:1")]
    [InlineData("relu(exp(x))", "")]
    [InlineData("relu(x)+relu(-x)-abs(x)", "")]
    public void Kinks_are_found_from_the_expression(string text, string kinks) =>
        Assert.Equal(kinks, string.Join(' ', ActivationParser.Parse(text).Kinks.Select(kink => $"{kink.Position}:{kink.Order}")));

    [Fact]
    public void Kinks_that_cannot_be_located_are_refused() =>
        Assert.Contains("abs(sin(x))", Assert.Throws<NotSupportedException>(() => ActivationParser.Parse("abs(sin(x))").Kinks).Message);

    [Fact]
    public void Derivatives_of_relu_go_down_to_delta_and_beyond()
    {
        Symbol x = Symbol.Of("x");
        Expression relu = ActivationParser.Parse("relu(3 - 2*x)").Expression;
        Expression first = relu.Differentiate(x), second = first.Differentiate(x), third = second.Differentiate(x);
        Assert.Equal("2*step(x - 3/2) - 2", first.ToString());
        Assert.Equal("2*delta(x - 3/2)", second.ToString());
        Assert.Equal("2*delta_1(x - 3/2)", third.ToString());
        Assert.Same(third, ExpressionParser.Parse(third.ToString(), "x"));
        Assert.Equal(-2, Assert.Single(Kinks.Find(third, x)).Order);
    }

    [Theory]
    [InlineData("elu", -800, -1)]
    [InlineData("elu", 800, 800)]
    [InlineData("elu", -1, -0.63212055882855768)]
    [InlineData("selu", -1, -1.1113307378125624)]
    [InlineData("mish", 800, 800)]
    [InlineData("mish", -800, 0)]
    [InlineData("silu", -1000, 0)]
    [InlineData("softplus(2)", -800, 0)]
    public void Values_are_right_far_out(string name, double x, double expected)
    {
        ActivationDefinition activation = ActivationParser.Parse(name);
        var at = new Dictionary<Expression, double> { [KnownActivations.Variable] = x };
        Assert.Equal(expected, activation.Expression.Evaluate(at), 1e-14);
        Assert.True(double.IsFinite(activation.Expression.Differentiate(KnownActivations.Variable).Evaluate(at)));
    }

    [Theory]
    [InlineData("2", "does not depend on x")]
    [InlineData("monomial", "write monomial(k)")]
    [InlineData("abrelu(1)", "takes 2")]
    [InlineData("hermite(2.5)", "whole number")]
    [InlineData("jelu", "did you mean 'elu'?")]
    [InlineData("softplus(0)", "not an activation")]
    public void What_is_no_activation_is_said_to_be_none(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ExpressionSyntaxException>(() => ActivationParser.Parse(text)).Message);
}

using System.Runtime.Intrinsics;
using MathNet.Numerics;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

public class ActivationTests
{
    private static readonly Dictionary<string, Func<double, double>> Definitions = new()
    {
        ["identity"] = x => x,
        ["linear"] = x => x,
        ["relu"] = x => Math.Max(x, 0),
        ["abs"] = Math.Abs,
        ["tanh"] = Math.Tanh,
        ["erf"] = SpecialFunctions.Erf,
        ["gelu"] = x => x / 2 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)),
        ["sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["silu"] = x => x / (1 + Math.Exp(-x)),
        ["swish"] = x => x / (1 + Math.Exp(-x)),
        ["softplus"] = x => Math.Log(1 + Math.Exp(x)),
        ["sin"] = Math.Sin,
        ["cos"] = Math.Cos,
        ["exp"] = Math.Exp,
    };

    [Fact]
    public void Every_known_activation_is_its_definition()
    {
        Assert.Equal(NeuronActivation.KnownNames.Order(), Definitions.Keys.Order());
        foreach (string name in NeuronActivation.KnownNames)
        {
            NeuronActivation known = NeuronActivation.Known(name);
            for (double x = -6; x < 6; x += 0.037)
            {
                double exact = Definitions[name](x);
                Assert.Equal(exact, known.Accept(new InDouble(x)), 4e-15 * (1 + Math.Abs(exact)));
                Assert.Equal(Definitions[name]((float)x), known.Accept(new InSingle((float)x)), 8e-7 * (1 + Math.Abs(exact)));
            }
        }
    }

    [Theory]
    [InlineData("mish")]
    [InlineData("elu(0.7)")]
    [InlineData("selu")]
    [InlineData("leakyrelu(0.2)")]
    [InlineData("rectifiedmonomial(3)")]
    [InlineData("hermite(5)")]
    [InlineData("gaussian")]
    [InlineData("sign")]
    [InlineData("step")]
    [InlineData("softplus(2)")]
    [InlineData("x*erf(x) + cosh(x/3)/(1 + x^2)")]
    [InlineData("sqrt(1 + x^2) - (2 + x^2)^(1/3) + ln(3 + x^2) + 2^(x/2)")]
    [InlineData("arctan(x)^3 + abs(x)^(-1/2 + 1) + pi*x^7/1000")]
    public void Compiled_expression_is_the_scalar_one_in_every_lane(string text)
    {
        Activation activation = Activation.Parse(text);
        Func<double, double> scalar = activation.Delegate(0);
        NeuronActivation compiled = NeuronActivation.FromExpression(text, activation.Expression, Activation.Variable);
        for (double x = -5; x <= 5; x += 0.0625)
        {
            double exact = scalar(x);
            Assert.Equal(exact, compiled.Accept(new InDouble(x)), 1e-14 * (1 + Math.Abs(exact)) * 10);
            Assert.Equal(exact, compiled.Accept(new InSingle((float)x)), 4e-6 * (1 + Math.Abs(exact)));
        }
    }

    [Fact]
    public void Expression_without_values_is_refused()
    {
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => NeuronActivation.FromExpression("delta", Activation.Parse("relu").Derivative(2), Activation.Variable));
        Assert.Contains("delta", refused.Message, StringComparison.Ordinal);
    }

    private sealed class InDouble(double x) : IActivationUse<double>
    {
        public double With<TActivation>(TActivation activation)
            where TActivation : struct, IVectorActivation => activation.Invoke(Vector512.Create(x))[5];
    }

    private sealed class InSingle(float x) : IActivationUse<double>
    {
        public double With<TActivation>(TActivation activation)
            where TActivation : struct, IVectorActivation => activation.Invoke(Vector512.Create(x))[11];
    }
}

using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Comparison;

// Maps that are known in closed form: erf (Williams), ReLU (Cho and Saul).
public class KernelFixedPointTests
{
    [Theory]
    [InlineData(1.2, 0.05)]
    [InlineData(1.5, 0.02)]
    [InlineData(3, 0.1)]
    [InlineData(0.5, 0.3)]
    public void Erf_has_the_fixed_points_of_its_closed_form(double weights, double bias)
    {
        KernelFixedPoint found = Find("erf(x)", weights, bias);

        double kernel = 1, last;
        do
        {
            last = kernel;
            kernel = Next(kernel, 1);
        }
        while (Math.Abs(kernel - last) > 1e-15);
        double slope = weights * 4 / Math.PI / Math.Sqrt(1 + (4 * kernel)), correlation = 1;
        for (int step = 0; step < 10_000 && slope > 1; step++)
            correlation = step == 0 ? 0 : Next(kernel, correlation) / kernel;
        Assert.Equal(kernel, found.Kernel, 1e-11);
        Assert.Equal(slope, found.Slope, 1e-11);
        Assert.Equal(weights * 4 / Math.PI / Math.Sqrt(1 + (4 * kernel)) / (1 + (2 * kernel)), found.KernelSlope, 1e-10);
        Assert.Equal(correlation, found.Correlation, 1e-10);
        Assert.Equal(weights * 4 / Math.PI / Math.Sqrt(((1 + (2 * kernel)) * (1 + (2 * kernel))) - (4 * correlation * correlation * kernel * kernel)), found.CorrelationSlope, 1e-9);
        Assert.Equal(-1 / Math.Log(found.CorrelationSlope), found.CorrelationLength);

        double Next(double k, double c) => bias + (weights * 2 / Math.PI * Math.Asin(2 * c * k / (1 + (2 * k))));
    }

    [Fact]
    public void Relu_settles_grows_and_dies_out()
    {
        KernelFixedPoint settled = Find("relu", 1.5, 0.1), growing = Find("relu", 2.5, 0), dying = Find("relu", 1, 0);

        Assert.Equal(0.4, settled.Kernel, 1e-11);
        Assert.Equal(0.75, settled.KernelSlope, 1e-11);
        Assert.Equal(0.75, settled.Slope, 1e-11);
        Assert.Equal(1, settled.Correlation);
        Assert.Equal(double.PositiveInfinity, growing.Kernel);
        Assert.Equal(1.25, growing.Slope, 1e-11);
        // ReLU is homogeneous: correlations change as they do at any size.
        Assert.Equal(1, growing.CorrelationSlope, 1e-11);
        Assert.Equal(0, dying.Kernel);
        Assert.Equal(0.5, dying.KernelSlope, 1e-11);
    }

    [Fact]
    public void Tanh_without_bias_is_critical_at_one()
    {
        Assert.Equal(0, Find("tanh(x)", 0.9, 0).Kernel);
        Assert.Equal(0.9, Find("tanh(x)", 0.9, 0).Slope, 1e-9);
        Assert.True(Find("tanh(x)", 1.1, 0) is { Kernel: > 0.01, Slope: > 1, Correlation: < 1, KernelSlope: < 1 });
    }

    [Fact]
    public void A_block_that_is_repeated_is_a_layer()
    {
        // [tanh dense] written as a program is the perceptron; a residual branch with skip less than 1 settles too.
        var block = new LayerProgram([new Repeat(3, [new Residual([new Activate("erf(x)"), new Dense(1.5) { BiasVariance = 0.2 }]) { Skip = 0.8, Step = 0.5 }])]);
        KernelFixedPoint found = new KernelFlow(Network.Of(block, new[,] { { 1.0 } }), QuadratureChoice.Certified).Find();
        double kernel = found.Kernel;
        Assert.Equal(kernel, (0.64 * kernel) + (0.25 * (0.2 + (1.5 * 2 / Math.PI * Math.Asin(2 * kernel / (1 + (2 * kernel)))))), 1e-12);
        var two = new LayerProgram([new Repeat(3, [new Activate("tanh(x)"), new Dense(1.5), new Activate("gelu"), new Dense(1)])]);
        Assert.Throws<NotSupportedException>(() => new KernelFlow(Network.Of(two, new[,] { { 1.0 } }), QuadratureChoice.Certified));
    }

    private static KernelFixedPoint Find(string activation, double weights, double bias) => new KernelFlow(
        new Network { Activation = activation, WeightVariance = weights, BiasVariance = bias, Skip = 0, Step = 1, Depth = 5, Kernel = new[,] { { 1.0 } } }, QuadratureChoice.Certified).Find();
}

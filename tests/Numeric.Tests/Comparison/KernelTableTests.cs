using SymbolicEft.Numeric.Comparison;

namespace SymbolicEft.Numeric.Tests.Comparison;

// The table against closed forms: E erf(x)^2 = (2/pi) asin(2K/(1 + 2K)), E erf'(x)^2 = (4/pi)/sqrt(1 + 4K) (Williams 1997), and E relu(x)^2 = K/2.
public class KernelTableTests
{
    private static readonly KernelTable Erf = new("erf(x)", QuadratureChoice.Certified, CancellationToken.None), Relu = new("relu", QuadratureChoice.Certified, CancellationToken.None);

    private static Network Of(double weights, double biases, double skip = 0, double step = 1, double kernel = 1) =>
        new() { Activation = "unread", WeightVariance = weights, BiasVariance = biases, Skip = skip, Step = step, Depth = 3, Kernel = new[,] { { kernel } } };

    [Theory]
    [InlineData(1.3, 0.05)]
    [InlineData(2, 0.3)]
    [InlineData(0.4, 0.002)]
    [InlineData(5, 0.6)]
    public void Fixed_points_of_erf_satisfy_the_closed_form(double weights, double biases)
    {
        KernelFixedPoint found = Erf.Find(Of(weights, biases));
        double of = found.Kernel, layer = (weights * 2 / Math.PI * Math.Asin(2 * of / (1 + (2 * of)))) + biases;
        Assert.Equal(1, layer / of, 2e-5);
        Assert.Equal(weights * 4 / Math.PI / Math.Sqrt(1 + (4 * of)), found.Slope, 2e-5);
        Assert.Equal(weights * 4 / Math.PI / (1 + (2 * of)) / Math.Sqrt(1 + (4 * of)), found.KernelSlope, 1e-4);
        Assert.Equal(found.Slope > 1, double.IsNaN(found.Correlation));
    }

    [Fact]
    public void The_edge_of_chaos_of_erf_is_the_closed_form()
    {
        double weights = Math.PI * Math.Sqrt(3) / 4;
        KernelFixedPoint found = Erf.Find(Of(weights, 0.5 - (weights / 3)));
        Assert.Equal(0.5, found.Kernel, 2e-5);
        Assert.Equal(1, found.Slope, 2e-5);
    }

    [Fact]
    public void What_grows_or_dies_out_says_so()
    {
        Assert.Equal(double.PositiveInfinity, Relu.Find(Of(2.5, 0)).Kernel);
        Assert.Equal(double.PositiveInfinity, Relu.Find(Of(2, 0.1)).Kernel);
        Assert.Equal(0, Relu.Find(Of(1.5, 0)).Kernel);
        Assert.Equal(0.1 / 0.25, Relu.Find(Of(1.5, 0.1)).Kernel, 6);
        // A stream to which a bounded branch is added grows linearly.
        Assert.Equal(double.PositiveInfinity, Erf.Find(Of(2, 0, skip: 1, step: 0.05)).Kernel);
        // Any kernel is a fixed point of relu at C_W = 2.
        Assert.Equal(3, Relu.Find(Of(2, 0, kernel: 3)).Kernel, 6);
    }

    // alpha^2 K + eps^2 (C_W K/2 + C_b) = K.
    [Fact]
    public void Skip_and_step_are_those_of_the_layer()
    {
        KernelFixedPoint found = Relu.Find(Of(1.5, 0.2, skip: 0.8, step: 0.5));
        Assert.Equal(0.25 * 0.2 / (1 - 0.64 - (0.25 * 0.75)), found.Kernel, 6);
        Assert.Equal(0.64 + (0.25 * 0.75), found.Slope, 6);
    }
}

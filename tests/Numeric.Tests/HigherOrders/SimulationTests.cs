using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using static SymbolicEft.Numeric.Tests.HigherOrders.HigherOrderSolutions;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

// The third cumulant of narrow networks. n^2 kappa_3 = V6 + V6_1/n + ..., so twice the value at n = 16 less that at n = 8
// is V6 up to order 1/n^2. The kernel is small, where the g-only closure is nearly exact for V4 and V6, but not for K1:
// the tadpole of this closure is wrong from the first layer on, so means and V4_1 are not compared.
public class SimulationTests
{
    private const double Kernel = 0.1, Step = 0.1, WeightVariance = 1.5;
    private const int Depth = 40, Samples = 60_000;

    [Fact]
    public void The_third_cumulant_agrees_with_narrow_tanh_networks()
    {
        (double narrow, double narrowError) = ThirdCumulant(8);
        (double wide, double wideError) = ThirdCumulant(16);
        double estimate = (2 * wide) - narrow, error = Math.Sqrt((4 * wideError * wideError) + (narrowError * narrowError));
        double theory = V6("tanh(x)");

        Assert.InRange((estimate - theory) / error, -3.5, 3.5);
        // The comparison has teeth: the linear network of the same parameters is far away.
        Assert.True(Math.Abs(estimate - V6("x")) > 10 * error);
    }

    private static double V6(string activation) =>
        Solve(activation, [Kernel], 1, new(1, Step, WeightVariance, 0), Depth, Stepping.Discrete).Tensors["V6"][1][0];

    private static (double Value, double StandardError) ThirdCumulant(int width)
    {
        var sampler = new EnsembleSampler(new EnsembleSettings
        {
            Network = new()
            {
                Activation = "tanh",
                Depth = Depth,
                Step = Step,
                WeightVariance = WeightVariance,
                Kernel = new[,] { { Kernel } },
                RecordedLayers = [Depth],
            },
            Width = width,
            Precision = StatePrecision.Double,
            Seed = 11,
        });
        double[] values = [.. sampler.Samples(0, Samples).Select(sample => sample.G[0][0])];
        double mean = values.Average();
        double Moment(int power) => values.Average(value => Math.Pow(value - mean, power));
        double m2 = Moment(2), m3 = Moment(3), m4 = Moment(4), m6 = Moment(6);
        // Variance of a sample's third central moment, to leading order in the number of samples.
        double variance = (m6 - (m3 * m3) - (6 * m4 * m2) + (9 * m2 * m2 * m2)) / Samples;
        return (width * width * m3, width * width * Math.Sqrt(variance));
    }
}

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>Bounds on what hermite(k) leaves out, against many more modes and against numbers that were computed another way (the random clock).</summary>
public sealed class ModeBoundsTests
{
    public static TheoryData<string, double[]> Cases => new()
    {
        { "tanh", [1, 0.1, 2, 0] }, { "gelu", [1, 0.1, 1.7, 0.1] }, { "relu", [1, 0.3, 2, 0] }, { "tanh", [0.8, 0.6, 2.5, 0.2] },
        { "tanh", [0, 1, 3, 0] }, { "relu", [0, 1, 2, 0.1] }, { "step(x) + x/2", [0.9, 0.3, 1, 0] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Many_more_modes_lie_within_the_bounds(string activation, double[] layer)
    {
        foreach (double[] kernel in new double[][] { [1.3, 0.5, -0.2, 0.9, 0.4, 1.7], [1.3, 1.2, 0.3, 1.2, 0.35, 0.8] })
        {
            var network = Networks.Of(Activation.Parse(activation), new(layer[0], layer[1], layer[2], layer[3]), 3, kernel, 12, [0, 1, 2, 6, 12]);
            TheorySolution far = HermiteSolver.Solve(network, 36, Stepping.Discrete);
            foreach (int order in new[] { 4, 5, 10 })
            {
                TheorySolution near = HermiteSolver.Solve(network, order, Stepping.Discrete);
                foreach ((string name, string bound) in new[] { ("V4", BoundedEquations.OfCovariance), ("K1", BoundedEquations.OfMean) })
                    AssertWithin(near, far, name, bound);
            }
        }
    }

    // tanh: numbers of the random clock, where sums over all modes are integrals; GELU: 160 modes. The bounds say something: V4 within a factor 2, K1 within 8.
    [Theory]
    [InlineData("tanh", 2, 0, 0.05, 800, 2, 48.4709796, -0.4529626, 20)]
    [InlineData("tanh", 2, 0, 0.05, 800, 2, 48.4709796, -0.4529626, 40)]
    [InlineData("gelu", 1.7, 0.1, 0.07071067811865475, 300, 1.5, 302.83844, 3.681403, 20)]
    public void The_bounds_are_near_what_is_left_out(string activation, double weights, double biases, double step, int depth, double variance, double v4, double k1, int order)
    {
        var network = Networks.Of(Activation.Parse(activation), new(1, step, weights, biases), 1, [variance], depth, [0, depth]);
        TheorySolution solution = HermiteSolver.Solve(network, order, Stepping.Discrete);
        double ofCovariance = solution.Tensors[BoundedEquations.OfCovariance][1][0], ofMean = solution.Tensors[BoundedEquations.OfMean][1][0];
        Assert.InRange(v4 - solution.V4[1][0], ofCovariance / 2, ofCovariance);
        Assert.InRange(Math.Abs(k1 - solution.K1[1][0]), ofMean / 8, ofMean);
        Assert.Equal(0, solution.Tensors[BoundedEquations.OfMean][0][0]);
    }

    /// <summary>Asserts that a solution of fewer modes is as near to one of many as the bounds of both say, in every component at every record.</summary>
    internal static void AssertWithin(TheorySolution near, TheorySolution far, string name, string bound)
    {
        for (int record = 0; record < near.Layers.Count; record++)
        {
            double[] values = near.Tensors[name][record], others = far.Tensors[name][record];
            double rounding = 1e-11 * others.Max(Math.Abs);
            for (int at = 0; at < values.Length; at++)
                Assert.InRange(Math.Abs(values[at] - others[at]), 0, near.Tensors[bound][record][at] + far.Tensors[bound][record][at] + rounding);
        }
    }

    [Fact]
    public void Fewer_than_four_orders_and_depth_time_have_none()
    {
        var network = Networks.Of(Activation.Parse("tanh"), new(1, 0.1, 2, 0), 1, [2], 10, [0, 10]);
        Assert.False(HermiteSolver.Solve(network, 3, Stepping.Discrete).Tensors.ContainsKey(BoundedEquations.OfMean));
        Assert.False(HermiteSolver.Solve(network, 8, Stepping.Continuous).Tensors.ContainsKey(BoundedEquations.OfMean));
    }
}

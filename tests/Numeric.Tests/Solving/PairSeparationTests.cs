using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Solving;

// Rounding of the difference of two inputs grows in the chaotic phase: a solution that is made of it is refused, and no other is.
public class PairSeparationTests
{
    private static readonly LayerParameters Chaotic = new(0, 1, 5, 0);

    [Theory]
    [InlineData("g-only", 54)]
    [InlineData("g-connected", 54)]
    [InlineData("hermite(4)", 54)]
    public void Nearly_equal_inputs_are_refused_in_the_chaotic_phase(string closure, int depth)
    {
        var refused = Assert.Throws<ComputationException>(() => Solve("tanh", Chaotic, [1, 0.9999999999, 1], depth, closure));
        Assert.Contains("inputs 0 and 1 have grown", refused.Message, StringComparison.Ordinal);
        Assert.Contains("begin with less similar inputs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("g-only", "tanh", 1)]
    [InlineData("g-only", "sin(x)", 1.3)]
    [InlineData("hermite(4)", "tanh", 1)]
    public void Opposite_inputs_are_refused_in_the_chaotic_phase(string closure, string activation, double variance)
    {
        var refused = Assert.Throws<ComputationException>(() => Solve(activation, Chaotic, [variance, -variance, variance], 120, closure));
        Assert.Matches("nputs 0 and 1 .* drop", refused.Message);
    }

    [Fact]
    public void The_refusal_names_the_pair_among_many_inputs()
    {
        // Nine inputs are in loops; 3 and 7 are nearly equal.
        double[] kernel = [.. PairIndexing.All(9).Select(pair => pair.First == pair.Second ? 1.0 : pair == (3, 7) ? 0.9999999999 : 0.1)];
        var refused = Assert.Throws<ComputationException>(() => Solve("tanh", Chaotic, kernel, 54, "g-only", inputs: 9));
        Assert.Matches("nputs 3 and 7 ", refused.Message);
    }

    [Fact]
    public void The_continuous_equations_are_watched_between_the_records()
    {
        // sin keeps K of order 1 for long while C_W = 60 drives inputs apart.
        var refused = Assert.Throws<ComputationException>(() => Solve("sin(x)", new(1, 0.05, 60, 0), [1, 0.999999, 1], 400, "g-only", Stepping.Continuous));
        Assert.Contains("inputs 0 and 1 have grown", refused.Message, StringComparison.Ordinal);
    }

    // V6 holds the sixth power of the distance, and its rounding grows as that: it is refused where V4 alone is not.
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Higher_orders_are_refused_sooner(int order, bool refused)
    {
        TheorySolution Solution() => ClosureSolver.Solve(Problem("tanh", Chaotic, [1, 0.9999, 1], 45, 2), new GOnly(), new() { Order = order });
        if (refused)
            Assert.Throws<ComputationException>(Solution);
        else
            Assert.True(Solution().V4[^1][3] > 0);
    }

    // K0 alone holds the square of the distance where V4 holds the fourth power: it is followed further, of a program of layers as of the plain network.
    [Fact]
    public void K0_alone_is_followed_further_than_V4()
    {
        Network plain = Problem("tanh", Chaotic, [1, 0.9999999, 1], 45, 2);
        Network program = Network.Of(new LayerProgram([new Repeat(45, [new Activate("tanh"), new Dense(5)])]), plain.Kernel) with { RecordedLayers = plain.RecordedLayers };
        Assert.Throws<ComputationException>(() => ClosureSolver.Solve(plain, new GOnly(), new()));
        Assert.Throws<ComputationException>(() => ClosureSolver.Solve(program, new GOnly(), new()));
        double[] ofPlain = ClosureSolver.SolveInfiniteWidth(plain, QuadratureChoice.Certified).K0[^1], ofProgram = ClosureSolver.SolveInfiniteWidth(program, QuadratureChoice.Certified).K0[^1];
        // The distance has grown by some 1e6, and rounding with it; the inputs are as far apart now as the fixed point has them.
        Assert.InRange(ofPlain[1] / ofPlain[0], -0.1, 0.6);
        for (int pair = 0; pair < 3; pair++)
            Assert.Equal(ofPlain[pair], ofProgram[pair], 1e-8);
    }

    // What is not refused does not depend on the last bit of the kernel.
    [Theory]
    [InlineData("g-only", 1e-3)]
    [InlineData("g-only", 1e-4)]
    [InlineData("g-only", 1e-6)]
    [InlineData("hermite(8)", 1e-4)]
    [InlineData("hermite(8)", 1e-6)]
    public void What_is_not_refused_is_stable(string closure, double below)
    {
        TheorySolution? exact = null;
        int depth = 45;
        for (; exact is null; depth -= 3)
        {
            try
            {
                exact = Solve("tanh", Chaotic, [1, 1 - below, 1], depth, closure);
            }
            catch (ComputationException)
            {
                Assert.True(depth > 10);
            }
        }

        TheorySolution other = Solve("tanh", Chaotic, [Math.BitIncrement(1), 1 - below, 1], depth + 3, closure);
        double size = exact.V4[^1][0];
        Assert.InRange((other.V4[^1][3] - exact.V4[^1][3]) / size, -4e-6, 4e-6);
        Assert.InRange((other.K1[^1][1] - exact.K1[^1][1]) / (size / exact.K0[^1][0]), -4e-6, 4e-6);
    }

    [Theory]
    [InlineData("g-only", 1.2, 0, 1, 200)]
    [InlineData("g-connected", 1.2, 0, 1, 200)]
    [InlineData("hermite(4)", 1.2, 0, 1, 100)]
    [InlineData("sigma-kernel", 1.2, 0, 1, 100)]
    [InlineData("sigma-kernel", 2, 1, 0.05, 60)]
    [InlineData("g-only", 2, 1, 0.05, 800)]
    [InlineData("hermite(4)", 2, 1, 0.05, 200)]
    public void Equal_and_opposite_inputs_have_the_numbers_of_one(string closure, double weightVariance, double skip, double step, int depth)
    {
        var layer = new LayerParameters(skip, step, weightVariance, 0);
        TheorySolution one = Solve("tanh", layer, [2], depth, closure, inputs: 1);
        foreach (double sign in (double[])[1, -1])
        {
            TheorySolution two = Solve("tanh", layer, [2, 2 * sign, 2], depth, closure);
            Assert.Equal(1, two.V4[^1][3] / one.V4[^1][0], 1e-9);
            Assert.Equal(1, sign * two.K1[^1][1] / one.K1[^1][0], 1e-9);
        }
    }

    // Inputs that part by themselves amplify nothing: ReLU takes opposite inputs to orthogonal ones, and tanh does not keep inputs proportional.
    [Theory]
    [InlineData("g-only", "relu", 0, 1, 20, 1, -1)]
    [InlineData("hermite(4)", "relu", 0, 1, 20, 1, -1)]
    [InlineData("g-only", "relu", 1, 0.05, 300, 1, -1)]
    [InlineData("g-only", "relu", 0, 1, 20, 1, 1)]
    [InlineData("g-only", "tanh", 1, 0.05, 800, 4, 2)]
    [InlineData("hermite(4)", "tanh", 1, 0.05, 200, 4, 2)]
    [InlineData("sigma-kernel", "tanh", 1, 0.05, 40, 4, 2)]
    [InlineData("g-only", "gelu", 1, 0.05, 400, 4, -2)]
    [InlineData("g-only", "x", 1, 0.05, 400, 4, 2)]
    public void Inputs_that_part_without_amplification_are_not_refused(string closure, string activation, double skip, double step, int depth, double variance, double covariance)
    {
        TheorySolution solution = Solve(activation, new(skip, step, 2, 0), [1, covariance, variance], depth, closure);
        Assert.True(solution.V4[^1][3] > 0);
    }

    [Theory]
    [InlineData("g-only", 0)]
    [InlineData("hermite(4)", 0)]
    [InlineData("g-only", 1)]
    public void A_chaotic_network_with_similar_inputs_is_not_refused(string closure, int order)
    {
        TheorySolution solution = ClosureSolver.Solve(
            Problem("tanh", Chaotic, [1, 0.999, 1], 40, 2), ClosureRegistry.Parse(closure), new() { Order = order });
        Assert.True(solution.V4[^1][3] > 0);
        Assert.True(Math.Abs(solution.K0[^1][1]) < 0.2 * solution.K0[^1][0]);
    }

    // In the ordered phase all inputs become equal, or vanish; and an input of variance zero has no correlation.
    [Theory]
    [InlineData(0.8, 0.3, 1, 0.2, 2)]
    [InlineData(0.8, 0.3, 1, -1, 1)]
    [InlineData(0.5, 0, 1, 0.2, 2)]
    [InlineData(1.2, 0, 0, 0, 2)]
    public void The_ordered_phase_is_not_refused(double weightVariance, double biasVariance, double first, double covariance, double second)
    {
        foreach (string closure in (string[])["g-only", "hermite(4)"])
        {
            TheorySolution solution = Solve("tanh", new(0, 1, weightVariance, biasVariance), [first, covariance, second], 150, closure);
            Assert.True(double.IsFinite(solution.K1[^1][1]));
        }
    }

    private static Network Problem(string activation, LayerParameters layer, double[] kernel, int depth, int inputs) =>
        Networks.Of(Activation.Parse(activation), layer, inputs, kernel, depth, Network.EvenlySpacedLayers(depth, 7));

    private static TheorySolution Solve(string activation, LayerParameters layer, double[] kernel, int depth, string closure, Stepping stepping = Stepping.Discrete, int inputs = 2) =>
        ClosureSolver.Solve(Problem(activation, layer, kernel, depth, inputs), ClosureRegistry.Parse(closure), stepping);
}

using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>Programs of layers at equal and opposite inputs, and nearly so: solved where inputs part by themselves, stopped where rounding is amplified.</summary>
public class SimilarInputsTests
{
    private static readonly Layer[] Relu = [new Dense(1) { Width = 2 }, new Activate("relu"), new Dense(2)];
    private static readonly Layer[] Odd = [new RmsNorm(1.1, 0.2), new Dense(1.5) { Width = 2 }, new Activate("tanh"), new Dropout(0.9), new Dense(2)];

    // The recursion of the arc-cosine kernel, at 40 digits by mpmath.
    [Theory]
    [InlineData(-1, -0.88372138457061809539)]
    [InlineData(-0.9999999, -0.88372125854741656095)]
    [InlineData(0.9999999, 2.5205235177406004209)]
    public void Nearly_proportional_inputs_of_relu(double correlation, double expected)
    {
        foreach (string closure in (string[])["g-only", "hermite(4)"])
        {
            TheorySolution solution = Solve(Residuals(8, 0.35, Relu), closure, [[1, correlation], [correlation, 1]]);
            Assert.Equal(2.5205237697720949805, solution.K0[^1][0], 1e-13);
            Assert.Equal(expected, solution.K0[^1][1], 1e-13);
        }
    }

    // erf in closed form, at 40 digits: masks of their own, and taps, take equal inputs apart.
    [Fact]
    public void Equal_inputs_that_a_layer_takes_apart()
    {
        TheorySolution masks = Solve(Residuals(4, 0.5, new Activate("erf"), new Dropout(0.8, false), new Dense(2)), "hermite(4)", [[1, 1], [1, 1]]);
        AssertClose([2.3225839804732962758, 1.9669599996399548112, 2.3225839804732962758], masks.K0[^1], 1e-13);
        TheorySolution taps = Solve(Residuals(4, 0.5, new Activate("erf"), new Dense(2) { Taps = [0, 1] }), "hermite(4)", [[1, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]]);
        AssertClose([2.0370040982040342458, 1.5944493944183796168, 0.93415208024853594029, 2.0370040982040342458, 0.61704541122759195263, 2.0370040982040342458], taps.K0[^1], 1e-13);
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("hermite(6)")]
    public void Equal_and_opposite_inputs_of_odd_functions_have_the_numbers_of_one(string closure)
    {
        Layer[] layers = Residuals(8, 0.5, Odd);
        TheorySolution one = Solve(layers, closure, [[1.3]]);
        foreach (double sign in (double[])[1, -1])
        {
            TheorySolution two = Solve(layers, closure, [[1.3, 1.3 * sign], [1.3 * sign, 1.3]]);
            Assert.Equal(1, two.V4[^1][3] / one.V4[^1][0], 1e-9);
            Assert.Equal(sign, two.V4[^1][1] / one.V4[^1][0], 1e-9);
            Assert.Equal(1, sign * two.K1[^1][1] / one.K1[^1][0], 1e-9);
        }
    }

    // What is singular is the limit of what is not: differences go like 1 - rho^2 of smooth functions.
    [Theory]
    [InlineData("gate")]
    [InlineData("masks")]
    [InlineData("layer-norm")]
    [InlineData("nested")]
    public void Singular_inputs_are_the_limit_of_others(string name)
    {
        Layer[] layers = Program(name);
        foreach (double sign in (double[])[1, -1])
        {
            TheorySolution At(double below) => Solve(layers, "hermite(6)", [[1.2, sign * (1.2 - below)], [sign * (1.2 - below), 1.2]]);
            (TheorySolution at, TheorySolution near, TheorySolution nearer) = (At(0), At(2e-5), At(1e-5));
            foreach (Func<TheorySolution, double> of in (Func<TheorySolution, double>[])[solution => solution.V4[^1][3], solution => solution.V4[^1][1], solution => solution.K1[^1][1]])
            {
                Assert.InRange((of(near) - (2 * of(nearer)) + of(at)) / Math.Max(1, Math.Abs(of(at))), -1e-7, 1e-7);
            }
        }
    }

    [Theory]
    [InlineData(0.9999999999, "have grown .* begin with less similar inputs")]
    [InlineData(-1, "nputs 0 and 1 .* drop")]
    public void Amplified_rounding_is_refused(double correlation, string expected)
    {
        Layer[] chaotic = [new Repeat(60, [new Residual([new Activate("tanh"), new Dense(1), new Activate("tanh"), new Dense(9)]) { Skip = 0 }])];
        foreach (string closure in (string[])["g-only", "hermite(4)"])
            Assert.Matches(expected, Assert.Throws<ComputationException>(() => Solve(chaotic, closure, [[1, correlation], [correlation, 1]])).Message);
        // From afar it converges.
        Assert.True(Solve(chaotic, "g-only", [[1, 0.99], [0.99, 1]]).V4[^1][3] > 0);
    }

    // A norm that divides by nothing is named, with what would help; a vanishing kernel has no relative size, and that is said.
    [Theory]
    [InlineData(0, "layers[0].repeat.of[0].residual.branch[0].rmsNorm divides input 1 by sqrt(G + epsilon), and its kernel is 0 and epsilon 0")]
    [InlineData(1, "layers[0].repeat.of[0].residual.branch[0].layerNorm divides input 1 by sqrt(G + epsilon), and its kernel is 0 and epsilon 0")]
    [InlineData(2, "layers[0].postNorm divides input 1 by sqrt(G + epsilon), and its kernel is 0 and epsilon 0")]
    [InlineData(3, "layers[0].repeat.of[0].residual.branch[1].rmsNorm divides input 0 by sqrt(G + epsilon), and its kernel is 0 and epsilon 0")]
    public void A_norm_of_nothing_is_named(int at, string expected)
    {
        Layer[] tail = [new Activate("gelu"), new Dense(2)];
        Layer[] layers = at switch
        {
            0 => Residuals(2, 0.5, [new RmsNorm(1, 0), .. tail]),
            1 => Residuals(2, 0.5, [new LayerNorm(1, 0), .. tail]),
            2 => [new PostNorm(1, 0)],
            _ => Residuals(2, 0.5, [new Dense(0), new RmsNorm(1, 0), .. tail]),
        };
        ComputationException refused = Assert.Throws<ComputationException>(() => Solve(layers, "hermite(4)", [[1, 0], [0, 0]]));
        Assert.Equal($"At layer 0 {expected}; give the norm an epsilon such as 1e-5, or leave the input out.", refused.Message);
        Assert.True(WideEnough.Of(refused.Finished!, 64).LeavesOutVanished);
    }

    // x_b / x_a fluctuates with G_aa and G_bb where the norm has an epsilon, and is a number where it has none.
    [Fact]
    public void Proportional_inputs_that_a_norm_takes_apart_are_refused()
    {
        double[][] kernel = [[1.44, -2.4], [-2.4, 4]];
        foreach (string closure in (string[])["g-only", "g-connected", "hermite(4)"])
        {
            Layer[] With(double epsilon) => Residuals(2, 0.3, new RmsNorm(1, epsilon), new Activate("tanh"), new Dense(0.8));
            Assert.Contains("Inputs 0 and 1 are proportional, and a norm takes them apart", Assert.Throws<ComputationException>(() => Solve(With(0.3), closure, kernel)).Message, StringComparison.Ordinal);
            TheorySolution near = Solve(With(0), closure, [[1.44, -2.4 * (1 - 1e-7)], [-2.4 * (1 - 1e-7), 4]]), at = Solve(With(0), closure, kernel);
            Assert.Equal(near.V4[^1][3], at.V4[^1][3], 1e-4);
            Assert.Equal(near.K1[^1][1], at.K1[^1][1], 1e-4);
        }
    }

    // The derivative that the bound rests on, against differences of K0.
    [Theory]
    [InlineData("gate")]
    [InlineData("masks")]
    [InlineData("layer-norm")]
    [InlineData("nested")]
    [InlineData("hidden-norm")]
    [InlineData("parallel-taps")]
    [InlineData("parallel-hidden")]
    [InlineData("parallel-in-parallel")]
    [InlineData("nested-hidden")]
    public void The_derivative_of_the_next_kernel_is_that_of_differences(string name)
    {
        var program = new LayerProgram(Program(name));
        IReadOnlyList<StreamStep> steps = program.Unroll(3);
        MomentEquations equations = ProgramSolver.Equations(steps, 3, new HermiteModes(4), estimates: false).Equations;
        double[] kernel = [1.2, 0.4, -0.3, 0.9, 0.2, 1.5];
        double[] Next(double[] at)
        {
            double[] state = equations.Initial(at), next = new double[state.Length];
            equations.Next(state, next);
            return next[..6];
        }

        double[] before = equations.Initial(kernel);
        equations.Next(before, new double[before.Length]);
        double[] response = [.. equations.KernelResponse(before)];
        const double h = 1e-4;
        for (int q = 0; q < 6; q++)
        {
            double[] Moved(double by) => Next([.. kernel.Select((value, at) => value + (at == q ? by : 0))]);
            (double[] up, double[] down, double[] up2, double[] down2) = (Moved(h), Moved(-h), Moved(2 * h), Moved(-2 * h));
            for (int p = 0; p < 6; p++)
                Assert.Equal(((8 * (up[p] - down[p])) - (up2[p] - down2[p])) / (12 * h), response[(p * 6) + q], 1e-9);
        }
    }

    private static Layer[] Program(string name)
    {
        Layer gelu = new Activate("gelu");
        return name switch
        {
            "gate" => Residuals(3, 0.6, new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("gelu"), new Dense(1.7)),
            "masks" => Residuals(3, 0.6, gelu, new Dropout(0.8, false), new Dense(2)),
            "layer-norm" => Residuals(3, 0.6, new LayerNorm(1, 0.1), gelu, new Dense(1.5), new Activate("tanh"), new Dense(1.5)),
            "nested" => Residuals(3, 0.6, new Residual([gelu, new Dense(1.5)]) { Step = 0.7 }, new Activate("tanh"), new Dense(1.2)),
            "hidden-norm" => Residuals(3, 0.6, gelu, new Dense(1.5) { BiasVariance = 0.2 }, new RmsNorm(1, 0.1), gelu, new Dense(1.5)),
            "parallel-taps" => Residuals(3, 0.6, new ParallelBranches([[gelu, new Dense(1) { Taps = [0, 1] }], [new Dense(1), new Activate("tanh"), new Dropout(0.7), new Dense(2) { Taps = [-1] }]])),
            "parallel-hidden" => Residuals(3, 0.6, new Dense(1.4) { Width = 0.5 }, new ParallelBranches([[gelu, new Dense(1.2)], [new Activate("softplus"), new Dense(0.7)]]), gelu, new Dense(1.2)),
            "parallel-in-parallel" => Residuals(3, 0.6, gelu, new Dense(1.3), new ParallelBranches([
                [new RmsNorm(1.1, 0.2), new Dense(1.1) { Copies = 2 }, new Gate("sigmoid"), new Dense(0.8)],
                [new ParallelBranches([[gelu, new Dropout(0.8), new Dense(0.9)], [new LayerNorm(1, 0.1), new Dense(0.6) { Taps = [0, 1] }]]) { Width = 2 }, new Activate("softplus"), new Dense(1.2)],
            ]), new Activate("tanh"), new Dense(1.2)),
            "nested-hidden" => Residuals(3, 0.6, new Dense(1.4), new Residual([new ParallelBranches([[gelu, new Dense(1.2)], [new Residual([new Activate("softplus"), new Dense(0.9)]) { Skip = 0.8 }, gelu, new Dense(0.7)]])]) { Step = 0.7 }, gelu, new Dense(1.2)),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static Layer[] Residuals(int count, double step, params Layer[] branch) => [new Repeat(count, [new Residual(branch) { Step = step }])];

    private static TheorySolution Solve(Layer[] layers, string closure, double[][] kernel)
    {
        var matrix = new double[kernel.Length, kernel.Length];
        for (int a = 0; a < kernel.Length; a++)
        {
            for (int b = 0; b < kernel.Length; b++)
                matrix[a, b] = kernel[a][b];
        }

        return ProgramTheoryTests.Solve(new LayerProgram(layers), matrix, closure);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int at = 0; at < expected.Length; at++)
            Assert.Equal(expected[at], actual[at], tolerance);
    }
}

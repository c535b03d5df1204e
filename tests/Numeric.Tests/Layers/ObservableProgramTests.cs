using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>Lists of observables on the stream of programs of layers.</summary>
public class ObservableProgramTests
{
    private static readonly double[,] Two = { { 1.5, 0.6 }, { 0.6, 1 } }, Three = { { 1.2, 0.4, -0.3 }, { 0.4, 0.9, 0.2 }, { -0.3, 0.2, 1.5 } };

    // The plain network as a program of one step: equations of its own in blocks, the same numbers.
    [Theory]
    [InlineData("tanh", "sigma-kernel", 1, 0.1, Stepping.Discrete)]
    [InlineData("tanh", "sigma-kernel(2)", 0.9, 0.3, Stepping.Discrete)]
    [InlineData("gelu", "[x*y, sigma(x)*sigma(y), x]", 1, 0.2, Stepping.Discrete)]
    [InlineData("gelu", "[x*y, tanh(x)*tanh(y)]", 1, 0.2, Stepping.Discrete)]
    [InlineData("relu", "sigma-kernel", 0, 1, Stepping.Discrete)]
    [InlineData("gelu", "[x*y]", 0, 1, Stepping.Discrete)]
    [InlineData("gelu", "sigma-kernel", 1, 0.2, Stepping.Euler)]
    [InlineData("tanh", "sigma-kernel", 1, 0.2, Stepping.Continuous)]
    public void The_plain_network_is_a_program_of_one_step(string activation, string closure, double skip, double step, Stepping stepping)
    {
        foreach (double[,] kernel in (double[][,])[Two, Three])
        {
            var network = new Network { Activation = activation, WeightVariance = 1.7, BiasVariance = 0.1, Skip = skip, Step = step, Depth = 6, Kernel = kernel, Records = 3 };
            TheorySolution flat = network.Solve(closure, stepping: stepping), program = network.As(LayerProgram.Plain(activation, 1.7, 0.1, skip, step, 6), 6).Solve(closure, stepping: stepping);
            Same(flat, program, 1e-12);
        }
    }

    // G is a Markov chain there: nothing else that a list keeps drives it.
    [Theory]
    [InlineData("[x*y]")]
    [InlineData("sigma-kernel")]
    [InlineData("[x*y, sigma(x)*sigma(y), x]")]
    public void Branches_that_begin_with_a_dense_layer_close_on_the_kernel(string closure)
    {
        Layer gelu = new Activate("gelu");
        Layer[][] programs =
        [
            [new Repeat(3, [new Residual([new RmsNorm(1.2, 0.1), new Dense(1.2) { Width = 2 }, gelu, new Dense(1.5) { BiasVariance = 0.1 }]) { Step = 0.6 }])],
            [new Repeat(3, [new Residual([new RmsNorm(0.9, 0), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("gelu"), new Dropout(0.8), new Dense(1.7)]) { Step = 0.6 }])],
            [new Repeat(2, [new Residual([new ParallelBranches([[new Dense(0.7)], [new Dense(1) { Weights = WeightKind.Uniform }, gelu, new Dense(1.2) { Taps = [0, 1] }]])]) { Skip = 0.9, Step = 0.7 }])],
            [new Residual([new Dense(1) { Weights = WeightKind.Orthogonal }, gelu, new Dropout(0.9, false), new Dense(1.2) { Weights = WeightKind.Rademacher }]), new ParallelBranches([[new Dense(1.3)]]) { Width = 2 }],
        ];
        foreach (Layer[] layers in programs)
        {
            foreach (double[,] kernel in (double[][,])[Two, Three])
                Same(ProgramTheoryTests.Solve(new LayerProgram(layers), kernel, "g-only"), ProgramTheoryTests.Solve(new LayerProgram(layers), kernel, closure), 1e-11);
        }
    }

    // An update without skip inside a branch is what its branch is, times eps, whatever the closure keeps: all statements and letters with it.
    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("hermite(6)")]
    [InlineData("sigma-kernel")]
    [InlineData("[x*y, tanh(x)*tanh(y), x]")]
    public void An_update_without_skip_inside_a_branch_is_its_branch(string closure)
    {
        Layer[] rest = [new Activate("gelu"), new Dropout(0.8), new Dense(1.2) { BiasVariance = 0.1, Taps = [0, 1], Weights = WeightKind.Uniform }];
        Layer[] Program(params Layer[] first) => [new Repeat(2, [new Residual([.. first, .. rest]) { Step = 0.7 }])];
        foreach (Layer[] head in (Layer[][])[[new RmsNorm(1.1, 0.2)], [new Activate("tanh")], []])
        {
            TheorySolution nested = ProgramTheoryTests.Solve(new LayerProgram(Program(new Residual([.. head, new Dense(1.5)]) { Skip = 0, Step = 0.8 })), Two, closure);
            TheorySolution flat = ProgramTheoryTests.Solve(new LayerProgram(Program([.. head, new Dense(1.5 * 0.64)])), Two, closure);
            Same(flat, nested, 1e-12);
        }
    }

    // More observables come nearer to modes of high order: what is left of g-only's distance from them.
    [Theory]
    [InlineData("two-layer")]
    [InlineData("masks")]
    [InlineData("norm")]
    [InlineData("taps")]
    [InlineData("parallel")]
    public void Lists_come_nearer_to_all_modes(string name)
    {
        Layer gelu = new Activate("gelu");
        Layer[] branch = name switch
        {
            "two-layer" => [gelu, new Dense(1.6) { Width = 0.5 }, new Activate("tanh"), new Dense(1.5)],
            "masks" => [gelu, new Dropout(0.8, false), new Dense(1.6)],
            "norm" => [new RmsNorm(1.2, 0.2), gelu, new Dense(1.6), new Activate("tanh"), new Dense(1.5)],
            "taps" => [gelu, new Dense(1.6) { Taps = [0, 1] }, new Activate("softplus"), new Dense(1.2)],
            _ => [new ParallelBranches([[gelu, new Dense(1)], [gelu, new Dense(1.2) { Weights = WeightKind.Orthogonal }, new Activate("tanh"), new Dense(1)]])],
        };
        var program = new LayerProgram([new Repeat(4, [new Residual(branch) { Step = 0.6 }])]);
        TheorySolution Of(string closure) => ProgramTheoryTests.Solve(program, Two, closure);
        (TheorySolution all, TheorySolution kernel, TheorySolution list, TheorySolution more) = (Of("hermite(16)"), Of("g-only"), Of("sigma-kernel"), Of("[x*y, sigma(x)*sigma(y), x, x^2*y + x*y^2, x^2*y^2, x^3*y + x*y^3]"));
        double Distance(TheorySolution of) => Math.Max(Largest(of.V4[^1], all.V4[^1]), Largest(of.K1[^1], all.K1[^1]));
        Assert.True(Distance(list) < 0.8 * Distance(kernel), FormattableString.Invariant($"{Distance(list)} of {Distance(kernel)}"));
        Assert.True(Distance(more) < 0.1 * Distance(kernel), FormattableString.Invariant($"{Distance(more)} of {Distance(kernel)}"));
    }

    [Fact]
    public void What_lists_do_not_follow_is_refused()
    {
        Layer gelu = new Activate("gelu"), tanh = new Activate("tanh");
        void Refused(string sentence, params Layer[] layers) =>
            Assert.Contains(sentence, Assert.Throws<NotSupportedException>(() => ProgramTheoryTests.Solve(new LayerProgram(layers), Two, "sigma-kernel")).Message, StringComparison.Ordinal);
        Refused("reads the stream through layerNorm, whose mean over neurons lists of observables do not follow", new LayerNorm(1, 0.1), gelu, new Dense(1));
        Refused("layers[1].postNorm norms the stream, which lists of observables do not follow", new Dense(1), new PostNorm(1, 0));
        Refused("closure names sigma, and the stream is read by gelu and by tanh", gelu, new Dense(1), tanh, new Dense(1));
        Refused("stands inside a branch", new Residual([new Residual([gelu, new Dense(1)]), gelu, new Dense(1)]));
    }

    internal static void Same(TheorySolution expected, TheorySolution actual, double tolerance)
    {
        for (int at = 0; at < expected.Layers.Count; at++)
        {
            foreach ((double[] left, double[] right) in new[] { (expected.K0[at], actual.K0[at]), (expected.V4[at], actual.V4[at]), (expected.K1[at], actual.K1[at]) })
            {
                double size = Math.Max(left.Max(Math.Abs), expected.K0[at].Max());
                for (int p = 0; p < left.Length; p++)
                    Assert.True(Math.Abs(left[p] - right[p]) <= tolerance * size, FormattableString.Invariant($"layer {expected.Layers[at]}, entry {p}: {right[p]:R} for {left[p]:R}"));
            }
        }
    }

    private static double Largest(double[] left, double[] right) => left.Zip(right, (x, y) => Math.Abs(x - y)).Max() / right.Max(Math.Abs);
}

using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>Programs of residuals in depth time: the order eps^2 of every step.</summary>
public class DepthTimeTests
{
    private static readonly double[,] Two = { { 1.5, 0.6 }, { 0.6, 1 } };

    [Theory]
    [InlineData("hermite(6)", "tanh", Stepping.Continuous)]
    [InlineData("hermite(5)", "gelu", Stepping.Continuous)]
    [InlineData("hermite(5)", "gelu", Stepping.Euler)]
    [InlineData("g-only", "relu", Stepping.Continuous)]
    [InlineData("g-connected", "relu", Stepping.Euler)]
    public void The_plain_network_is_a_program_of_residuals(string closure, string activation, Stepping stepping)
    {
        var network = new Network { Activation = activation, WeightVariance = 1.7, BiasVariance = 0.1, Step = 0.1, Depth = 60, Kernel = Two, Records = 4 };
        TheorySolution flat = network.Solve(closure, stepping: stepping), program = network.As(LayerProgram.Plain(activation, 1.7, 0.1, 1, 0.1, 60), 60).Solve(closure, stepping: stepping);
        Assert.Equal(flat.Times, program.Times);
        ObservableProgramTests.Same(flat, program, 1e-12);
    }

    // Steps of half the length and four times as many: what is left of the difference falls like eps^2. Hidden widths, masks and the law of the last weights go with it.
    [Theory]
    [InlineData("two-layer", "hermite(6)")]
    [InlineData("norm", "hermite(6)")]
    [InlineData("norm", "g-only")]
    [InlineData("masks", "hermite(6)")]
    [InlineData("kurtosis", "hermite(6)")]
    [InlineData("nested", "hermite(6)")]
    [InlineData("taps", "hermite(4)")]
    [InlineData("two-layer", "sigma-kernel")]
    [InlineData("norm", "sigma-kernel")]
    public void Small_steps_tend_to_it(string name, string closure)
    {
        Layer[] branch = Branch(name);
        TheorySolution limit = Solve(1, Stepping.Continuous);
        TheorySolution Solve(int finer, Stepping stepping)
        {
            Network network = Network.Of(new LayerProgram([new Repeat(8 * finer * finer, [new Residual(branch) { Step = 0.25 / finer }])]), Two);
            return (network with { RecordedLayers = [0, network.Depth] }).Solve(closure, stepping: stepping);
        }

        Assert.Equal(0.5, limit.Times[^1]);
        foreach (Stepping stepping in (Stepping[])[Stepping.Discrete, Stepping.Euler])
        {
            TheorySolution[] steps = [.. new[] { 2, 4, 8 }.Select(finer => Solve(finer, stepping))];
            foreach (Func<TheorySolution, double[]> of in (Func<TheorySolution, double[]>[])[solution => solution.K0[^1], solution => solution.V4[^1], solution => solution.K1[^1]])
            {
                double[][] values = [.. steps.Select(of)];
                double[] expected = of(limit);
                double size = Math.Max(1, expected.Max(Math.Abs));
                for (int p = 0; p < expected.Length; p++)
                {
                    // The terms eps^2 and eps^4 removed.
                    double first = ((4 * values[1][p]) - values[0][p]) / 3, second = ((4 * values[2][p]) - values[1][p]) / 3, extrapolated = ((16 * second) - first) / 15;
                    Assert.True(Math.Abs(extrapolated - expected[p]) < 2e-5 * size, FormattableString.Invariant($"{stepping}, entry {p}: {extrapolated} for {expected[p]}"));
                }
            }
        }
    }

    // Layers of different kinds and lengths, one after another: the same as solving one, and going on from there in finer and finer steps.
    [Fact]
    public void Steps_differ_from_layer_to_layer()
    {
        Layer[] Program(int finer) =>
        [
            new Repeat(2 * finer * finer, [new Residual(Branch("norm")) { Step = 0.3 / finer }]),
            new Repeat(3 * finer * finer, [new Residual(Branch("masks")) { Step = 0.2 / finer }]),
        ];
        TheorySolution limit = (Network.Of(new LayerProgram(Program(1)), Two) with { RecordedLayers = [0, 1, 2, 4, 5] }).Solve("hermite(4)", stepping: Stepping.Continuous);
        Assert.Equal([0, 0.09, 0.18, 0.26, 0.3], limit.Times);
        double[][] values = [.. new[] { 2, 4, 8 }.Select(finer => ProgramTheoryTests.Solve(new LayerProgram(Program(finer)), Two, "hermite(4)").V4[^1])];
        for (int p = 0; p < values[0].Length; p++)
        {
            double first = ((4 * values[1][p]) - values[0][p]) / 3, second = ((4 * values[2][p]) - values[1][p]) / 3;
            Assert.Equal(limit.V4[^1][p], ((16 * second) - first) / 15, 1e-4);
        }
    }

    [Fact]
    public void The_derivation_says_what_vanishes()
    {
        Network network = Network.Of(new LayerProgram([new Repeat(4, [new Residual([new Activate("gelu"), new Dense(1.5) { Width = 2 }, new Activate("tanh"), new Dropout(0.8), new Dense(1.2) { Weights = WeightKind.Uniform }]) { Step = 0.3 }])]), Two);
        string text = network.Derive("hermite(4)", Stepping.Continuous).ToString()!;
        Assert.Contains("Depth time", text, StringComparison.Ordinal);
        foreach (string gone in (string[])["noise_S_2", "noise_mask_2", "T_2", "C_ss_2"])
            Assert.Contains(gone, text, StringComparison.Ordinal);
        Assert.Contains("layers[0].postNorm norms the stream at once", Assert.Throws<NotSupportedException>(() => Network.Of(new LayerProgram([new PostNorm(1, 0.1)]), Two).Solve("g-only", stepping: Stepping.Euler)).Message, StringComparison.Ordinal);
        Assert.Contains("has skip 0.9", Assert.Throws<NotSupportedException>(() => Network.Of(new LayerProgram([new Residual([new Dense(1), new Dense(1)]) { Skip = 0.9 }]), Two).Solve("g-only", stepping: Stepping.Continuous)).Message, StringComparison.Ordinal);
    }

    private static Layer[] Branch(string name)
    {
        Layer gelu = new Activate("gelu");
        return name switch
        {
            "two-layer" => [gelu, new Dense(1.6) { Width = 0.5 }, new Activate("tanh"), new Dense(1.5)],
            "norm" => [new RmsNorm(1.2, 0.2), gelu, new Dense(1.6), new Activate("tanh"), new Dense(1.5)],
            "masks" => [gelu, new Dense(1.2), gelu, new Dropout(0.8, false), new Dense(1.6) { BiasVariance = 0.1 }],
            "kurtosis" => [gelu, new Dense(1.2) { Weights = WeightKind.Rademacher }, gelu, new Dense(1.6) { Weights = WeightKind.Rademacher }],
            "nested" => [new Residual([gelu, new Dense(1.4)]) { Step = 0.6 }, new Activate("tanh"), new Dense(1.5)],
            "taps" => [gelu, new Dense(1.6) { Taps = [0, 1] }, new Activate("softplus"), new Dense(1.2)],
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}

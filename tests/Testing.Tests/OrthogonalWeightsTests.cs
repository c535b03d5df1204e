using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Tests;

namespace SymbolicEft.Testing.Tests;

// The worked example of docs/how-to-add-a-closure.md with a law of its own. Checked with programs of layers, whose orthogonal weights are derived another way.
public class OrthogonalWeightsTests
{
    private static readonly double[,] Kernel = { { 1.2, 0.5, -0.3 }, { 0.5, 0.9, 0.2 }, { -0.3, 0.2, 1.5 } };

    [Theory]
    [InlineData("tanh(x)", 0, 1)]
    [InlineData("gelu", 1, 0.6)]
    [InlineData("relu", 0.7, 0.8)]
    public void It_is_the_program_with_orthogonal_weights(string activation, double skip, double step)
    {
        const int Depth = 5;
        var layer = new Residual([new Activate(activation), new Dense(1.7) { BiasVariance = 0.1, Weights = WeightKind.Orthogonal }]) { Skip = skip, Step = step };
        Layer[] layers = skip == 0 ? [new Activate(activation), new Dense(1.7) { BiasVariance = 0.1, Weights = WeightKind.Orthogonal }] : [layer];
        TheorySolution program = Network.Of(new LayerProgram([new Repeat(Depth, layers)]), Kernel).Solve("g-only");
        var network = new Network { Activation = activation, WeightVariance = 1.7, BiasVariance = 0.1, Skip = skip, Step = step, Depth = Depth, Kernel = Kernel, RecordedLayers = program.Layers };
        TheorySolution own = network.Solve(new OrthogonalWeights()), gaussian = network.Solve("g-only");
        foreach (string name in new[] { "K0", "V4", "K1" })
        {
            double scale = program.Tensors[name][^1].Max(Math.Abs);
            for (int record = 0; record < program.Layers.Count; record++)
                Assert.All(program.Tensors[name][record].Zip(own.Tensors[name][record]), pair => Assert.Equal(pair.First, pair.Second, 1e-11 * scale));
        }

        Assert.True(own.Tensors["V4"][^1][0] < 0.99 * gaussian.Tensors["V4"][^1][0]);
    }

    [Fact]
    public void What_it_takes_for_a_layer_is_in_its_derivation()
    {
        DerivationStep step = ClosureDerivation.Steps(new OrthogonalWeights(), DepthForm.Discrete).Single(each => each.Title == "Law of a layer");
        Assert.Equal(2, step.Formulas.Count);
    }

    [Fact]
    public void The_guide_shows_the_code_that_is_tested()
    {
        string guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "how-to-add-a-closure.md"));
        string code = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "OrthogonalWeights.cs"));
        Assert.Contains($"```csharp\n{code[code.IndexOf("/// <summary>orthogonal", StringComparison.Ordinal)..]}```", guide, StringComparison.Ordinal);
        Assert.InRange(code.Split('\n').Length, 1, 50);
    }
}

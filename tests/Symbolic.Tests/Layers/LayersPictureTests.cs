using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Tests.Layers;

public class LayersPictureTests
{
    [Fact]
    public void One_line_a_layer_with_its_numbers()
    {
        var program = new LayerProgram(
        [
            new Repeat(4, [new Residual([new RmsNorm(1, 0.1), new Activate("gelu"), new Dense(1.7) { BiasVariance = 0.1 }]) { Step = 0.5 }]),
            new Activate("tanh(x)"),
            new Dropout(0.9, IsShared: false),
            new Dense(2) { Width = 2, Taps = [-1, 0], Weights = WeightKind.Uniform },
            new Repeat(12,
            [
                new Residual([new Dense(1) { Copies = 2 }, new Gate("gelu"), new Dense(1) { Weights = WeightKind.Kurtosis, ExcessKurtosis = 3 }]) { Skip = 0.9, Step = "0.5/sqrt(l+1)" },
                new PostNorm(LayerNumber.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), 0),
            ]),
            new ParallelBranches([[new Dense(1)], [new Activate("tanh"), new Dense(LayerNumber.Of([1]))]]) { Width = 1 },
            new Residual([new ParallelBranches([[new Dense(1)], [new Dense(2)]])]) { Skip = 0 },
        ]);
        Assert.Equal(
            """
            phi -> [rmsNorm(gain 1, epsilon 0.1) gelu dense(C_W 1.7, C_b 0.1)] x 0.5 + phi   (4 times)
            phi -> tanh(x) dropout(keep 0.9, a mask for each input) dense(C_W 2, width 2, uniform, taps -1 0)
            (12 times)
              phi -> [dense(C_W 1, copies 2) gate(gelu) dense(C_W 1, kurtosis 3)] x (0.5/sqrt(l+1)) + 0.9 phi
              phi -> postNorm(gain [1, 2, ..., 12])
            phi -> ([dense(C_W 1)] + [tanh dense(C_W [1])])
            phi -> ([dense(C_W 1)] + [dense(C_W 2)]) x 1

            """.ReplaceLineEndings("\n"),
            LayersPicture.Of(program));
    }

    [Fact]
    public void Every_preset_unrolls_to_sixteen_layers_and_is_pictured()
    {
        foreach (LayerPreset preset in LayerPresets.All)
        {
            Assert.Equal(16, preset.Program.Unroll(3).Count);
            Assert.EndsWith("   (16 times)\n", LayersPicture.Of(preset.Program), StringComparison.Ordinal);
            Assert.Same(preset, LayerPresets.Find(preset.Name));
        }

        Assert.Equal(["resnet", "mlp", "transformer-mlp", "glu", "convnet"], LayerPresets.All.Select(preset => preset.Name));
        Assert.Null(LayerPresets.Find("lstm"));
    }
}

namespace SymbolicEft.Symbolic.Layers;

/// <summary>A network that goes by a name.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Program">Its layers.</param>
public sealed record LayerPreset(string Name, string Description, LayerProgram Program);

/// <summary>The table of networks that go by a name: 16 blocks with gelu, whose kernel neither vanishes nor explodes.</summary>
public static class LayerPresets
{
    // A residual branch of a size of about 1 is added sixteen times, with step 1/sqrt(16).
    private const int Blocks = 16;
    private const double Step = 0.25;

    // Half-stable critical point of gelu, at K = (3 + sqrt(17))/2: both susceptibilities are 1 (Roberts, Yaida, Hanin, The Principles of Deep Learning Theory, section 5.3).
    private const double CriticalWeights = 1.98305826, CriticalBiases = 0.17292239;

    /// <summary>All, in the order in which they are listed.</summary>
    public static IReadOnlyList<LayerPreset> All { get; } =
    [
        new("resnet", "residual blocks of gelu and dense", Residuals(new Activate("gelu"), new Dense(2))),
        new("mlp", "perceptron at the critical point of gelu", new([new Repeat(Blocks, [new Activate("gelu"), new Dense(CriticalWeights) { BiasVariance = CriticalBiases }])])),
        new("transformer-mlp", "the perceptron blocks of a transformer: norm, four times as wide, gelu, back", Residuals(new RmsNorm(1, 1e-5), new Dense(1) { Width = 4 }, new Activate("gelu"), new Dense(2))),
        new("glu", "the same with a gate in place of the activation", Residuals(new RmsNorm(1, 1e-5), new Dense(1) { Width = 2, Copies = 2 }, new Gate("gelu"), new Dense(2))),
        new("convnet", "residual convolutions of three neighbouring positions on a ring, which are the inputs", Residuals(new Activate("gelu"), new Dense(2) { Taps = [-1, 0, 1] })),
    ];

    /// <summary>The preset of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public static LayerPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static LayerProgram Residuals(params Layer[] branch) => new([new Repeat(Blocks, [new Residual(branch) { Step = Step }])]);
}

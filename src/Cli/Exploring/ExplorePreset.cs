using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A set-up that is one click away.</summary>
/// <param name="Name">What the button says.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Yaml">The specification.</param>
internal sealed record ExplorePreset(string Name, string Description, string Yaml)
{
    private const string Simulation = "simulate: { samples: 20000, estimator: control-variate }\n";

    // Critical point of erf in closed form: at K* = 1/2, C_W = pi sqrt(3)/4 and C_b = 1/2 - C_W/3.
    private const string CriticalErf = "network: { activation: erf(x), weightVariance: 1.3603495231756633, biasVariance: 0.0465501589414456, skip: 0, step: 1, depth: 100, width: 256 }\n";

    /// <summary>All, in the order of the buttons.</summary>
    public static IReadOnlyList<ExplorePreset> All { get; } =
    [
        new("paper", "the ResNet of Kawase and Ota: tanh, 800 layers of step 0.05", "name: paper\ninputs: { kernel: [[2, 0.6], [0.6, 2]] }\n" + Simulation),
        new("GELU ResNet", "biases and an activation that is not odd, so that the layer mean fluctuates", "name: gelu-resnet\nnetwork: { activation: gelu, weightVariance: 1.7, biasVariance: 0.1, step: 0.07, depth: 300, width: 256 }\ninputs: { kernel: [[1.5, 0.3], [0.3, 1.5]] }\nclosure: hermite(4)\n" + Simulation),
        new("edge of chaos", "the erf perceptron at its critical point, which is known in closed form", "name: edge-of-chaos\n" + CriticalErf + "inputs: { kernel: [[0.5, 0.4], [0.4, 0.5]] }\n" + Simulation),
        new("pre-norm transformer block", "norm, four times as wide, gelu, back, added to the stream: 16 times", "name: transformer\nnetwork: { preset: transformer-mlp, width: 256 }\ninputs: { kernel: [[1, 0.3], [0.3, 1]] }\n" + Simulation),
        new("ReLU perceptron", "C_W = 2 keeps the kernel of every input as it is", "name: relu-perceptron\nnetwork: { activation: relu, weightVariance: 2, skip: 0, step: 1, depth: 50, width: 256 }\ninputs: { kernel: [[1, 0.5], [0.5, 1]] }\n" + Simulation),
    ];

    /// <summary>What the page sends for it.</summary>
    public Dictionary<string, string> Values =>
        ExploreRequest.Values(ExploreRequest.Small(SpecificationReader.ReadText(Yaml, "the preset", Directory.GetCurrentDirectory(), []))).ToDictionary(value => value.Name, value => value.Text, StringComparer.Ordinal);
}

using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>A program of layers for which programs are generated.</summary>
public sealed class LayerProgramCase
{
    private static readonly double[,] Two = { { 1.4, 0.5 }, { 0.5, 0.8 } }, Three = { { 1.2, 0.3, 0.5 }, { 0.3, 0.9, -0.2 }, { 0.5, -0.2, 1.1 } };

    private LayerProgramCase(string name, string closure, double[,] kernel, params Layer[] layers)
    {
        (Name, Closure, Network) = (name, closure, Network.Of(new(layers), kernel));
        Network = Network with { RecordedLayers = [.. new[] { 0, 1, Network.Depth }.Distinct()] };
        Assert.NotNull(Network.Layers);
    }

    public string Name { get; }

    public string Closure { get; }

    public Network Network { get; }

    /// <summary>Every layer that is derived, in one case or another, in front of hermite(k) and of closures on G alone.</summary>
    public static IReadOnlyList<LayerProgramCase> All { get; } =
    [
        // The perceptron of a transformer, with a gate.
        new("transformer-gate", "hermite(4)", Two, new Repeat(3, [new Residual([new RmsNorm(1.1, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("gelu"), new Dense(1.7)]) { Skip = 0.9, Step = 0.5 }])),
        new("transformer-three", "g-only", Three, new Repeat(2, [new Residual([new RmsNorm(1, 1e-5), new Dense(1.5) { Width = 4 }, new Activate("tanh"), new Dense(1.7)]) { Step = 0.5 }])),
        new("gate-three", "g-only", Three, new Repeat(2, [new Residual([new Dense(1.5) { Copies = 2 }, new Gate("tanh"), new Dense(1.7)]) { Step = 0.5 }])),
        // A perceptron whose numbers differ from layer to layer, one list and one formula.
        new("mlp-schedules", "hermite(4)", Two, new Repeat(4, [new Activate("tanh"), new Dense("1.2 + 0.1*l") { BiasVariance = LayerNumber.Of([0.1, 0.2, 0.15, 0.05]), Width = LayerNumber.Of([2, 0.5, 3, 1]) }])),
        new("parallel-branches", "hermite(6)", Two, new Repeat(2, [new Residual([new ParallelBranches([[new Activate("gelu"), new Dense(1.2)], [new RmsNorm(1, 0.1), new Activate("tanh"), new Dense(0.8), new Activate("tanh"), new Dense(1.1)], [new Dense(0.4)]])]) { Step = 0.5 }])),
        new("dropout-shared", "hermite(4)", Two, new Repeat(2, [new Residual([new Activate("tanh"), new Dropout(0.8), new Dense(1.7)]) { Step = 0.6 }])),
        new("dropout-independent", "g-connected", Two, new Repeat(2, [new Residual([new Activate("gelu"), new Dropout(0.7, IsShared: false), new Dense(1.7) { BiasVariance = 0.1 }, new Activate("tanh"), new Dense(1.2)]) { Step = 0.6 }])),
        new("taps", "g-only", Three, new Repeat(2, [new Residual([new Activate("tanh"), new Dense(1.5) { Taps = [-1, 0, 1] }]) { Step = 0.5 }])),
        new("taps-modes", "hermite(3)", Three, new Repeat(2, [new Residual([new Activate("gelu"), new Dense(1.5) { Taps = [0, 1] }]) { Step = 0.5 }])),
        // RMS norm before the activation, and of the stream: modes above those kept.
        new("pre-norm", "hermite(6)", Two, new Repeat(2, [new Residual([new RmsNorm(1.2, 0.2), new Activate("gelu"), new Dense(1.5)]) { Skip = 0.8, Step = 0.5 }]), new PostNorm(1.1, 0.1)),
        new("post-norm", "g-only", Two, new Repeat(2, [new Residual([new Activate("gelu"), new Dense(1.5)]) { Step = 0.5 }, new PostNorm(1, 0)])),
        new("orthogonal", "hermite(4)", Two, new Repeat(2, [new Residual([new Activate("tanh"), new Dense(1.5) { Weights = WeightKind.Orthogonal }, new Activate("gelu"), new Dense(1.2)]) { Step = 0.5 }])),
        // Updates inside a branch: a field that is read and added to, and branches of rows.
        new("inner-residual", "hermite(4)", Two, new Repeat(2, [new Residual([new Activate("tanh"), new Dense(1.2), new Residual([new Activate("gelu"), new Dense(1.1)]) { Skip = 0.9, Step = 0.7 }, new Activate("tanh"), new Dense(1.3)]) { Step = 0.5 }])),
        new("inner-branches", "hermite(5)", Two, new Residual([new Activate("tanh"), new Dense(1.2) { Width = 2 }, new ParallelBranches([[new Activate("gelu"), new Dense(1.1)], [new Dense(0.3)]]) { Width = 2 }, new Activate("sin(x) + x"), new Dense(1.3)]) { Step = 0.5 }),
        new("rademacher", "hermite(4)", Two, new Activate("tanh"), new Dense(1.5) { Weights = WeightKind.Rademacher, Width = 2 }, new Activate("tanh"), new Dense(1.2)),
    ];

    /// <summary>The text in a language.</summary>
    public string In(string language) => Network.Write(language, Closure, name: Name);

    /// <summary>The toolkit's own solution.</summary>
    public TheorySolution Solve() => Network.Solve(Closure);

    /// <summary>Compares every component at every record, relative to the largest component of its tensor at any record.</summary>
    /// <param name="value">The generated program's value of a component at a record.</param>
    public double LargestDifference(Func<int, string, int[], double> value)
    {
        TheorySolution expected = Solve();
        double largest = 0;
        foreach (Tensor tensor in new[] { Notation.MeanKernel, Notation.Covariance, Notation.SourceOnlyCovariance, Notation.MeanCorrection })
        {
            IReadOnlyList<Indexed> components = tensor.ComponentsOver(expected.Inputs);
            double scale = Math.Max(expected.Tensors[tensor.Name].Max(row => row.Max(Math.Abs)), double.Epsilon);
            for (int record = 0; record < expected.Layers.Count; record++)
            {
                double[] row = expected.Tensors[tensor.Name][record];
                for (int at = 0; at < row.Length; at++)
                {
                    int[] indices = [.. components[at].Indices.ToArray().Select(index => index.Value)];
                    double difference = Math.Abs(value(record, tensor.Name, indices) - row[at]) / scale;
                    Assert.False(double.IsNaN(difference), $"{components[at]} at record {record}");
                    largest = Math.Max(largest, difference);
                }
            }
        }

        return largest;
    }
}

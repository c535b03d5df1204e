using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>A program of layers for which programs are generated.</summary>
public sealed class LayerProgramCase
{
    private static readonly double[,] Two = { { 1.4, 0.5 }, { 0.5, 0.8 } }, Three = { { 1.2, 0.3, 0.5 }, { 0.3, 0.9, -0.2 }, { 0.5, -0.2, 1.1 } };

    // What the tangent kernel has beside the other tensors: for each whether it is of two pairs, and whether of two alike, which are stored once.
    private static readonly (string Name, bool IsOfTwo, bool IsSymmetric)[] Tangents = [("Theta0", false, false), ("Theta1", false, false), ("tau", false, false), ("VarTheta", true, true), ("CovThetaG", true, false)];

    private LayerProgramCase(string name, string closure, double[,] kernel, params Layer[] layers)
        : this(name, closure, Network.Of(new(layers), kernel)) => Assert.NotNull(Network.Layers);

    private LayerProgramCase(string name, string closure, Network network)
    {
        (Name, Closure) = (name, closure);
        Network = network with { RecordedLayers = [.. new[] { 0, 1, network.Depth }.Distinct()] };
    }

    public string Name { get; }

    public string Closure { get; }

    public Network Network { get; }

    /// <summary>How depth advances, and what of the tangent kernel there is.</summary>
    internal SolverSettings Settings { get; init; } = new();

    /// <summary>Whether the closure is a list of observables, which generated Python does not take.</summary>
    public bool IsOnObservables => ClosureRegistry.Parse(Closure).Keeps is KeptObservables;

    /// <summary>Whether a function has a kink.</summary>
    public bool HasKinks { get; init; }

    /// <summary>Equal up to rounding, but where two different integrators agree to their tolerances only, or a kink makes series that end at their own.</summary>
    public double Tolerance => Settings.Stepping == Stepping.Continuous ? 1e-9 : HasKinks ? 1e-10 : 1e-12;

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
        // The tangent kernel: of plain networks, with Theta1 and tau; in other units; of two matrices, gates, norms, three inputs; and where there is no Theta1.
        new("tangent-perceptron", "hermite(4)", Plain("tanh(x)", 0, 1, 3)) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("tangent-resnet", "hermite(5)", Plain("gelu", 1, 0.5, 3)) { Settings = new() { Tangent = TangentKernel.WithInput } },
        new("tangent-standard", "g-only", Plain("tanh(x)", 0.9, 0.7, 3)) { Settings = new() { Tangent = TangentKernel.OfLayers, Rates = new() { Parametrization = Parametrization.Standard, Hidden = 0.5, Biases = 2 } } },
        new("tangent-pre-norm", "hermite(4)", Two, PreNorm) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("tangent-pre-norm-mu-p", "hermite(4)", Two, PreNorm) { Settings = new() { Tangent = TangentKernel.OfLayers, Rates = new() { Parametrization = Parametrization.MuP, Weights = 0.7 } } },
        new("tangent-gate", "g-only", Two, new Repeat(2, [new Residual([new Dense(1.5) { Copies = 2 }, new Gate("tanh"), new Dense(1.7)]) { Step = 0.5 }]), new PostNorm(1.1, 0.1)) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("tangent-three", "hermite(3)", Three, new Repeat(2, [new Residual([new Activate("gelu"), new Dense(1.5), new Activate("tanh"), new Dense(1.1)]) { Step = 0.5 }])) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("tangent-dropout", "hermite(4)", Two, new Repeat(2, [new Residual([new Activate("tanh"), new Dropout(0.8), new Dense(1.7)]) { Step = 0.6 }])) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("tangent-relu", "hermite(4)", Plain("relu", 0, 1, 3)) { Settings = new() { Tangent = TangentKernel.OfLayers }, HasKinks = true },
        new("relu-blocks", "hermite(6)", Two, new Repeat(2, [new Residual([new Dense(1.5) { Width = 2 }, new Activate("relu"), new Dense(1.7)]) { Step = 0.5 }])) { HasKinks = true },
        // Lists of observables: behind a norm, with another function, with taps, and in depth time.
        new("list-mlp", "sigma-kernel", Two, new Repeat(3, [new Activate("tanh"), new Dense(1.5) { BiasVariance = 0.1, Width = 2 }, new Activate("tanh"), new Dense(1.2)])),
        new("list-pre-norm", "[x*y, sigma(x)*sigma(y), x]", Two, new Repeat(2, [new Residual([new RmsNorm(1.1, 0.1), new Activate("gelu"), new Dense(1.5) { BiasVariance = 0.1 }, new Activate("tanh"), new Dense(1.7)]) { Skip = 0.9, Step = 0.5 }])),
        new("list-branches", "[x*y, tanh(x)*tanh(y)]", Two, new Repeat(2, [new Residual([new ParallelBranches([[new Activate("gelu"), new Dense(1.2)], [new Activate("tanh"), new Dense(0.8)], [new Dense(0.4)]])]) { Step = 0.5 }])),
        new("list-taps", "sigma-kernel", Three, new Repeat(2, [new Residual([new Activate("tanh"), new Dense(1.5) { Taps = [0, 1] }]) { Step = 0.5 }])),
        new("list-tangent", "sigma-kernel", Plain("tanh(x)", 0.9, 0.7, 3)) { Settings = new() { Tangent = TangentKernel.WithInput, Rates = new() { First = 0.3, Weights = 0.7 } } },
        new("list-tangent-blocks", "[x*y, sigma(x)*sigma(y), x]", Three, new Repeat(2, [new Residual([new Activate("gelu"), new Dropout(0.8), new Dense(1.5) { BiasVariance = 0.1, Width = 2 }, new Activate("tanh"), new Dense(1.7)]) { Step = 0.5 }])) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("list-tangent-rows", "[x*y, sigma(x)*sigma(y), sigma(x)*y]", Two, new Repeat(2, [new Residual([new Activate("gelu"), new Dense(1.5) { Width = 2 }, new Activate("tanh"), new Dense(1.7)]) { Step = 0.5 }])) { Settings = new() { Tangent = TangentKernel.OfLayers } },
        new("list-depth-time", "sigma-kernel", Two, DepthTime) { Settings = new() { Stepping = Stepping.Continuous } },
        // Depth time: steps that differ from layer to layer, and Euler's.
        new("depth-time", "hermite(4)", Two, DepthTime) { Settings = new() { Stepping = Stepping.Continuous } },
        new("depth-time-euler", "g-only", Three, DepthTime) { Settings = new() { Stepping = Stepping.Euler } },
    ];

    /// <summary>Inputs so near to each other that series over the modes of a function with a kink do not end.</summary>
    public static LayerProgramCase NearlyEqual { get; } = new("relu-nearly-equal", "hermite(4)", Plain("relu", 0, 1, 2) with { Kernel = new[,] { { 1, 0.99 }, { 0.99, 1 } } }) { Settings = new() { Tangent = TangentKernel.OfLayers }, HasKinks = true };

    private static Layer PreNorm => new Repeat(2, [new Residual([new RmsNorm(1.1, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2 }, new Activate("gelu"), new Dense(1.7)]) { Step = 0.5 }]);

    private static Layer DepthTime => new Repeat(3, [new Residual([new RmsNorm(1.1, 0.1), new Activate("gelu"), new Dense(1.5) { BiasVariance = 0.1 }, new Activate("tanh"), new Dense(1.7)]) { Step = LayerNumber.Of([0.3, 0.2, 0.25]) }]);

    /// <summary>The text in a language.</summary>
    public string In(string language) => OutputLanguages.Find(language).Write(ClosureSolver.Derive(Network, ClosureRegistry.Parse(Closure), Settings), Network.Subject(Name, Settings.Stepping));

    /// <summary>The toolkit's own solution.</summary>
    public TheorySolution Solve() => ClosureSolver.Solve(Network, ClosureRegistry.Parse(Closure), Settings);

    private static Network Plain(string activation, double skip, double step, int depth) =>
        new() { Activation = activation, WeightVariance = 1.5, BiasVariance = 0.1, Skip = skip, Step = step, Depth = depth, Kernel = Two };

    /// <summary>Compares every component at every record, relative to the largest component of its tensor at any record.</summary>
    /// <param name="value">The generated program's value of a component at a record.</param>
    public double LargestDifference(Func<int, string, int[], double> value)
    {
        TheorySolution expected = Solve();
        double largest = LargestOfTangents(expected, value);
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

    private double LargestOfTangents(TheorySolution expected, Func<int, string, int[], double> value)
    {
        if (Settings.Tangent == TangentKernel.None)
            return 0;
        Assert.Equal(Name is not ("tangent-dropout" or "list-tangent-blocks"), expected.Tensors.ContainsKey("Theta1") && expected.Tensors.ContainsKey("tau"));
        double largest = 0;
        InputPair[] pairs = [.. PairIndexing.All(expected.Inputs)];
        foreach ((string name, bool isOfTwo, bool isSymmetric) in Tangents.Where(tensor => expected.Tensors.ContainsKey(tensor.Name)))
        {
            double scale = expected.Tensors[name].Max(row => row.Max(Math.Abs));
            Assert.True(scale > 0, name);
            for (int record = 0; record < expected.Layers.Count; record++)
            {
                for (int p = 0; p < pairs.Length; p++)
                {
                    for (int q = 0; q < (isOfTwo ? pairs.Length : 1); q++)
                    {
                        int place = !isOfTwo ? p : isSymmetric ? PairIndexing.Of(p, q, pairs.Length) : (p * pairs.Length) + q;
                        int[] indices = isOfTwo ? [pairs[p].First, pairs[p].Second, pairs[q].First, pairs[q].Second] : [pairs[p].First, pairs[p].Second];
                        double difference = Math.Abs(value(record, name, indices) - expected.Tensors[name][record][place]) / scale;
                        Assert.False(double.IsNaN(difference), $"{name} {p} {q} at record {record}");
                        largest = Math.Max(largest, difference);
                    }
                }
            }
        }

        return largest;
    }
}

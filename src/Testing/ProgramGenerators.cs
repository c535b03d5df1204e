// Random programs of layers for property tests: residual blocks of one to three dense layers with norms, gates and dropout, parallel branches, layers without a skip, norms of
// the stream, repetitions, and for closures that keep modes updates inside branches. Taps are left out: they make positions of inputs, which then are no labels. Every program fits together by construction; sizes are small.
// A failing program shrinks to fewer layers, fewer repetitions and shorter branches, as far as what is left still is a program.

using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Testing;

/// <summary>FsCheck generators of programs of layers.</summary>
public static class ProgramGenerators
{
    private static readonly WeightKind[] AnyWeights = [WeightKind.Gaussian, WeightKind.Gaussian, WeightKind.Gaussian, WeightKind.Uniform, WeightKind.Rademacher, WeightKind.Orthogonal];

    private static readonly string[] Activations = ["tanh", "gelu", "softplus", "silu", "sin"];

    /// <summary>Programs whose weights are Gaussian, so that they can be sampled by their exact law.</summary>
    /// <param name="options">Sizes and activations.</param>
    public static Gen<LayerProgram> Gaussian(LawOptions? options = null) => Programs(options, [WeightKind.Gaussian]);

    /// <summary>Programs with any weights.</summary>
    /// <param name="options">Sizes and activations.</param>
    public static Gen<LayerProgram> Any(LawOptions? options = null) => Programs(options, AnyWeights);

    // What a closure takes: branches make fields of their own where it keeps modes of them.
    internal static Gen<LayerProgram> For(IClosure closure, bool isGaussian, LawOptions? options) => Programs(options, isGaussian ? [WeightKind.Gaussian] : AnyWeights, KeepsModes(closure));

    internal static bool KeepsModes(IClosure closure) => closure.Keeps is KeptModes or KeptModesToAccuracy;

    /// <summary>Networks that are programs, with closures that are solved for them, with shrinking of the program, the inputs and the closure.</summary>
    /// <param name="closures">The closures.</param>
    /// <param name="programs">The programs, such as <see cref="Any"/>.</param>
    /// <param name="options">Sizes.</param>
    public static Arbitrary<ClosureCase> Cases(Gen<IClosure> closures, Gen<LayerProgram> programs, LawOptions? options = null)
    {
        options = (options ?? new()).Checked();
        return Arb.From(
            from program in programs
            from inputs in Gen.Choose(1, options.MostInputs)
            from kernel in NetworkGenerators.Kernel(inputs)
            from closure in closures
            select new ClosureCase(Of(program, kernel), closure),
            Shrink);
    }

    /// <summary>The network that a program is, recorded at every layer.</summary>
    /// <param name="program">The program.</param>
    /// <param name="kernel">K(0).</param>
    public static Network Of(LayerProgram program, double[,] kernel)
    {
        Network network = Network.Of(program, kernel);
        return network with { RecordedLayers = [.. Enumerable.Range(0, network.Depth + 1)] };
    }

    /// <summary>Smaller and simpler programs.</summary>
    /// <param name="program">The program.</param>
    public static IEnumerable<LayerProgram> Shrink(LayerProgram program) =>
        Shorter(program.Layers).Where(layers => layers.Count > 0).Select(layers => new LayerProgram(layers)).Where(IsProgram);

    private static IEnumerable<ClosureCase> Shrink(ClosureCase each)
    {
        Network network = each.Network;
        // A program that the flat values can say is a flat network.
        if (network.Layers is not { } program)
            return NetworkGenerators.Shrink(network).Select(smaller => each with { Network = smaller });
        IEnumerable<Network> fewer = network.Inputs < 2 ? [] : Enumerable.Range(0, network.Inputs).Select(dropped => network.OnInputs([.. Enumerable.Range(0, network.Inputs).Where(input => input != dropped)]));
        return Shrink(program).Select(smaller => Of(smaller, network.Kernel)).Concat(fewer).Select(smaller => each with { Network = smaller });
    }

    // One layer less, or one that is simpler.
    private static IEnumerable<IReadOnlyList<Layer>> Shorter(IReadOnlyList<Layer> layers)
    {
        for (int at = 0; at < layers.Count; at++)
        {
            yield return [.. layers.Take(at), .. layers.Skip(at + 1)];
            foreach (IReadOnlyList<Layer> simpler in Simpler(layers[at]))
                yield return [.. layers.Take(at), .. simpler, .. layers.Skip(at + 1)];
        }
    }

    private static IEnumerable<IReadOnlyList<Layer>> Simpler(Layer layer) => layer switch
    {
        Repeat { Count: > 1 } repeat => [repeat.Of, [repeat with { Count = repeat.Count - 1 }], .. Shorter(repeat.Of).Select(of => new[] { repeat with { Of = of } })],
        Repeat repeat => [repeat.Of],
        Residual residual => Shorter(residual.Branch).Select(branch => new[] { residual with { Branch = branch } }),
        ParallelBranches parallel => [.. parallel.Branches, .. parallel.Branches.SelectMany((branch, at) => Shorter(branch).Select(shorter => new[] { parallel with { Branches = [.. parallel.Branches.Select((other, place) => place == at ? shorter : other)] } }))],
        Dense { Weights: not WeightKind.Gaussian } dense => [[dense with { Weights = WeightKind.Gaussian }]],
        Activate { Function: not "tanh" } => [[new Activate("tanh")]],
        _ => [],
    };

    private static bool IsProgram(LayerProgram program)
    {
        try
        {
            return program.Unroll(1).Count > 0;
        }
        catch (LayerProgramException)
        {
            return false;
        }
    }

    private static Gen<LayerProgram> Programs(LawOptions? options, WeightKind[] weights, bool isNested = false)
    {
        options = (options ?? new()).Checked();
        Gen<string> activation = Gen.Elements((options.Activations ?? Activations).AsEnumerable());
        int most = Math.Max(1, options.MostLayers / 3);
        return
            from count in Gen.Choose(1, 2)
            from blocks in Block(activation, weights, isNested).ListOf(count)
            from repetitions in Gen.Choose(1, most).ListOf(count)
            from norm in Gen.Frequency((3, Gen.Constant<Layer?>(null)), (1, Norm().Select(each => (Layer?)new PostNorm(each.Gain, each.Epsilon))))
            select new LayerProgram([.. blocks.Zip(repetitions, (block, times) => times == 1 ? block : [new Repeat(times, block)]).SelectMany(each => each), .. norm is null ? Array.Empty<Layer>() : [norm]]);
    }

    // What is repeated: it leaves the width of the stream as it is.
    private static Gen<Layer[]> Block(Gen<string> activation, WeightKind[] weights, bool isNested) => Gen.Frequency(
        (4, Residual(Branch(activation, weights, isNested))),
        (1, from left in Branch(activation, weights, isNested) from right in Branch(activation, weights, isNested) from residual in Residual(Gen.Constant(new Layer[] { new ParallelBranches([left, right]) })) select residual),
        (1, from function in activation from dense in Dense(weights, null) select new Layer[] { new Activate(function), dense }));

    private static Gen<Layer[]> Residual(Gen<Layer[]> branches) =>
        from branch in branches
        from skip in Gen.Elements(1.0, 1.0, 0.9)
        from step in Gen.Elements(0.3, 0.5, 0.8)
        select new Layer[] { new Residual(branch) { Skip = skip, Step = step } };

    private static Gen<Layer[]> Branch(Gen<string> activation, WeightKind[] weights, bool isNested) =>
        from before in Inner(activation, weights, isNested)
        from norm in Gen.Frequency((2, Gen.Constant(Array.Empty<Layer>())), (1, Norm().Select(each => new Layer[] { each })))
        from first in Gen.OneOf(Gen.Constant(Array.Empty<Layer>()), activation.Select(function => new Layer[] { new Activate(function) }))
        from mask in Mask()
        from hidden in Gen.Frequency(
            (2, Gen.Constant(Array.Empty<Layer>())),
            (2, from dense in Dense(weights, [0.5, 1, 2]) from inner in Inner(activation, weights, isNested) from function in activation from dropped in Mask() select (Layer[])[dense, .. inner, new Activate(function), .. dropped]),
            (1, from dense in Dense([WeightKind.Gaussian], [0.5, 1, 2]) from function in activation select new Layer[] { dense with { Copies = 2 }, new Gate(function) }))
        from last in Dense(hidden.Length > 0 ? [.. weights.Where(kind => kind != WeightKind.Orthogonal)] : weights, null)
        select (Layer[])[.. before, .. norm, .. first, .. mask, .. hidden, last];

    // An update of the field of a branch.
    private static Gen<Layer[]> Inner(Gen<string> activation, WeightKind[] weights, bool isNested)
    {
        Gen<Layer[]> none = Gen.Constant(Array.Empty<Layer>());
        if (!isNested)
            return none;
        Gen<Layer[]> branch = Branch(activation, [.. weights.Where(kind => kind != WeightKind.Orthogonal)], isNested: false);
        return Gen.Frequency((2, none), (1, Residual(branch)), (1, from left in branch from right in branch select new Layer[] { new ParallelBranches([left, right]) }));
    }

    private static Gen<RmsNorm> Norm() =>
        from gain in Gen.Elements(1.0, 1.2)
        from epsilon in Gen.Elements(0.1, 0.3)
        select new RmsNorm(gain, epsilon);

    private static Gen<Layer[]> Mask() => Gen.Frequency(
        (4, Gen.Constant(Array.Empty<Layer>())),
        (1, from keep in Gen.Elements(0.6, 0.9) from isShared in Gen.Elements(true, false) select new Layer[] { new Dropout(keep, isShared) }));

    // Orthogonal matrices are square: there are none from or to a hidden field of its own width.
    private static Gen<Dense> Dense(WeightKind[] weights, double[]? widths) =>
        from variance in Gen.Choose(5, 18).Select(value => value / 10.0)
        from bias in Gen.Elements(0.0, 0.1)
        from kind in Gen.Elements(weights.AsEnumerable())
        from width in Gen.Elements((widths ?? [1]).AsEnumerable())
        select new Dense(variance) { BiasVariance = bias, Weights = kind == WeightKind.Orthogonal && widths is not null ? WeightKind.Gaussian : kind, Width = widths is null || width == 1 ? null : width };
}

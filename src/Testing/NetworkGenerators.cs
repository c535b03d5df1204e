// Random networks for property tests. Kernels are Gram matrices X X^T / d of random points, so they are positive
// semidefinite by construction; with fewer dimensions than inputs, or a repeated point, they are singular, which is where
// derivations break. Sizes are small: a law that fails for large networks fails for small ones.
// A failing network shrinks to fewer layers, fewer inputs and round numbers.

using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Testing;

/// <summary>FsCheck generators of kernels, activations and networks.</summary>
public static class NetworkGenerators
{
    private const int MostInputs = 3, MostLayers = 12;

    /// <summary>Smooth activations for which every closure is defined.</summary>
    public static IReadOnlyList<string> SmoothActivations { get; } = ["tanh", "erf", "gelu", "softplus", "sigmoid", "silu", "sin", "identity", "tanh(x) + x^2/10"];

    /// <summary>A kernel over pairs of N inputs, positive semidefinite, sometimes singular; variances of order 1.</summary>
    /// <param name="inputs">N.</param>
    public static Gen<double[]> Kernel(int inputs) =>
        from dimension in Gen.Choose(1, inputs + 2)
        from coordinates in Gen.Choose(-20, 20).Select(value => value / 10.0).ArrayOf(inputs * dimension)
        from repeated in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Gram(coordinates, inputs, dimension, repeated);

    /// <summary>A smooth activation.</summary>
    public static Gen<Activation> SmoothActivation() => Gen.Elements(SmoothActivations.AsEnumerable()).Select(Activation.Parse);

    /// <summary>A small network with 1 to 3 inputs, recorded at its first, middle and last layer.</summary>
    public static Gen<TheoryProblem> Network() =>
        from activation in SmoothActivation()
        from inputs in Gen.Choose(1, MostInputs)
        from kernel in Kernel(inputs)
        from depth in Gen.Choose(1, MostLayers)
        from skip in Gen.Elements(1.0, 1.0, 0.9, 0.5)
        from step in Gen.Elements(0.05, 0.1, 0.2)
        from weights in Gen.Choose(2, 20).Select(value => value / 10.0)
        from bias in Gen.Elements(0.0, 0.1, 0.5)
        select new TheoryProblem(activation, new LayerParameters(skip, step, weights, bias), inputs, kernel, depth, Records(depth));

    /// <summary>Networks, with shrinking.</summary>
    public static Arbitrary<TheoryProblem> Networks() => Arb.From(Network(), Shrink);

    /// <summary>The network on some of its inputs, in the order given.</summary>
    /// <param name="problem">The network.</param>
    /// <param name="inputs">Which inputs, from 0.</param>
    public static TheoryProblem OnInputs(this TheoryProblem problem, IReadOnlyList<int> inputs) => problem with
    {
        Inputs = inputs.Count,
        InitialKernel = [.. PairIndexing.All(inputs.Count).Select(pair => problem.InitialKernel[PairIndexing.Of(inputs[pair.First], inputs[pair.Second], problem.Inputs)])],
    };

    private static IEnumerable<TheoryProblem> Shrink(TheoryProblem problem)
    {
        if (problem.Depth > 1)
            yield return problem with { Depth = problem.Depth / 2, RecordedLayers = Records(problem.Depth / 2) };
        for (int dropped = 0; problem.Inputs > 1 && dropped < problem.Inputs; dropped++)
            yield return problem.OnInputs([.. Enumerable.Range(0, problem.Inputs).Where(input => input != dropped)]);
        if (problem.Layer.BiasVariance != 0)
            yield return problem with { Layer = problem.Layer with { BiasVariance = 0 } };
        if (problem.Layer.Skip != 1)
            yield return problem with { Layer = problem.Layer with { Skip = 1 } };
        if (problem.Layer.WeightVariance != 1)
            yield return problem with { Layer = problem.Layer with { WeightVariance = 1 } };
        if (problem.Activation.Text != "identity")
            yield return problem with { Activation = Activation.Parse("identity") };
    }

    private static int[] Records(int depth) => [.. new[] { 0, depth / 2, depth }.Distinct()];

    private static double[] Gram(double[] coordinates, int inputs, int dimension, bool repeated)
    {
        if (repeated && inputs > 1)
            Array.Copy(coordinates, 0, coordinates, dimension, dimension);
        return
        [
            .. PairIndexing.All(inputs).Select(pair => Enumerable.Range(0, dimension)
                .Sum(axis => coordinates[(pair.First * dimension) + axis] * coordinates[(pair.Second * dimension) + axis]) / dimension),
        ];
    }
}

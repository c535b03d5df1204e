// Random networks for property tests. Kernels are Gram matrices X X^T / d of random points, so they are positive
// semidefinite by construction; with fewer dimensions than inputs, or a point that is another one, its opposite or zero, they are
// singular, which is where derivations break. Sizes are small: a law that fails for large networks fails for small ones.
// A failing network shrinks to fewer layers, fewer inputs, simpler parameters and the simplest activation that still fails.

using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing;

/// <summary>FsCheck generators of kernels, networks, and networks with closures.</summary>
public static class NetworkGenerators
{
    // Simpler and simpler activations for shrinking.
    private static readonly string[] Simple = ["tanh", "x^2", "identity"];

    private enum Degeneracy
    {
        None,
        Equal,
        Opposite,
        Zero,
    }

    /// <summary>A kernel of N inputs, positive semidefinite, often singular; variances of order 1.</summary>
    /// <param name="inputs">N.</param>
    public static Gen<double[,]> Kernel(int inputs) =>
        from dimension in Gen.Choose(1, inputs + 2)
        from coordinates in Gen.Choose(-20, 20).Select(value => value / 10.0).ArrayOf(inputs * dimension)
        from degeneracy in Gen.Frequency((5, Gen.Constant(Degeneracy.None)), (1, Gen.Constant(Degeneracy.Equal)), (1, Gen.Constant(Degeneracy.Opposite)), (1, Gen.Constant(Degeneracy.Zero)))
        select Gram(coordinates, inputs, dimension, degeneracy);

    /// <summary>A small network, recorded at its first, middle and last layer.</summary>
    /// <param name="options">Sizes and activations.</param>
    public static Gen<Network> Network(LawOptions? options = null)
    {
        options = (options ?? new()).Checked();
        return
            from activation in options.Activations is { } names ? ActivationGenerators.Of(names) : ActivationGenerators.SmoothActivation()
            from inputs in Gen.Choose(1, options.MostInputs)
            from kernel in Kernel(inputs)
            from depth in Gen.Choose(1, options.MostLayers)
            from skip in Gen.Elements(1.0, 1.0, 0.9, 0.5, 0)
            from step in Gen.Elements(0.05, 0.1, 0.2)
            from weights in Gen.Choose(2, 20).Select(value => value / 10.0)
            from bias in Gen.Elements(0.0, 0.1, 0.5)
            select new Network
            {
                Activation = activation.Text,
                WeightVariance = weights,
                BiasVariance = bias,
                Skip = skip,
                Step = skip == 0 ? 1 : step,
                Depth = depth,
                Kernel = kernel,
                RecordedLayers = Records(depth),
            };
    }

    /// <summary>Networks, with shrinking.</summary>
    /// <param name="options">Sizes and activations.</param>
    public static Arbitrary<Network> Networks(LawOptions? options = null) => Arb.From(Network(options), Shrink);

    /// <summary>Networks with closures, with shrinking of both.</summary>
    /// <param name="closures">The closures.</param>
    /// <param name="options">Sizes and activations.</param>
    public static Arbitrary<ClosureCase> Cases(Gen<IClosure> closures, LawOptions? options = null) => Arb.From(
        from network in Network(options) from closure in closures select new ClosureCase(network, closure),
        each => Shrink(each.Network).Select(network => each with { Network = network }).Concat(ClosureGenerators.Shrink(each.Closure).Select(closure => each with { Closure = closure })));

    /// <summary>Smaller and simpler networks.</summary>
    /// <param name="network">The network.</param>
    public static IEnumerable<Network> Shrink(Network network)
    {
        if (network.Depth > 1)
            yield return network with { Depth = network.Depth / 2, RecordedLayers = Records(network.Depth / 2) };
        for (int dropped = 0; network.Inputs > 1 && dropped < network.Inputs; dropped++)
            yield return network.OnInputs([.. Enumerable.Range(0, network.Inputs).Where(input => input != dropped)]);
        if (network.BiasVariance != 0)
            yield return network with { BiasVariance = 0 };
        if (network.Skip is not 1 and not 0)
            yield return network with { Skip = 1 };
        if (network.WeightVariance != 1)
            yield return network with { WeightVariance = 1 };
        int known = Array.IndexOf(Simple, network.Activation);
        for (int simpler = Simple.Length - 1; simpler > known; simpler--)
            yield return network with { Activation = Simple[simpler] };
    }

    private static int[] Records(int depth) => [.. new[] { 0, depth / 2, depth }.Distinct()];

    private static double[,] Gram(double[] coordinates, int inputs, int dimension, Degeneracy degeneracy)
    {
        for (int axis = 0; inputs > 1 && axis < dimension; axis++)
        {
            coordinates[dimension + axis] = degeneracy switch
            {
                Degeneracy.Equal => coordinates[axis],
                Degeneracy.Opposite => -coordinates[axis],
                Degeneracy.Zero => 0,
                _ => coordinates[dimension + axis],
            };
        }

        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++)
                kernel[a, b] = Enumerable.Range(0, dimension).Sum(axis => coordinates[(a * dimension) + axis] * coordinates[(b * dimension) + axis]) / dimension;
        }

        return kernel;
    }
}

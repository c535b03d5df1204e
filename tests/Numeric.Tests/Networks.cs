using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;

namespace SymbolicEft.Numeric.Tests;

/// <summary>Networks in one line, from the numbers of a layer and the kernel over pairs.</summary>
internal static class Networks
{
    public static Network Of(Activation activation, LayerParameters layer, int inputs, IReadOnlyList<double> kernel, int depth, IReadOnlyList<int> layers) => new Network
    {
        Activation = activation.Text,
        WeightVariance = 0,
        Step = 0,
        Depth = depth,
        Kernel = new double[inputs, inputs],
        RecordedLayers = layers,
    }.WithLayer(layer).WithKernel(kernel);

    public static Network WithLayer(this Network network, LayerParameters layer) => network with
    {
        Skip = layer.Skip,
        Step = layer.Step,
        WeightVariance = layer.WeightVariance,
        BiasVariance = layer.BiasVariance,
    };

    public static Network WithKernel(this Network network, params IReadOnlyList<double> kernel)
    {
        var full = new double[network.Inputs, network.Inputs];
        foreach ((int a, int b) in PairIndexing.All(network.Inputs)) full[a, b] = full[b, a] = kernel[PairIndexing.Of(a, b, network.Inputs)];
        return network with { Kernel = full };
    }
}

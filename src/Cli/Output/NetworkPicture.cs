using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Output;

/// <summary>What a network does to the stream, as text: of a flat network too, which is a program of one block.</summary>
internal static class NetworkPicture
{
    /// <summary>The picture, each line ended by a line feed.</summary>
    public static string Of(Specification specification) => LayersPicture.Of(Program(specification));

    /// <summary>The network as a program of layers, a flat one too.</summary>
    public static LayerProgram Program(Specification specification) => specification.Layers ?? Flat(specification.Network);

    private static LayerProgram Flat(Network network)
    {
        Layer[] block = [new Activate(network.Activation), new Dense(network.WeightVariance) { BiasVariance = network.BiasVariance }];
        return new([new Repeat(network.Depth, network is { Skip: 0, Step: 1 } ? block : [new Residual(block) { Skip = network.Skip, Step = network.Step }])]);
    }
}

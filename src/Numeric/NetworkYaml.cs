using System.Globalization;
using System.Text;
using SymbolicEft.Symbolic.Languages.Yaml;

namespace SymbolicEft.Numeric;

/// <summary>A network and a closure as the head of a specification file: what symeft and the library write goes through here.</summary>
internal static class NetworkYaml
{
    /// <summary>The name, the network with its inputs, and the closure.</summary>
    /// <param name="name">Name of the specification.</param>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="closure">The closure's name.</param>
    /// <param name="width">n; null to leave it out.</param>
    /// <param name="layers">A program of layers in place of the flat values, indented; null for none.</param>
    public static string Of(string name, Network network, string closure, int? width = null, string? layers = null)
    {
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        var yaml = new StringBuilder()
            .Append($"name: {name}\nnetwork:\n")
            .Append(layers is not null ? $"  layers:\n{layers}" : string.Create(CultureInfo.InvariantCulture, $"  activation: {YamlText.Quoted(network.Activation)}\n  weightVariance: {Number(network.WeightVariance)}\n  biasVariance: {Number(network.BiasVariance)}\n  skip: {Number(network.Skip)}\n  step: {Number(network.Step)}\n  depth: {network.Depth}\n"))
            .Append(CultureInfo.InvariantCulture, $"{(width is { } n ? $"  width: {n.ToString(CultureInfo.InvariantCulture)}\n" : "")}inputs:\n  kernel:\n");
        for (int a = 0; a < network.Inputs; a++)
            yaml.Append($"    - [{string.Join(", ", Enumerable.Range(0, network.Inputs).Select(b => Number(network.Kernel[a, b])))}]\n");
        return yaml.Append($"closure: {YamlText.Quoted(closure)}\n").ToString();
    }
}

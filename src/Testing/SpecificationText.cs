using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Testing;

/// <summary>A network as a specification file, so that a failing case can be saved and run.</summary>
public static class SpecificationText
{
    /// <summary>The YAML that symeft reads.</summary>
    /// <param name="network">The network.</param>
    /// <param name="closure">The closure's name.</param>
    public static string Yaml(Network network, string closure = "g-only") => NetworkYaml.Of("counterexample", network, closure, null, network.Layers is { } program ? LayersWriter.Yaml(program, 4) : null);
}

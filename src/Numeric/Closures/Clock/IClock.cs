using SymbolicEft.Numeric.Compilation;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Equations of the random clock, which may be given the numbers of another layer before each step: nothing that they were prepared with depends on them.</summary>
internal interface IClock : IDepthEquations
{
    /// <summary>The numbers of the layer that is taken next.</summary>
    LayerParameters Layer { get; set; }
}

using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Galerkin;

internal sealed partial class ObservableSpan
{
    /// <summary>What the expansions rest on so far and nothing proves.</summary>
    public IEnumerable<Unproved> Unproved => _expansion.Unproved;
}

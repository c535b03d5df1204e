using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Equations;

internal sealed partial class TangentProducts
{
    /// <summary>What rests on nothing proved so far.</summary>
    public IEnumerable<Unproved> Unproved => new[] { _first.Unproved, _second.Unproved, _slopeWith.UnprovedPlane, _withSlope.UnprovedPlane }.OfType<Unproved>();
}

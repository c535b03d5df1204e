using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Modes;

internal sealed partial class ProductModes
{
    private Unproved? _unprovedOnLine;

    /// <summary>What was integrated in the plane, or at proportional inputs, without a proof so far; null if nothing was.</summary>
    public Unproved? UnprovedPlane => _plane.Unproved ?? _unprovedOnLine;

    partial void Report(FactorModes onLine) => _unprovedOnLine ??= onLine.Unproved;
}

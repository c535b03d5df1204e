using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Modes;

internal sealed partial class ProductModes
{
    private Unproved? _unprovedOnLine;

    /// <summary>What was integrated in the plane, or at proportional inputs, without a proof so far; null if nothing was.</summary>
    public Unproved? UnprovedPlane => _plane.Unproved ?? _unprovedOnLine;

    partial void Rescale(double kaa, double kbb, ref double factor)
    {
        if (kaa > 0 && kbb > 0 && _first.Degree is { } first && _second.Degree is { } second)
            factor = Math.Pow(kaa, first / 2.0) * Math.Pow(kbb, second / 2.0);
    }

    partial void Report(FactorModes onLine) => _unprovedOnLine ??= onLine.Unproved;
}

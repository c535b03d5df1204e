using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

internal sealed partial class ProductsCovariance
{
    /// <summary>What rests on nothing proved so far.</summary>
    public IEnumerable<Unproved> Unproved => [.. _powers.Values.Select(power => power.Unproved).OfType<Unproved>(), .. _first?.Unproved ?? [], .. _second?.Unproved ?? []];

    partial void Express(ActivationDescription product, int f, int h) =>
        product.Expressions = row => row == 0 && _function.Expressions(0)?.Function is { } first && _other.Expressions(0)?.Function is { } second && first.Pow(f) * second.Pow(h) is var raised
            ? new StripFunction(raised, 0, raised)
            : null;
}

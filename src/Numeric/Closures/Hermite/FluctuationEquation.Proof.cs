using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

internal sealed partial class FluctuationEquation
{
    /// <summary>What the coefficients rest on so far and nothing proves.</summary>
    public IEnumerable<Unproved> Unproved => new[] { _square.Unproved, _factor.Unproved, _products.UnprovedPlane }.OfType<Unproved>();

    static partial void Express(ActivationDescription square, ActivationDescription activation) =>
        square.Expressions = row => row == 0 ? StripFunction.Square(activation.Expressions(0)) : null;
}

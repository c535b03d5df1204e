using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

internal sealed partial class SigmaKernelCovariance
{
    /// <summary>What rests on nothing proved so far.</summary>
    public IEnumerable<Unproved> Unproved => _powers.Select(power => power.Unproved).OfType<Unproved>().Concat(_modes?.Unproved ?? []);

    static partial void Express(ActivationDescription power, ActivationDescription function, int exponent) =>
        power.Expressions = row => row == 0 && function.Expressions(0)?.Function is { } body && body.Pow(exponent) is var raised ? new StripFunction(raised, 0, raised) : null;
}

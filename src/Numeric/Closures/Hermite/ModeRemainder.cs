// What a series of modes that is cut at order k leaves out, from its values at k/4, k/2 and k: with d1 = x(k/2) - x(k/4), d2 = x(k) - x(k/2), r = |d2/d1| is how
// fast the sequence falls per doubling of k, and |d2| r/(1 - r) what is left, to which half is added. For a remainder that falls like a power of k (kinks)
// the first part is what it tends to, with corrections at finite k that the half covers; for analytic sigma it falls faster, and the estimate is well above it.
// r is never taken above .7, beyond which the sequence does not count as falling.

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>The one estimate of what a series of modes leaves out; an estimate, not a bound (the covariances of a control variate have one: CovarianceTail).</summary>
internal static class ModeRemainder
{
    /// <summary>The slowest fall per doubling of the order that is extrapolated.</summary>
    public const double SlowestRatio = 0.7;

    private const double Allowance = 1.5;

    /// <summary>What is left out.</summary>
    /// <param name="before">The change from k/4 to k/2; NaN where it is not known, 0 where there was none.</param>
    /// <param name="change">The change from k/2 to k.</param>
    /// <param name="quickest">The quickest fall that is believed: 0 for an order that was fixed beforehand; more where the order was chosen for its small estimate, so that a fall that was quicker by chance is not trusted.</param>
    public static double Of(double before, double change, double quickest = 0)
    {
        double ratio = double.IsNaN(before) || before == 0 ? SlowestRatio : Math.Clamp(Math.Abs(change / before), quickest, SlowestRatio);
        return Allowance * Math.Abs(change) * ratio / (1 - ratio);
    }
}

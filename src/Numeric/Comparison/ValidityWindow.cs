// How far a closure can be trusted: the depth up to which one of its numbers stays within a share p of the exact one,
//   |value - exact| <= p |exact|   at every depth before.
// The relative deviation is interpolated linearly between the depths where it is known. At depth 0 all closures agree: V4 is that of
// independent rows, and K1 is 0, where the deviation is taken to be what it is at the first depth after.

namespace SymbolicEft.Numeric.Comparison;

/// <summary>The depth up to which a number of a closure stays near the exact one.</summary>
/// <param name="Depth">Where it first leaves, in the units of the depths given; the last depth where it never does; 0 where it has left at the first depth after 0.</param>
/// <param name="Leaves">Whether it leaves at all.</param>
public readonly record struct ValidityWindow(double Depth, bool Leaves)
{
    /// <summary>Finds the window of one number.</summary>
    /// <param name="depths">Where the numbers are known, increasing, from 0.</param>
    /// <param name="values">The closure's numbers.</param>
    /// <param name="exact">The exact ones.</param>
    /// <param name="share">p, such as 0.05.</param>
    /// <param name="rounding">For each depth, differences up to this are rounding: no deviation, even from an exact 0.</param>
    /// <exception cref="ArgumentException">The lists differ in length or are empty.</exception>
    internal static ValidityWindow Of(IReadOnlyList<double> depths, IReadOnlyList<double> values, IReadOnlyList<double> exact, double share, IReadOnlyList<double> rounding)
    {
        if (depths.Count == 0 || depths.Count != values.Count || depths.Count != exact.Count || depths.Count != rounding.Count)
            throw new ArgumentException($"There are {depths.Count} depths, {values.Count} values, {exact.Count} exact values and {rounding.Count} sizes of rounding; there must be equally many, at least one.");
        double before = double.NaN;
        for (int at = exact[0] == 0 && depths.Count > 1 ? 1 : 0; at < depths.Count; at++)
        {
            double deviation = Deviation(values[at], exact[at], rounding[at]);
            if (!(deviation <= share))
                return new(before <= share ? depths[at - 1] + ((depths[at] - depths[at - 1]) * (share - before) / (deviation - before)) : 0, true);
            before = deviation;
        }

        return new(depths[^1], false);
    }

    /// <summary>|value - exact| / |exact|; 0 within rounding, infinite where only the exact value is 0.</summary>
    /// <param name="value">The closure's number.</param>
    /// <param name="exact">The exact one.</param>
    /// <param name="rounding">Differences up to this are rounding.</param>
    internal static double Deviation(double value, double exact, double rounding) =>
        Math.Abs(value - exact) <= rounding ? 0 : exact == 0 ? double.PositiveInfinity : Math.Abs((value - exact) / exact);
}

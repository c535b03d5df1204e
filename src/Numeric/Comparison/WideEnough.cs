// How wide is wide enough: where the expansion in 1/n is one. Of the inputs a, at layer l, to leading order in 1/n,
//   v_l = max_a sqrt(V4_aa,aa)/K0_aa        standard deviation of G_aa over its mean, times sqrt(n)
//   k_l = max_a |K1_aa|/K0_aa               shift of the mean of G_aa at finite width over it, times n
// Width n keeps within a fraction f up to layer l if  v_m/sqrt(n) <= f  and  k_m/n <= f  at every layer m <= l.

using System.Globalization;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>
/// Which width a network needs so that its kernel's fluctuations and the shift of its mean stay small, and how deep a given width carries:
/// sqrt(V4_aa,aa/n)/K0_aa and |K1_aa|/(n K0_aa), of every input a with itself, at most a fraction at every layer from 0 on, to leading order in 1/n
/// and by the closure that was solved. Pairs of two inputs are not asked: their K0 may be 0, and |G_ab| is at most sqrt(G_aa G_bb).
/// </summary>
public sealed record WideEnough
{
    /// <summary>The fraction if none is chosen.</summary>
    public const double StandardFraction = 0.1;

    // Widths are compared to this share: the numbers they come from are rounded.
    private const double Rounding = 1e-9;

    private WideEnough()
    {
    }

    /// <summary>The fraction f.</summary>
    public required double Fraction { get; init; }

    /// <summary>The layer up to which it is asked, the last of the solution.</summary>
    public required int LastLayer { get; init; }

    /// <summary>The smallest n with sqrt(V4_aa,aa/n)/K0_aa at most f at every layer; infinite where a kernel vanishes and its fluctuation does not.</summary>
    public required double WidthForV4 { get; init; }

    /// <summary>The smallest n with |K1_aa|/(n K0_aa) at most f at every layer; likewise.</summary>
    public required double WidthForK1 { get; init; }

    /// <summary>The smallest n that keeps both at most f at every layer.</summary>
    public double Width => Math.Max(WidthForV4, WidthForK1);

    /// <summary>The width that is asked about.</summary>
    public required int GivenWidth { get; init; }

    /// <summary>The last layer up to which <see cref="GivenWidth"/> keeps within f, from layer 0 on; null where it does not at layer 0.</summary>
    public required int? HoldsTo { get; init; }

    /// <summary>
    /// The first layer at which it no longer does; null where it does to the last. One more than <see cref="HoldsTo"/>, unless layers between them are
    /// not known: continuous depth knows those that are recorded.
    /// </summary>
    public required int? LeavesAt { get; init; }

    /// <summary>The first layer at which the fluctuation, or the shift of the mean, of a kernel at <see cref="GivenWidth"/> exceeds the kernel itself: from there on an expansion in 1/n says nothing. Null for none.</summary>
    public required int? BeyondAt { get; init; }

    /// <summary>Whether at a layer the kernel of an input is 0, and its fluctuation and the shift of its mean with it: there it has no relative size, and is left out.</summary>
    public required bool LeavesOutVanished { get; init; }

    /// <summary>Asks a solution; every layer of it where depth is discrete.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="width">The width n that the network has.</param>
    /// <param name="fraction">f, greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Width or fraction is not positive.</exception>
    public static WideEnough Of(TheorySolution solution, int width, double fraction = StandardFraction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!(fraction > 0 && double.IsFinite(fraction)))
            throw new ArgumentOutOfRangeException(nameof(fraction), string.Create(CultureInfo.InvariantCulture, $"fraction is {fraction:R}, and fluctuations are never below it; use a positive number such as 0.1."));
        IReadOnlyList<RelativeSize> sizes = solution.Sizes.Count > 0
            ? solution.Sizes
            : [.. Enumerable.Range(0, solution.Layers.Count).Select(at => RelativeSize.Of(solution.Layers[at], solution.Inputs, solution.K0[at], solution.V4[at], solution.K1[at]))];
        (double v, double k) = (0, 0);
        (int? holds, int? leaves) = (null, null);
        foreach (RelativeSize size in sizes)
        {
            (v, k) = (Math.Max(v, size.Fluctuation), Math.Max(k, size.Shift));
            if (leaves is null && Widest(v, k) <= width)
                holds = size.Layer;
            else
                leaves ??= size.Layer;
        }

        return new()
        {
            Fraction = fraction,
            LastLayer = sizes[^1].Layer,
            WidthForV4 = ForV4(v),
            WidthForK1 = ForK1(k),
            GivenWidth = width,
            HoldsTo = holds,
            LeavesAt = leaves,
            BeyondAt = sizes.Where(size => size.Fluctuation > Math.Sqrt(width) || size.Shift > width).Select(size => (int?)size.Layer).FirstOrDefault(),
            LeavesOutVanished = double.IsFinite(v) && double.IsFinite(k) && sizes.Any(size => size.HasVanished),
        };

        double Widest(double v, double k) => Math.Max(ForV4(v), ForK1(k));

        double ForV4(double v) => Whole(v / fraction * (v / fraction));

        double ForK1(double k) => Whole(k / fraction);

        static double Whole(double width) => Math.Max(1, Math.Ceiling(width * (1 - Rounding)));
    }
}

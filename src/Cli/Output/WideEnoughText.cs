using System.Globalization;
using SymbolicEft.Numeric.Comparison;

namespace SymbolicEft.Cli.Output;

/// <summary>Which width is wide enough, in sentences.</summary>
internal static class WideEnoughText
{
    /// <summary>Two sentences for tables, pages and the explorer: the width that is needed, and how deep the given one carries.</summary>
    /// <param name="wide">The answer.</param>
    /// <param name="isMarkup">Whether letters are written as HTML.</param>
    public static string Of(WideEnough wide, bool isMarkup = false)
    {
        (string n, string v, string k, string v4, string k1) = isMarkup
            ? ("<i>n</i>", "√(<i>V</i><sup>(4)</sup>/<i>n</i>)/<i>K</i><sup>(0)</sup>", "|<i>K</i><sup>(1)</sup>|/(<i>n</i><i>K</i><sup>(0)</sup>)", "<i>V</i><sup>(4)</sup>", "<i>K</i><sup>(1)</sup>")
            : ("n", "sqrt(V4/n)/K0", "|K1|/(n K0)", "V4", "K1");
        string f = wide.Fraction.ToString("R", CultureInfo.InvariantCulture);
        string needed = double.IsInfinity(wide.Width)
            ? $"No width is wide enough up to layer {Whole(wide.LastLayer)}: the kernel of an input vanishes and {v4} or {k1} does not"
            : $"Wide enough up to layer {Whole(wide.LastLayer)}: {n} = {Whole(wide.Width)} keeps {v} and {k} of every input within {f} ({v4} alone needs {Whole(wide.WidthForV4)}, {k1} alone {Whole(wide.WidthForK1)})";
        string left = wide.LeavesOutVanished ? " The kernel of an input is 0 at a layer, where it has no relative size and was left out." : "";
        string k0 = isMarkup ? "<i>K</i><sup>(0)</sup>" : "K0";
        string beyond = wide.BeyondAt is { } lost ? $" At layer {Whole(lost)} a fluctuation or a shift of the mean at this width exceeds {k0} itself: from there on the expansion in 1/{n} says nothing, and {k0} is not the mean kernel of such networks." : "";
        return $"{needed}. {n} = {Whole(wide.GivenWidth)} {Depth(wide, f)}.{beyond}{left}";
    }

    private static string Depth(WideEnough wide, string f) => (wide.HoldsTo, wide.LeavesAt) switch
    {
        (_, null) => $"keeps within {f} to the last layer",
        (null, { } first) => $"is beyond {f} at layer {Whole(first)}",
        ({ } last, { } first) when first == last + 1 => $"keeps within {f} up to layer {Whole(last)}",
        ({ } last, { } first) => $"keeps within {f} up to layer {Whole(last)} and not at layer {Whole(first)}; those between were not recorded",
    };

    private static string Whole(double number) => number < 1e15 ? number.ToString("F0", CultureInfo.InvariantCulture) : number.ToString("G3", CultureInfo.InvariantCulture);
}

using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>From two widths to infinite width.</summary>
internal static class InfiniteWidth
{
    /// <summary>x(n) = x + c/n from two widths: (n2 x2 - n1 x1)/(n2 - n1). What is of order 1/n^2 is left.</summary>
    /// <param name="narrow">A width and what was measured at it.</param>
    /// <param name="wide">Another width, of networks of their own.</param>
    public static Estimate Extrapolate((int Width, Estimate Measured) narrow, (int Width, Estimate Measured) wide)
    {
        double n1 = narrow.Width, n2 = wide.Width, e1 = narrow.Measured.StandardError, e2 = wide.Measured.StandardError;
        return new(
            ((n2 * wide.Measured.Value) - (n1 * narrow.Measured.Value)) / (n2 - n1),
            Math.Sqrt((n2 * e2 * n2 * e2) + (n1 * e1 * n1 * e1)) / Math.Abs(n2 - n1));
    }
}

using SymbolicEft.Symbolic.Enclosures;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>The density of the standard normal distribution, enclosed.</summary>
internal static class GaussianDensity
{
    private static readonly Interval InverseRootTwoPi = (2 * Interval.Pi).SquareRoot().Inverse();

    /// <summary>Over real arguments.</summary>
    public static Interval Of(Interval z) => InverseRootTwoPi * (-0.5 * z.Square()).Exp();

    /// <summary>An upper bound of its absolute value over a rectangle, e^((y^2 - x^2)/2) / sqrt(2 pi).</summary>
    public static double Bound(ComplexBox z) =>
        (InverseRootTwoPi * (0.5 * (Interval.At(z.Imaginary.Size).Square() - Interval.At(z.Real.Smallest).Square())).Exp()).High;
}

// The Gauss-Legendre rule of N = 20 points. If |F| <= M on the ellipse with foci at the ends of a panel of half-width r and half-axes
// r (rho +- 1/rho)/2, and F is analytic there, the rule is off by at most
//   (64/15) M r rho^(-2N) / (1 - rho^(-2))           (Trefethen, Approximation Theory and Approximation Practice, theorem 19.3).
// Nodes and weights are intervals that hold them: Newton's method on the Legendre polynomial in 28-digit decimal arithmetic,
// w = 2 / ((1 - x^2) P'(x)^2); tests compare with 40-digit values.

using System.Globalization;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>The Gauss-Legendre rule of 20 points on [-1, 1], and what it may be off.</summary>
internal static class EllipseRule
{
    /// <summary>Number of points.</summary>
    public const int Count = 20;

    static EllipseRule()
    {
        for (int n = 0; n < Count; n++)
        {
            decimal x = (decimal)Math.Cos(Math.PI * (n + 0.75) / (Count + 0.5));
            for (int iteration = 0; iteration < 4; iteration++)
            {
                (decimal value, decimal slope) = Legendre(x);
                x -= value / slope;
            }

            decimal derivative = Legendre(x).Slope;
            Nodes[Count - 1 - n] = Enclose(x);
            Weights[Count - 1 - n] = Enclose(2 / ((1 - (x * x)) * derivative * derivative));
        }
    }

    private const double Rho = 3;

    /// <summary>What the error is at most, over M r.</summary>
    public static double Factor { get; } = FactorOf(Rho);

    /// <summary>The same for M on the ellipse of another rho.</summary>
    public static double FactorOf(double rho) => 64.0 / 15 * Math.Pow(rho, -2 * Count) / (1 - (1 / (rho * rho))) * (1 + 1e-12);

    /// <summary>A rectangle about the ellipse of a panel.</summary>
    public static ComplexBox Rectangle(double start, double end, double rho = Rho)
    {
        double half = 0.5 * (end - start) * (1 + 1e-12), across = half * (rho - (1 / rho)) / 2;
        return new(Interval.Around((0.5 * start) + (0.5 * end), half * (rho + (1 / rho)) / 2), new(-across, across));
    }

    /// <summary>The nodes, ascending.</summary>
    public static Interval[] Nodes { get; } = new Interval[Count];

    /// <summary>The weights.</summary>
    public static Interval[] Weights { get; } = new Interval[Count];

    private static (decimal Value, decimal Slope) Legendre(decimal x)
    {
        decimal before = 1, now = x;
        for (int k = 2; k <= Count; k++) (before, now) = (now, ((((2 * k) - 1) * x * now) - ((k - 1) * before)) / k);
        return (now, Count * ((x * now) - before) / ((x * x) - 1));
    }

    // Within one place of the double nearest to it, on the side on which 24 of the digits say it is.
    private static Interval Enclose(decimal value)
    {
        double nearest = (double)value;
        Rational beyond = Rational.Parse(value.ToString(CultureInfo.InvariantCulture)) - Rational.Exactly(nearest), slack = Rational.Parse("1e-24");
        return new(beyond > slack ? nearest : Math.BitDecrement(nearest), beyond < -slack ? nearest : Math.BitIncrement(nearest));
    }
}

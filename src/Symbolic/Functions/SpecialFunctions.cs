// erf by the two classical expansions, each used where it converges fast:
//   |x| < 2.5   erf x = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1) / (1*3*...*(2k+1))   (all terms positive: no cancellation)
//   |x| >= 2.5  erfc x = e^(-x^2)/(x sqrt(pi)) * continued fraction 1/(1+ (1/2x^2)/(1+ (2/2x^2)/(1+ ...)))  (Abramowitz & Stegun 7.1.6, 7.1.14)
// Symbolic depends on no package, and the expression core needs erf in its interpreter.

namespace SymbolicEft.Symbolic.Functions;

/// <summary>Special functions that the framework lacks, to about 1e-15 relative.</summary>
public static class SpecialFunctions
{
    private const double TwoOverSqrtPi = 1.1283791670955125738961589031215;

    /// <summary>The error function.</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        if (double.IsNaN(x))
            return double.NaN;
        double value = magnitude < 2.5 ? ErfSeries(magnitude) : 1 - ErfcFraction(magnitude);
        return Math.CopySign(value, x);
    }

    /// <summary>The complementary error function, accurate in its tail.</summary>
    public static double Erfc(double x) => double.IsNaN(x) ? double.NaN : x < 2.5 ? (x < 0.5 ? 1 - Erf(x) : 1 - ErfSeries(x)) : ErfcFraction(x);

    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (int k = 1; k < 200 && term > 1e-17 * sum; k++)
        {
            term *= 2 * x * x / ((2 * k) + 1);
            sum += term;
        }

        return TwoOverSqrtPi * Math.Exp(-x * x) * sum;
    }

    private static double ErfcFraction(double x)
    {
        if (x > 27.3)
            return 0; // below the smallest double
        double fraction = 0;
        for (int k = 120; k >= 1; k--)
            fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / ((x + fraction) * 1.7724538509055160272981674833411);
    }
}

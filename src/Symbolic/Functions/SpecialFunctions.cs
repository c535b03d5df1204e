// The error functions rest on two expansions:
//   |x| < 1   erf x = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1) / (1*3*...*(2k+1))   (all terms positive: no cancellation)
//   x >= 0    e^(x^2) erfc x = (1/(1+2x)) sum_k c_k T_k((x-4)/(x+4)), an entire function of x on a finite interval; the
//             Chebyshev coefficients were computed with 50 digits from the definition (tests compare with 30-digit values)
// e^(-x^2) is taken with the rounding error of x^2 put back, so that tails are accurate to the last digits.
// Symbolic depends on no package, and the expression core needs these in its interpreter.

namespace SymbolicEft.Symbolic.Functions;

/// <summary>Functions that the framework lacks, or has without the accuracy near 0 or in a tail, to about 1e-15 relative.</summary>
internal static class SpecialFunctions
{
    /// <summary>What any of these may be off, in units in the last place; tests hold them to it against 30-digit values.</summary>
    public const int MostUnits = 16;

    private const double TwoOverSqrtPi = 1.1283791670955125738961589031215;
    private const double SqrtHalf = 0.70710678118654752440084436210485;

    private static readonly double[] ScaledErfcCoefficients =
    [
        1.1774832005374487043, -0.0072607966203019004784, -0.081265123236184997858,
        0.060092128041222249997, -0.028753935580276660271, 0.010595663363472860014,
        -0.0031369272945542642383, 0.00074564943725361840431, -0.00013696965030100540681,
        0.000017183861600300937113, -7.1583646234503468633e-7, -2.4261399442449532014e-7,
        5.5765709395703564039e-8, -2.1057869513809494813e-9, -1.1717889351884956849e-9,
        1.909835517245668792e-10, 1.4088717642088129665e-11, -6.9011083204808149553e-12,
        9.1679583641112932862e-14, 2.1454508286554552991e-13, -1.4716575027010624224e-14,
        -6.6686751187704079242e-15, 7.5045985098800830254e-16, 2.2200930066663200355e-16,
        -3.1704898956330888357e-17, -8.1935703098843323334e-18, 1.2459819733129574353e-18,
    ];

    /// <summary>The error function.</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        if (double.IsNaN(x))
            return double.NaN;
        double value = magnitude < 1 ? ErfSeries(magnitude) : 1 - Erfc(magnitude);
        return Math.CopySign(value, x);
    }

    /// <summary>The complementary error function, accurate in its tail.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x < 0)
            return 2 - Erfc(-x);
        if (x < 0.5)
            return 1 - ErfSeries(x);
        return x > 28 ? 0 : ExpOfMinusProduct(x, x) * ScaledErfc(x);
    }

    /// <summary>e^(x^2) erfc x; finite for every x above -26.</summary>
    public static double ScaledErfc(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x < 0)
            return (2 * Math.Exp(x * x)) - ScaledErfc(-x);
        if (double.IsPositiveInfinity(x))
            return 0;
        double t = (x - 4) / (x + 4), next = 0, afterNext = 0;
        for (int k = ScaledErfcCoefficients.Length - 1; k >= 1; k--)
            (next, afterNext) = ((2 * t * next) - afterNext + ScaledErfcCoefficients[k], next);
        return ((t * next) - afterNext + ScaledErfcCoefficients[0]) / (1 + (2 * x));
    }

    /// <summary>The distribution function of a standard normal, accurate in its left tail.</summary>
    public static double NormalDistribution(double x)
    {
        if (x >= -0.5)
            return 0.5 + (0.5 * Erf(x * SqrtHalf));
        return x < -39 ? 0 : 0.5 * ExpOfMinusProduct(x, 0.5 * x) * ScaledErfc(-x * SqrtHalf);
    }

    /// <summary>e^x - 1.</summary>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 1)
            return Math.Exp(x) - 1;
        // Kahan: the rounding error of e^x cancels between numerator and logarithm.
        double exponential = Math.Exp(x);
        return exponential == 1 ? x : (exponential - 1) * x / Math.Log(exponential);
    }

    /// <summary>ln(1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsPositiveInfinity(x) ? x : sum == 0 ? double.NegativeInfinity : Math.Log(sum) * x / (sum - 1);
    }

    /// <summary>The logistic function 1/(1 + e^(-x)).</summary>
    public static double Logistic(double x)
    {
        double small = Math.Exp(-Math.Abs(x));
        return (x < 0 ? small : 1) / (1 + small);
    }

    /// <summary>ln(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>-1, 0 or 1.</summary>
    public static double Sign(double x) => double.IsNaN(x) ? double.NaN : x < 0 ? -1 : x > 0 ? 1 : 0;

    /// <summary>0 below 0, 1/2 at 0, 1 above.</summary>
    public static double Step(double x) => double.IsNaN(x) ? double.NaN : x < 0 ? 0 : x > 0 ? 1 : 0.5;

    /// <summary>max(x, 0).</summary>
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>0 away from 0 and NaN at 0: a distribution has no value there.</summary>
    public static double Delta(double x) => x == 0 || double.IsNaN(x) ? double.NaN : 0;

    /// <summary>
    /// a c - b^2 for a covariance matrix [[a, b], [b, c]], without cancellation; 0 if it is negative by rounding only,
    /// NaN if the matrix is not a covariance.
    /// </summary>
    public static double GramDeterminant(double a, double b, double c)
    {
        // Kahan's difference of products: the rounding error of b^2 is recovered exactly.
        double square = b * b;
        double value = Math.FusedMultiplyAdd(a, c, -square) + Math.FusedMultiplyAdd(-b, b, square);
        return value >= 0 ? value : value >= -8e-16 * square && a >= 0 && c >= 0 ? 0 : double.NaN;
    }

    /// <summary>arcsin(b / sqrt(a c)) for a covariance matrix [[a, b], [b, c]], accurate at every correlation; 0 where a or c is 0.</summary>
    public static double GramAngle(double a, double b, double c) => Math.Atan2(b, Math.Sqrt(GramDeterminant(a, b, c)));

    /// <summary>e^s Phi(t), also where the first factor overflows and the second underflows.</summary>
    public static double ExpPhi(double s, double t) =>
        t > -5 ? Math.Exp(s) * NormalDistribution(t) : 0.5 * Math.Exp(s - (0.5 * t * t)) * ScaledErfc(-t * SqrtHalf);

    /// <summary>e^s sinh t, also where one factor overflows.</summary>
    public static double ExpSinh(double s, double t) => -0.5 * Sign(t) * Math.Exp(s + Math.Abs(t)) * ExpMinusOne(-2 * Math.Abs(t));

    /// <summary>e^s cosh t, also where one factor overflows.</summary>
    public static double ExpCosh(double s, double t) => 0.5 * Math.Exp(s + Math.Abs(t)) * (1 + Math.Exp(-2 * Math.Abs(t)));

    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (int k = 1; k < 60 && term > 1e-17 * sum; k++)
        {
            term *= 2 * x * x / ((2 * k) + 1);
            sum += term;
        }

        return TwoOverSqrtPi * Math.Exp(-x * x) * sum;
    }

    // e^(-a b), with the rounding error of a b put back.
    private static double ExpOfMinusProduct(double a, double b)
    {
        double product = a * b;
        return Math.Exp(-product) * (1 - Math.FusedMultiplyAdd(a, b, -product));
    }
}

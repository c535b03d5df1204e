using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// The factorisation of a 2 x 2 kernel: x = sqrt(Kxx) z1, y = sqrt(Kyy) (rho z1 + s z2), with s = sqrt(1 - rho^2) taken
/// from the determinant Kxx Kyy - Kxy^2 in exact products, so that it keeps its digits as rho goes to +-1.
/// </summary>
internal readonly struct KernelBlock
{
    /// <summary>A determinant above -this times Kxx Kyy is rounding, and is taken as zero.</summary>
    private const double DeterminantTolerance = 1e-12;

    private KernelBlock(double deviationX, double deviationY, double correlation, double complement)
    {
        DeviationX = deviationX;
        DeviationY = deviationY;
        Correlation = correlation;
        Complement = complement;
    }

    /// <summary>sqrt(Kxx).</summary>
    public double DeviationX { get; }

    /// <summary>sqrt(Kyy).</summary>
    public double DeviationY { get; }

    /// <summary>rho; zero where a variance is zero.</summary>
    public double Correlation { get; }

    /// <summary>s = sqrt(1 - rho^2); exactly zero for a singular kernel.</summary>
    public double Complement { get; }

    /// <summary>Factorises a kernel, or refuses it.</summary>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    public static KernelBlock Factorise(double kxx, double kxy, double kyy)
    {
        RequireVariance(kxx);
        RequireVariance(kyy);
        if (!double.IsFinite(kxy))
            throw new InvalidKernelException(string.Create(CultureInfo.InvariantCulture,
                $"The kernel entry {kxy:R} between two inputs is not a finite number."));
        if (kxx == 0 || kyy == 0)
        {
            if (kxy != 0)
                throw new InvalidKernelException(string.Create(CultureInfo.InvariantCulture,
                    $"The kernel [[{kxx:R}, {kxy:R}], [{kxy:R}, {kyy:R}]] is not positive semidefinite: an input of variance zero has no correlation with another."));
            return new KernelBlock(Math.Sqrt(kxx), Math.Sqrt(kyy), 0, 1);
        }

        var deviationX = Math.Sqrt(kxx);
        var deviationY = Math.Sqrt(kyy);
        var (a, c, b) = ScaleToUnity(kxx, kxy, kyy);
        var determinant = DifferenceOfProducts(a, b, c, c) / (a * b);
        if (determinant < -DeterminantTolerance)
            throw new InvalidKernelException(string.Create(CultureInfo.InvariantCulture,
                $"The kernel [[{kxx:R}, {kxy:R}], [{kxy:R}, {kyy:R}]] is not positive semidefinite: its correlation is {kxy / deviationX / deviationY:R}, which must lie between -1 and 1."));
        if (determinant <= 0)
            return new KernelBlock(deviationX, deviationY, Math.Sign(kxy), 0);
        var correlation = Math.Clamp(c / Math.Sqrt(a * b), -1.0, 1.0);
        return new KernelBlock(deviationX, deviationY, correlation, Math.Sqrt(determinant));
    }

    /// <summary>1 - rho^2 as rounding leaves it, where it may be negative; both variances positive.</summary>
    public static double RelativeDeterminant(double kxx, double kxy, double kyy)
    {
        var (a, c, b) = ScaleToUnity(kxx, kxy, kyy);
        return DifferenceOfProducts(a, b, c, c) / (a * b);
    }

    /// <summary>r of y = r x where the kernel is singular; exactly 1 or -1 for equal variances.</summary>
    public static double Ratio(double kxx, double kxy, double kyy) => Math.CopySign(Math.Sqrt(kyy / kxx), kxy);

    /// <summary>Refuses a variance that is negative or not finite.</summary>
    /// <exception cref="InvalidKernelException">The variance is negative or not finite.</exception>
    public static void RequireVariance(double variance)
    {
        if (!double.IsFinite(variance) || variance < 0)
            throw new InvalidKernelException(string.Create(CultureInfo.InvariantCulture,
                $"The kernel entry {variance:R} on the diagonal is not a variance: it must be finite and not negative."));
    }

    // rho^2 = kxy^2 / (kxx kyy); scaling first keeps tiny and huge kernels from under- and overflowing.
    private static (double XX, double XY, double YY) ScaleToUnity(double kxx, double kxy, double kyy)
    {
        var scaleX = ScaleToUnity(kxx);
        var scaleY = ScaleToUnity(kyy);
        return (kxx * scaleX * scaleX, kxy * scaleX * scaleY, kyy * scaleY * scaleY);
    }

    private static double ScaleToUnity(double variance) => Math.ScaleB(1.0, -(Math.ILogB(variance) / 2));

    /// <summary>a b - c d with one rounding of the difference (Kahan).</summary>
    private static double DifferenceOfProducts(double a, double b, double c, double d)
    {
        var product = c * d;
        var error = Math.FusedMultiplyAdd(c, d, -product);
        return Math.FusedMultiplyAdd(a, b, -product) - error;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// Elementary functions on sixteen floats. Coefficients are minimax (Remez; a reweighted least-squares fit for the rational ones) on the reduced interval,
// computed in 60 digits and rounded; the accuracy stated for each function is what its test measures over the whole range of
// floats, in units in the last place (ulp) of the result.

/// <summary>Elementary functions on vectors of 16 floats and of 8 doubles, with stated accuracy, for hot loops.</summary>
/// <remarks>NaN goes in, NaN comes out. Results are the same on all machines with fused multiply-add.</remarks>
internal static partial class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Fma(Vector512<float> left, Vector512<float> right, float addend) =>
        Vector512.MultiplyAddEstimate(left, right, Vector512.Create(addend));

    /// <summary>sin r for |r| at most pi/2, from r and r^2; absolute error 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> SineSeries(Vector512<float> r, Vector512<float> square)
    {
        Vector512<float> p = Vector512.Create(2.60522492e-6f);
        p = Fma(p, square, -0.000198090753f);
        p = Fma(p, square, 0.00833305106f);
        p = Fma(p, square, -0.16666658f);
        p = Fma(p, square, 0.999999996f);
        return p * r;
    }

    /// <summary>Hyperbolic tangent. Error at most 4 ulp; where tanh is 1 it may come out as 1.0000001.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>tanh x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        // x P(x^2) / Q(x^2), relative error 2.1e-8 on |x| <= 9.02, where tanh rounds to 1.
        x = Vector512.MinNative(Vector512.Create(9.02f), Vector512.MaxNative(Vector512.Create(-9.02f), x));
        Vector512<float> y = x * x;
        Vector512<float> p = Vector512.Create(1.33190142e-8f);
        p = Fma(p, y, 2.05834365e-5f);
        p = Fma(p, y, 0.00349403171f);
        p = Fma(p, y, 0.133797155f);
        p = Fma(p, y, 0.999999979f);
        Vector512<float> q = Vector512.Create(7.7619949e-7f);
        q = Fma(q, y, 0.000328308827f);
        q = Fma(q, y, 0.0258710622f);
        q = Fma(q, y, 0.467130307f);
        q = Fma(q, y, 1f);
        return x * p / q;
    }

    /// <summary>Error function. Error at most 5 ulp; where erf is 1 it may come out as 1.0000001.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>erf x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        // x P(x^2) / Q(x^2), relative error 1.9e-8 on |x| <= 3.93, where erf rounds to 1.
        x = Vector512.MinNative(Vector512.Create(3.93f), Vector512.MaxNative(Vector512.Create(-3.93f), x));
        Vector512<float> y = x * x;
        Vector512<float> p = Vector512.Create(2.04197329e-6f);
        p = Fma(p, y, 0.000284808494f);
        p = Fma(p, y, 0.00377960081f);
        p = Fma(p, y, 0.0527902595f);
        p = Fma(p, y, 0.190783624f);
        p = Fma(p, y, 1.12837915f);
        Vector512<float> q = Vector512.Create(3.80040954e-5f);
        q = Fma(q, y, 0.00116521084f);
        q = Fma(q, y, 0.0149974201f);
        q = Fma(q, y, 0.114257438f);
        q = Fma(q, y, 0.502410304f);
        q = Fma(q, y, 1f);
        return x * p / q;
    }

    /// <summary>Exponential function. Error at most 2 ulp for normal results; 0 below -104, infinity above 88.72.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>exp x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // exp x = 2^n exp r, n = round(x / ln 2), |r| <= ln(2) / 2. Adding 1.5 * 2^23 rounds, and leaves n in the low bits.
        x = Vector512.MinNative(Vector512.Create(89f), Vector512.MaxNative(Vector512.Create(-105f), x));
        Vector512<float> shift = Vector512.Create(12582912f);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.44269504f), shift);
        Vector512<float> n = shifted - shift;
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> p = Vector512.Create(0.0013836846f);
        p = Fma(p, r, 0.0083748158f);
        p = Fma(p, r, 0.0416682256f);
        p = Fma(p, r, 0.166664202f);
        p = Fma(p, r, 0.499999921f);
        p = Fma(p, r, 1f);
        p = Fma(p, r, 1f);
        // Two factors, because 2^128 and 2^-149 are not normal numbers.
        Vector512<int> power = shifted.AsInt32() - shift.AsInt32();
        Vector512<int> half = Vector512.ShiftRightArithmetic(power, 1);
        Vector512<int> bias = Vector512.Create(127);
        Vector512<float> first = Vector512.ShiftLeft(half + bias, 23).AsSingle();
        Vector512<float> second = Vector512.ShiftLeft(power - half + bias, 23).AsSingle();
        return p * first * second;
    }

    /// <summary>ln(1 + e^x). Error at most 3 ulp.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>softplus of x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        // max(x, 0) + ln(1 + t), t = exp(-|x|); ln(1 + t) = 2 atanh(s), s = t / (2 + t) <= 1/3.
        Vector512<float> t = Exp(-Vector512.Abs(x));
        Vector512<float> s = t / (t + Vector512.Create(2f));
        Vector512<float> y = s * s;
        Vector512<float> p = Vector512.Create(0.281783352f);
        p = Fma(p, y, 0.279606027f);
        p = Fma(p, y, 0.400249103f);
        p = Fma(p, y, 0.666663147f);
        p = Fma(p, y, 2.00000001f);
        return Vector512.MultiplyAddEstimate(p, s, Vector512.MaxNative(Vector512<float>.Zero, x));
    }

    /// <summary>Logistic function 1 / (1 + e^-x). Error at most 4 ulp for x above -87.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>The logistic function of x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Logistic(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>Sine. Absolute error at most 2e-7 for |x| below 10,000; beyond that, element by element through double.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>sin x.</returns>
    public static Vector512<float> Sin(Vector512<float> x)
    {
        if (!Vector512.LessThanAll(Vector512.Abs(x), Vector512.Create(10000f))) return Map(x, Math.Sin);
        Vector512<float> shift = Vector512.Create(12582912f);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(0.318309886f), shift);
        return Alternate(Reduce(x, shifted - shift), shifted.AsInt32());
    }

    /// <summary>Cosine. Absolute error at most 2e-7 for |x| below 10,000; beyond that, element by element through double.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>cos x.</returns>
    public static Vector512<float> Cos(Vector512<float> x)
    {
        if (!Vector512.LessThanAll(Vector512.Abs(x), Vector512.Create(10000f))) return Map(x, Math.Cos);
        // cos x = -(-1)^n sin(x - (n + 1/2) pi)
        Vector512<float> shift = Vector512.Create(12582912f);
        Vector512<float> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(0.318309886f), Vector512.Create(-0.5f)) + shift;
        return -Alternate(Reduce(x, shifted - shift + Vector512.Create(0.5f)), shifted.AsInt32());
    }

    // x - n pi with pi in three parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduce(Vector512<float> x, Vector512<float> n)
    {
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-3.140625f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-9.67502593994140625e-4f), r);
        return Vector512.MultiplyAddEstimate(n, Vector512.Create(-1.50995799e-7f), r);
    }

    // (-1)^n sin r
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Alternate(Vector512<float> r, Vector512<int> n) =>
        (SineSeries(r, r * r).AsInt32() ^ Vector512.ShiftLeft(n, 31)).AsSingle();

    private static Vector512<float> Map(Vector512<float> x, Func<double, double> function)
    {
        Span<float> values = stackalloc float[Vector512<float>.Count];
        x.CopyTo(values);
        for (int lane = 0; lane < values.Length; lane++) values[lane] = (float)function(values[lane]);
        return Vector512.Create<float>(values);
    }
}

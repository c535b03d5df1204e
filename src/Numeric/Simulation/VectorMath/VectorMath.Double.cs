using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

internal static partial class VectorMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double PiFirst = 3.141592025756836;
    private const double PiSecond = 6.278328328335192e-07;
    private const double PiThird = 1.2446744343793227e-13;
    private const double Shift52 = 6755399441055744.0; // 1.5 * 2^52: adding it rounds to a whole number, which is left in the low bits

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Fma(Vector512<double> left, Vector512<double> right, double addend) =>
        Vector512.MultiplyAddEstimate(left, right, Vector512.Create(addend));

    // Polynomials in the manner of Estrin: a few products more, a chain of dependent operations half as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Pair(double constant, double linear, Vector512<double> x) => Fma(Vector512.Create(linear), x, constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fma(Vector512<double> left, Vector512<double> right, Vector512<double> addend) =>
        Vector512.MultiplyAddEstimate(left, right, addend);

    /// <summary>sin r for |r| at most pi/2, from r and r^2; error about 1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> SineSeries(Vector512<double> r, Vector512<double> square)
    {
        Vector512<double> fourth = square * square;
        Vector512<double> low = Fma(Pair(-0.00019841269841215352, 2.7557319212143614e-06, square), fourth, Pair(-0.16666666666666666, 0.008333333333333212, square));
        Vector512<double> high = Fma(Pair(-7.643098977189946e-13, 2.722268744940565e-15, square), fourth, Pair(-2.5052106961290686e-08, 1.605894398769068e-10, square));
        Vector512<double> p = Fma(high, fourth * fourth, low);
        return Fma(p * square, r, r);
    }

    /// <summary>cos r for |r| at most pi/2, from r^2; absolute error 2e-16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> CosineSeries(Vector512<double> square)
    {
        Vector512<double> fourth = square * square;
        Vector512<double> low = Fma(Pair(-0.0013888888888785652, 2.4801587279149094e-05, square), fourth, Pair(-0.49999999999999983, 0.04166666666666437, square));
        Vector512<double> high = Fma(Pair(-1.1463039376076722e-11, 4.6102942269777506e-14, square), fourth, Pair(-2.7557316525233775e-07, 2.0876567741302225e-09, square));
        Vector512<double> p = Fma(high, fourth * fourth, low);
        return Fma(p, square, 1.0);
    }

    // (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ExponentialSeries(Vector512<double> r)
    {
        Vector512<double> square = r * r, fourth = square * square;
        Vector512<double> low = Fma(Pair(0.0416666666665737, 0.008333333333314616, r), square, Pair(0.5000000000000006, 0.16666666666666685, r));
        Vector512<double> middle = Fma(Pair(2.4801504478189344e-05, 2.7557228010381908e-06, r), square, Pair(0.0013888888932353503, 0.00019841269902971876, r));
        Vector512<double> high = Pair(2.7626313062508484e-07, 2.5114454194493477e-08, r);
        return Fma(Fma(high, fourth, middle), fourth, low);
    }

    /// <summary>Hyperbolic tangent. Error at most 4 ulp.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>tanh x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Tanh(Vector512<double> x)
    {
        // With z = 2|x| = n ln 2 + r: e^z - 1 = 2^n (e^r - 1) + (2^n - 1) =: t, tanh|x| = t / (t + 2); no cancellation at small x.
        Vector512<double> z = Vector512.Abs(x);
        z = Vector512.MinNative(Vector512.Create(40.0), z + z);
        Vector512<double> shift = Vector512.Create(Shift52);
        Vector512<double> shifted = Vector512.MultiplyAddEstimate(z, Vector512.Create(1.4426950408889634), shift);
        Vector512<double> n = shifted - shift;
        Vector512<double> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), z);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        Vector512<double> q = Vector512.MultiplyAddEstimate(ExponentialSeries(r) * r, r, r);
        Vector512<double> power = (Vector512.ShiftLeft(shifted.AsInt64(), 52) + Vector512<double>.One.AsInt64()).AsDouble();
        Vector512<double> t = Vector512.MultiplyAddEstimate(power, q, power - Vector512<double>.One);
        Vector512<double> tanh = t / (t + Vector512.Create(2.0));
        return Vector512.ConditionalSelect(Vector512.Create(long.MinValue).AsDouble(), x, tanh);
    }

    /// <summary>Exponential function. Error at most 2 ulp for normal results; 0 below -746, infinity above 709.78.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>exp x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        x = Vector512.MinNative(Vector512.Create(710.0), Vector512.MaxNative(Vector512.Create(-746.0), x));
        Vector512<double> shift = Vector512.Create(Shift52);
        Vector512<double> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.4426950408889634), shift);
        Vector512<double> n = shifted - shift;
        Vector512<double> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        Vector512<double> p = Vector512<double>.One + Vector512.MultiplyAddEstimate(ExponentialSeries(r) * r, r, r);
        Vector512<long> power = shifted.AsInt64() - shift.AsInt64();
        // The arithmetic shift of a small signed number, by way of a logical one: 2^40 is added and half of it taken off again.
        Vector512<long> half = Vector512.ShiftRightLogical(power + Vector512.Create(1L << 40), 1) - Vector512.Create(1L << 39);
        Vector512<long> bias = Vector512.Create(1023L);
        Vector512<double> first = Vector512.ShiftLeft(half + bias, 52).AsDouble();
        Vector512<double> second = Vector512.ShiftLeft(power - half + bias, 52).AsDouble();
        return p * first * second;
    }

    /// <summary>Error function. Error at most 4 ulp.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>erf x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Erf(Vector512<double> x)
    {
        // |x| < 1: x P(x^2). Otherwise 1 - exp(-x^2) R(t), t = (|x| - 5/2) / (|x| + 5/2), absolute error 1e-17, |x| cut at 6.
        Vector512<double> magnitude = Vector512.MinNative(Vector512.Create(6.0), Vector512.Abs(x));
        Vector512<double> square = magnitude * magnitude;
        Vector512<double> p = Vector512.Create(-7.779468488619145e-10);
        p = Fma(p, square, 1.3710980397815413e-08);
        p = Fma(p, square, -1.6206313758435597e-07);
        p = Fma(p, square, 1.6447131571270186e-06);
        p = Fma(p, square, -1.4924712302009022e-05);
        p = Fma(p, square, 0.00012055293576900575);
        p = Fma(p, square, -0.0008548325929314489);
        p = Fma(p, square, 0.005223977606118473);
        p = Fma(p, square, -0.02686617064311147);
        p = Fma(p, square, 0.11283791670944185);
        p = Fma(p, square, -0.3761263890318352);
        p = Fma(p, square, 1.1283791670955126);
        Vector512<double> t = (magnitude - Vector512.Create(2.5)) / (magnitude + Vector512.Create(2.5));
        Vector512<double> tail = Vector512.Create(-9.559797999696676e-07);
        tail = Fma(tail, t, -5.327826177217935e-05);
        tail = Fma(tail, t, -0.00013882041223716116);
        tail = Fma(tail, t, 0.0002254920868057548);
        tail = Fma(tail, t, 0.0008755211775580981);
        tail = Fma(tail, t, -0.002642355040713392);
        tail = Fma(tail, t, -0.003993689575689413);
        tail = Fma(tail, t, 0.03992254046304026);
        tail = Fma(tail, t, -0.12503305235388834);
        tail = Fma(tail, t, 0.25171319321186647);
        tail = Fma(tail, t, -0.37173673394926);
        tail = Fma(tail, t, 0.21080636406114245);
        tail = Vector512<double>.One - (Exp(-square) * tail);
        Vector512<double> erf = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512<double>.One), p * magnitude, tail);
        return Vector512.ConditionalSelect(Vector512.Create(long.MinValue).AsDouble(), x, erf);
    }

    /// <summary>ln(1 + e^x). Error at most 3 ulp.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>softplus of x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Softplus(Vector512<double> x)
    {
        Vector512<double> t = Exp(-Vector512.Abs(x));
        Vector512<double> s = t / (t + Vector512.Create(2.0));
        Vector512<double> y = s * s;
        Vector512<double> p = Vector512.Create(0.1646748246031541);
        p = Fma(p, y, 0.06994343848398084);
        p = Fma(p, y, 0.10972540080070713);
        p = Fma(p, y, 0.11715954862386907);
        p = Fma(p, y, 0.13336805408204555);
        p = Fma(p, y, 0.15384451958144973);
        p = Fma(p, y, 0.18181823201858122);
        p = Fma(p, y, 0.2222222212549792);
        p = Fma(p, y, 0.2857142857250961);
        p = Fma(p, y, 0.3999999999999398);
        p = Fma(p, y, 0.6666666666666667);
        Vector512<double> logarithm = Vector512.MultiplyAddEstimate(p * y, s, s + s);
        return logarithm + Vector512.MaxNative(Vector512<double>.Zero, x);
    }

    /// <summary>Logistic function 1 / (1 + e^-x). Error at most 4 ulp for x above -708.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>The logistic function of x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Logistic(Vector512<double> x) => Vector512<double>.One / (Vector512<double>.One + Exp(-x));

    /// <summary>Sine. Absolute error at most 3e-16 for |x| below 1e6; beyond that, element by element.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>sin x.</returns>
    public static Vector512<double> Sin(Vector512<double> x)
    {
        if (!Vector512.LessThanAll(Vector512.Abs(x), Vector512.Create(1e6))) return Map(x, Math.Sin);
        Vector512<double> shift = Vector512.Create(Shift52);
        Vector512<double> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1 / Math.PI), shift);
        return Alternate(Reduce(x, shifted - shift), shifted.AsInt64());
    }

    /// <summary>Cosine. Absolute error at most 3e-16 for |x| below 1e6; beyond that, element by element.</summary>
    /// <param name="x">Arguments.</param>
    /// <returns>cos x.</returns>
    public static Vector512<double> Cos(Vector512<double> x)
    {
        if (!Vector512.LessThanAll(Vector512.Abs(x), Vector512.Create(1e6))) return Map(x, Math.Cos);
        Vector512<double> shift = Vector512.Create(Shift52);
        Vector512<double> shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1 / Math.PI), Vector512.Create(-0.5)) + shift;
        return -Alternate(Reduce(x, shifted - shift + Vector512.Create(0.5)), shifted.AsInt64());
    }

    // x - n pi with pi in three parts; the first two have 32 trailing zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Reduce(Vector512<double> x, Vector512<double> n)
    {
        Vector512<double> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-PiFirst), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-PiSecond), r);
        return Vector512.MultiplyAddEstimate(n, Vector512.Create(-PiThird), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Alternate(Vector512<double> r, Vector512<long> n) =>
        (SineSeries(r, r * r).AsInt64() ^ Vector512.ShiftLeft(n, 63)).AsDouble();

    private static Vector512<double> Map(Vector512<double> x, Func<double, double> function)
    {
        Span<double> values = stackalloc double[Vector512<double>.Count];
        x.CopyTo(values);
        for (int lane = 0; lane < values.Length; lane++) values[lane] = function(values[lane]);
        return Vector512.Create<double>(values);
    }
}

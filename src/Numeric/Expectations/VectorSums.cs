using System.Numerics;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>Sums over arrays in vectors, in an order that is the same on every machine.</summary>
internal static class VectorSums
{
    /// <summary>y += factor x, element by element, so that the bytes do not depend on how wide vectors are.</summary>
    public static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        int lanes = Vector<double>.Count, at = 0;
        for (; at <= x.Length - lanes; at += lanes)
            (new Vector<double>(y[at..]) + (factor * new Vector<double>(x[at..]))).CopyTo(y[at..]);
        for (; at < x.Length; at++) y[at] += factor * x[at];
    }

    /// <summary>Sum of a[k] b[k] over a range, in a fixed order that does not depend on the machine's vector width.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var first = Vector256<double>.Zero;
        var second = Vector256<double>.Zero;
        var k = 0;
        for (; k <= a.Length - 8; k += 8)
        {
            first += Vector256.Create(a.Slice(k, 4)) * Vector256.Create(b.Slice(k, 4));
            second += Vector256.Create(a.Slice(k + 4, 4)) * Vector256.Create(b.Slice(k + 4, 4));
        }

        if (k <= a.Length - 4)
        {
            first += Vector256.Create(a.Slice(k, 4)) * Vector256.Create(b.Slice(k, 4));
            k += 4;
        }

        var sum = Vector256.Sum(first + second);
        for (; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}

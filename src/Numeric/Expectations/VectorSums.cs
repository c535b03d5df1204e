using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Expectations;

// Loops that take most of a solution are optimised when they are first met (AggressiveOptimization, here and wherever it stands): a solution lasts about as long
// as the runtime takes to see that they are hot.

/// <summary>Sums over arrays in vectors, in an order that is the same on every machine.</summary>
internal static class VectorSums
{
    /// <summary>y += factor x, element by element, so that the bytes do not depend on how wide vectors are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        int lanes = Vector<double>.Count, at = 0;
        for (; at <= x.Length - lanes; at += lanes)
            (new Vector<double>(y[at..]) + (factor * new Vector<double>(x[at..]))).CopyTo(y[at..]);
        for (; at < x.Length; at++) y[at] += factor * x[at];
    }

    /// <summary>The sums of <see cref="Dot"/> of a with each of some rows, to the same bytes: four rows at a time, so that a is read once for four.</summary>
    /// <param name="a">a.</param>
    /// <param name="rows">The rows, one after another, each as long as a or longer.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="results">One for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(ReadOnlySpan<double> a, ReadOnlySpan<double> rows, int stride, Span<double> results)
    {
        int row = 0;
        for (; row <= results.Length - 4; row += 4)
        {
            ReadOnlySpan<double> b0 = rows.Slice(row * stride, a.Length), b1 = rows.Slice((row + 1) * stride, a.Length), b2 = rows.Slice((row + 2) * stride, a.Length), b3 = rows.Slice((row + 3) * stride, a.Length);
            Vector256<double> first0 = default, first1 = default, first2 = default, first3 = default, second0 = default, second1 = default, second2 = default, second3 = default;
            int k = 0;
            for (; k <= a.Length - 8; k += 8)
            {
                Vector256<double> x = Vector256.Create(a.Slice(k, 4)), y = Vector256.Create(a.Slice(k + 4, 4));
                first0 += x * Vector256.Create(b0.Slice(k, 4));
                first1 += x * Vector256.Create(b1.Slice(k, 4));
                first2 += x * Vector256.Create(b2.Slice(k, 4));
                first3 += x * Vector256.Create(b3.Slice(k, 4));
                second0 += y * Vector256.Create(b0.Slice(k + 4, 4));
                second1 += y * Vector256.Create(b1.Slice(k + 4, 4));
                second2 += y * Vector256.Create(b2.Slice(k + 4, 4));
                second3 += y * Vector256.Create(b3.Slice(k + 4, 4));
            }

            if (k <= a.Length - 4)
            {
                Vector256<double> x = Vector256.Create(a.Slice(k, 4));
                first0 += x * Vector256.Create(b0.Slice(k, 4));
                first1 += x * Vector256.Create(b1.Slice(k, 4));
                first2 += x * Vector256.Create(b2.Slice(k, 4));
                first3 += x * Vector256.Create(b3.Slice(k, 4));
                k += 4;
            }

            double sum0 = Vector256.Sum(first0 + second0), sum1 = Vector256.Sum(first1 + second1), sum2 = Vector256.Sum(first2 + second2), sum3 = Vector256.Sum(first3 + second3);
            for (; k < a.Length; k++)
            {
                sum0 += a[k] * b0[k];
                sum1 += a[k] * b1[k];
                sum2 += a[k] * b2[k];
                sum3 += a[k] * b3[k];
            }

            (results[row], results[row + 1], results[row + 2], results[row + 3]) = (sum0, sum1, sum2, sum3);
        }

        for (; row < results.Length; row++) results[row] = Dot(a, rows.Slice(row * stride, a.Length));
    }

    /// <summary>Sum of a[k] b[k] over a range, in a fixed order that does not depend on the machine's vector width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

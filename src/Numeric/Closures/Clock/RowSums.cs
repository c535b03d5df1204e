using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Sums of rows, in an order that is the same on every machine.</summary>
internal static class RowSums
{
    /// <summary>A sum of rows, each times a factor.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="factors">One for each row, from the first on.</param>
    /// <param name="stride">From one factor to the next.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="target">Receives the sum.</param>
    public static void Combine(double[] rows, ReadOnlySpan<double> factors, int stride, int count, int length, Span<double> target) => Combine(rows, length, factors, stride, count, length, target);

    /// <summary>A sum of the beginnings of rows, each times a factor.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="rowStride">From one row to the next.</param>
    /// <param name="factors">One for each row, from the first on.</param>
    /// <param name="stride">From one factor to the next.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="length">How much of a row is summed.</param>
    /// <param name="target">Receives the sum.</param>
    public static void Combine(ReadOnlySpan<double> rows, int rowStride, ReadOnlySpan<double> factors, int stride, int count, int length, Span<double> target)
    {
        ref double source = ref MemoryMarshal.GetReference(rows), result = ref MemoryMarshal.GetReference(target);
        int lanes = Vector<double>.Count, column = 0;
        for (; column <= length - (4 * lanes); column += 4 * lanes)
        {
            Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero, third = Vector<double>.Zero, fourth = Vector<double>.Zero;
            for (int at = 0; at < count; at++)
            {
                var factor = new Vector<double>(factors[at * stride]);
                ref double row = ref Unsafe.Add(ref source, (nint)((at * rowStride) + column));
                first += factor * Vector.LoadUnsafe(ref row);
                second += factor * Vector.LoadUnsafe(ref row, (nuint)lanes);
                third += factor * Vector.LoadUnsafe(ref row, (nuint)(2 * lanes));
                fourth += factor * Vector.LoadUnsafe(ref row, (nuint)(3 * lanes));
            }

            first.StoreUnsafe(ref result, (nuint)column);
            second.StoreUnsafe(ref result, (nuint)(column + lanes));
            third.StoreUnsafe(ref result, (nuint)(column + (2 * lanes)));
            fourth.StoreUnsafe(ref result, (nuint)(column + (3 * lanes)));
        }

        // The last vector may begin before the last column done: what it sums once more comes out the same.
        for (; column < length && length >= lanes; column += lanes)
        {
            column = Math.Min(column, length - lanes);
            Vector<double> sum = Vector<double>.Zero;
            for (int at = 0; at < count; at++)
                sum += new Vector<double>(factors[at * stride]) * Vector.LoadUnsafe(ref source, (nuint)((at * rowStride) + column));
            sum.StoreUnsafe(ref result, (nuint)column);
        }

        for (; column < length; column++)
        {
            double sum = 0;
            for (int at = 0; at < count; at++)
                sum += factors[at * stride] * rows[(at * rowStride) + column];
            target[column] = sum;
        }
    }
}

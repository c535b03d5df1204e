using System.Numerics;
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
        for (; column <= length - (2 * lanes); column += 2 * lanes)
        {
            Vector<double> sum = Vector<double>.Zero, next = Vector<double>.Zero;
            for (int at = 0; at < count; at++)
            {
                var factor = new Vector<double>(factors[at * stride]);
                sum += factor * Vector.LoadUnsafe(ref source, (nuint)((at * rowStride) + column));
                next += factor * Vector.LoadUnsafe(ref source, (nuint)((at * rowStride) + column + lanes));
            }

            sum.StoreUnsafe(ref result, (nuint)column);
            next.StoreUnsafe(ref result, (nuint)(column + lanes));
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

// Products of square-ish matrices in vectors: four rows and two vectors of columns at a time. Every entry is summed over k in ascending order, whatever the width of a vector:
// the bytes are the same on any machine.

using System.Numerics;
using System.Runtime.InteropServices;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Products of matrices, row by row.</summary>
internal static class MatrixProduct
{
    /// <summary>c = a b.</summary>
    /// <param name="a">rows x inner.</param>
    /// <param name="b">inner x columns.</param>
    /// <param name="c">Receives rows x columns.</param>
    /// <param name="rows">Rows of a.</param>
    /// <param name="inner">Columns of a.</param>
    /// <param name="columns">Columns of b.</param>
    public static void Multiply(double[] a, double[] b, double[] c, int rows, int inner, int columns)
    {
        int lanes = Vector<double>.Count, wide = columns - (columns % (2 * lanes)), tall = rows - (rows % 4);
        ref double right = ref MemoryMarshal.GetArrayDataReference(b), to = ref MemoryMarshal.GetArrayDataReference(c);
        for (int i = 0; i < tall; i += 4)
        {
            for (int j = 0; j < wide; j += 2 * lanes)
            {
                Vector<double> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
                for (int k = 0; k < inner; k++)
                {
                    Vector<double> first = Vector.LoadUnsafe(ref right, (nuint)((k * columns) + j)), second = Vector.LoadUnsafe(ref right, (nuint)((k * columns) + j + lanes));
                    double s = a[(i * inner) + k];
                    c00 += s * first;
                    c01 += s * second;
                    s = a[((i + 1) * inner) + k];
                    c10 += s * first;
                    c11 += s * second;
                    s = a[((i + 2) * inner) + k];
                    c20 += s * first;
                    c21 += s * second;
                    s = a[((i + 3) * inner) + k];
                    c30 += s * first;
                    c31 += s * second;
                }

                Store(ref to, c00, c01, (i * columns) + j, lanes);
                Store(ref to, c10, c11, ((i + 1) * columns) + j, lanes);
                Store(ref to, c20, c21, ((i + 2) * columns) + j, lanes);
                Store(ref to, c30, c31, ((i + 3) * columns) + j, lanes);
            }

            Rest(a, b, c, i, i + 4, inner, columns, wide);
        }

        Rest(a, b, c, tall, rows, inner, columns, 0);
    }

    private static void Store(ref double to, Vector<double> first, Vector<double> second, int at, int lanes)
    {
        first.StoreUnsafe(ref to, (nuint)at);
        second.StoreUnsafe(ref to, (nuint)(at + lanes));
    }

    private static void Rest(double[] a, double[] b, double[] c, int firstRow, int endRow, int inner, int columns, int firstColumn)
    {
        for (int i = firstRow; i < endRow; i++)
        {
            for (int j = firstColumn; j < columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < inner; k++)
                    sum += a[(i * inner) + k] * b[(k * columns) + j];
                c[(i * columns) + j] = sum;
            }
        }
    }
}

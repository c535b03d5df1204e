using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// sums_ab += sum_i f_ia f_ib, lane by lane, for b <= a. Tiles of 4 x 4 inputs keep their sums in registers while i runs. Every
// entry is summed over i in the same order, whatever the tile, so equal inputs have equal sums to the last bit. The partial sum of
// a call starts from zero: with short calls the rounding of a long sum grows with the number of calls, not of terms.

/// <summary>Gram matrices of rows of neurons, in vectors of samples.</summary>
internal static unsafe class LaneGram<T, TLanes>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    /// <summary>Adds f^T f of <paramref name="rows"/> rows of <paramref name="inputs"/> vectors to the packed lower triangle.</summary>
    public static void Accumulate(Vector512<T>* f, int rows, int inputs, Vector512<T>* sums)
    {
        int a = 0;
        for (; a + 4 <= inputs; a += 4)
        {
            for (int b = 0; b < a; b += 4) Tile(f, rows, inputs, a, b, sums);
            DiagonalTile(f, rows, inputs, a, sums);
        }

        for (; a < inputs; a++)
        {
            int b = 0;
            for (; b + 4 <= a + 1; b += 4) RowOfFour(f, rows, inputs, a, b, sums);
            for (; b <= a; b++) Single(f, rows, inputs, a, b, sums);
        }
    }

    /// <summary>Place of (a, b), b at most a, in the packed lower triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Packed(int a, int b) => (a * (a + 1) / 2) + b;

    private static void DiagonalTile(Vector512<T>* f, int rows, int inputs, int a, Vector512<T>* sums)
    {
        Vector512<T> s00 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector512<T> s22 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<T>* row = f + a;
        for (int i = 0; i < rows; i++, row += inputs)
        {
            Vector512<T> x0 = row[0], x1 = row[1], x2 = row[2], x3 = row[3];
            s00 = TLanes.MultiplyAdd(x0, x0, s00);
            s10 = TLanes.MultiplyAdd(x1, x0, s10);
            s11 = TLanes.MultiplyAdd(x1, x1, s11);
            s20 = TLanes.MultiplyAdd(x2, x0, s20);
            s21 = TLanes.MultiplyAdd(x2, x1, s21);
            s22 = TLanes.MultiplyAdd(x2, x2, s22);
            s30 = TLanes.MultiplyAdd(x3, x0, s30);
            s31 = TLanes.MultiplyAdd(x3, x1, s31);
            s32 = TLanes.MultiplyAdd(x3, x2, s32);
            s33 = TLanes.MultiplyAdd(x3, x3, s33);
        }

        Vector512<T>* t = sums + Packed(a, a);
        t[0] += s00;
        t = sums + Packed(a + 1, a);
        t[0] += s10;
        t[1] += s11;
        t = sums + Packed(a + 2, a);
        t[0] += s20;
        t[1] += s21;
        t[2] += s22;
        t = sums + Packed(a + 3, a);
        t[0] += s30;
        t[1] += s31;
        t[2] += s32;
        t[3] += s33;
    }

    private static void Tile(Vector512<T>* f, int rows, int inputs, int a, int b, Vector512<T>* sums)
    {
        Vector512<T> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<T> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<T>* row = f;
        for (int i = 0; i < rows; i++, row += inputs)
        {
            Vector512<T> y0 = row[b], y1 = row[b + 1], y2 = row[b + 2], y3 = row[b + 3];
            Vector512<T> x = row[a];
            s00 = TLanes.MultiplyAdd(x, y0, s00);
            s01 = TLanes.MultiplyAdd(x, y1, s01);
            s02 = TLanes.MultiplyAdd(x, y2, s02);
            s03 = TLanes.MultiplyAdd(x, y3, s03);
            x = row[a + 1];
            s10 = TLanes.MultiplyAdd(x, y0, s10);
            s11 = TLanes.MultiplyAdd(x, y1, s11);
            s12 = TLanes.MultiplyAdd(x, y2, s12);
            s13 = TLanes.MultiplyAdd(x, y3, s13);
            x = row[a + 2];
            s20 = TLanes.MultiplyAdd(x, y0, s20);
            s21 = TLanes.MultiplyAdd(x, y1, s21);
            s22 = TLanes.MultiplyAdd(x, y2, s22);
            s23 = TLanes.MultiplyAdd(x, y3, s23);
            x = row[a + 3];
            s30 = TLanes.MultiplyAdd(x, y0, s30);
            s31 = TLanes.MultiplyAdd(x, y1, s31);
            s32 = TLanes.MultiplyAdd(x, y2, s32);
            s33 = TLanes.MultiplyAdd(x, y3, s33);
        }

        Add(sums + Packed(a, b), s00, s01, s02, s03);
        Add(sums + Packed(a + 1, b), s10, s11, s12, s13);
        Add(sums + Packed(a + 2, b), s20, s21, s22, s23);
        Add(sums + Packed(a + 3, b), s30, s31, s32, s33);
    }

    private static void RowOfFour(Vector512<T>* f, int rows, int inputs, int a, int b, Vector512<T>* sums)
    {
        Vector512<T> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector512<T>* row = f;
        for (int i = 0; i < rows; i++, row += inputs)
        {
            Vector512<T> x = row[a];
            s0 = TLanes.MultiplyAdd(x, row[b], s0);
            s1 = TLanes.MultiplyAdd(x, row[b + 1], s1);
            s2 = TLanes.MultiplyAdd(x, row[b + 2], s2);
            s3 = TLanes.MultiplyAdd(x, row[b + 3], s3);
        }

        Add(sums + Packed(a, b), s0, s1, s2, s3);
    }

    private static void Single(Vector512<T>* f, int rows, int inputs, int a, int b, Vector512<T>* sums)
    {
        Vector512<T> s = default;
        Vector512<T>* row = f;
        for (int i = 0; i < rows; i++, row += inputs) s = TLanes.MultiplyAdd(row[a], row[b], s);
        sums[Packed(a, b)] += s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<T>* sums, Vector512<T> s0, Vector512<T> s1, Vector512<T> s2, Vector512<T> s3)
    {
        sums[0] += s0;
        sums[1] += s1;
        sums[2] += s2;
        sums[3] += s3;
    }
}

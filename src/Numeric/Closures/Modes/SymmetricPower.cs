using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SymbolicEft.Numeric.Closures.Modes;

// The action of a 2 x 2 matrix C on homogeneous polynomials ("binary forms") of degree k, in the basis
//   e_j(w) = sqrt(binomial(k, j)) w1^(k-j) w2^j,     e(C w) = S_k(C) e(w).
// For jointly normal z, z' with E[z z'^T] = C and unit variances, S_k(C)_ij is
//   E[he_(k-i)(z1) he_i(z2) he_(k-j)(z1') he_j(z2')],
// the covariance of the normalised Hermite modes of two pairs of inputs (Mehler). Recursion, from integrating by parts in
// each of the k factors and averaging (all weights at most 1, so that nothing is amplified):
//   k S_k[(p,i),(q,j)] = sqrt(pq) C11 S[(p-1,i),(q-1,j)] + sqrt(pj) C12 S[(p-1,i),(q,j-1)]
//                      + sqrt(iq) C21 S[(p,i-1),(q-1,j)] + sqrt(ij) C22 S[(p,i-1),(q,j-1)].
// Row by row, with u_j = sqrt(k - j)/k, v_j = sqrt(j)/k:
//   S_i = sqrt(p) (C11 u S'_i + C12 v shift(S'_i)) + sqrt(i) (C21 u S'_(i-1) + C22 v shift(S'_(i-1))),   S' of degree k - 1,
// in vectors: nothing is added across lanes, so that the bytes do not depend on how wide they are.

/// <summary>Symmetric powers of a 2 x 2 matrix, degree by degree.</summary>
internal sealed class SymmetricPower
{
    // High powers of a small correlation (one that is 0 but for rounding) leave the range of normal numbers, where arithmetic is
    // many times slower. Entries are compared with those of order 1 of the same matrix.
    private const double Negligible = 1e-200;

    private readonly double[] _roots; // sqrt(k)
    private readonly (double[] Right, double[] Left)?[] _weights; // u and v of each degree that occurred
    private readonly int _stride; // rows are a whole number of vectors, after one entry that stays 0
    private double[] _current, _next;
    private Matrix2 _matrix;
    private int _rowDimension, _columnDimension;

    /// <summary>Workspace for degrees up to a highest one.</summary>
    public SymmetricPower(int highestDegree)
    {
        int lanes = Vector<double>.Count;
        _roots = [.. Enumerable.Range(0, highestDegree + 1).Select(k => Math.Sqrt(k))];
        _weights = new (double[], double[])?[highestDegree + 1];
        _stride = ((highestDegree + 1 + lanes) / lanes * lanes) + 1;
        (_current, _next) = ([], []); // as many rows as the first matrix that starts has
    }

    /// <summary>The present degree.</summary>
    public int Degree { get; private set; }

    /// <summary>Rows of the present matrix: degree + 1 in two dimensions, 1 in one.</summary>
    public int Rows => _rowDimension == 1 ? 1 : Degree + 1;

    /// <summary>Columns of the present matrix.</summary>
    public int Columns => _columnDimension == 1 ? 1 : Degree + 1;

    /// <summary>The first row of the present matrix.</summary>
    public ReadOnlySpan<double> FirstRow => Row(0, Columns);

    /// <summary>Starts at degree 0.</summary>
    public void Start(in Matrix2 matrix, int rowDimension, int columnDimension)
    {
        (_matrix, _rowDimension, _columnDimension, Degree) = (matrix, rowDimension, columnDimension, 0);
        int length = (rowDimension == 1 ? 1 : _roots.Length) * _stride + Vector<double>.Count;
        if (_current.Length < length) (_current, _next) = (new double[length], new double[length]);
        _current[1] = 1;
    }

    /// <summary>Goes on to a degree not below the present one.</summary>
    public void Raise(int degree)
    {
        while (Degree < degree) RaiseByOne();
    }

    /// <summary>y_j += factor * sum_i x_i S_ij.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddTransposed(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        int rows = Rows, columns = Columns, lanes = Vector<double>.Count;
        y = y[..columns];
        var i = 0;
        // Four rows at a time, added one after another.
        for (; i <= rows - 4; i += 4)
        {
            double s0 = factor * x[i], s1 = factor * x[i + 1], s2 = factor * x[i + 2], s3 = factor * x[i + 3];
            ReadOnlySpan<double> r0 = Row(i, columns), r1 = Row(i + 1, columns), r2 = Row(i + 2, columns), r3 = Row(i + 3, columns);
            var j = 0;
            for (; j <= columns - lanes; j += lanes)
            {
                Vector<double> sum = new Vector<double>(y[j..]) + (s0 * new Vector<double>(r0[j..])) + (s1 * new Vector<double>(r1[j..]));
                (sum + (s2 * new Vector<double>(r2[j..])) + (s3 * new Vector<double>(r3[j..]))).CopyTo(y[j..]);
            }

            for (; j < columns; j++) y[j] = y[j] + (s0 * r0[j]) + (s1 * r1[j]) + (s2 * r2[j]) + (s3 * r3[j]);
        }

        for (; i < rows; i++)
        {
            var scale = factor * x[i];
            if (scale == 0) continue;
            ReadOnlySpan<double> row = Row(i, columns);
            var j = 0;
            for (; j <= columns - lanes; j += lanes)
                (new Vector<double>(y[j..]) + (scale * new Vector<double>(row[j..]))).CopyTo(y[j..]);
            for (; j < columns; j++) y[j] += scale * row[j];
        }
    }

    private ReadOnlySpan<double> Row(int i, int columns) => _current.AsSpan((i * _stride) + 1, columns);

    /// <summary>The transposed matrix, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTransposed(Span<double> result)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) result[(j * Rows) + i] = _current[(i * _stride) + 1 + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RaiseByOne()
    {
        int k = Degree + 1;
        int rows = _rowDimension == 1 ? 1 : k + 1, columns = _columnDimension == 1 ? 1 : k + 1;
        (double[] u, double[] v) = _weights[k] ??= Weights(k);
        ref double right = ref MemoryMarshal.GetArrayDataReference(u), left = ref MemoryMarshal.GetArrayDataReference(v);
        var negligible = new Vector<double>(Negligible);
        for (var i = 0; i < rows; i++)
        {
            double here = _roots[k - i], above = _roots[i];
            Vector<double> c11 = new(here * _matrix.M11), c12 = new(here * _matrix.M12), c21 = new(above * _matrix.M21), c22 = new(above * _matrix.M22);
            // Rows -1 and k of degree k - 1 do not exist; their weights, sqrt(0), meet whichever row is there.
            ref double row = ref _current[Math.Min(i, Math.Max(0, rows - 2)) * _stride], before = ref _current[Math.Max(0, i - 1) * _stride], target = ref _next[(i * _stride) + 1];
            for (nuint j = 0; j < (nuint)columns; j += (nuint)Vector<double>.Count)
            {
                Vector<double> straight = (c11 * Vector.LoadUnsafe(ref row, j + 1)) + (c21 * Vector.LoadUnsafe(ref before, j + 1));
                Vector<double> shifted = (c12 * Vector.LoadUnsafe(ref row, j)) + (c22 * Vector.LoadUnsafe(ref before, j));
                Vector<double> sum = (Vector.LoadUnsafe(ref right, j) * straight) + (Vector.LoadUnsafe(ref left, j) * shifted);
                Vector.ConditionalSelect(Vector.GreaterThan(Vector.Abs(sum), negligible), sum, Vector<double>.Zero).StoreUnsafe(ref target, j);
            }
        }

        (_current, _next) = (_next, _current);
        Degree = k;
    }

    // A vector reaches beyond the last entry; what is there has no weight.
    private (double[] Right, double[] Left) Weights(int k)
    {
        int width = k + Vector<double>.Count;
        double[] right = new double[width], left = new double[width];
        for (var j = 0; j <= k; j++) (right[j], left[j]) = (_roots[k - j] / k, _roots[j] / k);
        return (right, left);
    }
}

namespace SymbolicEft.Numeric.Closures.Modes;

// The action of a 2 x 2 matrix C on homogeneous polynomials ("binary forms") of degree k, in the basis
//   e_j(w) = sqrt(binomial(k, j)) w1^(k-j) w2^j,     e(C w) = S_k(C) e(w).
// For jointly normal z, z' with E[z z'^T] = C and unit variances, S_k(C)_ij is
//   E[he_(k-i)(z1) he_i(z2) he_(k-j)(z1') he_j(z2')],
// the covariance of the normalised Hermite modes of two pairs of inputs (Mehler). Recursion, from integrating by parts in
// each of the k factors and averaging (all weights at most 1, so that nothing is amplified):
//   k S_k[(p,i),(q,j)] = sqrt(pq) C11 S[(p-1,i),(q-1,j)] + sqrt(pj) C12 S[(p-1,i),(q,j-1)]
//                      + sqrt(iq) C21 S[(p,i-1),(q-1,j)] + sqrt(ij) C22 S[(p,i-1),(q,j-1)].

/// <summary>Symmetric powers of a 2 x 2 matrix, degree by degree.</summary>
internal sealed class SymmetricPower
{
    private readonly double[] _roots;
    private double[] _current, _next;
    private Matrix2 _matrix;
    private int _rowDimension, _columnDimension;

    /// <summary>Workspace for degrees up to a highest one.</summary>
    public SymmetricPower(int highestDegree)
    {
        _roots = new double[highestDegree + 1];
        for (var k = 0; k <= highestDegree; k++) _roots[k] = Math.Sqrt(k);
        _current = new double[(highestDegree + 1) * (highestDegree + 1)];
        _next = new double[_current.Length];
    }

    /// <summary>The present degree.</summary>
    public int Degree { get; private set; }

    /// <summary>Rows of the present matrix: degree + 1 in two dimensions, 1 in one.</summary>
    public int Rows => _rowDimension == 1 ? 1 : Degree + 1;

    /// <summary>Columns of the present matrix.</summary>
    public int Columns => _columnDimension == 1 ? 1 : Degree + 1;

    /// <summary>Starts at degree 0.</summary>
    public void Start(in Matrix2 matrix, int rowDimension, int columnDimension)
    {
        (_matrix, _rowDimension, _columnDimension, Degree) = (matrix, rowDimension, columnDimension, 0);
        _current[0] = 1;
    }

    /// <summary>Goes on to a degree not below the present one.</summary>
    public void Raise(int degree)
    {
        while (Degree < degree) RaiseByOne();
    }

    /// <summary>y_j += factor * sum_i x_i S_ij.</summary>
    public void AddTransposed(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        int rows = Rows, columns = Columns;
        for (var i = 0; i < rows; i++)
        {
            var scale = factor * x[i];
            if (scale == 0) continue;
            var row = _current.AsSpan(i * columns, columns);
            for (var j = 0; j < columns; j++) y[j] += scale * row[j];
        }
    }

    private void RaiseByOne()
    {
        var k = Degree + 1;
        int rows = _rowDimension == 1 ? 1 : k + 1, columns = _columnDimension == 1 ? 1 : k + 1, before = Columns;
        for (var i = 0; i < rows; i++)
        {
            var p = k - i;
            for (var j = 0; j < columns; j++)
            {
                var q = k - j;
                double sum = 0;
                if (p > 0 && q > 0) sum += _roots[p] * _roots[q] * _matrix.M11 * _current[(i * before) + j];
                if (p > 0 && j > 0) sum += _roots[p] * _roots[j] * _matrix.M12 * _current[(i * before) + j - 1];
                if (i > 0 && q > 0) sum += _roots[i] * _roots[q] * _matrix.M21 * _current[((i - 1) * before) + j];
                if (i > 0 && j > 0) sum += _roots[i] * _roots[j] * _matrix.M22 * _current[((i - 1) * before) + j - 1];
                _next[(i * columns) + j] = sum / k;
            }
        }

        (_current, _next) = (_next, _current);
        Degree = k;
    }
}

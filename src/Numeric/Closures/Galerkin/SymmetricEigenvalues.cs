// Jacobi's method: rotations of two axes that make one entry vanish, sweep after sweep, until what is off the diagonal is below rounding. Small
// eigenvalues keep their digits where the diagonal is 1, as that of a correlation matrix is (Demmel, Veselic 1992).

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>Eigenvalues and vectors of small symmetric matrices.</summary>
internal static class SymmetricEigenvalues
{
    private const int MostSweeps = 60;

    /// <summary>The eigenvalues, and the vectors as columns; the matrix is overwritten.</summary>
    public static (double[] Values, double[,] Vectors) Of(double[,] matrix)
    {
        int count = matrix.GetLength(0);
        var vectors = new double[count, count];
        for (var i = 0; i < count; i++) vectors[i, i] = 1;
        var isDone = false;
        for (var sweep = 0; sweep < MostSweeps && !isDone; sweep++)
        {
            isDone = true;
            for (var i = 0; i < count; i++)
            {
                for (var j = i + 1; j < count; j++)
                {
                    if (Math.Abs(matrix[i, j]) <= 1e-20 * Math.Sqrt(Math.Abs(matrix[i, i] * matrix[j, j]))) continue;
                    isDone = false;
                    Rotate(matrix, vectors, i, j);
                }
            }
        }

        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = matrix[i, i];
        return (values, vectors);
    }

    private static void Rotate(double[,] matrix, double[,] vectors, int i, int j)
    {
        double theta = (matrix[j, j] - matrix[i, i]) / (2 * matrix[i, j]);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)), cosine = 1 / Math.Sqrt((t * t) + 1), sine = t * cosine;
        int count = matrix.GetLength(0);
        for (var n = 0; n < count; n++) (matrix[n, i], matrix[n, j]) = ((cosine * matrix[n, i]) - (sine * matrix[n, j]), (sine * matrix[n, i]) + (cosine * matrix[n, j]));
        for (var n = 0; n < count; n++) (matrix[i, n], matrix[j, n]) = ((cosine * matrix[i, n]) - (sine * matrix[j, n]), (sine * matrix[i, n]) + (cosine * matrix[j, n]));
        for (var n = 0; n < count; n++) (vectors[n, i], vectors[n, j]) = ((cosine * vectors[n, i]) - (sine * vectors[n, j]), (sine * vectors[n, i]) + (cosine * vectors[n, j]));
    }
}

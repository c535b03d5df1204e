using System.Globalization;

namespace SymbolicEft.Numeric.Simulation;

// C = R R^T, R lower triangular, for C positive semidefinite. Column k of R is C_.k / sqrt(C_kk) of what the earlier columns left
// over. A pivot that is zero within rounding means that variable k is a combination of the earlier ones: its column is zero and
// nothing is added to the diagonal, so equal inputs get equal rows.

/// <summary>Cholesky factor of a covariance that may be singular.</summary>
internal static class SemidefiniteCholesky
{
    private const double Tolerance = 1e-13;

    /// <summary>The lower factor R with C = R R^T.</summary>
    /// <param name="covariance">C, N x N, symmetric, positive semidefinite within 1e-9 of its diagonal.</param>
    /// <returns>R, N x N, zero above the diagonal and in the columns of dependent variables.</returns>
    /// <exception cref="ArgumentException">C is not finite, not symmetric or not positive semidefinite.</exception>
    public static double[,] Factor(double[,] covariance)
    {
        int n = covariance.GetLength(0);
        var rest = new double[n, n];
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b < n; b++)
            {
                rest[a, b] = covariance[a, b];
                double scale = Math.Sqrt(Math.Abs(covariance[a, a] * covariance[b, b]));
                if (!double.IsFinite(rest[a, b])) throw Wrong(covariance, a, b, "is not finite");
                if (Math.Abs(rest[a, b] - covariance[b, a]) > 1e-12 * scale) throw Wrong(covariance, a, b, "differs from its transpose");
                if (Math.Abs(rest[a, b]) > scale * (1 + 1e-12)) throw Wrong(covariance, a, b, "is larger than the diagonal allows");
            }

            if (covariance[a, a] < 0) throw Wrong(covariance, a, a, "is a negative variance");
        }

        var factor = new double[n, n];
        for (int k = 0; k < n; k++)
        {
            double pivot = rest[k, k], diagonal = covariance[k, k];
            if (pivot < -1e-9 * diagonal) throw Wrong(covariance, k, k, "makes the matrix indefinite");
            if (pivot <= Tolerance * (n + 1) * diagonal)
            {
                for (int a = k + 1; a < n; a++)
                {
                    double scale = Math.Sqrt(diagonal * covariance[a, a]);
                    if (Math.Abs(rest[a, k]) > 1e-6 * scale) throw Wrong(covariance, a, k, "makes the matrix indefinite");
                }

                continue;
            }

            double inverse = 1 / Math.Sqrt(pivot);
            for (int a = k; a < n; a++)
            {
                // A row with nothing left over takes no more entries: they would be rounding.
                bool dependent = rest[a, a] <= Tolerance * (n + 1) * covariance[a, a];
                factor[a, k] = dependent ? 0 : rest[a, k] * inverse;
            }

            for (int a = k + 1; a < n; a++)
            {
                for (int b = k + 1; b <= a; b++) rest[a, b] = rest[b, a] = rest[a, b] - (factor[a, k] * factor[b, k]);
            }
        }

        return factor;
    }

    private static ArgumentException Wrong(double[,] covariance, int a, int b, string reason) => new(
        string.Create(CultureInfo.InvariantCulture, $"Entry ({a}, {b}) = {covariance[a, b]:R} of the covariance {reason}; a covariance is symmetric and positive semidefinite."),
        nameof(covariance));
}

using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// C = R R^T for a positive semidefinite C that differs from sample to sample, packed lower triangles, in place.
//   for k: pivot = C_kk - sum_{j<k} R_kj^2;  R_.k = C_.k / sqrt(pivot), or 0 in the lanes where pivot <= tolerance * C_kk
// A pivot within rounding of zero means input k depends on the earlier ones (equal inputs; more inputs than neurons). Its column is
// set to zero: what is left out is at most rounding, and nothing is added to the diagonal. A dependent column that rounding lets
// through is harmless only if no later row can blow up, so entries are cut to the Cauchy-Schwarz bound of what is left.

/// <summary>Cholesky factors of the covariance of a row of U, one for each lane.</summary>
internal static unsafe class LaneCholesky<T, TLanes>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    /// <summary>Overwrites the packed lower triangle of C with that of R.</summary>
    /// <param name="c">N (N + 1) / 2 vectors.</param>
    /// <param name="inputs">N.</param>
    /// <param name="diagonal">Room for N vectors.</param>
    public static void Factor(Vector512<T>* c, int inputs, Vector512<T>* diagonal)
    {
        Vector512<T> tolerance = TLanes.Broadcast(8 * (inputs + 3) * TLanes.Roundoff);
        for (int a = 0; a < inputs; a++) diagonal[a] = c[LaneGram<T, TLanes>.Packed(a, a)];
        for (int k = 0; k < inputs; k++)
        {
            Vector512<T> pivot = c[LaneGram<T, TLanes>.Packed(k, k)];
            Vector512<T> positive = Vector512.GreaterThan(pivot, tolerance * diagonal[k]);
            Vector512<T> inverse = positive & (Vector512<T>.One / Vector512.Sqrt(pivot));
            c[LaneGram<T, TLanes>.Packed(k, k)] = pivot * inverse;
            for (int a = k + 1; a < inputs; a++)
            {
                Vector512<T>* row = c + LaneGram<T, TLanes>.Packed(a, 0);
                // A row with nothing left over takes no more entries: they would be rounding, and would tell equal inputs apart.
                Vector512<T> entry = row[k] * inverse & Vector512.GreaterThan(row[a], tolerance * diagonal[a]);
                // The slack keeps equal inputs equal: rounding alone must not cut.
                Vector512<T> left = Vector512.MaxNative(row[a], Vector512<T>.Zero) * TLanes.Broadcast(1.001);
                if (Vector512.GreaterThanAny(entry * entry, left))
                {
                    Vector512<T> bound = Vector512.Sqrt(left);
                    entry = Vector512.MaxNative(-bound, Vector512.MinNative(bound, entry));
                }

                row[k] = entry;
            }

            for (int a = k + 1; a < inputs; a++)
            {
                Vector512<T>* row = c + LaneGram<T, TLanes>.Packed(a, 0);
                Vector512<T> minus = -row[k];
                for (int b = k + 1; b <= a; b++)
                    row[b] = TLanes.MultiplyAdd(minus, c[LaneGram<T, TLanes>.Packed(b, k)], row[b]);
            }
        }
    }
}

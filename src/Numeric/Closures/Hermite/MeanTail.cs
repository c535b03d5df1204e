// What means lack of modes above the highest order k, of a field phi' = alpha phi + noise whose rows have the fluctuating covariance s (of g' beside alpha^2 g: eps^2 is in it).
//
// E_p |f_>| bounds n E<f_>>. A mode of order j > k has its mean from the layers before it: at layer m, 1/2 sum_cd Cov(s_cd, xi(P d_c d_d F)), F the mode taken
// back to layer m + 1, where its norm is at most r^j of what it was, r the product of the canonical correlations rho between the layers. In standard units
// sum_ij |d_i d_j F|^2 = j (j - 1) |F|^2, so that |.| <= 1/2 |s| sqrt(j (j - 1)) rho_m^(j - 2) |F|, |s|^2 = sum_ij |s_ij|^2, where |s_p| bounds the covariance of s_p
// with modes of norm 1 above order k - 2. Sums over layers are kept for bands of orders n_i <= j < n_(i+1):
//   E_i' = rho^(n_i) (E_i + 1/2 |s| / rho^2),   E_p^2 = sum_i (n_(i+1) - 1)^2 E_i^2.
// Lower modes have exact covariances with s (different orders are uncorrelated), but for order 4, whose mean meets s with g and with s again; with what these lack in standard
// units, b_s and b_g, and where parts of it are independent, each its own:
//   nu' = rho^4 nu + 1/2 sqrt(12) rho^2 sum |b_s| |b_g| + 1/8 sqrt(24) sum |b_s|^2.
// A norm meets Cov(g_aa, modes of order j) =: x_j, a of the pair whose modes they are: x_j' = rho^j (A_aa x_j + |d_j|), d what g' takes of modes above k; in bands likewise,
//   X_i' = rho^(n_i) (A_aa X_i + |d|),   sum_j j^2 x_j^2 <= sum_i (n_(i+1) - 1)^2 X_i^2.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on the means of modes above an order, and on what that of order 4 lacks, layer by layer; for orders of 4 and more.</summary>
internal sealed class MeanTail
{
    private const double BandRatio = 1.25;

    // Orders up to n are in bands; beyond, rho^n has to be nothing.
    private const double LastOrder = 1e9, Nothing = 1e-12;

    private readonly PairUnits _units;
    private readonly List<double> _bands = [];
    private readonly double[,] _sums;
    private readonly double[,] _first, _second;
    private readonly double[] _fourth;

    /// <summary>Begins at layer 0, where nothing is left out.</summary>
    /// <param name="units">The units of the pairs.</param>
    /// <param name="highestOrder">k.</param>
    /// <param name="hasOnlyEvenOrders">Whether modes of odd order vanish.</param>
    public MeanTail(PairUnits units, int highestOrder, bool hasOnlyEvenOrders)
    {
        _units = units;
        int first = highestOrder + 1;
        for (double order = hasOnlyEvenOrders && first % 2 == 1 ? first + 1 : first; order < LastOrder; order = Math.Ceiling(BandRatio * order))
            _bands.Add(order);
        (_sums, _fourth) = (new double[units.Pairs.Length, _bands.Count], new double[units.Pairs.Length]);
        (_first, _second) = (new double[units.Pairs.Length, _bands.Count], new double[units.Pairs.Length, _bands.Count]);
    }

    /// <summary>n E&lt;f&gt; at most, of a function of a pair.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="above">The norm that it has in modes above the highest order.</param>
    /// <param name="fourth">Its modes of order 4.</param>
    public double OfMean(int pair, double above, ReadOnlySpan<double> fourth) => (above > 0 ? Sum(_sums, pair) * above : 0) + (_fourth[pair] * Norm(fourth));

    /// <summary>(sum over orders j above the highest of j^2 |Cov(g_aa, modes of order j of the pair (a, b))|^2)^(1/2) at most.</summary>
    public double WithFirst(int pair) => Sum(_first, pair);

    /// <summary>The same of g_bb.</summary>
    public double WithSecond(int pair) => Sum(_second, pair);

    /// <summary>Goes on to the next layer with these.</summary>
    /// <param name="pair">The pair whose modes they are.</param>
    /// <param name="rho">The largest canonical correlation of its inputs between the layers.</param>
    /// <param name="carried">What g_aa' has of g_aa, and g_bb' of g_bb.</param>
    /// <param name="added">What they take of modes above the highest order.</param>
    public void AdvanceWith(int pair, double rho, (double First, double Second) carried, (double First, double Second) added)
    {
        double fall = Math.Log(rho);
        for (int band = 0; band < _bands.Count; band++)
        {
            double kept = Math.Exp(_bands[band] * fall);
            _first[pair, band] = kept == 0 ? 0 : kept * ((carried.First * _first[pair, band]) + added.First);
            _second[pair, band] = kept == 0 ? 0 : kept * ((carried.Second * _second[pair, band]) + added.Second);
        }
    }

    /// <summary>|f_p|, the norm of sigma sigma in modes above order k - 2.</summary>
    /// <param name="pair">sigma sigma of a pair.</param>
    /// <param name="highestOrder">k.</param>
    /// <param name="above">Its norm in modes above k.</param>
    public static double Near(PairFluctuation pair, int highestOrder, double above)
    {
        ReadOnlySpan<double> last = pair.Order(highestOrder), before = pair.Order(highestOrder - 1);
        return Math.Sqrt((above * above) + VectorSums.Dot(last, last) + VectorSums.Dot(before, before));
    }

    /// <summary>The norm of modes.</summary>
    public static double Norm(ReadOnlySpan<double> modes) => Math.Sqrt(VectorSums.Dot(modes, modes));

    /// <summary>Goes on to the next layer.</summary>
    /// <param name="pair">The pair whose modes do.</param>
    /// <param name="rho">The largest canonical correlation of its inputs between the layers.</param>
    /// <param name="frame">Its frame at this layer.</param>
    /// <param name="nextFrame">Its frame at the next.</param>
    /// <param name="met">|s_p| over pairs.</param>
    /// <param name="lacking">What s and g lack over pairs, b_s and b_g; each part is independent of the others.</param>
    public void Advance(int pair, double rho, in PairFrame frame, in PairFrame nextFrame, double[] met, params ReadOnlySpan<(double[] Drive, double[] Kernel)> lacking)
    {
        double square = rho * rho, fourth = square * square * _fourth[pair];
        foreach ((double[] drive, double[] kernel) in lacking)
        {
            // he_2(w.z) = g(w)/sqrt2.
            double ofDrive = _units.Norm(nextFrame, pair, drive);
            fourth += (0.5 * Math.Sqrt(12) * square * ofDrive * _units.Norm(frame, pair, kernel) * Math.Sqrt(0.5)) + (Math.Sqrt(24) / 8 * ofDrive * ofDrive);
        }

        _fourth[pair] = fourth;
        double fed = 0.5 * _units.Norm(nextFrame, pair, met) / square, fall = Math.Log(rho);
        for (int band = 0; band < _bands.Count; band++)
            _sums[pair, band] = Math.Exp(_bands[band] * fall) is var kept and > 0 ? kept * (_sums[pair, band] + fed) : 0;
    }

    // Of E_p, or X of one of its inputs.
    private double Sum(double[,] sums, int pair)
    {
        double sum = 0, last = 0;
        for (int band = 0; band + 1 < _bands.Count; band++)
        {
            last = (_bands[band + 1] - 1) * sums[pair, band];
            sum += last * last;
        }

        return last * last > Nothing * sum ? double.PositiveInfinity : Math.Sqrt(sum);
    }
}

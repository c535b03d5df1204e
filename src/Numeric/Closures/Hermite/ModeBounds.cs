// What hermite(k) leaves out of V4 and K1, bounded. h = eps^2, f = sigma sigma of a pair p, f_> its part in modes above k, f_4 that of order 4.
//
//   V4   CovarianceTail: V4 of all modes is that of the modes kept and the covariance of tails, |.| <= b_p b_q.
//   K1   dK1' = |alpha^2 + h C_W chi| dK1 + h C_W dU,   dU_p = E_p |f_>| + nu_p |f_4|
//
// E_p |f_>| bounds n E<f_>>. A mode of order j > k has its mean from the layers before it: at layer m, (h/2) sum_cd Cov(s_cd, xi(P d_c d_d F)), F the mode taken
// back to layer m + 1, where its norm is at most r^j of what it was, r the product of the canonical correlations rho between the layers. In standard units
// sum_ij |d_i d_j F|^2 = j (j - 1) |F|^2, so that |.| <= (h/2) |s| sqrt(j (j - 1)) rho_m^(j - 2) |F|, |s|^2 = sum_ij |s_ij|^2, where |s_p| bounds the covariance of s_p
// with modes of norm 1 above order k - 2:
//   |s_p| = C_W (|f_p| + sum_q |chi_pq| c_q),   |f_p| in modes above k - 2,   c_p' = rho^(k - 1) (|alpha^2 + h C_W chi| c + h C_W |f|)_p   (of g_p with these modes)
// Sums over layers are kept for bands of orders n_i <= j < n_(i+1):    E_i' = rho^(n_i) (E_i + (h/2) |s| / rho^2),   E_p^2 = sum_i (n_(i+1) - 1)^2 E_i^2.
// Lower modes have exact covariances with s (different orders are uncorrelated), but for order 4, whose mean meets s with g and with s again; with the tails of
// these, b_s and b_g in standard units:    nu' = rho^4 nu + (h/2) sqrt(12) rho^2 |b_s| |b_g| + (h^2/8) sqrt(24) |b_s|^2.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on what modes above the highest order add to V4 and K1, layer by layer; for orders of 4 and more.</summary>
internal sealed class ModeBounds : ILeadingOrderBounds
{
    private const double BandRatio = 1.25;

    // Orders up to n are in bands; beyond, rho^n has to be nothing.
    private const double LastOrder = 1e9, Nothing = 1e-12;

    private readonly FluctuationEquation _fluctuations;
    private readonly Network _network;
    private readonly CovarianceTail _tail;
    private readonly IReadOnlyList<InputPair> _pairs;
    private readonly List<double> _bands = [];
    private readonly double[,] _sums;
    private readonly double[] _fourth, _near, _source;
    private double[] _seen, _nextSeen, _mean, _next;
    private int _layer;

    /// <summary>Begins at layer 0, where nothing is left out.</summary>
    /// <param name="fluctuations">The expansion of the closure.</param>
    /// <param name="network">The network, whose layers they are.</param>
    public ModeBounds(FluctuationEquation fluctuations, Network network)
    {
        (_fluctuations, _network, _tail, _pairs) = (fluctuations, network, new(fluctuations), PairIndexing.All(fluctuations.Inputs));
        int first = fluctuations.HighestOrder + 1;
        for (double order = fluctuations.HasOnlyEvenOrders && first % 2 == 1 ? first + 1 : first; order < LastOrder; order = Math.Ceiling(BandRatio * order))
            _bands.Add(order);
        (_sums, _fourth) = (new double[_pairs.Count, _bands.Count], new double[_pairs.Count]);
        (_mean, _next) = (new double[_pairs.Count], new double[_pairs.Count]);
        (_seen, _nextSeen, _near, _source) = (new double[_pairs.Count], new double[_pairs.Count], new double[_pairs.Count], new double[_pairs.Count]);
    }

    /// <inheritdoc/>
    public double V4(int left, int right) => _tail.Kernel[left] * _tail.Kernel[right];

    /// <inheritdoc/>
    public IReadOnlyList<double>? K1 => _mean;

    /// <inheritdoc/>
    public void Advance(double[] state, double[] next)
    {
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs.Count), nextKernel = next.AsSpan(0, _pairs.Count);
        LayerParameters layer = _network.LayerAt(_layer++);
        FluctuationCoefficients here = _fluctuations.At(kernel);
        _tail.See(here, kernel);
        double keep = layer.Skip * layer.Skip, weight = layer.Time * layer.WeightVariance;
        int highest = _fluctuations.HighestOrder;
        for (int p = 0; p < _pairs.Count; p++)
        {
            ReadOnlySpan<double> last = here.Pairs[p].Order(highest), before = here.Pairs[p].Order(highest - 1);
            _near[p] = Math.Sqrt((_tail.Source[p] * _tail.Source[p]) + VectorSums.Dot(last, last) + VectorSums.Dot(before, before));
            _source[p] = layer.WeightVariance * (_near[p] + _tail.Sum(here, p, 0, 1, _seen));
        }

        for (int p = 0; p < _pairs.Count; p++)
        {
            PairFluctuation each = here.Pairs[p];
            _next[p] = _tail.Sum(here, p, keep, weight, _mean) + (weight * ((Beyond(p) * _tail.Source[p]) + (_fourth[p] * Math.Sqrt(VectorSums.Dot(each.Order(4), each.Order(4))))));
            (int a, int b) = _pairs[p];
            double rho = _tail.Correlation(each, layer.Skip, nextKernel, p);
            PairFrame after = ModeNumbers.Frame(nextKernel, a, b, _fluctuations.Inputs);
            double whole = 0, tail = 0, kernelTail = 0;
            for (int component = 0; component < 3; component++)
            {
                // s_11, s_12, s_22 in standard units; the second stands twice in the sum over i and j.
                double lacking = layer.WeightVariance * Tail(after, component, a, b, _tail.Sigma);
                double met = Tail(after, component, a, b, _source);
                double times = component == 1 ? 2 : 1, kernelLacking = Tail(each.Frame, component, a, b, _tail.Kernel);
                whole += times * met * met;
                tail += times * lacking * lacking;
                kernelTail += (component == 1 ? 1 : 0.5) * kernelLacking * kernelLacking;
            }

            double half = layer.Time / 2, square = rho * rho;
            _fourth[p] = (square * square * _fourth[p]) + (half * Math.Sqrt(12 * tail * kernelTail) * square) + (half * half / 2 * Math.Sqrt(24) * tail);
            _nextSeen[p] = Math.Pow(rho, highest - 1) * (_tail.Sum(here, p, keep, weight, _seen) + (weight * _near[p]));
            double fed = half * Math.Sqrt(whole) / square;
            double fall = Math.Log(rho);
            for (int band = 0; band < _bands.Count; band++)
                _sums[p, band] = Math.Exp(_bands[band] * fall) is var kept and > 0 ? kept * (_sums[p, band] + fed) : 0;
        }

        (_mean, _next, _seen, _nextSeen) = (_next, _mean, _nextSeen, _seen);
        _tail.Advance(here, layer, nextKernel);
    }

    // E_p.
    private double Beyond(int pair)
    {
        double sum = 0, last = 0;
        for (int band = 0; band + 1 < _bands.Count; band++)
        {
            last = (_bands[band + 1] - 1) * _sums[pair, band];
            sum += last * last;
        }

        return last * last > Nothing * sum ? double.PositiveInfinity : Math.Sqrt(sum);
    }

    // The weights of x_aa, x_ab, x_bb in a component of W x W^T, W the frame.
    private static (double First, double Cross, double Second) Weights(in PairFrame frame, int component) => component switch
    {
        0 => (frame.A * frame.A, 0, 0),
        1 => (frame.A * frame.B, frame.A * frame.D, 0),
        _ => (frame.B * frame.B, 2 * frame.B * frame.D, frame.D * frame.D),
    };

    private double Tail(in PairFrame frame, int component, int a, int b, IReadOnlyList<double> deviations)
    {
        (double first, double cross, double second) = Weights(frame, component);
        int inputs = _fluctuations.Inputs;
        return (Math.Abs(first) * deviations[PairIndexing.Of(a, a, inputs)]) + (Math.Abs(cross) * deviations[PairIndexing.Of(a, b, inputs)]) + (Math.Abs(second) * deviations[PairIndexing.Of(b, b, inputs)]);
    }
}

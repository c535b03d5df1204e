// What hermite(k) leaves out of V4 and K1, bounded. h = eps^2, f = sigma sigma of a pair p, f_> its part in modes above k, f_4 that of order 4.
//
//   V4   CovarianceTail: V4 of all modes is that of the modes kept and the covariance of tails, |.| <= b_p b_q.
//   K1   dK1' = |alpha^2 + h C_W chi| dK1 + h C_W dU,   dU_p = E_p |f_>| + nu_p |f_4|   (MeanTail)
//
//   |s_p| = h C_W (|f_p| + sum_q |chi_pq| c_q),   |f_p| in modes above k - 2,   c_p' = rho^(k - 1) (|alpha^2 + h C_W chi| c + h C_W |f|)_p   (of g_p with these modes)

using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on what modes above the highest order add to V4 and K1, layer by layer; for orders of 4 and more.</summary>
internal sealed class ModeBounds : ILeadingOrderBounds
{
    private readonly FluctuationEquation _fluctuations;
    private readonly Network _network;
    private readonly CovarianceTail _tail;
    private readonly MeanTail _means;
    private readonly NumberErrors _numbers;
    private readonly InputPair[] _pairs;
    private readonly double[] _near, _met, _lacking;
    private double[] _seen, _nextSeen, _mean, _next;
    private int _layer;

    /// <summary>Begins at layer 0, where nothing is left out.</summary>
    /// <param name="fluctuations">The expansion of the closure.</param>
    /// <param name="network">The network, whose layers they are.</param>
    /// <param name="equations">The equations of the closure.</param>
    public ModeBounds(FluctuationEquation fluctuations, Network network, MomentEquations equations)
    {
        var units = new PairUnits(fluctuations.Inputs);
        (_fluctuations, _network, _tail, _pairs, _numbers) = (fluctuations, network, new(fluctuations), units.Pairs, new(equations, units, network.InitialKernel));
        _means = new(units, fluctuations.HighestOrder, fluctuations.HasOnlyEvenOrders);
        (_near, _met, _lacking) = (new double[_pairs.Length], new double[_pairs.Length], new double[_pairs.Length]);
        (_mean, _next, _seen, _nextSeen) = (new double[_pairs.Length], new double[_pairs.Length], new double[_pairs.Length], new double[_pairs.Length]);
    }

    /// <inheritdoc/>
    public double V4(int left, int right) => _tail.Kernel[left] * _tail.Kernel[right];

    /// <inheritdoc/>
    public IReadOnlyList<double>? K1 => _mean;

    /// <inheritdoc/>
    public NumberErrors? Numbers => _numbers;

    /// <inheritdoc/>
    public void Advance(double[] state, double[] next)
    {
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs.Length), nextKernel = next.AsSpan(0, _pairs.Length);
        LayerParameters layer = _network.LayerAt(_layer++);
        FluctuationCoefficients here = _fluctuations.At(kernel);
        _tail.See(here, kernel);
        double keep = layer.Skip * layer.Skip, weight = layer.Time * layer.WeightVariance;
        _numbers.Advance(state, nextKernel, StreamLayer.Of(layer.Skip, [(weight, here, _tail.Drive, layer.Time * layer.BiasVariance)]));
        for (int p = 0; p < _pairs.Length; p++)
        {
            _near[p] = MeanTail.Near(here.Pairs[p], _fluctuations.HighestOrder, _tail.Drive[p]);
            _met[p] = weight * (_near[p] + _tail.Sum(here, p, 0, 1, _seen));
            _lacking[p] = weight * _tail.Sigma[p];
        }

        for (int p = 0; p < _pairs.Length; p++)
        {
            PairFluctuation each = here.Pairs[p];
            _next[p] = _tail.Sum(here, p, keep, weight, _mean) + (weight * _means.OfMean(p, _tail.Drive[p], each.Order(4)));
            (int a, int b) = _pairs[p];
            double rho = _tail.Correlation(each, layer.Skip, nextKernel, p);
            _means.Advance(p, rho, each.Frame, ModeNumbers.Frame(nextKernel, a, b, _fluctuations.Inputs), _met, (_lacking, _tail.Kernel));
            _nextSeen[p] = Math.Pow(rho, _fluctuations.HighestOrder - 1) * (_tail.Sum(here, p, keep, weight, _seen) + (weight * _near[p]));
        }

        (_mean, _next, _seen, _nextSeen) = (_next, _mean, _nextSeen, _seen);
        _tail.Advance(here, layer, nextKernel);
    }
}

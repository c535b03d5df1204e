using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;

namespace SymbolicEft.Numeric.Closures.Hermite;

// What the covariances of a prediction of all orders lack if they are computed to order K: the part in modes of orders above K, which is
// uncorrelated with the rest. With F_p that part of sigma sigma of a pair p, s_p >= sd(F_p), A = alpha^2 + eps^2 C_W chi, w = eps^2 C_W,
//
//   g_p' = sum_q A_pq g_q + w F_p,  g = 0 at layer 0
//   b_p  >= sd(g_p),   c_p >= norm of E[g_p | hf], hf the state of the layer, which is all of g_p that F_p can be correlated with
//   b_p'^2 = (|A| b)_p^2 + 2 w s_p (|A| c)_p + w^2 s_p^2,     c_p' = rho_p^(K+1) ((|A| c)_p + w s_p)
//
// rho_p is the largest canonical correlation of the inputs of p between the two layers: a mode of order k keeps at most rho^k of its norm.
// |Cov| <= product of the two deviations. Bounds, not estimates.

/// <summary>Bounds on the deviations of the part of a prediction that is in modes above an order.</summary>
internal sealed class CovarianceTail
{
    private readonly FluctuationEquation fluctuations;
    private readonly IReadOnlyList<InputPair> pairs;
    private readonly double[] drive;
    private readonly double[] response;
    private double[] deviation;
    private double[] seen;

    public CovarianceTail(FluctuationEquation fluctuations)
    {
        this.fluctuations = fluctuations;
        pairs = PairIndexing.All(fluctuations.Inputs);
        (drive, response) = (new double[pairs.Count], new double[pairs.Count]);
        (deviation, seen) = (new double[pairs.Count], new double[pairs.Count]);
    }

    /// <summary>Bounds on the standard deviations of the missing part of g, over pairs, at the layer of <see cref="See"/>.</summary>
    public double[] Kernel => deviation;

    /// <summary>Likewise of t.</summary>
    public double[] Sigma => response;

    /// <summary>The norm of sigma sigma above the order, over pairs.</summary>
    public double[] Drive => drive;

    /// <summary>Looks at a layer: what its sigma sigma has above the order.</summary>
    public void See(FluctuationCoefficients here, ReadOnlySpan<double> kernel)
    {
        for (int p = 0; p < pairs.Count; p++)
        {
            drive[p] = Math.Sqrt(fluctuations.SquareBeyond(kernel, p));
            response[p] = drive[p] + Sum(here, p, 0, 1, deviation);
        }
    }

    /// <summary>Goes on to the next layer.</summary>
    public void Advance(FluctuationCoefficients here, LayerParameters layer, ReadOnlySpan<double> nextKernel)
    {
        double keep = layer.Skip * layer.Skip, weight = layer.Time * layer.WeightVariance;
        double[] next = new double[deviation.Length], nextSeen = new double[deviation.Length];
        for (int p = 0; p < pairs.Count; p++)
        {
            double carried = Sum(here, p, keep, weight, deviation), correlated = Sum(here, p, keep, weight, seen), added = weight * drive[p];
            next[p] = Math.Sqrt((carried * carried) + (2 * added * correlated) + (added * added));
            nextSeen[p] = (correlated + added) * Math.Pow(Correlation(here.Pairs[p], layer.Skip, nextKernel, p), fluctuations.HighestOrder + 1);
        }

        (deviation, seen) = (next, nextSeen);
    }

    /// <summary>sum over q of |keep delta_pq + weight chi_pq| values_q.</summary>
    public double Sum(FluctuationCoefficients here, int pair, double keep, double weight, double[] values)
    {
        (int a, int b) = pairs[pair];
        PairFluctuation each = here.Pairs[pair];
        int inputs = fluctuations.Inputs;
        if (a == b) return Math.Abs(keep + (weight * each.ResponseFirst)) * values[pair];
        return (Math.Abs(keep + (weight * each.ResponseCross)) * values[pair])
            + (Math.Abs(weight * each.ResponseFirst) * values[PairIndexing.Of(a, a, inputs)])
            + (Math.Abs(weight * each.ResponseSecond) * values[PairIndexing.Of(b, b, inputs)]);
    }

    /// <summary>rho_p: the largest canonical correlation of the inputs of a pair between a layer and the next.</summary>
    public double Correlation(PairFluctuation here, double skip, ReadOnlySpan<double> nextKernel, int pair)
    {
        (int a, int b) = pairs[pair];
        return Math.Min(1, here.Frame.ToNext(ModeNumbers.Frame(nextKernel, a, b, fluctuations.Inputs)).Scale(skip).Norm);
    }
}

// A perceptron of one input is a Markov chain of one number, Q' = C_b + the mean of f(sqrt(Q) z) over n independent z, and G is the mean of n squares of
// N(0,Q). No modes, no averages of neurons: with Q = K + d along the path K of infinite width, E[g(Q')|Q] of a power series g in d and 1/n is one again.
//   The cumulants of Q' given Q are c_r = kappa_r(Q) / n^(r-1), kappa_r those of f, and moments follow from mu_a = sum_j C(a-1, j-1) c_j mu_(a-j).
//   d is of order n^(-1/2): d^a / n^b is kept for a/2 + b up to the order wanted.

using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

/// <summary>The cumulants of G in a perceptron of one input, as series in 1/n.</summary>
internal sealed class PerceptronChain
{
    private readonly Func<double, double> _sigma;
    private readonly double[] _kinks;
    private readonly double _weightVariance, _biasVariance;
    private readonly int _powers;

    /// <summary>Prepares.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="kinks">Where it is not smooth.</param>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="biasVariance">C_b.</param>
    /// <param name="powers">The highest power of 1/n.</param>
    public PerceptronChain(Func<double, double> sigma, double[] kinks, double weightVariance, double biasVariance, int powers) =>
        (_sigma, _kinks, _weightVariance, _biasVariance, _powers) = (sigma, kinks, weightVariance, biasVariance, powers);

    /// <summary>For each number of factors G from 1 the joint cumulant at the last layer: coefficients at 1, 1/n, ...</summary>
    public double[][] Cumulants(double kernel, int depth)
    {
        double[] path = new double[depth + 1];
        path[0] = kernel;
        for (int layer = 0; layer < depth; layer++)
            path[layer + 1] = _biasVariance + FeatureMoments(path[layer])[0][0];
        double[][] moments = new double[_powers + 2][];
        var cumulants = new List<double[]>();
        double[][][,] maps = [.. Enumerable.Range(0, depth).Select(layer => StepCumulants(path[layer], path[layer + 1]))];
        for (int factors = 1; factors <= _powers + 1; factors++)
        {
            // E[G^k | Q] = Q^k (1 + 2/n)(1 + 4/n)...
            double[,] function = Constant(1);
            for (int factor = 0; factor < factors; factor++)
                function = Times(Times(function, Series(path[depth], 1)), Inverse(2 * factor));
            for (int layer = depth - 1; layer >= 0; layer--)
                function = Expected(function, maps[layer]);
            moments[factors] = [.. Enumerable.Range(0, _powers + 1).Select(power => function[0, power])];
            // Cumulants from moments, one number of factors after the other.
            double[] cumulant = [.. moments[factors]];
            for (int before = 1; before < factors; before++)
            {
                for (int power = 0; power <= _powers; power++)
                {
                    for (int other = 0; other <= power; other++)
                        cumulant[power] -= Combinatorics.Combinations(factors - 1, before - 1) * cumulants[before - 1][other] * moments[factors - before][power - other];
                }
            }

            cumulants.Add(cumulant);
        }

        return [.. cumulants];
    }

    private double[,] Zero => new double[(2 * _powers) + 1, _powers + 1];

    private double[,] Constant(double value)
    {
        double[,] series = Zero;
        series[0, 0] = value;
        return series;
    }

    private double[,] Series(double constant, double slope)
    {
        double[,] series = Constant(constant);
        series[1, 0] = slope;
        return series;
    }

    private double[,] Inverse(double coefficient)
    {
        double[,] series = Constant(1);
        series[0, 1] = coefficient;
        return series;
    }

    private double[,] Times(double[,] left, double[,] right)
    {
        double[,] product = Zero;
        for (int a = 0; a <= 2 * _powers; a++)
        {
            for (int b = 0; a + (2 * b) <= 2 * _powers; b++)
            {
                for (int c = 0; left[a, b] != 0 && a + c + (2 * b) <= 2 * _powers; c++)
                {
                    for (int d = 0; a + c + (2 * (b + d)) <= 2 * _powers; d++)
                        product[a + c, b + d] += left[a, b] * right[c, d];
                }
            }
        }

        return product;
    }

    private static void Add(double[,] sum, double[,] series, double factor)
    {
        for (int a = 0; a < sum.GetLength(0); a++)
        {
            for (int b = 0; b < sum.GetLength(1); b++)
                sum[a, b] += factor * series[a, b];
        }
    }

    // E[g(d') | d].
    private double[,] Expected(double[,] function, double[][,] cumulants)
    {
        var moments = new List<double[,]> { Constant(1) };
        for (int power = 1; power <= 2 * _powers; power++)
        {
            double[,] moment = Zero;
            for (int of = 1; of <= Math.Min(power, cumulants.Length); of++)
                Add(moment, Times(cumulants[of - 1], moments[power - of]), Combinatorics.Combinations(power - 1, of - 1));
            moments.Add(moment);
        }

        double[,] result = Zero;
        for (int a = 0; a <= 2 * _powers; a++)
        {
            for (int b = 0; b <= _powers; b++)
            {
                if (function[a, b] == 0)
                    continue;
                double[,] inverse = Zero;
                inverse[0, b] = function[a, b];
                Add(result, Times(moments[a], inverse), 1);
            }
        }

        return result;
    }

    // The cumulants of d' = Q' - K' as series in d and 1/n.
    private double[][,] StepCumulants(double kernel, double next)
    {
        double[][] features = FeatureMoments(kernel);
        double[][,] moments = [.. features.Select(Of)];
        var cumulants = new List<double[,]>();
        for (int factors = 1; factors <= moments.Length; factors++)
        {
            double[,] cumulant = moments[factors - 1];
            for (int before = 1; before < factors; before++)
                Add(cumulant = (double[,])cumulant.Clone(), Times(cumulants[before - 1], moments[factors - before - 1]), -Combinatorics.Combinations(factors - 1, before - 1));
            cumulants.Add(cumulant);
        }

        return
        [
            .. cumulants.Select((cumulant, at) =>
            {
                double[,] power = Zero;
                power[0, Math.Min(at, _powers)] = at <= _powers ? 1 : 0;
                double[,] result = Times(cumulant, power);
                if (at == 0)
                    result[0, 0] += _biasVariance - next;
                return result;
            }),
        ];

        double[,] Of(double[] derivatives)
        {
            double[,] series = Zero;
            double factorial = 1;
            for (int order = 0; order <= 2 * _powers; order++, factorial *= order)
                series[order, 0] = derivatives[order] / factorial;
            return series;
        }
    }

    // For each power p of f from 1: E f^p at K and its derivatives in K, E[f^p He_2j(z)] / (2K)^j.
    private double[][] FeatureMoments(double kernel)
    {
        int powers = _powers + 1, derivatives = 2 * _powers;
        double[][] result = [.. Enumerable.Range(0, powers).Select(_ => new double[derivatives + 1])];
        double[] ends = [-15, .. _kinks.Select(kink => kink / Math.Sqrt(kernel)), 15];
        var rule = new GaussLegendreRule(-1, 1, 20);
        for (int piece = 0; piece + 1 < ends.Length; piece++)
        {
            int panels = (int)Math.Ceiling((ends[piece + 1] - ends[piece]) / 0.25);
            double half = (ends[piece + 1] - ends[piece]) / panels / 2;
            for (int at = 0; at < panels * rule.Order; at++)
            {
                double z = ends[piece] + (half * ((2 * (at / rule.Order)) + 1 + rule.GetAbscissa(at % rule.Order)));
                double sigma = _sigma(Math.Sqrt(kernel) * z), feature = _weightVariance * sigma * sigma;
                double value = half * rule.GetWeight(at % rule.Order) * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
                for (int power = 0; power < powers; power++)
                {
                    value *= feature;
                    double before = 0, hermite = 1;
                    for (int order = 0; order <= 2 * derivatives; order++, (before, hermite) = (hermite, (z * hermite) - ((order - 1) * before)))
                    {
                        if (order % 2 == 0)
                            result[power][order / 2] += value * hermite / Math.Pow(2 * kernel, order / 2);
                    }
                }
            }
        }

        return result;
    }
}

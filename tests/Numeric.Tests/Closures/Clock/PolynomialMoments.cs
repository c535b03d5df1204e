// The exact moments of a network whose activation is a polynomial, as series in 1/n, by brute force: no cumulants, no modes, no clock.
//   P_m = the average over neurons of phi^m, m a power of each input. A product of P at the next layer is a sum over the ways in which its neurons coincide;
//   given phi, rows are independent, E[(alpha phi + eps u)^m] is a polynomial in phi and in Qhat (Wick), Qhat is linear in P, and sums over different neurons
//   are sums over all with Moebius' signs: a polynomial in P at this layer. At depth 0 phi is Gaussian.

using System.Globalization;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

/// <summary>Moments of a polynomial network.</summary>
internal sealed class PolynomialMoments
{
    private readonly double[] _sigma, _kernel;
    private readonly int _inputs, _powers;
    private readonly double _weightVariance, _biasVariance, _skip, _step;
    private readonly Dictionary<string, double[]> _initial = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int), double[]> _moments = [];
    private readonly Dictionary<string, Dictionary<string, double>> _wick = new(StringComparer.Ordinal);

    /// <summary>Prepares.</summary>
    /// <param name="sigma">The coefficients of 1, x, x^2, ...</param>
    /// <param name="kernel">K(0) over pairs.</param>
    /// <param name="inputs">N.</param>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="biasVariance">C_b.</param>
    /// <param name="skip">alpha.</param>
    /// <param name="step">eps.</param>
    /// <param name="powers">How many coefficients of a series are kept: at 1, 1/n, ...</param>
    public PolynomialMoments(double[] sigma, double[] kernel, int inputs, double weightVariance, double biasVariance, double skip, double step, int powers = 3) =>
        (_sigma, _kernel, _inputs, _weightVariance, _biasVariance, _skip, _step, _powers) = (sigma, kernel, inputs, weightVariance, biasVariance, skip, step, powers);

    /// <summary>The coefficients at 1, 1/n, ... of E[G_p G_q ...] at a layer.</summary>
    public double[] Moment(int layer, params (int A, int B)[] pairs) => Moment(layer, [.. pairs.Select(pair => Sum(Unit(pair.A), Unit(pair.B)))]);

    /// <summary>The coefficients of the joint cumulant of components: over all partitions, (-1)^(blocks - 1) (blocks - 1)! times the moments of the blocks.</summary>
    public double[] Cumulant(int layer, params (int A, int B)[] pairs)
    {
        var sum = new double[_powers];
        foreach (int[][] blocks in Partitions(pairs.Length))
        {
            double[] product = blocks.Select(block => Moment(layer, [.. block.Select(at => pairs[at])])).Aggregate(Times);
            sum = Add(sum, product, Factorial(blocks.Length - 1) * (blocks.Length % 2 == 0 ? -1 : 1));
        }

        return sum;
    }

    private double[] Times(double[] left, double[] right)
    {
        var product = new double[_powers];
        for (int one = 0; one < _powers; one++)
        {
            for (int two = 0; one + two < _powers; two++)
                product[one + two] += left[one] * right[two];
        }

        return product;
    }

    private double[] Series(double constant, double inverse) => [constant, inverse, .. new double[_powers - 2]];

    private static double[] Add(double[] left, double[] right, double factor) => [.. left.Zip(right, (one, two) => one + (factor * two))];

    private int[] Unit(int input) => [.. Enumerable.Range(0, _inputs).Select(at => at == input ? 1 : 0)];

    private static int[] Sum(int[] left, int[] right) => [.. left.Zip(right, (one, two) => one + two)];

    private static string Key(IEnumerable<int[]> factors) => string.Join('|', factors.Where(factor => factor.Any(power => power > 0)).Select(factor => string.Join(',', factor)).Order(StringComparer.Ordinal));

    private static int[][] Factors(string key) => key.Length == 0 ? [] : [.. key.Split('|').Select(PowersOf)];

    private static int[] PowersOf(string text) => [.. text.Split(',').Select(power => int.Parse(power, CultureInfo.InvariantCulture))];

    // E of a product of P.
    private double[] Moment(int layer, int[][] factors)
    {
        string key = Key(factors);
        if (layer == 0 && _initial.TryGetValue(key, out double[]? known))
            return known;
        if (layer > 0 && _moments.TryGetValue((key, layer), out known))
            return known;
        if (layer == 0)
            return _initial[key] = Gaussian(Factors(key));
        var sum = new double[_powers];
        foreach ((string before, double[] coefficients) in Before(Factors(key)))
            sum = Add(sum, Times(coefficients, Moment(layer - 1, Factors(before))), 1);
        return _moments[(key, layer)] = sum;
    }

    private double[] Gaussian(int[][] factors)
    {
        var sum = new double[_powers];
        foreach (int[][] blocks in Partitions(factors.Length))
        {
            int lost = factors.Length - blocks.Length;
            if (lost >= _powers)
                continue;
            // n (n - 1) ... (n - B + 1) / n^J.
            double[] falling = Series(1, 0);
            for (int block = 0; block < blocks.Length; block++)
                falling = Times(falling, Series(1, -block));
            double value = 1;
            foreach (int[] block in blocks)
            {
                int[] power = block.Select(at => factors[at]).Aggregate(Sum);
                value *= Wick(power).Sum(term => term.Value * term.Key.Split('|', StringSplitOptions.RemoveEmptyEntries).Aggregate(1.0, (product, pair) => product * _kernel[int.Parse(pair, CultureInfo.InvariantCulture)]));
            }

            for (int at = lost; at < _powers; at++)
                sum[at] += value * falling[at - lost];
        }

        return sum;
    }

    // E of a product of P at the next layer, given phi, as a polynomial in P.
    private Dictionary<string, double[]> Before(int[][] factors)
    {
        var result = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (int[][] blocks in Partitions(factors.Length))
        {
            int lost = factors.Length - blocks.Length;
            if (lost >= _powers)
                continue;
            int[][] powers = [.. blocks.Select(block => block.Select(at => factors[at]).Aggregate(Sum))];
            Rows(0, 1, [], []);

            // For each row which of its factors are alpha phi and which eps u.
            void Rows(int row, double coefficient, int[][] kept, string[] pairs)
            {
                if (row == powers.Length)
                {
                    Different(coefficient, kept, pairs);
                    return;
                }

                foreach (int[] stay in Below(powers[row]))
                {
                    int[] noise = [.. powers[row].Zip(stay, (all, here) => all - here)];
                    double factor = Math.Pow(_skip, stay.Sum()) * Math.Pow(_step, noise.Sum());
                    for (int input = 0; input < _inputs; input++)
                        factor *= Choose(powers[row][input], stay[input]);
                    if (factor == 0)
                        continue;
                    foreach ((string contraction, double weight) in Wick(noise))
                        Rows(row + 1, coefficient * factor * weight, [.. kept, stay], [.. pairs, .. contraction.Split('|', StringSplitOptions.RemoveEmptyEntries)]);
                }
            }

            // Sums over different neurons by sums over all.
            void Different(double coefficient, int[][] kept, string[] pairs)
            {
                foreach (int[][] together in Partitions(kept.Length))
                {
                    int power = lost + kept.Length - together.Length;
                    if (power >= _powers)
                        continue;
                    double sign = together.Aggregate(1.0, (product, block) => product * (block.Length % 2 == 0 ? -1 : 1) * Factorial(block.Length - 1));
                    SigmaKernels([.. together.Select(block => block.Select(at => kept[at]).Aggregate(Sum))], pairs, 0, coefficient * sign, power);
                }
            }

            void SigmaKernels(int[][] averages, string[] pairs, int at, double coefficient, int power)
            {
                if (at == pairs.Length)
                {
                    string key = Key(averages);
                    if (!result.TryGetValue(key, out double[]? sum))
                        result.Add(key, sum = new double[_powers]);
                    sum[power] += coefficient;
                    return;
                }

                (int a, int b) = Inputs(int.Parse(pairs[at], CultureInfo.InvariantCulture));
                if (_biasVariance != 0)
                    SigmaKernels(averages, pairs, at + 1, coefficient * _biasVariance, power);
                for (int left = 0; left < _sigma.Length; left++)
                {
                    for (int right = 0; right < _sigma.Length; right++)
                    {
                        double factor = _weightVariance * _sigma[left] * _sigma[right];
                        if (factor != 0)
                            SigmaKernels([.. averages, Sum([.. Unit(a).Select(power => left * power)], [.. Unit(b).Select(power => right * power)])], pairs, at + 1, coefficient * factor, power);
                    }
                }
            }
        }

        return result;
    }

    private (int A, int B) Inputs(int pair)
    {
        InputPair inputs = PairIndexing.All(_inputs)[pair];
        return (inputs.First, inputs.Second);
    }

    // E u^m as a polynomial in the covariances of pairs: key p|q|...
    private Dictionary<string, double> Wick(int[] power)
    {
        string key = string.Join(',', power);
        if (_wick.TryGetValue(key, out Dictionary<string, double>? known))
            return known;
        var result = new Dictionary<string, double>(StringComparer.Ordinal);
        int first = Array.FindIndex(power, each => each > 0);
        if (first < 0)
        {
            result[""] = 1;
        }
        else if (power.Sum() % 2 == 0)
        {
            int[] rest = (int[])power.Clone();
            rest[first]--;
            for (int partner = 0; partner < _inputs; partner++)
            {
                if (rest[partner] == 0)
                    continue;
                int[] less = (int[])rest.Clone();
                less[partner]--;
                foreach ((string pairs, double value) in Wick(less))
                {
                    string joined = string.Join('|', pairs.Split('|', StringSplitOptions.RemoveEmptyEntries).Append(PairIndexing.Of(first, partner, _inputs).ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal));
                    result[joined] = result.GetValueOrDefault(joined) + (rest[partner] * value);
                }
            }
        }

        return _wick[key] = result;
    }

    private static IEnumerable<int[]> Below(int[] power) => power.Length == 0
        ? [[]]
        : from first in Enumerable.Range(0, power[0] + 1) from rest in Below(power[1..]) select (int[])[first, .. rest];

    private static double Choose(int all, int some) => Factorial(all) / Factorial(some) / Factorial(all - some);

    private static double Factorial(int number) => number < 2 ? 1 : number * Factorial(number - 1);

    private static IEnumerable<int[][]> Partitions(int count)
    {
        if (count == 0)
            return [[]];
        return from before in Partitions(count - 1)
               from place in Enumerable.Range(0, before.Length + 1)
               select place == before.Length
                   ? (int[][])[.. before, [count - 1]]
                   : [.. before.Select((block, at) => at == place ? (int[])[.. block, count - 1] : block)];
    }
}

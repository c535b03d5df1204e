using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Means of products of differentiated powers of sigma at several inputs, on the nodes of a triangular frame.</summary>
internal sealed class NeuronTables
{
    // By input: the nodes of the directions up to it, the weights of its own direction, and sigma and its derivatives on those nodes.
    private readonly int[] _counts;
    private readonly double[][] _weights;
    private readonly double[][][] _rows;
    private readonly Dictionary<(int Input, int Power, int Order), double[]> _powers = [];
    private readonly Dictionary<string, double[]> _inner = new(StringComparer.Ordinal);

    /// <summary>Fills the tables.</summary>
    /// <param name="sigma">sigma, smooth.</param>
    /// <param name="factor">L, lower triangular: phi = L z.</param>
    /// <param name="rule">The rule of each direction.</param>
    /// <param name="highest">The highest derivative.</param>
    public NeuronTables(ActivationDescription sigma, double[,] factor, NeuronRule rule, int highest)
    {
        (Highest, Accuracy) = (highest, rule.Accuracy);
        int inputs = factor.GetLength(0);
        (_counts, _weights, _rows) = (new int[inputs], new double[inputs][], new double[inputs][][]);
        double[][] nodes = new double[inputs][];
        var partial = new double[inputs][];
        for (int row = 0; row < inputs; row++)
            partial[row] = [0];
        int count = 1;
        for (int input = 0; input < inputs; input++)
        {
            bool isFree = factor[input, input] > 0;
            nodes[input] = isFree ? rule.Nodes : [0];
            _weights[input] = isFree ? rule.Weights : [1];
            int each = nodes[input].Length;
            for (int row = input; row < inputs; row++)
            {
                var next = new double[checked(count * each)];
                for (int before = 0; before < count; before++)
                {
                    for (int at = 0; at < each; at++)
                        next[(before * each) + at] = partial[row][before] + (factor[row, input] * nodes[input][at]);
                }

                partial[row] = next;
            }

            _counts[input] = count *= each;
            var values = new double[(highest + 1) * count];
            sigma.Fill(highest, partial[input], values);
            _rows[input] = [.. Enumerable.Range(0, highest + 1).Select(order => values.AsSpan(order * count, count).ToArray())];
        }
    }

    /// <summary>To which share of their size integrals of one direction agree with those of half the step.</summary>
    public double Accuracy { get; }

    /// <summary>The highest derivative.</summary>
    public int Highest { get; }

    /// <summary>E of the product over inputs of the derivative of an order of a power of sigma.</summary>
    /// <param name="powers">The powers.</param>
    /// <param name="orders">The orders.</param>
    public double Mean(int[] powers, int[] orders) => From(0, powers, orders, false)[0];

    /// <summary>The root of the mean of the square of that product.</summary>
    /// <param name="powers">The powers.</param>
    /// <param name="orders">The orders.</param>
    public double Norm(int[] powers, int[] orders) => Math.Sqrt(From(0, powers, orders, true)[0]);

    // The mean over the directions from an input on, on the nodes of those before; of the square of the product, or of itself.
    private double[] From(int input, int[] powers, int[] orders, bool isSquared)
    {
        string key = FormattableString.Invariant($"{input} {isSquared}: {string.Join(' ', powers[input..])}, {string.Join(' ', orders[input..])}");
        if (_inner.TryGetValue(key, out double[]? known))
            return known;
        double[] function = Power(input, powers[input], orders[input]), weights = _weights[input];
        double[]? rest = input + 1 < powers.Length ? From(input + 1, powers, orders, isSquared) : null;
        var result = new double[_counts[input] / weights.Length];
        for (int before = 0; before < result.Length; before++)
        {
            double sum = 0;
            int start = before * weights.Length;
            for (int at = 0; at < weights.Length; at++)
                sum += weights[at] * function[start + at] * (isSquared ? function[start + at] : 1) * (rest is null ? 1 : rest[start + at]);
            result[before] = sum;
        }

        return _inner[key] = result;
    }

    // (sigma^power)^(order): the product rule.
    private double[] Power(int input, int power, int order)
    {
        if (power == 1)
            return _rows[input][order];
        if (_powers.TryGetValue((input, power, order), out double[]? known))
            return known;
        var result = new double[_counts[input]];
        double choose = 1;
        for (int left = 0; left <= order; left++)
        {
            double[] first = Power(input, power - 1, left), second = _rows[input][order - left];
            for (int at = 0; at < result.Length; at++)
                result[at] += choose * first[at] * second[at];
            choose = choose * (order - left) / (left + 1);
        }

        return _powers[(input, power, order)] = result;
    }
}

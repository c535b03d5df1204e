using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>Errors of Gaussian numbers and rounding together, against numbers with 28 digits: of polynomials hermite(k) is the exact leading order, and raw modes need no square root.</summary>
public sealed class RoundingTests(ITestOutputHelper output)
{
    // The coefficients of sigma, a layer (alpha, eps, C_W, C_b), K(0) over pairs, the depth.
    public static TheoryData<string[], string[], string[], int> Cases => new()
    {
        { ["0", "1"], ["1", "0.1", "1.2", "0"], ["0.7"], 400 },
        { ["0", "1"], ["0", "1", "1", "0"], ["1.5", "0.2", "0.8"], 60 },
        { ["0.3", "0.8", "-0.2"], ["0.9", "0.3", "0.7", "0.1"], ["1.3", "0.4", "0.9"], 40 },
        { ["0", "1", "0", "-0.05"], ["1", "0.1", "1.5", "0"], ["1.1", "-0.6", "1.4"], 60 },
        { ["0.1", "0.5", "0.1", "0.02"], ["0.8", "0.5", "1", "0.2"], ["1.3", "0.5", "-0.2", "0.9", "0.4", "1.7"], 12 },
        { ["0", "0.7", "0.1", "0.03"], ["0", "1", "1", "0.1"], ["1", "0.95", "1.1"], 12 },
        { ["0", "1", "0", "-0.05"], ["1", "0.05", "1.5", "0"], ["1.1", "1.1", "1.1"], 100 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_leading_order_with_28_digits_lies_within_the_bounds(string[] polynomial, string[] layer, string[] kernel, int depth)
    {
        decimal[] coefficients = Decimals(polynomial), numbers = Decimals(layer), variances = Decimals(kernel);
        int inputs = kernel.Length == 1 ? 1 : kernel.Length == 3 ? 2 : 3, order = Math.Max(4, 2 * (polynomial.Length - 1));
        string text = string.Join(" + ", polynomial.Select((each, power) => $"({each})*x^{power}"));
        double[] given = [.. numbers.Select(each => (double)each)];
        int[] layers = [0, 1, depth / 2, depth];
        var network = Networks.Of(Activation.Parse(text), new LayerParameters(given[0], given[1], given[2], given[3]), inputs, [.. variances.Select(each => (double)each)], depth, layers);
        TheorySolution solution = HermiteSolver.Solve(network, order, Stepping.Discrete);
        AssertNear(solution, layers, new RawModes(inputs, variances, order), _ => new(numbers[0], numbers[1], [(coefficients, numbers[2], numbers[3])]));
    }

    // Layers with functions and numbers of their own, two of them beside each other, a linear one among them, a stream of another width.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void So_does_that_of_programs_whose_dense_layers_read_the_stream(int inputs)
    {
        const string square = "0.4 + x/2 + x^2/5", cubic = "x - x^3/20";
        Layer[] program =
        [
            new Activate(square), new Dense(1.1) { Width = 2, BiasVariance = 0.1 },
            new Repeat(5, [new Residual([new Activate(cubic), new Dense(0.7)]) { Skip = 0.9, Step = 0.4 }, new Residual([new ParallelBranches([[new Activate(square), new Dense(0.3) { BiasVariance = 0.05 }], [new Dense(0.2)], [new Activate(cubic), new Dense(0.1)]])]) { Step = 0.8 }]),
        ];
        decimal[] first = [0.4m, 0.5m, 0.2m], second = [0, 1, 0, -0.05m], kernel = inputs == 1 ? [1.2m] : [1.2m, 0.5m, 0.8m];
        double[,] given = new double[inputs, inputs];
        foreach ((int a, int b) in PairIndexing.All(inputs)) given[a, b] = given[b, a] = (double)kernel[PairIndexing.Of(a, b, inputs)];
        var network = Network.Of(new LayerProgram(program), given);
        int[] layers = [.. Enumerable.Range(0, network.Depth + 1)];
        TheorySolution solution = (network with { RecordedLayers = layers }).Solve("hermite(6)");
        AssertNear(solution, layers, new RawModes(inputs, kernel, 6), layer => layer == 0 ? new(0, 1, [(first, 1.1m, 0.1m)], 1, 2)
            : layer % 2 == 1 ? new(0.9m, 0.4m, [(second, 0.7m, 0)], 2, 2)
            : new(1, 0.8m, [(first, 0.3m, 0.05m), ([0, 1], 0.2m, 0), (second, 0.1m, 0)], 2, 2));
    }

    private void AssertNear(TheorySolution solution, int[] layers, RawModes exact, Func<int, ExactLayer> layerAt)
    {
        double[] largest = [0, 0, 0, 0];
        for (int at = 0, record = 0; record < layers.Length; at++)
        {
            if (layers[record] == at)
            {
                bool isLast = record == layers.Length - 1;
                Check(isLast, 0, exact.V4(), solution.V4[record], solution.Tensors[BoundedEquations.OfCovariance][record], solution.Tensors[BoundedEquations.OfCovarianceInNumbers][record]);
                Check(isLast, 2, exact.K1(), solution.K1[record], solution.Tensors[BoundedEquations.OfMean][record], solution.Tensors[BoundedEquations.OfMeanInNumbers][record]);
                record++;
            }

            exact.Advance(layerAt(at));
        }

        output.WriteLine($"V4: off by {largest[0]:E1} of the bound, {largest[1]:E1} of V4; K1 {largest[2]:E1}, {largest[3]:E1} of V4");

        void Check(bool isLast, int place, double[] wanted, double[] found, double[] beyond, double[] bounds)
        {
            for (int at = 0; at < wanted.Length; at++)
            {
                double off = Math.Abs(wanted[at] - found[at]);
                Assert.InRange(off, 0, bounds[at] + beyond[at]);
                if (!isLast)
                    continue;
                largest[place] = Math.Max(largest[place], off == 0 ? 0 : off / bounds[at]);
                largest[place + 1] = Math.Max(largest[place + 1], bounds[at] / solution.V4[^1].Max(Math.Abs));
            }
        }
    }

    private static decimal[] Decimals(string[] values) => [.. values.Select(value => decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];

    // A layer: alpha, eps, of each dense layer beside the others sigma, C_W and C_b, and the widths before and after.
    private sealed record ExactLayer(decimal Skip, decimal Step, (decimal[] Polynomial, decimal Weights, decimal Biases)[] Dense, decimal Width = 1, decimal NextWidth = 1);

    // The equations of docs/theory.md for raw modes H_A, A a multiset of inputs, by how often each input occurs.
    private sealed class RawModes
    {
        private readonly int _inputs;
        private readonly InputPair[] _pairs;
        private readonly int[][] _modes;
        private readonly Dictionary<string, int> _places = [];
        private decimal[] _kernel, _means;
        private decimal[,] _covariance; // of g with all modes, those of order 2 among them

        public RawModes(int inputs, decimal[] kernel, int order)
        {
            _inputs = inputs;
            (_kernel, _pairs) = (kernel, [.. PairIndexing.All(inputs)]);
            _modes = [.. Enumerable.Range(1, order).SelectMany(k => Multisets(k, inputs))];
            for (int at = 0; at < _modes.Length; at++) _places[Name(_modes[at])] = at;
            (_covariance, _means) = (new decimal[_pairs.Length, _modes.Length], new decimal[_modes.Length]);
            for (int p = 0; p < _pairs.Length; p++)
            {
                for (int m = 0; m < _modes.Length; m++) _covariance[p, m] = _modes[m].Sum() == 2 ? Overlap(Of(_pairs[p]), _modes[m]) : 0;
            }
        }

        public double[] V4() => [.. from p in Enumerable.Range(0, _pairs.Length) from q in Enumerable.Range(p, _pairs.Length - p) select (double)_covariance[p, _places[Name(Of(_pairs[q]))]]];

        public double[] K1() => [.. _pairs.Select(pair => (double)_means[_places[Name(Of(pair))]])];

        public void Advance(ExactLayer layer)
        {
            int pairs = _pairs.Length, modes = _modes.Length;
            decimal h = layer.Step * layer.Step, alpha = layer.Skip;
            // s_p = sum B_pM xi(H_M), of all dense layers together.
            var source = new decimal[pairs, modes];
            var rows = new decimal[pairs];
            foreach ((decimal[] polynomial, decimal weights, decimal biases) in layer.Dense)
            {
                for (int p = 0; p < pairs; p++)
                {
                    (int a, int b) = _pairs[p];
                    rows[p] += biases + (weights * Mean(polynomial, a, 0, b, 0));
                    for (int m = 0; m < modes; m++)
                    {
                        if (Enumerable.Range(0, _inputs).Any(input => input != a && input != b && _modes[m][input] > 0))
                            continue;
                        // Leibniz: D^M of sigma_a sigma_b over M!.
                        int first = _modes[m][a], second = a == b ? 0 : _modes[m][b];
                        if (a != b)
                            source[p, m] += weights * Mean(polynomial, a, first, b, second) / (Factorial(first) * Factorial(second));
                        else
                            for (int i = 0; i <= first; i++) source[p, m] += weights * Mean(polynomial, a, i, a, first - i) / (Factorial(i) * Factorial(first - i));
                    }
                }
            }

            // Of s_p with modes, and with s_q.
            var withModes = new decimal[pairs, modes];
            var withItself = new decimal[pairs, pairs];
            for (int p = 0; p < pairs; p++)
            {
                for (int m = 0; m < modes; m++)
                {
                    for (int other = 0; other < modes; other++)
                    {
                        if (source[p, other] == 0)
                            continue;
                        withModes[p, m] += source[p, other] * (_modes[other].Sum() == 2 ? _covariance[PairOf(_modes[other]), m]
                            : _modes[m].Sum() == 2 ? _covariance[PairOf(_modes[m]), other]
                            : _modes[m].Sum() == _modes[other].Sum() ? Overlap(_modes[m], _modes[other]) / layer.Width : 0);
                    }
                }
            }

            for (int p = 0; p < pairs; p++)
            {
                for (int q = 0; q < pairs; q++)
                {
                    for (int m = 0; m < modes; m++) withItself[p, q] += source[q, m] * withModes[p, m];
                }
            }

            decimal keep = alpha * alpha;
            decimal[] nextKernel = [.. _kernel.Select((each, p) => (keep * each) + (h * rows[p]))], nextMeans = new decimal[modes];
            var next = new decimal[pairs, modes];
            decimal Free(decimal[] kernel, int p, int q)
            {
                ((int a, int b), (int c, int d)) = (_pairs[p], _pairs[q]);
                return (kernel[Index(a, c)] * kernel[Index(b, d)]) + (kernel[Index(a, d)] * kernel[Index(b, c)]);
            }

            for (int m = 0; m < modes; m++)
            {
                int[] mode = _modes[m];
                int k = mode.Sum();
                decimal power = Power(alpha, k);
                for (int p = 0; p < pairs; p++)
                {
                    if (k != 2)
                    {
                        next[p, m] = power * ((keep * _covariance[p, m]) + (h * withModes[p, m]));
                        continue;
                    }

                    int q = PairOf(mode);
                    next[p, m] = (keep * keep * _covariance[p, m]) + (keep * h * (withModes[p, m] + withModes[q, _places[Name(Of(_pairs[p]))]])) + (h * h * withItself[p, q])
                        + ((Free(nextKernel, p, q) - (keep * keep * Free(_kernel, p, q))) / layer.NextWidth);
                }

                if (k == 2)
                {
                    int p = PairOf(mode);
                    nextMeans[m] = keep * _means[m];
                    for (int other = 0; other < modes; other++) nextMeans[m] += h * source[p, other] * _means[other];
                    continue;
                }

                nextMeans[m] = power * _means[m];
                int[] letters = [.. mode.SelectMany((count, input) => Enumerable.Repeat(input, count))];
                for (int i = 0; i < k; i++)
                {
                    for (int j = i + 1; j < k; j++)
                    {
                        int[] rest = [.. mode];
                        rest[letters[i]]--;
                        rest[letters[j]]--;
                        if (k > 2)
                            nextMeans[m] += Power(alpha, k - 2) * h * withModes[Index(letters[i], letters[j]), _places[Name(rest)]];
                    }
                }

                if (k == 4)
                {
                    foreach ((int i, int j, int r, int s) in new[] { (0, 1, 2, 3), (0, 2, 1, 3), (0, 3, 1, 2) })
                        nextMeans[m] += h * h * withItself[Index(letters[i], letters[j]), Index(letters[r], letters[s])];
                }
            }

            (_kernel, _means, _covariance) = (nextKernel, nextMeans, next);
        }

        private int Index(int a, int b) => PairIndexing.Of(a, b, _inputs);

        private int PairOf(int[] mode)
        {
            int[] letters = [.. mode.SelectMany((count, input) => Enumerable.Repeat(input, count))];
            return Index(letters[0], letters[1]);
        }

        private int[] Of(InputPair pair) => [.. Enumerable.Range(0, _inputs).Select(input => (input == pair.First ? 1 : 0) + (input == pair.Second ? 1 : 0))];

        // E[sigma^(i)(x_a) sigma^(j)(x_b)], power by power.
        private decimal Mean(decimal[] polynomial, int a, int i, int b, int j)
        {
            decimal sum = 0;
            for (int m = i; m < polynomial.Length; m++)
            {
                for (int n = j; n < polynomial.Length; n++)
                    sum += polynomial[m] * polynomial[n] * Factorial(m) / Factorial(m - i) * Factorial(n) / Factorial(n - j) * Moment(a, m - i, b, n - j);
            }

            return sum;
        }

        // E[x_a^m x_b^n] by parts.
        private decimal Moment(int a, int m, int b, int n) => (m + n) % 2 == 1 ? 0 : m == 0 ? n == 0 ? 1 : (n - 1) * _kernel[Index(b, b)] * Moment(a, 0, b, n - 2)
            : (m > 1 ? (m - 1) * _kernel[Index(a, a)] * Moment(a, m - 2, b, n) : 0) + (n > 0 ? n * _kernel[Index(a, b)] * Moment(a, m - 1, b, n - 1) : 0);

        // E[H_A H_B]: all ways to pair A with B.
        private decimal Overlap(int[] left, int[] right)
        {
            int input = Array.FindIndex(left, count => count > 0);
            if (input < 0)
                return 1;
            int[] rest = [.. left];
            rest[input]--;
            decimal sum = 0;
            for (int other = 0; other < _inputs; other++)
            {
                if (right[other] == 0)
                    continue;
                int[] remains = [.. right];
                remains[other]--;
                sum += right[other] * _kernel[Index(input, other)] * Overlap(rest, remains);
            }

            return sum;
        }

        private static IEnumerable<int[]> Multisets(int size, int inputs) => inputs == 1 ? [[size]]
            : from first in Enumerable.Range(0, size + 1) from rest in Multisets(size - first, inputs - 1) select (int[])[first, .. rest];

        private static string Name(int[] mode) => string.Join(",", mode);

        private static decimal Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

        private static decimal Power(decimal value, int exponent) => exponent == 0 ? 1 : value * Power(value, exponent - 1);
    }
}

using SymbolicEft.Numeric.Closures.Levels;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Layers;
using static SymbolicEft.Numeric.Tests.HigherOrders.HigherOrderSolutions;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

/// <summary>The next order in 1/n of programs of layers.</summary>
public class ProgramOrderTests
{
    private static readonly string[] Numbers = ["K0", "V4", "K1", "V6", "V4_1", "K2"];
    private static readonly double[,] Two = { { 1, 0.3 }, { 0.3, 1.2 } };

    // Matrices alone, phi' = phi + eps A B phi, one input: n G'/(h H) given G and H = C_A C_B G chi/n, chi a chi-squared variable of n degrees, is noncentral
    // chi-squared with noncentrality n G/(h H). Cumulants are 2^(j-1) (j-1)! (n + j lambda); all is a product over layers, and a polynomial in 1/n.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Products_of_two_matrices_have_their_exact_moments(int depth)
    {
        const double kernel = 1.2, weights = 1.3 * 0.9, time = 0.49;
        TheorySolution solution = Of(2, new double[,] { { kernel } }, "hermite(4)", [new Repeat(depth, [new Residual([new Dense(1.3), new Dense(0.9)]) { Step = 0.7 }])]);
        // Of G'/G given s = h H/G, in powers of s, and then the mean over s.
        Series[][] cumulants = [.. Enumerable.Range(1, 4).Select(order =>
        {
            var powers = new Series[order + 1];
            double factor = Enumerable.Range(1, order - 1).Aggregate(1.0, (product, each) => 2 * each * product);
            (powers[order], powers[order - 1]) = (factor * Series.OfPower(order - 1), order * factor * Series.OfPower(order - 1));
            return powers;
        })];
        var given = new List<Series[]> { new[] { Series.OfPower(0) } };
        for (int order = 1; order <= 4; order++)
        {
            var sum = new Series[order + 1];
            for (int taken = 1; taken <= order; taken++)
            {
                for (int left = 0; left < cumulants[taken - 1].Length; left++)
                {
                    for (int right = 0; right < given[order - taken].Length; right++)
                        sum[left + right] += Choose(order - 1, taken - 1) * cumulants[taken - 1][left] * given[order - taken][right];
                }
            }

            given.Add(sum);
        }

        AssertMoments(solution, order => Math.Pow(kernel, order) * Chi(order) * given[order].Select((series, power) => Math.Pow(time * weights, power) * Chi(power) * series).Aggregate((left, right) => left + right).Power(depth));
    }

    // sigma = x^2: the kernel of a perceptron's second layer is C^3 K^4 A'^2 A'', A means of n fourth powers of normals.
    [Fact]
    public void A_perceptron_of_squares_has_its_exact_moments()
    {
        const double kernel = 0.8, weights = 0.6;
        TheorySolution solution = Of(2, new double[,] { { kernel } }, "hermite(4)", [new Repeat(2, [new Activate("x^2"), new Dense(weights)])]);
        double[] ofOne = Cumulants([1, 3, 105, 10395, 2027025]);
        List<Series> mean = [Series.OfPower(0)];
        for (int order = 1; order <= 8; order++)
            mean.Add(Enumerable.Range(1, Math.Min(order, 4)).Select(taken => Choose(order - 1, taken - 1) * ofOne[taken] * Series.OfPower(taken - 1) * mean[order - taken]).Aggregate((left, right) => left + right));
        AssertMoments(solution, order => Math.Pow(Math.Pow(weights, 3) * Math.Pow(kernel, 4), order) * Chi(order) * mean[2 * order] * mean[order]);
    }

    // The numbers of another program, by the delta method on a scalar chain: reference/orders.json. ReLU has closed forms.
    [Fact]
    public void Perceptrons_of_one_input_have_the_numbers_of_the_scalar_chain()
    {
        TheorySolution tanh = Solve(new double[,] { { 1 } }, "hermite(4)", new Repeat(10, [new Activate("tanh"), new Dense(3)]));
        foreach ((string name, double value) in Numbers.Zip([1.34533735, 4.79305508, -0.30780029, 38.673718, 0.7983101, -0.3693909]))
            Assert.Equal(value, tanh.Tensors[name][^1][0], 2e-7 * Math.Max(1, Math.Abs(value)));
        TheorySolution relu = Solve(new double[,] { { 1.3 } }, "hermite(4)", new Repeat(8, [new Activate("relu"), new Dense(2)]));
        foreach ((string name, double value) in Numbers.Zip([1.3, 1.3 * 1.3 * 42, 0, Math.Pow(1.3, 3) * (8 + (104 * 8) + (75 * 56)), 1.3 * 1.3 * (80 + (25 * 28)), 0]))
            Assert.Equal(value, relu.Tensors[name][^1][0], 1e-9 * Math.Max(1, Math.Abs(value)));
    }

    // Neurons that are read one by one are the plain network's too: its random clock has the same numbers, by other equations and on other grids.
    [Fact]
    public void A_perceptron_of_two_inputs_has_the_numbers_of_the_random_clock()
    {
        Network plain = new() { Activation = "tanh", WeightVariance = 2, BiasVariance = 0.1, Skip = 0, Step = 1, Depth = 3, Kernel = Two, RecordedLayers = [3] };
        TheorySolution clock = plain.Solve("hermite(6)", order: 1), levels = Solve(Two, "hermite(6)", new Repeat(3, [new Activate("tanh"), new Dense(2) { BiasVariance = 0.1 }]));
        AssertSame(clock, levels, 1e-9);
        // Two layers in one step: another chain of levels.
        Layer[] pair = [new Residual([new Dense(2) { BiasVariance = 0.1 }, new Activate("tanh"), new Dense(2) { BiasVariance = 0.1 }]) { Skip = 0 }];
        AssertSame(Solve(Two, "hermite(6)", [new Dense(2) { BiasVariance = 0.1 }, new Activate("tanh"), new Dense(2) { BiasVariance = 0.1 }]), Solve(Two, "hermite(6)", pair), 1e-13);
    }

    [Fact]
    public void A_schedule_that_stands_still_is_the_plain_network()
    {
        Network plain = new() { Activation = "gelu", WeightVariance = 1.5, BiasVariance = 0.1, Skip = 0.95, Step = 0.4, Depth = 5, Kernel = new double[,] { { 1.2 } }, RecordedLayers = [5] };
        Layer Layer(LayerNumber step) => new Residual([new Activate("gelu"), new Dense(1.5) { BiasVariance = 0.1 }]) { Skip = 0.95, Step = step };
        AssertSame(plain.Solve("hermite(8)", order: 1), Solve(plain.Kernel, "hermite(8)", [.. Enumerable.Repeat(Layer(0.4), 5)]), 1e-12);
        // Layers of their own numbers, one after another: 0.3^2 + 0.5^2 is no 2 0.4^2.
        Assert.False(Math.Abs(Solve(plain.Kernel, "hermite(8)", Layer(0.3), Layer(0.5), Layer(0.4), Layer(0.4), Layer(0.4)).Tensors["V4_1"][0][0] / plain.Solve("hermite(8)", order: 1).Tensors["V4_1"][0][0] - 1) < 1e-3);
    }

    // A stream that keeps next to nothing is a perceptron, which goes the other way, level by level: its layers have numbers of their own.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_schedule_that_forgets_the_stream_is_a_perceptron(int inputs)
    {
        double[,] kernel = inputs == 1 ? new double[,] { { 1.2 } } : Two;
        double[] weights = [1.5, 2.5, 0.8];
        Layer[] Layers(double skip) => [.. weights.Select((weight, at) => new Residual([new Activate("tanh"), new Dense(weight) { BiasVariance = 0.1 * at }]) { Skip = skip, Step = 1 - (0.1 * at) })];
        AssertSame(Solve(kernel, "hermite(6)", Layers(0)), Solve(kernel, "hermite(6)", Layers(1e-9)), 1e-9);
    }

    // A corner too small to be seen takes a smooth function the other way: by parts, in panels between kinks. Of ReLU the leading order has another route.
    [Fact]
    public void Kinks_of_two_inputs_are_integrated_in_panels()
    {
        static Layer[] Block(string activation) => [new Residual([new Dense(1.5) { BiasVariance = 0.1 }, new Activate(activation), new Dense(1.7)])];
        AssertSame(Solve(Two, "hermite(4)", Block("tanh(x)")), Solve(Two, "hermite(4)", Block("tanh(x) + 1e-12*abs(x)")), 1e-9);
        TheorySolution next = Solve(Two, "hermite(4)", Block("relu")), leading = NetworkOf(Two, Block("relu")).Solve("hermite(4)");
        Assert.All(next.K1[0].Zip(leading.K1[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        Assert.All(next.V4[0].Zip(leading.V4[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    // The leading order has equations of its own.
    [Fact]
    public void The_leading_order_is_that_of_the_moment_systems()
    {
        foreach (Layer[] layers in (Layer[][])[Nested, Gated])
        {
            TheorySolution next = Solve(Two, "hermite(4)", layers), leading = NetworkOf(Two, layers).Solve("hermite(4)");
            Near(1, next.K0[0].Zip(leading.K0[0], (one, other) => one / other).Average(), 1e-10);
            Assert.All(next.K1[0].Zip(leading.K1[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
            Assert.All(next.V4[0].Zip(leading.V4[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
        }
    }

    // Where G is all that branches read there is nothing to close.
    [Fact]
    public void G_only_is_the_network_itself_where_branches_begin_with_dense_layers()
    {
        AssertSame(Solve(Two, "hermite(4)", Gated), Solve(Two, "g-only", Gated), 0);
        string refusal = Assert.Throws<NotSupportedException>(() => Solve(Two, "g-only", new Activate("tanh"), new Dense(2), new Activate("gelu"), new Dense(2))).Message;
        Assert.StartsWith("order is 1 and the closure is g-only, whose next order is that of the network itself where every branch begins with a dense layer", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, Assert.Throws<NotSupportedException>(() => Solve(Two, "g-only", Nested)).Message);
        Layer Scheduled(double weights) => new Residual([new Activate("tanh"), new Dense(weights)]);
        Assert.Equal(refusal, Assert.Throws<NotSupportedException>(() => Solve(Two, "g-only", Scheduled(1), Scheduled(2))).Message);
    }

    // At n = 24 the leading order is off by many standard errors; the next one is not.
    [Fact]
    public void The_next_order_agrees_with_simulation()
    {
        const int width = 24;
        Network network = NetworkOf(Two, [new Repeat(2, [.. Gated])]);
        TheorySolution theory = network.Solve("hermite(4)", order: 1);
        EnsembleStatistics simulated = network.Simulate(width, 20_000, seed: 5);
        double Off(int p, int q, double order) => (simulated.Layers[0].V4.Value[p, q] - theory.V4[0][PairIndexing.Of(p, q, 3)] - (order * theory.Tensors["V4_1"][0][PairIndexing.Of(p, q, 3)] / width)) / simulated.Layers[0].V4.StandardError[p, q];
        Assert.True(Math.Abs(Off(0, 2, 0)) > 8);
        for (int p = 0; p < 3; p++)
        {
            double mean = theory.K1[0][p] + (theory.Tensors["K2"][0][p] / width);
            Assert.InRange((simulated.Layers[0].K1!.Value[p] - mean) / simulated.Layers[0].K1!.StandardError[p], -4, 4);
            for (int q = p; q < 3; q++)
                Assert.InRange(Off(p, q, 1), -4, 4);
        }
    }

    // Statistics of some inputs do not depend on the others, and equal ones have equal numbers.
    [Fact]
    public void Inputs_may_be_dropped_and_doubled()
    {
        double[,] three = { { 1, 0.3, 1 }, { 0.3, 1.2, 0.3 }, { 1, 0.3, 1 } };
        TheorySolution all = Solve(three, "hermite(4)", Gated), two = Solve(Two, "hermite(4)", Gated);
        IReadOnlyList<InputPair> pairs = PairIndexing.All(3);
        int Twin(int pair) => PairIndexing.Of(pairs[pair].First % 2, pairs[pair].Second % 2, 2);
        foreach ((string name, int legs) in new[] { ("K2", 1), ("V4_1", 2), ("V6", 3) })
        {
            int[][] few = [.. Ascending(3, legs, 0)];
            foreach ((int[] at, double value) in Ascending(6, legs, 0).Zip(all.Tensors[name][0]))
            {
                int[] twins = [.. at.Select(Twin).Order()];
                Assert.Equal(two.Tensors[name][0][Array.FindIndex(few, each => each.SequenceEqual(twins))], value, 1e-8);
            }
        }

        static IEnumerable<int[]> Ascending(int kinds, int count, int least) =>
            count == 0 ? [[]] : from first in Enumerable.Range(least, kinds - least) from rest in Ascending(kinds, count - 1, first) select (int[])[first, .. rest];
    }

    // An input that is 0 stays so behind layers without biases, and the other does not know of it.
    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    public void An_input_that_is_zero_may_stay_zero(string activation)
    {
        Layer[] block = [new Repeat(2, [new Residual([new RmsNorm(1, 0.2), new Dense(1.5), new Activate(activation), new Dense(1.7)])])];
        TheorySolution two = Solve(new double[,] { { 0, 0 }, { 0, 1.2 } }, "hermite(4)", block), one = Solve(new double[,] { { 1.2 } }, "hermite(4)", block), none = Solve(new double[,] { { 0 } }, "hermite(4)", block);
        foreach (string name in Numbers)
        {
            double[] values = two.Tensors[name][^1];
            Assert.Equal(one.Tensors[name][^1][0], values[^1], 1e-11 * Math.Max(1, Math.Abs(values[^1])));
            Assert.All([.. values[..^1], .. none.Tensors[name][^1]], value => Assert.Equal(0, value));
        }
    }

    // Where sigma(0) is not 0 a layer makes rows of one variance of it: a program that begins with those.
    [Fact]
    public void An_input_that_is_zero_may_begin_a_layer_later()
    {
        Layer block = new Residual([new Dense(1.5), new Activate("cos(x)"), new Dense(1.2)]);
        TheorySolution later = Solve(new double[,] { { 1.2 } }, "hermite(4)", block);
        AssertSame(later, Solve(new double[,] { { 0 } }, "hermite(4)", block, block), 1e-12);
        TheorySolution two = Solve(new double[,] { { 0, 0 }, { 0, 1 } }, "hermite(4)", block, block), other = Solve(new double[,] { { 1 } }, "hermite(4)", block, block);
        foreach (string name in Numbers)
        {
            Assert.Equal(later.Tensors[name][^1][0], two.Tensors[name][^1][0], 1e-9 * Math.Max(1, Math.Abs(later.Tensors[name][^1][0])));
            Assert.Equal(other.Tensors[name][^1][0], two.Tensors[name][^1][^1], 1e-9 * Math.Max(1, Math.Abs(other.Tensors[name][^1][0])));
        }
    }

    private static readonly string[][] OfOrderTwo = [["K0", "K1", "K2", "K3"], ["V4", "V4_1", "V4_2"], ["V6", "V6_1"], ["V8"]];

    // sigma = x, two inputs to order 2, every component: G' given G is a Wishart matrix, the moment of a product of its components a sum over the neurons that they are of
    // and over pairings of their inputs, linear in the moments of the layer before.
    [Fact]
    public void A_linear_perceptron_of_two_inputs_has_its_exact_moments()
    {
        const int depth = 3;
        const double weights = 1.3;
        IReadOnlyList<InputPair> pairs = PairIndexing.All(2);
        var known = new Dictionary<string, Series>(StringComparer.Ordinal);
        Network network = new() { Activation = "x", WeightVariance = weights, Skip = 0, Step = 1, Depth = depth, Kernel = Two, RecordedLayers = [depth] };
        TheorySolution solution = network.Solve("hermite(6)", order: 2);
        for (int factors = 1; factors <= 4; factors++)
        {
            foreach ((int[] legs, int place) in Multisets.Ascending(3, factors).Select((legs, place) => (legs, place)))
            {
                Assert.Equal(place, Multisets.Place(legs.Reverse(), 3));
                Series cumulant = SetPartitions.All(factors).Select(blocks =>
                    Enumerable.Range(1, blocks.Count - 1).Aggregate(1.0, (product, each) => -each * product) * blocks.Select(block => Moment(depth, [.. block.Select(at => legs[at])])).Aggregate((left, right) => left * right))
                    .Aggregate((left, right) => left + right);
                for (int at = 0; at < OfOrderTwo[factors - 1].Length; at++)
                    Assert.Equal(cumulant[factors - 1 + at], solution.Tensors[OfOrderTwo[factors - 1][at]][0][place], 1e-11 * Math.Max(1, Math.Abs(cumulant[factors - 1 + at])));
            }

            Assert.Equal(Multisets.Count(3, factors), solution.Tensors[OfOrderTwo[factors - 1][0]][0].Length);
        }

        Series Moment(int layer, int[] legs)
        {
            string key = FormattableString.Invariant($"{layer}: {string.Join(' ', legs.Order())}");
            if (layer < 0)
                return legs.Aggregate(1.0, (product, leg) => product * Two[pairs[leg].First, pairs[leg].Second]) * Series.OfPower(0);
            if (known.TryGetValue(key, out Series sum))
                return sum;
            foreach (IReadOnlyList<IReadOnlyList<int>> blocks in SetPartitions.All(legs.Length))
            {
                // So many different neurons of n, and a 1/n of each factor.
                Series neurons = Enumerable.Range(0, blocks.Count).Aggregate(Series.OfPower(legs.Length - blocks.Count), (product, each) => product * (Series.OfPower(0) + (-each * Series.OfPower(1))));
                IEnumerable<int[]> paired = [[]];
                foreach (IReadOnlyList<int> block in blocks)
                    paired = [.. from before in paired from here in Pairings([.. block.SelectMany(at => new[] { pairs[legs[at]].First, pairs[legs[at]].Second })]) select (int[])[.. before, .. here]];
                foreach (int[] before in paired)
                    sum += Math.Pow(layer == 0 ? 1 : weights, legs.Length) * (neurons * Moment(layer - 1, before));
            }

            return known[key] = sum;
        }

        static IEnumerable<int[]> Pairings(int[] inputs) => inputs.Length == 0 ? [[]]
            : from at in Enumerable.Range(1, inputs.Length - 1)
              from rest in Pairings([.. inputs[1..at], .. inputs[(at + 1)..]])
              select (int[])[PairIndexing.Of(inputs[0], inputs[at], 2), .. rest];
    }

    // An activation that is not linear, by brute force.
    [Fact]
    public void A_quadratic_perceptron_of_two_inputs_has_its_exact_moments()
    {
        TheorySolution solution = Perceptron("0.2+0.5*x+0.3*x^2", Two, 1).Solve("hermite(6)", order: 2);
        var moments = new PolynomialMoments([0.2, 0.5, 0.3], PairIndexing.Upper(Two), 2, 1.4, 0.1, 0, 0.9, powers: 4);
        double[] mean = moments.Cumulant(1, (0, 1)), covariance = moments.Cumulant(1, (0, 1), (1, 1));
        Assert.Equal((mean[2], mean[3], covariance[1], covariance[2], covariance[3]), (solution.Tensors["K2"][^1][1], solution.Tensors["K3"][^1][1], solution.Tensors["V4"][^1][4], solution.Tensors["V4_1"][^1][4], solution.Tensors["V4_2"][^1][4]), Near);

        static bool Near((double, double, double, double, double) left, (double, double, double, double, double) right) =>
            Math.Abs(left.Item1 - right.Item1) + Math.Abs(left.Item2 - right.Item2) + Math.Abs(left.Item3 - right.Item3) + Math.Abs(left.Item4 - right.Item4) + Math.Abs(left.Item5 - right.Item5) < 1e-9;
    }

    // Of each input alone they are those of the random clock of one; C_W U is the source of K.
    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    public void Order_two_of_two_inputs_has_that_of_each(string activation)
    {
        TheorySolution two = Perceptron(activation, Two, 3).Solve("hermite(16)", order: 2), turned = Perceptron(activation, new[,] { { Two[1, 1], Two[0, 1] }, { Two[0, 1], Two[0, 0] } }, 3).Solve("hermite(16)", order: 2);
        TheorySolution three = Perceptron(activation, new[,] { { 1, 1, 0.3 }, { 1, 1, 0.3 }, { 0.3, 0.3, 1.2 } }, 3).Solve("hermite(16)", order: 2);
        TheorySolution[] alone = [.. Enumerable.Range(0, 2).Select(input => Perceptron(activation, new[,] { { Two[input, input] } }, 3).Solve("hermite(16)", order: 2))];
        foreach (string name in OfOrderTwo.SelectMany(names => names).Concat(["E2", "U1", "U2", "U3"]))
        {
            for (int record = 0; record < 4; record++)
            {
                double[] values = two.Tensors[name][record];
                double rounding = 1e-8 * Math.Max(1, values.Max(Math.Abs));
                Assert.Equal(alone[0].Tensors[name][record][0], values[0], rounding);
                Assert.Equal(alone[1].Tensors[name][record][0], values[^1], rounding);
                Assert.Equal(values[^1], turned.Tensors[name][record][0], rounding);
                Assert.Equal(values[0], three.Tensors[name][record][0]);
                Assert.Equal(values[^1], three.Tensors[name][record][^1]);
            }
        }

        foreach ((string kernel, string source) in new[] { ("K1", "U1"), ("K2", "U2"), ("K3", "U3") })
        {
            for (int at = 0; at < 9; at++)
                Assert.Equal(0.81 * 1.4 * two.Tensors[source][at / 3][at % 3], two.Tensors[kernel][(at / 3) + 1][at % 3], 1e-9);
        }
    }

    private static Network Perceptron(string activation, double[,] kernel, int depth) =>
        new() { Activation = activation, WeightVariance = 1.4, BiasVariance = 0.1, Skip = 0, Step = 0.9, Depth = depth, Kernel = kernel, Records = depth + 1 };

    [Theory]
    [InlineData("skip", "layers[0].residual.branch[1] reads the activation tanh of neurons that a skip has carried through layers")]
    [InlineData("norm", "layers[0].residual.branch[2] reads the activation tanh after layers[0].residual.branch[0].rmsNorm, a norm of the same neurons")]
    [InlineData("layerNorm", "layers[0].residual.branch[0].layerNorm takes off the mean over neurons")]
    [InlineData("weights", "layers[0].residual.branch[0] has uniform weights")]
    [InlineData("kink", "layers[0].residual.branch[2] reads the activation relu, which has a kink at x = 0, of 3 inputs")]
    [InlineData("both", "layers[0].parallel.branches[1][1] reads the same neurons as layers[0].parallel.branches[0][1]")]
    public void What_is_not_derived_is_refused_by_its_path(string name, string sentence)
    {
        Layer tanh = new Activate("tanh");
        Layer layer = name switch
        {
            "skip" => new Residual([tanh, new Dense(1), tanh, new Dense(1)]),
            "norm" => new Residual([new RmsNorm(1, 0.1), tanh, new Dense(1)]),
            "layerNorm" => new Residual([new LayerNorm(1, 0.1), new Dense(1)]),
            "weights" => new Residual([new Dense(1) { Weights = WeightKind.Uniform }, tanh, new Dense(1)]),
            "kink" => new Residual([new Dense(1), new Activate("relu"), new Dense(1)]),
            _ => new ParallelBranches([[tanh, new Dense(1)], [tanh, new Dense(1)]]),
        };
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => Solve(name == "kink" ? new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } : Two, "hermite(4)", layer));
        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("order 0", refusal.Message, StringComparison.Ordinal);
    }

    private static Layer[] Gated { get; } =
        [new Residual([new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("sigmoid"), new Dropout(0.8), new Dense(1.7)])];

    private static Layer[] Nested { get; } =
    [
        new Residual(
            [
                new Residual([new RmsNorm(1, 0.2), new Dense(1.3), new Activate("gelu"), new Dense(1.2)]) { Step = 0.7 },
                new Dense(1.1) { Width = 0.5 },
                new Residual([new Dense(1.3), new Activate("tanh"), new Dense(1.2)]) { Skip = 0.8 },
                new RmsNorm(1, 0.3),
                new Dense(1.4),
                new Activate("softplus"),
                new Dropout(0.7, IsShared: false),
                new Dense(0.5) { Taps = [0, 1] },
            ]) { Step = 0.9 },
        new PostNorm(1.2, 0.2),
        new Residual([new ParallelBranches([[new Dense(0.7)], [new Dense(1.3), new Activate("tanh"), new Dense(1.2)]])]) { Step = 0.8 },
    ];

    private static Network NetworkOf(double[,] kernel, IReadOnlyList<Layer> layers)
    {
        Network network = Network.Of(new LayerProgram(layers), kernel);
        return network with { RecordedLayers = [network.Depth] };
    }

    private static TheorySolution Solve(double[,] kernel, string closure, params IReadOnlyList<Layer> layers) => Of(1, kernel, closure, layers);

    // Steps as they are: a program that is the plain network is not solved as such.
    private static TheorySolution Of(int order, double[,] kernel, string closure, IReadOnlyList<Layer> layers)
    {
        Network network = NetworkOf(kernel, layers);
        if (network.Layers is not null)
            return network.Solve(closure, order: order);
        return ProgramOrders.Solve(new LayerProgram(layers).Unroll(network.Inputs), network, ((HermiteModes)ClosureRegistry.Parse(closure)).HighestOrder, new() { Order = order });
    }

    private static void AssertSame(TheorySolution expected, TheorySolution solution, double relative)
    {
        foreach (string name in Numbers)
        {
            double size = expected.Tensors[name][^1].Max(Math.Abs);
            Assert.All(expected.Tensors[name][^1].Zip(solution.Tensors[name][^1]), pair => Assert.Equal(pair.First, pair.Second, relative * Math.Max(size, 1)));
        }
    }

    // E G^k as power series in 1/n.
    private static void AssertMoments(TheorySolution solution, Func<int, Series> moment)
    {
        Series[] moments = [.. Enumerable.Range(0, 5).Select(moment)];
        var cumulants = new Series[5];
        for (int order = 1; order <= 4; order++)
            cumulants[order] = moments[order] + Enumerable.Range(1, order - 1).Select(taken => -Choose(order - 1, taken - 1) * cumulants[taken] * moments[order - taken]).Aggregate(default(Series), (left, right) => left + right);
        foreach ((string name, int external, int power) in ((string, int, int)[])[("K0", 1, 0), ("K1", 1, 1), ("K2", 1, 2), ("K3", 1, 3), ("V4", 2, 1), ("V4_1", 2, 2), ("V4_2", 2, 3), ("V6", 3, 2), ("V6_1", 3, 3), ("V8", 4, 3)])
            Assert.Equal(cumulants[external][power], solution.Tensors[name][^1][0], 1e-10 * Math.Max(1, Math.Abs(moments[external][power])));
    }

    private static double[] Cumulants(double[] moments)
    {
        var cumulants = new double[moments.Length];
        for (int order = 1; order < moments.Length; order++)
            cumulants[order] = moments[order] - Enumerable.Range(1, order - 1).Sum(taken => Choose(order - 1, taken - 1) * cumulants[taken] * moments[order - taken]);
        return cumulants;
    }

    // E (chi/n)^k, chi a chi-squared variable of n degrees.
    private static Series Chi(int power) => Enumerable.Range(0, power).Aggregate(Series.OfPower(0), (product, each) => product * (Series.OfPower(0) + (2 * each * Series.OfPower(1))));

    private static double Choose(int of, int count) => Enumerable.Range(0, count).Aggregate(1.0, (product, at) => product * (of - at) / (at + 1));

    // A power series in 1/n to its cube.
    private readonly record struct Series(double Zero, double One, double Two, double Three)
    {
        public double this[int power] => power switch { 0 => Zero, 1 => One, 2 => Two, _ => Three };

        public static Series OfPower(int power) => new(power == 0 ? 1 : 0, power == 1 ? 1 : 0, power == 2 ? 1 : 0, power == 3 ? 1 : 0);

        public static Series operator +(Series left, Series right) => new(left.Zero + right.Zero, left.One + right.One, left.Two + right.Two, left.Three + right.Three);

        public static Series operator *(double factor, Series of) => new(factor * of.Zero, factor * of.One, factor * of.Two, factor * of.Three);

        public static Series operator *(Series left, Series right) => new(
            left.Zero * right.Zero,
            (left.Zero * right.One) + (left.One * right.Zero),
            (left.Zero * right.Two) + (left.One * right.One) + (left.Two * right.Zero),
            (left.Zero * right.Three) + (left.One * right.Two) + (left.Two * right.One) + (left.Three * right.Zero));

        public Series Power(int exponent) => Enumerable.Repeat(this, exponent).Aggregate(OfPower(0), (product, each) => product * each);
    }
}

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

public class ManyInputsClockTests
{
    private const double WeightVariance = 1.3, BiasVariance = 0.1, Skip = 0.9;

    private static readonly double[,] Three = { { 1.2, 0.5, -0.3 }, { 0.5, 0.8, 0.2 }, { -0.3, 0.2, 1 } };

    private static readonly double[,] Four = { { 1.2, 0.5, -0.3, 0.2 }, { 0.5, 0.8, 0.2, -0.4 }, { -0.3, 0.2, 1, 0.1 }, { 0.2, -0.4, 0.1, 0.9 } };

    private static readonly string[] Names = ["K0", "K1", "K2", "U1", "U2", "V4", "V4_1", "V6"];

    // sigma = x + .3 x^2, h = .3, four layers: the exact moments of the network to that order, computed with other code. Components 01; 01,00; 00,01,01.
    [Fact]
    public void Two_inputs_of_a_quadratic_activation_have_the_exact_moments()
    {
        TheorySolution solution = Solve("x+0.3*x^2", new[,] { { 1.2, 0.5 }, { 0.5, 0.8 } }, 4, 12);
        double[] expected = [1.9761628577864787, 7.959490159763348, 49.40959189508545, 218.83872533592915, 7327.507958933413, 42177.68102270203];
        (string Name, int Place)[] places = [("K0", 1), ("K1", 1), ("K2", 1), ("V4", 1), ("V4_1", 1), ("V6", 3)];
        Assert.All(Enumerable.Range(0, places.Length), at => Assert.Equal(1, solution.Tensors[places[at].Name][^1][places[at].Place] / expected[at], 1e-11));
    }

    // By brute force; where that takes long, a few components.
    [Theory]
    [InlineData(1, 2, new[] { 0, 1, 0.3 }, 1, 1)]
    [InlineData(2, 1, new[] { 0.2, 1, 0, 0.1 }, 1, 1)]
    [InlineData(2, 2, new[] { 0, 1, 0.3 }, 1, 100)]
    [InlineData(3, 1, new[] { 0, 1, 0.2 }, 1, 1)]
    [InlineData(3, 2, new[] { 0, 1, 0.2 }, 4, 100)]
    [InlineData(4, 1, new[] { 0, 1, 0.2 }, 1, 5)]
    public void Polynomial_activations_have_the_exact_moments(int inputs, int depth, double[] sigma, int covariances, int thirds)
    {
        const double step = 0.6;
        string activation = string.Join('+', sigma.Select((coefficient, power) => FormattableString.Invariant($"{coefficient}*x^{power}")).Where((_, power) => sigma[power] != 0)).Replace("*x^0", "", StringComparison.Ordinal);
        double[,] kernel = First(Four, inputs);
        TheorySolution solution = Solve(activation, kernel, depth, 8, step);
        var exact = new PolynomialMoments(sigma, PairIndexing.Upper(kernel), inputs, WeightVariance, BiasVariance, Skip, step);
        (int, int)[] pairs = [.. PairIndexing.All(inputs).Select(pair => (pair.First, pair.Second))];
        int place = 0, third = 0;
        for (int p = 0; p < pairs.Length; p++)
        {
            double[] mean = exact.Cumulant(depth, pairs[p]);
            Near(mean[0], "K0", p);
            Near(mean[1], "K1", p);
            Near(mean[2], "K2", p);
            for (int q = p; q < pairs.Length; q++, place++)
            {
                if (place % covariances > 0)
                {
                    third += pairs.Length - q;
                    continue;
                }

                double[] covariance = exact.Cumulant(depth, pairs[p], pairs[q]);
                Assert.Equal(0, covariance[0], 1e-10 * Math.Abs(mean[0]));
                Near(covariance[1], "V4", place);
                Near(covariance[2], "V4_1", place);
                for (int r = q; r < pairs.Length; r++, third++)
                {
                    if (third % thirds == 0)
                        Near(exact.Cumulant(depth, pairs[p], pairs[q], pairs[r])[2], "V6", third);
                }
            }
        }

        void Near(double expected, string name, int component) =>
            Assert.InRange(solution.Tensors[name][^1][component], expected - (1e-9 * Math.Max(1, Math.Abs(expected))), expected + (1e-9 * Math.Max(1, Math.Abs(expected))));
    }

    // The same equations in plain code.
    [Fact]
    public void Numbers_are_those_of_plain_code()
    {
        double[,] kernel = { { 1.2, 0.5 }, { 0.5, 0.8 } };
        TheorySolution solution = Solve("sin(x)", kernel, 2, 6);
        var clock = new PlainClock(ClockEquations.Derive(1), Activation.Parse("sin(x)").Description, new LayerParameters(Skip, Math.Sqrt(0.3), WeightVariance, BiasVariance), 2, 6, [1, 3]);
        double[] state = clock.Initial(PairIndexing.Upper(kernel)), next = new double[clock.Length];
        for (int layer = 0; layer < 2; layer++)
        {
            clock.Next(state, next);
            (state, next) = (next, state);
        }

        clock.Record(state, (name, values) => Same(values, Last(solution, name), 1e-9, name));
    }

    // What is known of some inputs does not depend on the others or on their order.
    [Theory]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("relu")]
    public void Some_of_three_inputs_are_alone(string activation)
    {
        const int depth = 3;
        TheorySolution three = Solve(activation, Three, depth, 6);
        foreach (int[] some in (int[][])[[2], [2, 1], [1, 2, 0]])
        {
            var kernel = new double[some.Length, some.Length];
            for (int a = 0; a < some.Length; a++)
            {
                for (int b = 0; b < some.Length; b++)
                    kernel[a, b] = Three[some[a], some[b]];
            }

            TheorySolution alone = Solve(activation, kernel, depth, 6);
            Assert.All(Names, name => Same(Last(alone, name), Chosen(Last(three, name), 3, some, name), 1e-7, name));
        }
    }

    // In depth time the first of two inputs is alone.
    [Fact]
    public void One_of_two_inputs_is_alone_in_depth_time()
    {
        TheorySolution two = Solve("sin(x)", new[,] { { 0.8, 0.3 }, { 0.3, 0.6 } }, 1, 6, stepping: Stepping.Continuous), one = Solve("sin(x)", new[,] { { 0.6 } }, 1, 6, stepping: Stepping.Continuous);
        Assert.All(Names, name => Same(Last(one, name), Chosen(Last(two, name), 2, [1], name), 1e-6, name));
    }

    // Equal inputs are one, and without a bias opposite inputs are one with a sign: no direction is between them.
    [Theory]
    [InlineData(1.0, Stepping.Discrete)]
    [InlineData(-1.0, Stepping.Discrete)]
    [InlineData(-1.0, Stepping.Continuous)]
    public void Equal_and_opposite_inputs_are_one(double sign, Stepping stepping)
    {
        TheorySolution one = Solve("sin(x)", new[,] { { 0.8 } }, 2, 6, stepping: stepping, bias: 0), two = Solve("sin(x)", new[,] { { 0.8, sign * 0.8 }, { sign * 0.8, 0.8 } }, 2, 6, stepping: stepping, bias: 0);
        foreach (string name in Names.Where(name => stepping == Stepping.Discrete || name[^1] != '2'))
        {
            double expected = Last(one, name)[0];
            int place = 0;
            foreach (int[] legs in Ascending(Legs(name), 3))
                Assert.Equal(expected * (legs.Count(leg => leg == 1) % 2 == 0 ? 1 : sign), Last(two, name)[place++], 1e-7 * Math.Max(Math.Abs(expected), 1e-3));
        }
    }

    // With kinks there is no derivative between equal inputs, and none is needed: components are those of inputs that are not equal.
    [Fact]
    public void Equal_inputs_with_kinks_have_the_components_of_those_that_differ()
    {
        const int depth = 2;
        double[,] few = { { 1.2, 0.5 }, { 0.5, 0.8 } }, many = { { 1.2, 1.2, 0.5 }, { 1.2, 1.2, 0.5 }, { 0.5, 0.5, 0.8 } };
        TheorySolution two = Solve("relu", few, depth, 4), three = Solve("relu", many, depth, 4);
        Assert.All(Names, name => Same(Last(two, name), Chosen(Last(three, name), 3, [1, 2], name), 0, name));
        Assert.All(Names, name => Same(Last(three, name), Chosen(Last(two, name), 2, [0, 0, 1], name), 0, name));
        // All of one, which has an evaluator of its own.
        TheorySolution equal = Solve("abs(x)", new[,] { { 1.2, 1.2 }, { 1.2, 1.2 } }, depth, 4), one = Solve("abs(x)", new[,] { { 1.2 } }, depth, 4);
        Assert.All(Names, name => Assert.All(Last(equal, name), value => Assert.Equal(Last(one, name)[0], value)));
        // Inputs that are named have the numbers that they were given.
        Assert.Contains("of the deviation of input 2", Assert.Throws<NotSupportedException>(() => Solve("relu", new[,] { { 1, 1, 0.9999 }, { 1, 1, 0.9999 }, { 0.9999, 0.9999, 1 } }, 2, 4)).Message, StringComparison.Ordinal);
    }

    // With a bias opposite inputs are so at the first layer alone: a direction opens. In depth time that has no derivative, and is refused.
    [Fact]
    public void A_direction_that_opens_is_followed_layer_by_layer()
    {
        double[,] kernel = { { 0.8, -0.8 }, { -0.8, 0.8 } };
        double[] sigma = [0, 1, 0.3];
        TheorySolution solution = Solve("x+0.3*x^2", kernel, 2, 12);
        var exact = new PolynomialMoments(sigma, PairIndexing.Upper(kernel), 2, WeightVariance, BiasVariance, Skip, Math.Sqrt(0.3));
        Assert.Equal(exact.Cumulant(2, (0, 1))[2], Last(solution, "K2")[1], 1e-9);
        Assert.Equal(exact.Cumulant(2, (0, 1), (1, 1))[2], Last(solution, "V4_1")[4], 1e-8);
        Assert.Contains("or determined by others, at this depth and not at once after", Assert.Throws<ComputationException>(() => Solve("sin(x)", kernel, 2, 6, stepping: Stepping.Continuous)).Message, StringComparison.Ordinal);
    }

    // An input that is 0 begins a layer later, and the other does not know of it.
    [Theory]
    [InlineData("tanh", 0)]
    [InlineData("tanh", 0.1)]
    [InlineData("relu", 0)]
    [InlineData("relu", 0.1)]
    [InlineData("abs(x+0.3)", 0)]
    public void One_of_two_inputs_may_be_zero(string activation, double bias)
    {
        const int depth = 3;
        double value = Activation.Parse(activation).Delegate(0)(0), begun = 0.3 * ((WeightVariance * value * value) + bias);
        TheorySolution two = Solve(activation, new[,] { { 0, 0 }, { 0, 0.8 } }, depth, 6, bias: bias), turned = Solve(activation, new[,] { { 0.8, 0 }, { 0, 0 } }, depth, 6, bias: bias);
        TheorySolution other = Solve(activation, new[,] { { 0.8 } }, depth, 6, bias: bias), later = Solve(activation, new[,] { { begun } }, depth - 1, 6, bias: bias);
        foreach (string name in Names)
        {
            Agree(Last(other, name), Chosen(Last(two, name), 2, [1], name));
            Agree(Last(later, name), Chosen(Last(two, name), 2, [0], name));
            Agree(Last(two, name), Chosen(Last(turned, name), 2, [1, 0], name));
            if (begun == 0)
                Assert.All(Last(two, name)[..^1], number => Assert.Equal(0, number));
        }

        // Some of them vanish: K1 where sigma^2 is a polynomial of degree 2.
        static void Agree(double[] expected, double[] values) =>
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-7 * Math.Max(1e-3, expected.Max(Math.Abs))));
    }

    // By brute force.
    [Fact]
    public void An_input_that_is_zero_has_the_exact_moments_with_another()
    {
        double[,] kernel = { { 0, 0 }, { 0, 0.8 } };
        TheorySolution solution = Solve("0.2+x+0.3*x^2", kernel, 2, 12);
        var exact = new PolynomialMoments([0.2, 1, 0.3], PairIndexing.Upper(kernel), 2, WeightVariance, BiasVariance, Skip, Math.Sqrt(0.3));
        Assert.Equal(exact.Cumulant(2, (0, 1))[2], Last(solution, "K2")[1], 1e-9);
        Assert.Equal(exact.Cumulant(2, (0, 1), (1, 1))[2], Last(solution, "V4_1")[4], 1e-8);
        // Third cumulants of two layers are of many terms where sigma is no line.
        AllThirds([0.2, 1], 2);
        AllThirds([0.2, 1, 0.3], 1);

        void AllThirds(double[] sigma, int depth)
        {
            TheorySolution begun = Solve(sigma.Length == 2 ? "0.2+x" : "0.2+x+0.3*x^2", kernel, depth, 12);
            var moments = new PolynomialMoments(sigma, PairIndexing.Upper(kernel), 2, WeightVariance, BiasVariance, Skip, Math.Sqrt(0.3));
            (int, int)[] pairs = [(0, 0), (0, 1), (1, 1)];
            Assert.All(Ascending(3, 3).Select((legs, place) => (legs, place)), each =>
            {
                double expected = moments.Cumulant(depth, [.. each.legs.Select(leg => pairs[leg])])[2];
                Assert.Equal(expected, Last(begun, "V6")[each.place], 1e-9 * Math.Max(1, Math.Abs(expected)));
            });
        }
    }

    [Fact]
    public void What_is_not_solved_is_refused()
    {
        Refused(
            "order is 1, the activation relu has a kink at x = 0 and 1/71 of the deviation of input 1 is left when the others are given, less than 1/30; the next order is then a small difference of large numbers that cannot be trusted, so give inputs that are farther apart, or fewer, or use a smooth activation, or order 0.",
            "relu", new[,] { { 1.0, 0.9999 }, { 0.9999, 1.0 } });
        var five = new double[5, 5];
        for (int input = 0; input < 5; input++)
            five[input, input] = 1;
        Refused(
            "order is 1, the closure hermite(8) and there are 5 inputs; the next order of the network itself is solved for at most 4, and the statistics of some inputs do not depend on the others, so give fewer, or use order 0.",
            "tanh", five);

        static void Refused(string sentence, string activation, double[,] kernel) => Assert.Equal(sentence, Assert.Throws<NotSupportedException>(() => Solve(activation, kernel, 2, 8)).Message);
    }

    // A perceptron with a kink at 0, by the Markov chain of its covariance.
    [Theory]
    [InlineData("relu", 1, 0, 2)]
    [InlineData("abs(x)", 1, -1, 2)]
    [InlineData("leakyrelu", 1, 0.01, 2)]
    public void Perceptrons_with_kinks_have_the_cumulants_of_their_chain(string activation, double positive, double negative, int depth)
    {
        double[,] kernel = { { 1.3, 0.5 }, { 0.5, 0.9 } };
        TheorySolution solution = Solve(activation, kernel, depth, 4, step: 1, skip: 0);
        var chain = new GramChain(positive, negative, WeightVariance, BiasVariance, PairIndexing.Upper(kernel));
        for (int layer = 0; layer < depth; layer++)
            chain.Next();
        foreach ((string name, double[] expected) in chain.Cumulants())
            Assert.All(Enumerable.Range(0, expected.Length), at => Assert.InRange(Last(solution, name)[at] - expected[at], -1e-8 * Math.Max(1, expected.Max(Math.Abs)), 1e-8 * Math.Max(1, expected.Max(Math.Abs))));
    }

    private static TheorySolution Solve(string activation, double[,] kernel, int depth, int modes, double? step = null, Stepping stepping = Stepping.Discrete, double bias = BiasVariance, double? skip = null) => ClosureSolver.Solve(
        new Network
        {
            Activation = activation,
            WeightVariance = WeightVariance,
            BiasVariance = bias,
            Skip = skip ?? (stepping == Stepping.Discrete ? Skip : 1),
            Step = step ?? Math.Sqrt(0.3),
            Depth = depth,
            Kernel = kernel,
            RecordedLayers = [depth],
        },
        new HermiteModes(modes),
        new SolverSettings { Order = 1, Quadrature = QuadratureChoice.Estimated, Stepping = stepping });

    private static double[] Last(TheorySolution solution, string name) => solution.Tensors[name][^1];

    private static double[,] First(double[,] kernel, int inputs)
    {
        var some = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++)
                some[a, b] = kernel[a, b];
        }

        return some;
    }

    private static int Legs(string name) => name[0] == 'V' ? (name[1] - '0') / 2 : 1;

    private static IEnumerable<int[]> Ascending(int count, int pairs, int least = 0) => count == 0
        ? [[]]
        : from first in Enumerable.Range(least, pairs - least) from rest in Ascending(count - 1, pairs, first) select (int[])[first, .. rest];

    // The components of some inputs, in their order.
    private static double[] Chosen(double[] values, int inputs, int[] some, string name)
    {
        int[][] all = [.. Ascending(Legs(name), PairIndexing.Count(inputs))];
        IReadOnlyList<InputPair> pairs = PairIndexing.All(some.Length);
        return
        [
            .. Ascending(Legs(name), pairs.Count).Select(legs =>
            {
                int[] place = [.. legs.Select(leg => PairIndexing.Of(some[pairs[leg].First], some[pairs[leg].Second], inputs)).Order()];
                return values[Array.FindIndex(all, each => each.AsSpan().SequenceEqual(place))];
            }),
        ];
    }

    private static void Same(double[] expected, double[] values, double relative, string name)
    {
        Assert.Equal(expected.Length, values.Length);
        double scale = expected.Max(Math.Abs);
        Assert.All(Enumerable.Range(0, values.Length), at => Assert.True(Math.Abs(expected[at] - values[at]) <= relative * scale, $"{name} {at}: {expected[at]} {values[at]}"));
    }
}

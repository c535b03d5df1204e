using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Closures;

// Inputs that equal an earlier one have its numbers, to the last bit, at every place that names them: in every closure, of the tangent kernel and of the next orders.
public sealed class EqualInputsTests
{
    private static readonly double[,] Distinct = { { 1.2, -0.3 }, { -0.3, 0.8 } };

    // Which of the two each of four inputs is.
    private static readonly int[] Places = [0, 1, 0, 1];

    private static readonly Layer[] Gated = [new Dense(2) { Copies = 2 }, new Gate("exp(-x^2/2)"), new Dropout(0.9), new Dense(1.5) { BiasVariance = 0.1 }];

    [Theory]
    [InlineData("g-only", "relu", Stepping.Discrete, 0, true)]
    [InlineData("g-connected", "tanh", Stepping.Discrete, 0, true)]
    [InlineData("hermite(4)", "relu", Stepping.Discrete, 0, true)] // modes of three and four inputs converge slowly where f' jumps
    [InlineData("hermite(6)", "gelu", Stepping.Continuous, 0, false)]
    [InlineData("sigma-kernel", "tanh", Stepping.Discrete, 0, true)]
    [InlineData("g-only", "tanh", Stepping.Discrete, 1, false)]
    [InlineData("hermite(4)", "relu", Stepping.Discrete, 1, false)]
    public void They_have_its_numbers(string closure, string activation, Stepping stepping, int order, bool hasTangent) => AssertSame(
        kernel => new() { Activation = activation, WeightVariance = 2, BiasVariance = 0.1, Step = 0.5, Depth = 3, Kernel = kernel }, closure, new() { Stepping = stepping, Order = order, Tangent = hasTangent ? TangentKernel.OfLayers : TangentKernel.None });

    [Theory]
    [InlineData("g-only", 0)]
    [InlineData("hermite(4)", 0)]
    [InlineData("hermite(4)", 1)]
    public void They_have_its_numbers_in_programs(string closure, int order) =>
        AssertSame(kernel => Network.Of(new LayerProgram([new Repeat(3, [new Residual(Gated) { Step = 0.5 }])]), kernel), closure, new() { Order = order });

    // The rounding of a difference grows in the chaotic phase, and of equal inputs there is none.
    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(4)")]
    public void The_chaotic_phase_does_not_take_them_apart(string closure) =>
        AssertSame(kernel => new() { Activation = "tanh", WeightVariance = 5, Skip = 0, Step = 1, Depth = 120, Kernel = kernel }, closure, new(), [0, 0]);

    // Masks of their own take equal inputs apart in one layer, and so do taps: all are solved.
    [Fact]
    public void Where_they_do_not_stay_equal_all_are_solved()
    {
        foreach (Layer[] branch in (Layer[][])[[new Dropout(0.8, IsShared: false), new Dense(2)], [new Dense(2) { Taps = [0, 1] }]])
        {
            TheorySolution solution = ClosureSolver.Solve(Network.Of(new LayerProgram(branch), new[,] { { 1, 1, 0.3 }, { 1, 1, 0.3 }, { 0.3, 0.3, 1 } }), new GOnly(), new());
            Assert.True(solution.K0[^1][1] < solution.K0[^1][0] - 0.1);
        }
    }

    private static void AssertSame(Func<double[,], Network> of, string closure, SolverSettings settings, int[]? places = null)
    {
        places ??= Places;
        var kernel = new double[places.Length, places.Length];
        for (int a = 0; a < places.Length; a++)
        {
            for (int b = 0; b < places.Length; b++) kernel[a, b] = Distinct[places[a], places[b]];
        }

        int inputs = places.Max() + 1, pairs = PairIndexing.Count(inputs);
        Network few = of(kernel).OnInputs([.. Enumerable.Range(0, inputs)]);
        TheorySolution distinct = ClosureSolver.Solve(few, ClosureRegistry.Parse(closure), settings), all = ClosureSolver.Solve(of(kernel), ClosureRegistry.Parse(closure), settings);
        Assert.Equal(places.Length, all.Inputs);
        int[] ofPairs = [.. PairIndexing.All(places.Length).Select(pair => PairIndexing.Of(places[pair.First], places[pair.Second], inputs))];
        foreach (string name in (string[])["K0", "K1", "V4", "E2", "Theta0", "Theta1", "tau", "VarTheta", "CovThetaG", "K2", "V4_1"])
        {
            Assert.Equal(distinct.Tensors.ContainsKey(name), all.Tensors.ContainsKey(name));
            if (!distinct.Tensors.ContainsKey(name))
                continue;
            double[] numbers = distinct.Tensors[name][^1];
            bool isOrdered = name == "CovThetaG", isOfTwoPairs = isOrdered || name[0] == 'V';
            IEnumerable<double> expected = isOfTwoPairs
                ? from p in Enumerable.Range(0, ofPairs.Length)
                  from q in Enumerable.Range(isOrdered ? 0 : p, ofPairs.Length - (isOrdered ? 0 : p))
                  select numbers[isOrdered ? (ofPairs[p] * pairs) + ofPairs[q] : PairIndexing.Of(ofPairs[p], ofPairs[q], pairs)]
                : ofPairs.Select(pair => numbers[pair]);
            Assert.Equal(expected, all.Tensors[name][^1]);
        }
    }
}

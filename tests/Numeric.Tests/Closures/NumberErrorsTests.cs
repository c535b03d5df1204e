using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>What errors of the Gaussian numbers make of V4 and K1, against coefficients that are moved, and against exact solutions.</summary>
public sealed class NumberErrorsTests
{
    private const double Epsilon = 1e-6;

    // An activation, another that is near it, a layer, N, and by how much the bounds exceed the changes of V4_00,00 and K1_00 at most.
    public static TheoryData<string, string, double[], int, double, double> Cases => new()
    {
        { "tanh(x)", "1.000001*tanh(x)", [1, 0.2, 2, 0], 1, 2.5, 60 },
        { "tanh(x)", "tanh(x) + sin(2*x)/1000000", [1, 0.2, 2, 0], 2, 25, 200 },
        { "relu(x)", "1.000001*relu(x)", [1, 0.2, 2, 0.1], 1, 3.5, 60 },
        { "relu(x)", "relu(x)*(1 + x/(1 + x^2)/1000000)", [0.9, 0.4, 2, 0], 3, double.PositiveInfinity, double.PositiveInfinity },
        { "x*Phi(x)", "x*Phi(x)*1.000001", [1, 0.2, 1.7, 0.1], 2, 3.5, 80 },
        { "x*Phi(x)", "x*Phi(x) + cos(x)/1000000", [0.8, 0.6, 1.7, 0.1], 2, double.PositiveInfinity, double.PositiveInfinity },
        { "tanh(x)", "1.000001*tanh(x)", [0, 1, 2.5, 0.1], 2, 3.5, 160 },
        { "relu(x)", "1.000001*relu(x)", [0, 1, 2, 0], 1, 3.5, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Coefficients_that_move_within_their_errors_move_V4_and_K1_within_the_bounds(string activation, string moved, double[] layer, int inputs, double slackOfCovariance, double slackOfMean)
    {
        const int order = 9, depth = 12;
        double[] kernel = inputs == 1 ? [1.3] : inputs == 2 ? [1.3, 0.5, 0.9] : [1.3, 0.5, -0.2, 0.9, 0.4, 1.7];
        TheorySolution Of(string function) => HermiteSolver.Solve(Networks.Of(Activation.Parse(function), new(layer[0], layer[1], layer[2], layer[3]), inputs, kernel, depth, [.. Enumerable.Range(0, depth + 1)]), order, Stepping.Discrete);
        (TheorySolution plain, TheorySolution changed) = (Of(activation), Of(moved));

        // How many of their errors the coefficients have been moved by.
        double errors = 0;
        FluctuationEquation equation = new(Activation.Parse(activation).Description, inputs, order), other = new(Activation.Parse(moved).Description, inputs, order);
        foreach (double[] each in plain.K0)
        {
            foreach ((PairFluctuation here, PairFluctuation there) in equation.At(each).Pairs.Zip(other.At(each).Pairs))
            {
                for (int k = 0; k <= order; k++)
                {
                    for (int j = 0; j < here.Order(k).Length; j++) errors = Math.Max(errors, Math.Abs(here.Order(k)[j] - there.Order(k)[j]) / here.Error);
                }
            }
        }

        Assert.InRange(errors, 1e-3 * Epsilon / FluctuationEquation.Target, Epsilon / FluctuationEquation.Target);
        foreach ((string name, string bound, double slack) in new[] { ("V4", BoundedEquations.OfCovarianceInNumbers, slackOfCovariance), ("K1", BoundedEquations.OfMeanInNumbers, slackOfMean) })
        {
            for (int record = 0; record <= depth; record++)
            {
                double[] values = plain.Tensors[name][record], others = changed.Tensors[name][record], bounds = plain.Tensors[bound][record];
                for (int at = 0; at < values.Length; at++)
                    Assert.InRange(Math.Abs(values[at] - others[at]), 0, (1.001 * errors * bounds[at]) + (1e-12 * Math.Abs(values[at])));
            }

            Assert.InRange(errors * plain.Tensors[bound][depth][0] / Math.Abs(plain.Tensors[name][depth][0] - changed.Tensors[name][depth][0]), 1, slack);
        }
    }

    // sigma(x) = x: E G^2 is known at every width. Of modes nothing is left out.
    [Theory]
    [InlineData(1, 0.1, 100)]
    [InlineData(0, 1, 30)]
    public void Of_a_linear_network_the_errors_of_numbers_are_all(double skip, double step, int depth)
    {
        const double weights = 1.2, kernel = 0.7;
        TheorySolution solution = HermiteSolver.Solve(Networks.Of(Activation.Parse("x"), new(skip, step, weights, 0), 1, [kernel], depth, [depth]), 6, Stepping.Discrete);
        double square = skip * skip, added = step * step * weights, whole = square + added;
        double exact = kernel * kernel * Math.Pow(whole, 2 * depth) * (2 + (depth * ((4 * square * added) + (2 * added * added)) / (whole * whole)));
        double bound = solution.Tensors[BoundedEquations.OfCovarianceInNumbers][0][0];
        Assert.InRange(solution.Tensors[BoundedEquations.OfCovariance][0][0], 0, 1e-12 * exact);
        Assert.InRange(Math.Abs(solution.V4[0][0] - exact), 0, bound);
        Assert.InRange(bound, 0, 1e-9 * exact);
        Assert.InRange(Math.Abs(solution.K1[0][0]), 0, solution.Tensors[BoundedEquations.OfMeanInNumbers][0][0] + solution.Tensors[BoundedEquations.OfMean][0][0]);
    }

    // A ReLU perceptron keeps its kernel at C_W = 2: V4 = 2 K^2 + 5 K^2 l.
    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public void The_exact_leading_order_lies_within_both_bounds(int order)
    {
        const int depth = 20;
        TheorySolution solution = HermiteSolver.Solve(Networks.Of(Activation.Parse("relu"), new(0, 1, 2, 0), 1, [1.5], depth, [depth]), order, Stepping.Discrete);
        double exact = 1.5 * 1.5 * (2 + (5 * depth)), bound = solution.Tensors[BoundedEquations.OfCovariance][0][0] + solution.Tensors[BoundedEquations.OfCovarianceInNumbers][0][0];
        Assert.InRange(Math.Abs(solution.V4[0][0] - exact), 0, bound);
        Assert.InRange(bound, 0, 2 * Math.Abs(solution.V4[0][0] - exact));
    }

    // A layer whose dense layer is taken apart, and layers whose functions have other names, are the plain network.
    [Fact]
    public void A_program_that_is_the_plain_network_has_its_bounds()
    {
        double[,] kernel = { { 1.3, 0.5 }, { 0.5, 0.9 } };
        var network = new Network { Activation = "gelu(x)", WeightVariance = 1.5, BiasVariance = 0.1, Skip = 0.9, Step = 0.5, Depth = 6, Kernel = kernel, RecordedLayers = [0, 1, 6] };
        Residual Of(string function) => new([new Activate(function), new Dense(1.5) { BiasVariance = 0.1 }]) { Skip = 0.9, Step = 0.5 };
        TheorySolution plain = network.Solve("hermite(7)"), program = (Network.Of(new LayerProgram([new Repeat(3, [Of("gelu(x)"), Of("x*Phi(x)")])]), kernel) with { RecordedLayers = [0, 1, 6] }).Solve("hermite(7)");
        foreach (string bound in new[] { BoundedEquations.OfCovarianceInNumbers, BoundedEquations.OfMeanInNumbers })
        {
            foreach ((double[] values, double[] others) in plain.Tensors[bound].Zip(program.Tensors[bound]))
                Assert.All(values.Zip(others), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * pair.First));
        }
    }

    // Rounding of a kernel turns two inputs that are one up to rounding into two: of slopes that jump by the root of it.
    [Fact]
    public void Inputs_that_are_equal_but_for_rounding_have_no_bound()
    {
        TheorySolution Of(double second) => HermiteSolver.Solve(Networks.Of(Activation.Parse("relu"), new(1, 0.1, 2, 0), 2, [1, second, 1], 5, [5]), 6, Stepping.Discrete);
        Assert.All(Of(1 - 1.2e-16).Tensors[BoundedEquations.OfCovarianceInNumbers][0], bound => Assert.Equal(double.PositiveInfinity, bound));
        Assert.All(Of(1).Tensors[BoundedEquations.OfCovarianceInNumbers][0], bound => Assert.InRange(bound, 0, 1e-9));
    }

    [Fact]
    public void Inputs_too_similar_for_a_first_order_have_no_bound()
    {
        var network = Networks.Of(Activation.Parse("relu"), new(1, 0.1, 2, 0), 2, [1, 1 - 1e-11, 1], 5, [5]);
        TheorySolution solution = HermiteSolver.Solve(network, 6, Stepping.Discrete);
        Assert.All(solution.Tensors[BoundedEquations.OfCovarianceInNumbers][0], bound => Assert.Equal(double.PositiveInfinity, bound));
    }
}

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

public class OneInputClockTests
{
    private static readonly string[] Names = ["K0", "V4", "K1", "V6", "V4_1", "K2"];

    // Computed with other code, with more modes than are needed; of those with few modes the last digits are below the accuracy wanted.
    [Theory]
    [InlineData("tanh", 2, 0, 1, 0.05, 2, 800, 40, new[] { 4.3679572032164184, 48.47097962025466, -.4529625570875205, 1118.1558565397181, 15.119134320731343, -.20487261131713486 }, new[] { 1e-13, 1.1e-5, 3.2e-3, 1.5e-5, 1.3e-4, 2.7e-2 })]
    [InlineData("gelu", 1.7, 0.1, 1, 0.07071067811865475, 1.5, 300, 40, new[] { 5.268563402645826, 302.83843702829574, 3.6814029895539893, 57365.20325425743, 2416.0224944810084, .8285875426814453 }, new[] { 1e-13, 1e-7, 2e-5, 3e-7, 4e-6, 2e-3 })]
    [InlineData("tanh", 2, 0, 1, 0.05, 2, 800, 160, new[] { 4.3679572032164184, 48.47097962025466, -.4529625570875205, 1118.1558565397181, 15.119134320731343, -.20487261131713486 }, new[] { 1e-13, 1e-9, 5e-7, 1e-9, 2e-7, 2e-5 })]
    [InlineData("gelu", 1.7, 0.1, 1, 0.07071067811865475, 1.5, 300, 160, new[] { 5.268563402645826, 302.83843702829574, 3.6814029895539893, 57365.20325425743, 2416.0224944810084, .8285875426814453 }, new[] { 1e-13, 1e-11, 1e-11, 1e-11, 1e-11, 1e-10 })]
    [InlineData("tanh", 3, 0, 0, 1, 1, 10, 20, new[] { 1.3453373457742954, 4.793055079295182, -.3078002882148104, 38.67371807408895, .7983101269043973, -.36939092264629025 }, new[] { 1e-13, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12 })]
    [InlineData("tanh", 2, 0.2, 0.9, 0.7, 1, 12, 60, new[] { 3.2430613490610387, 27.553488126491946, -.6272727814439074, 504.9897289479566, 5.601536130200475, -.3659427112455562 }, new[] { 1e-13, 1e-9, 4e-7, 1e-9, 4e-7, 2e-5 })]
    [InlineData("relu", 2, 0, 1, 0.1, 1, 100, 60, new[] { 2.7048138294215276, 61.09786857194014, 1.2116020991520051, 4550.903931363117, 366.3969899298353, .1406248602288622 }, new[] { 1e-13, 1e-7, 4e-5, 1e-7, 1e-6, 4e-3 })]
    [InlineData("erf(x/sqrt(2))", 2, 0, 1, 0.1, 1, 200, 60, new[] { 2.7488096659354193, 23.20924313305612, -.5717082691331937, 419.53223160899216, 10.580709387719482, -.1602153141820335 }, new[] { 1e-13, 2e-10, 4e-8, 1e-10, 5e-8, 3e-6 })]
    [InlineData("x+0.1*x^3", 1.5, 0, 1, 0.4472135954999579, 1, 3, 16, new[] { 5.264823871456757, 640.6078071767259, 29.51642305532474, 354149.1090939372, 31175.758385837522, 400.5721871003397 }, new[] { 1e-13, 1e-13, 1e-13, 1e-13, 1e-13, 1e-13 })]
    [InlineData("x+0.3*x^2", 1.3, 0.1, 0.7, 0.7071067811865476, 0.8, 3, 12, new[] { 2.117103521601086, 88.03727118358893, 6.983035695304787, 13188.898674901944, 2004.347179940216, 27.470127550007337 }, new[] { 1e-13, 1e-13, 1e-13, 1e-13, 1e-13, 1e-13 })]
    public void Numbers_are_those_of_other_code(
        string activation, double weightVariance, double biasVariance, double skip, double step, double kernel, int depth, int modes, double[] expected, double[] relative)
    {
        TheorySolution solution = Solve(activation, weightVariance, biasVariance, skip, step, kernel, depth, modes);
        Assert.All(Enumerable.Range(0, Names.Length), at => Near(expected[at], solution.Tensors[Names[at]][^1][0], relative[at]));
        // What the highest modes change is no smaller than what is left out by more than a digit.
        Assert.All(Enumerable.Range(0, Names.Length), at => Near(expected[at], solution.Tensors[Names[at]][^1][0], Math.Max(1e-12, 10 * solution.ModeChanges[Names[at]])));
    }

    [Fact]
    public void Depth_time_is_that_of_other_code()
    {
        TheorySolution solution = Solve("tanh", 2, 0, 1, 0.05, 2, 800, 24, Stepping.Continuous);
        double[] expected = [4.36831568425876, 48.482031529506924, -.4542108967731892, 1118.5208250006133, 15.113170232535193, -.20538791046334132];
        double[] relative = [1e-9, 1e-4, 2e-2, 2e-4, 1e-3, 1.3e-1];
        Assert.All(Enumerable.Range(0, Names.Length), at => Near(expected[at], solution.Tensors[Names[at]][^1][0], relative[at]));
        // The layer map at a smaller step goes to it, in proportion to the step: by two steps the rest is taken out.
        TheorySolution coarse = Solve("tanh", 2, 0, 1, 0.1, 2, 200, 24), fine = Solve("tanh", 2, 0, 1, 0.05, 2, 800, 24);
        Assert.All(Names, name =>
        {
            double value = solution.Tensors[name][^1][0], near = fine.Tensors[name][^1][0], far = coarse.Tensors[name][^1][0];
            Assert.InRange(Math.Abs(near + ((near - far) / 3) - value), 0, 0.01 * Math.Abs(near - far));
        });
    }

    // n G / K = chi-squared of n times, in each layer, 2/n times a sum of chi-squared of one over a binomial number of neurons:
    // cumulants 1, 5/n, 44/n^2 of each layer.
    [Fact]
    public void Relu_perceptron_is_exact()
    {
        const double kernel = 1.3;
        for (int depth = 0; depth <= 8; depth++)
        {
            TheorySolution solution = Solve("relu", 2, 0, 0, 1, kernel, depth, 8);
            Near(kernel * kernel * (2 + (5 * depth)), Last("V4"), 1e-12);
            Near(Math.Pow(kernel, 2) * ((10 * depth) + (25 * depth * (depth - 1) / 2.0)), Last("V4_1"), 1e-12);
            Near(Math.Pow(kernel, 3) * (8 + (104 * depth) + (75 * depth * (depth - 1))), Last("V6"), 1e-12);
            Assert.Equal(0, Last("K1"), 1e-11);
            Assert.Equal(0, Last("K2"), 1e-11);

            double Last(string name) => solution.Tensors[name][^1][0];
        }
    }

    // sigma(x) = x: G'/G is independent of all before, with cumulants 1 + c, 2(c^2 + 2c)/n, 8(c^3 + 3c^2)/n^2, c = eps^2 C_W.
    [Fact]
    public void Linear_network_is_exact()
    {
        const double kernel = 1.3;
        const int depth = 60;
        double c = 0.01 * 1.5, mean = kernel * Math.Pow(1 + c, depth), p = 2 * ((c * c) + (2 * c)) / Math.Pow(1 + c, 2), q = 8 * ((c * c * c) + (3 * c * c)) / Math.Pow(1 + c, 3);
        double pairs = depth * (depth - 1) / 2.0;
        TheorySolution solution = Solve("x", 1.5, 0, 1, 0.1, kernel, depth, 8);
        Near(mean * mean * (2 + (depth * p)), solution.V4[^1][0], 1e-12);
        Near(mean * mean * ((2 * depth * p) + (pairs * p * p)), solution.Tensors["V4_1"][^1][0], 1e-12);
        Near(Math.Pow(mean, 3) * (8 + (18 * depth * p) + (depth * q) + (9 * pairs * p * p) - (3 * ((2 * depth * p) + (pairs * p * p)))), solution.Tensors["V6"][^1][0], 1e-12);
        Assert.Equal(0, solution.Tensors["K2"][^1][0], 1e-10);
    }

    [Theory]
    [InlineData("tanh", new double[0])]
    [InlineData("gelu", new double[0])]
    [InlineData("softplus", new double[0])]
    [InlineData("relu", new[] { 0.0 })]
    [InlineData("elu", new[] { 0.0 })]
    [InlineData("(abs(x+1)-abs(x-1))/2", new[] { -1.0, 1 })]
    [InlineData("abs(x+0.3)", new[] { -0.3 })]
    [InlineData("sin", new double[0])]
    public void Perceptron_is_a_chain_of_one_number(string activation, double[] kinks) => IsTheChain(activation, kinks, order: 1);

    [Theory]
    [InlineData("tanh", new double[0])]
    [InlineData("gelu", new double[0])]
    [InlineData("relu", new[] { 0.0 })]
    [InlineData("abs(x+0.3)", new[] { -0.3 })]
    public void Perceptron_at_order_two_is_a_chain_of_one_number(string activation, double[] kinks) => IsTheChain(activation, kinks, order: 2);

    private static void IsTheChain(string activation, double[] kinks, int order)
    {
        const double weightVariance = 1.6, biasVariance = 0.15, kernel = 0.9;
        const int depth = 7;
        double[][] exact = new PerceptronChain(Activations.Activation.Parse(activation).Delegate(0), kinks, weightVariance, biasVariance, order + 1).Cumulants(kernel, depth);
        TheorySolution solution = Solve(activation, weightVariance, biasVariance, 0, 1, kernel, depth, 10, order: order);
        for (int factors = 1; factors <= order + 2; factors++)
        {
            for (int at = 0; factors - 1 + at <= order + 1; at++)
            {
                string name = factors == 1 ? $"K{at}" : $"V{2 * factors}" + (at == 0 ? "" : $"_{at}");
                double expected = exact[factors - 1][factors - 1 + at], error = 1e-10 * Math.Max(Math.Pow(exact[0][0], factors), Math.Abs(expected));
                Assert.True(Math.Abs(solution.Tensors[name][^1][0] - expected) <= error, $"{name}: {solution.Tensors[name][^1][0]:R}, {expected:R}");
            }
        }
    }

    // Order 2 against the exact moments of the finite network, by brute force: cumulants of at most so many factors G.
    [Theory]
    [InlineData(new[] { 0, 1, 0, 0.1 }, 1.5, 0, 1, 0.4472135954999579, 1, 1, 4)]
    [InlineData(new[] { 0, 1, 0.3 }, 1.3, 0.1, 0.7, 0.7071067811865476, 0.8, 2, 2)]
    [InlineData(new[] { 0.2, 0.5, 0.3 }, 1.6, 0.1, 0, 1, 0.8, 2, 2)]
    [InlineData(new[] { 0.2, 0.5 }, 1.6, 0.1, 0.8, 0.5, 0.8, 3, 4)]
    public void Order_two_is_that_of_the_exact_moments(double[] sigma, double weightVariance, double biasVariance, double skip, double step, double kernel, int depth, int mostFactors)
    {
        string activation = string.Join('+', sigma.Select((coefficient, power) => FormattableString.Invariant($"{coefficient}*x^{power}")));
        TheorySolution solution = Solve(activation, weightVariance, biasVariance, skip, step, kernel, depth, 24, order: 2);
        var moments = new PolynomialMoments(sigma, [kernel], 1, weightVariance, biasVariance, skip, step, powers: 4);
        string[][] names = [["K0", "K1", "K2", "K3"], ["V4", "V4_1", "V4_2"], ["V6", "V6_1"], ["V8"]];
        for (int factors = 1; factors <= mostFactors; factors++)
        {
            double[] exact = moments.Cumulant(depth, [.. Enumerable.Repeat((0, 0), factors)]);
            for (int at = 0; at < names[factors - 1].Length; at++)
            {
                double expected = exact[factors - 1 + at], rounding = 1e-11 * Math.Max(exact[factors - 1], Math.Abs(expected));
                Assert.InRange(solution.Tensors[names[factors - 1][at]][^1][0], expected - rounding, expected + rounding);
            }
        }
    }

    // C_W U is the source of K: K1' = alpha^2 K1 + h C_W U1, and so at the next order.
    [Fact]
    public void Row_covariance_feeds_the_kernel()
    {
        const double skip = 0.9, step = 0.4, weightVariance = 1.7;
        TheorySolution solution = Solve("gelu", weightVariance, 0.1, skip, step, 1.2, 6, 20, layers: [0, 1, 2, 3, 4, 5, 6]);
        foreach ((string kernel, string source) in new[] { ("K1", "U1"), ("K2", "U2") })
        {
            for (int layer = 0; layer < 6; layer++)
                Assert.Equal((skip * skip * solution.Tensors[kernel][layer][0]) + (step * step * weightVariance * solution.Tensors[source][layer][0]), solution.Tensors[kernel][layer + 1][0], 1e-12);
        }
    }

    // phi of an input that is 0 is 0, and after a layer Gaussian with the variance h (C_W sigma(0)^2 + C_b): a network that begins there. Without that variance all stays 0.
    [Theory]
    [InlineData("tanh", 0.1, 1)]
    [InlineData("tanh", 0.1, 2)]
    [InlineData("cos(x)", 0, 2)]
    [InlineData("relu", 0.1, 1)]
    [InlineData("abs(x+0.3)", 0, 1)]
    [InlineData("gelu", 0, 2)]
    [InlineData("relu", 0, 1)]
    public void An_input_that_is_zero_begins_a_layer_later(string activation, double biasVariance, int order)
    {
        const double weightVariance = 1.6, step = 0.6;
        double value = Activations.Activation.Parse(activation).Delegate(0)(0), kernel = step * step * ((weightVariance * value * value) + biasVariance);
        TheorySolution zero = Solve(activation, weightVariance, biasVariance, 0.9, step, 0, 4, 10, layers: [0, 1, 4], order: order);
        TheorySolution later = Solve(activation, weightVariance, biasVariance, 0.9, step, kernel, 3, 10, layers: [0, 1, 3], order: order);
        foreach ((string name, IReadOnlyList<double[]> records) in later.Tensors)
        {
            Assert.Equal(name == "E2" ? value * value : 0, zero.Tensors[name][0][0]);
            double scale = records.Max(each => Math.Abs(each[0]));
            Assert.Equal(records[^1][0], zero.Tensors[name][^1][0], 1e-11 * scale);
            Assert.True(kernel > 0 || records[^1][0] == 0, name);
        }

        if (kernel > 0)
            Assert.StartsWith("Input 0 is 0, or determined by others, at this depth", Assert.Throws<ComputationException>(() => Solve(activation, weightVariance, biasVariance, 1, step, 0, 2, 10, Stepping.Continuous)).Message, StringComparison.Ordinal);
        else
            Assert.All(Solve(activation, weightVariance, biasVariance, 1, step, 0, 2, 10, Stepping.Continuous).Tensors.Values, records => Assert.Equal(0, records[^1][0]));
    }

    [Fact]
    public void What_is_not_solved_is_refused()
    {
        Refused("order is 1 and the closure hermite(3); the cumulants of G have modes up to order 4, so use hermite(4) or more.", "tanh", 3, new() { Order = 1, Quadrature = QuadratureChoice.Estimated });
        Refused("order is 3 and the closure hermite(20); of the network itself order 2 is solved for one input, or two with skip 0 and discrete stepping, and no order beyond, so use order 2 with one input, or order 1.", "tanh", 20, new() { Order = 3, Quadrature = QuadratureChoice.Estimated });
        Refused("order is 1 and the activation sign jumps at x = 0; the next order needs its derivative squared, so use an activation without jumps, or order 0.", "sign", 20, new() { Order = 1, Quadrature = QuadratureChoice.Estimated });

        static void Refused(string sentence, string activation, int modes, SolverSettings settings) =>
            Assert.Equal(sentence, Assert.Throws<NotSupportedException>(() => ClosureSolver.Solve(Network(activation, 2, 0, 1, 0.1, 1, 3, [0, 3]), new HermiteModes(modes), settings)).Message);
    }

    private static TheorySolution Solve(
        string activation, double weightVariance, double biasVariance, double skip, double step, double kernel, int depth, int modes, Stepping stepping = Stepping.Discrete, int[]? layers = null, int order = 1) =>
        ClosureSolver.Solve(
            Network(activation, weightVariance, biasVariance, skip, step, kernel, depth, layers ?? [depth]),
            new HermiteModes(modes),
            new SolverSettings { Order = order, Quadrature = QuadratureChoice.Estimated, Stepping = stepping });

    private static Network Network(string activation, double weightVariance, double biasVariance, double skip, double step, double kernel, int depth, int[] layers) => new()
    {
        Activation = activation,
        WeightVariance = weightVariance,
        BiasVariance = biasVariance,
        Skip = skip,
        Step = step,
        Depth = depth,
        Kernel = new[,] { { kernel } },
        RecordedLayers = layers,
    };

    private static void Near(double expected, double value, double relative) =>
        Assert.InRange(value, expected - (relative * Math.Abs(expected)), expected + (relative * Math.Abs(expected)));
}

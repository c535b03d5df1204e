using System.Text.Json;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures.Oracles;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Layers;

/// <summary>The tangent kernel: mean, n Cov with itself and with G.</summary>
public class TangentKernelTests
{
    [Theory]
    [InlineData("f-resnet")]
    [InlineData("f-resnet-big")]
    [InlineData("f-mlp-tanh")]
    [InlineData("f-branch")]
    public void Gives_the_numbers_of_another_program(string name)
    {
        JsonElement given = LayerCases.Of(name), values = given.GetProperty("values");
        TheorySolution solution = Solve(LayerCases.Program(given), LayerCases.Kernel(given), given.GetProperty("closure").GetString()!);
        AssertClose(LayerCases.Numbers(given.GetProperty("Theta0"))[0], solution.Tensors["Theta0"][^1][0]);
        string[] names = name is "f-branch" ? ["V4", "K1", "VarTheta", "CovThetaG"] : ["V4", "K1", "VarTheta", "CovThetaG", "Theta1", "tau"];
        foreach (string each in names)
        {
            Assert.True(solution.Tensors.ContainsKey(each), each);
            AssertClose(LayerCases.Numbers(values.GetProperty(each).GetProperty("theory"))[0], solution.Tensors[each][^1][0], each);
        }
    }

    // The file has cut the noise of the hidden rows at modes of order 20 (VarTheta 3.80437 for 3.80577). A branch that begins with a dense layer closes on G: these numbers
    // are of a scalar recursion of its own, by a trapezoid sum of 2,000 nodes in 20 digits.
    [Theory]
    [InlineData("hermite(20)")]
    [InlineData("g-only")]
    public void A_transformer_block_is_a_scalar_recursion(string closure)
    {
        JsonElement given = LayerCases.Of("f-transformer");
        TheorySolution solution = Solve(LayerCases.Program(given), LayerCases.Kernel(given), closure);
        AssertClose(3.0740862298629859, solution.Tensors["Theta0"][^1][0]);
        AssertClose(3.8057660291960479, solution.Tensors["VarTheta"][^1][0]);
        AssertClose(0.99327856656238679, solution.Tensors["CovThetaG"][^1][0]);
    }

    // Where branches begin with a dense layer, G with its tangents is a Markov chain, and modes add nothing to it.
    [Fact]
    public void A_transformer_block_closes_on_the_kernel()
    {
        Layer[] block = [new RmsNorm(1.2, 0.1), new Dense(1.5) { Width = 2 }, new Activate("gelu"), new Dense(0.8), new Activate("tanh"), new Dense(1.7) { BiasVariance = 0.1 }];
        var program = new LayerProgram([new Repeat(2, [new Residual(block) { Skip = 0.9, Step = 0.5 }]), new PostNorm(1.3, 0.2)]);
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution modes = Solve(program, kernel, "hermite(6)"), alone = Solve(program, kernel, "g-only");
        foreach (string name in new[] { "Theta1", "tau", "VarTheta" })
        {
            for (int at = 0; at < 3; at++)
                AssertClose(modes.Tensors[name][^1][at], alone.Tensors[name][^1][at], name);
        }
    }

    // sigma'^2 is a step, whose modes fall slowly: what they leave out is taken whole. What is left is the error of V4 = 2 + 5 l, which is not.
    [Theory]
    [InlineData("hermite(20)")]
    [InlineData("hermite(80)")]
    public void Of_relu_without_skip_it_is_known(string closure)
    {
        const int depth = 8;
        Network network = new() { Activation = "relu", WeightVariance = 2, Skip = 0, Step = 1, Depth = depth, Kernel = new double[,] { { 1 } } };
        TheorySolution solution = ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.OfLayers });
        Assert.Equal(depth + 1, solution.Layers.Count);
        double sums = 0, squares = 0;
        for (int l = 1; l <= depth; l++)
        {
            double cross = 0;
            for (int at = 1; at < l; at++)
                cross += 2 * (l - at) * at;
            squares += l * l;
            sums = (5 * squares) + squares - (l * l) + cross;
            double share = Math.Abs((solution.V4[l][0] - 2 - (5 * l)) / (5 * l));
            Assert.InRange(share, 0, 1e-4);
            double withKernel = (5 * l * (l + 1) / 2.0) + (l * (l - 1) / 2.0);
            Assert.Equal(l, solution.Tensors["Theta0"][l][0], 1e-9);
            Assert.Equal(withKernel, solution.Tensors["CovThetaG"][l][0], share * withKernel);
            Assert.Equal(0, solution.Tensors["Theta1"][l][0], 1e-9);
            Assert.Equal((2 * (squares - (l * l))) + (l * l), solution.Tensors["tau"][l][0], 1e-9 * squares);
            Assert.Equal(sums, solution.Tensors["VarTheta"][l][0], share * sums);
        }
    }

    // The statistics of some inputs do not depend on the others.
    // Without biases relu(t x) = t relu(x) makes Theta as large as the kernel: however small it is, sigma' jumps by as much as it is large.
    [Fact]
    public void Relu_has_the_numbers_of_a_larger_kernel()
    {
        TheorySolution At(double size) => ClosureSolver.Solve(
            new() { Activation = "relu", WeightVariance = 0.25, Skip = 0, Step = 1, Depth = 4, Kernel = new[,] { { size, size / 2 }, { size / 2, 2 * size } }, RecordedLayers = [4] },
            ClosureRegistry.Parse("hermite(8)"), new SolverSettings { Tangent = TangentKernel.WithInput });
        TheorySolution one = At(1), small = At(Math.ScaleB(1, -80));
        foreach (string name in new[] { "Theta0", "Theta1" })
        {
            for (int pair = 0; pair < 3; pair++)
                Assert.Equal(one.Tensors[name][0][pair], Math.ScaleB(small.Tensors[name][0][pair], 80), 1e-9 * one.Tensors["Theta0"][0][0]);
        }
    }

    [Theory]
    [InlineData("gelu", "hermite(10)")]
    [InlineData("relu", "hermite(10)")]
    [InlineData("gelu", "sigma-kernel(2)")]
    public void Some_inputs_do_not_depend_on_the_others(string activation, string closure)
    {
        double[,] kernel = { { 1.5, 0.6, -0.2 }, { 0.6, 1, 0.3 }, { -0.2, 0.3, 1.2 } };
        Network network = new() { Activation = activation, WeightVariance = 1.7, BiasVariance = 0.1, Step = 0.6, Depth = 3, Kernel = kernel, RecordedLayers = [3] };
        var settings = new SolverSettings { Tangent = TangentKernel.WithInput };
        TheorySolution all = ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), settings), some = ClosureSolver.Solve(network.OnInputs([0, 2]), ClosureRegistry.Parse(closure), settings);
        int[] places = [PairIndexing.Of(0, 0, 3), PairIndexing.Of(0, 2, 3), PairIndexing.Of(2, 2, 3)];
        for (int p = 0; p < 3; p++)
        {
            foreach (string name in new[] { "Theta0", "Theta1", "tau" }.Where(some.Tensors.ContainsKey))
                AssertClose(some.Tensors[name][0][p], all.Tensors[name][0][places[p]], name);
            for (int q = 0; q < 3; q++)
            {
                AssertClose(some.Tensors["CovThetaG"][0][(p * 3) + q], all.Tensors["CovThetaG"][0][(places[p] * 6) + places[q]], "CovThetaG");
                AssertClose(some.Tensors["VarTheta"][0][PairIndexing.Of(p, q, 3)], all.Tensors["VarTheta"][0][PairIndexing.Of(places[p], places[q], 6)], "VarTheta");
            }
        }
    }

    // arXiv:2508.11522, figure 2: four dense layers, the first from the input, the kernel in units of raw weights. The figure is of integrals to a relative error of 1e-3; its own recursion,
    // integrated to the end, is another route to every digit. Another function and depth are compared with that route alone.
    [Theory]
    [InlineData("gelu", 1.98305826, 4, "hermite(40)", 1e-6)]
    [InlineData("softplus", 1.3, 5, "hermite(40)", 1e-6)]
    [InlineData("gelu", 1.98305826, 4, "sigma-kernel(2)", 1e-9)]
    public void Of_the_published_perceptron_it_is_known(string activation, double variance, int dense, string closure, double tolerance)
    {
        double[][] inputs = [[0.6540248765053858, -1.3592788739383235, -0.3791179316445409, 0.34191025226280697], [-0.6786403121150224, -0.12161213502515096, 0.21716372787141658, -1.4709063616118982]];
        double Product(int a, int b) => inputs[a].Zip(inputs[b], (left, right) => left * right).Sum() / inputs[a].Length;
        double[,] products = { { Product(0, 0), Product(0, 1) }, { Product(0, 1), Product(1, 1) } };
        static double Phi(double x) => (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2))) / 2;
        PublishedRecursion published = activation == "gelu"
            ? new(x => x * Phi(x), x => Phi(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)), variance, products)
            : new(x => Math.Log(1 + Math.Exp(x)), x => 1 / (1 + Math.Exp(-x)), variance, products);
        for (int layer = 1; layer < dense; layer++)
            published.Next();
        Network network = new()
        {
            Activation = activation,
            WeightVariance = variance,
            Skip = 0,
            Step = 1,
            Depth = dense - 1,
            Kernel = new[,] { { variance * products[0, 0], variance * products[0, 1] }, { variance * products[0, 1], variance * products[1, 1] } },
            RecordedLayers = [dense - 1],
        };
        TheorySolution solution = ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.WithInput, Rates = new() { Parametrization = Parametrization.Standard, First = 1 / variance } });
        for (int pair = 0; pair < 3; pair++)
        {
            AssertClose(published.Kernel[pair], solution.K0[0][pair], "K0", tolerance);
            AssertClose(published.KernelCorrection[pair], solution.K1[0][pair], "K1", tolerance);
            AssertClose(published.Tangent[pair], solution.Tensors["Theta0"][0][pair], "Theta0", tolerance);
            AssertClose(published.TangentCorrection[pair], solution.Tensors["Theta1"][0][pair], "Theta1", tolerance);
        }

        if (activation != "gelu")
            return;
        foreach ((int pair, double mean, double correction) in new[] { (0, 1.749264, 1.4144), (1, 0.176856, -0.32457) })
        {
            Assert.Equal(mean, solution.Tensors["Theta0"][0][pair], 5e-6);
            Assert.Equal(correction, solution.Tensors["Theta1"][0][pair], 1e-4);
        }
    }

    // A perceptron's rows are Gaussian given what it reads: with sigma sigma and sigma' sigma' in the list nothing is left to project, and modes of all orders are the other route.
    // A list without sigma' sigma' loses what these fluctuate by, but for what they have in common with sigma sigma of the same pair.
    [Fact]
    public void A_list_with_the_slopes_is_exact_of_a_perceptron()
    {
        Network network = new() { Activation = "gelu", WeightVariance = 1.98, Skip = 0, Step = 1, Depth = 3, Kernel = new double[,] { { 1.5, 0.6 }, { 0.6, 1 } }, RecordedLayers = [3] };
        TheorySolution Of(string closure) => ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.WithInput, Rates = new() { First = 0.4 } });
        TheorySolution modes = Of("hermite(40)"), list = Of("sigma-kernel(2)"), without = Of("sigma-kernel");
        foreach (string name in new[] { "Theta0", "VarTheta", "CovThetaG", "Theta1", "tau" })
        {
            for (int at = 0; at < modes.Tensors[name][0].Length; at++)
                AssertClose(modes.Tensors[name][0][at], list.Tensors[name][0][at], name);
        }

        for (int pair = 0; pair < 3; pair++)
        {
            AssertClose(modes.Tensors["CovThetaG"][0][4 * pair], without.Tensors["CovThetaG"][0][4 * pair], "CovThetaG of one pair");
            AssertClose(modes.Tensors["tau"][0][pair], without.Tensors["tau"][0][pair], "tau");
            Assert.InRange(without.Tensors["VarTheta"][0][PairIndexing.Of(pair, pair, 3)] / modes.Tensors["VarTheta"][0][PairIndexing.Of(pair, pair, 3)], 0.9, 0.99);
        }
    }

    // A polynomial of degree 2: sigma sigma, sigma' sigma and sigma' sigma' are of degree 4, 3 and 2, and so is what a layer makes of them. The list has all of degree 4, its tangents all of
    // degree 3, its mixed ones all of degree 2, and so have the modes: nothing is left to project.
    [Theory]
    [InlineData(0.6)]
    [InlineData(1.0)]
    [InlineData(-1.2)]
    public void A_list_with_all_that_a_polynomial_makes_is_exact(double covariance)
    {
        Network network = new() { Activation = "x+0.3*x^2", WeightVariance = 1, BiasVariance = 0.1, Skip = 0.9, Step = 0.5, Depth = 4, Kernel = new[,] { { 1.5, covariance }, { covariance, 1 } }, RecordedLayers = [1, 4] };
        TheorySolution Of(string closure) => ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.WithInput, Rates = new() { First = 0.4, Weights = 0.7 } });
        TheorySolution modes = Of("hermite(6)"), list = Of("[x*y, x, x^2, x^3, x^2*y, x^4, x^3*y, x^2*y^2]");
        foreach (string name in new[] { "VarTheta", "Theta1", "tau" })
        {
            for (int at = 0; at < modes.Tensors[name][1].Length; at++)
                AssertClose(modes.Tensors[name][1][at], list.Tensors[name][1][at], name, 1e-10);
        }
    }

    // With G alone the tangents of two neurons add up in a constant: tau = Theta0^2 + (straight + crossed)/2, and
    //   straight' = (alpha^2 + h C_W [f'_a f'_a]) (alpha^2 + h C_W [f'_b f'_b]) (Theta0^2 + straight) - alpha^4 Theta0^2,    crossed' likewise with [f'_a f'_b] twice.
    [Theory]
    [InlineData("g-only")]
    [InlineData("[x*y]")]
    public void Tau_of_the_kernel_alone_is_a_scalar_recursion(string closure)
    {
        const double skip = 0.9, h = 0.25, weight = 1.3, slope = 0.6;
        Network network = new() { Activation = "x+0.3*x^2", WeightVariance = weight, BiasVariance = 0.1, Skip = skip, Step = 0.5, Depth = 3, Kernel = new[,] { { 1.5, 0.6 }, { 0.6, 1 } } };
        TheorySolution solution = ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = TangentKernel.WithInput });
        var others = new (double Straight, double Crossed)[3];
        for (int layer = 0; layer < 3; layer++)
        {
            double Grows(int pair) => (skip * skip) + (h * weight * (1 + (slope * slope * solution.K0[layer][pair])));
            for (int pair = 0; pair < 3; pair++)
            {
                double square = Math.Pow(solution.Tensors["Theta0"][layer][pair], 2), next = Math.Pow(solution.Tensors["Theta0"][layer + 1][pair], 2), carried = Math.Pow(skip, 4) * square;
                (int a, int b) = pair == 0 ? (0, 0) : pair == 1 ? (0, 2) : (2, 2);
                others[pair] = ((Grows(a) * Grows(b) * (square + others[pair].Straight)) - carried, (Grows(pair) * Grows(pair) * (square + others[pair].Crossed)) - carried);
                AssertClose(next + ((others[pair].Straight + others[pair].Crossed) / 2), solution.Tensors["tau"][layer + 1][pair], "tau", 1e-10);
            }
        }
    }

    // Functions of nearly equal inputs are projected as those of equal ones are, and equal inputs are one.
    [Fact]
    public void Lists_are_continuous_at_equal_inputs()
    {
        TheorySolution Of(double covariance) => ClosureSolver.Solve(
            new() { Activation = "gelu", WeightVariance = 1.7, Step = 0.6, Depth = 3, Kernel = new[,] { { 1, covariance }, { covariance, 1 } }, RecordedLayers = [3] }, ClosureRegistry.Parse("sigma-kernel(2)"), new SolverSettings { Tangent = TangentKernel.OfLayers });
        TheorySolution equal = Of(1), near = Of(0.99999);
        foreach (string name in new[] { "Theta1", "tau" })
        {
            AssertClose(equal.Tensors[name][0][0], equal.Tensors[name][0][1], name, 1e-10);
            AssertClose(equal.Tensors[name][0][0], near.Tensors[name][0][0], name, 1e-10);
            Assert.InRange(near.Tensors[name][0][1] / near.Tensors[name][0][0], 1 - 1e-4, 1 - 1e-7);
        }
    }

    // Layers of every kind that lists take, against modes: what lists leave out is small where they hold sigma sigma and its second derivatives, and what modes leave out is above order 30.
    [Theory]
    [InlineData("two matrices")]
    [InlineData("gate")]
    [InlineData("orthogonal")]
    [InlineData("dropout")]
    [InlineData("taps")]
    [InlineData("beside")]
    public void Lists_tend_to_what_modes_tend_to(string name)
    {
        Layer gelu = new Activate("gelu"), last = new Dense(1.7) { BiasVariance = 0.1 };
        Layer[] branch = name switch
        {
            "two matrices" => [gelu, new Dense(1.5) { Width = 2 }, new Activate("tanh"), last],
            "gate" => [gelu, new Dense(1.5) { Width = 2, Copies = 2 }, new Gate("tanh"), last],
            "orthogonal" => [gelu, new Dense(1.5) { Weights = WeightKind.Orthogonal }, new Activate("tanh"), last],
            "dropout" => [gelu, new Dropout(0.8), last],
            "taps" => [gelu, new Dense(1.5) { Taps = [0, 1] }],
            _ => [new ParallelBranches([[gelu, new Dense(1.2)], [new Dense(0.4)]])],
        };
        var program = new LayerProgram([new Repeat(2, [new Residual(branch) { Skip = 0.9, Step = 0.5 }])]);
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution modes = Solve(program, kernel, "hermite(30)"), list = Solve(program, kernel, "sigma-kernel(3)"), alone = Solve(program, kernel, "g-only");
        string[] others = name is "two matrices" or "gate" ? ["Theta1", "tau"] : [];
        Assert.Equal(others.Length > 0, list.Tensors.ContainsKey("Theta1"));
        foreach (string tensor in (string[])["VarTheta", "CovThetaG", .. others])
        {
            double Distance(TheorySolution of) => of.Tensors[tensor][^1].Zip(modes.Tensors[tensor][^1], (left, right) => Math.Abs(left - right)).Max() / modes.Tensors[tensor][^1].Max(Math.Abs);
            Assert.InRange(Distance(list), 0, 2e-6);
            Assert.True(Distance(alone) > (tensor == "tau" ? 0.002 : 0.02), $"{tensor}: {Distance(alone):R}");
        }
    }

    // A chain of dense layers is the same as a branch without skip, whose rows inside are treated another way: exactly, not in modes.
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_branch_without_skip_is_a_chain_of_layers(double width)
    {
        Layer[] first = [new Activate("gelu"), new Dense(1.7) { BiasVariance = 0.1, Width = width }], second = [new Activate("softplus"), new Dense(1.2)];
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution branch = Solve(new LayerProgram([new ParallelBranches([[.. first, .. second]])]), kernel, "hermite(20)"), chain = Solve(new LayerProgram([.. first, .. second]), kernel, "hermite(20)");
        string[] names = ["V4", "Theta0", "CovThetaG", "VarTheta"];
        foreach (string name in width == 1 ? [.. names, "Theta1", "tau"] : names)
        {
            for (int at = 0; at < branch.Tensors[name][^1].Length; at++)
                AssertClose(chain.Tensors[name][^1][at], branch.Tensors[name][^1][at], name);
        }
    }

    // Theta is a sum over parameters, and each of them with its rate: of weights, of weights inside branches, of biases, of the first layer.
    [Fact]
    public void Means_are_linear_in_learning_rates_and_covariances_quadratic()
    {
        Layer[] branch = [new RmsNorm(1.2, 0.1), new Activate("gelu"), new Dense(1.5) { BiasVariance = 0.2, Width = 0.5 }, new Activate("tanh"), new Dense(1.7) { BiasVariance = 0.1 }];
        var program = new LayerProgram([new Repeat(2, [new Residual(branch) { Skip = 0.9, Step = 0.6 }])]);
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution At(double weights, double hidden, double biases, double first) => Solve(program, kernel, "hermite(8)", new() { Weights = weights, Hidden = hidden, Biases = biases, First = first });
        TheorySolution all = At(2, 3, 5, 7), weights = At(1, 0, 0, 0), hidden = At(0, 1, 0, 0), biases = At(0, 0, 1, 0), first = At(0, 0, 0, 1), doubled = At(4, 6, 10, 14);
        for (int at = 0; at < 3; at++)
        {
            foreach (string name in new[] { "Theta0", "Theta1" })
                AssertClose((2 * weights.Tensors[name][^1][at]) + (3 * hidden.Tensors[name][^1][at]) + (5 * biases.Tensors[name][^1][at]) + (7 * first.Tensors[name][^1][at]), all.Tensors[name][^1][at], name);
            foreach (string name in new[] { "VarTheta", "tau" })
                AssertClose(4 * all.Tensors[name][^1][at], doubled.Tensors[name][^1][at], name);
        }
    }

    // Units in which weights have variance 1, and weights themselves, differ by C_W where widths are equal.
    [Fact]
    public void Raw_weights_are_another_unit()
    {
        var program = new LayerProgram([new Repeat(3, [new Activate("gelu"), new Dense(1.7)])]);
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        TheorySolution unit = Solve(program, kernel, "hermite(8)"), raw = Solve(program, kernel, "hermite(8)", new() { Parametrization = Parametrization.Standard });
        foreach ((string name, double power) in new[] { ("Theta0", 1.0), ("Theta1", 1), ("VarTheta", 2), ("tau", 2) })
            AssertClose(unit.Tensors[name][^1][1] / Math.Pow(1.7, power), raw.Tensors[name][^1][1], name);
    }

    internal static TheorySolution Solve(LayerProgram program, double[,] kernel, string closure, LearningRates? rates = null)
    {
        Network network = Network.Of(program, kernel);
        return ClosureSolver.Solve(network with { RecordedLayers = [0, network.Depth] }, ClosureRegistry.Parse(closure), new SolverSettings { Tangent = rates?.First is null ? TangentKernel.OfLayers : TangentKernel.WithInput, Rates = rates ?? new() });
    }

    private static void AssertClose(double expected, double actual, string name = "", double tolerance = 1e-6) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), FormattableString.Invariant($"{name}: {actual:R} for {expected:R}"));
}

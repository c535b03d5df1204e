using System.Text.Json;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Tests.Solving;

// Numbers printed in Kawase & Ota, arXiv:2604.15742, converged numbers, and a reference solution made by another program.
public class PublishedNumbersTests
{
    private static readonly LayerParameters PaperLayer = new(1, 0.05, 2, 0);

    private static Network Paper(int inputs, int records = 9) => Networks.Of(
        Activation.Parse("tanh(x)"),
        PaperLayer,
        inputs,
        [.. PairIndexing.All(inputs).Select(pair => pair.First == pair.Second ? 2.0 : 0.6)],
        800,
        Network.EvenlySpacedLayers(800, records));

    private static TheorySolution Solved(Network problem, Stepping stepping) =>
        MomentSolver.Solve(problem, DerivationPipeline.GOnly(stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous).System, stepping);

    private static TheorySolution PublishedScheme(Network problem) => SolvedByNodes(problem, DerivationPipeline.GOnly(DepthForm.Continuous, keepHessianFormal: true));

    private static TheorySolution SolvedByNodes(Network problem, DerivationResult derivation) =>
        MomentSolver.Solve(problem, derivation.System, new() { Stepping = Stepping.Euler, Quadrature = QuadratureChoice.GaussHermite(32) });

    private static void Near(double expected, double value, double relative = 1e-5) => Assert.InRange(value, expected - (relative * Math.Abs(expected)), expected + (relative * Math.Abs(expected)));

    [Fact]
    public void Converged_numbers_in_discrete_depth_four_inputs()
    {
        TheorySolution solution = Solved(Paper(4), Stepping.Discrete);
        Near(4.36796, solution.K0[8][0]);
        Near(47.8081, solution.V4At(8, (0, 0), (0, 0)));
        Near(42.3374, solution.V4At(8, (0, 1), (0, 1)));
        Near(-1.02697, solution.K1[8][0]);
        Near(14.6082, solution.V4At(2, (0, 0), (0, 0)));
        Near(23.3739, solution.V4At(4, (0, 0), (0, 0)));
        Near(-0.22361, solution.K1[2][0], 2e-5);
        Near(-0.47936, solution.K1[4][0], 2e-5);
        Assert.InRange(solution.LargestRelativeError!.Value, 0, 1e-11);
    }

    [Fact]
    public void Converged_numbers_with_the_published_euler_steps()
    {
        TheorySolution solution = Solved(Paper(2), Stepping.Euler);
        Near(47.7898, solution.V4At(8, (0, 0), (0, 0)));
        Near(42.3097, solution.V4At(8, (0, 1), (0, 1)));
    }

    // The printed digits, which are wrong by the quadrature: 32 nodes do not resolve tanh at K = 4.
    [Fact]
    public void The_published_scheme_reproduces_the_published_digits()
    {
        TheorySolution solution = PublishedScheme(Paper(2));
        Assert.Equal("4.3730", solution.K0[8][0].ToString("F4", System.Globalization.CultureInfo.InvariantCulture));
        foreach ((int record, string printed) in new[] { (2, "14.447"), (4, "22.663"), (6, "32.313"), (8, "42.878") })
            Assert.Equal(printed, solution.V4At(record, (0, 0), (0, 0)).ToString("F3", System.Globalization.CultureInfo.InvariantCulture));
        // -.9011 is printed; the sum gives -.90105 and a bit.
        Assert.InRange(solution.K1[8][0], -0.90115, -0.90105);
    }

    // Off the diagonal the figures of the paper read 42.1658, -.21264 and -.04842 at t = 2. The values here are those of a program of the
    // same scheme in another language, with its own nodes and the Hessian by hand: sigma'' always stands on the unmixed node.
    [Fact]
    public void The_published_scheme_reproduces_the_published_digits_off_the_diagonal()
    {
        TheorySolution solution = PublishedScheme(Paper(2));
        (int Record, double Mixed, double V4, double K1, double U1)[] expected =
        [
            (0, 2.4, 4.36, 0, -0.05195301637743007),
            (2, 4.4294444403240085, 9.563253142818743, -0.05475917119029354, -0.05617207088973904),
            (4, 7.057581068090526, 17.362460930782667, -0.11037518588448315, -0.054454363106611794),
            (6, 10.21793891602411, 28.131842719828494, -0.16310429733858545, -0.05095854601959411),
            (8, 13.799524593276658, 42.165887363445655, -0.21264068554548343, -0.048423446882467885),
        ];
        foreach ((int record, double mixed, double v4, double k1, double u1) in expected)
        {
            Near(mixed, solution.V4At(record, (0, 0), (0, 1)), 1e-11);
            Near(v4, solution.V4At(record, (0, 1), (0, 1)), 1e-11);
            Near(k1, solution.K1At(record, (0, 1)), 1e-10);
            Near(u1, solution.U1At(record, (0, 1)), 1e-10);
        }
    }

    // Of <sigma_a sigma''_b> too, sigma'' is on the unmixed node; the kernel has two different variances, so that an exchange is seen.
    [Fact]
    public void The_second_derivative_is_on_the_unmixed_node()
    {
        var rule = new GaussHermiteQuadrature(8);
        ExpectationAtom[] atoms = [new(0, 1, 2, 0), new(0, 1, 0, 2), new(0, 1, 1, 1), new(1, 0, 2, 0)];
        var sums = new NodeSumExpectations(Activation.Parse("tanh(x)"), 2, atoms, rule.Nodes.ToArray(), rule.Weights.ToArray());
        var values = new double[atoms.Length];
        sums.Evaluate([2, 0.6, 3], values);
        Near(rule.Expect((x, y) => Curvature(x) * Math.Tanh(y), 2, 0.6, 3), values[0], 1e-12);
        Near(rule.Expect((y, x) => Curvature(y) * Math.Tanh(x), 3, 0.6, 2), values[1], 1e-12);
        Near(rule.Expect((x, y) => Slope(x) * Slope(y), 2, 0.6, 3), values[2], 1e-12);
        Assert.Equal(values[1], values[3]);

        static double Slope(double x) => 1 - (Math.Tanh(x) * Math.Tanh(x));
        static double Curvature(double x) => -2 * Math.Tanh(x) * Slope(x);
    }

    [Theory]
    [InlineData(1, 1, 1, "At layer 0: inputs 0 and 1 are equal, opposite or proportional, and derivatives of a sum over nodes divide by 1 - rho^2; use certified, or leave one of them out.")]
    [InlineData(1, -2, 4, "At layer 0: inputs 0 and 1 are equal, opposite or proportional, and derivatives of a sum over nodes divide by 1 - rho^2; use certified, or leave one of them out.")]
    [InlineData(1, 0, 0, "At layer 0: input 1 is zero, and derivatives of a sum over nodes divide by K; use certified, or leave this input out.")]
    public void The_published_scheme_says_why_it_has_no_numbers(double first, double cross, double second, string sentence)
    {
        Network problem = Paper(2).WithKernel(first, cross, second);
        Assert.Equal(sentence, Assert.Throws<ComputationException>(() => PublishedScheme(problem)).Message);
    }

    [Fact]
    public void Price_form_of_the_hessian_at_the_same_32_nodes_gives_plus_18()
    {
        Network problem = Paper(1, 3);
        TheorySolution solution = SolvedByNodes(problem, DerivationPipeline.GOnly(DepthForm.Continuous));
        Assert.InRange(solution.K1[2][0], 17.95, 18.05);
    }

    [Fact]
    public void The_reference_solution_agrees_at_every_recorded_depth()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Closures", "Reference", "paper-two-inputs-hermite20.json")));
        TheorySolution solution = Solved(Paper(2), Stepping.Discrete);
        JsonElement[] rows = [.. reference.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(9, rows.Length);
        for (int record = 0; record < rows.Length; record++)
        {
            Assert.Equal(rows[record].GetProperty("t").GetDouble(), solution.Times[record], 1e-12);
            Compare(rows[record], "K0", solution.K0[record], 1);
            Compare(rows[record], "V4_gonly", solution.V4[record], 1);
            Compare(rows[record], "V4_src", solution.SourceOnlyV4[record], 1);
            Compare(rows[record], "K1_gonly", solution.K1[record], 1);
            Compare(rows[record], "Q", solution.E2[record], 2);
            Compare(rows[record], "src_gonly", solution.U1[record], 2);
        }
    }

    private static void Compare(JsonElement row, string name, double[] values, double factor)
    {
        double[] expected = [.. row.GetProperty(name).EnumerateArray().Select(each => each.GetDouble())];
        Assert.Equal(expected.Length, values.Length);
        for (int at = 0; at < expected.Length; at++)
            Assert.Equal(expected[at], factor * values[at], 1e-8 * Math.Max(1, Math.Abs(expected[at])));
    }

    [Fact]
    public void Discrete_depth_tends_to_continuous_depth_like_eps_squared()
    {
        double Difference(double step, int depth)
        {
            Network problem = Paper(1, 2) with { Step = step, Depth = depth, RecordedLayers = [0, depth] };
            return Solved(problem, Stepping.Discrete).V4[1][0] - Solved(problem, Stepping.Continuous).V4[1][0];
        }

        // eps^2 halves from one to the next, at t = 2.
        double first = Difference(Math.Sqrt(0.01), 200), second = Difference(Math.Sqrt(0.005), 400);
        Assert.InRange(first / second, 1.9, 2.1);
    }

    // sigma(x) = x: E G = K (1 + c)^l and E G^2 = K^2 (1 + 2/n) prod((1 + c)^2 + (4c + 2c^2)/n) exactly, c = eps^2 C_W; the orders 1 and 1/n of it.
    [Theory]
    [InlineData(0.05, 2, 400)]
    [InlineData(0.3, 0.7, 20)]
    public void The_linear_network_is_exact(double step, double weightVariance, int depth)
    {
        var problem = Networks.Of(Activation.Parse("x"), new(1, step, weightVariance, 0), 1, [1.3], depth, [0, depth / 2, depth]);
        TheorySolution solution = Solved(problem, Stepping.Discrete);
        double c = step * step * weightVariance;
        for (int record = 0; record < 3; record++)
        {
            int l = problem.RecordedLayers[record];
            double mean = 1.3 * Math.Pow(1 + c, l);
            Near(mean, solution.K0[record][0], 1e-11);
            Near(mean * mean * (2 + (l * ((4 * c) + (2 * c * c)) / ((1 + c) * (1 + c)))), solution.V4[record][0], 1e-11);
            Assert.Equal(0, solution.K1[record][0], 1e-9 * mean);
        }
    }

    // Statistics of a subset of inputs do not depend on the others, and inputs may be permuted.
    [Fact]
    public void Dropping_or_permuting_inputs_changes_no_other_number()
    {
        double[,] kernel = { { 1.5, 0.4, -0.2 }, { 0.4, 0.9, 0.3 }, { -0.2, 0.3, 2.1 } };
        int[] order = [2, 0, 1];
        TheorySolution all = Solved(Small(kernel, [0, 1, 2]), Stepping.Discrete);
        TheorySolution permuted = Solved(Small(kernel, order), Stepping.Discrete);
        TheorySolution fewer = Solved(Small(kernel, [0, 2]), Stepping.Discrete);
        foreach ((int a, int b) in PairIndexing.All(3))
        {
            foreach ((int c, int d) in PairIndexing.All(3))
            {
                double value = all.V4At(1, (a, b), (c, d));
                Near(value, permuted.V4At(1, (At(a), At(b)), (At(c), At(d))), 1e-11);
                if (a != 1 && b != 1 && c != 1 && d != 1)
                    Near(value, fewer.V4At(1, (a / 2, b / 2), (c / 2, d / 2)), 1e-11);
            }
        }

        int At(int input) => Array.IndexOf(order, input);
    }

    private static Network Small(double[,] kernel, int[] inputs) => Networks.Of(
        Activation.Parse("tanh(x)"),
        new(0.9, 0.2, 1.7, 0.1),
        inputs.Length,
        [.. PairIndexing.All(inputs.Length).Select(pair => kernel[inputs[pair.First], inputs[pair.Second]])],
        30,
        [0, 30]);

    // Equal inputs must carry equal statistics; the pair (a, b) of equal inputs is the pair (a, a).
    [Fact]
    public void Equal_inputs_have_equal_statistics()
    {
        var problem = Networks.Of(Activation.Parse("tanh(x)"), new(1, 0.1, 2, 0.1), 2, [1.2, 1.2, 1.2], 50, [0, 50]);
        TheorySolution solution = Solved(problem, Stepping.Discrete);
        foreach (double[] tensor in new[] { solution.V4[1], solution.K1[1], solution.K0[1] })
        {
            foreach (double value in tensor)
                Near(tensor[0], value, 1e-10);
        }
    }
}

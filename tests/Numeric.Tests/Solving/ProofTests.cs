using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Solving;

// What a solution rests on and nothing proves is in the solution, and a number that lost its digits in differences is not given as one that has them.
public class ProofTests
{
    [Theory]
    [InlineData("g-only", 1)]
    [InlineData("g-only", 2)]
    [InlineData("g-connected", 2)]
    [InlineData("hermite(4)", 2)]
    public void A_smooth_activation_at_kernels_of_ordinary_correlation_is_proved(string closure, int inputs)
    {
        TheorySolution solution = ClosureSolver.Solve(Problem("tanh", inputs == 1 ? [2] : [2, 0.6, 1]), ClosureRegistry.Parse(closure), Stepping.Discrete);
        Assert.Equal(ProofStatus.Proved, solution.Proof);
        Assert.Empty(solution.Unproved);
    }

    // Delegates alone cannot be enclosed.
    [Fact]
    public void What_is_known_by_its_values_alone_is_an_estimate_that_names_it()
    {
        var mystery = new ActivationDescription("mystery(x)", Math.Tanh);
        Network problem = Problem("tanh", [2]);
        var estimated = new SolverSettings { Quadrature = QuadratureChoice.Estimated };
        TheorySolution known = HermiteSolver.Solve(problem, 4, estimated), unknown = HermiteSolver.Solve(problem, 4, estimated, mystery);
        Assert.Equal(ProofStatus.Estimate, unknown.Proof);
        Assert.Contains(unknown.Unproved, each => each.Subject == "the Gaussian moments of (mystery(x))^2 at K = 2" && each.Obstacle.StartsWith("it is known by its values alone", StringComparison.Ordinal));
        Assert.Equal(known.V4[^1][0], unknown.V4[^1][0], 1e-11 * known.V4[^1][0]);
        var refused = Assert.Throws<UnprovedException>(() => HermiteSolver.Solve(Problem("tanh", [2]), 4, Stepping.Discrete, mystery));
        Assert.StartsWith("At layer 0 of tanh: the Gaussian moments of (mystery(x))^2 at K = 2 are not proved: it is known by its values alone", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_over_nodes_have_no_error_at_all()
    {
        TheorySolution solution = ClosureSolver.Solve(Problem("tanh", [2]), new GOnly(), new() { Stepping = Stepping.Euler, Quadrature = QuadratureChoice.GaussHermite(8) });
        Assert.Equal(ProofStatus.None, solution.Proof);
        Assert.Equal(["The sums over 8 Gauss-Hermite nodes are not proved: they know nothing of their error"], solution.Unproved.Select(each => each.ToString()));
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(6)")]
    [InlineData("sigma-kernel")]
    public void Where_everything_is_proved_estimated_changes_no_bit(string closure)
    {
        TheorySolution Solve(QuadratureChoice quadrature) => ClosureSolver.Solve(Problem("gelu", [2, 0.6, 1]), ClosureRegistry.Parse(closure), new() { Quadrature = quadrature });
        TheorySolution certified = Solve(QuadratureChoice.Certified), estimated = Solve(QuadratureChoice.Estimated);
        Assert.Equal(certified.Tensors.Keys, estimated.Tensors.Keys);
        Assert.All(certified.Tensors.Keys, name => Assert.Equal(certified.Tensors[name], estimated.Tensors[name]));
        Assert.Equal(certified.Unproved, estimated.Unproved);
    }

    [Fact]
    public void The_policy_refuses_or_lets_pass_in_one_place()
    {
        Unproved[] unproved = [new("the Gaussian moments of f at K = 2", "it has a kink at x = 0")];
        var refused = Assert.Throws<UnprovedException>(() => ProofPolicy.Require(QuadratureChoice.Certified, unproved, "f", 3));
        Assert.Equal("At layer 3: the Gaussian moments of f at K = 2 are not proved: it has a kink at x = 0. --quadrature estimated computes without proof, and says so.", refused.Message);
        Assert.StartsWith("At layer 3 of sigmoid: the", Assert.Throws<UnprovedException>(() => ProofPolicy.Require(QuadratureChoice.Certified, unproved, "sigmoid", 3)).Message, StringComparison.Ordinal);
        ProofPolicy.Require(QuadratureChoice.Certified, [], "f", 3);
        ProofPolicy.Require(QuadratureChoice.Estimated, unproved, "f", 3);
        ProofPolicy.Require(QuadratureChoice.GaussHermite(8), unproved, "f", 3);
    }

    // At layer 0 V4 = 2 K^2, and U1 = V4 E2''(K)/2 = E[sigma^2 He_4]/4. The waves of cos(3000 x)^2 = (1 + cos(6000 x))/2 are below e^-6000, so that
    // U1 = E[He_4(z)/(1 + 2 z^2)^2]/8 at K = 2; mpmath, 30 digits: mp.quad((z^4 - 6z^2 + 3)/(1 + 2z^2)^2 * npdf(z), ...)/8. In Price's formula the
    // terms are 10^15 times as large: K1 and U1 were rounding, without a word.
    [Fact]
    public void Where_the_terms_of_Prices_formula_cancel_modes_are_taken()
    {
        TheorySolution solution = ClosureSolver.Solve(Problem("cos(3000*x)/(1+x^2)", [2]), new GOnly(), Stepping.Discrete);
        Assert.Equal(0.0944149829397151694915545105571, solution.U1[0][0], 1e-11);
        Assert.Equal(ProofStatus.Proved, solution.Proof);
    }

    // The other way to the same numbers, where both can be had: U1 = E[sigma^2 He_4]/4 is 1/4 of the fourth derivative's mean, here in closed form:
    // sigma^2 = (1 + cos(2 w x))/2, E[cos(2 w x) He_4(x/sqrt(K))] = (2 w)^4 K^2 exp(-2 w^2 K).
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    public void Ordinary_cosines_have_their_digits(double w)
    {
        TheorySolution solution = ClosureSolver.Solve(Problem($"cos({w.ToString(System.Globalization.CultureInfo.InvariantCulture)}*x)", [2]), new GOnly(), Stepping.Discrete);
        double expected = Math.Pow(2 * w, 4) * 4 * Math.Exp(-4 * w * w) / 8;
        Assert.Equal(expected, solution.U1[0][0], 1e-11);
        Assert.Equal(ProofStatus.Proved, solution.Proof);
    }

    // One layer phi' = W sigma(phi) of x ~ N(0, 1) has K0 = E sigma^2, of steps Phi(-c) with c where they are; mpmath, 30 digits.
    [Theory]
    [InlineData("step(tanh(x)-0.34551)", 0.3592979224872495506)]
    [InlineData("step(exp(x)-1.83)", 0.27281679640860727688)]
    [InlineData("relu(tanh(x)+0.465)", 0.57731070405442429653)]
    [InlineData("abs(logistic(x)-0.7)", 0.083379035858092962738)]
    public void Kinks_of_a_monotone_function_are_found_and_proved(string activation, double expected)
    {
        foreach (string closure in (string[])["g-only", "hermite(4)"])
        {
            TheorySolution solution = new Network { Activation = activation, Skip = 0, Step = 1, WeightVariance = 1, Depth = 1, Kernel = new[,] { { 1.0 } } }.Solve(closure);
            Assert.Equal(expected, solution.K0At(^1, (0, 0)), 1e-13);
            Assert.Equal(ProofStatus.Proved, solution.Proof);
        }
    }

    [Fact]
    public void Endlessly_many_kinks_are_refused_by_name() =>
        Assert.Contains("where sin(x) is 0 is not known", Assert.Throws<NotSupportedException>(() => ClosureSolver.Solve(Problem("abs(sin(x))", [2]), new GOnly(), Stepping.Discrete)).Message, StringComparison.Ordinal);

    // Beyond the leading order there are no modes to go to: exactly, U1 and K2 of cos(30 x) at K = 2 are 0 to e^-3600.
    [Fact]
    public void Where_there_is_no_other_route_lost_digits_are_named()
    {
        Network problem = Problem("cos(30*x)", [2]);
        Assert.Contains("nearly cancel", Assert.Throws<UnprovedException>(() => ClosureSolver.Solve(problem, new GOnly(), new() { Order = 1 })).Message, StringComparison.Ordinal);
        TheorySolution solution = ClosureSolver.Solve(problem, new GOnly(), new() { Order = 1, Quadrature = QuadratureChoice.Estimated });
        Unproved lost = Assert.Single(solution.Unproved);
        Assert.Equal("the digits of U1_00", lost.Subject);
        Assert.Contains("nearly cancel", lost.Obstacle, StringComparison.Ordinal);
        Assert.Equal(ProofStatus.Estimate, solution.Proof);
    }

    // sigma-kernel of tanh: x^2 and tanh(x)^2 differ by K, and their correlation by K^2. K1 against hermite(8), which tends to the same there.
    [Theory]
    [InlineData(1e-2, false)]
    [InlineData(1e-3, false)]
    [InlineData(1e-5, true)]
    [InlineData(1e-6, true)]
    public void Lists_of_nearly_dependent_observables_say_so(double kernel, bool lost)
    {
        TheorySolution solution = ClosureSolver.Solve(Problem("tanh", [kernel]), new SigmaKernel(1), new() { Quadrature = QuadratureChoice.Estimated });
        Assert.Equal(lost, solution.Unproved.Any(each => each.Subject == "the digits of K1_00"));
    }

    [Fact]
    public void A_simulation_has_the_proof_of_what_it_is_compared_with() =>
        Assert.Equal(ProofStatus.Proved, ClosureSolver.SolveInfiniteWidth(Problem("tanh", [2]), QuadratureChoice.GaussHermite(8)).Proof);

    private static Network Problem(string activation, double[] kernel) =>
        Networks.Of(Activation.Parse(activation), new LayerParameters(1, 0.1, 2, 0), kernel.Length == 1 ? 1 : 2, kernel, 20, [0, 10, 20]);
}

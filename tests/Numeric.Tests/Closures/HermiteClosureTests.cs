using System.Text.Json;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures;

public sealed class HermiteClosureTests
{
    [Fact]
    public void TwentyModesGiveTheConvergedNumbersOfThePaperSetUp()
    {
        TheorySolution solution = HermiteSolver.Solve(Setups.Paper(2), 20, Stepping.Discrete);
        Assert.Equal(4.36796, solution.K0[8][0], 5);
        Assert.Equal(14.6588, solution.V4[2][0], 4);
        Assert.Equal(23.5606, solution.V4[4][0], 4);
        Assert.Equal(48.4622, solution.V4[8][0], 4);
        Assert.Equal(-0.04505, solution.K1[2][0], 5);
        Assert.Equal(-0.14894, solution.K1[4][0], 5);
        Assert.Equal(-0.43291, solution.K1[8][0], 5);
        Assert.Equal(0, solution.U1[0][0]);
    }

    [Fact]
    public void EightyModesDoNotOverflow()
    {
        TheorySolution solution = HermiteSolver.Solve(Setups.Paper(2), 80, Stepping.Discrete);
        Assert.Equal(48.4710, solution.V4[8][0], 4);
        Assert.Equal(-0.45292, solution.K1[8][0], 5);
        Assert.Equal(-0.32725, 2 * solution.U1[8][0], 5);
    }

    [Fact]
    public void TwoInputsAgreeWithTheReferenceInEveryColumn()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Closures", "Reference", "paper-two-inputs-hermite20.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];
        TheorySolution solution = HermiteSolver.Solve(Setups.Paper(2, 0.6, 2), 20, Stepping.Discrete);
        for (var row = 0; row < rows.Length; row++)
        {
            Compare(rows[row], "K0", solution.K0[row]);
            Compare(rows[row], "V4", solution.V4[row]);
            Compare(rows[row], "V4_src", solution.SourceOnlyV4[row]);
            Compare(rows[row], "K1", solution.K1[row]);
            Compare(rows[row], "Q", [.. solution.E2[row].Select(value => 2 * value)]);
            Compare(rows[row], "src", [.. solution.U1[row].Select(value => 2 * value)]);
            Compare(rows[row], "covSG", [.. solution.Tensors["C_SG"][row].Select(value => 2 * value)]);
        }
    }

    [Fact]
    public void GeluNeedsTheModeOfOrderOne()
    {
        double V4(int order) => HermiteSolver.Solve(Setups.GeluNetwork(), order, Stepping.Discrete).V4[1][0];
        Assert.Equal(289.19, V4(1), 2);
        Assert.Equal(302.00, V4(3), 2);
        TheorySolution solution = HermiteSolver.Solve(Setups.GeluNetwork(), 18, Stepping.Discrete);
        Assert.Equal(302.84, solution.V4[1][0], 2);
        Assert.Equal(3.685, solution.K1[1][0], 3);
    }

    [Fact]
    public void ConnectedClosureHasTheCovarianceOfGOnlyAndNoInitialMismatch()
    {
        TheorySolution solution = HermiteSolver.SolveConnected(Setups.Paper(2, 0.6, 2), Stepping.Discrete);
        Assert.Equal(47.80810442127254, solution.V4[8][0], 8);
        Assert.Equal(42.33738056004323, solution.V4[8][3], 8);
        Assert.All(solution.U1[0], value => Assert.Equal(0, value));
    }

    // The symbolic pipeline (Price's theorem, compiled) against modes. Euler steps integrate m_4 and V4 - free(K0) with different errors.
    [Theory]
    [InlineData(Stepping.Discrete, 0.9)]
    [InlineData(Stepping.Continuous, 1)]
    public void GOnlyByModesIsGOnlyByDerivatives(Stepping stepping, double skip)
    {
        Network problem = Networks.Of(Setups.Gelu, new(skip, 0.1, 1.3, 0.2), 2, [1.5, 0.4, 1.1], 20, [0, 20]);
        TheorySolution derivatives = ClosureSolver.Solve(problem, new GOnly(), stepping), modes = HermiteSolver.SolveKernelOnly(problem, stepping);
        foreach (string tensor in new[] { "K0", "V4", "K1", "U1" })
        {
            for (var record = 0; record < 2; record++)
            {
                for (var at = 0; at < derivatives.Tensors[tensor][record].Length; at++)
                    Assert.Equal(derivatives.Tensors[tensor][record][at], modes.Tensors[tensor][record][at], stepping == Stepping.Discrete ? 1e-9 : 1e-7);
            }
        }
    }

    [Fact]
    public void GOnlyOfReluHasNoTadpoleOnTheDiagonal()
    {
        // E[relu(phi_a)^2] = K_aa/2 is linear in K; off the diagonal it is the arc cosine kernel, whose Hessian is not 0.
        TheorySolution solution = ClosureSolver.Solve(Setups.Paper(20, [0, 20], 2, 0.6, 1.5) with { Activation = "relu" }, new GOnly(), Stepping.Discrete);
        Assert.Equal(0, solution.K1[1][0], 1e-12);
        Assert.Equal(0, solution.K1[1][2], 1e-12);

        // U1_ab = 1/2 Hess(E2):V4 + dE2/dK_ab K1_ab, with E2 = sqrt(K_aa K_bb) (sin(u) + (pi - u) cos(u))/(2 pi), cos(u) = rho, by central differences.
        static double E2(double aa, double ab, double bb)
        {
            double u = Math.Acos(ab / Math.Sqrt(aa * bb));
            return Math.Sqrt(aa * bb) * (Math.Sin(u) + ((Math.PI - u) * Math.Cos(u))) / (2 * Math.PI);
        }

        double[] k = solution.K0[1];
        double V4(int left, int right) => solution.V4[1][PairIndexing.Of(left, right, 3)];
        double source = 0;
        const double step = 1e-3;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                double At(double first, double second)
                {
                    double[] moved = [.. k];
                    moved[i] += first * step;
                    moved[j] += second * step;
                    return E2(moved[0], moved[1], moved[2]);
                }

                source += 0.5 * V4(i, j) * (At(1, 1) - At(1, -1) - At(-1, 1) + At(-1, -1)) / (4 * step * step);
            }
        }

        // dE2/dK_ab K1_ab beside it.
        source += solution.K1[1][1] * (E2(k[0], k[1] + step, k[2]) - E2(k[0], k[1] - step, k[2])) / (2 * step);
        Assert.InRange(Math.Abs(source), 1e-3, 1);
        Assert.Equal(source, solution.U1[1][1], 1e-6);
    }

    [Fact]
    public void DroppingAnInputChangesNoOtherNumber()
    {
        // Three inputs, one of them equal to another and one almost opposite to it.
        const double near = -1.9999999;
        TheorySolution three = HermiteSolver.Solve(Setups.Paper(12, [0, 12], 2, 2, near, 2, near, 2), 8, Stepping.Discrete);
        TheorySolution two = HermiteSolver.Solve(Setups.Paper(12, [0, 12], 2, near, 2), 8, Stepping.Discrete);
        TheorySolution one = HermiteSolver.Solve(Setups.Paper(12, [0, 12], 2), 8, Stepping.Discrete);
        foreach (InputPair left in new InputPair[] { (0, 0), (0, 1), (1, 1) })
        {
            foreach (InputPair right in new InputPair[] { (0, 0), (0, 1), (1, 1) })
            {
                Assert.Equal(one.V4[1][0], three.V4At(1, left, right), 9);
                Assert.Equal(two.V4At(1, (0, 0), (0, 1)), three.V4At(1, left, (1, 2)), 9);
            }
        }

        Assert.Equal(one.K1[1][0], three.K1[1][0], 10);
        Assert.Equal(one.K1[1][0], three.K1[1][1], 10);
        Assert.Equal(two.K1[1][1], three.K1[1][2], 10);
        Assert.Equal(two.K1[1][1], three.K1[1][4], 10);
        Assert.Equal(-one.K1[1][0], two.K1[1][1], 6);
    }

    [Fact]
    public void NearlyEqualInputsAreTheLimitOfEqualOnes()
    {
        TheorySolution equal = HermiteSolver.Solve(Setups.Paper(6, [0, 6], 2, 2, 2), 8, Stepping.Discrete);
        foreach (double distance in new[] { 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14, 1e-15 })
        {
            TheorySolution near = HermiteSolver.Solve(Setups.Paper(6, [0, 6], 2, 2 - (2 * distance), 2), 8, Stepping.Discrete);
            for (var at = 0; at < 6; at++)
                Assert.True(Math.Abs(equal.V4[1][at] - near.V4[1][at]) < (20 * distance) + 1e-12, $"V4[{at}] at distance {distance}: {near.V4[1][at]} against {equal.V4[1][at]}");
            for (var at = 0; at < 3; at++)
                Assert.True(Math.Abs(equal.K1[1][at] - near.K1[1][at]) < (20 * distance) + 1e-12, $"K1[{at}] at distance {distance}: {near.K1[1][at]} against {equal.K1[1][at]}");
        }
    }

    [Fact]
    public void FourInputsOfThePaperSetUp()
    {
        TheorySolution four = HermiteSolver.Solve(Setups.Paper(40, [0, 40], 2, .6, .6, .6, 2, .6, .6, 2, .6, 2), 20, Stepping.Discrete);
        TheorySolution two = HermiteSolver.Solve(Setups.Paper(40, [0, 40], 2, .6, 2), 20, Stepping.Discrete);
        Assert.Equal(two.V4At(1, (0, 0), (0, 1)), four.V4At(1, (2, 2), (2, 3)), 11);
        Assert.Equal(two.V4At(1, (0, 1), (0, 1)), four.V4At(1, (1, 3), (1, 3)), 11);
        Assert.Equal(four.V4At(1, (0, 1), (0, 2)), four.V4At(1, (1, 2), (2, 3)), 11);
        Assert.Equal(four.V4At(1, (0, 1), (2, 3)), four.V4At(1, (0, 2), (1, 3)), 11);
    }

    [Fact]
    public void ReluModesOfMlpApproachTheExactVariance()
    {
        // phi' = W relu(phi), C_W = 2: K stays, V4/K^2 = 2 + 5 l. With relu^2 = (x^2 + x|x|)/2 the modes left out are those of
        // x|x|/2 with odd k > highest order: of its variance 3/4 - (2/sqrt(2 pi))^2 beyond k = 1, what is not among the modes kept.
        var problem = Networks.Of(Setups.Linear, new(0, 1, 2, 0), 1, [1.3], 10, [0, 10]);
        foreach (int order in new[] { 4, 10, 40 })
        {
            double missing = 52 - (HermiteSolver.Solve(problem, order, new SolverSettings { Quadrature = QuadratureChoice.Estimated }, Setups.Relu).V4[1][0] / (1.3 * 1.3));
            double expected = 40 * (0.75 - (2 / Math.PI));
            for (int k = 3; k <= order; k += 2) expected -= 40 * Setups.SquareOfReluMode(k);
            Assert.Equal(expected, missing, 9);
        }
    }

    [Fact]
    public void ContinuousDepthIsTheLimitOfSmallSteps()
    {
        double[] kernel = [1.5, 0.4, 1.1];
        Network Problem(double step, int depth) => Networks.Of(Setups.Gelu, new(1, step, 1.3, 0.2), 2, kernel, depth, [0, depth]);
        TheorySolution limit = HermiteSolver.Solve(Problem(0.1, 50), 7, Stepping.Continuous);
        TheorySolution coarse = HermiteSolver.Solve(Problem(0.1, 50), 7, Stepping.Discrete);
        TheorySolution fine = HermiteSolver.Solve(Problem(0.05, 200), 7, Stepping.Discrete);
        foreach (string tensor in new[] { "K0", "V4", "K1" })
        {
            for (var at = 0; at < limit.Tensors[tensor][1].Length; at++)
            {
                double exact = limit.Tensors[tensor][1][at];
                Assert.InRange((coarse.Tensors[tensor][1][at] - exact) / (fine.Tensors[tensor][1][at] - exact), 3.7, 4.3);
            }
        }
    }

    [Fact]
    public void LinearNetworkIsExact()
    {
        // E G = K (1+c)^l; n Cov(G, G) to leading order from E G^2 = K^2 (1 + 2/n) prod((1+c)^2 + (4c + 2c^2)/n).
        const double c = 0.01 * 1.5, kernel = 0.7;
        const int depth = 30;
        var problem = Networks.Of(Setups.Linear, new(1, 0.1, 1.5, 0), 1, [kernel], depth, [0, depth]);
        TheorySolution solution = HermiteSolver.Solve(problem, 6, Stepping.Discrete);
        double mean = kernel * Math.Pow(1 + c, depth);
        Assert.Equal(mean, solution.K0[1][0], 12);
        Assert.Equal(mean * mean * (2 + (depth * ((4 * c) + (2 * c * c)) / ((1 + c) * (1 + c)))), solution.V4[1][0], 11);
        Assert.Equal(0, solution.K1[1][0], 12);
    }

    private static void Compare(JsonElement row, string column, double[] computed)
    {
        double[] expected = [.. row.GetProperty(column).EnumerateArray().SelectMany(entry => entry.ValueKind == JsonValueKind.Array ? entry.EnumerateArray().Select(each => each.GetDouble()) : [entry.GetDouble()])];
        Assert.Equal(expected.Length, computed.Length);
        for (var at = 0; at < expected.Length; at++)
            Assert.True(Math.Abs(expected[at] - computed[at]) < 1e-6, $"{column}[{at}] at t = {row.GetProperty("t")}: {computed[at]:R}, not {expected[at]:R}.");
    }

    [Theory]
    [InlineData("tanh", 1e-2)]
    [InlineData("tanh", 1e-3)]
    [InlineData("gelu", 1e-3)]
    [InlineData("relu", 3e-2)]
    public void Order_chosen_by_accuracy_is_as_near_as_it_says(string activation, double accuracy)
    {
        var problem = Networks.Of(Activation.Parse(activation), new(1, 0.1, 1.7, 0.1), 1, [1.5], 100, [0, 50, 100]);
        TheorySolution chosen = ClosureSolver.Solve(problem, ClosureRegistry.Parse($"hermite({accuracy.ToString(System.Globalization.CultureInfo.InvariantCulture)})"), Stepping.Discrete);
        TheorySolution exact = HermiteSolver.Solve(problem, 160, Stepping.Discrete);
        Assert.InRange(chosen.Truncation!.RelativeError, 0, accuracy);
        Assert.InRange(chosen.Truncation.Order, 8, 128);
        Assert.InRange(Math.Abs((chosen.V4[2][0] / exact.V4[2][0]) - 1), 0, accuracy);
        Assert.InRange(Math.Abs(chosen.K1[2][0] - exact.K1[2][0]), 0, accuracy * exact.K1.Max(row => Math.Abs(row[0])));
    }

    [Theory]
    [InlineData("relu", 1.5, "1E-09")]
    [InlineData("erf", 8, "0.001")] // K1 is small: of it much is left out
    public void An_accuracy_out_of_reach_is_refused_and_another_advised(string activation, double variance, string accuracy)
    {
        var problem = Networks.Of(Activation.Parse(activation), new(1.1, 0.05, 1, 1), 1, [variance], 5, [0, 5]);
        ComputationException refused = Assert.Throws<ComputationException>(() => ClosureSolver.Solve(problem, ClosureRegistry.Parse($"hermite({accuracy})"), Stepping.Discrete));
        Assert.Contains($"more than the {accuracy} asked for", refused.Message, StringComparison.Ordinal);
        string advised = System.Text.RegularExpressions.Regex.Match(refused.Message, @"such as (hermite\([^)]*\))").Groups[1].Value;
        Assert.Equal(128, ClosureSolver.Solve(problem, ClosureRegistry.Parse(advised), Stepping.Discrete).Truncation!.Order);
    }
}

using MathNet.Numerics.LinearAlgebra;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Tests.Comparison;

public sealed class VarianceBudgetTests
{
    private static readonly Network Gelu = Networks.Of(Setups.Gelu, new(1, 0.1, 1.3, 0.2), 2, [1.5, 0.4, 1.1], 40, [0, 20, 40]);

    [Fact]
    public void OrdersOfGeluAddUpToTheNumbersOfThePartialClosures()
    {
        // g-only 199.97, hermite(1) 289.19, hermite(3) 302.00, hermite(18) 302.84.
        VarianceBudget budget = VarianceBudget.Solve(Setups.GeluNetwork(), 18, Stepping.Discrete);
        double Of(int order) => budget.Orders.Single(each => each.Order == order).V4[1][0];
        double sum = budget.Source[1][0] + Of(2);
        Assert.Equal(199.97, sum, 2);
        Assert.Equal(289.19, sum += Of(1), 2);
        Assert.Equal(302.00, sum += Of(3), 2);
        for (int order = 4; order <= 18; order++) sum += Of(order);
        Assert.Equal(302.84, sum, 2);
        Assert.InRange(Of(1) / sum, 0.29, 0.30);
    }

    [Theory]
    [InlineData(Stepping.Discrete)]
    [InlineData(Stepping.Euler)]
    [InlineData(Stepping.Continuous)]
    public void SourceAndOrdersAddUpToHermite(Stepping stepping)
    {
        VarianceBudget budget = VarianceBudget.Solve(Gelu, 7, stepping);
        TheorySolution whole = HermiteSolver.Solve(Gelu, 7, stepping);
        for (int record = 0; record < 3; record++)
        {
            for (int at = 0; at < 6; at++)
                Assert.Equal(whole.V4[record][at], budget.Source[record][at] + budget.Orders.Sum(order => order.V4[record][at]), 1e-8 * whole.V4[record][0]);
        }
    }

    // An order alone, and the same order beside others, the long way round: solve with and without it.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void LeavingAnOrderOutOrAddingItChangesV4ByItsContribution(int order)
    {
        double[] own = VarianceBudget.Solve(Gelu, 5, Stepping.Discrete).Orders.Single(each => each.Order == order).V4[2];
        double[] With(params int[] orders)
        {
            var fluctuations = new FluctuationEquation(Setups.Gelu.Description, 2, 5);
            var equations = new MomentEquations(MomentDerivation.Of(new HermiteModes(5), DepthForm.Discrete), new ModeRecipes(fluctuations, orders), Gelu.LayerAt(0));
            return DepthSolver.Solve(equations, Gelu, Stepping.Discrete).V4[2];
        }

        int[] all = [1, 3, 4, 5];
        double[] without = With([.. all.Where(each => each != order)]), withAll = With(all), alone = With(order), none = With();
        for (int at = 0; at < 6; at++)
        {
            Assert.Equal(own[at], withAll[at] - without[at], 1e-10);
            Assert.Equal(own[at], alone[at] - none[at], 1e-10);
        }
    }

    [Fact]
    public void EveryContributionIsACovariance()
    {
        foreach (OrderContribution order in VarianceBudget.Solve(Gelu, 6, Stepping.Discrete).Orders.Where(order => order.Order != 2))
        {
            Vector<double> eigenvalues = Matrix<double>.Build.Dense(3, 3, (p, q) => order.V4[2][PairIndexing.Of(p, q, 3)]).Evd(Symmetricity.Symmetric).EigenValues.Real();
            Assert.InRange(eigenvalues.Minimum(), -1e-11, double.MaxValue);
        }
    }

    // Transport is defined by the equations; here it is what V4 did from one layer to the next.
    [Fact]
    public void TransportIsTheChangeFromLayerToLayerBesideTheNoise()
    {
        Network problem = Gelu with { Skip = 0.9, RecordedLayers = [0, 20, 21] };
        VarianceBudget budget = VarianceBudget.Solve(problem, 5, Stepping.Discrete);
        const double alpha4 = 0.9 * 0.9 * 0.9 * 0.9;
        foreach (OrderContribution order in budget.Orders)
        {
            for (int at = 0; at < 6; at++)
                Assert.Equal((order.V4[2][at] - (alpha4 * order.V4[1][at])) / 0.01, order.Transport[1][at], 1e-9);
        }
    }

    [Fact]
    public void OddActivationsHaveEvenOrdersAlone()
    {
        VarianceBudget budget = VarianceBudget.Solve(Setups.Paper(100, [0, 100], 2, 0.6, 2), 8, Stepping.Discrete);
        Assert.Equal([2, 4, 6, 8], budget.Orders.Select(order => order.Order));
        double[] kernel = ClosureSolver.Solve(Setups.Paper(100, [0, 100], 2, 0.6, 2), new GOnly(), Stepping.Discrete).V4[1];
        for (int at = 0; at < 6; at++) Assert.Equal(kernel[at], budget.Source[1][at] + budget.Orders[0].V4[1][at], 1e-9);
    }

    [Fact]
    public void MlpHasNoTransportOfTheInitialValue()
    {
        // alpha = 0, sigma(x) = x: V4' = C_W^2 Cov(g, g) + free(K0'), all of it order 2.
        var problem = Networks.Of(Setups.Linear, new(0, 1, 1, 0), 1, [1.3], 7, [0, 7]);
        VarianceBudget budget = VarianceBudget.Solve(problem, 4, Stepping.Discrete);
        Assert.Equal(2 * 1.69, budget.Source[1][0], 1e-11);
        Assert.Equal(7 * 2 * 1.69, budget.Orders.Single(order => order.Order == 2).V4[1][0], 1e-10);
    }
}

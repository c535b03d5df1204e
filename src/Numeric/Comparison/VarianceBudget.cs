// What each Hermite order carries of V4. The fluctuation equation is linear,
//   g' = alpha^2 g + h (chi g + sum over k != 2 of beta_k M_k) + noise,     h = eps^2,
// and modes of different order are uncorrelated at all pairs of depths, so g is a sum of uncorrelated parts, one driven by each order:
//   V4 = V4_2 + sum over k != 2 of V4_k,    V4_2 that of g-only (initial value, noise, and their response chi), V4_k = Cov(g_k, g_k)
// The split is unique: leaving an order out, or adding it to any others, changes V4 by its V4_k. Each V4_k is a covariance. With
// V4 without transport taken off V4_2, the transport of order k is d V4_k/dt, and what is left of d V4_2/dt beside the noise is that
// of order 2. V4_k is found as V4 of the modes {2, k} less V4 of {2}; all orders advance together, on the same coefficients.

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>What one Hermite order carries.</summary>
/// <param name="Order">k.</param>
/// <param name="V4">For each record its part of V4, upper triangle over pairs of pairs; of order 2 what g's own response adds to the noise.</param>
/// <param name="Transport">For each record its part of the transport, in units of V4 per depth time.</param>
internal sealed record OrderContribution(int Order, IReadOnlyList<double[]> V4, IReadOnlyList<double[]> Transport);

/// <summary>V4 as a sum over Hermite orders: V4 without transport, and the contributions of all orders.</summary>
/// <param name="Source">V4 without transport: the initial value and the noise of the layers.</param>
/// <param name="Orders">The contributions, by order; orders that cannot occur (odd ones for even or odd sigma) are not among them.</param>
internal sealed record VarianceBudget(IReadOnlyList<double[]> Source, IReadOnlyList<OrderContribution> Orders)
{
    /// <summary>Splits V4 by orders.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="highestOrder">The highest order, 2 to 160: source and contributions add up to V4 of hermite of that order.</param>
    /// <param name="settings">How to solve.</param>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    public static VarianceBudget Solve(Network network, int highestOrder, SolverSettings settings)
    {
        var fluctuations = new FluctuationEquation(network.Sigma.Description, network.Inputs, highestOrder, settings.Quadrature.IsEstimated);
        int[] orders = [.. Enumerable.Range(1, highestOrder).Where(order => order != 2 && (order % 2 == 0 || !fluctuations.HasOnlyEvenOrders))];
        var equations = new OrderwiseEquations(fluctuations, network.LayerAt(0), orders, settings.Stepping == Stepping.Discrete);
        TheorySolution solution = DepthSolver.Solve(equations, network, settings);
        IReadOnlyList<double[]> source = solution.SourceOnlyV4, g = solution.V4, transport = solution.Tensors[OrderwiseEquations.Transport(2)];
        OrderContribution Contribution(int order) => order == 2
            ? new(2, Less(g, source), transport)
            : new(order, Less(solution.Tensors[OrderwiseEquations.Covariance(order)], g), Less(solution.Tensors[OrderwiseEquations.Transport(order)], transport));
        return new(source, [.. orders.Append(2).Order().Select(Contribution)]);
    }

    private static double[][] Less(IReadOnlyList<double[]> left, IReadOnlyList<double[]> right) =>
        [.. left.Zip(right, (one, other) => one.Zip(other, (a, b) => a - b).ToArray())];
}

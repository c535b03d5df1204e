using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Solves the Hermite closures: hermite(k), and g-connected and g-only, whose only fluctuation is g.</summary>
internal static class HermiteSolver
{
    /// <summary>hermite(k): g, and the Hermite modes of order 1..k other than 2.</summary>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="highestOrder">k, 1 to 160.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="activation">sigma with its kinks; the problem's own description if null.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <returns>
    /// K0, V4, V4_source, K1, E2, U1 as for every closure; C_SG = n Cov(S_ab, G_cd), full, pairs by pairs; C_SS = n Cov(S_ab, S_cd).
    /// </returns>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    public static TheorySolution Solve(TheoryProblem problem, int highestOrder, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default)
    {
        int[] orders = [.. Enumerable.Range(1, highestOrder).Where(order => order != 2)];
        return Solve(problem, stepping, activation, Math.Max(2, highestOrder), orders, orders.Where(order => order >= 3), cancellation);
    }

    /// <summary>g-connected: the fluctuations of g-only, with the tadpole closed by the connected covariance V4 - free(K0), which is m_4.</summary>
    /// <inheritdoc cref="Solve(TheoryProblem, int, Stepping, ActivationDescription?, CancellationToken)"/>
    public static TheorySolution SolveConnected(TheoryProblem problem, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default) =>
        Solve(problem, stepping, activation, 4, [], [4], cancellation);

    /// <summary>g-only by modes, for any activation: its tadpole is finite where the derivatives of Price's theorem that it is made of are not (kinks).</summary>
    /// <inheritdoc cref="Solve(TheoryProblem, int, Stepping, ActivationDescription?, CancellationToken)"/>
    public static TheorySolution SolveKernelOnly(TheoryProblem problem, Stepping stepping, ActivationDescription? activation = null, CancellationToken cancellation = default) =>
        Solve(problem, stepping, activation, 4, [], [4], cancellation, wholeTadpole: true);

    private static TheorySolution Solve(
        TheoryProblem problem, Stepping stepping, ActivationDescription? activation, int highest, IEnumerable<int> covarianceOrders, IEnumerable<int> meanOrders, CancellationToken cancellation, bool wholeTadpole = false)
    {
        var fluctuations = new FluctuationEquation(activation ?? problem.Activation.Description, problem.Inputs, highest, problem.Quadrature.IsEstimated);
        var equations = new HermiteEquations(fluctuations, problem.Layer, covarianceOrders, meanOrders, wholeTadpole);
        return DepthSolver.Solve(equations, problem, stepping, cancellation);
    }
}

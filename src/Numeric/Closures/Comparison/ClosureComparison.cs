using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Comparison;

/// <summary>A closure's solution, or why it has none.</summary>
/// <param name="Closure">The closure.</param>
/// <param name="Solution">Its solution, or null.</param>
/// <param name="Failure">Why it has none, one sentence, or null.</param>
/// <param name="CorrectionIsUnfed">Whether its K1 stays 0 because nothing it keeps feeds K1.</param>
public sealed record ComparedClosure(IClosure Closure, TheorySolution? Solution, string? Failure, bool CorrectionIsUnfed);

/// <summary>Closures of one network beside the exact leading order.</summary>
/// <param name="Problem">The network and its inputs.</param>
/// <param name="Exact">The exact leading order.</param>
/// <param name="Closures">The closures, in the order given.</param>
public sealed record ClosureComparison(TheoryProblem Problem, ExactLeadingOrder Exact, IReadOnlyList<ComparedClosure> Closures)
{
    // Below this share of what a number could be at most, differences are rounding.
    private const double Rounding = 1e-10;

    /// <summary>Solves closures and the exact leading order, on all cores; the numbers do not depend on how many there are.</summary>
    /// <param name="problem">The network and its inputs; its recorded layers are those where windows are looked for.</param>
    /// <param name="closures">The closures.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="exactOrder">k of the hermite(k) that stands for the exact leading order.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The exact leading order cannot be solved.</exception>
    /// <exception cref="QuadratureException">The exact leading order cannot be solved.</exception>
    public static ClosureComparison Solve(TheoryProblem problem, IReadOnlyList<IClosure> closures, Stepping stepping, int exactOrder = ExactLeadingOrder.DefaultOrder, CancellationToken cancellation = default)
    {
        var solved = new ComparedClosure[closures.Count];
        ExactLeadingOrder? exact = null;
        Concurrently.Run(cancellation,
        [
            () => exact = ExactLeadingOrder.Solve(problem, stepping, exactOrder, cancellation),
            .. Enumerable.Range(0, closures.Count).Select(at => (Action)(() => solved[at] = SolveOne(problem, closures[at], stepping, cancellation))),
        ]);
        return new(problem, exact!, solved);
    }

    /// <summary>The window of a component of V4, in layers.</summary>
    /// <param name="closure">A closure with a solution.</param>
    /// <param name="left">The first pair.</param>
    /// <param name="right">The second pair.</param>
    /// <param name="share">Largest relative deviation.</param>
    public ValidityWindow CovarianceWindow(ComparedClosure closure, int left, int right, double share)
    {
        int pairs = PairIndexing.Count(Problem.Inputs), at = PairIndexing.Of(left, right, pairs);
        IReadOnlyList<double[]> exact = Exact.Solution.V4;
        double scale = Math.Sqrt(exact[^1][PairIndexing.Of(left, left, pairs)] * exact[^1][PairIndexing.Of(right, right, pairs)]);
        return Window(closure.Solution!.V4, exact, at, share, Rounding * scale);
    }

    /// <summary>The window of a component of K1, in layers.</summary>
    /// <param name="closure">A closure with a solution.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="share">Largest relative deviation.</param>
    public ValidityWindow CorrectionWindow(ComparedClosure closure, int pair, double share) =>
        Window(closure.Solution!.K1, Exact.Solution.K1, pair, share, Rounding * Exact.Solution.K0[^1].Max());

    /// <summary>Whether K1 of a solution is 0 at all depths because the closure keeps nothing that feeds it: sigma is not linear, and K1 is.</summary>
    /// <param name="problem">The network.</param>
    /// <param name="solution">The solution.</param>
    public static bool IsUnfed(TheoryProblem problem, TheorySolution solution)
    {
        bool isLinear = problem.Activation.Definition.Kinks.Count == 0 && problem.Activation.Derivative(2).IsZero;
        double scale = solution.K0.Max(row => row.Max());
        return !isLinear && solution.Layers[^1] > 0 && problem.Layer is { WeightVariance: > 0, Step: > 0 }
            && solution.K1.Concat(solution.U1).All(row => row.All(value => Math.Abs(value) <= 1e-13 * scale));
    }

    private static ComparedClosure SolveOne(TheoryProblem problem, IClosure closure, Stepping stepping, CancellationToken cancellation)
    {
        try
        {
            TheorySolution solution = ClosureSolver.Solve(problem, closure, stepping, null, cancellation);
            return new(closure, solution, null, IsUnfed(problem, solution));
        }
        catch (Exception reason) when (reason is ComputationException or QuadratureException or NotSupportedException or InvalidKernelException)
        {
            return new(closure, null, reason.Message, false);
        }
    }

    private ValidityWindow Window(IReadOnlyList<double[]> values, IReadOnlyList<double[]> exact, int component, double share, double rounding) =>
        ValidityWindow.Of(
            [.. Exact.Solution.Layers.Select(layer => (double)layer)],
            [.. values.Select(row => row[component])],
            [.. exact.Select(row => row[component])],
            share,
            rounding);
}

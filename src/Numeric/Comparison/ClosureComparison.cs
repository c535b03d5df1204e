using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>A closure's solution, or why it has none.</summary>
/// <param name="Closure">The closure.</param>
/// <param name="Solution">Its solution, or null.</param>
/// <param name="Failure">Why it has none, one sentence, or null.</param>
/// <param name="CorrectionIsUnfed">Whether its K1 stays 0 because nothing it keeps feeds K1.</param>
internal sealed record ComparedClosure(IClosure Closure, TheorySolution? Solution, string? Failure, bool CorrectionIsUnfed);

/// <summary>Closures of one network beside the exact leading order.</summary>
/// <param name="Network">The network and its inputs.</param>
/// <param name="Exact">The exact leading order.</param>
/// <param name="Closures">The closures, in the order given.</param>
internal sealed record ClosureComparison(Network Network, ExactLeadingOrder Exact, IReadOnlyList<ComparedClosure> Closures)
{
    /// <summary>Below this share of what a number could be at most, at the same depth, differences are rounding.</summary>
    public const double Rounding = 1e-10;

    /// <summary>Solves closures and the exact leading order, on all cores; the numbers do not depend on how many there are.</summary>
    /// <param name="network">The network and its inputs; its recorded layers are those where windows are looked for.</param>
    /// <param name="closures">The closures.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="exactOrder">k of the hermite(k) that stands for the exact leading order.</param>
    /// <param name="onFirstInput">Closures that are solved for the first input alone, after the others; its numbers are the same with and without the rest.</param>
    /// <exception cref="ComputationException">The exact leading order cannot be solved.</exception>
    /// <exception cref="QuadratureException">The exact leading order cannot be solved.</exception>
    public static ClosureComparison Solve(
        Network network,
        IReadOnlyList<IClosure> closures,
        SolverSettings settings,
        int exactOrder = ExactLeadingOrder.DefaultOrder,
        IReadOnlyList<IClosure>? onFirstInput = null)
    {
        (IClosure Closure, Network Network)[] asked = [.. closures.Select(closure => (closure, network))];
        if (onFirstInput is { Count: > 0 })
            asked = [.. asked, .. onFirstInput.Select(closure => (closure, network.OnInputs([0])))];
        bool IsExact(int at) => asked[at].Network == network && asked[at].Closure.ModesOfNetwork() is { HighestOrder: var order } && (order == exactOrder || order == exactOrder / 2 || order == exactOrder / 4);
        var solved = new ComparedClosure[asked.Length];
        ExactLeadingOrder? exact = null;
        Concurrently.Run(settings.Cancellation,
        [
            () => exact = ExactLeadingOrder.Solve(network, settings, exactOrder),
            .. Enumerable.Range(0, asked.Length).Where(at => !IsExact(at)).Select(at => (Action)(() => solved[at] = SolveOne(asked[at].Network, asked[at].Closure, settings))),
        ]);
        for (int at = 0; at < asked.Length; at++)
        {
            if (asked[at].Closure.ModesOfNetwork() is { HighestOrder: var highest } && IsExact(at) && exact!.SolutionOf(highest) is { } solution)
                solved[at] = new(asked[at].Closure, solution, null, IsUnfed(network, solution));
        }

        // Of a program of layers nothing tells beforehand whether its own K1 is 0.
        for (int at = 0; at < asked.Length && network.Layers is not null; at++)
            solved[at] = solved[at] with { CorrectionIsUnfed = solved[at].Solution is { } solution && IsZero(solution.K0, solution.K1) && !IsZero(exact!.Solution.K0, exact.Solution.K1) };

        return new(network, exact!, solved);
    }

    /// <summary>All solutions, the exact leading order first.</summary>
    public IEnumerable<TheorySolution> Solutions => Closures.Select(closure => closure.Solution).OfType<TheorySolution>().Prepend(Exact.Solution);

    /// <summary>The window of a component of V4, in layers; null where the closure was not solved for it.</summary>
    /// <param name="closure">A closure.</param>
    /// <param name="left">The first pair.</param>
    /// <param name="right">The second pair.</param>
    /// <param name="share">Largest relative deviation.</param>
    public ValidityWindow? CovarianceWindow(ComparedClosure closure, int left, int right, double share)
    {
        double[] exact = Covariances(Exact.Solution, left, right)!;
        IEnumerable<double> scales = Covariances(Exact.Solution, left, left)!.Zip(Covariances(Exact.Solution, right, right)!, (one, other) => Math.Sqrt(one * other));
        return Window(closure.Solution is { } solution ? Covariances(solution, left, right) : null, exact, share, scales);
    }

    /// <summary>The window of a component of K1, in layers; null where the closure was not solved for it.</summary>
    /// <param name="closure">A closure.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="share">Largest relative deviation.</param>
    public ValidityWindow? CorrectionWindow(ComparedClosure closure, int pair, double share) =>
        Window(closure.Solution is { } solution ? Corrections(solution, pair) : null, Corrections(Exact.Solution, pair)!, share, Exact.Solution.K0.Select(row => row.Max()));

    /// <summary>A component of V4 at every record; null where the solution is for the first input alone and the component is not.</summary>
    /// <param name="solution">One of the solutions.</param>
    /// <param name="left">The first pair of the whole problem.</param>
    /// <param name="right">The second pair.</param>
    public double[]? Covariances(TheorySolution solution, int left, int right)
    {
        int pairs = PairIndexing.Count(solution.Inputs);
        return Has(solution, left) && Has(solution, right) ? [.. solution.V4.Select(row => row[PairIndexing.Of(left, right, pairs)])] : null;
    }

    /// <summary>A component of K1 at every record; null where the solution is for the first input alone and the component is not.</summary>
    /// <param name="solution">One of the solutions.</param>
    /// <param name="pair">The pair of the whole problem.</param>
    public double[]? Corrections(TheorySolution solution, int pair) => Has(solution, pair) ? [.. solution.K1.Select(row => row[pair])] : null;

    /// <summary>Whether K1 of a solution is 0 at all depths because the closure keeps nothing that feeds it, and not because the network's is.</summary>
    /// <param name="network">The network.</param>
    /// <param name="solution">The solution.</param>
    public static bool IsUnfed(Network network, TheorySolution solution) => IsUnfed(network, solution.K0, solution.K1, solution.U1);

    /// <inheritdoc cref="IsUnfed(Network, TheorySolution)"/>
    /// <param name="network">The network.</param>
    /// <param name="kernel">K0 at each record.</param>
    /// <param name="correction">K1 at each record.</param>
    /// <param name="source">U1 at each record.</param>
    public static bool IsUnfed(Network network, IReadOnlyList<IReadOnlyList<double>> kernel, IReadOnlyList<IReadOnlyList<double>> correction, IReadOnlyList<IReadOnlyList<double>> source)
    {
        return !HasNoCorrection(network) && kernel.Count > 1 && network.LayerAt(0) is { WeightVariance: > 0, Step: > 0 } && IsZero(kernel, correction) && IsZero(kernel, source);
    }

    /// <summary>Whether a correction is 0 at all depths, up to rounding.</summary>
    /// <param name="kernel">K0 at each record.</param>
    /// <param name="correction">K1 or U1 at each record.</param>
    public static bool IsZero(IReadOnlyList<IReadOnlyList<double>> kernel, IReadOnlyList<IReadOnlyList<double>> correction)
    {
        // At each depth by itself: where the kernel dies out, its corrections do.
        return Enumerable.Range(0, correction.Count).All(record => correction[record].All(value => Math.Abs(value) <= 1e-13 * kernel[record].Max()));
    }

    // K1 of the network itself is 0 where E S is a linear function of E G at every width: a linear sigma; and one input, no skip connection and
    // sigma = c+ x for x > 0, c- x for x < 0 (ReLU), for then rows are Gaussian given the layer before, and E sigma^2 = (c+^2 + c-^2)/2 E Qhat.
    private static bool HasNoCorrection(Network network)
    {
        IReadOnlyList<KinkPoint> kinks = network.Sigma.Definition.Kinks;
        if (kinks.Count == 0)
            return network.Sigma.Derivative(2).IsZero;
        Func<double, double> sigma = network.Sigma.Delegate(0);
        return network.Inputs == 1 && network.LayerAt(0).Skip == 0 && kinks.All(kink => kink.Value == 0)
            && new[] { -3.0, -0.5, 0.5, 3.0 }.All(x => Math.Abs(sigma(2 * x) - 2 * sigma(x)) <= 1e-14 * Math.Abs(x));
    }

    private static ComparedClosure SolveOne(Network network, IClosure closure, SolverSettings settings)
    {
        try
        {
            TheorySolution solution = ClosureSolver.Solve(network, closure, settings);
            return new(closure, solution, null, IsUnfed(network, solution));
        }
        catch (Exception reason) when (reason is NotSupportedException || ComputationFailure.Is(reason))
        {
            return new(closure, null, reason.Message, false);
        }
    }

    // The pair (0, 0) is the first in any number of inputs.
    private bool Has(TheorySolution solution, int pair) => solution.Inputs == Network.Inputs || pair == 0;

    private ValidityWindow? Window(double[]? values, double[] exact, double share, IEnumerable<double> scales) =>
        values is null ? null : ValidityWindow.Of([.. Exact.Solution.Layers.Select(layer => (double)layer)], values, exact, share, [.. scales.Select(scale => Rounding * scale)]);
}

// Closures of one network against what no closure enters: the exact leading order in 1/n (ExactLeadingOrder), and a simulation. A z-score is
//   z = (measured - closure)/(standard error + what the estimate can be off without being random),
// of numbers that are exact at infinite width only: what a finite network has beyond, of order 1/n, is in it.

using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>Closures of a network beside the exact leading order; made by <see cref="Network.Compare"/>.</summary>
public sealed class NetworkComparison
{
    private readonly ClosureComparison _comparison;

    internal NetworkComparison(ClosureComparison comparison) => _comparison = comparison;

    /// <summary>The layers at which the closures are compared, ascending; the network's recorded layers are among them.</summary>
    public IReadOnlyList<int> Layers => _comparison.Exact.Solution.Layers;

    /// <summary>What stands for the exact leading order: hermite(k) of a high order.</summary>
    public TheorySolution Exact => _comparison.Exact.Solution;

    /// <summary>The closures, in the order asked for.</summary>
    public IReadOnlyList<IClosure> Closures => [.. _comparison.Closures.Select(closure => closure.Closure)];

    /// <summary>Estimate of what <see cref="Exact"/> leaves out of V4 at the last layer, not a bound.</summary>
    /// <param name="left">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="right">The pair (c, d).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pair.</exception>
    public double V4RemainderAt(InputPair left, InputPair right) =>
        _comparison.Exact.V4Remainder[PairIndexing.Of(Place(left), Place(right), PairIndexing.Count(Exact.Inputs))];

    /// <summary>Estimate of what <see cref="Exact"/> leaves out of K1 at the last layer, not a bound.</summary>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pair.</exception>
    public double K1RemainderAt(InputPair pair) => _comparison.Exact.K1Remainder[Place(pair)];

    /// <summary>Why a closure has no solution for this network, one sentence; null where it has one.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <exception cref="ArgumentException">The closure was not compared.</exception>
    public string? FailureOf(IClosure closure) => Compared(closure).Failure;

    /// <summary>A closure's solution at <see cref="Layers"/>.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <exception cref="ArgumentException">The closure was not compared.</exception>
    /// <exception cref="InvalidOperationException">It has no solution; the message says why.</exception>
    public TheorySolution SolutionOf(IClosure closure) => Solved(closure).Solution!;

    /// <summary>Up to which layer V4 of a closure stays within a share of the exact leading order.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <param name="left">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="right">The pair (c, d).</param>
    /// <param name="share">Largest relative deviation, such as 0.05.</param>
    /// <exception cref="ArgumentException">The closure was not compared.</exception>
    /// <exception cref="InvalidOperationException">It has no solution; the message says why.</exception>
    public ValidityWindow V4Window(IClosure closure, InputPair left, InputPair right, double share) =>
        _comparison.CovarianceWindow(Solved(closure), Place(left), Place(right), Share(share))!.Value;

    /// <summary>Up to which layer K1 of a closure stays within a share of the exact leading order.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="share">Largest relative deviation, such as 0.05.</param>
    /// <exception cref="ArgumentException">The closure was not compared.</exception>
    /// <exception cref="InvalidOperationException">It has no solution; the message says why.</exception>
    public ValidityWindow K1Window(IClosure closure, InputPair pair, double share) =>
        _comparison.CorrectionWindow(Solved(closure), Place(pair), Share(share))!.Value;

    /// <summary>By how many error bars a simulated V4 is above a closure's; the bar includes what the control variate's covariance lacks.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <param name="simulation">A simulation of the same network.</param>
    /// <param name="record">Which record of the simulation; ^1 is the last layer.</param>
    /// <param name="left">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="right">The pair (c, d).</param>
    /// <exception cref="ArgumentException">The closure was not compared, or the simulation has other inputs, other layers or no such covariance.</exception>
    /// <exception cref="InvalidOperationException">The closure has no solution; the message says why.</exception>
    public double V4ZScore(IClosure closure, EnsembleStatistics simulation, Index record, InputPair left, InputPair right)
    {
        (TheorySolution solution, int layer) = (SolutionOf(closure), At(simulation, record));
        Estimate measured = simulation.V4At(record, left, right);
        int Kept(InputPair pair) => simulation.CovariancePairs.ToList().IndexOf(Place(pair));
        double lacking = simulation.Layers[record.GetOffset(simulation.Layers.Count)].V4.Truncation?[Kept(left), Kept(right)] ?? 0;
        return (measured with { StandardError = measured.StandardError + lacking }).ZScore(solution.V4At(layer, left, right));
    }

    /// <summary>By how many standard errors a simulated K1 = n (E G - K0) is above a closure's.</summary>
    /// <param name="closure">One of the closures.</param>
    /// <param name="simulation">A simulation of the same network.</param>
    /// <param name="record">Which record of the simulation; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    /// <exception cref="ArgumentException">The closure was not compared, or the simulation has other inputs or other layers.</exception>
    /// <exception cref="InvalidOperationException">The closure has no solution, or the simulation no K0; the message says why.</exception>
    public double K1ZScore(IClosure closure, EnsembleStatistics simulation, Index record, InputPair pair)
    {
        (TheorySolution solution, int layer) = (SolutionOf(closure), At(simulation, record));
        return simulation.K1At(record, pair).ZScore(solution.K1At(layer, pair));
    }

    private int Place(InputPair pair) => PairIndexing.Named(pair, Exact.Inputs);

    private static double Share(double share) => share > 0 && double.IsFinite(share)
        ? share
        : throw new ArgumentOutOfRangeException(nameof(share), FormattableString.Invariant($"share is {share}, and a window is where the relative deviation stays below it; use a positive number such as 0.05."));

    private ComparedClosure Compared(IClosure closure) => _comparison.Closures.FirstOrDefault(each => each.Closure.Equals(closure))
        ?? throw new ArgumentException($"The closure {closure.Name} was not compared; compared are {string.Join(", ", Closures.Select(each => each.Name))}.", nameof(closure));

    private ComparedClosure Solved(IClosure closure) => Compared(closure) is { Solution: not null } solved
        ? solved
        : throw new InvalidOperationException($"The closure {closure.Name} has no solution: {FailureOf(closure)}");

    private int At(EnsembleStatistics simulation, Index record)
    {
        if (simulation.Inputs != Exact.Inputs)
            throw new ArgumentException($"The simulation has {simulation.Inputs} inputs and the comparison {Exact.Inputs}; simulate the network that was compared.", nameof(simulation));
        int layer = simulation.Layers[record.GetOffset(simulation.Layers.Count)].Layer;
        for (int at = 0; at < Layers.Count; at++)
        {
            if (Layers[at] == layer)
                return at;
        }

        throw new ArgumentException($"The simulation recorded layer {layer}, at which the closures were not compared; name it in RecordedLayers of the network that is compared.", nameof(simulation));
    }
}

// Which pairs a simulation keeps the covariances of: those asked for; if none are, all, and where these need too much memory the diagonal. Decided from
// the specification alone, before any work, so that it is the same on every machine and in every shard.

using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Commands;

/// <summary>The pairs of inputs that a simulation is about.</summary>
internal static class KeptPairs
{
    /// <summary>The pairs.</summary>
    /// <exception cref="InputException">They need too much memory, or the stopping rule is about another.</exception>
    public static IReadOnlyList<InputPair> Of(Specification specification)
    {
        int all = PairIndexing.Count(specification.Inputs);
        PairChoice choice = specification.Pairs ?? (Fits(specification, all) ? PairChoice.All : PairChoice.Diagonal);
        IReadOnlyList<InputPair> kept = choice.Of(specification.Inputs);
        if (!Fits(specification, kept.Count))
        {
            int most = 1;
            while (most < kept.Count && Fits(specification, most + 1)) most++;
            throw new InputException(Fits(specification, 1)
                ? $"pairs is {choice.Text}, which makes {kept.Count} pairs of {specification.Inputs} inputs and a covariance of every two of them at {specification.Record} depths; {most} pairs fit into 4 GB, so name fewer with --pairs, or record fewer depths with --record."
                : $"record is {specification.Record}, and not even one pair of inputs at so many depths fits into 4 GB; use a smaller --record.");
        }

        if (specification.Until is { Quantity: "V4", Indices: [int a, int b, int c, int d] } rule
            && !(kept.Contains(Ordered(a, b)) && kept.Contains(Ordered(c, d))))
            throw new InputException($"until is {rule}, and the pairs kept are {choice.Text}; name its pairs with --pairs.");
        return kept;
    }

    /// <summary>What to say before the work begins where not all pairs are kept and nobody asked for that; else null.</summary>
    public static string? Notice(Specification specification) =>
        specification.Pairs is not null || Of(specification).Count == PairIndexing.Count(specification.Inputs)
            ? null
            : $"{specification.Inputs} inputs have {PairIndexing.Count(specification.Inputs)} pairs, and a covariance of every two of them at {specification.Record} depths does not fit into 4 GB; kept are the {specification.Inputs} pairs of an input with itself; choose others with --pairs, such as --pairs \"[[0,0],[0,1]]\".";

    /// <summary>Numbers of pairs in the order of all.</summary>
    public static int[] Places(IReadOnlyList<InputPair> pairs, int inputs) => [.. pairs.Select(pair => PairIndexing.Of(pair.First, pair.Second, inputs))];

    private static InputPair Ordered(int a, int b) => new(Math.Min(a, b), Math.Max(a, b));

    private static bool Fits(Specification specification, int kept) => EnsembleSampler.ThreadsThatFit(
        new MomentLayout(specification.RecordedLayers.Count, PairIndexing.Count(specification.Inputs), [.. Enumerable.Range(0, kept)], hasClosure: false, hasSigma: false),
        specification.Estimator == EstimatorChoice.ControlVariate) > 0;
}

// Which pairs solve and simulate give: those asked for; if none are, all, and where these are too many the diagonal. Decided from the specification alone,
// before any work, so that it is the same on every machine and in every shard. Of inputs that no pair names nothing is computed: the statistics of
// some inputs do not depend on the others.

using System.Globalization;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>The pairs of inputs that a result is about.</summary>
internal static class KeptPairs
{
    // Numbers of V4 that are printed if nobody asks for more.
    private const long MostByDefault = 2_000_000;

    /// <summary>The pairs that a simulation keeps.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="withResiduals">Whether what one-step residuals need is kept beside V4.</param>
    /// <exception cref="InputException">They need too much memory, or the stopping rule is about another.</exception>
    public static IReadOnlyList<InputPair> Of(Specification specification, bool withResiduals = false)
    {
        bool Fits(int kept) => KeptPairs.Fits(specification, kept, withResiduals);
        PairChoice choice = specification.Pairs ?? (Numbers(specification) <= MostByDefault && Fits(PairIndexing.Count(specification.Inputs)) ? PairChoice.All : PairChoice.Diagonal);
        IReadOnlyList<InputPair> kept = choice.Of(specification.Inputs);
        if (!Fits(kept.Count))
        {
            int most = kept.Count;
            while (most > 0 && !Fits(most)) most--;
            throw new InputException(most > 0
                ? $"pairs is {choice.Text}, which makes {kept.Count} pairs of {specification.Inputs} inputs and a covariance of every two of them at {specification.Network.Records} depths; {most} pairs fit into 4 GB, so name fewer with --pairs, or record fewer depths with --record."
                : $"record is {specification.Network.Records}, and not even one pair of inputs at so many depths fits into 4 GB; use a smaller --record.");
        }

        specification.Until?.RequireAmong(choice, specification.Inputs);
        return kept;
    }

    /// <summary>The specification of the inputs that are named alone, with its pairs and its stopping rule about those.</summary>
    public static Specification Computed(Specification specification)
    {
        if (specification.Pairs is not { } choice || choice.Named(specification.Inputs) is var named && named.Length == specification.Inputs || specification.Network.MixesInputs)
            return specification;
        return specification.OfInputs(named) with { Pairs = choice.Among(named), Until = specification.Until?.Among(named) };
    }

    /// <summary>What to say before the work begins where not all pairs are kept and nobody asked for that; else null.</summary>
    public static string? Notice(Specification specification) =>
        specification.Pairs is not null || Of(specification).Count == PairIndexing.Count(specification.Inputs)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{specification.Inputs} inputs have {PairIndexing.Count(specification.Inputs)} pairs, and a covariance of every two of them at {specification.Network.Records} depths makes {Numbers(specification)} numbers; kept are the {specification.Inputs} pairs of an input with itself; choose others with --pairs, such as --pairs \"[[0,0],[0,1]]\".");

    /// <summary>Where pairs stand in the order of all.</summary>
    public static int[] Places(IReadOnlyList<InputPair> pairs, int inputs) => [.. pairs.Select(pair => PairIndexing.Of(pair.First, pair.Second, inputs))];

    private static long Numbers(Specification specification) => (long)specification.Network.Records * PairIndexing.Count(specification.Inputs) * PairIndexing.Count(specification.Inputs);

    private static bool Fits(Specification specification, int kept, bool withResiduals)
    {
        int[] pairs = [.. Enumerable.Range(0, kept)];
        int records = specification.Network.RecordedLayers.Count;
        var tangents = new TangentQuantities(specification.Inputs);
        MomentLayout layout = specification.Tangent == TangentKernel.None || TangentSimulation.KeepsAll(specification)
            ? new(records, PairIndexing.Count(specification.Inputs), pairs, withResiduals, withResiduals)
            : new(records, tangents.Count, tangents.Of(pairs), hasClosure: false, hasSigmaCovariances: false, hasSigma: false);
        return EnsembleSampler.ThreadsThatFit(layout, specification.Estimator == EstimatorChoice.ControlVariate) > 0;
    }
}

// A simulation until an error bar is small enough, in rounds of whole batches: how many networks a round adds follows from the error bar reached, so the same input stops at the same number.

using System.Globalization;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>Runs a sampler to a number of networks, or to an error bar.</summary>
internal static class UntilRun
{
    private const long FirstRound = 2_048, MostSamples = 1_000_000_000;

    /// <summary>A fixed number of networks.</summary>
    /// <param name="sampler">What samples.</param>
    /// <param name="summarize">The statistics of a tree, and whether it was ended early.</param>
    /// <param name="run">How many.</param>
    /// <exception cref="OperationCanceledException">Cancelled before two networks were finished.</exception>
    public static TStatistics Whole<TStatistics>(IBatchSampler sampler, Func<BatchTree, bool, TStatistics> summarize, EnsembleRun run)
    {
        BatchTree tree = sampler.NewTree();
        bool complete = sampler.RunBatches(tree, 0, sampler.Batches(run.Samples), run);
        RequireTwo(tree, run.Cancellation);
        return summarize(tree, !complete);
    }

    /// <summary>Until the error is below the limit of a rule.</summary>
    /// <param name="sampler">What samples.</param>
    /// <param name="summarize">The statistics of a tree, and whether it was ended early.</param>
    /// <param name="errorOf">The error that the rule is about.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="wanted">How the networks are run; its number of samples is the most that may be, 0 for as many as can be.</param>
    /// <param name="mostPossible">The most that can be.</param>
    /// <exception cref="ComputationException">The rule needs more networks than may be.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before two networks were finished.</exception>
    public static TStatistics Until<TStatistics>(
        IBatchSampler sampler, Func<BatchTree, bool, TStatistics> summarize, Func<TStatistics, double> errorOf, StoppingRule rule, EnsembleRun wanted, long mostPossible = MostSamples)
    {
        long most = wanted.Samples > 0 ? wanted.Samples : Math.Min(MostSamples, mostPossible), batches = sampler.Batches(most);
        long done = 0, next = Math.Min(batches, sampler.Batches(FirstRound));
        BatchTree tree = sampler.NewTree();
        while (true)
        {
            bool complete = sampler.RunBatches(tree, done, next, wanted with { Samples = Math.Min(most, next * sampler.BatchSize) });
            RequireTwo(tree, wanted.Cancellation);
            TStatistics statistics = summarize(tree, !complete);
            double error = errorOf(statistics);
            done = next;
            if (!complete || error < rule.Limit || done == batches)
                return statistics;
            double factor = error / rule.Limit * (error / rule.Limit), needed = 1.03 * factor * done;
            if (needed * sampler.BatchSize > 2.0 * most)
            {
                throw new ComputationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rule} needs about {needed * sampler.BatchSize:G2} networks (after {tree.Samples} the standard error is {error:G3}), and at most {most} may be simulated; ask for a larger standard error{(wanted.Samples > 0 ? ", or more with --samples" : "")}."));
            }

            // Not all at once: the first error bars are rough themselves.
            next = Math.Min(batches, Math.Max(done + 1, (long)Math.Min(needed, 4.0 * done)));
        }
    }

    /// <summary>What to say if the rule was not met by the most networks allowed, else null.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="asked">As it was asked for.</param>
    /// <param name="samples">How many networks there were.</param>
    /// <param name="error">The error that they leave.</param>
    public static string? Unmet(StoppingRule rule, StoppingRule asked, long samples, double error) => error < rule.Limit
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{samples} networks leave a standard error of {error:G3} where {asked} was asked; allow more with --samples, or use --estimator control-variate.");

    private static void RequireTwo(BatchTree tree, CancellationToken cancellation)
    {
        if (tree.Samples < 2)
            throw new OperationCanceledException("The simulation was cancelled before its first batch was finished.", cancellation);
    }
}

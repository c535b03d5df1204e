// Rounds of whole batches, each about a third more than there was, and at most a fortieth of the whole: error bars are seen to shrink
// from the first moments on. Which rounds there are depends on the numbers alone, and the last statistics are those of symeft simulate.

using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A simulation as a sequence of ever better statistics.</summary>
internal static class SimulationStream
{
    private const double Growth = 4.0 / 3;

    private const int LeastRounds = 40;

    /// <summary>Simulates, round by round.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="round">Told of the statistics after each round, and whether they are the last.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task Run(Specification specification, Func<EnsembleSeries, bool, Task> round, CancellationToken cancellation)
    {
        if (specification.Samples < 2)
            throw new InputException($"There are {specification.Samples} networks, too few for an error bar; use at least 2.");
        (TheorySolution reference, EnsembleSampler sampler) = await Task.Run(
            () =>
            {
                TheorySolution solution = Simulation.InfiniteWidth(specification, cancellation);
                return (solution, Simulation.Prepare(specification, solution, null, cancellation));
            },
            cancellation).ConfigureAwait(false);
        var tree = new BatchTree();
        var run = new EnsembleRun { Samples = specification.Samples, Cancellation = cancellation };
        long batches = sampler.Batches(specification.Samples), step = Math.Max(1, batches / LeastRounds);
        for (long done = 0; done < batches;)
        {
            long next = Math.Min(batches, Math.Max(done + 1, Math.Min(done + step, (long)(Growth * done))));
            EnsembleSeries series = await Task.Run(
                () =>
                {
                    if (!sampler.RunBatches(tree, done, next, run))
                        cancellation.ThrowIfCancellationRequested();
                    return Simulation.Series(specification, sampler.Summarize(tree), reference);
                },
                cancellation).ConfigureAwait(false);
            done = next;
            await round(series, done == batches).ConfigureAwait(false);
        }
    }
}

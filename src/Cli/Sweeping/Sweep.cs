// A sweep, point by point on all cores. Rows depend on their point alone, and files list them in the order of the grid, so neither the number
// of threads nor an interruption can be seen in the result.

using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>Runs a plan into a folder.</summary>
internal sealed class Sweep(CommandContext context, SweepPlan plan, string folder, bool page)
{
    /// <summary>Runs what is not finished yet, and writes sweep.csv, sweep.json and, if asked, index.html.</summary>
    /// <returns>The rows of the finished points.</returns>
    public IReadOnlyCollection<SweepRow> Run(out bool interrupted)
    {
        // A point that does not fit together is wrong input, wherever it is on the grid.
        for (int point = 0; point < plan.Count; point++) _ = plan.At(point);
        using SweepJournal journal = SweepJournal.Open(folder, plan, context.Cancellation);
        int[] open = [.. Enumerable.Range(0, plan.Count).Where(point => !journal.Rows.ContainsKey(point))];
        if (open.Length < plan.Count)
            context.Messages.WriteLine($"symeft: {plan.Count - open.Length} of {plan.Count} points are finished already; going on with the rest.");
        interrupted = false;
        using (var progress = new ProgressLine(context.Messages, "sweeping", "points"))
        {
            var solver = new PointSolver(plan.ExactOrder, plan.Base.Layers is not null, context.Cancellation);
            int done = 0;
            try
            {
                Parallel.ForEach(
                    open,
                    new ParallelOptions { CancellationToken = context.Cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
                    point =>
                    {
                        journal.Add(solver.Solve(point, plan.At(point)));
                        progress.Report(new(Interlocked.Increment(ref done), open.Length));
                    });
            }
            catch (OperationCanceledException)
            {
                interrupted = true;
            }
            catch (AggregateException several)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
            }
        }

        AtomicFile.Write(Path.Combine(folder, "sweep.csv"), SweepTable.Csv(plan, journal.Rows.Values));
        AtomicFile.Write(Path.Combine(folder, "sweep.json"), SweepTable.Json(plan, journal.Rows.Values));
        if (page)
            AtomicFile.Write(Path.Combine(folder, "index.html"), SweepPage.Render(plan, journal.Rows.Values));
        return [.. journal.Rows.Values];
    }
}

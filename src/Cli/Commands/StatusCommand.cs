using System.CommandLine;
using SymbolicEft.Cli.Sharding;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft status: how far a submitted job is.</summary>
internal static class StatusCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("status", "How far a submitted job is: finished shards, those that run, those that are missing.");
        var folder = new Argument<string>("DIR") { Description = "the job's folder" };
        command.Arguments.Add(folder);
        command.SetAction(parsed =>
        {
            JobFolder job = JobFolder.Open(parsed.GetValue(folder)!, context.Cancellation);
            int all = 0;
            for (int point = 1; point <= job.Head.Points; point++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                IReadOnlySet<int> finished = job.Finished(point);
                string missing = finished.Count > 0 ? ShardMerge.List(Enumerable.Range(1, job.Head.Shards).Where(shard => !finished.Contains(shard))) : job.Head.Shards > 1 ? $"1 to {job.Head.Shards}" : "1";
                string where = Path.Combine(job.Location, JobFolder.Point(point));
                string shards = Path.Combine(where, "shards");
                int begun = Directory.Exists(shards) ? Directory.EnumerateFiles(shards, "*.checkpoint").Count() : 0;
                all += finished.Count;
                string merged = File.Exists(Path.Combine(where, "result.json")) ? ", merged" : "";
                context.Output.WriteLine($"{JobFolder.Point(point)}: {finished.Count} of {job.Head.Shards} shards finished{merged}{(begun > 0 ? $", {begun} with a checkpoint" : "")}{(missing.Length > 0 ? $"; missing {missing}" : "")}");
            }

            bool queued = JobEngines.IsQueued(job.Head.Submitted);
            context.Output.WriteLine($"{all} of {(long)job.Head.Points * job.Head.Shards} shards; {(queued ? $"in the queue as {string.Join(", ", job.Head.Submitted!)}" : all == (long)job.Head.Points * job.Head.Shards ? "nothing left to run" : "not in a queue: the same submit command runs what is missing")}");
            exit(0);
        });
        return command;
    }
}

// Shard I of K of a simulation holds the batches (I-1) B/K, ..., I B/K - 1 of B: a function of the specification, I and K alone. While it runs, what is
// finished is written to FILE.checkpoint every so many seconds, by a clock that only runs forward; the same command goes on from there.

using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Sharding;

/// <summary>Which part of a simulation: shard I of K.</summary>
/// <param name="Number">I, from 1.</param>
/// <param name="Count">K.</param>
public readonly record struct ShardChoice(int Number, int Count)
{
    /// <summary>The most shards of a simulation.</summary>
    public const int Most = 1_000_000;

    /// <summary>The whole.</summary>
    public static ShardChoice Whole { get; } = new(1, 1);

    /// <summary>Reads I/K.</summary>
    /// <exception cref="InputException">The text is not a shard.</exception>
    public static ShardChoice Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is >= 1 and <= Most && number >= 1 && number <= count
            ? new(number, count)
            : throw new InputException($"--shard is '{text}'; write I/K with I from 1 to K, such as 3/16, and K at most {Most}.");
    }

    /// <summary>Its batches of so many.</summary>
    public (long First, long End) Batches(long all) => ((long)((Int128)all * (Number - 1) / Count), (long)((Int128)all * Number / Count));
}

/// <summary>Runs one shard into its file.</summary>
internal sealed class ShardRun(CommandContext context, Specification specification, ShardChoice shard, string path, int threads, double secondsBetweenCheckpoints)
{
    /// <summary>The version that sums what this program sums.</summary>
    public static string Program => typeof(ShardRun).Assembly.GetName().Version?.ToString(3) ?? "";

    private string Checkpoint => path + ".checkpoint";

    /// <summary>Runs what is not finished yet.</summary>
    /// <returns>Whether the shard is complete; if not, what is finished is in the checkpoint.</returns>
    public bool Run()
    {
        ShardFile.RequireReplaceable(path, context.Cancellation);
        ShardFile.RequireReplaceable(Checkpoint, context.Cancellation);
        IBatchSampler sampler = Simulation.BatchesOf(specification, context.Cancellation);
        (long first, long end) = shard.Batches(sampler.Batches(specification.Samples));
        var head = new ShardHead(SpecificationWriter.Yaml(specification), shard.Number, shard.Count, first, end, true, 0, 0, Program, LaneArithmetic.IsFused);
        if (IsFinished(head))
        {
            context.Messages.WriteLine($"symeft: {path} is finished already.");
            return true;
        }

        BatchTree tree = Resume(head, first, end, sampler);
        Stopwatch clock = Stopwatch.StartNew();
        bool complete = true;
        using (var progress = new ProgressLine(context.Messages, "simulating"))
        {
            foreach ((long from, long to) in Missing(tree, first, end))
            {
                complete = complete && sampler.RunBatches(tree, from, to, new EnsembleRun
                {
                    Samples = specification.Samples,
                    Threads = threads,
                    Cancellation = context.Cancellation,
                    // Called under the lock of the tree: nothing moves while it is written.
                    Progress = done =>
                    {
                        progress.Report(done);
                        if (clock.Elapsed.TotalSeconds < secondsBetweenCheckpoints)
                            return;
                        ShardFile.Write(Checkpoint, head with { Complete = false }, tree.Nodes);
                        clock.Restart();
                    },
                });
            }
        }

        if (complete)
        {
            ShardFile.Write(path, head, tree.Nodes);
            RemoveLeftovers();
            return true;
        }

        if (tree.Nodes.Count > 0)
            ShardFile.Write(Checkpoint, head with { Complete = false }, tree.Nodes);
        context.Messages.WriteLine($"symeft: Interrupted; {tree.Samples} networks of shard {shard.Number}/{shard.Count} are kept in {Checkpoint}, and the same command goes on from there.");
        return false;
    }

    /// <summary>Runs of batches of first, ..., end - 1 that a tree does not hold.</summary>
    internal static IReadOnlyList<(long From, long To)> Missing(BatchTree tree, long first, long end)
    {
        var missing = new List<(long, long)>();
        long at = first;
        foreach (PartialStatistics node in tree.Nodes)
        {
            long start = node.Index << node.Level;
            if (start > at) missing.Add((at, start));
            at = (node.Index + 1) << node.Level;
        }

        if (at < end) missing.Add((at, end));
        return missing;
    }

    private bool IsFinished(ShardHead head)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            ShardHead found = ShardFile.Read(path).Head;
            if (found.Fingerprint != head.Fingerprint || found.Shard != head.Shard || found.Shards != head.Shards)
                throw new InputException($"{path} is shard {found.Shard}/{found.Shards} of {(found.Fingerprint == head.Fingerprint ? "this" : "another")} specification, not {head.Shard}/{head.Shards} of this one; give another file with --out, or delete it.");
            return found.Complete;
        }
        catch (ShardFileException damaged)
        {
            context.Messages.WriteLine($"symeft: {damaged.Message} Doing so.");
            return false;
        }
    }

    private BatchTree Resume(ShardHead head, long first, long end, IBatchSampler sampler)
    {
        BatchTree tree = sampler.NewTree();
        if (!File.Exists(Checkpoint))
            return tree;
        try
        {
            (ShardHead found, PartialStatistics[] nodes) = ShardFile.Read(Checkpoint);
            if (found.Fingerprint != head.Fingerprint || found.FirstBatch != first || found.EndBatch != end || found.Fused != head.Fused || (nodes.Length > 0 && found.Sums != sampler.SumsInBatch))
            {
                context.Messages.WriteLine($"symeft: {Checkpoint} is of another simulation, or of a machine with other arithmetic; starting anew.");
                return tree;
            }

            foreach (PartialStatistics node in nodes) tree.Add(node);
            context.Messages.WriteLine($"symeft: Going on from {Checkpoint} with {tree.Samples} networks.");
            return tree;
        }
        catch (ShardFileException damaged)
        {
            context.Messages.WriteLine($"symeft: {damaged.Message} Starting anew.");
            return sampler.NewTree();
        }
    }

    // The checkpoint, and what killed processes left half written.
    private void RemoveLeftovers()
    {
        AtomicFile.TryDelete(Checkpoint);
        AtomicFile.RemoveLeftovers(Checkpoint);
        AtomicFile.RemoveLeftovers(path);
    }
}

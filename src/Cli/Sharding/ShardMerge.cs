using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Sharding;

/// <summary>Puts shards together to what one run would have given, byte for byte.</summary>
internal static class ShardMerge
{
    /// <summary>A merged simulation.</summary>
    /// <param name="Specification">What was simulated.</param>
    /// <param name="Head">As the head of the file of a single run.</param>
    /// <param name="Tree">All batches.</param>
    public sealed record Merged(Specification Specification, ShardHead Head, BatchTree Tree);

    /// <summary>Reads and checks shard files; folders stand for the *.shard files in them. Holds one file at a time.</summary>
    /// <exception cref="InputException">A file is damaged, of another specification, or there twice, or shards are missing.</exception>
    public static Merged Read(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var byNumber = new SortedDictionary<int, string>();
        ShardHead? first = null;
        string? firstPath = null;
        foreach (string path in Files(paths))
        {
            cancellation.ThrowIfCancellationRequested();
            ShardHead head = Checked(() => ShardFile.ReadHead(path));
            (first, firstPath) = (first ?? head, firstPath ?? path);
            if (!head.Complete)
                throw new InputException($"{path} is a checkpoint of shard {head.Shard}/{head.Shards}; run that shard to its end first.");
            if (head.Fingerprint != first.Fingerprint)
                throw new InputException($"{path} is of another specification than {firstPath}; merge shards of one specification at a time.");
            if (head.Shards != first.Shards)
                throw new InputException($"{path} is one of {head.Shards} shards, {firstPath} one of {first.Shards}; merge shards of one split.");
            if (head.Fused != first.Fused)
                throw new InputException($"{path} was simulated {Arithmetic(head)}, {firstPath} {Arithmetic(first)}: their networks differ in the last digits, and merged they would be those of neither machine; run one of them again on a machine like the other's.");
            if (head.Sums != first.Sums && head.Sums > 0 && first.Sums > 0)
                throw new InputException($"{path} holds {head.Sums} sums of each batch, {firstPath} {first.Sums}; delete the one that is wrong and run its shard again.");
            if (byNumber.TryGetValue(head.Shard, out string? before))
                throw new InputException($"{before} and {path} are both shard {head.Shard}/{head.Shards}; leave one out, or its networks would count twice.");
            byNumber.Add(head.Shard, path);
        }

        if (first is null)
            throw new InputException("There are no shard files to merge; give the files that simulate --shard I/K --out FILE wrote, or their folder.");
        if (byNumber.Count < first.Shards)
            throw new InputException($"{first.Shards - byNumber.Count} of {first.Shards} shards are missing: {List(Enumerable.Range(1, first.Shards).Where(number => !byNumber.ContainsKey(number)))}; run them and merge again.");
        Specification specification = SpecificationReader.ReadText(first.Specification, firstPath!, Directory.GetCurrentDirectory(), []);
        var tree = new BatchTree(keepsAll: TangentSimulation.KeepsAll(specification));
        long reached = 0;
        foreach (string path in byNumber.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            (ShardHead head, PartialStatistics[] nodes) = Checked(() => ShardFile.Read(path));
            if (head.FirstBatch != reached)
                throw new InputException($"{path} begins with batch {head.FirstBatch}, and the shard before it ends with {reached - 1}; delete the one that is wrong and run its shard again.");
            reached = head.EndBatch;
            foreach (PartialStatistics node in nodes) tree.Add(node);
            if (nodes.Sum(node => 1L << node.Level) != head.EndBatch - head.FirstBatch)
                throw new InputException($"{path} holds {nodes.Sum(node => 1L << node.Level)} of its {head.EndBatch - head.FirstBatch} batches; delete it and run its shard again.");
        }

        long batches = byNumber.Count == 0 ? 0 : tree.Nodes.Sum(node => 1L << node.Level);
        return new(specification, first with { Shard = 1, Shards = 1, FirstBatch = 0, EndBatch = batches }, tree);
    }

    /// <summary>What a merged simulation measured.</summary>
    /// <exception cref="InputException">The shards were made by a version that summed other things.</exception>
    public static EnsembleSeries Series(Merged merged, CancellationToken cancellation)
    {
        if (merged.Head.Program != ShardRun.Program)
            throw new InputException($"The shards were made by version {merged.Head.Program} of symeft, and this is {ShardRun.Program}; merge them with that version, or run them again.");
        if (merged.Specification.Tangent != TangentKernel.None)
        {
            TangentSimulation.Prepared prepared = TangentSimulation.Prepare(merged.Specification, cancellation);
            RequireWhole(merged, prepared.Sampler);
            return prepared.Series(prepared.Sampler.Summarize(merged.Tree));
        }

        TheorySolution reference = Simulation.InfiniteWidth(merged.Specification, cancellation);
        EnsembleSampler sampler = Simulation.Prepare(merged.Specification, reference, null, cancellation);
        RequireWhole(merged, sampler);
        EnsembleStatistics statistics = sampler.Summarize(merged.Tree);
        if (!statistics.Layers.All(IsFinite))
            throw new InputException("The sums in the shards are those of no simulation: a mean or an error bar of them is not finite; delete them and run them again.");
        return Simulation.Series(merged.Specification, statistics, reference);
    }

    // What a head says of its batches is checked against what the specification makes of them.
    private static void RequireWhole(Merged merged, IBatchSampler sampler)
    {
        long samples = merged.Specification.Samples;
        bool Whole(PartialStatistics node) =>
            node.Sums.Length == sampler.SumsInBatch
            && node.Samples == Math.Min(samples, ((node.Index + 1) << node.Level) * sampler.BatchSize) - ((node.Index << node.Level) * sampler.BatchSize);
        // Batches that are kept one by one are so in the files, too.
        if (samples < 2 || merged.Head.EndBatch != sampler.Batches(samples) || !merged.Tree.Nodes.All(Whole) || (sampler is TangentSampler && merged.Tree.Nodes.Any(node => node.Level > 0)))
            throw new InputException($"The shards do not hold the {samples} networks of their specification; delete them and run them again.");
    }

    private static bool IsFinite(LayerStatistics layer) =>
        new[] { layer.G, layer.K1, layer.U1 }.OfType<PairEstimate>().All(each => each.Value.Concat(each.StandardError).All(double.IsFinite))
        && layer.V4.Value.Cast<double>().Concat(layer.V4.StandardError.Cast<double>()).All(double.IsFinite);

    private static string Arithmetic(ShardHead head) => head.Fused ? "with fused multiply-add (FMA)" : "without fused multiply-add (FMA)";

    /// <summary>Numbers in runs: 2, 5 to 9, 12.</summary>
    internal static string List(IEnumerable<int> numbers)
    {
        var runs = new List<(int From, int To)>();
        foreach (int number in numbers)
        {
            if (runs.Count > 0 && runs[^1].To == number - 1) runs[^1] = (runs[^1].From, number);
            else runs.Add((number, number));
        }

        IEnumerable<string> texts = runs.Take(20).Select(run => run.From == run.To ? $"{run.From}" : $"{run.From} to {run.To}");
        return string.Join(", ", texts) + (runs.Count > 20 ? ", ..." : "");
    }

    private static IEnumerable<string> Files(IReadOnlyList<string> paths) =>
        paths.SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.shard").Order(StringComparer.Ordinal) : (IEnumerable<string>)[path]);

    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ShardFileException problem)
        {
            throw new InputException(problem.Message);
        }
    }
}

using System.Numerics.Tensors;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>The sums of a run of consecutive batches: a count and a flat array, nothing else, so that it can be stored and merged.</summary>
/// <remarks>Batches j 2^k, ..., (j + 1) 2^k - 1 make the node (k, j) of a fixed binary tree; see <see cref="BatchTree"/>.</remarks>
internal sealed class PartialStatistics
{
    /// <summary>Makes a node from its parts, as read back from a file.</summary>
    /// <param name="level">k: the node covers 2^k batches.</param>
    /// <param name="index">j: the first batch is j 2^k.</param>
    /// <param name="samples">Number of samples in it.</param>
    /// <param name="sums">The sums, in the layout of the sampler's settings.</param>
    public PartialStatistics(int level, long index, long samples, double[] sums)
    {
        Level = level;
        Index = index;
        Samples = samples;
        Sums = sums;
    }

    /// <summary>k: the node covers 2^k batches.</summary>
    public int Level { get; }

    /// <summary>j: the first batch is j 2^k.</summary>
    public long Index { get; }

    /// <summary>Number of samples.</summary>
    public long Samples { get; }

    /// <summary>The sums.</summary>
    public double[] Sums { get; }

    /// <summary>left + right, as the given node; always in this order, so that the bytes are fixed. Overwrites the sums of left.</summary>
    internal static PartialStatistics Join(PartialStatistics left, PartialStatistics right, int level, long index)
    {
        TensorPrimitives.Add(left.Sums, right.Sums, left.Sums);
        return new PartialStatistics(level, index, left.Samples + right.Samples, left.Sums);
    }
}

// Pairwise summation over the numbers of the batches: a batch is a leaf, two finished siblings become their parent at once. The tree
// depends on batch numbers only, so batches may finish in any order, on any thread, in any shard, and the sum of a given set of
// batches has the same bytes. A contiguous run of B batches is held in about 2 log2 B nodes.

/// <summary>Finished batches, merged as far as the tree allows.</summary>
/// <param name="keepsAll">Whether batches stay as they are, for statistics that are no sums.</param>
internal sealed class BatchTree(bool keepsAll = false)
{
    private readonly SortedDictionary<(long FirstBatch, int Level), PartialStatistics> nodes = [];

    /// <summary>The nodes, in the order of their batches.</summary>
    public IReadOnlyCollection<PartialStatistics> Nodes => nodes.Values;

    /// <summary>Number of samples in all nodes.</summary>
    public long Samples { get; private set; }

    /// <summary>Adds a batch or a node; the tree takes over its array.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="ArgumentException">A batch of the node is already there.</exception>
    public void Add(PartialStatistics node)
    {
        if (keepsAll)
        {
            if (!nodes.TryAdd((node.Index << node.Level, node.Level), node))
                throw new ArgumentException($"Batch {node.Index} is already counted; every batch may be merged once.", nameof(node));
            Samples += node.Samples;
            return;
        }

        long first = node.Index << node.Level, end = (node.Index + 1) << node.Level;
        foreach (PartialStatistics other in nodes.Values)
        {
            if (other.Index << other.Level < end && first < (other.Index + 1) << other.Level)
                throw new ArgumentException($"Batches {first} to {end - 1} overlap batches that are already counted; every batch may be merged once.", nameof(node));
        }

        Samples += node.Samples;
        while (true)
        {
            long sibling = node.Index ^ 1;
            if (!nodes.Remove((sibling << node.Level, node.Level), out PartialStatistics? other)) break;
            (PartialStatistics left, PartialStatistics right) = node.Index < sibling ? (node, other) : (other, node);
            node = PartialStatistics.Join(left, right, node.Level + 1, node.Index >> 1);
        }

        nodes.Add((node.Index << node.Level, node.Level), node);
    }

    /// <summary>The sum of all nodes, from the first to the last.</summary>
    /// <returns>Number of samples, and their sums in an array of its own; null if there is none.</returns>
    public (long Samples, double[] Sums)? Total()
    {
        double[]? sums = null;
        foreach (PartialStatistics node in nodes.Values)
        {
            if (sums is null) sums = (double[])node.Sums.Clone();
            else TensorPrimitives.Add(sums, node.Sums, sums);
        }

        return sums is null ? null : (Samples, sums);
    }
}

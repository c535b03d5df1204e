namespace SymbolicEft.Numeric.Simulation;

/// <summary>What samples networks batch by batch, so that parts of a simulation can be kept, gone on with and put together.</summary>
internal interface IBatchSampler
{
    /// <summary>Number of numbers that are kept of a batch.</summary>
    long SumsInBatch { get; }

    /// <summary>Number of samples in a batch; the last one of a run may have fewer.</summary>
    int BatchSize { get; }

    /// <summary>An empty tree for its batches.</summary>
    BatchTree NewTree();

    /// <summary>Number of batches of a run.</summary>
    /// <param name="samples">Number of samples of the run.</param>
    long Batches(long samples);

    /// <summary>Adds the batches first, ..., end - 1 of a run to a tree.</summary>
    /// <param name="tree">Where finished batches go.</param>
    /// <param name="first">First batch.</param>
    /// <param name="end">One past the last batch.</param>
    /// <param name="run">The run these batches belong to.</param>
    /// <returns>False if cancelled; finished batches are in the tree.</returns>
    bool RunBatches(BatchTree tree, long first, long end, EnsembleRun run);
}

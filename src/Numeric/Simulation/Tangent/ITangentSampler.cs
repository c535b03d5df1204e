namespace SymbolicEft.Numeric.Simulation;

/// <summary>A simulation of G and the tangent kernel, by whatever law.</summary>
internal interface ITangentSampler : IBatchSampler
{
    /// <summary>The most networks that can be simulated.</summary>
    long MostSamples { get; }

    /// <summary>The statistics of finished networks, at least two.</summary>
    /// <param name="tree">The networks.</param>
    /// <param name="cancelled">Whether some are missing.</param>
    TangentStatistics Summarize(BatchTree tree, bool cancelled = false);
}

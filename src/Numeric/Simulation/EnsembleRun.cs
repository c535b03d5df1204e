namespace SymbolicEft.Numeric.Simulation;

/// <summary>How far a run has come.</summary>
/// <param name="Samples">Samples finished.</param>
/// <param name="Total">Samples asked for.</param>
public readonly record struct EnsembleProgress(long Samples, long Total);

/// <summary>How a run is carried out; nothing here changes a number.</summary>
internal sealed record EnsembleRun
{
    /// <summary>Number of samples, at least 2.</summary>
    public required long Samples { get; init; }

    /// <summary>Number of threads, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each finished batch, one call at a time, from the threads that sample.</summary>
    public Action<EnsembleProgress>? Progress { get; init; }

    /// <summary>Ends the run early; finished batches are kept.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>The kernels of one sample at the recorded layers.</summary>
/// <param name="Sample">Number of the sample.</param>
/// <param name="G">G over records and pairs.</param>
/// <param name="S">S over records and pairs.</param>
internal sealed record KernelSample(long Sample, double[][] G, double[][] S);

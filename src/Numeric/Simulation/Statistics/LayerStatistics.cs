namespace SymbolicEft.Numeric.Simulation;

/// <summary>A number for each pair of inputs, (0,0), (0,1), ..., (1,1), ..., with its standard error.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">One standard deviation of each estimate.</param>
public sealed record PairEstimate(double[] Value, double[] StandardError);

/// <summary>A number for each two chosen pairs of inputs, with its standard error.</summary>
/// <param name="Value">The estimates, pairs x pairs.</param>
/// <param name="StandardError">One standard deviation of each estimate, pairs x pairs.</param>
public sealed record PairMatrixEstimate(double[,] Value, double[,] StandardError);

/// <summary>What was measured at one recorded layer.</summary>
public sealed record LayerStatistics
{
    /// <summary>Layer l.</summary>
    public required int Layer { get; init; }

    /// <summary>Mean of G over samples.</summary>
    public required PairEstimate G { get; init; }

    /// <summary>Mean of S over samples.</summary>
    public required PairEstimate S { get; init; }

    /// <summary>n Cov(G, G), unbiased.</summary>
    public required PairMatrixEstimate V4 { get; init; }

    /// <summary>n Cov(S, G), unbiased; first index S.</summary>
    public required PairMatrixEstimate SigmaKernelCovariance { get; init; }

    /// <summary>n Cov(S, S), unbiased.</summary>
    public required PairMatrixEstimate SigmaSigmaCovariance { get; init; }

    /// <summary>n (E G - K0); null without a reference.</summary>
    public PairEstimate? K1 { get; init; }

    /// <summary>n (E S - E2(K0)); null without a reference. The factor C_W is not included.</summary>
    public PairEstimate? U1 { get; init; }

    /// <summary>n Cov(S - A G, G) with the reference's closure matrix A; null without one.</summary>
    public PairMatrixEstimate? ClosureResidual { get; init; }

    /// <summary>What the control variate saved; null for the plain estimator.</summary>
    public ControlGain? Gain { get; init; }
}

/// <summary>What was measured over all samples.</summary>
public sealed record EnsembleStatistics
{
    /// <summary>Number of samples in it.</summary>
    public required long Samples { get; init; }

    /// <summary>True if the run was cancelled before all samples were done; error bars are those of <see cref="Samples"/>.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The highest order of a mode in the control variate, 0 for all orders; null for the plain estimator.</summary>
    public int? ControlOrder { get; init; }

    /// <summary>Numbers of the pairs over which matrices run.</summary>
    public required IReadOnlyList<int> CovariancePairs { get; init; }

    /// <summary>One entry for each recorded layer.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }
}

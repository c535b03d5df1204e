namespace SymbolicEft.Numeric.Simulation;

/// <summary>
/// What the control variate saves at one recorded layer: variance of the plain estimate over variance of the controlled one, from the
/// same samples, as many samples as the plain estimator would need for each sample here. Infinite where the prediction is exact (G at
/// layer 0), 1 where both are known without error.
/// </summary>
public sealed record ControlGain
{
    /// <summary>Of the mean of G, and of K1, over pairs.</summary>
    public required double[] G { get; init; }

    /// <summary>Of the mean of S, and of U1, over pairs; empty where S was not measured.</summary>
    public required double[] S { get; init; }

    /// <summary>Of V4, over chosen pairs.</summary>
    public required double[,] V4 { get; init; }

    /// <summary>Of n Cov(S, G); null where it was not kept.</summary>
    public double[,]? SigmaKernelCovariance { get; init; }

    /// <summary>Of n Cov(S, S); null where it was not kept.</summary>
    public double[,]? SigmaSigmaCovariance { get; init; }

    /// <summary>Of n Cov(S - A G, G); null without a closure matrix.</summary>
    public double[,]? ClosureResidual { get; init; }
}

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Precision of the state phi; statistics are double in both.</summary>
public enum StatePrecision
{
    /// <summary>Float: sixteen samples at once, relative rounding 6e-8.</summary>
    Single,

    /// <summary>Double: eight samples at once.</summary>
    Double,
}

/// <summary>How one layer is drawn.</summary>
public enum SamplingLaw
{
    /// <summary>Rows of W sigma + b from their exact conditional law N(0, C_b 11^T + C_W S): n N normals a layer.</summary>
    Block,

    /// <summary>Weights W_ij ~ N(0, C_W/n) and biases b_i ~ N(0, C_b): n^2 normals a layer. The independent check of the block law.</summary>
    GaussianWeights,

    /// <summary>Independent weights, uniform on +-sqrt(3 C_W/n); biases Gaussian.</summary>
    UniformWeights,

    /// <summary>W = sqrt(C_W) times a Haar orthogonal matrix; biases Gaussian.</summary>
    OrthogonalWeights,
}

/// <summary>How networks of finite width are sampled.</summary>
internal sealed record EnsembleSettings
{
    /// <summary>The network and its inputs.</summary>
    public required Network Network { get; init; }

    /// <summary>Width n, 1 to 16,384.</summary>
    public required int Width { get; init; }

    /// <summary>Seed, the key of the generator.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Precision of the state; the weights laws always use double.</summary>
    public StatePrecision Precision { get; init; }

    /// <summary>How one layer is drawn.</summary>
    public SamplingLaw Law { get; init; }

    /// <summary>The pairs of inputs for whose kernels covariances are kept, as numbers into (0,0), (0,1), ...; null for all pairs.</summary>
    public IReadOnlyList<int>? CovariancePairs { get; init; }

    /// <summary>Whether covariances of S are kept beside those of G: n Cov(S, G) and n Cov(S, S), three times the memory.</summary>
    public bool SigmaCovariances { get; init; } = true;

    /// <summary>Number of inputs N.</summary>
    public int Inputs => Network.Inputs;

    /// <summary>Number of pairs of inputs N (N + 1) / 2.</summary>
    public int Pairs => PairIndexing.Count(Inputs);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public void Validate()
    {
        Network.Validate();
        Require(Width is >= 1 and <= 16384, nameof(Width), $"Width {Width} is out of range; it must be 1 to 16384.");
        if (CovariancePairs is not null)
        {
            foreach (int pair in CovariancePairs)
                Require(pair >= 0 && pair < Pairs, nameof(CovariancePairs), $"Pair number {pair} does not exist; N = {Inputs} has pairs 0 to {Pairs - 1}.");
            Require(CovariancePairs.Distinct().Count() == CovariancePairs.Count, nameof(CovariancePairs), "A covariance pair is named twice.");
        }
    }

    private static void Require(bool condition, string name, string message)
    {
        if (!condition) throw new ArgumentException(message, name);
    }
}

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

/// <summary>The finite network to sample: phi' = alpha phi + eps (W sigma(phi) + b), rows of phi at layer 0 iid N(0, K(0)).</summary>
internal sealed record EnsembleSettings
{
    /// <summary>sigma.</summary>
    public required NeuronActivation Activation { get; init; }

    /// <summary>Width n, 1 to 16,384.</summary>
    public required int Width { get; init; }

    /// <summary>Depth L, 0 or more.</summary>
    public required int Depth { get; init; }

    /// <summary>Skip coefficient alpha: 1 ResNet, 0 MLP.</summary>
    public double Skip { get; init; } = 1;

    /// <summary>Step eps.</summary>
    public required double Step { get; init; }

    /// <summary>Weight variance C_W.</summary>
    public required double WeightVariance { get; init; }

    /// <summary>Bias variance C_b.</summary>
    public double BiasVariance { get; init; }

    /// <summary>K(0), N x N with N from 1 to 64, positive semidefinite; it may be singular (equal inputs).</summary>
    public required double[,] InitialKernel { get; init; }

    /// <summary>Seed, the key of the generator.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Layers at which kernels are recorded, ascending, within 0..L.</summary>
    public required IReadOnlyList<int> RecordedLayers { get; init; }

    /// <summary>Precision of the state; the weights laws always use double.</summary>
    public StatePrecision Precision { get; init; }

    /// <summary>How one layer is drawn.</summary>
    public SamplingLaw Law { get; init; }

    /// <summary>The pairs of inputs for whose kernels covariances are kept, as numbers into (0,0), (0,1), ...; null for all pairs.</summary>
    public IReadOnlyList<int>? CovariancePairs { get; init; }

    /// <summary>Whether covariances of S are kept beside those of G: n Cov(S, G) and n Cov(S, S), three times the memory.</summary>
    public bool SigmaCovariances { get; init; } = true;

    /// <summary>Number of inputs N.</summary>
    public int Inputs => InitialKernel.GetLength(0);

    /// <summary>Number of pairs of inputs N (N + 1) / 2.</summary>
    public int Pairs => Inputs * (Inputs + 1) / 2;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public void Validate()
    {
        int n = Inputs;
        Require(n is >= 1 and <= 64 && InitialKernel.GetLength(1) == n, nameof(InitialKernel),
            $"The initial kernel is {n} x {InitialKernel.GetLength(1)}; it must be square with 1 to 64 inputs.");
        Require(Width is >= 1 and <= 16384, nameof(Width), $"Width {Width} is out of range; it must be 1 to 16384.");
        Require(Depth is >= 0 and < 1 << 24, nameof(Depth), $"Depth {Depth} is out of range; it must be 0 to 16777215.");
        Require(double.IsFinite(Skip), nameof(Skip), $"Skip {Invariant(Skip)} is not a finite number.");
        Require(double.IsFinite(Step), nameof(Step), $"Step {Invariant(Step)} is not a finite number.");
        Require(double.IsFinite(WeightVariance) && WeightVariance >= 0, nameof(WeightVariance),
            $"Weight variance {Invariant(WeightVariance)} is not a variance; it must be finite and not negative.");
        Require(double.IsFinite(BiasVariance) && BiasVariance >= 0, nameof(BiasVariance),
            $"Bias variance {Invariant(BiasVariance)} is not a variance; it must be finite and not negative.");
        Require(RecordedLayers.Count > 0, nameof(RecordedLayers), "No layer is recorded; name at least one of 0 to L.");
        for (int i = 0; i < RecordedLayers.Count; i++)
        {
            Require(RecordedLayers[i] >= 0 && RecordedLayers[i] <= Depth, nameof(RecordedLayers),
                $"Recorded layer {RecordedLayers[i]} is not in the network; it must be 0 to {Depth}.");
            Require(i == 0 || RecordedLayers[i] > RecordedLayers[i - 1], nameof(RecordedLayers),
                "Recorded layers must ascend without repetition.");
        }

        if (CovariancePairs is not null)
        {
            foreach (int pair in CovariancePairs)
                Require(pair >= 0 && pair < Pairs, nameof(CovariancePairs), $"Pair number {pair} does not exist; N = {n} has pairs 0 to {Pairs - 1}.");
            Require(CovariancePairs.Distinct().Count() == CovariancePairs.Count, nameof(CovariancePairs), "A covariance pair is named twice.");
        }

        _ = SemidefiniteCholesky.Factor(InitialKernel);
    }

    private static string Invariant(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static void Require(bool condition, string name, string message)
    {
        if (!condition) throw new ArgumentException(message, name);
    }
}

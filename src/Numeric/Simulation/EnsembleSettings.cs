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
internal sealed record EnsembleSettings : SamplingSettings
{
    /// <summary>sigma.</summary>
    public required NeuronActivation Activation { get; init; }

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

    /// <summary>How one layer is drawn.</summary>
    public SamplingLaw Law { get; init; }

    /// <summary>Whether covariances of S are kept beside those of G: n Cov(S, G) and n Cov(S, S), three times the memory.</summary>
    public bool SigmaCovariances { get; init; } = true;

    /// <inheritdoc/>
    public override int Layers => Depth;

    /// <inheritdoc/>
    public override bool HasSigma => true;

    /// <inheritdoc/>
    public override bool HasSigmaCovariances => SigmaCovariances;

    /// <inheritdoc/>
    public override int Lanes => EngineFactory.Lanes(this);

    /// <inheritdoc/>
    public override double NumbersInSample => (double)Width * (Law == SamplingLaw.Block ? Inputs : Width + Inputs) * (Depth + 1);

    /// <inheritdoc/>
    public override Func<LaneEngine> Engines(ControlVariate? control)
    {
        control?.RequireFor(this);
        return () => EngineFactory.Create(this, control);
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Depth is >= 0 and < 1 << 24, nameof(Depth), $"Depth {Depth} is out of range; it must be 0 to 16777215.");
        Require(double.IsFinite(Skip), nameof(Skip), $"Skip {Invariant(Skip)} is not a finite number.");
        Require(double.IsFinite(Step), nameof(Step), $"Step {Invariant(Step)} is not a finite number.");
        Require(double.IsFinite(WeightVariance) && WeightVariance >= 0, nameof(WeightVariance),
            $"Weight variance {Invariant(WeightVariance)} is not a variance; it must be finite and not negative.");
        Require(double.IsFinite(BiasVariance) && BiasVariance >= 0, nameof(BiasVariance),
            $"Bias variance {Invariant(BiasVariance)} is not a variance; it must be finite and not negative.");
        base.Validate();
    }
}

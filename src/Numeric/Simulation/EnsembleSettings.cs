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
internal sealed record EnsembleSettings : SamplingSettings
{
    /// <summary>The network and its inputs.</summary>
    public required Network Network { get; init; }

    /// <summary>How one layer is drawn.</summary>
    public SamplingLaw Law { get; init; }

    /// <summary>Whether covariances of S are kept beside those of G: n Cov(S, G) and n Cov(S, S), three times the memory.</summary>
    public bool SigmaCovariances { get; init; } = true;

    public override double[,] Kernel => Network.Kernel;

    public override IReadOnlyList<int> Recorded => Network.RecordedLayers;

    public override int Layers => Network.Depth;

    public override bool HasSigma => true;

    public override bool HasSigmaCovariances => SigmaCovariances;

    public override int Lanes => EngineFactory.Lanes(this);

    public override double NumbersInSample => (double)Width * (Law == SamplingLaw.Block ? Inputs : Width + Inputs) * (Layers + 1);

    public override Func<LaneEngine> Engines(PathwiseControl? control)
    {
        var ours = control as ControlVariate;
        if (control is not null && ours is null)
            throw new ArgumentException("The control variate is that of a program of layers, and this is a plain network; prepare that of the network.", nameof(control));
        ours?.RequireFor(this);
        return () => EngineFactory.Create(this, ours);
    }

    public override void Validate()
    {
        Network.Validate();
        base.Validate();
    }
}

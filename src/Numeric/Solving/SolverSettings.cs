namespace SymbolicEft.Numeric.Solving;

/// <summary>How the equations advance in depth.</summary>
public enum Stepping
{
    /// <summary>The layer map with all powers of eps: exact in depth.</summary>
    Discrete,

    /// <summary>The differential equations in t = eps^2 l, by an adaptive integrator; needs alpha = 1.</summary>
    Continuous,

    /// <summary>The differential equations by one Euler step of eps^2 per layer: the published scheme; needs alpha = 1.</summary>
    Euler,
}

/// <summary>Whether the tangent kernel is solved for, and which weights are trained.</summary>
public enum TangentKernel
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>All weights and biases after layer 0: it is 0 at layer 0.</summary>
    OfLayers,

    /// <summary>The first dense layer, which makes layer 0 of the data, too: it is K(0) at layer 0.</summary>
    WithInput,
}

/// <summary>How a network's equations are solved.</summary>
internal sealed record SolverSettings
{
    /// <summary>How depth advances.</summary>
    public Stepping Stepping { get; init; }

    /// <summary>How Gaussian expectations are taken.</summary>
    public QuadratureChoice Quadrature { get; init; } = QuadratureChoice.Certified;

    /// <summary>Powers of 1/n beyond the leading one; g-only and hermite(k) have them.</summary>
    public int Order { get; init; }

    /// <summary>Whether the tangent kernel is solved for.</summary>
    public TangentKernel Tangent { get; init; }

    /// <summary>The learning rates of the tangent kernel.</summary>
    public LearningRates Rates { get; init; } = new();

    /// <summary>The learning rate of the layer before layer 0, in units of K(0); 0 where it is not trained.</summary>
    internal double RateOfFirst => Tangent == TangentKernel.WithInput ? Rates.First ?? 1 : 0;

    /// <summary>Whether the solution keeps the relative sizes of V4 and K1 of every layer, for <see cref="Comparison.WideEnough"/>; in continuous depth of those recorded. It changes no number.</summary>
    public bool KeepsSizes { get; init; }

    /// <summary>Told of every layer that is reached, on the thread that solves; null for nobody. It changes no number.</summary>
    public Action<int>? Reached { get; init; }

    /// <summary>Stops between layers.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Settings that are otherwise the standard ones.</summary>
    public static implicit operator SolverSettings(Stepping stepping) => new() { Stepping = stepping };
}

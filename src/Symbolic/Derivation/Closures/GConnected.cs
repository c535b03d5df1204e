namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>g-connected: the fluctuations of g-only, and the tadpole closed with the connected covariance V4 - free(K0).</summary>
public sealed record GConnected : IClosure
{
    /// <inheritdoc/>
    public string Name => "g-connected";

    /// <inheritdoc/>
    public string Summary => "As g-only, with the tadpole closed by the connected part of the covariance of G, so that no source is left at depth 0.";

    /// <inheritdoc/>
    public KeptAverages Keeps => new KeptKernel(HasConnectedTadpole: true);
}

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>g-only: S is the functional E[sigma sigma] of G; the closure of Kawase and Ota, arXiv:2604.15742.</summary>
public sealed record GOnly : IClosure
{
    /// <inheritdoc/>
    public string Name => "g-only";

    /// <inheritdoc/>
    public string Summary => "S is replaced by its Gaussian expectation at the empirical kernel G, and the tadpole is closed with the whole covariance of G.";

    /// <inheritdoc/>
    public KeptAverages Keeps => new KeptKernel();
}

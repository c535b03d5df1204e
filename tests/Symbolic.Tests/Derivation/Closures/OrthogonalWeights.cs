using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Tests;

/// <summary>orthogonal-weights: g-only for Haar-orthogonal weights, whose rows are not independent: G loses noise.</summary>
public sealed record OrthogonalWeights : IClosure
{
    /// <inheritdoc/>
    public string Name => "orthogonal-weights";

    /// <inheritdoc/>
    public string Summary => "As g-only, without the part of the noise that orthogonal weights do not make: W^T W = C_W exactly.";

    /// <inheritdoc/>
    public KeptAverages Keeps => new KeptKernel();

    // (1/n) sum_i (W s)_ia (W s)_ib = C_W S_ab without fluctuation; of the chains of Qhat those of the biases are left.
    /// <inheritdoc/>
    public LayerLaw Law(LayerLaw ofNetwork)
    {
        static Expression Weights(TensorIndex first, TensorIndex second) => Notation.RowCovariance[first, second] - Notation.BiasVariance;
        Expression lost = (Weights(Notation.A, Notation.C) * Weights(Notation.B, Notation.D)) + (Weights(Notation.A, Notation.D) * Weights(Notation.B, Notation.C));
        return ofNetwork with { Covariance = (ofNetwork.Covariance - (Notation.Step.Pow(4) * lost)).Expand() };
    }
}

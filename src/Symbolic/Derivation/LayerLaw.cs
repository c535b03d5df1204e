// What one layer does to the empirical kernel: its mean and its noise given phi, in G and Qhat. The network's own is the block law; a closure may have
// another one, and everything that is derived follows it: documents, solution, programs, control variate.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The law of the next layer's G given phi, as far as the leading order in 1/n needs it.</summary>
/// <param name="Mean">
/// E[G'_ab | phi] in the letters a, b: linear in <see cref="Notation.Kernel"/> (G) and <see cref="Notation.RowCovariance"/> (Qhat), with the parameters of
/// the layer; it may hold their values at infinite width, K0 and Q.
/// </param>
/// <param name="Covariance">The noise, n Cov(G'_ab, G'_cd | phi), in the letters a, b, c, d, of the same.</param>
public sealed record LayerLaw(Expression Mean, Expression Covariance)
{
    private static readonly Lazy<LayerLaw> Block = new(() =>
    {
        var law = BlockLaw.Derive();
        return new(law.Cumulant((Notation.A, Notation.B)), law.Cumulant((Notation.A, Notation.B), (Notation.C, Notation.D)));
    });

    /// <summary>That of the network: alpha^2 G + eps^2 Qhat, and the closed and open chains of Qhat (<see cref="BlockLaw"/>).</summary>
    public static LayerLaw OfNetwork => Block.Value;

    /// <summary>A part of a law at infinite width, where G is K0 and Qhat is Q.</summary>
    /// <param name="part">An expression in G and Qhat.</param>
    /// <param name="rows">What Q is called; by itself Q.</param>
    internal static Expression AtInfiniteWidth(Expression part, Tensor? rows = null) => part.Rewrite(node => node switch
    {
        Indexed kernel when kernel.Tensor == Notation.Kernel => Notation.MeanKernel[kernel.Indices],
        Indexed row when row.Tensor == Notation.RowCovariance || row.Tensor == Notation.MeanRowCovariance => (rows ?? Notation.MeanRowCovariance)[row.Indices],
        _ => null,
    });
}

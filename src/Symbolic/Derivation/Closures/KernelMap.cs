using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>
/// What one layer does to G_ab, order by order in 1/sqrt(n), without its noise. Everything that a closure on the kernel or on modes says of G comes from
/// here: documents, moment systems and with them solver, programs and control variate.
/// </summary>
/// <param name="Fluctuation">g_ab at the next layer, the order n^(-1/2): linear in g_ab and s_ab.</param>
/// <param name="Mean">K1_ab at the next layer, the order 1/n: linear in K1_ab and U1_ab.</param>
internal sealed record KernelMap(Expression Fluctuation, Expression Mean)
{
    /// <summary>That of the network, from the law of the rows of U (<see cref="ModeDynamics"/>).</summary>
    public static KernelMap OfNetwork() => new(ModeDynamics.Fluctuation([Notation.A, Notation.B]), ModeDynamics.Mean([Notation.A, Notation.B]));

    /// <summary>g at the next layer in the letters of two inputs.</summary>
    public Expression FluctuationOf(TensorIndex first, TensorIndex second) => Renamed(Fluctuation, first, second);

    /// <summary>K1 at the next layer in the letters of two inputs.</summary>
    public Expression MeanOf(TensorIndex first, TensorIndex second) => Renamed(Mean, first, second);

    private static Expression Renamed(Expression of, TensorIndex first, TensorIndex second) =>
        of.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = first, [Notation.B] = second });
}

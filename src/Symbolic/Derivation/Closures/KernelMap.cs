using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>What one layer does to G, order by order in 1/sqrt(n), without its noise; in the letters of moment systems.</summary>
/// <param name="Fluctuation">g at the next layer, the order n^(-1/2): linear in g and s.</param>
/// <param name="Mean">K1 at the next layer, the order 1/n: linear in K1 and U1.</param>
internal sealed record KernelMap(Expression Fluctuation, Expression Mean)
{
    /// <summary>That of the network, from the law of the rows of U (<see cref="ModeDynamics"/>).</summary>
    public static KernelMap OfNetwork() => new(
        MomentLetters.OverPairs(ModeDynamics.Fluctuation([Notation.A, Notation.B])), MomentLetters.OverPairs(ModeDynamics.Mean([Notation.A, Notation.B])));
}

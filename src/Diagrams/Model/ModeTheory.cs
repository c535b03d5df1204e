// The polynomial process of the modes at the kernel of infinite width, M_A = <H_A(phi; K0)>, in depth time. Qhat - Q is linear in the modes, and so is what is
// left of the average of a product: the powers of the modes in one layer's mean and covariance (ModeDynamics) at the order eps^2 are the kernel legs of the
// vertices. They are counted for modes of low order, of one input; higher ones have the same.
// The theory is exact, and what it says is finite for polynomial sigma; for others its sums over modes diverge beyond the leading order, which is what the clock is for.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Model;

/// <summary>The response-field theory of all Hermite modes at once, with the order of each mode left out.</summary>
internal static class ModeTheory
{
    private const int HighestOrder = 4;

    /// <summary>What everyone who sees these diagrams should know.</summary>
    public const string Remark = "The sums over modes in these diagrams converge for polynomial activations; for others they diverge beyond the leading order, where --theory clock is finite.";

    /// <summary>The theory.</summary>
    public static FieldTheory Create() => new(["M"], [new VertexFamily(1, LegCounts.Of(Drifts().Where(legs => legs > 1))), new VertexFamily(2, LegCounts.Of(Noises()))]);

    private static IEnumerable<int> Drifts() => Enumerable.Range(1, HighestOrder).SelectMany(order => Degrees(ModeDynamics.ConditionalMean(Indices(order))));

    private static IEnumerable<int> Noises() =>
        from left in Enumerable.Range(1, HighestOrder)
        from right in Enumerable.Range(1, left)
        from legs in Degrees(ModeDynamics.ConditionalCovariance(Indices(left), Indices(right)))
        select legs;

    private static TensorIndex[] Indices(int order) => [.. Enumerable.Repeat(Notation.A, order)];

    // dQ is of degree 1, and so is the average of a mode; a constant is its own average.
    private static IEnumerable<int> Degrees(Expression layer) =>
        from entry in layer.Expand().Coefficient(Notation.Step, 2).Expand().CollectIn(ModeDynamics.RowFluctuation)
        from term in entry.Coefficient.Expand().Terms.ToArray()
        select entry.Monomial.Count + term.Factors.ToArray().OfType<Indexed>().Count(factor => factor.Tensor == ModePolynomials.Modes(factor.Indices.Length));
}

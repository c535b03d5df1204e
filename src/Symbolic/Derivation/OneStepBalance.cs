// The exact budget of one layer's change of n Cov(G, G), at every width, from the block law (total covariance):
//   n Cov(G', G') = n Cov(E[G'|phi], E[G'|phi]) + E[n Cov(G', G'|phi)].
// The conditional mean is linear in (G, S), so the first part needs Cov(G,G), Cov(S,G), Cov(S,S); the second is the mean of
// products of G and Qhat, E[X Y] = E X E Y + Cov(X, Y). Nothing is closed here: measured moments go in, and the result
// is compared with what a closure says.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>One layer's exact change of the covariance of the kernel, in terms of moments of G and S.</summary>
/// <param name="Transport">The change of n Cov(G_ab, G_cd) by the conditional mean.</param>
/// <param name="Source">What the layer's own randomness adds.</param>
internal sealed record OneStepBalance(Expression Transport, Expression Source)
{
    /// <summary>n Cov(S_ab, G_cd).</summary>
    public static Tensor SigmaKernelCovariance { get; } = new("C_SG", "C^{SG}", 4, TensorSymmetry.SymmetricInEachPair);

    /// <summary>n Cov(S_ab, S_cd).</summary>
    public static Tensor SigmaSigmaCovariance { get; } = new("C_SS", "C^{SS}", 4, TensorSymmetry.CovarianceOfSymmetric);

    /// <summary>Derives the budget.</summary>
    public static OneStepBalance Derive()
    {
        var law = BlockLaw.Derive();
        Expression mean = WriteOutRows(law.Cumulant((Notation.A, Notation.B)), law);
        Expression otherMean = mean.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = Notation.C, [Notation.B] = Notation.D });
        Expression propagated = Expression.Add(
            from left in Kernels(mean)
            from right in Kernels(otherMean)
            select left.Coefficient * right.Coefficient * Covariance(left.Kernel, right.Kernel));
        Expression carried = Notation.Skip.Pow(4) * Notation.Covariance[Notation.A, Notation.B, Notation.C, Notation.D];
        Expression noise = WriteOutRows(law.Cumulant((Notation.A, Notation.B), (Notation.C, Notation.D)), law).Expand();
        return new(propagated - carried, Expression.Add(noise.Terms.ToArray().Select(MeanOfProduct)));
    }

    private static Expression WriteOutRows(Expression expression, BlockLaw law) =>
        expression.Rewrite(node => node is Indexed row && row.Tensor == Notation.RowCovariance
            ? law.RowCovariance.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = row.Indices[0], [Notation.B] = row.Indices[1] })
            : null);

    private static bool IsRandom(Expression factor) =>
        factor is Indexed indexed && (indexed.Tensor == Notation.Kernel || indexed.Tensor == Notation.SigmaKernel);

    private static IEnumerable<(Indexed Kernel, Expression Coefficient)> Kernels(Expression linear) =>
        linear.Expand().Terms.ToArray()
            .Select(term => (Kernel: term.Factors.ToArray().Where(IsRandom).Cast<Indexed>().SingleOrDefault(), Term: term))
            .Where(entry => entry.Kernel is not null)
            .Select(entry => (entry.Kernel!, entry.Term / entry.Kernel!));

    private static Expression MeanOfProduct(Expression term)
    {
        var random = new List<Indexed>();
        foreach (Expression factor in term.Factors)
        {
            if (IsRandom(Power.BaseOf(factor)))
                random.AddRange(Enumerable.Repeat((Indexed)Power.BaseOf(factor), (int)((Number)Power.ExponentOf(factor)).Value.Numerator));
        }

        return random.Count switch
        {
            < 2 => term,
            2 => term + (term / (random[0] * random[1]) * Covariance(random[0], random[1]) / Notation.Width),
            _ => throw new InvalidOperationException("The conditional covariance of G' is at most quadratic in G and S."),
        };
    }

    private static Indexed Covariance(Indexed left, Indexed right)
    {
        bool leftIsKernel = left.Tensor == Notation.Kernel, rightIsKernel = right.Tensor == Notation.Kernel;
        return (leftIsKernel, rightIsKernel) switch
        {
            (true, true) => Notation.Covariance[[.. left.Indices, .. right.Indices]],
            (false, false) => SigmaSigmaCovariance[[.. left.Indices, .. right.Indices]],
            (false, true) => SigmaKernelCovariance[[.. left.Indices, .. right.Indices]],
            (true, false) => SigmaKernelCovariance[[.. right.Indices, .. left.Indices]],
        };
    }
}

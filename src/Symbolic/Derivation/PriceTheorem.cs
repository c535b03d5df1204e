// Price's theorem: d/dK_cd E_{N(0,K)}[f] = (1 - delta_cd/2) E[d_c d_d f] when K_cd = K_dc is one entry.
// So a slot derivative (s,s) becomes 1/2 d_s d_s, and (s,t) with s < t becomes d_s d_t, inside the expectation. At a = b
// or for equal inputs the slots merge afterwards, when the indices are put in, and the result stays right.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>Carries out formal kernel derivatives of Gaussian expectations.</summary>
internal static class PriceTheorem
{
    /// <summary>Replaces every formal kernel derivative by derivatives of the integrand.</summary>
    /// <param name="expression">Any expression.</param>
    /// <param name="highestOrder">Expectations with more formal derivatives than this are left as they are.</param>
    public static Expression Apply(Expression expression, int highestOrder = int.MaxValue) =>
        expression.Rewrite(node => node is GaussianMean { Derivatives.Length: > 0 } mean && mean.Derivatives.Length <= highestOrder ? CarryOut(mean) : null);

    private static Expression CarryOut(GaussianMean mean)
    {
        Expression body = mean.Body;
        foreach (KernelEntry entry in mean.Derivatives)
        {
            body = body.Differentiate(GaussianMean.Slot(entry.First)).Differentiate(GaussianMean.Slot(entry.Second));
            if (entry.First == entry.Second)
                body *= Expression.Half;
        }

        TensorIndex[] indices = mean.Indices.ToArray();
        return Expression.Add(body.Expand().Terms.ToArray().Select(term => GaussianMean.Of(mean.Kernel, indices, term)));
    }
}

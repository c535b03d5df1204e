using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>What one layer does to G_ab, order by order in 1/sqrt(n), without its noise.</summary>
/// <param name="Fluctuation">g_ab at the next layer, the order n^(-1/2): linear in g_ab and s_ab.</param>
/// <param name="Mean">K1_ab at the next layer, the order 1/n: linear in K1_ab and U1_ab.</param>
internal sealed record KernelMap(Expression Fluctuation, Expression Mean)
{
    /// <summary>From the law of a layer: G = K0 + g/sqrt(n) + K1/n, Qhat = Q + s/sqrt(n) + C_W U1/n in its mean.</summary>
    /// <exception cref="NotSupportedException">The mean is not linear in G and Qhat.</exception>
    public static KernelMap Of(LayerLaw law) => TryOf(law)
        ?? throw new NotSupportedException($"The mean of a layer's law, {law.Mean}, is not linear in G and Qhat; write it linear in them, with K0 and Q for what is taken at infinite width.");

    /// <summary>The same; null if the mean is not linear in G and Qhat.</summary>
    public static KernelMap? TryOf(LayerLaw law)
    {
        Symbol nu = Notation.SmallParameter;
        Expression expanded = law.Mean.Rewrite(node => node switch
        {
            Indexed kernel when kernel.Tensor == Notation.Kernel =>
                Notation.MeanKernel[kernel.Indices] + (nu * Notation.Fluctuation[kernel.Indices]) + (nu.Pow(2) * Notation.MeanCorrection[kernel.Indices]),
            Indexed rows when rows.Tensor == Notation.RowCovariance =>
                Notation.MeanRowCovariance[rows.Indices] + (nu * ModeDynamics.SigmaFluctuation[rows.Indices]) + (nu.Pow(2) * Notation.WeightVariance * Notation.SigmaCorrection[rows.Indices]),
            _ => null,
        }).Expand();
        Expression mean = expanded.Coefficient(nu, 2).Expand();
        bool isLinear = mean.Nodes().All(node => node is not Indexed each || (each.Tensor != Notation.Fluctuation && each.Tensor != ModeDynamics.SigmaFluctuation));
        return isLinear ? new(expanded.Coefficient(nu, 1).Expand(), mean) : null;
    }

    /// <summary>g at the next layer in the letters of two inputs.</summary>
    public Expression FluctuationOf(TensorIndex first, TensorIndex second) => Renamed(Fluctuation, first, second);

    /// <summary>K1 at the next layer in the letters of two inputs.</summary>
    public Expression MeanOf(TensorIndex first, TensorIndex second) => Renamed(Mean, first, second);

    private static Expression Renamed(Expression of, TensorIndex first, TensorIndex second) =>
        of.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = first, [Notation.B] = second });
}

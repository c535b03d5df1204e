using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The law at depth 0: rows of phi^0 are independent N(0, K(0)), E[phi_ia phi_jb] = delta_ij K0_ab.</summary>
internal static class InitialRows
{
    /// <summary>E G_ab at depth 0.</summary>
    public static Expression KernelMean((TensorIndex First, TensorIndex Second) pair) => Cumulant([pair]);

    /// <summary>n Cov(G_ab, G_cd) at depth 0.</summary>
    public static Expression KernelCovariance((TensorIndex First, TensorIndex Second) left, (TensorIndex First, TensorIndex Second) right) =>
        Cumulant([left, right]);

    /// <summary>n^(m-1) times the joint cumulant of m components of G at depth 0.</summary>
    public static Expression Cumulant(IReadOnlyList<(TensorIndex First, TensorIndex Second)> pairs)
    {
        var neurons = pairs.Select((_, block) => TensorIndex.Neuron($"i{block}")).ToList();
        Expression cumulant = WickTheorem.JointCumulant(
            GaussianFields.Rows(Notation.Preactivation, Notation.MeanKernel),
            [.. pairs.Select((pair, block) => Notation.Preactivation[neurons[block], pair.First] * Notation.Preactivation[neurons[block], pair.Second])]);
        foreach (TensorIndex neuron in neurons)
            cumulant = IndexSum.Of(neuron, cumulant) / Notation.Width;
        return (cumulant * Notation.Width.Pow(pairs.Count - 1)).Expand();
    }
}

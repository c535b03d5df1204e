// The exact law of one layer, phi' = alpha phi + eps U, U = W sigma(phi) + b, from the law of W and b.
//   1. Rows of U: Wick over W_ij ~ N(0, C_W/n), b_i ~ N(0, C_b) gives E[U_ia U_jb | phi] = delta_ij Qhat_ab.
//   2. G'_ab = (1/n) sum_i phi'_ia phi'_ib: Wick over the rows of U gives every joint cumulant of G' given phi.
// The cumulants contain a closed loop of Qhat and an open chain of Qhat that ends on G; they are the expansion of
//   ln E[exp tr(J G') | phi] = -(n/2) ln det(1 - (2 eps^2/n) Qhat J) + alpha^2 tr(J (1 - (2 eps^2/n) Qhat J)^-1 G),
// which the tests check order by order.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The exact conditional law of the next layer's kernel.</summary>
internal sealed class BlockLaw
{
    private static readonly string[] NeuronLetters = ["i", "j", "k", "l", "m", "o"];

    private BlockLaw(Expression rowCovariance) => RowCovariance = rowCovariance;

    /// <summary>Qhat_ab in terms of the sigma-kernel, with free indices a, b.</summary>
    public Expression RowCovariance { get; }

    private static readonly Lazy<BlockLaw> Derived = new(Contract);

    /// <summary>Derives the law of the rows of U, once for all who ask.</summary>
    public static BlockLaw Derive() => Derived.Value;

    private static BlockLaw Contract()
    {
        TensorIndex i = TensorIndex.Neuron("i"), j = TensorIndex.Neuron("j"), k = TensorIndex.Neuron("k"), l = TensorIndex.Neuron("l");
        Expression contracted = WickTheorem.JointCumulant(
            new(tensor => tensor == Notation.Weight || tensor == Notation.Bias, OfWeights),
            IncrementBody(i, k, Notation.A),
            IncrementBody(j, l, Notation.B));
        Expression summed = EmpiricalAverages.Fold(IndexSum.Of(k, IndexSum.Of(l, contracted)));

        Expression delta = KroneckerDelta.Of(i, j);
        Expression rowCovariance = Expression.Add(summed.Expand().Terms.ToArray().Select(term => term / delta));
        return rowCovariance.FreeIndices().Contains(i) || rowCovariance.FreeIndices().Contains(j)
            ? throw new InvalidOperationException("Rows of U for different neurons came out correlated; the law of the weights is not the stated one.")
            : new BlockLaw(rowCovariance);
    }

    /// <summary>
    /// n^(m-1) times the joint cumulant of m components of G' given phi, in terms of alpha, eps, G and Qhat: for m = 1
    /// the mean, for m = 2 n times the covariance.
    /// </summary>
    /// <param name="pairs">The index pairs of the components.</param>
    public Expression Cumulant(params IReadOnlyList<(TensorIndex First, TensorIndex Second)> pairs)
    {
        if (pairs.Count > NeuronLetters.Length)
            throw new ArgumentException($"Cumulants are derived up to order {NeuronLetters.Length}, not {pairs.Count}.");
        var blocks = new List<Expression>();
        for (int block = 0; block < pairs.Count; block++)
        {
            TensorIndex neuron = TensorIndex.Neuron(NeuronLetters[block]);
            blocks.Add(NextPreactivation(neuron, pairs[block].First) * NextPreactivation(neuron, pairs[block].Second));
        }

        Expression cumulant = WickTheorem.JointCumulant(GaussianFields.Rows(Notation.Increment, Notation.RowCovariance), blocks);
        for (int block = 0; block < pairs.Count; block++)
            cumulant = IndexSum.Of(TensorIndex.Neuron(NeuronLetters[block]), cumulant) / Notation.Width;
        return (EmpiricalAverages.Fold(cumulant.Expand()) * Notation.Width.Pow(pairs.Count - 1)).Expand();
    }

    /// <summary>phi'_ia = alpha phi_ia + eps U_ia.</summary>
    public static Expression NextPreactivation(TensorIndex neuron, TensorIndex input) =>
        (Notation.Skip * Notation.Preactivation[neuron, input]) + (Notation.Step * Notation.Increment[neuron, input]);

    /// <summary>U_ia = sum_k W_ik sigma(phi_ka) + b_i.</summary>
    public static Expression Increment(TensorIndex neuron, TensorIndex summed, TensorIndex input) =>
        IndexSum.Of(summed, Notation.Weight[neuron, summed] * Notation.Sigma(Notation.Preactivation[summed, input])) + Notation.Bias[neuron];

    // The summand of U_ia under sum_k; the bias is spread evenly, b_i = sum_k b_i/n, so that one sum covers both.
    private static Expression IncrementBody(TensorIndex neuron, TensorIndex summed, TensorIndex input) =>
        (Notation.Weight[neuron, summed] * Notation.Sigma(Notation.Preactivation[summed, input])) + (Notation.Bias[neuron] / Notation.Width);

    private static Expression OfWeights(Indexed left, Indexed right)
    {
        if (left.Tensor != right.Tensor)
            return Expression.Zero;
        Expression sameNeuron = KroneckerDelta.Of(left.Indices[0], right.Indices[0]);
        return left.Tensor == Notation.Bias
            ? sameNeuron * Notation.BiasVariance
            : sameNeuron * KroneckerDelta.Of(left.Indices[1], right.Indices[1]) * Notation.WeightVariance / Notation.Width;
    }
}

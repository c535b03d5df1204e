// Wick's theorem for joint cumulants of polynomials in Gaussian fields (Isserlis; linked-cluster form):
//   1. expand every block into monomials and take one monomial from each block;
//   2. pair the Gaussian atoms in all ways, each pair contributing its covariance;
//   3. keep the pairings that connect all blocks: their sum is the joint cumulant of the blocks.
// With one block every pairing is connected and the result is the mean. Fields have mean 0.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>A family of centred, jointly Gaussian fields.</summary>
/// <param name="IsRandom">True for a tensor whose components are random.</param>
/// <param name="Covariance">The covariance of two random components; 0 for independent ones.</param>
internal sealed record GaussianFields(Func<Tensor, bool> IsRandom, Func<Indexed, Indexed, Expression> Covariance)
{
    /// <summary>One random field of neurons and inputs, seen at one neuron.</summary>
    /// <param name="field">The field.</param>
    /// <param name="covariance">The covariance between two inputs.</param>
    public static GaussianFields Row(Tensor field, Func<TensorIndex, TensorIndex, Expression> covariance) =>
        new(tensor => tensor == field, (left, right) => covariance(left.Indices[1], right.Indices[1]));

    /// <summary>The same at any neurons, which are independent of each other.</summary>
    public static GaussianFields Rows(Tensor field, Tensor covariance) =>
        new(tensor => tensor == field, (left, right) => KroneckerDelta.Of(left.Indices[0], right.Indices[0]) * covariance[left.Indices[1], right.Indices[1]]);
}

/// <summary>Wick contraction of Gaussian fields.</summary>
internal static class WickTheorem
{
    /// <summary>The joint cumulant of the blocks; the mean for one block, the covariance for two.</summary>
    /// <param name="law">The Gaussian law.</param>
    /// <param name="blocks">Polynomials in the random components.</param>
    public static Expression JointCumulant(GaussianFields law, params IReadOnlyList<Expression> blocks)
    {
        var total = new List<Expression>();
        var chosen = new List<(Indexed Atom, int Block)>();
        ChooseMonomials(0, Expression.One);
        return Expression.Add(total);

        void ChooseMonomials(int block, Expression coefficient)
        {
            if (block == blocks.Count)
            {
                if (chosen.Count % 2 == 0)
                    Pair(coefficient, [.. chosen], [.. Enumerable.Range(0, blocks.Count)]);
                return;
            }

            int before = chosen.Count;
            foreach (Expression monomial in blocks[block].Expand().Terms)
            {
                Expression rest = Expression.One;
                foreach (Expression factor in monomial.Factors)
                {
                    if (Power.BaseOf(factor) is Indexed atom && law.IsRandom(atom.Tensor))
                    {
                        for (int copy = 0; copy < (int)((Number)Power.ExponentOf(factor)).Value.Numerator; copy++)
                            chosen.Add((atom, block));
                    }
                    else
                    {
                        rest *= factor;
                    }
                }

                ChooseMonomials(block + 1, coefficient * rest);
                chosen.RemoveRange(before, chosen.Count - before);
            }
        }

        // Pairs the first free atom with every other; clusters[block] is the cluster that the pairs made so far put it in.
        void Pair(Expression value, List<(Indexed Atom, int Block)> free, int[] clusters)
        {
            if (value.IsZero)
                return;
            if (free.Count == 0)
            {
                if (clusters.All(cluster => cluster == clusters[0]))
                    total.Add(value);
                return;
            }

            (Indexed atom, int block) = free[0];
            for (int at = 1; at < free.Count; at++)
            {
                List<(Indexed, int)> rest = [.. free[1..at], .. free[(at + 1)..]];
                int from = clusters[block], to = clusters[free[at].Block];
                int[] merged = [.. clusters.Select(cluster => cluster == from ? to : cluster)];
                Pair(value * law.Covariance(atom, free[at].Atom), rest, merged);
            }
        }
    }
}

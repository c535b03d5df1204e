using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Equations;

// From a last move to a formula with input indices.
//
// The external legs are the index pairs (a,b), (c,d), ... by label. A block with the vertex (p, m) is the derivative of order
// m of the conditional cumulant of the p components that it drives. The process gives it as a sum of monomials in m
// components of the fluctuation; written for the derivative, every way to hand the m components of a monomial to the m
// kernel legs counts once. A leg that stands still hands its own pair on. Every part takes the pairs on its legs, in the
// order of its labels.

/// <summary>Writes the terms that last moves stand for as expressions in tensors with input indices.</summary>
internal static class MoveFormula
{
    /// <summary>Vertices times parts, summed over the assignments of components to legs.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="parts">For every part the blocks that its legs lead to, and its value at given pairs.</param>
    /// <param name="external">E of the equation.</param>
    /// <param name="process">The conditional cumulants behind the vertices.</param>
    internal static Expression Write(
        IReadOnlyList<MovingBlock> blocks,
        IReadOnlyList<(IReadOnlyList<int> Blocks, Func<(TensorIndex First, TensorIndex Second)[], Expression> Value)> parts,
        int external,
        IKernelProcess process)
    {
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(external);
        List<((TensorIndex First, TensorIndex Second)[] Pairs, Expression Coupling)>[] choices = [.. blocks.Select(block => Choices(block, legs, process))];
        var terms = new List<Expression>();
        var chosen = new (TensorIndex First, TensorIndex Second)[blocks.Count][];
        Choose(0, Expression.One);
        return Expression.Add(terms);

        void Choose(int at, Expression coupling)
        {
            if (at == blocks.Count)
            {
                terms.Add(coupling * Parts());
                return;
            }

            foreach (((TensorIndex, TensorIndex)[] pairs, Expression factor) in choices[at])
            {
                chosen[at] = pairs;
                Choose(at + 1, coupling * factor);
            }
        }

        Expression Parts()
        {
            var next = new int[blocks.Count];
            Expression product = Expression.One;
            foreach ((IReadOnlyList<int> partBlocks, Func<(TensorIndex, TensorIndex)[], Expression> value) in parts)
                product *= value([.. partBlocks.Select(block => chosen[block][next[block]++])]);
            return product;
        }
    }

    // The pairs that a block hands to its kernel legs, in all orders, with the coupling of each.
    private static List<((TensorIndex First, TensorIndex Second)[] Pairs, Expression Coupling)> Choices(
        MovingBlock block, IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, IKernelProcess process)
    {
        if (!block.Moves)
            return [([legs[block.Externals[0]]], Expression.One)];
        var choices = new List<((TensorIndex, TensorIndex)[], Expression)>();
        foreach ((IReadOnlyList<Indexed> monomial, Expression coupling) in process.Vertex([.. block.Externals.Select(leg => legs[leg])], block.Vertex.KernelLegs))
        {
            // A vertex that vanishes comes as the number zero, without its components.
            if (coupling.IsZero) continue;
            foreach (int[] order in Orders(monomial.Count))
                choices.Add(([.. order.Select(at => (monomial[at].Indices[0], monomial[at].Indices[1]))], coupling));
        }

        return choices;
    }

    /// <summary>All permutations of 0, ..., count - 1.</summary>
    internal static IEnumerable<int[]> Orders(int count)
    {
        if (count == 0) return [[]];
        return from order in Orders(count - 1)
               from place in Enumerable.Range(0, count)
               select (int[])[.. order[..place], count - 1, .. order[place..]];
    }
}

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>Operations on the indices of an expression.</summary>
public static class IndexOperations
{
    /// <summary>All free indices, sorted.</summary>
    public static IReadOnlySet<TensorIndex> FreeIndices(this Expression expression)
    {
        var result = new SortedSet<TensorIndex>();
        Collect(expression, result, []);
        return result;
    }

    /// <summary>Renames the free indices; bound ones are left alone.</summary>
    public static Expression Rename(this Expression expression, Func<TensorIndex, TensorIndex> rename) =>
        expression.Rewrite(node => node is ITensorExpression tensor ? tensor.WithIndices(rename) : null);

    /// <summary>Renames the free indices by a table; those not in it stay.</summary>
    public static Expression Rename(this Expression expression, IReadOnlyDictionary<TensorIndex, TensorIndex> table) =>
        expression.Rename(index => table.TryGetValue(index, out TensorIndex to) ? to : index);

    internal static int Hash(int seed, ReadOnlySpan<TensorIndex> indices)
    {
        var hash = default(HashCode);
        hash.Add(seed);
        foreach (TensorIndex index in indices)
            hash.Add(index);
        return hash.ToHashCode();
    }

    internal static int Compare(ReadOnlySpan<TensorIndex> left, ReadOnlySpan<TensorIndex> right)
    {
        for (int at = 0; at < left.Length && at < right.Length; at++)
        {
            int order = left[at].CompareTo(right[at]);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static void Collect(Expression node, SortedSet<TensorIndex> found, HashSet<Expression> seen)
    {
        if (!seen.Add(node))
            return;
        switch (node)
        {
            case Indexed indexed:
                foreach (TensorIndex index in indexed.Indices)
                    found.Add(index);
                break;
            case KroneckerDelta delta:
                foreach (TensorIndex index in delta.Indices)
                    found.Add(index);
                break;
            case GaussianMean mean:
                foreach (TensorIndex index in mean.Indices)
                    found.Add(index);
                break;
            case IndexSum sum:
                found.UnionWith(sum.Body.FreeIndices().Where(index => index != sum.Index));
                break;
            default:
                foreach (Expression operand in node.Operands)
                    Collect(operand, found, seen);
                break;
        }
    }
}

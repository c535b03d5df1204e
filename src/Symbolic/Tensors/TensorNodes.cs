using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>A node that carries tensor indices outside its operands.</summary>
internal interface ITensorExpression
{
    /// <summary>Order of the content that is not in the operands.</summary>
    int CompareContent(Expression other);

    /// <summary>The same node with other indices.</summary>
    Expression WithIndices(Func<TensorIndex, TensorIndex> rename);
}

/// <summary>A component of a tensor, such as G_ab.</summary>
public sealed class Indexed : Expression, ITensorExpression
{
    private readonly TensorIndex[] _indices;

    private Indexed(Tensor tensor, TensorIndex[] indices)
        : base(IndexOperations.Hash(HashCode.Combine(23, tensor.Name), indices)) => (Tensor, _indices) = (tensor, indices);

    /// <summary>The tensor.</summary>
    public Tensor Tensor { get; }

    /// <summary>The indices, in canonical order.</summary>
    public ReadOnlySpan<TensorIndex> Indices => _indices;

    internal override int Rank => 8;

    /// <summary>The component with these indices, brought to canonical order.</summary>
    public static Indexed Of(Tensor tensor, params ReadOnlySpan<TensorIndex> indices) =>
        ExpressionPool.Intern(new Indexed(tensor, tensor.Canonical(indices)));

    int ITensorExpression.CompareContent(Expression other)
    {
        var indexed = (Indexed)other;
        int order = string.CompareOrdinal(Tensor.Name, indexed.Tensor.Name);
        return order != 0 ? order : IndexOperations.Compare(_indices, indexed._indices);
    }

    Expression ITensorExpression.WithIndices(Func<TensorIndex, TensorIndex> rename) => Of(Tensor, [.. _indices.Select(rename)]);

    internal override bool HasSameContent(Expression other) =>
        other is Indexed indexed && indexed.Tensor.Name == Tensor.Name && _indices.AsSpan().SequenceEqual(indexed._indices);
}

/// <summary>Kronecker's delta: 1 for equal indices, else 0.</summary>
public sealed class KroneckerDelta : Expression, ITensorExpression
{
    private readonly TensorIndex[] _indices;

    private KroneckerDelta(TensorIndex first, TensorIndex second)
        : base(IndexOperations.Hash(29, [first, second])) => _indices = [first, second];

    /// <summary>The two indices, the smaller first.</summary>
    public ReadOnlySpan<TensorIndex> Indices => _indices;

    internal override int Rank => 7;

    /// <summary>delta of two indices: the number 1 or 0 where that is known.</summary>
    public static Expression Of(TensorIndex first, TensorIndex second)
    {
        if (first == second)
            return One;
        if (first.IsDefinite && second.IsDefinite)
            return Zero;
        return first.CompareTo(second) < 0
            ? ExpressionPool.Intern(new KroneckerDelta(first, second))
            : ExpressionPool.Intern(new KroneckerDelta(second, first));
    }

    int ITensorExpression.CompareContent(Expression other) => IndexOperations.Compare(_indices, ((KroneckerDelta)other)._indices);

    Expression ITensorExpression.WithIndices(Func<TensorIndex, TensorIndex> rename) => Of(rename(_indices[0]), rename(_indices[1]));

    internal override bool HasSameContent(Expression other) =>
        other is KroneckerDelta delta && _indices.AsSpan().SequenceEqual(delta._indices);
}

/// <summary>
/// The sum over all neurons, sum_i f_i. Terms are separated, factors without the index pulled out, deltas carried
/// out, and a sum over nothing is n.
/// </summary>
public sealed class IndexSum : Expression, ITensorExpression
{
    private readonly Expression[] _body;

    private IndexSum(TensorIndex index, Expression body)
        : base(ExpressionPool.Mix(HashCode.Combine(31, index), [body])) => (Index, _body) = (index, [body]);

    /// <summary>The number of neurons, n: the value of a sum of ones.</summary>
    public static Symbol Width { get; } = Symbol.Of("n");

    /// <summary>The summation index.</summary>
    public TensorIndex Index { get; }

    /// <summary>What is summed.</summary>
    public Expression Body => _body[0];

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Operands => _body;

    internal override int Rank => 9;

    /// <summary>The canonical sum over a neuron index.</summary>
    public static Expression Of(TensorIndex index, Expression body)
    {
        if (index.Kind != IndexKind.Neuron || index.IsDefinite)
            throw new ArgumentException($"The summation index {index} must be a neuron letter.");
        Expression expanded = body.Expand();
        if (expanded is Sum)
        {
            var terms = new Expression[expanded.Operands.Length];
            for (int at = 0; at < terms.Length; at++)
                terms[at] = Of(index, expanded.Operands[at]);
            return Sum.Of(terms);
        }

        Expression outside = One, inside = One;
        foreach (Expression factor in expanded.Factors)
        {
            if (factor.FreeIndices().Contains(index))
                inside *= factor;
            else
                outside *= factor;
        }

        if (inside.IsOne)
            return Width * outside;
        foreach (Expression factor in inside.Factors)
        {
            if (factor is KroneckerDelta delta)
            {
                TensorIndex other = delta.Indices[0] == index ? delta.Indices[1] : delta.Indices[0];
                return outside * (inside / delta).Rename(each => each == index ? other : each);
            }
        }

        return outside * ExpressionPool.Intern(new IndexSum(index, inside));
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(Index, operands[0]);

    int ITensorExpression.CompareContent(Expression other) => Index.CompareTo(((IndexSum)other).Index);

    // The summation index is bound: a renaming of free indices passes it by.
    Expression ITensorExpression.WithIndices(Func<TensorIndex, TensorIndex> rename) => this;

    internal override bool HasSameContent(Expression other) =>
        other is IndexSum sum && sum.Index == Index && ReferenceEquals(sum.Body, Body);
}

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>The indices of a tensor that has a mode, or a matrix over modes: M = (k, q, i) and its other indices.</summary>
/// <param name="Order">k.</param>
/// <param name="Pair">q, the last pair that the tensor names.</param>
/// <param name="Components">i, or i and j.</param>
/// <param name="Leading">The other indices, in order.</param>
internal sealed record ModeIndices(TensorIndex Order, TensorIndex Pair, TensorIndex[] Components, TensorIndex[] Leading)
{
    /// <summary>Those of a component; null if it has no mode.</summary>
    public static ModeIndices? Of(Indexed component)
    {
        TensorIndex[] indices = component.Indices.ToArray();
        TensorIndex[] components = [.. indices.Where(index => index.Kind == IndexKind.Component)];
        if (components.Length == 0)
            return null;
        int pair = Array.FindLastIndex(indices, index => index.Kind == IndexKind.Pair);
        return new(
            indices.Single(index => index.Kind == IndexKind.Order), indices[pair], components,
            [.. indices.Where((index, at) => at != pair && index.Kind is not (IndexKind.Order or IndexKind.Component))]);
    }
}

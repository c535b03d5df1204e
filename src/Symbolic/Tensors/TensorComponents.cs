namespace SymbolicEft.Symbolic.Tensors;

/// <summary>The independent components of tensors over definite inputs.</summary>
internal static class TensorComponents
{
    /// <summary>
    /// Pairs (0,0), (0,1), ..., (1,1), ...; pairs of pairs (of pairs ...); their upper triangle; for a joint cumulant p at most q at
    /// most r ... over pairs, the last running fastest.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="inputs">N.</param>
    /// <exception cref="NotSupportedException">The tensor has another shape.</exception>
    public static IReadOnlyList<Indexed> ComponentsOver(this Tensor tensor, int inputs)
    {
        List<TensorIndex[]> pairs = [.. from a in Enumerable.Range(0, inputs) from b in Enumerable.Range(a, inputs - a) select new[] { TensorIndex.Input(a), TensorIndex.Input(b) }];
        return (tensor.Arity % 2 == 0, tensor.Symmetry) switch
        {
            (true, TensorSymmetry.Symmetric) when tensor.Arity == 2 => [.. pairs.Select(pair => tensor[pair])],
            (true, TensorSymmetry.SymmetricInEachPair) => [.. Tuples(pairs, tensor.Arity / 2, isAscending: false).Select(indices => tensor[indices])],
            (true, TensorSymmetry.CumulantOfSymmetric) => [.. Tuples(pairs, tensor.Arity / 2, isAscending: true).Select(indices => tensor[indices])],
            (true, TensorSymmetry.CovarianceOfSymmetric) when tensor.Arity == 4 => [.. Tuples(pairs, 2, isAscending: true).Select(indices => tensor[indices])],
            _ => throw new NotSupportedException($"{tensor.Name} has {tensor.Arity} indices with symmetry {tensor.Symmetry}; components are known of pairs, covariances and joint cumulants of pairs."),
        };
    }

    private static IEnumerable<TensorIndex[]> Tuples(List<TensorIndex[]> pairs, int count, bool isAscending, int least = 0) => count == 0
        ? [[]]
        : from first in Enumerable.Range(least, pairs.Count - least)
          from rest in Tuples(pairs, count - 1, isAscending, isAscending ? first : 0)
          select pairs[first].Concat(rest).ToArray();
}

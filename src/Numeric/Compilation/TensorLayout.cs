using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>A block of a vector that holds the independent components of one tensor.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="inputs">N.</param>
/// <param name="offset">Where its first component stands.</param>
internal sealed class TensorBlock(Tensor tensor, int inputs, int offset)
{
    private IReadOnlyList<Indexed>? _components;

    /// <summary>The tensor.</summary>
    public Tensor Tensor => tensor;

    /// <summary>Where its first component stands.</summary>
    public int Offset => offset;

    /// <summary>How many independent components it has.</summary>
    public int Count { get; } = TensorLayout.CountOf(tensor, inputs);

    /// <summary>Its independent components, in order; made when first asked for, as V4 of 64 inputs has two million.</summary>
    public IReadOnlyList<Indexed> Components => _components ??= TensorLayout.ComponentsOf(tensor, inputs);
}

/// <summary>The layout of a vector that holds several tensors over N inputs.</summary>
internal sealed class TensorLayout
{
    private Dictionary<Expression, int>? _slots;

    /// <summary>Lays tensors out one after another.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="tensors">The tensors.</param>
    public TensorLayout(int inputs, IEnumerable<Tensor> tensors)
    {
        Inputs = inputs;
        var blocks = new List<TensorBlock>();
        foreach (Tensor tensor in tensors)
        {
            blocks.Add(new(tensor, inputs, Length));
            Length = checked(Length + blocks[^1].Count);
        }

        Blocks = blocks;
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>The blocks, in order.</summary>
    public IReadOnlyList<TensorBlock> Blocks { get; }

    /// <summary>The length of the vector.</summary>
    public int Length { get; private set; }

    /// <summary>Where a component stands.</summary>
    public int SlotOf(Indexed component)
    {
        if (_slots is null)
        {
            var slots = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
            foreach (TensorBlock block in Blocks)
            {
                for (int at = 0; at < block.Count; at++)
                    slots.Add(block.Components[at], block.Offset + at);
            }

            _slots = slots;
        }

        return _slots.TryGetValue(component, out int slot) ? slot : throw new NotSupportedException($"{component} is not a variable of this program.");
    }

    /// <summary>The part of a vector that holds a tensor.</summary>
    public Span<double> Part(double[] vector, Tensor tensor)
    {
        TensorBlock block = Blocks.Single(each => each.Tensor == tensor);
        return vector.AsSpan(block.Offset, block.Count);
    }

    /// <summary>How many independent components a tensor has over N inputs.</summary>
    /// <exception cref="NotSupportedException">The tensor has another shape.</exception>
    public static int CountOf(Tensor tensor, int inputs)
    {
        int pairs = PairIndexing.Count(inputs);
        return (tensor.Arity, tensor.Symmetry) switch
        {
            (2, TensorSymmetry.Symmetric) => pairs,
            (4, TensorSymmetry.SymmetricInEachPair) => checked(pairs * pairs),
            (4, TensorSymmetry.CovarianceOfSymmetric) => checked(pairs * (pairs + 1) / 2),
            _ => ComponentsOf(tensor, inputs).Count,
        };
    }

    /// <summary>
    /// The independent components of a tensor over N inputs: pairs; pairs of pairs (of pairs ...); their upper triangle; for a joint
    /// cumulant p at most q at most r ... over pairs, the last running fastest.
    /// </summary>
    /// <exception cref="NotSupportedException">The tensor has another shape.</exception>
    public static IReadOnlyList<Indexed> ComponentsOf(Tensor tensor, int inputs)
    {
        List<TensorIndex[]> pairs = [.. PairIndexing.All(inputs).Select(pair => new[] { TensorIndex.Input(pair.First), TensorIndex.Input(pair.Second) })];
        return (tensor.Arity, tensor.Symmetry) switch
        {
            (2, TensorSymmetry.Symmetric) => [.. pairs.Select(pair => tensor[pair])],
            (4, TensorSymmetry.SymmetricInEachPair) =>
                [.. from p in Enumerable.Range(0, pairs.Count) from q in Enumerable.Range(0, pairs.Count) select tensor[[.. pairs[p], .. pairs[q]]]],
            (4, TensorSymmetry.CovarianceOfSymmetric) =>
                [.. from p in Enumerable.Range(0, pairs.Count) from q in Enumerable.Range(p, pairs.Count - p) select tensor[[.. pairs[p], .. pairs[q]]]],
            (_, TensorSymmetry.SymmetricInEachPair) when tensor.Arity % 2 == 0 => [.. Tuples(pairs, tensor.Arity / 2).Select(indices => tensor[indices])],
            (_, TensorSymmetry.CumulantOfSymmetric) when tensor.Arity % 2 == 0 => [.. Ascending(pairs, tensor.Arity / 2, 0).Select(indices => tensor[indices])],
            _ => throw new NotSupportedException($"{tensor.Name} has {tensor.Arity} indices with symmetry {tensor.Symmetry}; the component compiler knows pairs, covariances and joint cumulants of pairs."),
        };
    }

    private static IEnumerable<TensorIndex[]> Tuples(List<TensorIndex[]> pairs, int count) => count == 0
        ? [[]]
        : from first in pairs
          from rest in Tuples(pairs, count - 1)
          select first.Concat(rest).ToArray();

    private static IEnumerable<TensorIndex[]> Ascending(List<TensorIndex[]> pairs, int count, int least)
    {
        if (count == 0)
            return [[]];
        return from first in Enumerable.Range(least, pairs.Count - least)
               from rest in Ascending(pairs, count - 1, first)
               select pairs[first].Concat(rest).ToArray();
    }
}

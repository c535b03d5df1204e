using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>A block of a vector that holds the independent components of one tensor.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Offset">Where its first component stands.</param>
/// <param name="Components">Its independent components, in order.</param>
public sealed record TensorBlock(Tensor Tensor, int Offset, IReadOnlyList<Indexed> Components);

/// <summary>The layout of a vector that holds several tensors over N inputs.</summary>
public sealed class TensorLayout
{
    private readonly Dictionary<Expression, int> _slots = new(ReferenceEqualityComparer.Instance);

    /// <summary>Lays tensors out one after another.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="tensors">The tensors.</param>
    public TensorLayout(int inputs, IEnumerable<Tensor> tensors)
    {
        Inputs = inputs;
        var blocks = new List<TensorBlock>();
        foreach (Tensor tensor in tensors)
        {
            IReadOnlyList<Indexed> components = ComponentsOf(tensor, inputs);
            blocks.Add(new(tensor, Length, components));
            foreach (Indexed component in components)
                _slots.Add(component, Length++);
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
    public int SlotOf(Indexed component) =>
        _slots.TryGetValue(component, out int slot) ? slot : throw new NotSupportedException($"{component} is not a variable of this program.");

    /// <summary>The part of a vector that holds a tensor.</summary>
    public Span<double> Part(double[] vector, Tensor tensor)
    {
        TensorBlock block = Blocks.Single(each => each.Tensor == tensor);
        return vector.AsSpan(block.Offset, block.Components.Count);
    }

    /// <summary>
    /// The independent components of a tensor over N inputs: pairs; pairs of pairs; their upper triangle; for a joint
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
            (_, TensorSymmetry.CumulantOfSymmetric) when tensor.Arity % 2 == 0 => [.. Ascending(pairs, tensor.Arity / 2, 0).Select(indices => tensor[indices])],
            _ => throw new NotSupportedException($"{tensor.Name} has {tensor.Arity} indices with symmetry {tensor.Symmetry}; the component compiler knows pairs, covariances and joint cumulants of pairs."),
        };
    }

    private static IEnumerable<TensorIndex[]> Ascending(List<TensorIndex[]> pairs, int count, int least)
    {
        if (count == 0)
            return [[]];
        return from first in Enumerable.Range(least, pairs.Count - least)
               from rest in Ascending(pairs, count - 1, first)
               select pairs[first].Concat(rest).ToArray();
    }
}

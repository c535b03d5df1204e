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
    public IReadOnlyList<Indexed> Components => _components ??= tensor.ComponentsOver(inputs);
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
            _ => tensor.ComponentsOver(inputs).Count,
        };
    }
}

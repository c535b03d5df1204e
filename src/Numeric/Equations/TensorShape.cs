// How the tensors of a moment system are stored, read off their typed indices:
//   inputs                              its independent components (TensorLayout): a matrix is stored over pairs
//   pairs, observables, members         dense, the last index fastest
//   ... and one mode (k, q, i)          the other indices, then all modes, pair by pair, order by order
//   (k, q, i, j)                        for each pair and order the matrix over its components
//   in one block                        for each block the dense array over its observables and members

using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The storage of a tensor.</summary>
internal sealed class TensorShape
{
    private TensorShape(int length, int[]? blockStarts = null) => (Length, BlockStarts) = (length, blockStarts);

    /// <summary>The number of entries.</summary>
    public int Length { get; }

    /// <summary>Where each block begins, for a tensor in one block; else null.</summary>
    public int[]? BlockStarts { get; }

    /// <summary>The shape of a tensor with these indices.</summary>
    public static TensorShape Of(Indexed component, IndexRanges ranges)
    {
        TensorIndex[] indices = component.Indices.ToArray();
        if (indices.All(index => index.Kind == IndexKind.Input))
            return new(TensorLayout.CountOf(component.Tensor, ranges.Inputs));
        if (component.Tensor.IsInOneBlock)
        {
            var starts = new int[ranges.Members.Length];
            for (int block = 0; block + 1 < starts.Length; block++)
                starts[block + 1] = starts[block] + indices.Aggregate(1, (size, index) => size * SizeIn(block, index.Kind, ranges));
            return new(starts[^1], starts);
        }

        if (ModeIndices.Of(component) is not { } mode)
            return new(indices.Aggregate(1, (size, index) => checked(size * ranges.Count(index.Kind))));
        int leading = mode.Leading.Aggregate(1, (size, index) => checked(size * ranges.Count(index.Kind)));
        return new(checked(leading * (mode.Components.Length == 1 ? ranges.Modes.Length : ranges.Matrices)));
    }

    /// <summary>The number of values that an index has in a block.</summary>
    public static int SizeIn(int block, IndexKind kind, IndexRanges ranges) => ranges.BlockStarts(kind)[block + 1] - ranges.BlockStarts(kind)[block];
}

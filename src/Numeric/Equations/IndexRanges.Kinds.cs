using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

internal sealed partial class IndexRanges
{
    /// <summary>The number of values of an index that stands by itself.</summary>
    public int Count(IndexKind kind) => kind switch
    {
        IndexKind.Pair => Modes.Pairs.Length,
        IndexKind.Observable => Observables[^1],
        IndexKind.Member => Members[^1],
        IndexKind.EveryMode => ProductModes.Length(Observables[^1] > 0 ? ObservableExpansion.HighestOfTwo : TwoNeuronModes.HighestOf(Modes), 2),
        IndexKind.Direction => 2,
        _ => throw new NotSupportedException($"An index of kind {kind} stands by itself in no contraction."),
    };

    /// <summary>Where the values of an index begin in each block.</summary>
    public int[] BlockStarts(IndexKind kind) => kind == IndexKind.Observable ? Observables : Members;
}

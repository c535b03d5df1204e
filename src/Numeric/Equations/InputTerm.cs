// A term in the letters of inputs, such as K_ac Q_bd for the pairs p = (a, b) and q = (c, d): nothing is summed, and matrices over inputs, which are
// stored over pairs, are looked up.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>A term in the letters of inputs.</summary>
internal sealed class InputTerm : ITerm
{
    private readonly int _pairs, _others, _inputs;
    private readonly int[] _pairOf;
    private readonly Factor _first;
    private readonly Factor? _second;

    /// <summary>Compiles a term.</summary>
    /// <param name="left">The component that the equation determines, of the pairs p and q, or of p alone.</param>
    /// <param name="factors">One or two tensors.</param>
    /// <param name="ranges">What the indices count to.</param>
    public InputTerm(Indexed left, IReadOnlyList<Indexed> factors, IndexRanges ranges)
    {
        (_pairs, _inputs) = (ranges.Modes.Pairs.Length, ranges.Inputs);
        _others = left.Indices[0].Kind == IndexKind.Pair && left.Indices.Length == 2 ? _pairs : 1;
        _pairOf = [.. from a in Enumerable.Range(0, _inputs) from b in Enumerable.Range(0, _inputs) select PairIndexing.Of(a, b, _inputs)];
        int[] firsts = [.. ranges.Modes.Pairs.Select(pair => pair.First)], seconds = [.. ranges.Modes.Pairs.Select(pair => pair.Second)];
        (int[] Inputs, bool IsOfSecond) Letter(TensorIndex letter) =>
            letter == Notation.A ? (firsts, false) : letter == Notation.B ? (seconds, false) : letter == Notation.C ? (firsts, true) : letter == Notation.D ? (seconds, true)
            : throw new NotSupportedException($"The letter {letter} belongs to no pair of the equation of {left}.");
        Factor[] made = [.. factors.Select(factor => factor.Indices.Length switch
        {
            1 when factor.Indices[0].Kind == IndexKind.Pair => new Factor(null, false, null, false),
            2 when factor.Indices[0].Kind == IndexKind.Pair && factor.Indices.SequenceEqual(left.Indices) => new Factor(null, true, null, false),
            2 when factor.Indices[0].Kind == IndexKind.Input && Letter(factor.Indices[0]) is var row && Letter(factor.Indices[1]) is var column =>
                new Factor(row.Inputs, row.IsOfSecond, column.Inputs, column.IsOfSecond),
            _ => throw new NotSupportedException($"{factor} in the equation of {left} is neither a matrix over inputs nor a vector over pairs."),
        })];
        (_first, _second) = (made[0], made.ElementAtOrDefault(1));
        if (made.Length > 2)
            throw new NotSupportedException($"A term of {left} has {made.Length} tensors; it can have two.");
    }

    /// <inheritdoc/>
    public void Add(double coefficient, TensorValues result, TensorValues first, TensorValues second)
    {
        int to = result.Offset;
        for (int p = 0; p < _pairs; p++)
        {
            for (int q = 0; q < _others; q++)
            {
                double value = first.Values[first.Offset + Place(_first, p, q)];
                if (_second is not null)
                    value *= second.Values[second.Offset + Place(_second, p, q)];
                result.Values[to++] += coefficient * value;
            }
        }
    }

    private int Place(Factor factor, int p, int q) =>
        factor.Rows is null ? factor.RowOfSecond ? (p * _pairs) + q : p : _pairOf[(factor.Rows[factor.RowOfSecond ? q : p] * _inputs) + factor.Columns![factor.ColumnOfSecond ? q : p]];

    /// <summary>Where a factor is looked up: the input of p or q that is its row, and its column; rows are null for a vector over the pair p, or (of the second) a matrix over p and q.</summary>
    private sealed record Factor(int[]? Rows, bool RowOfSecond, int[]? Columns, bool ColumnOfSecond);
}

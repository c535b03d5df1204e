// An equation in the letters of inputs whose right side is any function of tensors and letters, such as gain^2 K0_ab (K0_aa + delta)^(-1/2) ..., with Kronecker
// deltas: compiled once, and evaluated for each pair p = (a, b), or for each two pairs p and q = (c, d), a at most b and c at most d.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>An equation in the letters of inputs.</summary>
internal sealed class ElementwiseEquation
{
    private readonly Expression[] _atoms; // tensors and Kronecker deltas
    private readonly Symbol[] _letters;
    private readonly Action<double[], double[]> _function;
    private readonly double[] _arguments, _value = new double[1];
    private readonly int[] _places; // entry by entry, atom by atom: where it is in its tensor; the value itself of a delta

    /// <summary>Compiles an equation.</summary>
    /// <param name="left">The component that it determines, of the pairs p and q, of p alone, or of the letters a, b.</param>
    /// <param name="right">The right side.</param>
    /// <param name="ranges">What the indices count to.</param>
    public ElementwiseEquation(Indexed left, Expression right, IndexRanges ranges)
    {
        bool isOfTwo = left.Indices[0].Kind == IndexKind.Pair && left.Indices.Length == 2;
        _atoms = [.. right.Nodes().Where(node => node is Indexed or KroneckerDelta).Distinct()];
        _letters = [.. right.Nodes().OfType<Symbol>().Distinct().OrderBy(letter => letter.Name, StringComparer.Ordinal)];
        _function = ScalarCompiler.CompileMany([right], [.. _atoms, .. _letters]);
        _arguments = new double[_atoms.Length + _letters.Length];
        InputPair[] pairs = ranges.Modes.Pairs;
        int others = isOfTwo ? pairs.Length : 1;
        Length = pairs.Length * others;
        _places = new int[Length * _atoms.Length];
        for (int p = 0; p < pairs.Length; p++)
        {
            for (int q = 0; q < others; q++)
            {
                for (int at = 0; at < _atoms.Length; at++)
                    _places[(((p * others) + q) * _atoms.Length) + at] = Place(_atoms[at], p, q);
            }
        }

        int Place(Expression node, int p, int q)
        {
            int Input(TensorIndex letter) =>
                letter == Notation.A ? pairs[p].First : letter == Notation.B ? pairs[p].Second : letter == Notation.C ? pairs[q].First : letter == Notation.D ? pairs[q].Second
                : throw new NotSupportedException($"The letter {letter} belongs to no pair of the equation of {left}.");
            TensorIndex[] indices = node is Indexed indexed ? indexed.Indices.ToArray() : ((KroneckerDelta)node).Indices.ToArray();
            if (node is KroneckerDelta)
                return Input(indices[0]) == Input(indices[1]) ? 1 : 0;
            int[] places = indices[0].Kind == IndexKind.Pair
                ? [.. indices.Select(index => isOfTwo && index == left.Indices[1] ? q : p)]
                : [.. indices.Chunk(2).Select(pair => PairIndexing.Of(Input(pair[0]), Input(pair[1]), ranges.Inputs))];
            return places.Aggregate(0, (place, pair) => (place * pairs.Length) + pair);
        }
    }

    /// <summary>The number of entries.</summary>
    public int Length { get; }

    /// <summary>The tensors that it reads, atom by atom; null for a delta.</summary>
    public IEnumerable<Indexed?> Tensors => _atoms.Select(atom => atom as Indexed);

    /// <summary>Evaluates.</summary>
    /// <param name="layer">The numbers of the layer.</param>
    /// <param name="tensors">The tensors, atom by atom; anything for a delta.</param>
    /// <param name="result">Receives the entries.</param>
    public void Evaluate(LayerNumbers layer, ReadOnlySpan<TensorValues> tensors, Span<double> result)
    {
        for (int at = 0; at < _letters.Length; at++)
            _arguments[_atoms.Length + at] = layer[_letters[at]];
        for (int entry = 0; entry < Length; entry++)
        {
            for (int at = 0; at < _atoms.Length; at++)
            {
                int place = _places[(entry * _atoms.Length) + at];
                _arguments[at] = _atoms[at] is KroneckerDelta ? place : tensors[at].Values[tensors[at].Offset + place];
            }

            _function(_arguments, _value);
            result[entry] = _value[0];
        }
    }
}

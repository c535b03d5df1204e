// An equation in the letters of inputs, whose right side is any function of tensors and letters of a layer, such as K_ac Q_bd + K_ad Q_bc or
// gain^2 K0_ab (K0_aa + delta)^(-1/2) ..., with Kronecker deltas: compiled once, as a loop over the pairs p = (a, b), or over two pairs p and q = (c, d), a at most b
// and c at most d. What stands in front of a term, of letters alone, is a number of the layer.

using System.Linq.Expressions;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Tensors;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;
using Linq = System.Linq.Expressions.Expression;

namespace SymbolicEft.Numeric.Equations;

/// <summary>An equation in the letters of inputs.</summary>
internal sealed class ElementwiseEquation
{
    private delegate void Loop(double[] numbers, double[][] tensors, int[] offsets, int[] places, double[] result, int at, int end);

    private readonly Expression[] _atoms; // tensors and Kronecker deltas
    private readonly List<Expression> _coefficients = []; // of letters alone
    private readonly Loop _loop;
    private readonly double[] _numbers;
    private readonly double[][] _tensors;
    private readonly int[] _offsets;
    private readonly int[] _places; // entry by entry, atom by atom: where it is in its tensor; the value itself of a delta
    private LayerNumbers? _layer;

    /// <summary>Compiles an equation.</summary>
    /// <param name="left">The component that it determines, of the pairs p and q, of p alone, or of the letters a, b.</param>
    /// <param name="right">The right side.</param>
    /// <param name="ranges">What the indices count to.</param>
    public ElementwiseEquation(Indexed left, Expression right, IndexRanges ranges)
    {
        bool isOfTwo = left.Indices[0].Kind == IndexKind.Pair && left.Indices.Length == 2;
        _atoms = [.. right.Nodes().Where(IsAtom).Distinct()];
        _loop = Compile(right);
        (_numbers, _tensors, _offsets) = (new double[_coefficients.Count], new double[_atoms.Length][], new int[_atoms.Length]);
        InputPair[] pairs = ranges.Modes.Pairs;
        int others = isOfTwo ? pairs.Length : 1;
        Length = pairs.Length * others;
        _places = new int[Length * _atoms.Length];
        for (int atom = 0; atom < _atoms.Length; atom++)
        {
            Func<int, int, int> placeOf = PlaceOf(_atoms[atom]);
            for (int entry = 0; entry < Length; entry++)
                _places[(entry * _atoms.Length) + atom] = placeOf(entry / others, entry % others);
        }

        // From p and q.
        Func<int, int, int> PlaceOf(Expression atom)
        {
            if (atom is KroneckerDelta delta)
            {
                (Func<int, int, int> first, Func<int, int, int> second) = (InputOf(delta.Indices[0]), InputOf(delta.Indices[1]));
                return (p, q) => first(p, q) == second(p, q) ? 1 : 0;
            }

            TensorIndex[] indices = ((Indexed)atom).Indices.ToArray();
            Func<int, int, int>[] places = indices[0].Kind == IndexKind.Pair
                ? [.. indices.Select<TensorIndex, Func<int, int, int>>(index => isOfTwo && index == left.Indices[1] ? (_, q) => q : (p, _) => p)]
                : [.. indices.Chunk(2).Select<TensorIndex[], Func<int, int, int>>(pair => PairOf(InputOf(pair[0]), InputOf(pair[1])))];
            return places is [var only] ? only : (p, q) => places.Aggregate(0, (place, each) => (place * pairs.Length) + each(p, q));
        }

        Func<int, int, int> PairOf(Func<int, int, int> first, Func<int, int, int> second) => (p, q) => PairIndexing.Of(first(p, q), second(p, q), ranges.Inputs);

        Func<int, int, int> InputOf(TensorIndex letter) =>
            letter == Notation.A ? (p, _) => pairs[p].First : letter == Notation.B ? (p, _) => pairs[p].Second : letter == Notation.C ? (_, q) => pairs[q].First : letter == Notation.D ? (_, q) => pairs[q].Second
            : throw new NotSupportedException($"The letter {letter} belongs to no pair of the equation of {left}.");
    }

    /// <summary>The number of entries.</summary>
    public int Length { get; }

    /// <summary>The tensors that it reads, atom by atom; null for a delta.</summary>
    public IEnumerable<Indexed?> Tensors => _atoms.Select(atom => atom as Indexed);

    /// <summary>Evaluates.</summary>
    /// <param name="layer">The numbers of the layer.</param>
    /// <param name="tensors">The tensors, atom by atom; anything for a delta.</param>
    /// <param name="result">Receives the entries.</param>
    public void Evaluate(LayerNumbers layer, ReadOnlySpan<TensorValues> tensors, TensorValues result)
    {
        if (!ReferenceEquals(layer, _layer))
        {
            _layer = layer;
            for (int at = 0; at < _numbers.Length; at++)
                _numbers[at] = layer.ValueOf(_coefficients[at]);
        }

        for (int at = 0; at < _atoms.Length; at++)
            (_tensors[at], _offsets[at]) = (tensors[at].Values, tensors[at].Offset);
        _loop(_numbers, _tensors, _offsets, _places, result.Values, result.Offset, result.Offset + Length);
    }

    private static bool IsAtom(Expression node) => node is Indexed or KroneckerDelta;

    private Loop Compile(Expression right)
    {
        var names = new List<Expression>();
        Expression body = Expression.Add(right.Terms.ToArray().Select(term =>
        {
            Expression[] factors = term.Factors.ToArray();
            ILookup<bool, Expression> isOfLetters = factors.ToLookup(factor => !factor.Nodes().Any(IsAtom));
            return isOfLetters[true].Aggregate(Expression.One, (product, factor) => product * factor) is { IsOne: false } coefficient
                ? isOfLetters[false].Aggregate(Number(coefficient), (product, factor) => product * factor)
                : term;
        })).Rewrite(node => node is Symbol letter && !names.Contains(letter) ? Number(letter) : null);

        ParameterExpression numbers = Linq.Parameter(typeof(double[])), tensors = Linq.Parameter(typeof(double[][])), offsets = Linq.Parameter(typeof(int[]));
        ParameterExpression places = Linq.Parameter(typeof(int[])), result = Linq.Parameter(typeof(double[])), at = Linq.Parameter(typeof(int)), end = Linq.Parameter(typeof(int));
        ParameterExpression place = Linq.Variable(typeof(int));
        var before = new List<BinaryExpression>();
        Linq Keep(Linq value)
        {
            ParameterExpression local = Linq.Variable(value.Type);
            before.Add(Linq.Assign(local, value));
            return local;
        }

        var known = new Dictionary<Expression, Linq>(ReferenceEqualityComparer.Instance);
        for (int number = 0; number < names.Count; number++)
            known.Add(names[number], Keep(Linq.ArrayIndex(numbers, Linq.Constant(number))));
        for (int atom = 0; atom < _atoms.Length; atom++)
        {
            Linq here = Linq.ArrayIndex(places, Linq.Add(place, Linq.Constant(atom)));
            known.Add(_atoms[atom], _atoms[atom] is KroneckerDelta
                ? Linq.Convert(here, typeof(double))
                : Linq.ArrayIndex(Keep(Linq.ArrayIndex(tensors, Linq.Constant(atom))), Linq.Add(Keep(Linq.ArrayIndex(offsets, Linq.Constant(atom))), here)));
        }

        var lowering = new LinqLowering([body], known.GetValueOrDefault);
        Linq value = lowering.Lower(body);
        LabelTarget leave = Linq.Label();
        Linq entry = Linq.Block(
            lowering.Locals,
            [
                Linq.IfThen(Linq.GreaterThanOrEqual(at, end), Linq.Break(leave)),
                .. lowering.Assignments,
                Linq.Assign(Linq.ArrayAccess(result, at), value),
                Linq.PreIncrementAssign(at),
                Linq.AddAssign(place, Linq.Constant(_atoms.Length)),
            ]);
        return Linq.Lambda<Loop>(
            Linq.Block([place, .. before.Select(assignment => (ParameterExpression)assignment.Left)], [.. before, Linq.Loop(entry, leave)]),
            numbers, tensors, offsets, places, result, at, end).Compile();

        Expression Number(Expression coefficient)
        {
            if (!_coefficients.Contains(coefficient))
            {
                names.Add(Symbol.Of($"number {_coefficients.Count}"));
                _coefficients.Add(coefficient);
            }

            return names[_coefficients.IndexOf(coefficient)];
        }
    }
}

// One term of an equation, result += c x y summed over the letters that the result has not, as a nest of loops read off the typed indices:
//   a letter that stands by itself      a loop over its range
//   modes (k, q, i), the same in all    one loop over all modes, or over those of q where q stands elsewhere too: contiguous
//   modes next to a matrix (k, q, i, j) loops over k, i and j
//   letters of tensors in one block     a loop over blocks, then over what the block has of each
// The innermost loop runs in vectors: result += s x, a product, or a dot. A factor 0 in front of a row is skipped, which is what makes
// sparse tensors (the response chi, projections) cheap. The order of all sums is fixed by the nest.

using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Tensors;
using System.Runtime.CompilerServices;

namespace SymbolicEft.Numeric.Equations;

/// <summary>A term over pairs, modes, observables.</summary>
internal sealed class Contraction
{
    private readonly Loop[] _loops;
    private readonly Operand _result, _first;
    private readonly Operand? _second;
    private readonly int[] _values;
    private readonly int _lookups;
    private readonly (int Count, int Result, int First, int Second)[] _regular; // the other loops; their slots stay at 0

    /// <summary>Compiles a term.</summary>
    /// <param name="left">The component that the equation determines.</param>
    /// <param name="factors">One or two tensors.</param>
    /// <param name="ranges">What the indices count to.</param>
    /// <exception cref="NotSupportedException">The term has another form; the message says which.</exception>
    public Contraction(Indexed left, IReadOnlyList<Indexed> factors, IndexRanges ranges)
    {
        if (factors.Count is 0 or > 2)
            throw new NotSupportedException($"A term of {left} has {factors.Count} tensors; a contraction has one or two.");
        var nest = new Nest(left, [left, .. factors], ranges);
        Operand[] operands = [.. nest.Tensors.Select(tensor => new Operand(tensor, nest, ranges))];
        (_result, _first, _second) = (operands[0], operands[1], operands.ElementAtOrDefault(2));
        _values = new int[nest.Slots];
        // Loops by which something is looked up go first.
        bool IsLookup(Loop loop) => nest.Loops.Any(other => other.Counts.DependsOn(loop.Slot)) || operands.Any(operand => operand.LooksUp(loop.Slot));
        Loop[] lookups = [.. nest.Loops.Where(IsLookup)];
        _loops = [.. lookups, .. nest.Loops.Except(lookups)];
        _lookups = lookups.Length;
        _regular = new (int, int, int, int)[_loops.Length - _lookups];
    }

    /// <summary>Adds the term, with a coefficient in front.</summary>
    public void Add(double coefficient, TensorValues result, TensorValues first, TensorValues second) => Run(0, coefficient, result, first, second);

    private void Run(int depth, double coefficient, TensorValues result, TensorValues first, TensorValues second)
    {
        if (depth < _lookups)
        {
            Loop loop = _loops[depth];
            int count = loop.Counts.Of(_values);
            for (int at = 0; at < count; at++)
            {
                _values[loop.Slot] = at;
                Run(depth + 1, coefficient, result, first, second);
            }

            return;
        }

        // From here on nothing is looked up: addresses go up in equal steps.
        for (int at = 0; at < _regular.Length; at++)
        {
            Loop loop = _loops[_lookups + at];
            _regular[at] = new(loop.Counts.Of(_values), _result.Stride(loop.Slot, _values), _first.Stride(loop.Slot, _values), _second?.Stride(loop.Slot, _values) ?? 0);
        }

        Regular(0, coefficient, new(result.Values, result.Offset + _result.Address(_values)), new(first.Values, first.Offset + _first.Address(_values)),
            _second is null ? default : new(second.Values, second.Offset + _second.Address(_values)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Regular(int depth, double coefficient, TensorValues result, TensorValues first, TensorValues second)
    {
        (int count, int to, int x, int y) = _regular[depth];
        if (depth + 2 == _regular.Length && IsMatrixTimesVector(depth))
        {
            MatrixTimesVector(count, x, coefficient, _regular[depth + 1].Count, first.Values.AsSpan(first.Offset), second.Values.AsSpan(second.Offset), result.Values.AsSpan(result.Offset, count));
            return;
        }

        if (depth + 1 == _regular.Length)
        {
            Innermost(count, coefficient, new(result.Values, result.Offset, to), new(first.Values, first.Offset, x), new(second.Values, second.Offset, y));
            return;
        }

        for (int at = 0; at < count; at++)
        {
            Regular(depth + 1, coefficient, result, first, second);
            result = result with { Offset = result.Offset + to };
            first = first with { Offset = first.Offset + x };
            second = second with { Offset = second.Offset + y };
        }
    }

    private bool IsMatrixTimesVector(int depth) =>
        _second is not null && _regular[depth] is { Result: 1, Second: 0 } && _regular[depth + 1] is { Result: 0, First: 1, Second: 1 };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MatrixTimesVector(int rows, int stride, double coefficient, int columns, ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        vector = vector[..columns];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> entries = matrix.Slice(row * stride, columns);
            double even = 0, odd = 0;
            int at = 0;
            for (; at + 1 < columns; at += 2)
            {
                even += entries[at] * vector[at];
                odd += entries[at + 1] * vector[at + 1];
            }

            if (at < columns)
                even += entries[at] * vector[at];
            result[row] += coefficient * (even + odd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Innermost(int count, double coefficient, Row result, Row first, Row second)
    {
        if (second.Values is not null)
        {
            if (first.Step != 0 && second.Step != 0)
            {
                Product(count, coefficient, result, first, second);
                return;
            }

            // One of them is a number here.
            coefficient *= first.Step == 0 ? first.Values[first.At] : second.Values[second.At];
            if (coefficient == 0)
                return;
            first = first.Step == 0 ? second : first;
        }

        if (result.Step == 1 && first.Step == 1)
        {
            VectorSums.AddMultiple(first.Values.AsSpan(first.At, count), coefficient, result.Values.AsSpan(result.At, count));
            return;
        }

        if (result.Step == 0)
        {
            double sum = 0;
            for (int at = 0; at < count; at++)
                sum += first.Values[first.At + (at * first.Step)];
            result.Values[result.At] += coefficient * sum;
            return;
        }

        for (int at = 0; at < count; at++)
            result.Values[result.At + (at * result.Step)] += coefficient * first.Values[first.At + (at * first.Step)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product(int count, double coefficient, Row result, Row first, Row second)
    {
        if (result.Step == 0)
        {
            double sum = 0;
            if (first.Step == 1 && second.Step == 1)
            {
                sum = VectorSums.Dot(first.Values.AsSpan(first.At, count), second.Values.AsSpan(second.At, count));
            }
            else
            {
                for (int at = 0; at < count; at++)
                    sum += first.Values[first.At + (at * first.Step)] * second.Values[second.At + (at * second.Step)];
            }

            result.Values[result.At] += coefficient * sum;
            return;
        }

        for (int at = 0; at < count; at++)
            result.Values[result.At + (at * result.Step)] += coefficient * first.Values[first.At + (at * first.Step)] * second.Values[second.At + (at * second.Step)];
    }

    /// <summary>Entries of an array at equal steps.</summary>
    private readonly record struct Row(double[] Values, int At, int Step);

    /// <summary>A number that depends on the values of at most two loops around it.</summary>
    private readonly record struct Table(int[] Numbers, int First = -1, int Second = -1, int Seconds = 0)
    {
        public bool DependsOn(int slot) => First == slot || Second == slot;

        public int Of(int[] values) => Numbers[First < 0 ? 0 : Second < 0 ? values[First] : (values[First] * Seconds) + values[Second]];
    }

    private sealed record Loop(int Slot, Table Counts);

    /// <summary>The loops of a term, and what each letter is in them.</summary>
    private sealed class Nest
    {
        private readonly IndexRanges _ranges;
        private readonly Dictionary<TensorIndex, int> _slots = [];
        private readonly HashSet<TensorIndex> _tied;

        public Nest(Indexed left, IReadOnlyList<Indexed> tensors, IndexRanges ranges)
        {
            (_ranges, Tensors) = (ranges, tensors);
            _tied = [.. tensors.Where(tensor => tensor.Tensor.IsInOneBlock).SelectMany(tensor => tensor.Indices.ToArray())];
            ModeIndices[] modes = [.. tensors.Select(ModeIndices.Of).OfType<ModeIndices>()];
            bool matrices = modes.Any(mode => mode.Components.Length > 1);
            // Letters that stand by themselves: those of the result first.
            List<TensorIndex> plain = [.. tensors.SelectMany(tensor => ModeIndices.Of(tensor)?.Leading ?? tensor.Indices.ToArray()).Distinct()];
            if (modes.Length > 0 && !matrices && modes.Any(mode => mode.Pair != modes[0].Pair || mode.Components[0] != modes[0].Components[0]))
                throw new NotSupportedException($"The terms of {left} have modes of two pairs at once.");
            IsWhole = modes.Length > 0 && !matrices && !plain.Contains(modes[0].Pair);
            if (modes.Length > 0 && !IsWhole && !plain.Contains(modes[0].Pair))
                plain.Insert(modes[0].Leading.Length, modes[0].Pair);
            TensorIndex? innermost = modes.Length > 0 ? null : plain.MaxBy(letter => Score(letter, tensors));
            foreach (TensorIndex letter in plain.Where(letter => letter != innermost))
                AddPlain(letter);
            if (innermost is { } last)
                AddPlain(last);
            if (modes.Length > 0)
                AddModes(modes, matrices);
        }

        public List<Loop> Loops { get; } = [];

        public IReadOnlyList<Indexed> Tensors { get; }

        /// <summary>True if one loop runs over the modes of all pairs.</summary>
        public bool IsWhole { get; }

        /// <summary>True if one loop runs over the modes of a pair, of all orders.</summary>
        public bool IsFlat { get; private set; }

        public int Slots { get; private set; }

        public int BlockSlot { get; private set; } = -1;

        public int SlotOf(TensorIndex letter) => _slots[letter];

        public bool IsTied(TensorIndex letter) => _tied.Contains(letter);

        private void AddPlain(TensorIndex letter)
        {
            if (!_tied.Contains(letter))
            {
                _slots[letter] = Add(new Table([_ranges.Count(letter.Kind)]));
                return;
            }

            if (BlockSlot < 0)
                BlockSlot = Add(new Table([_ranges.Modes.Pairs.Length]));
            _slots[letter] = Add(new Table([.. Enumerable.Range(0, _ranges.Modes.Pairs.Length).Select(block => TensorShape.SizeIn(block, letter.Kind, _ranges))], BlockSlot));
        }

        private void AddModes(ModeIndices[] modes, bool matrices)
        {
            ModeIndices widest = modes.MaxBy(mode => mode.Components.Length)!;
            int orders = _ranges.Modes.Orders.Length;
            if (IsWhole)
            {
                _slots[widest.Components[0]] = Add(new Table([_ranges.Modes.Length]));
            }
            else if (!matrices)
            {
                IsFlat = true;
                _slots[widest.Components[0]] = Add(new Table([.. Enumerable.Range(0, _ranges.Modes.Pairs.Length).Select(_ranges.Modes.LengthOf)], _slots[widest.Pair]));
            }
            else
            {
                int pair = _slots[widest.Pair];
                _slots[widest.Order] = Add(new Table([orders]));
                foreach (TensorIndex component in widest.Components)
                    _slots[component] = Add(new Table(_ranges.ModeCounts, pair, _slots[widest.Order], orders));
            }
        }

        private int Add(Table counts)
        {
            Loops.Add(new Loop(Slots, counts));
            return Slots++;
        }

        // An innermost loop should run along rows.
        private static int Score(TensorIndex letter, IReadOnlyList<Indexed> tensors) => tensors.Sum(tensor =>
        {
            TensorIndex[] indices = tensor.Indices.ToArray();
            return !indices.Contains(letter) ? 0 : indices[^1] == letter ? 1 : -10;
        });
    }

    /// <summary>Where the entries of a tensor stand as the loops run: the sum of its parts' offset + value * stride.</summary>
    private sealed class Operand
    {
        private readonly (Table Offsets, int Slot, Table Strides)[] _parts;

        public Operand(Indexed tensor, Nest nest, IndexRanges ranges) => _parts = [.. Parts(tensor, nest, ranges)];

        public bool LooksUp(int slot) => _parts.Any(part => part.Offsets.DependsOn(slot) || part.Strides.DependsOn(slot));

        public int Address(int[] values)
        {
            int address = 0;
            foreach ((Table offsets, int slot, Table strides) in _parts)
                address += offsets.Of(values) + (slot >= 0 ? values[slot] * strides.Of(values) : 0);
            return address;
        }

        public int Stride(int slot, int[] values)
        {
            int stride = 0;
            foreach ((Table _, int own, Table strides) in _parts)
                stride += own == slot ? strides.Of(values) : 0;
            return stride;
        }

        private static IEnumerable<(Table Offsets, int Slot, Table Strides)> Parts(Indexed tensor, Nest nest, IndexRanges ranges)
        {
            TensorIndex[] indices = tensor.Indices.ToArray();
            Table zero = new([0]), one = new([1]);
            int pairs = ranges.Modes.Pairs.Length, orders = ranges.Modes.Orders.Length;
            if (tensor.Tensor.IsInOneBlock)
            {
                TensorShape shape = TensorShape.Of(tensor, ranges);
                yield return (new Table(shape.BlockStarts!, nest.BlockSlot), -1, zero);
                for (int at = 0; at < indices.Length; at++)
                {
                    int[] strides = [.. Enumerable.Range(0, pairs).Select(block => indices[(at + 1)..].Aggregate(1, (size, index) => size * TensorShape.SizeIn(block, index.Kind, ranges)))];
                    yield return (zero, nest.SlotOf(indices[at]), new Table(strides, nest.BlockSlot));
                }

                yield break;
            }

            ModeIndices? mode = ModeIndices.Of(tensor);
            int stride = mode is null ? 1 : mode.Components.Length == 1 ? ranges.Modes.Length : ranges.Matrices;
            foreach (TensorIndex index in (mode?.Leading ?? indices).Reverse())
            {
                int outer = stride;
                Table offsets = nest.IsTied(index) ? new Table([.. ranges.BlockStarts(index.Kind).Select(start => start * outer)], nest.BlockSlot) : zero;
                yield return (offsets, nest.SlotOf(index), new Table([stride]));
                stride *= ranges.Count(index.Kind);
            }

            if (mode is null)
                yield break;
            int pair = nest.IsWhole ? -1 : nest.SlotOf(mode.Pair);
            if (nest.IsWhole || nest.IsFlat)
            {
                Table starts = nest.IsWhole ? zero : new Table([.. Enumerable.Range(0, pairs).Select(ranges.Modes.Start)], pair);
                yield return (starts, nest.SlotOf(mode.Components[0]), one);
                yield break;
            }

            int order = nest.SlotOf(mode.Order);
            if (mode.Components is [var row, var column])
            {
                yield return (new Table(ranges.MatrixStarts, pair, order, orders), nest.SlotOf(row), new Table(ranges.ModeCounts, pair, order, orders));
                yield return (zero, nest.SlotOf(column), one);
            }
            else
            {
                yield return (new Table(ranges.ModeStarts, pair, order, orders), nest.SlotOf(mode.Components[0]), one);
            }
        }
    }
}

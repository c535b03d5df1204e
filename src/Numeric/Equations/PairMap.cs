namespace SymbolicEft.Numeric.Equations;

/// <summary>A linear map of vectors over pairs of inputs, or over inputs, to those over pairs, kept by its entries that are not zero: a pair meets few others.</summary>
internal sealed class PairMap
{
    private readonly int[] _start;

    private PairMap(int[] start, int[] columns, double[] values) => (_start, Columns, Values) = (start, columns, values);

    /// <summary>Number of pairs.</summary>
    public int Length => _start.Length - 1;

    /// <summary>The columns of all entries, row after row.</summary>
    public int[] Columns { get; }

    /// <summary>The entries.</summary>
    public double[] Values { get; }

    /// <summary>Where the entries of a row begin; those of the row before end there.</summary>
    public ReadOnlySpan<int> Start => _start;

    /// <summary>A multiple of the unit map.</summary>
    public static PairMap Unit(int length, double factor = 1)
    {
        var values = new double[length];
        Array.Fill(values, factor);
        return Diagonal(values);
    }

    /// <summary>The map that multiplies by a vector, pair by pair.</summary>
    public static PairMap Diagonal(ReadOnlySpan<double> values) => new([.. Enumerable.Range(0, values.Length + 1)], [.. Enumerable.Range(0, values.Length)], values.ToArray());

    /// <summary>The map of a matrix, row after row.</summary>
    public static PairMap Of(ReadOnlySpan<double> matrix, int length)
    {
        var rows = new Rows(length);
        for (int p = 0; p < length; p++)
        {
            for (int q = 0; q < length; q++)
            {
                if (matrix[(p * length) + q] != 0) rows.Add(q, matrix[(p * length) + q]);
            }

            rows.End();
        }

        return rows.Map();
    }

    /// <summary>The map of given entries, row after row.</summary>
    public static PairMap Of(IReadOnlyList<IEnumerable<(int Column, double Value)>> entries)
    {
        var rows = new Rows(entries.Count);
        foreach (IEnumerable<(int Column, double Value)> row in entries)
        {
            foreach ((int column, double value) in row) rows.Add(column, value);
            rows.End();
        }

        return rows.Map();
    }

    /// <summary>The entries of a row.</summary>
    public IEnumerable<(int Column, double Value)> Row(int row) => Enumerable.Range(_start[row], _start[row + 1] - _start[row]).Select(at => (Columns[at], Values[at]));

    /// <summary>This map after another.</summary>
    public PairMap After(PairMap before)
    {
        var rows = new Rows(Length);
        for (int p = 0; p < Length; p++)
        {
            for (int at = _start[p]; at < _start[p + 1]; at++)
            {
                for (int other = before._start[Columns[at]]; other < before._start[Columns[at] + 1]; other++)
                    rows.Add(before.Columns[other], Values[at] * before.Values[other]);
            }

            rows.End();
        }

        return rows.Map();
    }

    /// <summary>This map and a multiple of another.</summary>
    public PairMap Plus(PairMap other, double factor = 1)
    {
        var rows = new Rows(Length);
        for (int p = 0; p < Length; p++)
        {
            for (int at = _start[p]; at < _start[p + 1]; at++) rows.Add(Columns[at], Values[at]);
            for (int at = other._start[p]; at < other._start[p + 1]; at++) rows.Add(other.Columns[at], factor * other.Values[at]);
            rows.End();
        }

        return rows.Map();
    }

    /// <summary>A multiple of this map.</summary>
    public PairMap Times(double factor)
    {
        if (factor == 1)
            return this;
        var values = new double[Values.Length];
        for (int at = 0; at < values.Length; at++) values[at] = factor * Values[at];
        return new(_start, Columns, values);
    }

    /// <summary>sum_q |M_pq| x_q.</summary>
    public double[] OfAbsolutes(ReadOnlySpan<double> vector)
    {
        var result = new double[Length];
        for (int p = 0; p < Length; p++)
        {
            for (int at = _start[p]; at < _start[p + 1]; at++) result[p] += Math.Abs(Values[at]) * vector[Columns[at]];
        }

        return result;
    }

    /// <summary>A map that is being made, row by row; columns ascend in each.</summary>
    private sealed class Rows(int length)
    {
        private readonly List<int> _start = [0], _columns = [];
        private readonly List<double> _values = [];

        // Entries of a row mostly come in order, and are few.
        public void Add(int column, double value)
        {
            int at = _columns.Count;
            while (at > _start[^1] && _columns[at - 1] > column) at--;
            if (at > _start[^1] && _columns[at - 1] == column)
            {
                _values[at - 1] += value;
                return;
            }

            _columns.Insert(at, column);
            _values.Insert(at, value);
        }

        public void End()
        {
            int kept = _start[^1];
            for (int at = kept; at < _columns.Count; at++)
            {
                if (_values[at] == 0) continue;
                (_columns[kept], _values[kept]) = (_columns[at], _values[at]);
                kept++;
            }

            _columns.RemoveRange(kept, _columns.Count - kept);
            _values.RemoveRange(kept, _values.Count - kept);
            _start.Add(kept);
        }

        public PairMap Map() => _start.Count == length + 1 ? new([.. _start], [.. _columns], [.. _values]) : throw new InvalidOperationException("A map has a row for each pair.");
    }
}

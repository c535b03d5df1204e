// Orthonormal Hermite modes he_B(z) of d independent standard normal z, |B| <= k, and what a linear map does to them: of z' = A z + independent noise,
// E[he_B(z') | z] = sum over |C| = |B| of Sym(A)_BC he_C(z). A map is taken apart into maps of two axes at a time, A = Q R (rotations, then rows of a
// triangle from the top), so that a mode meets k others and not all of its degree.
//   Columns: many vectors are carried at once, values[mode * columns + column].

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The modes of some independent directions up to a degree, in the order of their degree.</summary>
internal sealed class ModeSpace
{
    // Above the orders of all modes that are asked for: its fourth power is an int still.
    private const int Radix = 215;

    private readonly Dictionary<int, int> _places = [];
    private readonly Dictionary<(int, int), int[][]> _pairs = [];
    private readonly int _highest;
    private readonly ModeSpace?[] _halves = new ModeSpace?[2];
    private readonly int[]?[] _halfPlaces = new int[]?[3];
    private int[]? _raised, _lowered;
    private double[]? _roots;
    private SymmetricPower? _power;
    private double[] _before = [], _transposed = [];

    /// <summary>Lists the modes.</summary>
    /// <param name="directions">d, 0 to 4.</param>
    /// <param name="highest">k, below 214.</param>
    /// <param name="parity">0 or 1: those of even or of odd degree alone, which even or odd functions have; maps keep the degree. -1: all.</param>
    public ModeSpace(int directions, int highest, int parity = -1)
    {
        (Directions, _highest) = (directions, highest);
        Modes = [.. Enumerable.Range(0, highest + 1).Where(degree => parity < 0 || degree % 2 == parity).SelectMany(degree => OfDegree(degree, directions))];
        CountTo = [.. Enumerable.Range(0, highest + 1).Select(degree => Modes.Count(mode => mode.Sum() <= degree))];
        for (int place = 0; place < Modes.Length; place++)
            _places.Add(Key(Modes[place]), place);
    }

    /// <summary>d.</summary>
    public int Directions { get; }

    /// <summary>B, mode by mode; the first is the constant.</summary>
    public int[][] Modes { get; }

    /// <summary>The number of modes.</summary>
    public int Count => Modes.Length;

    /// <summary>The number of modes up to a degree.</summary>
    public int[] CountTo { get; }

    /// <summary>The modes of even (0) or odd (1) degree; for -1 all.</summary>
    public ModeSpace Half(int parity) => parity < 0 ? this : _halves[parity] ??= new(Directions, _highest, parity);

    /// <summary>Where the modes of even (0) or odd (1) degree are; for -1 all.</summary>
    public int[] PlacesOfHalf(int parity) => _halfPlaces[parity + 1] ??= [.. Half(parity).Modes.Select(Place)];

    /// <summary>The place of a mode.</summary>
    public int Place(int[] mode) => _places[Key(mode)];

    /// <summary>The root of the order of a mode along an axis.</summary>
    public double Root(int place, int axis) => (_roots ??= MakeRoots())[(place * Directions) + axis];

    /// <summary>The place of a mode with one more along an axis; -1 beyond the highest degree.</summary>
    public int Raised(int place, int axis) => (_raised ??= Neighbours(1))[(place * Directions) + axis];

    /// <summary>The place of a mode with one less along an axis; -1 where it has none.</summary>
    public int Lowered(int place, int axis) => (_lowered ??= Neighbours(-1))[(place * Directions) + axis];

    /// <summary>E[(dF/dx) he_B] from E[F he_B], for the modes up to a degree less by one than that of the values: a shift.</summary>
    /// <param name="values">Modes of F, up to any degree that these have.</param>
    /// <param name="slopes">dz/dx, direction by direction.</param>
    /// <param name="count">The number of modes wanted.</param>
    public double[] Shifted(ReadOnlySpan<double> values, ReadOnlySpan<double> slopes, int count)
    {
        var result = new double[count];
        int[] raised = _raised ??= Neighbours(1);
        double[] roots = _roots ??= MakeRoots();
        for (int axis = 0; axis < Directions; axis++)
        {
            double slope = slopes[axis];
            for (int place = 0; place < count && slope != 0; place++)
            {
                int above = raised[(place * Directions) + axis];
                result[place] += slope * roots[(above * Directions) + axis] * values[above];
            }
        }

        return result;
    }

    private double[] MakeRoots() => [.. Modes.SelectMany(mode => mode.Select(order => Math.Sqrt(order)))];

    private int[] Neighbours(int step)
    {
        var places = new int[Count * Directions];
        for (int place = 0; place < Count; place++)
        {
            for (int axis = 0; axis < Directions; axis++)
            {
                int[] mode = (int[])Modes[place].Clone();
                mode[axis] += step;
                places[(place * Directions) + axis] = mode[axis] >= 0 && _places.TryGetValue(Key(mode), out int found) ? found : -1;
            }
        }

        return places;
    }

    /// <summary>The values of modes after a map.</summary>
    /// <param name="map">A, a row for each new direction.</param>
    /// <param name="target">The new modes.</param>
    /// <param name="spaces">The modes of 0, 1, 2, ... directions.</param>
    /// <param name="values">The values.</param>
    /// <param name="columns">How many columns.</param>
    public double[] Map(double[,] map, ModeSpace target, IReadOnlyList<ModeSpace> spaces, ReadOnlySpan<double> values, int columns)
    {
        int size = Math.Max(Directions, target.Directions);
        ModeSpace space = spaces[size];
        double[] work = Directions == size ? values.ToArray() : space.Selected(this, values, columns, into: true);
        if (size == 1)
            space.Stretch(0, Entry(0, 0), work, columns);
        else if (size == 2)
            space.Turn(0, 1, Entry(0, 0), Entry(0, 1), Entry(1, 0), Entry(1, 1), work, columns);
        else
            space.Apply(Square(map, size), work, columns);
        return target.Directions == size ? work : space.Selected(target, work, columns, into: false);

        double Entry(int row, int column) => row < map.GetLength(0) && column < map.GetLength(1) ? map[row, column] : 0;
    }

    /// <summary>The values of modes of even (0) or odd (1) degree after a map, those of the others being 0; for -1 of all.</summary>
    /// <param name="parity">Which.</param>
    /// <param name="map">A, a row for each new direction.</param>
    /// <param name="target">The new modes.</param>
    /// <param name="spaces">The modes of 0, 1, 2, ... directions.</param>
    /// <param name="values">The values, over all modes.</param>
    /// <param name="columns">How many columns.</param>
    public double[] MapHalf(int parity, double[,] map, ModeSpace target, IReadOnlyList<ModeSpace> spaces, ReadOnlySpan<double> values, int columns)
    {
        if (parity < 0)
            return Map(map, target, spaces, values, columns);
        int[] from = PlacesOfHalf(parity), to = target.PlacesOfHalf(parity);
        var half = new double[from.Length * columns];
        for (int place = 0; place < from.Length; place++)
            values.Slice(from[place] * columns, columns).CopyTo(half.AsSpan(place * columns));
        double[] mapped = Half(parity).Map(map, target.Half(parity), [.. spaces.Select(space => space.Half(parity))], half, columns), result = new double[target.Count * columns];
        for (int place = 0; place < to.Length; place++)
            mapped.AsSpan(place * columns, columns).CopyTo(result.AsSpan(to[place] * columns));
        return result;
    }

    /// <summary>Values of modes of two directions after a map to two directions, in their place.</summary>
    public void TurnInPlace(double[,] map, Span<double> values, int columns) => Turn(0, 1, map[0, 0], map[0, 1], map[1, 0], map[1, 1], values, columns);

    /// <summary>Adds the rate of change under z' = (1 + h D) z at h -> 0.</summary>
    public void AddDrift(double[,] drift, ReadOnlySpan<double> values, Span<double> rates, int columns)
    {
        var other = new int[Directions];
        for (int place = 0; place < Count; place++)
        {
            int[] mode = Modes[place];
            for (int row = 0; row < Directions; row++)
            {
                for (int column = 0; column < Directions && mode[row] > 0; column++)
                {
                    if (drift[row, column] == 0)
                        continue;
                    mode.CopyTo(other, 0);
                    other[row]--;
                    double factor = drift[row, column] * Math.Sqrt(mode[row] * (other[column] + 1.0));
                    other[column]++;
                    VectorSums.AddMultiple(values.Slice(Place(other) * columns, columns), factor, rates.Slice(place * columns, columns));
                }
            }
        }
    }

    // The values of those modes of more directions that have none in the last; or these among more.
    private double[] Selected(ModeSpace fewer, ReadOnlySpan<double> values, int columns, bool into)
    {
        var result = new double[(into ? Count : fewer.Count) * columns];
        for (int place = 0; place < fewer.Count; place++)
        {
            int wide = _places[Key(fewer.Modes[place])];
            values.Slice((into ? place : wide) * columns, columns).CopyTo(result.AsSpan((into ? wide : place) * columns));
        }

        return result;
    }

    private static double[,] Square(double[,] map, int size)
    {
        var square = new double[size, size];
        for (int row = 0; row < map.GetLength(0); row++)
        {
            for (int column = 0; column < map.GetLength(1); column++)
                square[row, column] = map[row, column];
        }

        return square;
    }

    private void Apply(double[,] a, double[] work, int columns)
    {
        var rotations = new List<(int Axis, double Cosine, double Sine)>();
        for (int column = 0; column < Directions; column++)
        {
            for (int row = Directions - 1; row > column; row--)
            {
                if (a[row, column] == 0)
                    continue;
                double length = Math.Sqrt((a[row - 1, column] * a[row - 1, column]) + (a[row, column] * a[row, column]));
                double cosine = a[row - 1, column] / length, sine = a[row, column] / length;
                rotations.Add((row - 1, cosine, sine));
                for (int at = 0; at < Directions; at++)
                    (a[row - 1, at], a[row, at]) = ((cosine * a[row - 1, at]) + (sine * a[row, at]), (cosine * a[row, at]) - (sine * a[row - 1, at]));
                a[row, column] = 0;
            }
        }

        for (int row = 0; row < Directions; row++)
        {
            bool isScaled = false;
            for (int column = row + 1; column < Directions; column++)
            {
                if (a[row, column] == 0)
                    continue;
                Turn(row, column, isScaled ? 1 : a[row, row], a[row, column], 0, 1, work, columns);
                isScaled = true;
            }

            if (!isScaled)
                Stretch(row, a[row, row], work, columns);
        }

        for (int at = rotations.Count - 1; at >= 0; at--)
            Turn(rotations[at].Axis, rotations[at].Axis + 1, rotations[at].Cosine, -rotations[at].Sine, rotations[at].Sine, rotations[at].Cosine, work, columns);
    }

    private void Stretch(int axis, double factor, double[] values, int columns)
    {
        if (factor == 1)
            return;
        var powers = new double[_highest + 1];
        for (int order = 0; order <= _highest; order++)
            powers[order] = order == 0 ? 1 : factor * powers[order - 1];
        for (int place = 0; place < Count; place++)
        {
            double power = powers[Modes[place][axis]];
            foreach (ref double value in values.AsSpan(place * columns, columns))
                value *= power;
        }
    }

    // z_first' = m11 z_first + m12 z_second, z_second' = m21 z_first + m22 z_second.
    private void Turn(int first, int second, double m11, double m12, double m21, double m22, Span<double> values, int columns)
    {
        if (m11 == 1 && m12 == 0 && m21 == 0 && m22 == 1)
            return;
        int[][] groups = Groups(first, second);
        SymmetricPower power = _power ??= new SymmetricPower(_highest);
        power.Start(new Matrix2(m11, m12, m21, m22), 2, 2);
        if (_transposed.Length == 0)
            _transposed = new double[(_highest + 1) * (_highest + 1)];
        if (_before.Length < (_highest + 1) * columns)
            _before = new double[(_highest + 1) * columns];
        (double[] transposed, double[] before) = (_transposed, _before);
        for (int degree = 1; degree <= _highest; degree++)
        {
            int size = degree + 1;
            power.Raise(degree);
            int[] places = groups[degree];
            if (places.Length == 0)
                continue;
            power.CopyTransposed(transposed);
            for (int start = 0; start < places.Length; start += size)
            {
                for (int at = 0; at < size; at++)
                    values.Slice(places[start + at] * columns, columns).CopyTo(before.AsSpan(at * columns));
                for (int row = 0; row < size; row++)
                    RowSums.Combine(before, transposed.AsSpan(row), size, size, columns, values.Slice(places[start + row] * columns, columns));
            }
        }
    }

    /// <summary>The place of a mode of two directions.</summary>
    public int InPlane(int first, int second) => _places[(second * Radix) + first];

    // For each degree q in two axes the places of (q,0), (q-1,1), ..., (0,q), for all that the other axes may be.
    private int[][] Groups(int first, int second)
    {
        if (_pairs.TryGetValue((first, second), out int[][]? known))
            return known;
        var groups = new int[_highest + 1][];
        for (int degree = 0; degree <= _highest; degree++)
        {
            var places = new List<int>();
            foreach (int[] start in Modes.Where(mode => mode[first] == degree && mode[second] == 0))
            {
                int[] mode = (int[])start.Clone();
                for (int at = 0; at <= degree; at++, mode[first]--, mode[second]++)
                {
                    places.Add(_places[Key(mode)]);
                    if (at == degree)
                        break;
                }
            }

            groups[degree] = [.. places];
        }

        return _pairs[(first, second)] = groups;
    }

    // The same for a mode of more directions that has none in the last.
    private static int Key(int[] mode)
    {
        int key = 0;
        for (int axis = mode.Length - 1; axis >= 0; axis--)
            key = (key * Radix) + mode[axis];
        return key;
    }

    private static IEnumerable<int[]> OfDegree(int degree, int directions) => directions switch
    {
        0 => degree == 0 ? [[]] : [],
        1 => [[degree]],
        _ => from first in Enumerable.Range(0, degree + 1) let top = degree - first from rest in OfDegree(first, directions - 1) select (int[])[top, .. rest],
    };
}

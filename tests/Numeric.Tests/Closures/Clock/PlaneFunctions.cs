// Functions of the neurons of several inputs at one kernel: f_ab = sigma_a sigma_b with its derivatives on a grid in z, x = L z, and modes he_B(z), |B| <= k.
// Sums over a grid of m nodes along each of N axes are done one axis after another.

using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

/// <summary>Workspace: functions of one neuron of several inputs.</summary>
internal sealed class PlaneFunctions
{
    private const int HighestDerivative = 8;

    private readonly ActivationDescription _sigma;
    private readonly int _inputs, _order, _nodes, _count;
    private readonly LineGrid _line;
    private readonly int[][] _modes;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly InputPair[] _pairs;
    private readonly double[] _weights;
    private readonly double[][] _points, _values;
    private readonly Dictionary<string, double[]> _sources = new(StringComparer.Ordinal);
    private double[] _kernel = [];
    private double[,] _root = new double[0, 0], _inverse = new double[0, 0];

    /// <summary>Prepares the functions.</summary>
    public PlaneFunctions(ActivationDescription sigma, int inputs, int order, LineGrid line)
    {
        (_sigma, _inputs, _order, _line) = (sigma, inputs, order, line);
        line.Use(1);
        _nodes = line.Count;
        _count = checked((int)Math.Pow(_nodes, inputs));
        _pairs = [.. PairIndexing.All(inputs)];
        _modes = [.. Enumerable.Range(1, order).SelectMany(degree => OfDegree(degree, inputs))];
        for (int mode = 0; mode < _modes.Length; mode++)
            _places.Add(string.Join(',', _modes[mode]), mode);
        _weights = new double[_count];
        for (int at = 0; at < _count; at++)
        {
            _weights[at] = 1;
            for (int axis = 0, rest = at; axis < inputs; axis++, rest /= _nodes)
                _weights[at] *= line.Roots[rest % _nodes];
        }

        _points = [.. Enumerable.Range(0, inputs).Select(_ => new double[_count])];
        _values = [.. Enumerable.Range(0, inputs).Select(_ => new double[(HighestDerivative + 1) * _count])];
    }

    /// <summary>The number of modes, that of degree 0 not included.</summary>
    public int Modes => _modes.Length;

    /// <summary>Takes a kernel over pairs.</summary>
    public void Use(ReadOnlySpan<double> kernel)
    {
        if (kernel.SequenceEqual(_kernel))
            return;
        _kernel = kernel.ToArray();
        _root = Root(kernel);
        _inverse = Inverse(_root);
        _sources.Clear();
        for (int input = 0; input < _inputs; input++)
        {
            double[] points = _points[input];
            for (int at = 0; at < _count; at++)
            {
                double x = 0;
                for (int axis = 0, rest = at; axis <= input; axis++, rest /= _nodes)
                    x += _root[input, axis] * _line.Nodes[rest % _nodes];
                points[at] = x;
            }

            _sigma.Fill(HighestDerivative, points, _values[input]);
        }
    }

    /// <summary>A derivative of f of a pair by inputs, halved so often, less its mean where that is asked; null where it vanishes.</summary>
    public double[]? Source(int pair, int[] inputs, int halves, bool centred)
    {
        (int a, int b) = (_pairs[pair].First, _pairs[pair].Second);
        int first = inputs.Count(input => input == a), second = a == b ? 0 : inputs.Count(input => input == b);
        if (first + second != inputs.Length)
            return null;
        string key = string.Join(',', pair, first, second, halves, centred);
        if (_sources.TryGetValue(key, out double[]? known))
            return known;
        var values = new double[_count];
        double scale = Math.ScaleB(1.0, -halves), choose = 1;
        for (int left = 0; left <= (a == b ? first : 0); left++)
        {
            ReadOnlySpan<double> one = _values[a].AsSpan((a == b ? left : first) * _count, _count), other = _values[b].AsSpan((a == b ? first - left : second) * _count, _count);
            for (int at = 0; at < _count; at++)
                values[at] += scale * choose * one[at] * other[at];
            choose = choose * (first - left) / (left + 1);
        }

        if (centred)
        {
            double mean = Integral(Weighted(values));
            for (int at = 0; at < _count; at++)
                values[at] -= mean;
        }

        return _sources[key] = values;
    }

    /// <summary>f of a pair.</summary>
    public double[] Source(int pair, int[] inputs) => Source(pair, inputs, 0, false)!;

    /// <summary>A derivative of x_a x_b - K_ab; null where it vanishes.</summary>
    public double[]? Pair(int pair, int[] inputs)
    {
        (int a, int b) = (_pairs[pair].First, _pairs[pair].Second);
        var values = new double[_count];
        switch (inputs.Length)
        {
            case 0:
                for (int at = 0; at < _count; at++)
                    values[at] = (_points[a][at] * _points[b][at]) - _kernel[pair];
                return values;
            case 1:
                for (int at = 0; at < _count; at++)
                    values[at] = (inputs[0] == a ? _points[b][at] : 0) + (inputs[0] == b ? _points[a][at] : 0);
                return inputs[0] == a || inputs[0] == b ? values : null;
            case 2:
                int both = (inputs[0] == a && inputs[1] == b ? 1 : 0) + (inputs[0] == b && inputs[1] == a ? 1 : 0);
                Array.Fill(values, both);
                return both == 0 ? null : values;
            default:
                return null;
        }
    }

    /// <summary>The product of functions, times the roots of the weights.</summary>
    public double[] Product(IReadOnlyList<double[]> functions)
    {
        double[] product = (double[])_weights.Clone();
        foreach (double[] function in functions)
        {
            for (int at = 0; at < _count; at++)
                product[at] *= function[at];
        }

        return product;
    }

    /// <summary>E of a function that carries the roots of the weights.</summary>
    public double Integral(double[] weighted) => VectorSums.Dot(weighted, _weights);

    /// <summary>E of a product.</summary>
    public double Mean(IReadOnlyList<double[]> functions) => Integral(Product(functions));

    /// <summary>left times right, where both carry the roots of the weights, carries them once.</summary>
    public double[] Times(double[] left, IReadOnlyList<double[]> functions)
    {
        foreach (double[] function in functions)
        {
            for (int at = 0; at < _count; at++)
                left[at] *= function[at];
        }

        return left;
    }

    /// <summary>The function of given modes, times the roots of the weights.</summary>
    public double[] Synthesise(ReadOnlySpan<double> modes)
    {
        int orders = _order + 1;
        var tensor = new double[(int)Math.Pow(orders, _inputs)];
        for (int mode = 0; mode < _modes.Length; mode++)
            tensor[Place(_modes[mode])] = modes[mode];
        for (int axis = 0; axis < _inputs; axis++)
        {
            int inner = (int)Math.Pow(_nodes, axis), outer = tensor.Length / inner / orders;
            var next = new double[outer * inner * _nodes];
            for (int block = 0; block < outer; block++)
            {
                for (int order = 0; order < orders; order++)
                {
                    ReadOnlySpan<double> row = tensor.AsSpan(((block * orders) + order) * inner, inner);
                    double[] table = _line.Table[order];
                    for (int node = 0; node < _nodes; node++)
                        VectorSums.AddMultiple(row, table[node], next.AsSpan(((block * _nodes) + node) * inner, inner));
                }
            }

            tensor = next;
        }

        return tensor;
    }

    /// <summary>Adds E[F d_a d_b ... he_B] over modes, F with the roots of the weights.</summary>
    public void ProjectDerivative(double[] weighted, int[] derivatives, double[] result)
    {
        int orders = _order + 1;
        double[] tensor = weighted;
        for (int axis = _inputs - 1; axis >= 0; axis--)
        {
            int inner = (int)Math.Pow(_nodes, axis), outer = tensor.Length / inner / _nodes;
            var next = new double[outer * orders * inner];
            for (int block = 0; block < outer; block++)
            {
                for (int order = 0; order < orders; order++)
                {
                    Span<double> row = next.AsSpan(((block * orders) + order) * inner, inner);
                    for (int node = 0; node < _nodes; node++)
                        VectorSums.AddMultiple(tensor.AsSpan(((block * _nodes) + node) * inner, inner), _line.Table[order][node], row);
                }
            }

            tensor = next;
        }

        for (int mode = 0; mode < _modes.Length; mode++)
            result[mode] += Derivative((int[])_modes[mode].Clone(), 0);

        // d_a he_B = sum over axes i of (L^-1)_ia sqrt(B_i) he_(B - e_i).
        double Derivative(int[] mode, int at)
        {
            if (at == derivatives.Length)
                return tensor[Place(mode)];
            double sum = 0;
            for (int axis = 0; axis < _inputs; axis++)
            {
                double slope = _inverse[axis, derivatives[at]];
                if (mode[axis] == 0 || slope == 0)
                    continue;
                slope *= Math.Sqrt(mode[axis]);
                mode[axis]--;
                sum += slope * Derivative(mode, at + 1);
                mode[axis]++;
            }

            return sum;
        }
    }

    /// <summary>For each mode of the next layer its row over the modes of this one.</summary>
    public double[][] Carry(ReadOnlySpan<double> next, double skip)
    {
        double[,] inverse = Inverse(Root(next)), map = new double[_inputs, _inputs];
        for (int row = 0; row < _inputs; row++)
        {
            for (int column = 0; column < _inputs; column++)
            {
                for (int middle = 0; middle < _inputs; middle++)
                    map[row, column] += skip * inverse[row, middle] * _root[middle, column];
            }
        }

        // he_B = (the axis i raised, sqrt(B_i) divided out) of he_(B - e_i); raising axis j of he_C gives sqrt(C_j + 1) he_(C + e_j) at the top degree.
        var rows = new double[_modes.Length][];
        for (int mode = 0; mode < _modes.Length; mode++)
        {
            int[] below = (int[])_modes[mode].Clone();
            int axis = Array.FindIndex(below, order => order > 0);
            double root = Math.Sqrt(below[axis]);
            below[axis]--;
            double[]? before = below.All(order => order == 0) ? null : rows[_places[string.Join(',', below)]];
            double[] row = rows[mode] = new double[_modes.Length];
            for (int from = before is null ? -1 : 0; from < (before is null ? 0 : _modes.Length); from++)
            {
                double value = before is null ? 1 : before[from];
                if (value == 0)
                    continue;
                int[] raised = before is null ? new int[_inputs] : (int[])_modes[from].Clone();
                for (int raise = 0; raise < _inputs; raise++)
                {
                    raised[raise]++;
                    row[_places[string.Join(',', raised)]] += value * map[axis, raise] * Math.Sqrt(raised[raise]) / root;
                    raised[raise]--;
                }
            }
        }

        return rows;
    }

    /// <summary>Rows times a vector.</summary>
    public void Apply(double[][] rows, double[] values, Span<double> result)
    {
        for (int mode = 0; mode < rows.Length; mode++)
            result[mode] = VectorSums.Dot(rows[mode], values);
    }

    /// <summary>Rows times a matrix times their transpose.</summary>
    public void ApplyTwice(double[][] rows, double[] values, Span<double> result)
    {
        int modes = rows.Length;
        var half = new double[modes * modes];
        for (int row = 0; row < modes; row++)
        {
            for (int middle = 0; middle < modes; middle++)
            {
                if (rows[row][middle] != 0)
                    VectorSums.AddMultiple(values.AsSpan(middle * modes, modes), rows[row][middle], half.AsSpan(row * modes, modes));
            }
        }

        for (int row = 0; row < modes; row++)
            Apply(rows, half[(row * modes)..((row + 1) * modes)], result.Slice(row * modes, modes));
    }

    private double[] Weighted(double[] values) => Product([values]);

    private int Place(int[] mode)
    {
        int place = 0;
        for (int axis = _inputs - 1; axis >= 0; axis--)
            place = (place * (_order + 1)) + mode[axis];
        return place;
    }

    private static IEnumerable<int[]> OfDegree(int degree, int inputs) => inputs == 1
        ? [[degree]]
        : from first in Enumerable.Range(0, degree + 1) from rest in OfDegree(degree - first, inputs - 1) select (int[])[first, .. rest];

    private double[,] Root(ReadOnlySpan<double> kernel)
    {
        var root = new double[_inputs, _inputs];
        for (int row = 0; row < _inputs; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double sum = kernel[PairIndexing.Of(row, column, _inputs)];
                for (int middle = 0; middle < column; middle++)
                    sum -= root[row, middle] * root[column, middle];
                root[row, column] = row == column ? Math.Sqrt(sum) : sum / root[column, column];
            }
        }

        return root;
    }

    private double[,] Inverse(double[,] root)
    {
        var inverse = new double[_inputs, _inputs];
        for (int column = 0; column < _inputs; column++)
        {
            for (int row = column; row < _inputs; row++)
            {
                double sum = row == column ? 1 : 0;
                for (int middle = column; middle < row; middle++)
                    sum -= root[row, middle] * inverse[middle, column];
                inverse[row, column] = sum / root[row, row];
            }
        }

        return inverse;
    }
}

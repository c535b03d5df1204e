// Functions of a neuron of several inputs at one kernel: their Gaussian means and modes, and the modes of a product with a function that is given by modes.
//   A product over inputs is integrated one direction after another, the last first (x = Root z, Root lower triangular): the factors of the inputs that depend on
//   no later direction wait until then, so that functions with the same last factors share what is costly. Gauss-Hermite nodes, fewer in more directions;
//   every product of functions is taken point by point.
//   E[g F he_B] for g of all directions of a frame and F of its first one or two: g is taken to the nodes of the first direction, multiplied by the matrix
//   E[he_i F he_j] of the second at each node, and projected; the other directions are not touched.

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Workspace: frames, means and modes at the kernel that is used.</summary>
internal sealed class NeuronWorkspace
{
    private const int MostDirections = 4;

    private readonly ActivationDescription _sigma;
    private readonly SeparableFunctions _functions;
    private readonly int _inputs, _highest;
    private readonly NodeTable[] _tables;
    private readonly Dictionary<int, InputFrame> _frames = [];
    private readonly Dictionary<(int Frame, int Input), (double[] Points, double[][] Derivatives)> _points = [];
    private readonly Dictionary<(int Frame, int Input, int Factor), double[]> _values = [];
    private readonly Dictionary<(int Frame, int Level, long Factors, bool OnlyMean), double[]> _levels = [];
    private readonly Dictionary<int, double[]> _modes = [];
    private readonly Dictionary<int, double> _means = [];
    private double[] _kernel = [];

    /// <summary>Prepares the workspace.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="functions">The functions, which may grow.</param>
    /// <param name="inputs">N, at most 4.</param>
    /// <param name="highest">k.</param>
    /// <param name="nodes">The number of nodes for 0, 1, 2, ... directions.</param>
    public NeuronWorkspace(ActivationDescription sigma, SeparableFunctions functions, int inputs, int highest, int[] nodes)
    {
        (_sigma, _functions, _inputs, _highest) = (sigma, functions, inputs, highest);
        Spaces = [.. Enumerable.Range(0, MostDirections + 1).Select(directions => new ModeSpace(directions, highest))];
        _tables = [.. nodes.Select(count => new NodeTable(count, highest))];
    }

    /// <summary>The modes of 0, 1, 2, ... directions.</summary>
    public IReadOnlyList<ModeSpace> Spaces { get; }

    /// <summary>The frame of all inputs.</summary>
    public InputFrame Whole => Frame([.. Enumerable.Range(0, _inputs)]);

    /// <summary>Takes a kernel over pairs.</summary>
    public void Use(ReadOnlySpan<double> kernel)
    {
        if (kernel.SequenceEqual(_kernel))
            return;
        _kernel = kernel.ToArray();
        _frames.Clear();
        _points.Clear();
        _values.Clear();
        _levels.Clear();
        _modes.Clear();
        _means.Clear();
    }

    /// <summary>The frame of a list of inputs.</summary>
    public InputFrame Frame(int[] inputs)
    {
        int key = Key(inputs);
        if (!_frames.TryGetValue(key, out InputFrame? frame))
            _frames.Add(key, frame = InputFrame.Of(inputs, _kernel, _inputs));
        return frame;
    }

    /// <summary>The modes of a space of as many directions as a frame has.</summary>
    public ModeSpace SpaceOf(InputFrame frame) => Spaces[frame.Rank];

    /// <summary>E F.</summary>
    public double Mean(int function)
    {
        if (!_means.TryGetValue(function, out double mean))
            _means.Add(function, mean = _modes.TryGetValue(function, out double[]? modes) ? modes[0] : Transformed(function, onlyMean: true)[0]);
        return mean;
    }

    /// <summary>E[F he_B] over the modes of the frame of the inputs of F.</summary>
    public double[] Modes(int function)
    {
        if (!_modes.TryGetValue(function, out double[]? modes))
            _modes.Add(function, modes = Transformed(function, onlyMean: false));
        return modes;
    }

    /// <summary>E[g F he_B] over the modes of a frame.</summary>
    /// <param name="function">F, of at most two inputs, the first ones of the frame.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="given">g over the modes, by columns; taken to the nodes of the first direction by <see cref="ToNodes"/>.</param>
    /// <param name="selected">The columns.</param>
    /// <param name="columns">How many columns g has.</param>
    public double[] Multiply(int function, InputFrame frame, double[] given, int[] selected, int columns)
    {
        int[] factors = _functions.Functions[function].Factors;
        int leading = _functions.Functions[function].Support.Length == 0 ? 0 : _functions.Functions[function].Support.Max(input => frame.Levels[Array.IndexOf(frame.Inputs, input)]);
        ModeSpace space = SpaceOf(frame), rest = Spaces[Math.Max(0, frame.Rank - 1)];
        int count = selected.Length;
        var result = new double[space.Count * count];
        double constant = 1;
        foreach (int input in _functions.Functions[function].Support)
        {
            if (frame.Levels[Array.IndexOf(frame.Inputs, input)] == 0)
                constant *= Values(frame, Array.IndexOf(frame.Inputs, input), factors[input])[0];
        }

        if (frame.Rank == 0)
        {
            for (int column = 0; column < count; column++)
                result[column] = constant * given[selected[column]];
            return result;
        }

        NodeTable table = _tables[frame.Rank];
        int nodes = table.Count;
        double[] first = AtLevel(frame, factors, 1), second = leading > 1 ? AtLevel(frame, factors, 2) : [];
        ModeSpace inner = Spaces[Math.Max(0, frame.Rank - 2)];
        double[] here = new double[rest.Count * count], products = leading > 1 ? new double[rest.Count * count] : here;
        double[] matrix = new double[(_highest + 1) * (_highest + 1)];
        int[][] places = leading > 1 ? PlacesOfFirst(rest, inner) : [];
        int[][] firsts = PlacesOfFirst(space, rest);
        for (int node = 0; node < nodes; node++)
        {
            double scale = constant * first[node];
            for (int mode = 0; mode < rest.Count; mode++)
            {
                for (int column = 0; column < count; column++)
                    here[(mode * count) + column] = scale * given[((((node * rest.Count) + mode) * columns)) + selected[column]];
            }

            if (leading > 1)
            {
                table.Matrix(second.AsSpan(node * nodes, nodes), matrix);
                Array.Clear(products);
                for (int place = 0; place < inner.Count; place++)
                {
                    int most = _highest - Degree(inner.Modes[place]);
                    for (int to = 0; to <= most; to++)
                    {
                        Span<double> target = products.AsSpan(places[to][place] * count, count);
                        for (int from = 0; from <= most; from++)
                            VectorSums.AddMultiple(here.AsSpan(places[from][place] * count, count), matrix[(to * (_highest + 1)) + from], target);
                    }
                }
            }

            for (int order = 0; order <= _highest; order++)
            {
                double factor = table.Table[order][node];
                int until = rest.CountTo[_highest - order];
                for (int mode = 0; mode < until; mode++)
                    VectorSums.AddMultiple(products.AsSpan(mode * count, count), factor, result.AsSpan(firsts[order][mode] * count, count));
            }
        }

        return result;
    }

    /// <summary>Values over modes, by columns, at the nodes of the first direction (times the root of the weight), over the modes of the others.</summary>
    public double[] ToNodes(InputFrame frame, double[] values, int columns)
    {
        if (frame.Rank == 0)
            return values;
        ModeSpace space = SpaceOf(frame), rest = Spaces[frame.Rank - 1];
        NodeTable table = _tables[frame.Rank];
        int[][] firsts = PlacesOfFirst(space, rest);
        var result = new double[table.Count * rest.Count * columns];
        for (int node = 0; node < table.Count; node++)
        {
            for (int order = 0; order <= _highest; order++)
            {
                int until = rest.CountTo[_highest - order];
                for (int mode = 0; mode < until; mode++)
                    VectorSums.AddMultiple(values.AsSpan(firsts[order][mode] * columns, columns), table.Table[order][node], result.AsSpan(((node * rest.Count) + mode) * columns, columns));
            }
        }

        return result;
    }

    private static int Degree(int[] mode)
    {
        int sum = 0;
        foreach (int order in mode)
            sum += order;
        return sum;
    }

    private readonly Dictionary<int, int[][]> _firsts = [];

    // For each order in the first direction and mode of the others, where it is among all.
    private int[][] PlacesOfFirst(ModeSpace space, ModeSpace rest)
    {
        if (_firsts.TryGetValue(space.Directions, out int[][]? known))
            return known;
        int[][] places = [.. Enumerable.Range(0, _highest + 1).Select(order => (int[])[.. Enumerable.Range(0, rest.CountTo[_highest - order]).Select(mode => space.Place([order, .. rest.Modes[mode]]))])];
        return _firsts[space.Directions] = places;
    }

    private double[] Transformed(int function, bool onlyMean)
    {
        SeparableFunction separable = _functions.Functions[function];
        InputFrame frame = Frame(separable.Support);
        double constant = 1;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] == 0)
                constant *= Values(frame, input, separable.Factors[frame.Inputs[input]])[0];
        }

        double[] values = Level(frame, separable.Factors, 1, onlyMean);
        return constant == 1 ? values : [.. values.Select(value => constant * value)];
    }

    // After the directions level, level + 1, ... are integrated: over nodes of those before, modes of these.
    private double[] Level(InputFrame frame, int[] factors, int level, bool onlyMean)
    {
        if (level > frame.Rank)
            return [1];
        long suffix = 0;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] >= level)
                suffix = (suffix * _functions.Factors.Count) + factors[frame.Inputs[input]] + 1;
        }

        (int, int, long, bool) key = (Key(frame.Inputs), level, suffix, onlyMean);
        if (_levels.TryGetValue(key, out double[]? known))
            return known;
        NodeTable table = _tables[frame.Rank];
        int nodes = table.Count, outer = Power(nodes, level - 1), highest = onlyMean ? 0 : _highest;
        double[] here = AtLevel(frame, factors, level);
        double[] result;
        if (level == frame.Rank)
        {
            result = new double[outer * (highest + 1)];
            for (int at = 0; at < outer; at++)
                VectorSums.Dots(here.AsSpan(at * nodes, nodes), table.WeightedRows, nodes, result.AsSpan(at * (highest + 1), highest + 1));
        }
        else
        {
            double[] inner = Level(frame, factors, level + 1, onlyMean);
            ModeSpace rest = Spaces[frame.Rank - level], space = Spaces[frame.Rank - level + 1];
            int restCount = onlyMean ? 1 : rest.Count, count = onlyMean ? 1 : space.Count;
            int[][]? firsts = onlyMean ? null : PlacesOfFirst(space, rest);
            result = new double[outer * count];
            var blocks = new double[highest + 1][];
            for (int order = 0; order <= highest; order++)
                blocks[order] = new double[onlyMean ? 1 : rest.CountTo[highest - order]];
            for (int at = 0; at < outer; at++)
            {
                foreach (double[] block in blocks)
                    Array.Clear(block);
                for (int node = 0; node < nodes; node++)
                {
                    double value = here[(at * nodes) + node];
                    ReadOnlySpan<double> row = inner.AsSpan(((at * nodes) + node) * restCount, restCount);
                    for (int order = 0; order <= highest; order++)
                        VectorSums.AddMultiple(row[..blocks[order].Length], value * table.WeightedRows[(order * nodes) + node], blocks[order]);
                }

                for (int order = 0; order <= highest; order++)
                {
                    for (int mode = 0; mode < blocks[order].Length; mode++)
                        result[(at * count) + (firsts is null ? 0 : firsts[order][mode])] = blocks[order][mode];
                }
            }
        }

        return _levels[key] = result;
    }

    private static int Power(int nodes, int exponent) => exponent == 0 ? 1 : nodes * Power(nodes, exponent - 1);

    // The product of the factors of the inputs whose last direction is this one, on the nodes of the directions up to it.
    private double[] AtLevel(InputFrame frame, int[] factors, int level)
    {
        double[]? product = null;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            int factor = factors[frame.Inputs[input]];
            if (frame.Levels[input] != level || factor == 0)
                continue;
            double[] values = Values(frame, input, factor);
            product = product is null ? values : [.. product.Zip(values, (left, right) => left * right)];
        }

        if (product is not null)
            return product;
        var ones = new double[Power(_tables[frame.Rank].Count, level)];
        Array.Fill(ones, 1);
        return ones;
    }

    private double[] Values(InputFrame frame, int input, int factor)
    {
        (int, int, int) key = (Key(frame.Inputs), input, factor);
        if (_values.TryGetValue(key, out double[]? known))
            return known;
        InputFactor product = _functions.Factors[factor];
        (double[] points, double[][] derivatives) = Points(frame, input, product.Derivatives.DefaultIfEmpty(0).Max());
        var values = new double[points.Length];
        Array.Fill(values, 1);
        foreach (int order in product.Derivatives)
        {
            double[] row = derivatives[order];
            for (int at = 0; at < values.Length; at++)
                values[at] *= row[at];
        }

        for (int power = 0; power < product.Power; power++)
        {
            for (int at = 0; at < values.Length; at++)
                values[at] *= points[at];
        }

        return _values[key] = values;
    }

    private (double[] Points, double[][] Derivatives) Points(InputFrame frame, int input, int highest)
    {
        (int, int) key = (Key(frame.Inputs), input);
        if (_points.TryGetValue(key, out (double[] Points, double[][] Derivatives) known) && known.Derivatives.Length > highest)
            return known;
        double[] nodes = _tables[frame.Rank].Nodes, points = [0];
        for (int axis = 0; axis < frame.Levels[input]; axis++)
        {
            var next = new double[points.Length * nodes.Length];
            for (int at = 0; at < next.Length; at++)
                next[at] = points[at / nodes.Length] + (frame.Root[input, axis] * nodes[at % nodes.Length]);
            points = next;
        }

        // Those of the highest order that any function of so many inputs has are asked for at once.
        int most = _functions.Functions.Where(each => each.Support.Length <= frame.Inputs.Length && each.Support.Length >= Math.Min(3, frame.Inputs.Length))
            .SelectMany(each => each.Factors).SelectMany(factor => _functions.Factors[factor].Derivatives).Append(highest).Max();
        var values = new double[(most + 1) * points.Length];
        _sigma.Fill(most, points, values);
        return _points[key] = (points, [.. Enumerable.Range(0, most + 1).Select(order => values.AsSpan(order * points.Length, points.Length).ToArray())]);
    }

    private static int Key(int[] inputs)
    {
        int key = 0;
        foreach (int input in inputs)
            key = (key * 8) + input + 1;
        return key;
    }
}

/// <summary>Gauss-Hermite nodes, and modes on them.</summary>
internal sealed class NodeTable
{
    /// <summary>Makes the tables.</summary>
    /// <param name="count">The number of nodes.</param>
    /// <param name="highest">k.</param>
    public NodeTable(int count, int highest)
    {
        GaussHermiteRule rule = GaussHermiteRule.Of(count);
        (Count, Nodes) = (count, rule.Nodes);
        Table = new double[highest + 1][];
        WeightedRows = new double[(highest + 1) * count];
        for (int order = 0; order <= highest; order++)
        {
            double[] row = Table[order] = new double[count];
            for (int at = 0; at < count; at++)
            {
                row[at] = order == 0
                    ? Math.Sqrt(rule.Weights[at])
                    : ((Nodes[at] * Table[order - 1][at]) - (order > 1 ? Math.Sqrt(order - 1.0) * Table[order - 2][at] : 0)) / Math.Sqrt(order);
                WeightedRows[(order * count) + at] = row[at] * Table[0][at];
            }
        }
    }

    /// <summary>The number of nodes.</summary>
    public int Count { get; }

    /// <summary>z.</summary>
    public double[] Nodes { get; }

    /// <summary>sqrt(w) he_j over the nodes, order by order.</summary>
    public double[][] Table { get; }

    /// <summary>w he_j over the nodes, one order after another.</summary>
    public double[] WeightedRows { get; }

    /// <summary>E[he_i F he_j], row by row.</summary>
    /// <param name="function">F on the nodes.</param>
    /// <param name="matrix">Receives the matrix.</param>
    public void Matrix(ReadOnlySpan<double> function, double[] matrix)
    {
        var row = new double[Count];
        for (int first = 0; first < Table.Length; first++)
        {
            for (int at = 0; at < Count; at++)
                row[at] = function[at] * Table[first][at];
            for (int second = first; second < Table.Length; second++)
                matrix[(first * Table.Length) + second] = matrix[(second * Table.Length) + first] = VectorSums.Dot(row, Table[second]);
        }
    }
}

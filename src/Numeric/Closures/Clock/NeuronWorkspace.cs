// Functions of a neuron of several inputs at one kernel: their Gaussian means and modes, and the modes of a product with a function that is given by modes.
//   A product over inputs is integrated one direction after another, the last first (x = Root z, Root lower triangular): the factors of the inputs that depend on
//   no later direction wait until then, so that functions with the same last factors share what is costly.
//   Every product of functions is taken point by point.
//   E[g F he_B] for g of all directions of a frame and F of its first one or two: the matrix E[he_A F he_B] of those, taken on nodes, times the modes of g;
//   the other directions are not touched.

using System.Numerics;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Workspace: frames, means and modes at the kernel that is used.</summary>
internal sealed class NeuronWorkspace
{
    private const int MostDirections = 4, Near = 10;

    private readonly ActivationDescription _sigma;
    private readonly SeparableFunctions _functions;
    private readonly int _inputs, _highest;
    private readonly NodeTable[][] _tables;
    private readonly NodeTable _productTable;
    private readonly Dictionary<int, Stack<double[]>> _free = [];
    private readonly List<double[]> _used = [];
    private readonly Dictionary<int, InputFrame> _frames = [];
    private readonly Dictionary<(int Frame, NodeTable Table, int Input), (double[] Points, double[][] Derivatives)> _points = [];
    private readonly Dictionary<(int Frame, NodeTable Table, int Input, int Factor), double[]> _values = [];
    private readonly Dictionary<(int Frame, NodeTable Table, int Level, long Factors, bool OnlyMean), double[]> _levels = [];
    private readonly Dictionary<(int Factor, double Slope, double Step, int Half, int Count), double[]> _tabulated = [];
    private readonly Dictionary<(int Frame, NodeTable Table, int Input), (int Half, int[] Firsts, double[] Weights)> _centres = [];
    private readonly Dictionary<int, double[]> _modes = [], _products = [];
    private readonly Dictionary<(int Directions, int Lead), int[][]> _leads = [];
    private readonly Dictionary<int, double> _means = [];
    private double[] _kernel = [];

    /// <summary>Prepares the workspace.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="functions">The functions, which may grow.</param>
    /// <param name="inputs">N, at most 4.</param>
    /// <param name="highest">k.</param>
    /// <param name="nodes">The grids.</param>
    public NeuronWorkspace(ActivationDescription sigma, SeparableFunctions functions, int inputs, int highest, NodeChoice nodes)
    {
        (_sigma, _functions, _inputs, _highest) = (sigma, functions, inputs, highest);
        Spaces = [.. Enumerable.Range(0, MostDirections + 1).Select(directions => new ModeSpace(directions, highest))];
        _tables = [.. nodes.Functions.Select(rules => rules.Select(rule => new NodeTable(rule, highest)).ToArray())];
        _productTable = new NodeTable(nodes.Products, highest);
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
        foreach (double[] array in _used)
            (_free.TryGetValue(array.Length, out Stack<double[]>? alike) ? alike : _free[array.Length] = []).Push(array);
        _used.Clear();
        _frames.Clear();
        _points.Clear();
        _values.Clear();
        _levels.Clear();
        _tabulated.Clear();
        _centres.Clear();
        _modes.Clear();
        _products.Clear();
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
    /// <param name="given">g over the modes, by columns.</param>
    /// <param name="selected">The columns.</param>
    /// <param name="columns">How many columns g has.</param>
    public double[] Multiply(int function, InputFrame frame, double[] given, int[] selected, int columns)
    {
        InputFrame own = Frame(_functions.Functions[function].Support);
        double[] matrix = ProductMatrix(function, own);
        ModeSpace space = SpaceOf(frame), lead = SpaceOf(own), rest = Spaces[frame.Rank - own.Rank];
        int[][] places = PlacesOfLead(space, lead, rest);
        int count = selected.Length;
        double[] result = new double[space.Count * count], from = [], to = [];
        for (int degree = 0, first = 0; degree <= _highest; degree++)
        {
            // Modes of the other directions that have the same degree leave the same modes to the first ones.
            int leads = lead.CountTo[_highest - degree], until = rest.CountTo[degree], width = (until - first) * count;
            if (from.Length < leads * width)
                (from, to) = (new double[leads * width], new double[leads * width]);
            for (int mode = 0; mode < leads; mode++)
            {
                for (int other = first; other < until; other++)
                {
                    int place = places[other][mode] * columns, target = (mode * width) + ((other - first) * count);
                    for (int column = 0; column < count; column++)
                        from[target + column] = given[place + selected[column]];
                }
            }

            for (int mode = 0; mode < leads; mode++)
                RowSums.Combine(from, matrix.AsSpan(mode * lead.Count), 1, leads, width, to.AsSpan(mode * width, width));
            for (int mode = 0; mode < leads; mode++)
            {
                for (int other = first; other < until; other++)
                    to.AsSpan((mode * width) + ((other - first) * count), count).CopyTo(result.AsSpan(places[other][mode] * count));
            }

            first = until;
        }

        return result;
    }

    // E[he_A F he_B] over the modes of the inputs of F, row by row.
    private double[] ProductMatrix(int function, InputFrame own)
    {
        if (_products.TryGetValue(function, out double[]? known))
            return known;
        int[] factors = _functions.Functions[function].Factors;
        NodeTable table = _productTable;
        double constant = 1;
        for (int input = 0; input < own.Inputs.Length; input++)
        {
            if (own.Levels[input] == 0)
                constant *= Values(own, table, input, factors[own.Inputs[input]])[0];
        }

        int size = _highest + 1;
        var matrix = new double[SpaceOf(own).Count * SpaceOf(own).Count];
        if (own.Rank == 0)
        {
            matrix[0] = constant;
        }
        else
        {
            double[] first = AtLevel(own, table, factors, 1);
            if (constant != 1)
                first = [.. first.Select(value => constant * value)];
            if (own.Rank == 1)
                table.Matrix(first, matrix);
            else
                InTwoDirections(first, SecondMatrices(own, table, factors), matrix);
        }

        return _products[function] = matrix;

        void InTwoDirections(double[] first, double[] seconds, double[] matrix)
        {
            int nodes = table.Count, pair = 0;
            double[] row = new double[nodes], sums = new double[size * size];
            ModeSpace plane = Spaces[2];
            for (int one = 0; one < size; one++)
            {
                for (int other = one; other < size; other++, pair++)
                {
                    for (int at = 0; at < nodes; at++)
                        row[at] = first[at] * seconds[(pair * nodes) + at];

                    // Products of orders that are symmetric in themselves, as far as they are needed.
                    int most = size - one, least = size - other;
                    for (int left = 0; left < most; left++)
                    {
                        int until = Math.Min(left + 1, least);
                        VectorSums.Dots(row, table.Products.AsSpan(left * size * nodes), nodes, sums.AsSpan(left * size, until));
                    }

                    for (int left = 0; left < most; left++)
                    {
                        for (int right = 0; right < least; right++)
                        {
                            double value = sums[(Math.Max(left, right) * size) + Math.Min(left, right)];
                            int from = plane.InPlane(left, one), to = plane.InPlane(right, other);
                            matrix[(from * plane.Count) + to] = matrix[(to * plane.Count) + from] = value;
                        }
                    }
                }
            }
        }
    }

    // E[he_i F he_j] over the second direction, for i <= j, on the nodes of the first; F the product of the factors of that direction.
    private double[] SecondMatrices(InputFrame own, NodeTable table, int[] factors)
    {
        long suffix = Suffix(own, factors, 2);
        (int, NodeTable, int, long, bool) key = (Key(own.Inputs), table, -2, suffix, false);
        if (_levels.TryGetValue(key, out double[]? known))
            return known;
        double[] second = AtLevel(own, table, factors, 2);
        int nodes = table.Count, size = _highest + 1, pairs = size * (size + 1) / 2;
        double[] result = Rent(pairs * nodes), sums = new double[pairs];
        for (int node = 0; node < nodes; node++)
        {
            int pair = 0;
            for (int one = 0; one < size; one++)
            {
                // Rows of he_one he_j, j >= one, stand one after another in the table of products from j on.
                for (int other = one; other < size; other++, pair++)
                    sums[pair] = VectorSums.Dot(second.AsSpan(node * nodes, nodes), table.Products.AsSpan(((other * size) + one) * nodes, nodes));
            }

            for (pair = 0; pair < pairs; pair++)
                result[(pair * nodes) + node] = sums[pair];
        }

        return _levels[key] = result;
    }

    private long Suffix(InputFrame frame, int[] factors, int level)
    {
        long suffix = 0;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] >= level)
                suffix = (suffix * _functions.Factors.Count) + factors[frame.Inputs[input]] + 1;
        }

        return suffix;
    }

    // For each mode of the other directions where the modes of the first ones with it are among all.
    private int[][] PlacesOfLead(ModeSpace space, ModeSpace lead, ModeSpace rest)
    {
        if (_leads.TryGetValue((space.Directions, lead.Directions), out int[][]? known))
            return known;
        int[][] places = [.. rest.Modes.Select(other => (int[])[.. lead.Modes.Take(lead.CountTo[_highest - Degree(other)]).Select(mode => space.Place([.. mode, .. other]))])];
        return _leads[(space.Directions, lead.Directions)] = places;
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
        NodeTable table = TableOf(frame, separable.Factors);
        double constant = 1;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] == 0)
                constant *= Values(frame, table, input, separable.Factors[frame.Inputs[input]])[0];
        }

        double[] values = Level(frame, table, separable.Factors, 1, onlyMean);
        return constant == 1 ? values : [.. values.Select(value => constant * value)];
    }

    // After the directions level, level + 1, ... are integrated: over nodes of those before, modes of these.
    private double[] Level(InputFrame frame, NodeTable table, int[] factors, int level, bool onlyMean)
    {
        if (level > frame.Rank)
            return [1];
        (int, NodeTable, int, long, bool) key = (Key(frame.Inputs), table, level, Suffix(frame, factors, level), onlyMean);
        if (_levels.TryGetValue(key, out double[]? known))
            return known;
        int nodes = table.Count, outer = Power(nodes, level - 1), highest = onlyMean ? 0 : _highest;
        int last = level > 2 && level == frame.Rank && frame.Levels.Count(each => each == level) == 1 ? Array.IndexOf(frame.Levels, level) : -1;
        double[] here = last < 0 ? AtLevel(frame, table, factors, level) : [], result;
        if (last >= 0)
        {
            result = Rent(outer * (highest + 1));
            Interpolate(frame, table, last, factors[frame.Inputs[last]], highest, result);
        }
        else if (level == frame.Rank)
        {
            result = Rent(outer * (highest + 1));
            for (int at = 0; at < outer; at++)
                VectorSums.Dots(here.AsSpan(at * nodes, nodes), table.WeightedRows, nodes, result.AsSpan(at * (highest + 1), highest + 1));
        }
        else if (onlyMean)
        {
            double[] products = Times(here, Level(frame, table, factors, level + 1, onlyMean));
            result = Rent(outer);
            for (int at = 0; at < outer; at++)
                result[at] = VectorSums.Dot(products.AsSpan(at * nodes, nodes), table.WeightedRows.AsSpan(0, nodes));
        }
        else
        {
            double[] inner = Level(frame, table, factors, level + 1, onlyMean);
            ModeSpace rest = Spaces[frame.Rank - level], space = Spaces[frame.Rank - level + 1];
            int restCount = rest.Count, count = space.Count;
            int[][] firsts = PlacesOfFirst(space, rest);
            result = Rent(outer * count);
            var blocks = new double[highest + 1][];
            for (int order = 0; order <= highest; order++)
                blocks[order] = new double[rest.CountTo[highest - order]];
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
                        result[(at * count) + firsts[order][mode]] = blocks[order][mode];
                }
            }
        }

        return _levels[key] = result;
    }

    // Large arrays serve one layer after another. Their content is what it was.
    private double[] Rent(int length)
    {
        double[] array = _free.TryGetValue(length, out Stack<double[]>? alike) && alike.Count > 0 ? alike.Pop() : new double[length];
        _used.Add(array);
        return array;
    }

    // E[F(m + s z) he_j(z)], z the last direction: a function of m alone, and smooth; from a table of m, at which it is integrated as finely as in one direction.
    private void Interpolate(InputFrame frame, NodeTable table, int input, int factor, int highest, double[] result)
    {
        int count = highest + 1, level = frame.Levels[input];
        double step = Math.Sqrt(_kernel[PairIndexing.Of(frame.Inputs[input], frame.Inputs[input], _inputs)]) / 12;
        (int Half, int[] Firsts, double[] Weights) places = Places(frame, table, input, step);
        double[] rows = Tabulated(factor, frame.Root[input, level - 1], step, places.Half, count);
        for (int at = 0; at < places.Firsts.Length; at++)
        {
            if (count == 1)
            {
                double sum = 0;
                for (int each = 0; each < Near; each++)
                    sum += rows[places.Firsts[at] + each] * places.Weights[(at * Near) + each];
                result[at] = sum;
                continue;
            }

            Span<double> target = result.AsSpan(at * count, count);
            target.Clear();
            for (int each = 0; each < Near; each++)
                VectorSums.AddMultiple(rows.AsSpan((places.Firsts[at] + each) * count, count), places.Weights[(at * Near) + each], target);
        }
    }

    // Where the centres of the last direction are in the table.
    private (int Half, int[] Firsts, double[] Weights) Places(InputFrame frame, NodeTable table, int input, double step)
    {
        (int, NodeTable, int) key = (Key(frame.Inputs), table, input);
        if (_centres.TryGetValue(key, out (int Half, int[] Firsts, double[] Weights) known))
            return known;
        double[] centres = Positions(frame, table, input, frame.Levels[input] - 1), weights = Rent(centres.Length * Near);
        double reach = 0;
        foreach (double centre in centres)
            reach = Math.Max(reach, Math.Abs(centre));
        int half = (int)Math.Ceiling(reach / step) + Near;
        var firsts = new int[centres.Length];
        for (int at = 0; at < centres.Length; at++)
        {
            double place = (centres[at] / step) + half;
            firsts[at] = (int)Math.Floor(place) - (Near / 2) + 1;
            Lagrange(place - firsts[at], weights.AsSpan(at * Near, Near));
        }

        return _centres[key] = (half, firsts, weights);
    }

    // The weights of the nodes 0, 1, ... at a place between those in the middle.
    private static void Lagrange(double place, Span<double> weights)
    {
        int at = (int)Math.Round(place);
        if (place == at)
        {
            weights.Clear();
            weights[at] = 1;
            return;
        }

        double product = 1, choose = 1;
        for (int node = 0; node < weights.Length; node++)
            product *= place - node;
        for (int node = 0; node < weights.Length; node++)
        {
            // 1/((-1)^(m-1-node) node! (m-1-node)!).
            weights[node] = product / (place - node) * choose;
            choose *= -(double)(weights.Length - 1 - node) / (node + 1);
        }

        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        for (int node = 0; node < weights.Length; node++)
            weights[node] /= sum;
    }

    private double[] Tabulated(int factor, double slope, double step, int half, int count)
    {
        (int, double, double, int, int) key = (factor, slope, step, half, count);
        if (_tabulated.TryGetValue(key, out double[]? known))
            return known;
        InputFactor product = _functions.Factors[factor];
        int most = product.Derivatives.DefaultIfEmpty(0).Max();
        NodeTable[] tables = _tables[1];
        NodeTable table = tables[Math.Min(tables.Length - 1, NodeChoice.ClassOf(most))];
        double[] points = Rent(table.Count), values = Rent((most + 1) * table.Count), function = Rent(table.Count), rows = new double[((2 * half) + 1) * count];
        for (int at = -half; at <= half; at++)
        {
            for (int node = 0; node < table.Count; node++)
                points[node] = (at * step) + (slope * table.Nodes[node]);
            _sigma.Fill(most, points, values);
            for (int node = 0; node < table.Count; node++)
            {
                double value = Math.Pow(points[node], product.Power);
                foreach (int order in product.Derivatives)
                    value *= values[(order * table.Count) + node];
                function[node] = value;
            }

            VectorSums.Dots(function, table.WeightedRows, table.Count, rows.AsSpan((at + half) * count, count));
        }

        return _tabulated[key] = rows;
    }

    // The table for a function of the inputs of a frame.
    private NodeTable TableOf(InputFrame frame, int[] factors)
    {
        int most = 0;
        foreach (int input in frame.Inputs)
        {
            foreach (int order in _functions.Factors[factors[input]].Derivatives)
                most = Math.Max(most, order);
        }

        NodeTable[] tables = _tables[frame.Rank];
        return tables[Math.Min(tables.Length - 1, NodeChoice.ClassOf(most))];
    }

    private double[] Times(double[] left, double[] right)
    {
        double[] product = Rent(left.Length);
        int lanes = Vector<double>.Count, at = 0;
        for (; at <= product.Length - lanes; at += lanes)
            (new Vector<double>(left, at) * new Vector<double>(right, at)).CopyTo(product, at);
        for (; at < product.Length; at++)
            product[at] = left[at] * right[at];
        return product;
    }

    private static int Power(int nodes, int exponent) => exponent == 0 ? 1 : nodes * Power(nodes, exponent - 1);

    // The product of the factors of the inputs whose last direction is this one, on the nodes of the directions up to it.
    private double[] AtLevel(InputFrame frame, NodeTable table, int[] factors, int level)
    {
        double[]? product = null;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            int factor = factors[frame.Inputs[input]];
            if (frame.Levels[input] != level || factor == 0)
                continue;
            double[] values = Values(frame, table, input, factor);
            product = product is null ? values : Times(product, values);
        }

        if (product is not null)
            return product;
        double[] ones = Rent(Power(table.Count, level));
        Array.Fill(ones, 1);
        return ones;
    }

    private double[] Values(InputFrame frame, NodeTable table, int input, int factor)
    {
        (int, NodeTable, int, int) key = (Key(frame.Inputs), table, input, factor);
        if (_values.TryGetValue(key, out double[]? known))
            return known;
        InputFactor product = _functions.Factors[factor];
        (double[] points, double[][] derivatives) = Points(frame, table, input, product.Derivatives.DefaultIfEmpty(0).Max());
        double[]? values = null;
        foreach (int order in product.Derivatives)
            values = values is null ? derivatives[order] : Times(values, derivatives[order]);
        for (int power = 0; power < product.Power; power++)
            values = values is null ? points : Times(values, points);
        return _values[key] = values!;
    }

    private (double[] Points, double[][] Derivatives) Points(InputFrame frame, NodeTable table, int input, int highest)
    {
        (int, NodeTable, int) key = (Key(frame.Inputs), table, input);
        if (_points.TryGetValue(key, out (double[] Points, double[][] Derivatives) known) && known.Derivatives.Length > highest)
            return known;
        double[] points = Positions(frame, table, input, frame.Levels[input]);

        // Those of the highest order that any function on this table has are asked for at once.
        int kind = Array.IndexOf(_tables[frame.Rank], table), most = Math.Max(highest, kind == 2 ? 8 : kind == 1 ? 4 : 2);
        double[] values = Rent((most + 1) * points.Length);
        _sigma.Fill(most, points, values.AsSpan(0, (most + 1) * points.Length));
        var rows = new double[most + 1][];
        for (int order = 0; order <= most; order++)
            values.AsSpan(order * points.Length, points.Length).CopyTo(rows[order] = Rent(points.Length));
        return _points[key] = (points, rows);
    }

    // What the first directions make of an input, on their nodes.
    private double[] Positions(InputFrame frame, NodeTable table, int input, int directions)
    {
        double[] nodes = table.Nodes, points = [0];
        for (int axis = 0; axis < directions; axis++)
        {
            double[] next = Rent(points.Length * nodes.Length);
            for (int start = 0; start < points.Length; start++)
            {
                for (int at = 0; at < nodes.Length; at++)
                    next[(start * nodes.Length) + at] = points[start] + (frame.Root[input, axis] * nodes[at]);
            }

            points = next;
        }

        return points;
    }

    private static int Key(int[] inputs)
    {
        int key = 0;
        foreach (int input in inputs)
            key = (key * 8) + input + 1;
        return key;
    }
}

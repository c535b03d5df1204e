// E[F he_B] for functions F that are products over the same inputs, x = Root z with Root lower triangular: one direction after another, the last first. What
// the last directions make of the factors of their inputs is a function of what the first ones make of these inputs, and is shared by all F that
// have the same last factors. Where one input alone has the last of three directions or more, it is a smooth function of one number, read from a table.

using System.Globalization;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The rules by which a frame is integrated.</summary>
/// <param name="Direction">Of a direction.</param>
/// <param name="Last">Of the last direction where it is tabulated.</param>
internal readonly record struct FrameRules(NodeRule Direction, NodeRule Last);

/// <summary>Integrates functions of several inputs.</summary>
/// <param name="functions">All functions.</param>
/// <param name="values">What evaluates their factors.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="spaces">The modes of so many directions up to a degree.</param>
internal sealed class FunctionIntegrals(SeparableFunctions functions, FactorValues values, DirectionNodes nodes, Func<int, int, ModeSpace> spaces)
{
    // Points of the table that a value is read from, and points of it in a standard deviation of the last direction.
    private const int Near = 10, PerDeviation = 16;

    private readonly Dictionary<(int Directions, int Degree), int[][]> _firsts = [];

    /// <summary>E[F he_B] for each function, over the modes up to its degree.</summary>
    /// <param name="frame">The frame of their inputs.</param>
    /// <param name="wanted">The functions, and the highest degree of B for each.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="isEven">Whether the functions are even in all inputs together, so that half of the first direction is enough.</param>
    public double[][] Of(InputFrame frame, IReadOnlyList<(int Function, int Degree)> wanted, FrameRules rules, bool isEven)
    {
        var run = new Run(this, frame, wanted, rules, isEven);
        return run.Integrate();
    }

    // For each order in the first direction and mode of the others, where it is among all.
    private int[][] PlacesOfFirst(int directions, int degree)
    {
        if (_firsts.TryGetValue((directions, degree), out int[][]? known))
            return known;
        ModeSpace space = spaces(directions, degree), rest = spaces(directions - 1, degree);
        int[][] places = [.. Enumerable.Range(0, degree + 1).Select(order => (int[])[.. Enumerable.Range(0, rest.CountTo[degree - order]).Select(mode => space.Place([order, .. rest.Modes[mode]]))])];
        return _firsts[(directions, degree)] = places;
    }

    // The factors of the inputs of one direction, and the place of those of later ones in the next stage.
    private sealed class Suffix(int[] here, int next)
    {
        public int[] Here { get; } = here;

        public int Next { get; } = next;

        public int Degree { get; set; }

        public double[] Result { get; set; } = [];

        // At the nodes of the direction before.
        public double[] AtNodes { get; set; } = [];

        // Of the last direction, where it is tabulated.
        public double[] Rows { get; set; } = [];
    }

    private sealed class Stage
    {
        public required int[] Inputs { get; init; }

        // For each input the factors that occur, and their values on the nodes.
        public List<int>[] Factors { get; set; } = [];

        public double[][][] Values { get; set; } = [];

        public List<Suffix> Suffixes { get; } = [];

        public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

        public int Degree => Suffixes.Max(suffix => suffix.Degree);

        public double[] Product { get; set; } = [];

        public double[] Weighted { get; set; } = [];

        public double[] Block { get; set; } = [];

        public double[] Points { get; set; } = [];
    }

    // One frame with its functions.
    private sealed class Run
    {
        private readonly FunctionIntegrals _all;
        private readonly InputFrame _frame;
        private readonly IReadOnlyList<(int Function, int Degree)> _wanted;
        private readonly FrameRules _rules;
        private readonly Stage[] _stages;
        private readonly int[] _tops;
        private readonly bool _isTabulated, _isEven;
        private double _tableStep;
        private int _tableHalf;

        public Run(FunctionIntegrals all, InputFrame frame, IReadOnlyList<(int Function, int Degree)> wanted, FrameRules rules, bool isEven)
        {
            (_all, _frame, _wanted, _rules, _isEven) = (all, frame, wanted, rules, isEven);
            _stages = [.. Enumerable.Range(0, frame.Rank + 1).Select(level => new Stage { Inputs = [.. Enumerable.Range(0, frame.Inputs.Length).Where(input => frame.Levels[input] == level)] })];
            foreach (Stage stage in _stages)
            {
                stage.Factors = [.. stage.Inputs.Select(_ => new List<int>())];
                stage.Values = new double[stage.Inputs.Length][][];
            }

            _tops = [.. wanted.Select(each => SuffixOf(1, each.Function, each.Degree))];
            foreach (Stage stage in _stages)
                stage.Values = [.. stage.Factors.Select(factors => (double[][])[.. factors.Select(_ => Array.Empty<double>())])];
            _isTabulated = frame.Rank > 2 && _stages[frame.Rank].Inputs.Length == 1;
        }

        public double[][] Integrate()
        {
            if (_frame.Rank > 0)
            {
                if (_isTabulated)
                    Tabulate();
                Direction(1, new double[_frame.Inputs.Length]);
            }

            var results = new double[_wanted.Count][];
            for (int at = 0; at < results.Length; at++)
            {
                (int function, int degree) = _wanted[at];
                results[at] = _frame.Rank == 0 ? [1] : _stages[1].Suffixes[_tops[at]].Result.AsSpan(0, _all.SpaceCount(_frame.Rank, degree)).ToArray();
                double constant = ConstantOf(function);
                if (_isEven && degree > 0)
                    ClearOdd(results[at], degree);
                foreach (ref double value in results[at].AsSpan())
                    value *= constant;
            }

            return results;
        }

        private void ClearOdd(double[] modes, int degree)
        {
            ModeSpace space = _all.Space(_frame.Rank, degree);
            for (int order = 1; order <= degree; order += 2)
                modes.AsSpan(space.CountTo[order - 1]..space.CountTo[order]).Clear();
        }

        // Inputs without a direction are 0.
        private double ConstantOf(int function)
        {
            double product = 1;
            foreach (int input in _stages[0].Inputs)
            {
                double[][] value = [[0.0]];
                _all.Fill([0.0], [FactorOf(function, input)], value);
                product *= value[0][0];
            }

            return product;
        }

        private int FactorOf(int function, int input) => _all.FactorOf(function, _frame.Inputs[input]);

        private int SuffixOf(int level, int function, int degree)
        {
            if (level > _frame.Rank)
                return -1;
            Stage stage = _stages[level];
            var here = new int[stage.Inputs.Length];
            for (int at = 0; at < here.Length; at++)
            {
                int factor = FactorOf(function, stage.Inputs[at]);
                here[at] = stage.Factors[at].IndexOf(factor);
                if (here[at] < 0)
                {
                    here[at] = stage.Factors[at].Count;
                    stage.Factors[at].Add(factor);
                }
            }

            int next = SuffixOf(level + 1, function, degree);
            string key = string.Join(',', here.Append(next).Select(each => each.ToString(CultureInfo.InvariantCulture)));
            if (!stage.Places.TryGetValue(key, out int place))
            {
                stage.Places.Add(key, place = stage.Suffixes.Count);
                stage.Suffixes.Add(new(here, next));
            }

            stage.Suffixes[place].Degree = Math.Max(stage.Suffixes[place].Degree, degree);
            return place;
        }

        // Modes of this direction and the later ones, for every suffix; centres: what those before make of each input.
        private void Direction(int level, double[] centres)
        {
            Stage stage = _stages[level];
            NodeTable table = _all.NodesAt(_frame, level, centres, _rules.Direction, stage.Degree, _isEven && level == 1);
            if (level < _frame.Rank)
                Later(level, centres, table);
            Evaluate(stage, level, centres, table);
            int count = table.Count;
            foreach (Suffix suffix in stage.Suffixes)
            {
                int degree = suffix.Degree, size = _all.SpaceCount(_frame.Rank - level + 1, degree);
                if (suffix.Result.Length != size)
                    suffix.Result = new double[size];
                double[] product = Product(stage, suffix, count);
                if (level == _frame.Rank)
                {
                    VectorSums.Dots(product.AsSpan(0, count), table.WeightedRows, count, suffix.Result);
                    continue;
                }

                Suffix next = _stages[level + 1].Suffixes[suffix.Next];
                int stride = _all.SpaceCount(_frame.Rank - level, next.Degree);
                ModeSpace rest = _all.Space(_frame.Rank - level, degree);
                int[][] places = _all.PlacesOfFirst(_frame.Rank - level + 1, degree);
                if (stage.Block.Length < rest.Count)
                    stage.Block = new double[rest.Count];
                if (stage.Weighted.Length < count)
                    stage.Weighted = new double[count];
                for (int order = 0; order <= degree; order++)
                {
                    for (int at = 0; at < count; at++)
                        stage.Weighted[at] = product[at] * table.WeightedRows[(order * count) + at];
                    int length = rest.CountTo[degree - order];
                    RowSums.Combine(next.AtNodes, stride, stage.Weighted, 1, count, length, stage.Block);
                    for (int mode = 0; mode < length; mode++)
                        suffix.Result[places[order][mode]] = stage.Block[mode];
                }
            }
        }

        // The next stage at each node of a direction.
        private void Later(int level, double[] centres, NodeTable table)
        {
            Stage next = _stages[level + 1];
            foreach (Suffix suffix in next.Suffixes)
            {
                int size = table.Count * _all.SpaceCount(_frame.Rank - level, suffix.Degree);
                if (suffix.AtNodes.Length < size)
                    suffix.AtNodes = new double[size];
            }

            double[] moved = (double[])centres.Clone();
            for (int node = 0; node < table.Count; node++)
            {
                for (int input = 0; input < moved.Length; input++)
                    moved[input] = centres[input] + (_frame.Root[input, level - 1] * table.Nodes[node]);
                if (level + 1 == _frame.Rank && _isTabulated)
                {
                    Read(next, moved[next.Inputs[0]], node);
                    continue;
                }

                Direction(level + 1, moved);
                foreach (Suffix suffix in next.Suffixes)
                    suffix.Result.CopyTo(suffix.AtNodes, node * suffix.Result.Length);
            }
        }

        private void Evaluate(Stage stage, int level, double[] centres, NodeTable table)
        {
            int count = table.Count;
            if (stage.Points.Length < count)
                stage.Points = new double[count];
            for (int at = 0; at < stage.Inputs.Length; at++)
            {
                int input = stage.Inputs[at];
                for (int node = 0; node < count; node++)
                    stage.Points[node] = centres[input] + (_frame.Root[input, level - 1] * table.Nodes[node]);
                for (int factor = 0; factor < stage.Factors[at].Count; factor++)
                {
                    if (stage.Values[at][factor].Length < count)
                        stage.Values[at][factor] = new double[count];
                }

                _all.Fill(stage.Points.AsSpan(0, count), stage.Factors[at], stage.Values[at]);
            }
        }

        private static double[] Product(Stage stage, Suffix suffix, int count)
        {
            double[] first = stage.Values[0][suffix.Here[0]];
            if (suffix.Here.Length == 1)
                return first;
            if (stage.Product.Length < count)
                stage.Product = new double[count];
            first.AsSpan(0, count).CopyTo(stage.Product);
            for (int at = 1; at < suffix.Here.Length; at++)
            {
                double[] values = stage.Values[at][suffix.Here[at]];
                for (int node = 0; node < count; node++)
                    stage.Product[node] *= values[node];
            }

            return stage.Product;
        }

        // E[F(m + s z) he_j(z)] of the last direction for evenly spaced m.
        private void Tabulate()
        {
            Stage stage = _stages[_frame.Rank];
            int input = stage.Inputs[0], degree = stage.Degree;
            double reach = 0, variance = 0;
            for (int axis = 0; axis < _frame.Rank; axis++)
            {
                double part = Math.Abs(_frame.Root[input, axis]);
                variance += part * part;
                reach += axis < _frame.Rank - 1 ? part * (_rules.Direction.Range + _rules.Direction.Step) : 0;
            }

            // As finely as the Gaussian of what is left needs; an analytic function needs no more than its own grid.
            double needed = Math.Abs(_frame.Root[input, _frame.Rank - 1]) / PerDeviation;
            _tableStep = _all.HasKinks ? needed : Math.Max(needed, _rules.Last.Step * Math.Sqrt(variance) / 8);
            _tableHalf = (int)Math.Ceiling(reach / _tableStep) + Near;
            int rows = (2 * _tableHalf) + 1;
            foreach (Suffix suffix in stage.Suffixes)
                suffix.Rows = new double[rows * (suffix.Degree + 1)];
            var centres = new double[_frame.Inputs.Length];
            for (int row = 0; row < rows; row++)
            {
                centres[input] = (row - _tableHalf) * _tableStep;
                NodeTable table = _all.NodesAt(_frame, _frame.Rank, centres, _rules.Last, degree, false);
                Evaluate(stage, _frame.Rank, centres, table);
                foreach (Suffix suffix in stage.Suffixes)
                    VectorSums.Dots(stage.Values[0][suffix.Here[0]].AsSpan(0, table.Count), table.WeightedRows, table.Count, suffix.Rows.AsSpan(row * (suffix.Degree + 1), suffix.Degree + 1));
            }
        }

        // A row between those of the table.
        private void Read(Stage stage, double centre, int node)
        {
            double place = (centre / _tableStep) + _tableHalf;
            int first = (int)Math.Floor(place) - (Near / 2) + 1;
            Span<double> weights = stackalloc double[Near];
            Lagrange(place - first, weights);
            foreach (Suffix suffix in stage.Suffixes)
            {
                int length = suffix.Degree + 1;
                if (length > 1)
                {
                    RowSums.Combine(suffix.Rows.AsSpan(first * length, Near * length), length, weights, 1, Near, length, suffix.AtNodes.AsSpan(node * length, length));
                    continue;
                }

                double sum = 0;
                for (int each = 0; each < Near; each++)
                    sum += weights[each] * suffix.Rows[first + each];
                suffix.AtNodes[node] = sum;
            }
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

            double choose = 1, sum = 0;
            for (int node = 0; node < weights.Length; node++)
            {
                // But for a common factor: 1/((-1)^(m-1-node) node! (m-1-node)!) over the distance.
                weights[node] = choose / (place - node);
                sum += weights[node];
                choose *= -(double)(weights.Length - 1 - node) / (node + 1);
            }

            for (int node = 0; node < weights.Length; node++)
                weights[node] /= sum;
        }
    }

    private bool HasKinks => nodes.HasKinks;

    private ModeSpace Space(int directions, int degree) => spaces(directions, degree);

    private int SpaceCount(int directions, int degree) => degree == 0 ? 1 : spaces(directions, degree).Count;

    private NodeTable NodesAt(InputFrame frame, int level, ReadOnlySpan<double> centres, NodeRule rule, int highest, bool half) => nodes.At(frame, level, centres, rule, highest, half);

    private int FactorOf(int function, int input) => functions.Functions[function].Factors[input];

    private void Fill(ReadOnlySpan<double> points, IReadOnlyList<int> factors, double[][] target) => values.Fill(points, factors, target);
}

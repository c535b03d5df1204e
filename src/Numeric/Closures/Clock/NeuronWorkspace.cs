// Functions of a neuron of several inputs at one kernel: their Gaussian means and modes, and the modes of a product with a function that is given by modes.
//   A derivative is integrated by parts: E[(dF/dz_i) he_B] = sqrt(B_i + 1) E[F he_(B + e_i)], so that no more than products of powers of sigma, continuous
//   whatever corners sigma has, are ever integrated. That divides by what is left of an input when the others are given: where little is left of an
//   analytic sigma, and where inputs determine one another, derivatives are taken point by point instead; kinks are refused there.
//   E[g F he_B] for g of all directions of a frame and F of its first one or two: the matrix E[he_A F he_B] of those times the modes of g;
//   the other directions are not touched.

using System.Collections.Concurrent;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Workspace: frames, means and modes at the kernel that is used.</summary>
internal sealed class NeuronWorkspace
{
    private const int MostDirections = 4;

    // What is left of an input when the others are given is at least its deviation over these, for two inputs and for more.
    private const double NarrowOfTwo = 2.5, NarrowOfMore = 1.6, NarrowWithKinks = 30, NarrowOfMoreWithKinks = 12;

    private readonly SeparableFunctions _functions;
    private readonly int _inputs, _highest, _reach;
    private readonly bool _isEven;
    private readonly Func<double[], ConcurrentDictionary<int, Lazy<double[][]>>> _cache;
    private readonly NodeChoice _choice;
    private readonly bool _hasKinks;
    private readonly string _name;
    private readonly FunctionIntegrals _integrals;
    private readonly ProductMatrices _matrices;
    private readonly Dictionary<(int Directions, int Degree), ModeSpace> _allSpaces = [];
    private readonly Dictionary<int, (int Function, int Degree)[]> _bases, _all;
    private readonly Dictionary<int, InputFrame> _frames = [];
    private readonly Dictionary<int, bool> _narrow = [];
    private readonly Dictionary<int, double[]> _integrated = [], _modes = [], _products = [];
    private readonly Dictionary<(int Directions, int Lead), int[][]> _leads = [];
    private readonly Dictionary<int, double> _means = [];
    private readonly Dictionary<(int Function, int Parity), (int[] From, int[] To, double[] Matrix)> _blocks = [];
    private ConcurrentDictionary<int, Lazy<double[][]>> _shared = [];
    private double[] _kernel = [];

    /// <summary>Prepares the workspace.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="hasModes">For each function whether its modes will be asked for, and not its mean alone.</param>
    /// <param name="inputs">N, at most 4.</param>
    /// <param name="highest">k.</param>
    /// <param name="nodes">The grids.</param>
    /// <param name="cache">What solutions with other k, at most that of the grids, share at a kernel.</param>
    public NeuronWorkspace(ActivationDescription sigma, SeparableFunctions functions, IReadOnlyList<bool> hasModes, int inputs, int highest, NodeChoice nodes, Func<double[], ConcurrentDictionary<int, Lazy<double[][]>>> cache)
    {
        (_functions, _inputs, _highest, _choice, _hasKinks, _name) = (functions, inputs, highest, nodes, sigma.Kinks.Count > 0, sigma.Name);
        (_reach, _cache, _isEven) = (nodes.Modes, cache, FluctuationEquation.IsEvenOrOdd(sigma));
        Spaces = [.. Enumerable.Range(0, MostDirections + 1).Select(directions => Space(directions, highest))];
        var values = new FactorValues(sigma, functions);
        var direction = new DirectionNodes(sigma);
        (_integrals, _matrices) = (new(functions, values, direction, Space), new(functions, values, direction, nodes.Products, Space));
        (int Function, int Degree)[] all = [.. Enumerable.Range(1, functions.Functions.Count - 1).Select(function => (function, hasModes[function] ? highest : 0))];
        int Mask(int function) => functions.Functions[function].Support.Sum(input => 1 << input);
        _all = all.GroupBy(each => Mask(each.Function)).ToDictionary(group => group.Key, group => group.ToArray());
        _bases = all
            .GroupBy(each => functions.Functions[each.Function].Base, each => (each.Degree > 0 ? _reach : 0) + functions.Functions[each.Function].Derivatives.Length)
            .Select(group => (Function: group.Key, Degree: group.Max()))
            .GroupBy(each => Mask(each.Function)).ToDictionary(group => group.Key, group => group.ToArray());
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
        _narrow.Clear();
        _integrated.Clear();
        _modes.Clear();
        _products.Clear();
        _means.Clear();
        _blocks.Clear();
        _shared = _cache(_kernel);
        if (_hasKinks && Closeness(Whole, _kernel, _inputs) is { } close)
            throw new Solving.ComputationException($"At this depth {close}, and {_name} has kinks, so that the next order is a small difference of large numbers that cannot be trusted; use fewer layers, inputs that are farther apart, a smooth activation, or order 0.");
    }

    /// <summary>In words, that inputs are too close for an activation with kinks; null where they are not.</summary>
    /// <param name="frame">The frame of all inputs.</param>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="all">N.</param>
    public static string? Closeness(InputFrame frame, ReadOnlySpan<double> kernel, int all)
    {
        double most = frame.Inputs.Length > 2 ? NarrowOfMoreWithKinks : NarrowWithKinks;
        (int input, double times) = frame.Closest(kernel, all);
        return times <= most ? null : FormattableString.Invariant(
            $"{(double.IsInfinity(times) ? "nothing" : FormattableString.Invariant($"1/{times:F0}"))} of the deviation of input {input} is left when the others are given, less than 1/{most}");
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
        if (function == 0)
            return 1;
        if (!_means.TryGetValue(function, out double mean))
            _means.Add(function, mean = ModesTo(function, 0)[0]);
        return mean;
    }

    /// <summary>E[F he_B] over the modes of the frame of the inputs of F.</summary>
    public double[] Modes(int function)
    {
        if (!_modes.TryGetValue(function, out double[]? modes))
            _modes.Add(function, modes = function == 0 ? [1] : ModesTo(function, _highest));
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
        ModeSpace space = SpaceOf(frame), lead = SpaceOf(own), rest = Spaces[frame.Rank - own.Rank];
        int[][] places = PlacesOfLead(space, lead, rest);
        int count = selected.Length;
        double[] result = new double[space.Count * count], from = [], to = [];
        for (int degree = 0, first = 0; degree <= _highest; degree++)
        {
            // Modes of the other directions that have the same degree leave the same modes to the first ones; of an even g those that make the degree even.
            (int[] source, int[] made, double[] matrix) = Block(function, own, _isEven ? degree % 2 : -1);
            int most = lead.CountTo[_highest - degree], until = rest.CountTo[degree], width = (until - first) * count, before = Below(source, most), after = Below(made, most);
            if (from.Length < before * width)
                from = new double[before * width];
            if (to.Length < width)
                to = new double[width];
            for (int mode = 0; mode < before; mode++)
            {
                for (int other = first; other < until; other++)
                {
                    int place = places[other][source[mode]] * columns, target = (mode * width) + ((other - first) * count);
                    for (int column = 0; column < count; column++)
                        from[target + column] = given[place + selected[column]];
                }
            }

            for (int mode = 0; mode < after; mode++)
            {
                RowSums.Combine(from, matrix.AsSpan(mode * source.Length), 1, before, width, to.AsSpan(0, width));
                for (int other = first; other < until; other++)
                    to.AsSpan((other - first) * count, count).CopyTo(result.AsSpan(places[other][made[mode]] * count));
            }

            first = until;
        }

        return result;

        static int Below(int[] ascending, int most)
        {
            int at = Array.BinarySearch(ascending, most);
            return at < 0 ? ~at : at;
        }
    }

    // The part of E[he_A F he_B] from modes of a parity (-1: of all) to those that F makes of them.
    private (int[] From, int[] To, double[] Matrix) Block(int function, InputFrame own, int parity)
    {
        if (_blocks.TryGetValue((function, parity), out (int[], int[], double[]) known))
            return known;
        double[] matrix = ProductMatrix(function, own);
        ModeSpace lead = SpaceOf(own);
        int[] all = [.. Enumerable.Range(0, lead.Count)], from = all, to = all;
        if (parity >= 0)
        {
            int made = (parity + _functions.Functions[function].Derivatives.Length) % 2;
            (from, to) = ([.. all.Where(mode => lead.Modes[mode].Sum() % 2 == parity)], [.. all.Where(mode => lead.Modes[mode].Sum() % 2 == made)]);
        }

        var block = new double[from.Length * to.Length];
        for (int row = 0; row < to.Length; row++)
        {
            for (int column = 0; column < from.Length; column++)
                block[(row * from.Length) + column] = matrix[(to[row] * lead.Count) + from[column]];
        }

        return _blocks[(function, parity)] = (from, to, block);
    }

    private ModeSpace Space(int directions, int degree)
    {
        if (!_allSpaces.TryGetValue((directions, degree), out ModeSpace? space))
            _allSpaces.Add((directions, degree), space = new ModeSpace(directions, degree));
        return space;
    }

    // The modes of a function up to a degree.
    private double[] ModesTo(int function, int degree)
    {
        SeparableFunction separable = _functions.Functions[function];
        InputFrame frame = Frame(separable.Support);
        bool isNarrow = IsNarrow(frame);
        double[] modes = Integrated(isNarrow ? function : separable.Base, frame, isNarrow);
        if (isNarrow)
            return modes;
        ModeSpace space = Space(frame.Rank, degree + separable.Derivatives.Length);
        Span<double> slopes = stackalloc double[MostDirections];
        for (int left = separable.Derivatives.Length; left > 0; left--)
        {
            int place = Array.IndexOf(frame.Inputs, separable.Derivatives[left - 1]);
            for (int axis = 0; axis < frame.Rank; axis++)
                slopes[axis] = frame.Inverse[axis, place];
            modes = space.Shifted(modes, slopes, space.CountTo[degree + left - 1]);
        }

        return modes.Length == space.CountTo[degree] ? modes : modes[..space.CountTo[degree]];
    }

    private double[] Integrated(int function, InputFrame frame, bool isNarrow)
    {
        if (_integrated.TryGetValue(function, out double[]? known))
            return known;
        int mask = frame.Inputs.Sum(input => 1 << input);
        if (!isNarrow)
        {
            (int Function, int Degree)[] bases = _bases[mask];
            double[][] values = _shared.GetOrAdd(mask, _ => new(() => _integrals.Of(frame, bases, new(_choice.Functions[frame.Rank][0], _choice.Functions[1][0]), _isEven && Array.TrueForAll(bases, each => IsEven(each.Function))))).Value;
            for (int at = 0; at < bases.Length; at++)
                _integrated[bases[at].Function] = values[at];
            return _integrated[function];
        }

        NodeRule[] last = _choice.Functions[1], rules = _choice.Functions[frame.Rank];
        // Point by point: functions with derivatives of like orders, on a grid of their own.
        foreach (IGrouping<int, (int Function, int Degree)> alike in _all[mask].GroupBy(each => NodeChoice.ClassOf(Highest(each.Function))))
        {
            (int Function, int Degree)[] wanted = [.. alike];
            double[][] results = _integrals.Of(frame, wanted, new(rules[Math.Min(alike.Key, rules.Length - 1)], last[Math.Min(alike.Key, last.Length - 1)]), isEven: false);
            for (int at = 0; at < wanted.Length; at++)
                _integrated[wanted[at].Function] = results[at];
        }

        return _integrated[function];
    }

    /// <summary>Whether a function without derivatives is even in all inputs together where sigma is odd or even.</summary>
    public bool IsEven(int function) => _functions.Functions[function].Factors.Sum(factor => _functions.Factors[factor].Sigmas + _functions.Factors[factor].Power) % 2 == 0;

    private int Highest(int function)
    {
        int highest = 0;
        foreach (int factor in _functions.Functions[function].Factors)
            highest = Math.Max(highest, _functions.Factors[factor].Derivative);
        return highest;
    }

    // Whether so little of an input is left when the others of a frame are given that derivatives are taken point by point.
    private bool IsNarrow(InputFrame frame)
    {
        int key = Key(frame.Inputs);
        if (_narrow.TryGetValue(key, out bool known))
            return known;
        return _narrow[key] = !_hasKinks && frame.Closest(_kernel, _inputs).Times > (frame.Inputs.Length > 2 ? NarrowOfMore : NarrowOfTwo);
    }

    // E[he_A F he_B] over the modes of the inputs of F, row by row.
    private double[] ProductMatrix(int function, InputFrame own)
    {
        if (_products.TryGetValue(function, out double[]? known))
            return known;
        SeparableFunction separable = _functions.Functions[function];
        double[] matrix;
        if (IsNarrow(own))
        {
            matrix = _matrices.Of(function, own, _highest, isEven: false);
        }
        else
        {
            int degree = _reach + NodeChoice.InProducts, least = _highest + separable.Derivatives.Length;
            double[] whole = _shared.GetOrAdd(-separable.Base, _ => new(() => [_matrices.Of(separable.Base, own, degree, _isEven && IsEven(separable.Base))])).Value[0];
            matrix = Corner(whole, Space(own.Rank, degree).Count, Space(own.Rank, least).Count);
            for (int left = separable.Derivatives.Length; left > 0; left--)
                matrix = _matrices.Differentiated(matrix, own, Array.IndexOf(own.Inputs, separable.Derivatives[left - 1]), _highest + left);
        }

        return _products[function] = matrix;
    }

    private static double[] Corner(double[] matrix, int size, int count)
    {
        if (size == count)
            return matrix;
        var corner = new double[count * count];
        for (int row = 0; row < count; row++)
            matrix.AsSpan(row * size, count).CopyTo(corner.AsSpan(row * count));
        return corner;
    }

    // For each mode of the other directions where the modes of the first ones with it are among all.
    private int[][] PlacesOfLead(ModeSpace space, ModeSpace lead, ModeSpace rest)
    {
        if (_leads.TryGetValue((space.Directions, lead.Directions), out int[][]? known))
            return known;
        int[][] places = [.. rest.Modes.Select(other => (int[])[.. lead.Modes.Take(lead.CountTo[_highest - other.Sum()]).Select(mode => space.Place([.. mode, .. other]))])];
        return _leads[(space.Directions, lead.Directions)] = places;
    }

    private static int Key(int[] inputs)
    {
        int key = 0;
        foreach (int input in inputs)
            key = (key * 8) + input + 1;
        return key;
    }
}

// The clock equations for up to four inputs. What a cumulant has to be known on is less than all modes of all inputs: the leading covariance of Khat with an average
// is taken at products of two functions f, that is at functions of four inputs, and is kept in modes of all; every other one is taken at f or a pair alone, and is
// kept in the planes of two inputs. No number depends on inputs that it does not name.
//   The step K -> K' takes he_B(z) to he_B(z'), degree by degree a symmetric power of alpha L'^-1 L; in depth time the frame turns.

using System.Collections.Concurrent;
using System.Globalization;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The random clock of several inputs over depth.</summary>
internal sealed class ManyInputsClock : IClock
{
    private readonly InputsPlan _plan;
    private readonly NeuronWorkspace _work;
    private readonly int _inputs, _pairs, _planeSize, _width, _wideSize, _squareSize, _square;
    private readonly int _parity;
    private readonly PlanNumber[] _planNumbers;
    private readonly PlanVector[] _planVectors;
    private readonly bool[] _isKnown;
    private readonly int[][] _planes;
    private readonly Dictionary<ClockVariable, int> _offsets = [];
    private readonly double[] _numbers;
    private readonly double[]?[] _vectors, _wide;
    private readonly Dictionary<int, int[]> _meansBySupport, _productsBySupport;
    private readonly Dictionary<int, double[]> _restricted = [], _functionals = [];
    private double[] _state = [];
    private InputFrame _whole = null!;
    private InputFrame[] _frames = [];

    /// <summary>Prepares the equations.</summary>
    /// <param name="plan">The equations, in the form in which depth will advance.</param>
    /// <param name="sigma">The activation, without jumps.</param>
    /// <param name="layer">The numbers of the first layer.</param>
    /// <param name="inputs">N, at most 4.</param>
    /// <param name="modes">The highest mode k.</param>
    /// <param name="grid">The nodes.</param>
    /// <param name="cache">What is shared at a kernel with a solution of more or fewer modes on the same nodes.</param>
    public ManyInputsClock(InputsPlan plan, ActivationDescription sigma, LayerParameters layer, int inputs, int modes, NodeChoice grid, Func<double[], ConcurrentDictionary<int, Lazy<double[][]>>> cache)
    {
        (Layer, _inputs, _pairs, RelativeError) = (layer, inputs, PairIndexing.Count(inputs), grid.Accuracy);
        _plan = plan;
        _parity = FluctuationEquation.IsEvenOrOdd(sigma) ? 0 : -1;
        _work = new NeuronWorkspace(sigma, _plan.Functions, _plan.HasModes, inputs, modes, grid, cache);
        _planes = inputs == 1 ? [[0]] : [.. PairIndexing.All(inputs).Where(pair => pair.First < pair.Second).Select(pair => new[] { pair.First, pair.Second })];
        _planeSize = _work.Spaces[Math.Min(2, inputs)].Count;
        _wideSize = _work.Spaces[inputs].Count;
        _width = _planes.Length * _planeSize;
        _squareSize = PlanePlaces(_work.Spaces[Math.Min(2, inputs)]).Length;
        _square = _planes.Length * _squareSize;
        Length = _pairs;
        foreach ((ClockVariable variable, int[][] components) in _plan.Components)
        {
            _offsets[variable] = Length;
            Length = checked(Length + (components.Length * Size(variable)));
        }

        (_planNumbers, _planVectors) = ([.. _plan.Numbers], [.. _plan.Vectors]);
        (_numbers, _isKnown, _vectors, _wide) = (new double[_planNumbers.Length], new bool[_planNumbers.Length], new double[_planVectors.Length][], new double[_planVectors.Length][]);
        Dictionary<int, int[]> BySupport(PlanVectorKind kind) => Enumerable.Range(0, _planVectors.Length)
            .Where(at => _planVectors[at].Kind == kind && _planVectors[at].Derivatives.Length == 0)
            .GroupBy(at => GroupOf(_planVectors[at].Function)).ToDictionary(group => group.Key, group => group.ToArray());
        (_meansBySupport, _productsBySupport) = (BySupport(PlanVectorKind.Mean), BySupport(PlanVectorKind.Product));
    }

    public LayerParameters Layer { get; set; }

    public int Length { get; }

    public double? RelativeError { get; }

    public IEnumerable<Unproved> Unproved => OneInputClock.Estimated;

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        kernel.CopyTo(state);
        return state;
    }

    public void Next(double[] state, double[] next)
    {
        Begin(state);
        for (int pair = 0; pair < _pairs; pair++)
            next[pair] = (Layer.Skip * Layer.Skip * state[pair]) + (Layer.Time * RowCovariance(pair));
        Advance(next);
        int[] all = [.. Enumerable.Range(0, _inputs)];
        ReadOnlySpan<double> kernel = next.AsSpan(0, _pairs);
        InputFrame whole = InputFrame.Of(all, kernel, _inputs);
        var frames = new InputFrame[_planes.Length];
        for (int plane = 0; plane < frames.Length; plane++)
            frames[plane] = InputFrame.Of(_planes[plane], kernel, _inputs);
        double[,] wide = _whole.ToNext(whole, Layer.Skip);
        double[][,] maps = [.. frames.Select((frame, plane) => _frames[plane].ToNext(frame, Layer.Skip))];
        ForEachBlock(next, (block, isWide) => isWide ? Carried(block, wide, _whole, whole) : Carried(block, maps, frames), values => CarryRows(values, maps, frames));
    }

    public void Slope(double[] state, double[] slope)
    {
        Begin(state);
        double[] change = [.. Enumerable.Range(0, _pairs).Select(RowCovariance)];
        change.CopyTo(slope, 0);
        Advance(slope);
        foreach (ref double value in slope.AsSpan(_pairs))
            value *= Layer.WeightVariance;
        double[,] wide = _whole.Drift(change, _inputs);
        double[][,] drifts = [.. _frames.Select(frame => frame.Drift(change, _inputs))];
        foreach ((ClockVariable variable, int[][] components) in _plan.Components)
        {
            for (int component = 0; component < components.Length && variable.Modes > 0; component++)
            {
                int start = _offsets[variable] + (component * Size(variable));
                ReadOnlySpan<double> values = state.AsSpan(start, Size(variable));
                Span<double> rates = slope.AsSpan(start, Size(variable));
                if (variable == InputsPlan.Wide)
                    _work.SpaceOf(_whole).AddDrift(wide, values, rates, 1);
                else if (variable.Modes == 1)
                    Turn(values, rates, 1, _planeSize, _work.SpaceOf);
                else
                    TurnBoth(values, rates);
            }
        }

        void Turn(ReadOnlySpan<double> values, Span<double> rates, int columns, int size, Func<InputFrame, ModeSpace> space)
        {
            for (int plane = 0; plane < _planes.Length; plane++)
                space(_frames[plane]).AddDrift(drifts[plane], values.Slice(plane * size * columns, size * columns), rates.Slice(plane * size * columns, size * columns), columns);
        }

        // A symmetric matrix: what the rows do, and its transpose.
        void TurnBoth(ReadOnlySpan<double> values, Span<double> rates)
        {
            var turned = new double[_square * _square];
            Turn(values, turned, _square, _squareSize, SquareSpace);
            for (int row = 0; row < _square; row++)
            {
                for (int column = 0; column < _square; column++)
                    rates[(row * _square) + column] += turned[(row * _square) + column] + turned[(column * _square) + row];
            }
        }
    }

    public void Scales(double[] state, double[] scales)
    {
        double size = Enumerable.Range(0, _inputs).Max(input => state[PairIndexing.Of(input, input, _inputs)]);
        scales.AsSpan(0, _pairs).Fill(size);
        foreach ((ClockVariable variable, int[][] components) in _plan.Components)
            scales.AsSpan(_offsets[variable], components.Length * Size(variable)).Fill(Math.Pow(size, variable.Pairs));
    }

    public void Record(double[] state, Action<string, double[]> add)
    {
        Begin(state);
        add("K0", state[.._pairs]);
        add("E2", [.. _plan.SigmaKernels.Select(Number)]);
        foreach ((ClockOutput output, PlanGroup[][] components) in _plan.Kernel)
            add(CumulantTensors.Of(output.External, output.Loops).Name, [.. components.Select(Scalar)]);
        foreach ((ClockOutput output, PlanGroup[][] components) in _plan.Rows)
            add("U" + output.Loops.ToString(CultureInfo.InvariantCulture), [.. components.Select(Scalar)]);
    }

    public string Describe(int component)
    {
        if (component < _pairs)
            return "K0";
        ClockVariable variable = _offsets.Where(each => each.Value <= component).MaxBy(each => each.Value).Key;
        return string.Create(CultureInfo.InvariantCulture, $"the cumulant of {variable.Pairs} kernels and {variable.Modes} modes at n^-{variable.Power}");
    }

    // Functions of the same inputs, and with a parity of the same.
    private int GroupOf(int function) => (Mask(_plan.Functions.Functions[function].Support) * 4) + ParityOf(function) + 1;

    private int ParityOf(int function) => _parity < 0 ? -1 : _work.IsEven(_plan.Functions.Functions[function].Base) ? _plan.Functions.Functions[function].Derivatives.Length % 2 : -1;

    /// <summary>How many numbers integrals at one kernel are, roughly: matrices over modes of two inputs, for every pair.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="modes">k.</param>
    public static long NumbersOfKernel(int inputs, int modes)
    {
        long degree = modes + NodeChoice.InProducts, count = (degree + 1) * (degree + 2) / 2;
        return PairIndexing.Count(inputs) * count * count;
    }

    private static int Mask(int[] inputs) => inputs.Sum(input => 1 << input);

    private int Size(ClockVariable variable) => variable.Modes switch { 0 => 1, 1 => variable == InputsPlan.Wide ? _wideSize : _width, _ => checked(_square * _square) };

    // Matrices over modes hold those that f has: of an even f, which is that of an odd or even sigma, those of even degree.
    private int[] PlanePlaces(ModeSpace space) => space.PlacesOfHalf(_parity);

    private ModeSpace SquareSpace(InputFrame frame) => _work.SpaceOf(frame).Half(_parity);

    // A vector over the modes of all planes, as far as matrices have them; and back.
    private double[] Packed(ReadOnlySpan<double> values)
    {
        var packed = new double[_square];
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            int[] places = PlanePlaces(_work.SpaceOf(_frames[plane]));
            for (int mode = 0; mode < places.Length; mode++)
                packed[(plane * _squareSize) + mode] = values[(plane * _planeSize) + places[mode]];
        }

        return packed;
    }

    private double[] Unpacked(ReadOnlySpan<double> packed)
    {
        var values = new double[_width];
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            int[] places = PlanePlaces(_work.SpaceOf(_frames[plane]));
            for (int mode = 0; mode < places.Length; mode++)
                values[(plane * _planeSize) + places[mode]] = packed[(plane * _squareSize) + mode];
        }

        return values;
    }

    private double RowCovariance(int pair) => Layer.BiasVariance + (Layer.WeightVariance * Number(_plan.SigmaKernels[pair]));

    private void Begin(double[] state)
    {
        _state = state;
        Array.Clear(_isKnown);
        _functionals.Clear();
        Array.Clear(_vectors);
        Array.Clear(_wide);
        _restricted.Clear();
        _work.Use(state.AsSpan(0, _pairs));
        _whole = _work.Whole;
        _frames = [.. _planes.Select(_work.Frame)];
    }

    private void Advance(double[] next)
    {
        foreach ((ClockVariable variable, PlanGroup[][] components) in _plan.State)
        {
            int size = Size(variable);
            for (int component = 0; component < components.Length; component++)
            {
                Span<double> target = next.AsSpan(_offsets[variable] + (component * size), size);
                target.Clear();
                if (variable.Modes == 0)
                    target[0] = Scalar(components[component]);
                else if (variable.Modes == 1)
                    AddVectors(components[component], variable == InputsPlan.Wide, target);
                else
                    AddMatrices(components[component], variable, target);
                // Cumulants vanish on constants.
                if (variable == InputsPlan.Wide)
                    target[0] = 0;
                for (int plane = 0; variable.Modes > 0 && variable != InputsPlan.Wide && plane < _planes.Length; plane++)
                {
                    if (variable.Modes == 1)
                    {
                        target[plane * _planeSize] = 0;
                        continue;
                    }

                    int constant = plane * _squareSize;
                    target.Slice(constant * _square, _square).Clear();
                    for (int row = 0; row < _square; row++)
                        target[(row * _square) + constant] = 0;
                }
            }
        }
    }

    private double Scalar(PlanGroup[] groups)
    {
        double sum = 0;
        foreach (PlanGroup group in groups)
            sum += Sum(group.Terms);
        return sum;
    }

    private double Sum(PlanTerm[] terms)
    {
        double sum = 0;
        foreach (ref readonly PlanTerm term in terms.AsSpan())
            sum += Front(term);
        return sum;
    }

    private double Front(in PlanTerm term)
    {
        double product = term.Coefficient;
        foreach (int number in term.Numbers)
            product *= _isKnown[number] ? _numbers[number] : Number(number);
        return product;
    }

    private void AddVectors(PlanGroup[] groups, bool isWide, Span<double> target)
    {
        foreach (PlanGroup group in groups)
        {
            double front = Sum(group.Terms);
            if (front != 0)
                VectorSums.AddMultiple(isWide ? WideVector(group.Left) : Vector(group.Left), front, target);
        }
    }

    private void AddMatrices(PlanGroup[] groups, ClockVariable variable, Span<double> target)
    {
        foreach (PlanGroup group in groups)
        {
            if (group.Left < 0)
            {
                foreach (PlanTerm term in group.Terms)
                    VectorSums.AddMultiple(_state.AsSpan(_offsets[variable] + (term.Matrix * _square * _square), _square * _square), Front(term), target);
                continue;
            }

            var sum = new double[_width];
            foreach (PlanTerm term in group.Terms)
                VectorSums.AddMultiple(Vector(term.Right), Front(term), sum);
            double[] left = Packed(Vector(group.Left)), right = Packed(sum);
            for (int row = 0; row < _square; row++)
            {
                if (left[row] != 0)
                    VectorSums.AddMultiple(right, left[row], target.Slice(row * _square, _square));
            }
        }
    }

    private double Number(int place)
    {
        if (_isKnown[place])
            return _numbers[place];
        PlanNumber number = _planNumbers[place];
        double value = number.Kind switch
        {
            PlanNumberKind.State => _state[_offsets[number.Variable] + number.Component],
            PlanNumberKind.Mean => _work.Mean(number.Function),
            PlanNumberKind.Functional => number.Variable == InputsPlan.Wide
                ? Functional(number.Component, number.Function)
                : At(_state.AsSpan(_offsets[number.Variable] + (number.Component * _width), _width), number.Function),
            PlanNumberKind.Form => At(Vector(_plan.PlaceOf(new(PlanVectorKind.Row, number.Variable, number.Component, number.Function, []))), number.Other),
            PlanNumberKind.Gain => Math.Pow(Layer.Time * Layer.WeightVariance, number.Component),
            PlanNumberKind.Kept => Layer.Skip * Layer.Skip,
            _ => Sum(number.Terms),
        };
        (_numbers[place], _isKnown[place]) = (value, true);
        return value;
    }

    // The leading covariance at a function: over the modes of its inputs.
    private double Functional(int component, int function)
    {
        if (!_functionals.TryGetValue(function, out double[]? known))
        {
            double[] modes = _work.Modes(function), values = Restricted(_plan.Functions.Functions[function].Support);
            _functionals[function] = known = new double[_pairs];
            RowSums.Combine(values.AsSpan(_pairs), _pairs, modes.AsSpan(1), 1, modes.Length - 1, _pairs, known);
        }

        return known[component];
    }

    // A vector over the modes of all planes at a function of two inputs: in the first plane that has them.
    private double At(ReadOnlySpan<double> values, int function)
    {
        int start = PlaneWith(_plan.Functions.Functions[function].Support) * _planeSize;
        double[] modes = Vector(_plan.PlaceOf(new(PlanVectorKind.Mean, default, 0, function, [])));
        return VectorSums.Dot(values.Slice(start + 1, _planeSize - 1), modes.AsSpan(start + 1, _planeSize - 1));
    }

    private int PlaneWith(int[] support) => Array.FindIndex(_planes, plane => support.All(plane.Contains));

    // The leading covariance in the modes of some inputs, in their order, pairs as columns.
    private double[] Restricted(int[] inputs)
    {
        int key = inputs.Aggregate(0, (sum, input) => (sum * 8) + input + 1);
        if (_restricted.TryGetValue(key, out double[]? known))
            return known;
        if (!_restricted.TryGetValue(-1, out double[]? all))
        {
            int count = _work.SpaceOf(_whole).Count;
            all = new double[count * _pairs];
            for (int pair = 0; pair < _pairs; pair++)
            {
                for (int mode = 0; mode < count; mode++)
                    all[(mode * _pairs) + pair] = _state[_offsets[InputsPlan.Wide] + (pair * _wideSize) + mode];
            }

            _restricted[-1] = all;
        }

        InputFrame frame = _work.Frame(inputs);
        return _restricted[key] = Mapped(_work.SpaceOf(_whole), frame.In(_whole), _work.SpaceOf(frame), all, _pairs);
    }

    private double[] WideVector(int place)
    {
        if (_wide[place] is { } known)
            return known;
        PlanVector vector = _planVectors[place];
        var values = new double[_wideSize];
        if (vector.Kind == PlanVectorKind.State)
        {
            _state.AsSpan(_offsets[vector.Variable] + (vector.Component * _wideSize), _wideSize).CopyTo(values);
        }
        else
        {
            InputFrame frame = _work.Frame(_plan.Functions.Functions[vector.Function].Support);
            double[,] narrow = frame.In(_whole), map = new double[_whole.Rank, frame.Rank];
            for (int row = 0; row < _whole.Rank; row++)
            {
                for (int column = 0; column < frame.Rank; column++)
                    map[row, column] = narrow[column, row];
            }

            Mapped(_work.SpaceOf(frame), map, _work.SpaceOf(_whole), _work.Modes(vector.Function), 1).CopyTo(values, 0);
        }

        return (_wide[place] = values)!;
    }

    private double[] Vector(int place)
    {
        if (_vectors[place] is { } known)
            return known;
        PlanVector vector = _planVectors[place];
        if (vector.Derivatives.Length > 0)
        {
            double[] values = Vector(_plan.PlaceOf(vector with { Derivatives = [] }));
            foreach (int input in vector.Derivatives)
                values = Differentiated(values, input);
            return (_vectors[place] = values)!;
        }

        switch (vector.Kind)
        {
            case PlanVectorKind.Mean:
                FillMeans(_meansBySupport[GroupOf(vector.Function)]);
                break;
            case PlanVectorKind.Product:
                FillProducts(_productsBySupport[GroupOf(vector.Function)]);
                break;
            case PlanVectorKind.Row:
                _vectors[place] = Row(vector);
                break;
            default:
                _vectors[place] = StateVector(vector);
                break;
        }

        return _vectors[place]!;
    }

    private double[] StateVector(PlanVector vector)
    {
        var values = new double[_width];
        if (vector.Variable != InputsPlan.Wide)
        {
            _state.AsSpan(_offsets[vector.Variable] + (vector.Component * _width), _width).CopyTo(values);
            return values;
        }

        for (int plane = 0; plane < _planes.Length; plane++)
        {
            double[] restricted = Restricted(_planes[plane]);
            for (int mode = 1; mode < restricted.Length / _pairs; mode++)
                values[(plane * _planeSize) + mode] = restricted[(mode * _pairs) + vector.Component];
        }

        return values;
    }

    private double[] Row(PlanVector vector)
    {
        int plane = PlaneWith(_plan.Functions.Functions[vector.Function].Support);
        double[] modes = Vector(_plan.PlaceOf(new(PlanVectorKind.Mean, default, 0, vector.Function, []))), row = new double[_square];
        int[] places = PlanePlaces(_work.SpaceOf(_frames[plane]));
        for (int mode = 1; mode < places.Length; mode++)
        {
            double value = modes[(plane * _planeSize) + places[mode]];
            if (value != 0)
                VectorSums.AddMultiple(_state.AsSpan(_offsets[vector.Variable] + (((vector.Component * _square) + (plane * _squareSize) + mode) * _square), _square), value, row);
        }

        return Unpacked(row);
    }

    // E[F he_B] over the planes, for all functions of the same inputs.
    private void FillMeans(int[] places)
    {
        int columns = places.Length;
        InputFrame frame = _work.Frame(_plan.Functions.Functions[_planVectors[places[0]].Function].Support);
        ModeSpace space = _work.SpaceOf(frame);
        var values = new double[space.Count * columns];
        for (int column = 0; column < columns; column++)
        {
            _vectors[places[column]] = new double[_width];
            double[] modes = _work.Modes(_planVectors[places[column]].Function);
            for (int mode = 0; mode < space.Count; mode++)
                values[(mode * columns) + column] = modes[mode];
        }

        double[,] wide = frame.In(_whole);
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            double[,] of = _frames[plane].In(_whole), map = new double[_frames[plane].Rank, frame.Rank];
            for (int row = 0; row < _frames[plane].Rank; row++)
            {
                for (int column = 0; column < frame.Rank; column++)
                {
                    for (int axis = 0; axis < _whole.Rank; axis++)
                        map[row, column] += of[row, axis] * wide[column, axis];
                }
            }

            Scatter(space.MapHalf(ParityOf(_planVectors[places[0]].Function), map, _work.SpaceOf(_frames[plane]), _work.Spaces, values, columns), places, plane);
        }
    }

    // The leading covariance at F he_B over the planes, for all functions F of the same inputs.
    private void FillProducts(int[] places)
    {
        int[] support = _plan.Functions.Functions[_planVectors[places[0]].Function].Support;
        foreach (int place in places)
            _vectors[place] = new double[_width];
        int[][] functions = [.. places.GroupBy(place => _planVectors[place].Function).Select(group => group.ToArray())];
        int[] ordered = [.. functions.SelectMany(each => each)];
        foreach (IGrouping<int, int> planes in Enumerable.Range(0, _planes.Length).GroupBy(plane => Mask([.. support.Union(_planes[plane])])))
        {
            InputFrame frame = _work.Frame([.. support, .. _planes[planes.First()].Except(support)]);
            ModeSpace space = _work.SpaceOf(frame);
            double[] given = Restricted(frame.Inputs), values = new double[space.Count * places.Length];
            int start = 0;
            foreach (int[] group in functions)
            {
                int[] components = [.. group.Select(place => _planVectors[place].Component)];
                double[] products = _work.Multiply(_planVectors[group[0]].Function, frame, given, components, _pairs);
                for (int mode = 0; mode < space.Count; mode++)
                    products.AsSpan(mode * group.Length, group.Length).CopyTo(values.AsSpan((mode * places.Length) + start));
                start += group.Length;
            }

            foreach (int plane in planes)
                Scatter(space.MapHalf(ParityOf(_planVectors[places[0]].Function), _frames[plane].In(frame), _work.SpaceOf(_frames[plane]), _work.Spaces, values, places.Length), ordered, plane);
        }
    }

    private void Scatter(double[] values, int[] places, int plane)
    {
        for (int column = 0; column < places.Length; column++)
        {
            double[] target = _vectors[places[column]]!;
            for (int mode = 0; mode < values.Length / places.Length; mode++)
                target[(plane * _planeSize) + mode] = values[(mode * places.Length) + column];
        }
    }

    // Values at d_a he_B: the sum over directions i of Inverse_ia sqrt(B_i) times those at he_(B - e_i).
    private double[] Differentiated(double[] values, int input)
    {
        var result = new double[_width];
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            int place = Array.IndexOf(_planes[plane], input);
            if (place < 0)
                continue;
            InputFrame frame = _frames[plane];
            ModeSpace space = _work.SpaceOf(frame);
            for (int axis = 0; axis < frame.Rank; axis++)
            {
                double slope = frame.Inverse[axis, place];
                if (slope == 0)
                    continue;
                for (int mode = 1; mode < space.Count; mode++)
                {
                    int below = space.Lowered(mode, axis);
                    if (below >= 0)
                        result[(plane * _planeSize) + mode] += slope * space.Root(mode, axis) * values[(plane * _planeSize) + below];
                }
            }
        }

        return result;
    }

    private delegate void RowMap(Span<double> values);

    // Each part of the state that has modes: all components of a variable.
    private void ForEachBlock(double[] next, Func<(double[] Values, int Columns), bool, double[]> map, RowMap rows)
    {
        foreach ((ClockVariable variable, int[][] components) in _plan.Components)
        {
            int size = Size(variable), offset = _offsets[variable];
            if (variable.Modes == 1)
            {
                double[] values = Transposed(next.AsSpan(offset, components.Length * size), components.Length, size);
                Transposed(map((values, components.Length), variable == InputsPlan.Wide), size, components.Length).CopyTo(next, offset);
            }

            for (int component = 0; component < components.Length && variable.Modes == 2; component++)
            {
                Span<double> values = next.AsSpan(offset + (component * size), size);
                rows(values);
                Transpose(values);
                rows(values);
            }
        }
    }

    // A square matrix.
    private void Transpose(Span<double> values)
    {
        for (int row = 0; row < _square; row++)
        {
            for (int column = 0; column < row; column++)
                (values[(row * _square) + column], values[(column * _square) + row]) = (values[(column * _square) + row], values[(row * _square) + column]);
        }
    }

    // The rows of a matrix over the modes of all planes.
    private void CarryRows(Span<double> values, double[][,] maps, InputFrame[] frames)
    {
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            Span<double> block = values.Slice(plane * _squareSize * _square, _squareSize * _square);
            ModeSpace from = SquareSpace(_frames[plane]), to = SquareSpace(frames[plane]);
            if (from.Directions == 2 && to.Directions == 2)
            {
                from.TurnInPlace(maps[plane], block, _square);
                continue;
            }

            double[] mapped = from.Map(maps[plane], to, [.. _work.Spaces.Select(space => space.Half(_parity))], block[..(from.Count * _square)], _square);
            block.Clear();
            mapped.CopyTo(block);
        }
    }

    private static double[] Transposed(ReadOnlySpan<double> values, int rows, int columns)
    {
        var result = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                result[(column * rows) + row] = values[(row * columns) + column];
        }

        return result;
    }

    private double[] Carried((double[] Values, int Columns) block, double[,] map, InputFrame from, InputFrame to)
    {
        var result = new double[_wideSize * block.Columns];
        Mapped(_work.SpaceOf(from), map, _work.SpaceOf(to), block.Values.AsSpan(0, _work.SpaceOf(from).Count * block.Columns), block.Columns).CopyTo(result, 0);
        return result;
    }

    // As far as f has modes.
    private double[] Mapped(ModeSpace from, double[,] map, ModeSpace to, ReadOnlySpan<double> values, int columns) => from.MapHalf(_parity, map, to, _work.Spaces, values, columns);

    private double[] Carried((double[] Values, int Columns) block, double[][,] maps, InputFrame[] frames)
    {
        var result = new double[_width * block.Columns];
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            ModeSpace space = _work.SpaceOf(_frames[plane]);
            ReadOnlySpan<double> values = block.Values.AsSpan(plane * _planeSize * block.Columns, space.Count * block.Columns);
            space.Map(maps[plane], _work.SpaceOf(frames[plane]), _work.Spaces, values, block.Columns).CopyTo(result, plane * _planeSize * block.Columns);
        }

        return result;
    }
}

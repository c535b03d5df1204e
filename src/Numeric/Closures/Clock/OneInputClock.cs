// The clock equations for one input, term by term as they are derived: vectors over orthonormal modes he_j of z = x/sqrt(K), tensors over more of them, and
// products of functions on a grid. The noise-free step K' = alpha^2 K + h Q rescales a mode by (alpha sqrt(K/K'))^j; in depth time it loses j Q/(2K). Where K is 0,
// phi is 0 in every network, and so are all cumulants there; the step from it is the beginning of a network with K(0) = h Q(0).

using System.Globalization;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Clock;
using System.Runtime.CompilerServices;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The random clock of one input over depth.</summary>
internal sealed class OneInputClock : IClock
{
    private readonly ClockEquations _equations;
    private readonly int _modes, _sigmaKernelModes;
    private readonly LineFunctions _functions;
    private readonly Dictionary<ClockVariable, int> _offsets = [];
    private readonly List<LineFactor> _factors = [];
    private readonly Dictionary<string, int> _factorPlaces = new(StringComparer.Ordinal);
    private readonly Sum[] _state, _kernel, _rows;
    private double?[] _scalars;
    private Tensor?[] _tensors;

    /// <summary>Compiles the equations.</summary>
    /// <param name="equations">The equations, in the form in which depth will advance.</param>
    /// <param name="sigma">The activation.</param>
    /// <param name="layer">The numbers of the first layer.</param>
    /// <param name="modes">The highest mode k.</param>
    /// <param name="kernels">Values between which K will stay, roughly.</param>
    public OneInputClock(ClockEquations equations, ActivationDescription sigma, LayerParameters layer, int modes, IReadOnlyList<double> kernels)
    {
        (_equations, Layer, _modes) = (equations, layer, modes);
        Length = 1;
        foreach (ClockVariable variable in equations.State.Select(equation => equation.Variable))
        {
            _offsets[variable] = Length;
            Length = checked(Length + Size(variable));
        }

        _state = [.. equations.State.Select(equation => Compile(equation.RightSide, equation.Variable.Modes))];
        _kernel = [.. equations.Kernel.Select(output => Compile(output.Value, 0))];
        _rows = [.. equations.RowCovariance.Select(output => Compile(output.Value, 0))];
        (_scalars, _tensors) = (new double?[_factors.Count], new Tensor?[_factors.Count]);
        LineProduct[] products = [.. _factors.SelectMany(factor => factor.Products)];
        int shift = products.SelectMany(product => product.SigmaKernels.Where(each => product.IsSigmaKernel || each.Centred)).Select(each => each.Order).DefaultIfEmpty(0).Max();
        int inProducts = Math.Max(2, products.Where(product => !product.IsSigmaKernel).SelectMany(product => product.SigmaKernels).Select(each => each.Order).DefaultIfEmpty(0).Max());
        _sigmaKernelModes = modes + shift + 1;
        LineGrid grid = GridChoice.For(sigma, inProducts, modes, _sigmaKernelModes, kernels);
        if (grid.Jumps.Length > 0 && products.Any(product => product.SigmaKernels.Count(each => each.Order >= 2) > 1))
            throw new NotSupportedException($"The slope of the square of {sigma.Name} jumps, and the equations hold the square of its second derivative; use a smooth activation, or order 1.");
        _functions = new LineFunctions(sigma, inProducts, grid);
    }

    public LayerParameters Layer { get; set; }

    public int Length { get; }

    public double? RelativeError => GridChoice.Accuracy;

    public IEnumerable<Unproved> Unproved => Estimated;

    /// <summary>What the numbers of any number of inputs rest on.</summary>
    public static IReadOnlyList<Unproved> Estimated { get; } =
        [new("the cumulants of the random clock", "they rest on grids that agree, and the modes above the highest are estimated from those below it") { IsEstimated = true }];

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        state[0] = kernel[0];
        return state;
    }

    public void Next(double[] state, double[] next)
    {
        Begin(state);
        double mean = Layer.BiasVariance + (Layer.WeightVariance * _functions.OfSigmaKernel(0, 0));
        next[0] = (Layer.Skip * Layer.Skip * state[0]) + (Layer.Time * mean);
        if (state[0] == 0 || next[0] == 0)
        {
            next.AsSpan(1).Clear();
            return;
        }

        double ratio = Layer.Skip * Math.Sqrt(state[0] / next[0]);
        var carried = new double[_modes];
        for (int mode = 0; mode < _modes; mode++)
            carried[mode] = (mode == 0 ? 1 : carried[mode - 1]) * ratio;
        Advance(state, next);
        foreach ((ClockVariable variable, int offset) in _offsets)
            Carry(next.AsSpan(offset, Size(variable)), variable.Modes);

        // Each mode that a tensor has, times its factor.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Carry(Span<double> values, int rank)
        {
            for (int mode = 0; rank > 0 && mode < _modes; mode++)
            {
                Span<double> part = values.Slice(mode * (values.Length / _modes), values.Length / _modes);
                for (int at = 0; at < part.Length; at++)
                    part[at] *= carried[mode];
                Carry(part, rank - 1);
            }
        }
    }

    public void Slope(double[] state, double[] slope)
    {
        Begin(state);
        double mean = Layer.BiasVariance + (Layer.WeightVariance * _functions.OfSigmaKernel(0, 0)), loss = mean / (2 * state[0]);
        slope[0] = mean;
        if (state[0] == 0)
        {
            slope.AsSpan(1).Clear();
            if (mean != 0)
                throw FrameDrift.Missing(0);
            return;
        }

        Advance(state, slope);
        foreach ((ClockVariable variable, int offset) in _offsets)
        {
            for (int at = 0; at < Size(variable); at++)
                slope[offset + at] = (Layer.WeightVariance * slope[offset + at]) - (loss * Degree(at, variable.Modes) * state[offset + at]);
        }
    }

    public void Scales(double[] state, double[] scales)
    {
        scales[0] = state[0];
        foreach ((ClockVariable variable, int offset) in _offsets)
            scales.AsSpan(offset, Size(variable)).Fill(Math.Pow(state[0], variable.Pairs));
    }

    public void Record(double[] state, Action<string, double[]> add)
    {
        Begin(state);
        add("K0", [state[0]]);
        add("E2", [_functions.OfSigmaKernel(0, 0)]);
        foreach ((ClockOutput output, Sum sum) in _equations.Kernel.Zip(_kernel))
            add(output.Name, [Value(sum)]);
        foreach ((ClockOutput output, Sum sum) in _equations.RowCovariance.Zip(_rows))
            add("U" + output.Loops.ToString(CultureInfo.InvariantCulture), [Value(sum)]);

        double Value(Sum sum) => state[0] == 0 ? 0 : Scalar(sum, state);
    }

    public string Describe(int component)
    {
        if (component == 0)
            return "K0";
        ClockVariable variable = _offsets.Last(each => each.Value <= component).Key;
        return string.Create(CultureInfo.InvariantCulture, $"the cumulant of {variable.Pairs} kernels and {variable.Modes} modes at n^-{variable.Power}");
    }

    private sealed record Term(double Coefficient, int Steps, int Responses, int[] Scalars, int[] Tensors);

    private sealed record Sum(int Rank, Term[] Terms);

    // Values over the modes of Legs; or, of rank one, a function on the nodes that a differentiated mode is to be projected on.
    private sealed record Tensor(double[] Values, int[] Legs, bool IsFunction, int ModeOrder);

    private int Size(ClockVariable variable) => variable.Modes switch { 0 => 1, 1 => _modes, 2 => _modes * _modes, _ => checked((int)Math.Pow(_modes, variable.Modes)) };

    private Sum Compile(ClockSum sum, int rank)
    {
        var terms = new List<Term>();
        foreach (LineTerm term in ClockPlan.Of(sum))
        {
            int[] places = [.. term.Factors.Select(Place)];
            terms.Add(new(term.Coefficient.ToDouble(), term.Steps, term.Responses, [.. places.Where(place => !_factors[place].Modes.Any())], [.. places.Where(place => _factors[place].Modes.Any())]));
        }

        return new(rank, [.. terms]);
    }

    private int Place(LineFactor factor)
    {
        if (!_factorPlaces.TryGetValue(factor.Key, out int place))
        {
            _factorPlaces.Add(factor.Key, place = _factors.Count);
            _factors.Add(factor);
        }

        return place;
    }

    private void Begin(double[] state)
    {
        Array.Clear(_scalars);
        Array.Clear(_tensors);
        _functions.Use(state[0], _sigmaKernelModes);
    }

    private void Advance(double[] state, double[] next)
    {
        for (int equation = 0; equation < _state.Length; equation++)
        {
            int offset = _offsets[_equations.State[equation].Variable], modes = _state[equation].Rank;
            if (modes == 0)
                next[offset] = Scalar(_state[equation], state);
            else
                (modes == 1 ? Vector(_state[equation], state) : Higher(_state[equation], state)).CopyTo(next, offset);
        }
    }

    // The sum of the orders of the modes at a place in a tensor.
    private int Degree(int place, int rank)
    {
        int sum = 0;
        for (int leg = 0; leg < rank; leg++, place /= _modes)
            sum += (place % _modes) + 1;
        return sum;
    }

    private double Front(Term term, double[] state)
    {
        double product = term.Coefficient;
        if (term.Steps > 0 || term.Responses > 0)
        {
            double step = Layer.Time * Layer.WeightVariance, response = (Layer.Skip * Layer.Skip) + (step * _functions.OfSigmaKernel(2, 0) / 2);
            product *= Math.Pow(step, term.Steps) * Math.Pow(response, term.Responses);
        }

        foreach (int place in term.Scalars)
            product *= _scalars[place] ??= ScalarOf(_factors[place], state);
        return product;
    }

    private double Scalar(Sum sum, double[] state) => sum.Terms.Sum(term => Front(term, state));

    private double[] Vector(Sum sum, double[] state)
    {
        var result = new double[_modes];
        var functions = new SortedDictionary<int, double[]>();
        foreach (Term term in sum.Terms)
        {
            double front = Front(term, state);
            Tensor tensor = TensorOf(term.Tensors[0], state);
            if (!tensor.IsFunction)
            {
                VectorSums.AddMultiple(tensor.Values, front, result);
                continue;
            }

            if (!functions.TryGetValue(tensor.ModeOrder, out double[]? together))
                functions.Add(tensor.ModeOrder, together = new double[_functions.Grid.Count]);
            VectorSums.AddMultiple(tensor.Values, front, together);
        }

        foreach ((int order, double[] function) in functions)
            _functions.Project(function, order, 1, result);
        return result;
    }

    // Outer products of tensors whose legs ascend: one of them runs along with the last leg, the others stand still.
    private double[] Higher(Sum sum, double[] state)
    {
        var result = new double[checked((int)Math.Pow(_modes, sum.Rank))];
        int last = sum.Rank - 1;
        foreach (Term term in sum.Terms)
        {
            Tensor[] tensors = [.. term.Tensors.Select(place => Ascending(Projected(TensorOf(place, state))))];
            int moving = Array.FindIndex(tensors, tensor => tensor.Legs[^1] == last);
            Add(0, 0, new int[tensors.Length], Front(term, state));

            // The places so far: those legs that a tensor has, read as digits.
            void Add(int leg, int place, int[] at, double factor)
            {
                if (leg == last)
                {
                    for (int each = 0; each < tensors.Length; each++)
                        factor *= each == moving ? 1 : tensors[each].Values[at[each]];
                    VectorSums.AddMultiple(tensors[moving].Values.AsSpan(at[moving] * _modes, _modes), factor, result.AsSpan(place * _modes, _modes));
                    return;
                }

                int owner = Array.FindIndex(tensors, tensor => tensor.Legs.Contains(leg)), before = at[owner];
                for (int mode = 0; mode < _modes; mode++)
                {
                    at[owner] = (before * _modes) + mode;
                    Add(leg + 1, (place * _modes) + mode, at, factor);
                }

                at[owner] = before;
            }
        }

        return result;
    }

    // The same with its axes in the order of their legs.
    private Tensor Ascending(Tensor tensor)
    {
        int[] legs = [.. tensor.Legs.Order()];
        if (legs.SequenceEqual(tensor.Legs))
            return tensor;
        int[] strides = [.. legs.Select(leg => checked((int)Math.Pow(_modes, legs.Length - 1 - Array.IndexOf(tensor.Legs, leg))))];
        var values = new double[tensor.Values.Length];
        for (int at = 0; at < values.Length; at++)
        {
            int from = 0, digits = at;
            for (int axis = legs.Length - 1; axis >= 0; axis--, digits /= _modes)
                from += digits % _modes * strides[axis];
            values[at] = tensor.Values[from];
        }

        return new(values, legs, false, 0);
    }

    private Tensor Projected(Tensor tensor)
    {
        if (!tensor.IsFunction)
            return tensor;
        var values = new double[_modes];
        _functions.Project(tensor.Values, tensor.ModeOrder, 1, values);
        return new(values, tensor.Legs, false, 0);
    }

    private double ScalarOf(LineFactor factor, double[] state)
    {
        if (factor.Cumulant is not { } variable)
            return _functions.Mean(factor.Products[0]);
        ReadOnlySpan<double> values = state.AsSpan(_offsets[variable], Size(variable));
        if (factor.Products.Count == 0)
            return values[0];
        if (factor.Products.Count > 1)
            return VectorSums.Dot(Contracted(factor, variable, state, factor.Products.Count - 1), _functions.Modes(factor.Products[0], _modes));
        return factor.Products[0].IsSigmaKernel
            ? VectorSums.Dot(values, _functions.Modes(factor.Products[0], _modes))
            : VectorSums.Dot(Times(_functions.Synthesise(values), _functions.Values(factor.Products[0])), _functions.Grid.Roots);
    }

    private Tensor TensorOf(int place, double[] state)
    {
        if (_tensors[place] is { } known)
            return known;
        LineFactor factor = _factors[place];
        int[] legs = [.. factor.Modes];
        LineProduct product = factor.Products.First(each => !each.IsScalar);
        Tensor tensor;
        if (factor.Cumulant is not { } variable)
        {
            tensor = product.IsSigmaKernel ? new(Shifted(product), legs, false, 0) : new(_functions.Weighted(_functions.Values(product)), legs, true, product.ModeOrder);
        }
        else
        {
            double[] values = state.AsSpan(_offsets[variable], Size(variable)).ToArray();
            // Axes without modes are contracted, the last ones first.
            for (int axis = factor.Products.Count - 1; axis >= 0; axis--)
            {
                if (factor.Products[axis].IsScalar)
                    values = Contract(values, factor.Products.Skip(axis + 1).Count(each => !each.IsScalar), _functions.Modes(factor.Products[axis], _modes));
            }

            tensor = legs.Length > 1 ? new(Dressed(values, [.. factor.Products.Where(each => !each.IsScalar)]), legs, false, 0)
                : product.IsMode ? new(values, legs, false, 0)
                : new(Times(_functions.Synthesise(values), _functions.Values(product)), legs, true, product.ModeOrder);
        }

        return (_tensors[place] = tensor)!;
    }

    // E[f^(i) d^s he_j].
    private double[] Shifted(LineProduct product)
    {
        var values = new double[_modes];
        for (int mode = Math.Max(1, product.ModeOrder); mode <= _modes; mode++)
        {
            values[mode - 1] = _functions.OfSigmaKernel(product.SigmaKernels[0].Order, mode - product.ModeOrder);
            for (int step = 0; step < product.ModeOrder; step++)
                values[mode - 1] *= Math.Sqrt((mode - step) / _functions.Kernel);
        }

        return values;
    }

    private double[] Contracted(LineFactor factor, ClockVariable variable, double[] state, int count)
    {
        double[] values = state.AsSpan(_offsets[variable], Size(variable)).ToArray();
        for (int at = 0; at < count; at++)
            values = Contract(values, 0, _functions.Modes(factor.Products[factor.Products.Count - 1 - at], _modes));
        return values;
    }

    // Along the axis that so many others follow.
    private double[] Contract(double[] values, int following, double[] vector)
    {
        var result = new double[values.Length / _modes];
        int inner = (int)Math.Pow(_modes, following);
        if (inner == 1)
        {
            for (int row = 0; row < result.Length; row++)
                result[row] = VectorSums.Dot(values.AsSpan(row * _modes, _modes), vector);
            return result;
        }

        for (int outer = 0; outer < result.Length / inner; outer++)
        {
            for (int mode = 0; mode < _modes; mode++)
                VectorSums.AddMultiple(values.AsSpan(((outer * _modes) + mode) * inner, inner), vector[mode], result.AsSpan(outer * inner, inner));
        }

        return result;
    }

    // Where a mode is in a product with functions, E[he_i F d^s he_j] along its axis.
    private double[] Dressed(double[] values, LineProduct[] products)
    {
        double[] result = values;
        for (int axis = 0; axis < products.Length; axis++)
        {
            if (products[axis].IsMode)
                continue;
            double[] function = _functions.Values(products[axis]);
            int inner = (int)Math.Pow(_modes, products.Length - 1 - axis), outer = result.Length / inner / _modes;
            var next = new double[result.Length];
            for (int at = 0; at < outer * inner; at++)
            {
                int start = (at / inner * inner * _modes) + (at % inner);
                double[] column = [.. Enumerable.Range(0, _modes).Select(mode => result[start + (mode * inner)])], dressed = new double[_modes];
                _functions.Project(Times(_functions.Synthesise(column), function), products[axis].ModeOrder, 1, dressed);
                for (int mode = 0; mode < _modes; mode++)
                    next[start + (mode * inner)] = dressed[mode];
            }

            result = next;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Times(double[] left, double[] right)
    {
        for (int at = 0; at < left.Length; at++)
            left[at] *= right[at];
        return left;
    }
}

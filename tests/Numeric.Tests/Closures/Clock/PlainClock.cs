// The clock equations for several inputs, term by term as they are derived, in plain code that is too slow for deep networks: what ManyInputsClock is tested by. Modes: orthonormal Hermite functions he_B(z), |B| <= k, of x = L z, L the Cholesky
// factor of K, so that K must not be singular; products of functions on a grid of the same nodes along each z.
//   A summed pair p takes the values of all pairs a <= b; a != b stands for both orders, so that f_p has the weight 2 and a shared pair both orders.
//   The step K -> K' takes he_B(z) to he_B(z'), degree by degree a symmetric power of alpha L'^-1 L.

using System.Globalization;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

/// <summary>The random clock of several inputs over depth, layer by layer.</summary>
internal sealed class PlainClock : IDepthEquations
{
    private readonly ClockEquations _equations;
    private readonly LayerParameters _layer;
    private readonly PlaneFunctions _functions;
    private readonly int _inputs;
    private readonly InputPair[] _pairs;
    private readonly Dictionary<ClockVariable, (int Offset, int[][] Components)> _blocks = [];
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);

    /// <summary>Prepares the equations.</summary>
    public PlainClock(ClockEquations equations, ActivationDescription sigma, LayerParameters layer, int inputs, int modes, IReadOnlyList<double> kernels)
    {
        (_equations, _layer, _inputs) = (equations, layer, inputs);
        _pairs = [.. PairIndexing.All(inputs)];
        _functions = new PlaneFunctions(sigma, inputs, modes, GridChoice.For(sigma, 4, modes, modes + 1, kernels, isEven: false));
        Length = _pairs.Length;
        foreach (ClockEquation equation in equations.State)
        {
            int[][] components = [.. Ascending(equation.Variable.Pairs, 0)];
            _blocks[equation.Variable] = (Length, components);
            Length = checked(Length + (components.Length * Size(equation.Variable)));
        }
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public double? RelativeError => GridChoice.Accuracy;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => [];

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        kernel.CopyTo(state);
        return state;
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        Begin(state);
        double step = _layer.Time, skip = _layer.Skip * _layer.Skip;
        for (int pair = 0; pair < _pairs.Length; pair++)
            next[pair] = (skip * state[pair]) + (step * (_layer.BiasVariance + (_layer.WeightVariance * _functions.Mean([_functions.Source(pair, [])]))));
        double[][] carried = _functions.Carry(next.AsSpan(0, _pairs.Length), _layer.Skip);
        foreach (ClockEquation equation in _equations.State)
        {
            ClockVariable variable = equation.Variable;
            (int offset, int[][] components) = _blocks[variable];
            for (int component = 0; component < components.Length; component++)
            {
                Span<double> target = next.AsSpan(offset + (component * Size(variable)), Size(variable));
                double[] value = Value(equation.RightSide, variable.Modes, components[component], state);
                if (variable.Modes == 1)
                    _functions.Apply(carried, value, target);
                else if (variable.Modes == 2)
                    _functions.ApplyTwice(carried, value, target);
                else
                    target[0] = value[0];
            }
        }
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("Depth time is for one input.");

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => Array.Fill(scales, 1);

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        Begin(state);
        add("K0", state[.._pairs.Length]);
        add("E2", [.. Enumerable.Range(0, _pairs.Length).Select(pair => _functions.Mean([_functions.Source(pair, [])]))]);
        foreach (ClockOutput output in _equations.Kernel)
            add(CumulantTensors.Of(output.External, output.Loops).Name, [.. Ascending(output.External, 0).Select(component => Value(output.Value, 0, component, state)[0])]);
        foreach (ClockOutput output in _equations.RowCovariance)
            add("U" + output.Loops.ToString(CultureInfo.InvariantCulture), [.. Ascending(1, 0).Select(component => Value(output.Value, 0, component, state)[0])]);
    }

    /// <inheritdoc/>
    public string Describe(int component) => component < _pairs.Length ? "K0" : "a cumulant of the random clock";

    private int Size(ClockVariable variable) => variable.Modes switch { 0 => 1, 1 => _functions.Modes, _ => _functions.Modes * _functions.Modes };

    private void Begin(double[] state)
    {
        _functions.Use(state.AsSpan(0, _pairs.Length));
        _numbers.Clear();
    }

    private IEnumerable<int[]> Ascending(int count, int least) => count == 0
        ? [[]]
        : from first in Enumerable.Range(least, _pairs.Length - least) from rest in Ascending(count - 1, first) select (int[])[first, .. rest];

    private double[] Value(ClockSum sum, int rank, int[] legs, double[] state)
    {
        int modes = _functions.Modes;
        var result = new double[rank == 0 ? 1 : rank == 1 ? modes : modes * modes];
        var functions = new SortedDictionary<string, (int[] Derivatives, double[] Function)>(StringComparer.Ordinal);
        foreach (ClockTerm term in sum.Terms)
        {
            double front = term.Coefficient.ToDouble() * Math.Pow(_layer.Time * _layer.WeightVariance, term.Steps);
            foreach (int[] summed in Assignments(term.SummedPairs, term, legs))
            {
                int PairOf(int name) => name < 0 ? legs[-name - 1] : summed[name];
                double factor = front;
                foreach (int pair in summed)
                    factor *= _pairs[pair].First == _pairs[pair].Second ? 1 : 2;
                foreach ((int leg, int name) in term.Responses)
                    factor *= Response(legs[leg], PairOf(name));
                if (factor == 0)
                    continue;
                foreach (Order order in Orders(term, PairOf))
                    Add(term, order.Ends, factor * order.Weight, PairOf);
            }
        }

        foreach ((int[] derivatives, double[] function) in functions.Values)
            _functions.ProjectDerivative(function, derivatives, result);
        return result;

        void Add(ClockTerm term, Dictionary<(int, RowFunction), int[]> ends, double factor, Func<int, int> pairOf)
        {
            var vectors = new List<(int Mode, double[] Values)>();
            (int[] Derivatives, double[] Function)? pending = null;
            int product = 0;
            foreach (IReadOnlyList<RowFunction> mean in term.Means)
            {
                Part part = PartOf(mean, product++, ends, pairOf, legs);
                if (part.IsZero)
                    return;
                double[] function = _functions.Product(part.Functions);
                if (part.Mode < 0)
                    factor *= _functions.Integral(function);
                else if (rank == 1)
                    pending = (part.Derivatives, function);
                else
                    vectors.Add((part.Mode, Projected(function, part.Derivatives)));
                if (factor == 0)
                    return;
            }

            double[]? matrix = null;
            foreach (ClockCumulant cumulant in term.Cumulants)
            {
                var variable = new ClockVariable(cumulant.Pairs.Count, cumulant.Functions.Count, cumulant.Loops);
                (int offset, int[][] components) = _blocks[variable];
                int[] sorted = [.. cumulant.Pairs.Select(pairOf).Order()];
                int place = Array.FindIndex(components, each => each.AsSpan().SequenceEqual(sorted));
                ReadOnlySpan<double> values = state.AsSpan(offset + (place * Size(variable)), Size(variable));
                Part[] parts = [.. cumulant.Functions.Select(each => PartOf(each, product++, ends, pairOf, legs))];
                if (parts.Any(part => part.IsZero))
                    return;
                if (parts.Length == 0)
                {
                    factor *= values[0];
                }
                else if (parts.Length == 1 && parts[0].Mode < 0)
                {
                    factor *= VectorSums.Dot(values, Projected(_functions.Product(parts[0].Functions), []));
                }
                else if (parts.Length == 1 && parts[0].Functions.Count == 0)
                {
                    vectors.Add((parts[0].Mode, values.ToArray()));
                }
                else if (parts.Length == 1)
                {
                    double[] function = _functions.Times(_functions.Synthesise(values), parts[0].Functions);
                    if (rank == 1)
                        pending = (parts[0].Derivatives, function);
                    else
                        vectors.Add((parts[0].Mode, Projected(function, parts[0].Derivatives)));
                }
                else if (parts.All(part => part.Mode >= 0))
                {
                    matrix = values.ToArray();
                }
                else
                {
                    double[] rest = values.ToArray();
                    foreach (Part part in parts.Where(part => part.Mode < 0))
                    {
                        double[] vector = Projected(_functions.Product(part.Functions), []);
                        rest = [.. Enumerable.Range(0, rest.Length / modes).Select(row => VectorSums.Dot(rest.AsSpan(row * modes, modes), vector))];
                    }

                    if (parts.Any(part => part.Mode >= 0))
                        vectors.Add((parts.First(part => part.Mode >= 0).Mode, rest));
                    else
                        factor *= rest[0];
                }
            }

            if (rank == 0)
            {
                result[0] += factor;
            }
            else if (pending is var (derivatives, found))
            {
                string key = string.Join(',', derivatives);
                if (!functions.TryGetValue(key, out (int[] Derivatives, double[] Function) together))
                    functions.Add(key, together = (derivatives, new double[found.Length]));
                VectorSums.AddMultiple(found, factor, together.Function);
            }
            else if (matrix is not null)
            {
                VectorSums.AddMultiple(matrix, factor, result);
            }
            else if (rank == 1)
            {
                VectorSums.AddMultiple(vectors[0].Values, factor, result);
            }
            else
            {
                (_, double[] rows) = vectors.Single(each => each.Mode == 0);
                (_, double[] columns) = vectors.Single(each => each.Mode == 1);
                for (int row = 0; row < modes; row++)
                    VectorSums.AddMultiple(columns, factor * rows[row], result.AsSpan(row * modes, modes));
            }
        }
    }

    private double[] Projected(double[] function, int[] derivatives)
    {
        var values = new double[_functions.Modes];
        _functions.ProjectDerivative(function, derivatives, values);
        return values;
    }

    private sealed record Order(double Weight, Dictionary<(int, RowFunction), int[]> Ends);

    private sealed record Part(bool IsZero, int Mode, int[] Derivatives, IReadOnlyList<double[]> Functions);

    // A product with every derivative an input: those of f, of H_r, and those of the mode, which are left to the projection.
    private Part PartOf(IReadOnlyList<RowFunction> product, int place, Dictionary<(int, RowFunction), int[]> ends, Func<int, int> pairOf, int[] legs)
    {
        int mode = -1;
        int[] derivatives = [];
        var functions = new List<double[]>();
        foreach (RowFunction function in product)
        {
            int[] shared = ends.GetValueOrDefault((place, function)) ?? [];
            if (function.Kind == RowFunctionKind.Mode)
            {
                (mode, derivatives) = (function.Leg, [.. shared.Order()]);
                continue;
            }

            int[] inputs = [.. function.Kernel.SelectMany(name => new[] { _pairs[pairOf(name)].First, _pairs[pairOf(name)].Second }), .. shared];
            double[]? values = function.Kind == RowFunctionKind.SigmaKernel
                ? _functions.Source(legs[function.Leg], inputs, function.Kernel.Count, product.Count > 1 && shared.Length == 0)
                : _functions.Pair(legs[function.Leg], inputs);
            if (values is null)
                return new(true, -1, [], []);
            functions.Add(values);
        }

        return new(false, mode, derivatives, functions);
    }

    // Which of the two derivatives of each shared pair goes to which function, in both orders.
    private IEnumerable<Order> Orders(ClockTerm term, Func<int, int> pairOf)
    {
        IReadOnlyList<RowFunction>[] products = [.. term.Means, .. term.Cumulants.SelectMany(each => each.Functions)];
        (int Pair, int Product)[] shared = [.. products.SelectMany((product, at) => product.SelectMany(function => function.Shared).Distinct().Select(pair => (pair, at)))];
        for (int order = 0; order < 1 << shared.Length; order++)
        {
            var ends = new Dictionary<(int, RowFunction), int[]>();
            for (int at = 0; at < shared.Length; at++)
            {
                (int pair, int place) = shared[at];
                (int first, int second) = (_pairs[pairOf(pair)].First, _pairs[pairOf(pair)].Second);
                bool swap = (order >> at & 1) == 1;
                int next = 0;
                foreach (RowFunction function in products[place].Where(function => function.Shared.Contains(pair)))
                {
                    int input = next++ == 0 == swap ? second : first;
                    ends[(place, function)] = [.. ends.GetValueOrDefault((place, function)) ?? [], input];
                }
            }

            yield return new(1.0 / (1 << shared.Length), ends);
        }
    }

    // The values of summed pairs; those that differentiate f are pairs of its two inputs.
    private IEnumerable<int[]> Assignments(int count, ClockTerm term, int[] legs)
    {
        var allowed = new int[count][];
        for (int name = 0; name < count; name++)
        {
            int[] differentiated = [.. term.Responses.Where(each => each.Pair == name).Select(each => each.Leg)
                .Concat(term.Means.Concat(term.Cumulants.SelectMany(each => each.Functions)).SelectMany(product => product).Where(function => function.Kind == RowFunctionKind.SigmaKernel && function.Kernel.Contains(name)).Select(function => function.Leg))];
            allowed[name] = [.. Enumerable.Range(0, _pairs.Length).Where(pair => differentiated.All(leg => Within(pair, legs[leg])))];
        }

        return Choose(0, []);

        bool Within(int pair, int leg) =>
            (_pairs[pair].First == _pairs[leg].First || _pairs[pair].First == _pairs[leg].Second) && (_pairs[pair].Second == _pairs[leg].First || _pairs[pair].Second == _pairs[leg].Second);

        IEnumerable<int[]> Choose(int name, int[] chosen) => name == count ? [chosen] : allowed[name].SelectMany(pair => Choose(name + 1, [.. chosen, pair]));
    }

    // lam_rp for the sum over ordered pairs, with half of what is off the diagonal for each order.
    private double Response(int leg, int pair)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{leg} {pair}");
        if (_numbers.TryGetValue(key, out double known))
            return known;
        int[] inputs = [_pairs[pair].First, _pairs[pair].Second];
        double[]? second = _functions.Source(leg, inputs, 1, false);
        double value = (leg == pair ? _layer.Skip * _layer.Skip / (inputs[0] == inputs[1] ? 1 : 2) : 0)
            + (second is null ? 0 : _layer.Time * _layer.WeightVariance * _functions.Mean([second]));
        return _numbers[key] = value;
    }
}

// The clock equations for N inputs, component by component: every term with its summed pairs named becomes a coefficient times numbers, and at most one vector
// over modes (two, or a matrix, where the quantity has two modes). Numbers and vectors are listed once, each after those that it needs, and evaluated once a layer.
//   A summed pair p takes the values of all pairs a <= b; a != b stands for both orders, so that it has the weight 2 and a shared pair both orders, each with 1/2.
//   Functions become sums of products over inputs; where their mean is taken away it is taken out of the product.
//   The numbers of a layer are numbers of the plan, so that one plan serves every layer.

using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>What a number in the plan is.</summary>
internal enum PlanNumberKind
{
    /// <summary>A component of the state without modes.</summary>
    State,

    /// <summary>E F.</summary>
    Mean,

    /// <summary>A component of the state with one mode, at a function F.</summary>
    Functional,

    /// <summary>A component of the state with two modes, at functions F and G.</summary>
    Form,

    /// <summary>A sum of products of earlier numbers.</summary>
    Sum,

    /// <summary>A power of h C_W of the layer; which, is the component.</summary>
    Gain,

    /// <summary>alpha^2 of the layer.</summary>
    Kept,
}

/// <summary>A number in the plan.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Variable">Of which variable.</param>
/// <param name="Component">Which component of it, or which power.</param>
/// <param name="Function">F; where there is no F, 0.</param>
/// <param name="Other">G.</param>
/// <param name="Terms">The sum.</param>
internal sealed record PlanNumber(PlanNumberKind Kind, ClockVariable Variable, int Component, int Function, int Other, PlanTerm[] Terms);

/// <summary>What a vector over modes A is.</summary>
internal enum PlanVectorKind
{
    /// <summary>A component of the state at d_D A.</summary>
    State,

    /// <summary>E[F d_D A].</summary>
    Mean,

    /// <summary>A component of the state at F d_D A.</summary>
    Product,

    /// <summary>A component of the state with two modes at F and d_D A.</summary>
    Row,
}

/// <summary>A vector over modes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Variable">Of which variable.</param>
/// <param name="Component">Which component of it.</param>
/// <param name="Function">F.</param>
/// <param name="Derivatives">The inputs D by which the mode is differentiated, ascending.</param>
internal sealed record PlanVector(PlanVectorKind Kind, ClockVariable Variable, int Component, int Function, int[] Derivatives);

/// <summary>A coefficient times numbers, and vectors or a matrix.</summary>
/// <param name="Coefficient">The coefficient.</param>
/// <param name="Numbers">The places of the numbers, ascending.</param>
/// <param name="Left">The vector over the first mode; -1 for none.</param>
/// <param name="Right">The vector over the second mode; -1 for none.</param>
/// <param name="Matrix">The component of the state that is a matrix over both modes; -1 for none.</param>
internal readonly record struct PlanTerm(double Coefficient, int[] Numbers, int Left = -1, int Right = -1, int Matrix = -1);

/// <summary>The terms of a component that have the same vector over the first mode.</summary>
/// <param name="Left">The vector; -1 for none.</param>
/// <param name="Terms">The terms.</param>
internal sealed record PlanGroup(int Left, PlanTerm[] Terms);

/// <summary>The equations with every index a number.</summary>
internal sealed class InputsPlan
{
    private readonly InputPair[] _pairs;
    private readonly int _inputs;
    private readonly Dictionary<ClockVariable, Dictionary<int, int>> _components = [];
    private readonly List<PlanNumber> _numbers = [];
    private readonly List<PlanVector> _vectors = [];
    private readonly Dictionary<(PlanNumberKind, ClockVariable, int, int, int), int> _numberPlaces = [];
    private readonly Dictionary<(PlanVectorKind, ClockVariable, int, int, int), int> _vectorPlaces = [];
    private readonly Dictionary<(object, UInt128), Part[]> _parts = [];
    private readonly Dictionary<(int, int), int> _responses = [];

    /// <summary>Names every index.</summary>
    /// <param name="equations">The equations.</param>
    /// <param name="inputs">N.</param>
    public InputsPlan(ClockEquations equations, int inputs)
    {
        (_inputs, _pairs) = (inputs, [.. PairIndexing.All(inputs)]);
        equations = equations.WithWholeProducts();
        Functions = new SeparableFunctions(inputs);
        foreach (ClockVariable variable in equations.State.Select(equation => equation.Variable))
        {
            int[][] components = [.. Multisets.Ascending(_pairs.Length, variable.Pairs)];
            Components[variable] = components;
            _components[variable] = Enumerable.Range(0, components.Length).ToDictionary(at => Key(components[at]));
        }

        SigmaKernels = [.. Enumerable.Range(0, _pairs.Length).Select(pair => Number(new(PlanNumberKind.Mean, default, 0, FunctionOf(RowFunctionKind.SigmaKernel, [pair], [], 0)!.Value.Function, 0, [])))];
        State = [.. equations.State.Select(equation => (equation.Variable, (PlanGroup[][])[.. Components[equation.Variable].Select(legs => Terms(equation.RightSide, legs))]))];
        Kernel = [.. equations.Kernel.Select(output => (output, (PlanGroup[][])[.. Multisets.Ascending(_pairs.Length, output.External).Select(legs => Terms(output.Value, legs))]))];
        Rows = [.. equations.RowCovariance.Select(output => (output, (PlanGroup[][])[.. Multisets.Ascending(_pairs.Length, 1).Select(legs => Terms(output.Value, legs))]))];
        HasModes = FindModes();
    }

    /// <summary>The leading covariance of Khat and modes, which alone is known at functions of all inputs; the others at functions of two.</summary>
    public static ClockVariable Wide { get; } = new(1, 1, 0);

    /// <summary>The functions that occur.</summary>
    public SeparableFunctions Functions { get; }

    /// <summary>For each variable the pairs of its components.</summary>
    public SortedDictionary<ClockVariable, int[][]> Components { get; } = new(Comparer<ClockVariable>.Create((one, two) => (one.Power, one.Pairs, one.Modes).CompareTo((two.Power, two.Pairs, two.Modes))));

    /// <summary>Whether modes of a function are asked for, and not its mean alone.</summary>
    public bool[] HasModes { get; }

    /// <summary>The places of E f of each pair.</summary>
    public int[] SigmaKernels { get; }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<PlanNumber> Numbers => _numbers;

    /// <summary>The vectors.</summary>
    public IReadOnlyList<PlanVector> Vectors => _vectors;

    /// <summary>For each variable the terms of each component.</summary>
    public IReadOnlyList<(ClockVariable Variable, PlanGroup[][] Components)> State { get; }

    /// <summary>For each cumulant of G the terms of each component.</summary>
    public IReadOnlyList<(ClockOutput Output, PlanGroup[][] Components)> Kernel { get; }

    /// <summary>For each correction of the row covariance the terms of each component.</summary>
    public IReadOnlyList<(ClockOutput Output, PlanGroup[][] Components)> Rows { get; }

    // A coefficient, numbers and a vector over the mode of a leg, or a matrix; one of the summands that a factor is.
    private sealed record Part(double Coefficient, int[] Numbers, int Leg = -1, int Vector = -1, int Matrix = -1);

    private static int Key(int[] pairs)
    {
        int key = 0;
        foreach (int pair in pairs)
            key = (key * 64) + pair + 1;
        return key;
    }

    private bool[] FindModes()
    {
        var has = new bool[Functions.Functions.Count];
        foreach (PlanNumber number in _numbers.Where(number => number.Kind is PlanNumberKind.Functional or PlanNumberKind.Form))
            (has[number.Function], has[number.Other]) = (true, has[number.Other] || number.Kind == PlanNumberKind.Form);
        foreach (PlanVector vector in _vectors.Where(vector => vector.Kind is PlanVectorKind.Mean or PlanVectorKind.Row))
            has[vector.Function] = true;
        return has;
    }

    private PlanGroup[] Terms(ClockSum sum, int[] legs)
    {
        var terms = new Dictionary<UInt128, List<PlanTerm>>();
        foreach (ClockTerm term in sum.Terms)
        {
            var front = new PlanTerm(term.Coefficient.ToDouble(), Gain(term.Steps));
            int[][] allowed = Allowed(term, legs);
            var summed = new int[allowed.Length];
            Choose(0, 1);

            void Choose(int name, double weight)
            {
                if (name == summed.Length)
                {
                    Multiply(term, legs, summed, front with { Coefficient = front.Coefficient * weight }, (left, numbers) => Add(terms, new(left.Coefficient, numbers, left.Left, left.Right, left.Matrix)));
                    return;
                }

                foreach (int pair in allowed[name])
                {
                    summed[name] = pair;
                    Choose(name + 1, _pairs[pair].First == _pairs[pair].Second ? weight : 2 * weight);
                }
            }
        }

        return [.. terms.Values.SelectMany(each => each).Where(term => term.Coefficient != 0).GroupBy(term => term.Left).Select(group => new PlanGroup(group.Key, [.. group]))];
    }

    // Terms of the same numbers and vectors are one.
    private static void Add(Dictionary<UInt128, List<PlanTerm>> terms, PlanTerm term)
    {
        Array.Sort(term.Numbers);
        UInt128 hash = 17;
        foreach (int number in term.Numbers)
            hash = (hash * 1000003) + (UInt128)(uint)number;
        hash = (((hash * 1000003) + (UInt128)(uint)(term.Left + 1)) * 1000003) + (UInt128)(uint)(term.Right + 1);
        hash = (hash * 1000003) + (UInt128)(uint)(term.Matrix + 1);
        if (!terms.TryGetValue(hash, out List<PlanTerm>? alike))
            terms.Add(hash, alike = []);
        for (int at = 0; at < alike.Count; at++)
        {
            if (alike[at].Left == term.Left && alike[at].Right == term.Right && alike[at].Matrix == term.Matrix && alike[at].Numbers.AsSpan().SequenceEqual(term.Numbers))
            {
                alike[at] = alike[at] with { Coefficient = alike[at].Coefficient + term.Coefficient };
                return;
            }
        }

        alike.Add(term);
    }

    private void Multiply(ClockTerm term, int[] legs, int[] summed, PlanTerm front, Action<PlanTerm, int[]> add)
    {
        var factors = new List<Part[]>();
        foreach ((int leg, int name) in term.Responses)
            factors.Add([new(1, [Response(legs[leg], PairOf(name, legs, summed))])]);
        foreach (IReadOnlyList<RowFunction> mean in term.Means)
            factors.Add(PartsOf(mean, null, [mean], legs, summed));
        foreach (ClockCumulant cumulant in term.Cumulants)
            factors.Add(PartsOf(cumulant, cumulant, cumulant.Functions, legs, summed));
        if (factors.Any(factor => factor.Length == 0))
            return;
        Next(0, front);

        void Next(int at, PlanTerm product)
        {
            if (at == factors.Count)
            {
                add(product, (int[])product.Numbers.Clone());
                return;
            }

            foreach (Part part in factors[at])
            {
                Next(at + 1, product with
                {
                    Coefficient = product.Coefficient * part.Coefficient,
                    Numbers = part.Numbers.Length == 0 ? product.Numbers : [.. product.Numbers, .. part.Numbers],
                    Left = part.Leg == 0 ? part.Vector : product.Left,
                    Right = part.Leg == 1 ? part.Vector : product.Right,
                    Matrix = part.Matrix >= 0 ? part.Matrix : product.Matrix,
                });
            }
        }
    }

    private static int PairOf(int name, int[] legs, int[] summed) => name < 0 ? legs[-name - 1] : summed[name];

    // The values of summed pairs; those that differentiate a product of f are pairs of its inputs.
    private int[][] Allowed(ClockTerm term, int[] legs)
    {
        var allowed = new int[term.SummedPairs][];
        for (int name = 0; name < allowed.Length; name++)
        {
            int[][] differentiated = [.. term.Responses.Where(each => each.Pair == name).Select(each => (int[])[each.Leg])
                .Concat(term.Means.Concat(term.Cumulants.SelectMany(each => each.Functions)).SelectMany(product => product).Where(function => function.Kind == RowFunctionKind.SigmaKernel && function.Kernel.Contains(name)).Select(function => (int[])[function.Leg, .. function.Others]))];
            allowed[name] = [.. Enumerable.Range(0, _pairs.Length).Where(pair => differentiated.All(each => Within(pair, each)))];
        }

        return allowed;

        bool Within(int pair, int[] of) => of.Any(leg => Has(legs[leg], _pairs[pair].First)) && of.Any(leg => Has(legs[leg], _pairs[pair].Second));
    }

    private bool Has(int pair, int input) => _pairs[pair].First == input || _pairs[pair].Second == input;

    // lam_rp for the sum over ordered pairs, with half of what is off the diagonal for each order.
    private int Response(int leg, int pair)
    {
        if (_responses.TryGetValue((leg, pair), out int known))
            return known;
        (int first, int second) = (_pairs[pair].First, _pairs[pair].Second);
        var terms = new List<PlanTerm>();
        if (leg == pair)
            terms.Add(new(first == second ? 1 : 0.5, [Number(new(PlanNumberKind.Kept, default, 0, 0, 0, []))]));
        if (FunctionOf(RowFunctionKind.SigmaKernel, [leg], [first, second], 1) is { } derivative)
            terms.Add(new(derivative.Coefficient, [.. Gain(1), Mean(derivative.Function)]));
        _numbers.Add(new(PlanNumberKind.Sum, default, 0, 0, 0, [.. terms]));
        return _responses[(leg, pair)] = _numbers.Count - 1;
    }

    private int[] Gain(int power) => power == 0 ? [] : [Number(new(PlanNumberKind.Gain, default, power, 0, 0, []))];

    private int Mean(int function) => Number(new(PlanNumberKind.Mean, default, 0, function, 0, []));

    private int Number(PlanNumber number)
    {
        (PlanNumberKind, ClockVariable, int, int, int) key = (number.Kind, number.Variable, number.Component, number.Function, number.Other);
        if (number.Kind != PlanNumberKind.Sum && _numberPlaces.TryGetValue(key, out int known))
            return known;
        // What numbers on functions of two inputs are read from.
        if (number.Kind == PlanNumberKind.Functional && number.Variable != Wide)
            Vector(new(PlanVectorKind.Mean, default, 0, RequireTwo(number.Function), []));
        if (number.Kind == PlanNumberKind.Form)
        {
            Vector(new(PlanVectorKind.Mean, default, 0, RequireTwo(number.Other), []));
            Vector(new(PlanVectorKind.Row, number.Variable, number.Component, RequireTwo(number.Function), []));
        }

        _numbers.Add(number);
        if (number.Kind != PlanNumberKind.Sum)
            _numberPlaces[key] = _numbers.Count - 1;
        return _numbers.Count - 1;
    }

    private int Vector(PlanVector vector)
    {
        (PlanVectorKind, ClockVariable, int, int, int) key = (vector.Kind, vector.Variable, vector.Component, vector.Function, Key(vector.Derivatives));
        if (_vectorPlaces.TryGetValue(key, out int known))
            return known;
        if (vector.Derivatives.Length > 0)
            Vector(vector with { Derivatives = [] });
        else if (vector.Kind == PlanVectorKind.Row)
            Vector(new(PlanVectorKind.Mean, default, 0, RequireTwo(vector.Function), []));
        _vectors.Add(vector);
        return _vectorPlaces[key] = _vectors.Count - 1;
    }

    /// <summary>The place of a vector that is in the plan.</summary>
    public int PlaceOf(PlanVector vector) => Vector(vector);

    private int RequireTwo(int function) => Functions.Functions[function].Support.Length <= 2
        ? function
        : throw new NotSupportedException("The clock equations hold a cumulant beyond the leading one at a function of more than two inputs, which is not solved; use order 1.");

    // The summands of a factor, a mean or a cumulant.
    private Part[] PartsOf(object factor, ClockCumulant? cumulant, IReadOnlyList<IReadOnlyList<RowFunction>> products, int[] legs, int[] summed)
    {
        UInt128 arguments = 1;
        foreach (RowFunction function in products.SelectMany(product => product))
        {
            arguments = (arguments * 16) + (UInt128)(uint)(function.Kind == RowFunctionKind.Mode ? 0 : legs[function.Leg]);
            foreach (int leg in function.Others)
                arguments = (arguments * 16) + (UInt128)(uint)legs[leg];
            foreach (int name in function.Kernel.Concat(function.Shared))
                arguments = (arguments * 16) + (UInt128)(uint)PairOf(name, legs, summed);
        }

        foreach (int name in cumulant?.Pairs ?? [])
            arguments = (arguments * 16) + (UInt128)(uint)PairOf(name, legs, summed);
        if (_parts.TryGetValue((factor, arguments), out Part[]? known))
            return known;
        Summand[][] averages = [.. products.Select(product => SummandsOf(product, legs, summed))];
        Part[] parts = cumulant is null ? OfMean(averages[0]) : OfCumulant(cumulant, averages, [.. cumulant.Pairs.Select(name => PairOf(name, legs, summed)).Order()]);
        return _parts[(factor, arguments)] = Together(parts);
    }

    // Summands without a vector are one number.
    private Part[] Together(Part[] parts)
    {
        Part[] numbers = [.. parts.Where(part => part.Leg < 0 && part.Matrix < 0)];
        if (numbers.Length == 0)
            return parts;
        Part sum = numbers is [{ Coefficient: 1, Numbers.Length: <= 1 }]
            ? numbers[0]
            : new(1, [Number(new(PlanNumberKind.Sum, default, 0, 0, 0, [.. numbers.Select(part => new PlanTerm(part.Coefficient, part.Numbers))]))]);
        return [sum, .. parts.Where(part => part.Leg >= 0 || part.Matrix >= 0)];
    }

    private Part[] OfMean(Summand[] average) =>
    [
        .. average.Select(each => each.Mode < 0
            ? new Part(each.Coefficient, each.Function == 0 ? each.Numbers : [.. each.Numbers, Mean(each.Function)])
            : new Part(each.Coefficient, each.Numbers, each.Mode, Vector(new(PlanVectorKind.Mean, default, 0, each.Function, each.Derivatives)))),
    ];

    private Part[] OfCumulant(ClockCumulant cumulant, Summand[][] averages, int[] pairs)
    {
        var variable = new ClockVariable(cumulant.Pairs.Count, averages.Length, cumulant.Loops);
        int component = _components[variable][Key(pairs)];
        if (averages.Length == 0)
            return [new(1, [Number(new(PlanNumberKind.State, variable, component, 0, 0, []))])];
        if (averages.Length == 1)
        {
            return
            [
                .. averages[0].Where(each => each.Mode >= 0 || each.Function != 0).Select(each => each.Mode < 0
                    ? new Part(each.Coefficient, [.. each.Numbers, Number(new(PlanNumberKind.Functional, variable, component, each.Function, 0, []))])
                    : new Part(each.Coefficient, each.Numbers, each.Mode, Vector(OfOne(variable, component, each)))),
            ];
        }

        if (averages.Length > 2 || averages.Any(average => average.Any(each => each.Mode >= 0 && (each.Function != 0 || each.Derivatives.Length > 0))))
            throw new NotSupportedException("The clock equations hold a cumulant of averages that are products with modes, which is not solved; use order 1.");
        return
        [
            .. from one in averages[0]
               from two in averages[1]
               where (one.Mode >= 0 || one.Function != 0) && (two.Mode >= 0 || two.Function != 0)
               let coefficient = one.Coefficient * two.Coefficient
               let numbers = (int[])[.. one.Numbers, .. two.Numbers]
               select (one.Mode, two.Mode) switch
               {
                   ( < 0, < 0) => new Part(coefficient, [.. numbers, Number(new(PlanNumberKind.Form, variable, component, one.Function, two.Function, []))]),
                   ( >= 0, >= 0) => new Part(coefficient, numbers, Matrix: component),
                   ( >= 0, _) => new Part(coefficient, numbers, one.Mode, Vector(new(PlanVectorKind.Row, variable, component, two.Function, []))),
                   _ => new Part(coefficient, numbers, two.Mode, Vector(new(PlanVectorKind.Row, variable, component, one.Function, []))),
               },
        ];
    }

    private PlanVector OfOne(ClockVariable variable, int component, Summand average)
    {
        if (average.Function == 0)
            return new(PlanVectorKind.State, variable, component, 0, average.Derivatives);
        if (variable != Wide)
            throw new NotSupportedException("The clock equations hold a cumulant beyond the leading one at a product with a mode, which is not solved; use order 1.");
        return new(PlanVectorKind.Product, variable, component, RequireTwo(average.Function), average.Derivatives);
    }

    // A coefficient and numbers times a function and, where Mode is not negative, the derivative of a mode.
    private sealed record Summand(double Coefficient, int[] Numbers, int Function, int Mode, int[] Derivatives);

    // A product with every derivative an input, both orders of shared pairs, means taken out.
    private Summand[] SummandsOf(IReadOnlyList<RowFunction> product, int[] legs, int[] summed)
    {
        int[] shared = [.. product.SelectMany(function => function.Shared).Distinct()];
        var result = new List<Summand>();
        for (int order = 0; order < 1 << shared.Length; order++)
        {
            var ends = new List<int>[product.Count];
            for (int at = 0; at < product.Count; at++)
                ends[at] = [];
            for (int at = 0; at < shared.Length; at++)
            {
                InputPair pair = _pairs[PairOf(shared[at], legs, summed)];
                (int one, int two) = (order >> at & 1) == 1 ? (pair.Second, pair.First) : (pair.First, pair.Second);
                foreach (int function in Enumerable.Range(0, product.Count).Where(function => product[function].Shared.Contains(shared[at])))
                {
                    ends[function].Add(one);
                    one = two;
                }
            }

            result.AddRange(Ordered(product, ends, legs, summed).Select(each => each with { Coefficient = Math.ScaleB(each.Coefficient, -shared.Length) }));
        }

        return [.. result];
    }

    private IEnumerable<Summand> Ordered(IReadOnlyList<RowFunction> product, List<int>[] ends, int[] legs, int[] summed)
    {
        IEnumerable<Summand> summands = [new Summand(1, [], 0, -1, [])];
        for (int at = 0; at < product.Count; at++)
        {
            RowFunction function = product[at];
            if (function.Kind == RowFunctionKind.Mode)
            {
                int[] derivatives = [.. ends[at].Order()];
                summands = summands.Select(each => each with { Mode = function.Leg, Derivatives = derivatives });
                continue;
            }

            int[] inputs = [.. function.Kernel.SelectMany(name => new[] { _pairs[PairOf(name, legs, summed)].First, _pairs[PairOf(name, legs, summed)].Second }), .. ends[at]];
            if (FunctionOf(function.Kind, [legs[function.Leg], .. function.Others.Select(leg => legs[leg])], inputs, function.Kernel.Count) is not { } part)
                return [];
            IEnumerable<(double Coefficient, int[] Numbers, int Function)> parts = [(part.Coefficient, [], part.Function)];
            if (product.Count > 1 && function.Shared.Count == 0)
                parts = parts.Append((-part.Coefficient, [Mean(part.Function)], 0));
            (double Coefficient, int[] Numbers, int Function)[] all = [.. parts];
            summands = [.. from before in summands from each in all select before with { Coefficient = before.Coefficient * each.Coefficient, Numbers = [.. before.Numbers, .. each.Numbers], Function = Functions.Times(before.Function, each.Function) }];
        }

        return summands;
    }

    // A derivative by inputs, halved so often, of a product of f_r / C_W, or of phi_a phi_b; null where it vanishes.
    private (double Coefficient, int Function)? FunctionOf(RowFunctionKind kind, int[] of, int[] inputs, int halves)
    {
        var factors = new InputFactor[_inputs];
        double coefficient = Math.ScaleB(1.0, -halves);
        bool isSigmaKernel = kind == RowFunctionKind.SigmaKernel;
        foreach (int input in of.SelectMany(pair => (int[])[_pairs[pair].First, _pairs[pair].Second]))
            factors[input] = isSigmaKernel ? factors[input] with { Sigmas = factors[input].Sigmas + 1 } : factors[input] with { Power = factors[input].Power + 1 };
        foreach (int input in inputs)
        {
            if (factors[input] == default)
                return null;
            if (isSigmaKernel)
            {
                factors[input] = factors[input] with { Derivative = factors[input].Derivative + 1 };
                continue;
            }

            coefficient *= factors[input].Power;
            factors[input] = factors[input] with { Power = factors[input].Power - 1 };
        }

        return (coefficient, Functions.Of(factors));
    }
}

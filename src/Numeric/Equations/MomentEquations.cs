// A system as it is derived, run: every statement compiled once, evaluated in the order in which it stands.
//   equations between tensors                                terms, a coefficient in front (Contraction)
//   equations in the letters of inputs                       a function, entry by entry (ElementwiseEquation)
//   Gaussian statements                                      the recipes of a book
//   all equations of a system of components                  together, with the expectations that stand in them (ComponentRecipes)
// What nothing wanted depends on is left out. The state is one vector, the tensors of the system one after another, K0 first.

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The equations of a closure over depth.</summary>
internal sealed class MomentEquations : IDepthEquations
{
    private readonly EquationSystem _system;
    private readonly IRecipeBook _book;
    private readonly CompiledSystem? _components;
    private readonly IReadOnlyList<(int System, LayerNumbers Numbers)> _sequence;
    private LayerNumbers _layer;
    private readonly List<(string Name, Indexed Component, int Offset, int Length)> _state = [];
    private readonly Dictionary<string, double[]> _values = new(StringComparer.Ordinal);
    private readonly Statement[][] _steps;
    private readonly Statement[]?[] _responses;
    private readonly IReadOnlyList<EquationSystem> _systems;
    private readonly Statement[] _quantities;
    private readonly IReadOnlyList<KernelPart> _parts;
    private int _layers, _advanced;

    /// <summary>Compiles a system whose layers are all the same.</summary>
    /// <param name="system">The derived equations, in the form in which depth will advance.</param>
    /// <param name="book">The Gaussian numbers, and what the indices count to.</param>
    /// <param name="layer">The numbers of a layer: alpha, eps, C_W, C_b.</param>
    /// <param name="wanted">Tensors of the state that are wanted, with what they depend on; all if null.</param>
    public MomentEquations(EquationSystem system, IRecipeBook book, LayerNumbers layer, IReadOnlyList<Tensor>? wanted = null)
        : this([system], [(0, layer)], book, wanted)
    {
    }

    /// <summary>Compiles systems of one state, of which each layer is advanced by one.</summary>
    /// <param name="systems">The derived equations.</param>
    /// <param name="layers">For each layer which of them, and its numbers; the last entry serves the layers after it.</param>
    /// <param name="book">The Gaussian numbers, and what the indices count to.</param>
    /// <param name="wanted">Tensors of the state that are wanted, with what they depend on; all if null.</param>
    public MomentEquations(IReadOnlyList<EquationSystem> systems, IReadOnlyList<(int System, LayerNumbers Numbers)> layers, IRecipeBook book, IReadOnlyList<Tensor>? wanted = null)
    {
        EquationSystem system = systems[0];
        (_system, _systems, _book, _sequence, _layer) = (system, systems, book, layers, layers[0].Numbers);
        _responses = new Statement[]?[systems.Count];
        var names = new HashSet<string>(wanted is null ? system.State.Select(variable => variable.Tensor.Name) : Needed(systems, wanted.Select(tensor => tensor.Name)), StringComparer.Ordinal);
        foreach (StateVariable variable in system.State.Where(variable => names.Contains(variable.Tensor.Name)))
        {
            Indexed component = variable.Tensor[[.. variable.Indices]];
            _state.Add((variable.Tensor.Name, component, Length, TensorShape.Of(component, book.Ranges).Length));
            Length = checked(Length + _state[^1].Length);
        }

        _parts = book.Parts;
        if (book is ComponentRecipes recipes)
        {
            _components = recipes.Compiled;
            (_steps, _quantities) = ([[Step(recipes)]], [Quantities(recipes)]);
            return;
        }

        _steps = [.. systems.Select(each => Compile(MomentStatements.Needed(each.Step, names)))];
        IReadOnlyList<MomentStatement> quantities = [.. system.Quantities, .. system.Correlations];
        _quantities = Compile([.. quantities.Where((statement, at) => MomentStatements.Reads(quantities, at).All(name => names.Contains(name) || system.State.All(variable => variable.Tensor.Name != name)))]);
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public double? RelativeError => _book.RelativeError;

    /// <inheritdoc/>
    public int Degree => _state.Max(part => DegreeOf(part.Component));

    /// <inheritdoc/>
    public IEnumerable<(string Name, int Degree)> Cumulants => _components is null ? IDepthEquations.OfLeadingOrder
        : from part in _state.Skip(1)
          where part.Component.Tensor.Symmetry is TensorSymmetry.Symmetric or TensorSymmetry.CovarianceOfSymmetric or TensorSymmetry.CumulantOfSymmetric
          select (part.Name, DegreeOf(part.Component));

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _book.Unproved;

    /// <summary>A tensor that the last layer or record computed on the way.</summary>
    public double[] ValueOf(string name) => _values[name];

    /// <summary>The same, or a tensor of the state.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="state">The state; null where a tensor of it is not asked for.</param>
    public double[] ValueOf(string name, double[]? state) => state is not null && _state.FirstOrDefault(each => each.Name == name) is { Name: not null } part ? state[part.Offset..(part.Offset + part.Length)] : _values[name];

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _layers = 0;
        if (_components is not null)
            return _components.InitialState(kernel);
        var state = new double[Length];
        kernel.CopyTo(state);
        var names = new HashSet<string>(_state.Select(each => each.Name), StringComparer.Ordinal);
        Run(Compile(_system.Initial.Where(statement => MomentStatements.Outputs(statement).Any(names.Contains))), state, state);
        return state;
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        Advance(state, next);
        _layers++;
    }

    /// <summary>Where a tensor begins in the state.</summary>
    public int OffsetOf(string name) => _state.Single(each => each.Name == name).Offset;

    /// <summary>N.</summary>
    public int Inputs => _book.Ranges.Inputs;

    /// <summary>How the modes lie in tensors over them.</summary>
    public ModeLayout Modes => _book.Ranges.Modes;

    /// <summary>K0 of each field that a norm of a layer reads; of fields inside branches at the last layer that was tried.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="state">The state before it.</param>
    public IEnumerable<double[]> NormedKernels(int layer, double[] state) => _systems[_sequence[Math.Min(layer, _sequence.Count - 1)].System].Normed.Select(tensor => Part(state, tensor.Name) ?? _values[tensor.Name]);

    /// <summary>From here on the equations are those of a layer, in depth time.</summary>
    /// <param name="layer">The layer that is left.</param>
    /// <returns>The last layer up to which they stay the same.</returns>
    public int Use(int layer)
    {
        int last = _layers = layer;
        while (last + 1 < _sequence.Count && _sequence[last + 1].System == _sequence[layer].System && ReferenceEquals(_sequence[last + 1].Numbers, _sequence[layer].Numbers)) last++;
        return last + 1;
    }

    /// <summary>The derivative in K0 of what the equations that were run last make of it: of the next layer, or of its rate of change; over pairs and pairs, of programs.</summary>
    /// <param name="before">A state whose K0 it is taken at.</param>
    public double[] KernelResponse(double[] before)
    {
        int system = _advanced;
        string name = MomentDerivation.KernelResponse.Name;
        Run(_responses[system] ??= Compile(MomentStatements.Needed([.. _systems[system].Step.Where(statement => !MomentStatements.IsNext(statement)), .. _systems[system].Response], new HashSet<string>(StringComparer.Ordinal) { name })), before, []);
        return _values[name];
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => Advance(state, slope);

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales)
    {
        double[] pairs = KernelScales.OfPairs(state.AsSpan(0, _book.Ranges.Modes.Pairs.Length), _book.Ranges.Inputs);
        double[] observables = Deviations(state);
        foreach ((_, Indexed component, int offset, int length) in _state)
        {
            if (IsOverInputs(component))
            {
                KernelScales.OfComponents(component.Tensor, pairs, _book.Ranges.Inputs, scales.AsSpan(offset, length));
                continue;
            }

            // Modes are normalised.
            var scale = new List<double> { 1 };
            ModeIndices? mode = ModeIndices.Of(component);
            foreach (TensorIndex index in mode?.Leading ?? component.Indices.ToArray())
                scale = [.. from left in scale from right in index.Kind == IndexKind.Observable ? observables : pairs select left * right];
            int each = length / scale.Count;
            for (int at = 0; at < length; at++)
                scales[offset + at] = scale[at / each];
        }
    }

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        Run(_quantities, state, state);
        _book.Weigh(state, name => Find(name, state)!, _layer, _layers);
        foreach (KernelPart part in _parts)
        {
            if (Find(part.Tensor, state) is { } values)
                add(part.Name, part.Select(values));
        }
    }

    /// <inheritdoc/>
    public double[]? Part(double[] state, string name) =>
        _parts.FirstOrDefault(part => part.Name == name) is { } part && _state.FirstOrDefault(each => each.Name == part.Tensor) is { Name: not null } place
            ? part.Select(state[place.Offset..(place.Offset + place.Length)])
            : null;

    /// <inheritdoc/>
    public string Describe(int component) => _state.Last(each => each.Offset <= component) is var each && IsOverInputs(each.Component) ? each.Component.Tensor.ComponentsOver(_book.Ranges.Inputs)[component - each.Offset].ToString()
        : each.Component.Indices.ToArray().Any(index => index.Kind == IndexKind.Component)
        ? each.Component.Indices.Length > 3 ? "The covariance of G with a Hermite mode" : "The mean of a Hermite mode"
        : each.Component.Indices[0].Kind == IndexKind.Observable ? each.Component.Indices.Length > 1 ? "A covariance of the observables" : "The mean of an observable" : each.Name;

    private static bool IsOverInputs(Indexed component) => component.Indices[0].Kind == IndexKind.Input;

    // Two letters of inputs, a pair and an observable are each of a factor G; what is not over inputs is at most a covariance.
    private static int DegreeOf(Indexed component) => IsOverInputs(component)
        ? component.Indices.Length / 2
        : Math.Min(2, component.Indices.ToArray().Count(index => index.Kind is IndexKind.Pair or IndexKind.Observable));

    private double[]? Find(string name, double[] state)
    {
        if (_state.FirstOrDefault(each => each.Name == name) is { Name: not null } part)
            return state[part.Offset..(part.Offset + part.Length)];
        return _values.TryGetValue(name, out double[]? values) && _quantities.Any(statement => statement.Outputs.Contains(name)) ? (double[])values.Clone() : null;
    }

    private double[] Deviations(double[] state)
    {
        if (_state.FirstOrDefault(each => each.Component.Indices.Length == 2 && each.Component.Indices[0].Kind == IndexKind.Observable) is not { Name: not null } covariance)
            return [];
        int count = _book.Ranges.Count(IndexKind.Observable);
        return [.. Enumerable.Range(0, count).Select(i => Math.Sqrt(Math.Max(state[covariance.Offset + (i * count) + i], 0)))];
    }

    private void Advance(double[] state, double[] next)
    {
        Array.Clear(next);
        (_advanced, _layer) = _sequence[Math.Min(_layers, _sequence.Count - 1)];
        Run(_steps[_advanced], state, next);
    }

    private void Run(Statement[] statements, double[] state, double[] next)
    {
        foreach (Statement statement in statements)
            statement.Run(state, next);
    }

    private Statement[] Compile(IEnumerable<MomentStatement> statements) => [.. statements.Select(statement => statement switch
    {
        ContractedEquation equation => Contracted(equation),
        ComponentEquation equation => Elementwise(equation),
        GaussianStatement gaussian => Gaussian(gaussian),
        _ => throw new NotSupportedException($"{statement} is no statement that can be run."),
    })];

    private Statement Step(ComponentRecipes recipes) => new([.. _state.Select(part => part.Name)], (state, next) => recipes.Run(recipes.Compiled.RightSide, _layer, state, next));

    private Statement Quantities(ComponentRecipes recipes)
    {
        TensorLayout layout = recipes.Compiled.Quantities.Output;
        var all = new double[layout.Length];
        foreach (TensorBlock block in layout.Blocks)
            _values.Add(block.Tensor.Name, new double[block.Count]);
        return new([.. layout.Blocks.Select(block => block.Tensor.Name)], (state, _) =>
        {
            recipes.Run(recipes.Compiled.Quantities, _layer, state, all);
            foreach (TensorBlock block in layout.Blocks)
                layout.Part(all, block.Tensor).CopyTo(_values[block.Tensor.Name]);
        });
    }

    private Statement Contracted(ContractedEquation equation)
    {
        Indexed left = equation.Variable;
        Place result = PlaceOf(left, equation.IsNext);
        var terms = new List<(Coefficient Coefficient, Contraction Term, Place First, Place Second)>();
        var constants = new List<Coefficient>();
        foreach (Expression term in equation.RightSide.Expand().Terms)
        {
            (Expression coefficient, IReadOnlyList<Indexed> tensors) = EquationTerm.Of(term);
            if (tensors.Count == 0)
                constants.Add(new(coefficient));
            else if (!coefficient.IsZero)
                terms.Add((new(coefficient), new(left, tensors, _book.Ranges), PlaceOf(tensors[0], false), tensors.Count > 1 ? PlaceOf(tensors[1], false) : default));
        }

        int length = TensorShape.Of(left, _book.Ranges).Length;
        return new([left.Tensor.Name], (state, next) =>
        {
            TensorValues to = result.In(state, next);
            double constant = 0;
            foreach (Coefficient each in constants)
                constant += each.At(_layer);
            to.Values.AsSpan(to.Offset, length).Fill(constant);
            foreach ((Coefficient coefficient, Contraction term, Place first, Place second) in terms)
            {
                if (coefficient.At(_layer) is var value && value != 0)
                    term.Add(value, to, first.In(state, next), second.In(state, next));
            }
        });
    }

    private Statement Elementwise(ComponentEquation statement)
    {
        var equation = new ElementwiseEquation(statement.Variable, statement.RightSide, _book.Ranges);
        Place result = PlaceOf(statement.Variable, statement.IsNext);
        Place[] places = [.. equation.Tensors.Select(tensor => tensor is null ? default : PlaceOf(tensor, false))];
        var given = new TensorValues[places.Length];
        return new([statement.Variable.Tensor.Name], (state, next) =>
        {
            for (int at = 0; at < places.Length; at++)
                given[at] = places[at].In(state, next);
            equation.Evaluate(_layer, given, result.In(state, next));
        });
    }

    private Statement Gaussian(GaussianStatement statement)
    {
        IGaussianRecipe recipe = _book[statement];
        Place[] arguments = [.. statement.Arguments.OfType<TensorArgument>().Select(argument => PlaceOf(argument.Tensor.Name, argument.IsNext))];
        Coefficient[] numbers = [.. statement.Arguments.OfType<ScalarArgument>().Select(argument => new Coefficient(argument.Value))];
        var scalars = new double[numbers.Length];
        // A statement of the initial state gives a tensor of the state itself.
        Place[] places = [.. statement.Outputs.Select(output => PlaceOf(output, _system.Initial.Contains(statement)))];
        double[][] results = [.. statement.Outputs.Select((output, at) => places[at].Values ?? new double[TensorShape.Of(output, _book.Ranges).Length])];
        var given = new TensorValues[arguments.Length];
        return new([.. statement.Outputs.Select(output => output.Tensor.Name)], (state, next) =>
        {
            for (int at = 0; at < arguments.Length; at++)
                given[at] = arguments[at].In(state, next);
            for (int at = 0; at < numbers.Length; at++)
                scalars[at] = numbers[at].At(_layer);
            foreach (double[] result in results)
                Array.Clear(result);
            recipe.Evaluate(given, scalars, results);
            for (int at = 0; at < places.Length; at++)
            {
                if (places[at].Values is null)
                    results[at].CopyTo(next, places[at].Offset);
            }
        });
    }

    private Place PlaceOf(Indexed component, bool isNext)
    {
        string name = component.Tensor.Name;
        if (_state.All(each => each.Name != name) && !_values.ContainsKey(name))
            _values.Add(name, new double[TensorShape.Of(component, _book.Ranges).Length]);
        return PlaceOf(name, isNext);
    }

    private Place PlaceOf(string name, bool isNext) => _state.FirstOrDefault(each => each.Name == name) is { Name: not null } part
        ? new(null, part.Offset, isNext)
        : new(_values[name], 0, false);

    // The tensors of the state that some of them depend on.
    private static HashSet<string> Needed(IReadOnlyList<EquationSystem> systems, IEnumerable<string> wanted)
    {
        var names = new HashSet<string>(wanted, StringComparer.Ordinal) { Notation.MeanKernel.Name };
        while (true)
        {
            int before = names.Count;
            foreach (MomentStatement statement in systems.SelectMany(system => MomentStatements.Needed(system.Step, names)).ToArray())
                names.UnionWith(MomentStatements.Inputs(statement).Where(name => systems[0].State.Any(variable => variable.Tensor.Name == name)));
            if (names.Count == before)
                return names;
        }
    }

    /// <summary>A number in letters of a layer, which is evaluated again where another layer has other numbers.</summary>
    private sealed class Coefficient(Expression expression)
    {
        private LayerNumbers? _layer;
        private double _value;

        public double At(LayerNumbers layer)
        {
            if (!ReferenceEquals(layer, _layer))
                (_layer, _value) = (layer, layer.ValueOf(expression));
            return _value;
        }
    }

    /// <summary>A statement that is run.</summary>
    private sealed record Statement(IReadOnlyList<string> Outputs, Action<double[], double[]> Run);

    /// <summary>Where a tensor is: in an array of its own, or in the state or the next one.</summary>
    private readonly record struct Place(double[]? Values, int Offset, bool IsNext)
    {
        public TensorValues In(double[] state, double[] next) => new(Values ?? (IsNext ? next : state), Offset);
    }
}

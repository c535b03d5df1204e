// The equations of a closure: the one structure of which documents, generated programs, compiled delegates, the control variate and
// diagrams are views. A state of tensors whose indices say what they count, and statements in the order in which they are
// evaluated (Statements.cs): those of the initial state, those from one layer to the next, and those of what follows from a state.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>How depth advances.</summary>
public enum DepthForm
{
    /// <summary>A map from layer l to layer l + 1, all powers of eps kept.</summary>
    Discrete,

    /// <summary>A differential equation in t = eps^2 l: the order eps^2 of the map at alpha = 1.</summary>
    Continuous,
}

/// <summary>A tensor of the state: its name, and what each index counts.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Indices">Letters that tell the ranges.</param>
public sealed record StateVariable(Tensor Tensor, IReadOnlyList<TensorIndex> Indices);

/// <summary>What a system of components says of one tensor of its state.</summary>
/// <param name="Variable">The component with free indices, such as V4_ab,cd.</param>
/// <param name="RightSide">Its value at the next layer, or its derivative in depth time.</param>
/// <param name="Initial">Its value at depth 0, in terms of K0.</param>
/// <param name="Parts">The right side in named parts that add up to it, such as transport and source; may be empty.</param>
public sealed record EvolutionEquation(
    Indexed Variable,
    Expression RightSide,
    Expression Initial,
    IReadOnlyList<(string Name, Expression Value)> Parts);

/// <summary>The equations of a closure.</summary>
/// <param name="Closure">The closure.</param>
/// <param name="Form">Discrete or continuous depth.</param>
/// <param name="State">The tensors of the state, K0 first.</param>
/// <param name="Initial">The state at depth 0; what is not named is 0.</param>
/// <param name="Step">From the state to the state at the next layer, or to its rate of change.</param>
/// <param name="Quantities">U1 and E2, and K1 and V4 where they are parts of larger tensors.</param>
/// <param name="Correlations">From the state: n Cov(S, G) and n Cov(S, S), and on modes what s adds to V4 in a layer, over eps^2 (transport).</param>
public sealed record EquationSystem(
    IClosure Closure,
    DepthForm Form,
    IReadOnlyList<StateVariable> State,
    IReadOnlyList<MomentStatement> Initial,
    IReadOnlyList<MomentStatement> Step,
    IReadOnlyList<MomentStatement> Quantities,
    IReadOnlyList<MomentStatement> Correlations)
{
    /// <summary>
    /// The linear equations of the fluctuations, of which the covariances are made: g or the observables at the next layer without noise (its rate is not among them), and s; for a
    /// step of a program of layers, s stage by stage (<see cref="Stages"/>).
    /// </summary>
    public IReadOnlyList<ContractedEquation> Fluctuations { get; init; } = [];

    /// <summary>The stages of a step of a program, in the order in which they run; empty for a plain layer, and where no field is read.</summary>
    public IReadOnlyList<StagePath> Stages { get; init; } = [];

    /// <summary>The update of a step of a program, and those inside its branches, in the order in which they begin.</summary>
    internal IReadOnlyList<UpdatePath> Updates { get; init; } = [];

    /// <summary>The tangent kernel path by path; null where it is not among the state.</summary>
    internal TangentPaths? Tangents { get; init; }

    /// <summary>From K0: its derivative at the next layer, over pairs and pairs, which the last statement gives; they follow those of <see cref="Step"/>. Empty for a plain layer.</summary>
    public IReadOnlyList<MomentStatement> Response { get; init; } = [];

    /// <summary>K0 of each field that a norm reads, in the order of the norms.</summary>
    public IReadOnlyList<Tensor> Normed { get; init; } = [];

    /// <summary>What an index of an order counts: the orders of the modes beside g, ascending; empty for a system on observables.</summary>
    public IReadOnlyList<int> Orders { get; init; } = [];

    /// <summary>What an index of an observable counts, in each block; empty for a system on modes.</summary>
    public IReadOnlyList<Observable> Observables { get; init; } = [];

    /// <summary>
    /// True if every statement is an equation in the letters of inputs, whose expectations stand in it as they are: g-only and g-connected, and the orders of g-only in 1/n. Such a system is
    /// compiled component by component; the others are modes and observables, contracted, whose Gaussian numbers are recipes.
    /// </summary>
    public bool IsOfComponents => Step.Concat(Initial).Concat(Quantities).Concat(Correlations).All(statement => statement is ComponentEquation);

    /// <summary>The equations of a system of components, one for each tensor of the state.</summary>
    public IReadOnlyList<EvolutionEquation> Equations => [.. Step.OfType<ComponentEquation>().Where(equation => equation.IsNext).Select(equation => new EvolutionEquation(
        equation.Variable,
        equation.RightSide,
        Initial.OfType<ComponentEquation>().FirstOrDefault(each => each.Variable.Tensor == equation.Variable.Tensor)?.RightSide ?? Expression.Zero,
        equation.Parts))];

    /// <summary>In a system of components what right sides refer to by name, such as Q_ab.</summary>
    public IEnumerable<ComponentEquation> Abbreviations => Step.OfType<ComponentEquation>().Where(equation => !equation.IsNext);

    /// <summary>What follows from the state of a system of components.</summary>
    public IReadOnlyList<ComponentEquation> ComponentQuantities => [.. Quantities.OfType<ComponentEquation>()];

    /// <summary>The system of components with other equations.</summary>
    /// <param name="equations">One for each tensor of the state, K0 first.</param>
    /// <param name="form">Their form.</param>
    public EquationSystem With(IReadOnlyList<EvolutionEquation> equations, DepthForm form) => OfComponents(Closure, form, Abbreviations, equations, ComponentQuantities);

    /// <summary>A system of components.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="abbreviations">What right sides refer to by name, such as Q_ab.</param>
    /// <param name="equations">One for each tensor of the state, K0 first.</param>
    /// <param name="quantities">What follows from the state.</param>
    public static EquationSystem OfComponents(
        IClosure closure, DepthForm form, IEnumerable<ComponentEquation> abbreviations, IReadOnlyList<EvolutionEquation> equations, IReadOnlyList<ComponentEquation> quantities) => new(
        closure,
        form,
        [.. equations.Select(equation => new StateVariable(equation.Variable.Tensor, [.. equation.Variable.Indices]))],
        [.. equations.Select(equation => new ComponentEquation("", equation.Variable, equation.Initial))],
        [.. abbreviations, .. equations.Select(equation => new ComponentEquation("", equation.Variable, equation.RightSide, IsNext: true) { Parts = equation.Parts })],
        quantities,
        []);

    /// <summary>The system of components with fewer tensors, and what they depend on by name.</summary>
    /// <param name="isWanted">Which tensors of the state and which quantities to keep; what is kept depends on no other.</param>
    public EquationSystem Only(Func<Tensor, bool> isWanted) => OfComponents(
        Closure,
        Form,
        Abbreviations,
        [.. Equations.Where(equation => isWanted(equation.Variable.Tensor))],
        [.. ComponentQuantities.Where(quantity => isWanted(quantity.Variable.Tensor))]);

    /// <summary>Writes every abbreviation out.</summary>
    /// <param name="expression">In a system of components the right side of an equation.</param>
    public Expression WriteOut(Expression expression)
    {
        ComponentEquation[] abbreviations = [.. Abbreviations];
        return expression.Rewrite(node =>
        {
            if (node is not Indexed indexed || abbreviations.FirstOrDefault(each => each.Variable.Tensor == indexed.Tensor) is not { } abbreviation)
                return null;
            var table = new Dictionary<TensorIndex, TensorIndex>();
            for (int at = 0; at < indexed.Indices.Length; at++)
                table[abbreviation.Variable.Indices[at]] = indexed.Indices[at];
            return abbreviation.RightSide.Rename(table);
        });
    }

    /// <summary>The equations of a system of components over definite inputs, in plain variables.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="activation">sigma, whose expectations are written out where they have a closed form; null leaves each of them a variable.</param>
    /// <exception cref="NotSupportedException">The system is on modes or observables, or the activation has a kink.</exception>
    public ComponentSystem OverInputs(int inputs, ActivationDefinition? activation = null) => ComponentSystem.Of(this, inputs, activation);

    /// <summary>The equations as plain text, a statement a line in the order in which they are evaluated: the same text for the same equations.</summary>
    public override string ToString() => SystemText.Write(this);

    /// <summary>Whether two systems say the same, statement by statement.</summary>
    /// <param name="other">The other system.</param>
    public bool Equals(EquationSystem? other) => other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());
}

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>An equation system compiled for N inputs: its right sides, initial values, parts and derived quantities.</summary>
internal sealed class CompiledSystem
{
    /// <summary>Up to this number of inputs every component has a formula of its own; beyond it, formulas stand in loops over inputs.</summary>
    public const int MostInputsByComponent = 6;

    private readonly ExpectationTable _expectations = new();

    /// <summary>Compiles a system in the tier that suits the number of inputs.</summary>
    /// <param name="system">The derived equations.</param>
    /// <param name="inputs">The number of inputs N, at least 1.</param>
    public CompiledSystem(EquationSystem system, int inputs)
        : this(system, inputs, inputs > MostInputsByComponent)
    {
    }

    /// <summary>Compiles a system.</summary>
    /// <param name="system">The derived equations.</param>
    /// <param name="inputs">The number of inputs N, at least 1.</param>
    /// <param name="loops">True for loops over inputs, where the equations have a form that loops can take; false for a formula to each component.</param>
    public CompiledSystem(EquationSystem system, int inputs, bool loops)
    {
        System = system;
        State = new TensorLayout(inputs, system.State.Select(variable => variable.Tensor));
        if (loops && LoopPrograms.TryCompile(system, State, _expectations) is { } programs)
        {
            (RightSide, Quantities, Initial) = (programs.RightSide, programs.Quantities, programs.Initial);
            return;
        }

        IReadOnlyList<EvolutionEquation> equations = system.Equations;
        RightSide = new TensorProgram(State, [.. equations.Select(equation => (equation.Variable, system.WriteOut(equation.RightSide)))], _expectations);
        Quantities = new TensorProgram(State, [.. system.ComponentQuantities.Select(quantity => (quantity.Variable, system.WriteOut(quantity.RightSide)))], _expectations);
        Initial = new TensorProgram(State, [.. equations.Select(equation => (equation.Variable, equation.Initial))], _expectations);
    }

    /// <summary>The equations.</summary>
    public EquationSystem System { get; }

    /// <summary>N.</summary>
    public int Inputs => State.Inputs;

    /// <summary>The layout of the state; K0 comes first.</summary>
    public TensorLayout State { get; }

    /// <summary>The value at the next layer, or the derivative in depth time.</summary>
    public ITensorProgram RightSide { get; }

    /// <summary>The quantities that follow from the state.</summary>
    public ITensorProgram Quantities { get; }

    /// <summary>The state at depth 0, as a function of K(0).</summary>
    public ITensorProgram Initial { get; }

    /// <summary>The expectations that the programs read.</summary>
    public IReadOnlyList<ExpectationAtom> Atoms => _expectations.Atoms;

    /// <summary>The state at depth 0.</summary>
    /// <param name="kernel">K(0) over pairs.</param>
    public double[] InitialState(ReadOnlySpan<double> kernel)
    {
        var given = new double[State.Length];
        kernel.CopyTo(State.Part(given, Notation.MeanKernel));
        var state = new double[State.Length];
        Initial.Run(default(LayerParameters).ToArray(), new double[Atoms.Count], given, state);
        return state;
    }

    /// <summary>A program for one named part of an equation, such as the transport of V4, on the same state and expectations.</summary>
    /// <param name="tensor">The equation's tensor.</param>
    /// <param name="part">The name of the part.</param>
    public TensorProgram Part(Tensor tensor, string part)
    {
        EvolutionEquation equation = System.Equations.Single(each => each.Variable.Tensor == tensor);
        return new TensorProgram(State, [(equation.Variable, System.WriteOut(equation.Parts.Single(each => each.Name == part).Value))], _expectations);
    }
}

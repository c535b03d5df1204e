// From an equation system to delegates, for N definite inputs:
//   1. Put numbers in for the free indices of every equation, one output per independent component.
//   2. Components of the state and parameters become array elements; every distinct Gaussian expectation becomes an
//      element of the array that an expectation source fills.
//   3. Lower all outputs together (LinqLowering: one common-subexpression pass) and compile, in chunks of outputs so that
//      no method grows beyond what the just-in-time compiler optimises.

using System.Linq.Expressions;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Tensors;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>The numeric parameters of a layer.</summary>
/// <param name="Skip">alpha.</param>
/// <param name="Step">eps.</param>
/// <param name="WeightVariance">C_W.</param>
/// <param name="BiasVariance">C_b.</param>
public readonly record struct LayerParameters(double Skip, double Step, double WeightVariance, double BiasVariance);

/// <summary>A block of the state vector that holds one tensor.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Offset">Where its first component stands.</param>
/// <param name="Components">Its independent components, in order.</param>
public sealed record StateBlock(Tensor Tensor, int Offset, IReadOnlyList<Indexed> Components);

/// <summary>An equation system compiled for N inputs.</summary>
public sealed class CompiledSystem
{
    private const int OutputsPerMethod = 96;

    private delegate void Kernel(double[] parameters, double[] expectations, double[] state, double[] output);

    private readonly Dictionary<SymbolicExpression, int> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SymbolicExpression, int> _expectationSlots = new(ReferenceEqualityComparer.Instance);
    private readonly List<ExpectationAtom> _atoms = [];
    private readonly Kernel[] _rightSide, _quantities, _initial;

    /// <summary>Compiles a system.</summary>
    /// <param name="system">The derived equations.</param>
    /// <param name="inputs">The number of inputs N, at least 1.</param>
    public CompiledSystem(EquationSystem system, int inputs)
    {
        Inputs = inputs;
        var blocks = new List<StateBlock>();
        foreach (EvolutionEquation equation in system.Equations)
        {
            IReadOnlyList<Indexed> components = Components(equation.Variable.Tensor, inputs);
            blocks.Add(new(equation.Variable.Tensor, StateLength, components));
            foreach (Indexed component in components)
                _slots.Add(component, StateLength++);
        }

        Blocks = blocks;
        _rightSide = Compile([.. system.Equations.SelectMany(equation => Instances(system, equation.Variable, equation.RightSide))]);
        _initial = Compile([.. system.Equations.SelectMany(equation => Instances(system, equation.Variable, equation.Initial))]);
        List<SymbolicExpression> quantities = [.. system.Quantities.SelectMany(quantity => Instances(system, quantity.Variable, quantity.Value))];
        QuantityLength = quantities.Count;
        _quantities = Compile(quantities);
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>The layout of the state vector.</summary>
    public IReadOnlyList<StateBlock> Blocks { get; }

    /// <summary>The length of the state vector.</summary>
    public int StateLength { get; private set; }

    /// <summary>The number of components of all derived quantities together.</summary>
    public int QuantityLength { get; }

    /// <summary>The expectations that <see cref="RightSide"/> and <see cref="Quantities"/> read, in order.</summary>
    public IReadOnlyList<ExpectationAtom> Atoms => _atoms;

    /// <summary>The value at the next layer, or the derivative in depth time.</summary>
    public void RightSide(double[] parameters, double[] expectations, double[] state, double[] output) =>
        Run(_rightSide, parameters, expectations, state, output);

    /// <summary>The quantities that follow from the state.</summary>
    public void Quantities(double[] parameters, double[] expectations, double[] state, double[] output) =>
        Run(_quantities, parameters, expectations, state, output);

    /// <summary>The state at depth 0.</summary>
    /// <param name="kernel">K(0) over pairs.</param>
    public double[] InitialState(ReadOnlySpan<double> kernel)
    {
        var given = new double[StateLength];
        kernel.CopyTo(given.AsSpan(Blocks[0].Offset, kernel.Length));
        var state = new double[StateLength];
        Run(_initial, new double[4], new double[_atoms.Count], given, state);
        return state;
    }

    /// <summary>The parameters as the delegates expect them.</summary>
    public static double[] Parameters(LayerParameters layer) => [layer.Skip, layer.Step, layer.WeightVariance, layer.BiasVariance];

    /// <summary>The independent components of a tensor over N inputs: pairs, or the upper triangle of pairs of pairs.</summary>
    public static IReadOnlyList<Indexed> Components(Tensor tensor, int inputs)
    {
        List<(TensorIndex A, TensorIndex B)> pairs = [.. PairIndexing.All(inputs).Select(pair => (TensorIndex.Input(pair.First), TensorIndex.Input(pair.Second)))];
        return (tensor.Arity, tensor.Symmetry) switch
        {
            (2, TensorSymmetry.Symmetric) => [.. pairs.Select(pair => tensor[pair.A, pair.B])],
            (4, TensorSymmetry.CovarianceOfSymmetric) =>
                [.. from p in Enumerable.Range(0, pairs.Count) from q in Enumerable.Range(p, pairs.Count - p) select tensor[pairs[p].A, pairs[p].B, pairs[q].A, pairs[q].B]],
            _ => throw new NotSupportedException($"{tensor.Name} has {tensor.Arity} indices with symmetry {tensor.Symmetry}; the component compiler knows pairs and covariances of pairs."),
        };
    }

    private IEnumerable<SymbolicExpression> Instances(EquationSystem system, Indexed variable, SymbolicExpression value)
    {
        SymbolicExpression writtenOut = system.WriteOut(value);
        foreach (Indexed component in Components(variable.Tensor, Inputs))
        {
            var table = new Dictionary<TensorIndex, TensorIndex>();
            for (int at = 0; at < component.Indices.Length; at++)
                table[variable.Indices[at]] = component.Indices[at];
            yield return writtenOut.Rename(table);
        }
    }

    private Kernel[] Compile(IReadOnlyList<SymbolicExpression> outputs)
    {
        var kernels = new List<Kernel>();
        for (int start = 0; start < outputs.Count; start += OutputsPerMethod)
            kernels.Add(CompileChunk([.. outputs.Skip(start).Take(OutputsPerMethod)], start));
        return [.. kernels];
    }

    private Kernel CompileChunk(IReadOnlyList<SymbolicExpression> outputs, int start)
    {
        ParameterExpression parameters = Linq.Parameter(typeof(double[])), expectations = Linq.Parameter(typeof(double[]));
        ParameterExpression state = Linq.Parameter(typeof(double[])), output = Linq.Parameter(typeof(double[]));
        var lowering = new LinqLowering(outputs, node => node switch
        {
            Symbol symbol => Linq.ArrayIndex(parameters, Linq.Constant(ParameterSlot(symbol))),
            Indexed => Linq.ArrayIndex(state, Linq.Constant(_slots[node])),
            GaussianMean mean => Linq.ArrayIndex(expectations, Linq.Constant(ExpectationSlot(mean))),
            _ => null,
        });
        var results = new List<Linq>();
        for (int at = 0; at < outputs.Count; at++)
            results.Add(Linq.Assign(Linq.ArrayAccess(output, Linq.Constant(start + at)), lowering.Lower(outputs[at])));
        BlockExpression body = Linq.Block(lowering.Locals, [.. lowering.Assignments, .. results, Linq.Empty()]);
        return Linq.Lambda<Kernel>(body, parameters, expectations, state, output).Compile();
    }

    private int ExpectationSlot(GaussianMean mean)
    {
        if (_expectationSlots.TryGetValue(mean, out int known))
            return known;
        _atoms.Add(ExpectationAtom.Of(mean));
        _expectationSlots.Add(mean, _atoms.Count - 1);
        return _atoms.Count - 1;
    }

    private static int ParameterSlot(Symbol symbol) =>
        ReferenceEquals(symbol, Notation.Skip) ? 0
        : ReferenceEquals(symbol, Notation.Step) ? 1
        : ReferenceEquals(symbol, Notation.WeightVariance) ? 2
        : ReferenceEquals(symbol, Notation.BiasVariance) ? 3
        : throw new NotSupportedException($"{symbol} is not a parameter of a layer; those are alpha, eps, C_W and C_b.");

    private static void Run(Kernel[] kernels, double[] parameters, double[] expectations, double[] state, double[] output)
    {
        foreach (Kernel kernel in kernels)
            kernel(parameters, expectations, state, output);
    }
}

// The tier for few inputs. From tensor formulas to delegates, for N definite inputs:
//   1. Put numbers in for the free indices of every formula, one output per independent component.
//   2. Components and parameters become array elements; every distinct Gaussian expectation becomes an element of the
//      array that IExpectations fills.
//   3. Lower all outputs together (LinqLowering: one common-subexpression pass) and compile, in chunks of outputs so that
//      no method grows beyond what the just-in-time compiler optimises.

using System.Linq.Expressions;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Tensors;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Tensor formulas compiled for N inputs.</summary>
internal sealed class TensorProgram : ITensorProgram
{
    private const int OutputsPerMethod = 96;

    private readonly ComponentKernel<double>[] _kernels;

    /// <summary>Compiles formulas.</summary>
    /// <param name="variables">The layout of the vector that formulas read.</param>
    /// <param name="formulas">Left sides with free indices, and their values.</param>
    /// <param name="expectations">The table of expectations, shared by programs that have them from one place.</param>
    public TensorProgram(TensorLayout variables, IReadOnlyList<(Indexed Left, SymbolicExpression Value)> formulas, ExpectationTable expectations)
    {
        Output = new TensorLayout(variables.Inputs, formulas.Select(formula => formula.Left.Tensor));
        _kernels = Compile<double>(variables, Output, formulas, expectations);
    }

    /// <inheritdoc/>
    public TensorLayout Output { get; }

    /// <inheritdoc/>
    public void Run(double[] parameters, double[] expectations, double[] variables, double[] output)
    {
        foreach (ComponentKernel<double> kernel in _kernels)
            kernel(parameters, expectations, variables, output);
    }

    private static IEnumerable<SymbolicExpression> Instances((Indexed Left, SymbolicExpression Value) formula, IReadOnlyList<Indexed> components)
    {
        foreach (Indexed component in components)
        {
            var table = new Dictionary<TensorIndex, TensorIndex>();
            for (int at = 0; at < component.Indices.Length; at++)
                table[formula.Left.Indices[at]] = component.Indices[at];
            yield return formula.Value.Rename(table);
        }
    }

    /// <summary>The kernels in double, or in vectors of eight doubles.</summary>
    internal static ComponentKernel<T>[] Compile<T>(
        TensorLayout variables, TensorLayout output, IReadOnlyList<(Indexed Left, SymbolicExpression Value)> formulas, ExpectationTable expectations)
    {
        List<SymbolicExpression> outputs = [.. formulas.SelectMany((formula, at) => Instances(formula, output.Blocks[at].Components))];
        var kernels = new List<ComponentKernel<T>>();
        for (int start = 0; start < outputs.Count; start += OutputsPerMethod)
            kernels.Add(Compile<T>([.. outputs.Skip(start).Take(OutputsPerMethod)], start, variables, expectations));
        return [.. kernels];
    }

    private static ComponentKernel<T> Compile<T>(IReadOnlyList<SymbolicExpression> outputs, int start, TensorLayout layout, ExpectationTable table)
    {
        ParameterExpression parameters = Linq.Parameter(typeof(T[])), expectations = Linq.Parameter(typeof(T[]));
        ParameterExpression variables = Linq.Parameter(typeof(T[])), output = Linq.Parameter(typeof(T[]));
        var lowering = new LinqLowering(
            outputs,
            node => node switch
            {
                Symbol symbol => Linq.ArrayIndex(parameters, Linq.Constant(LayerParameters.SlotOf(symbol))),
                Indexed indexed => Linq.ArrayIndex(variables, Linq.Constant(layout.SlotOf(indexed))),
                GaussianMean mean => Linq.ArrayIndex(expectations, Linq.Constant(table.SlotOf(mean))),
                _ => null,
            },
            inVectors: typeof(T) != typeof(double));
        var results = new List<Linq>();
        for (int at = 0; at < outputs.Count; at++)
            results.Add(Linq.Assign(Linq.ArrayAccess(output, Linq.Constant(start + at)), lowering.Lower(outputs[at])));
        BlockExpression body = Linq.Block(lowering.Locals, [.. lowering.Assignments, .. results, Linq.Empty()]);
        return Linq.Lambda<ComponentKernel<T>>(body, parameters, expectations, variables, output).Compile();
    }
}

/// <summary>Some outputs of a program, in numbers of one type.</summary>
internal delegate void ComponentKernel<T>(T[] parameters, T[] expectations, T[] variables, T[] output);

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>What statements determine and read, and which of them are needed.</summary>
public static class MomentStatements
{
    /// <summary>The names that a statement determines.</summary>
    public static IEnumerable<string> Outputs(MomentStatement statement) => statement switch
    {
        ContractedEquation equation => [equation.Variable.Tensor.Name],
        ComponentEquation equation => [equation.Variable.Tensor.Name],
        GaussianStatement gaussian => gaussian.Outputs.Select(output => output.Tensor.Name),
        _ => [],
    };

    /// <summary>The names that a statement reads, of this layer.</summary>
    public static IEnumerable<string> Inputs(MomentStatement statement) => statement switch
    {
        ContractedEquation equation => Tensors(equation.RightSide),
        ComponentEquation equation => Tensors(equation.RightSide),
        GaussianStatement gaussian => gaussian.Arguments.OfType<TensorArgument>().Where(argument => !argument.IsNext).Select(argument => argument.Tensor.Name),
        _ => [],
    };

    /// <summary>True if a statement gives a part of the next state.</summary>
    public static bool IsNext(MomentStatement statement) => statement is ContractedEquation { IsNext: true } or ComponentEquation { IsNext: true };

    /// <summary>The statements without those that nothing after them reads and that are no part of the next state wanted.</summary>
    /// <param name="statements">The statements, in order; none that gives the next state: all are results.</param>
    /// <param name="wanted">The tensors of the next state that are wanted; all if null.</param>
    public static IReadOnlyList<MomentStatement> Needed(IReadOnlyList<MomentStatement> statements, IReadOnlySet<string>? wanted = null)
    {
        var needed = new List<MomentStatement>();
        var read = new HashSet<string>(StringComparer.Ordinal);
        bool hasState = statements.Any(IsNext);
        foreach (MomentStatement statement in statements.Reverse())
        {
            // What the next layer's K0 is for, such as the modes that it carries, reads it without saying so.
            bool isResult = IsNext(statement) ? wanted is null || Outputs(statement).Any(wanted.Contains) : !hasState && (wanted is null || Outputs(statement).Any(wanted.Contains));
            if (!isResult && !Outputs(statement).Any(read.Contains))
                continue;
            needed.Insert(0, statement);
            read.UnionWith(Inputs(statement));
        }

        return needed;
    }

    /// <summary>The tensors that a statement reads, those included that earlier statements read for it.</summary>
    /// <param name="statements">The statements, in order.</param>
    /// <param name="at">The place of the statement.</param>
    public static IReadOnlySet<string> Reads(IReadOnlyList<MomentStatement> statements, int at)
    {
        var read = new HashSet<string>(Inputs(statements[at]), StringComparer.Ordinal);
        for (int before = at - 1; before >= 0; before--)
        {
            if (Outputs(statements[before]).Any(read.Contains))
                read.UnionWith(Inputs(statements[before]));
        }

        return read;
    }

    /// <summary>The tensors of a statement with their indices.</summary>
    internal static IEnumerable<Indexed> Components(MomentStatement statement) => statement switch
    {
        ContractedEquation equation => [equation.Variable, .. equation.RightSide.Nodes().OfType<Indexed>()],
        ComponentEquation equation => [equation.Variable, .. equation.RightSide.Nodes().OfType<Indexed>()],
        GaussianStatement gaussian => gaussian.Outputs,
        _ => [],
    };

    private static IEnumerable<string> Tensors(Expression expression) => expression.Nodes().OfType<Indexed>().Select(component => component.Tensor.Name);
}

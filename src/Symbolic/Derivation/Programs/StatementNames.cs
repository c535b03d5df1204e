// Statements derived once for the stream serve fields inside a branch: the same equations with other names and letters.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>Statements with other names of tensors.</summary>
internal static class StatementNames
{
    /// <summary>The tensors of a state on modes.</summary>
    public static IReadOnlyList<string> OfState { get; } = [Notation.MeanKernel.Name, MomentLetters.Covariance.Name, "V_gM", MomentLetters.MeanCorrection.Name, "m"];

    /// <summary>A statement of this layer, its tensors renamed.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="here">The new name of a tensor of this layer.</param>
    /// <param name="next">The new name of a tensor of the next layer, which is one of this layer then.</param>
    /// <param name="letters">What letters become.</param>
    public static MomentStatement Renamed(this MomentStatement statement, Func<string, string> here, Func<string, string> next, IReadOnlyDictionary<Expression, Expression> letters)
    {
        Tensor Named(Tensor tensor, Func<string, string> to) => to(tensor.Name) is var name && name == tensor.Name ? tensor : tensor with { Name = name, Latex = MomentLetters.Latex(name) };
        Indexed Component(Indexed component, Func<string, string> to) => Named(component.Tensor, to)[component.Indices];
        Expression In(Expression expression) => expression.Rewrite(node => node is Indexed component ? Component(component, here) : letters.TryGetValue(node, out Expression? other) ? other : null);
        return statement switch
        {
            ContractedEquation equation => equation with { Variable = Component(equation.Variable, equation.IsNext ? next : here), RightSide = In(equation.RightSide).Expand(), IsNext = false },
            ComponentEquation equation => equation with { Variable = Component(equation.Variable, equation.IsNext ? next : here), RightSide = In(equation.RightSide), IsNext = false },
            GaussianStatement gaussian => gaussian with
            {
                Outputs = [.. gaussian.Outputs.Select(output => Component(output, here))],
                Arguments = [.. gaussian.Arguments.Select(argument => argument switch
                {
                    TensorArgument tensor => new TensorArgument(Named(tensor.Tensor, tensor.IsNext ? next : here)),
                    ScalarArgument scalar => new ScalarArgument(In(scalar.Value)),
                    _ => argument,
                })],
            },
            _ => throw new NotSupportedException($"{statement} is no statement that can be renamed."),
        };
    }
}

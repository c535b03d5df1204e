using System.Globalization;
using System.Text;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>An equation system as plain text, a statement a line in the order in which they are evaluated: the same text for the same equations.</summary>
internal static class SystemText
{
    /// <summary>Writes a system.</summary>
    /// <param name="system">The system.</param>
    public static string Write(EquationSystem system)
    {
        bool isDiscrete = system.Form == DepthForm.Discrete;
        var text = new StringBuilder();
        text.Append($"{system.Closure.Name}, {(isDiscrete ? "discrete" : "continuous")} depth\n");
        text.Append($"state: {string.Join(", ", system.State.Select(variable => Text(variable.Tensor[[.. variable.Indices]])))}\n");
        Section("at depth 0", system.Initial, HeadKind.AtDepthZero);
        Section(isDiscrete ? "from layer to layer" : "rates of change", system.Step, HeadKind.Plain);
        Section("what follows from the state", system.Quantities, HeadKind.Plain);
        Section("correlations with S", system.Correlations, HeadKind.Plain);
        Section("fluctuations", system.Fluctuations, HeadKind.Plain);
        return text.ToString();

        void Section(string title, IReadOnlyList<MomentStatement> statements, HeadKind head)
        {
            if (statements.Count > 0)
                text.Append($"{title}:\n{string.Concat(statements.Select(statement => $"  {Statement(statement, head)}\n"))}");
        }

        string Statement(MomentStatement statement, HeadKind head) => statement switch
        {
            ContractedEquation equation => Equation(equation.Variable, equation.RightSide, equation.IsNext, head),
            ComponentEquation equation => Equation(equation.Variable, equation.RightSide, equation.IsNext, head),
            GaussianStatement gaussian => Of(gaussian),
            _ => statement.Meaning,
        };

        string Equation(Indexed left, Expression right, bool isNext, HeadKind head) =>
            FormulaPrinter.Text(new DerivedFormula(new(!isNext ? head : isDiscrete ? HeadKind.NextLayer : HeadKind.TimeDerivative, left), right));
    }

    /// <summary>What a recipe is asked for: the same text for the same numbers.</summary>
    public static string Of(GaussianStatement statement) =>
        $"{string.Join(", ", statement.Outputs.Select(Text))} = {statement.Recipe}({string.Join(", ", Functions(statement).Concat(statement.Arguments.Select(Argument)))})";

    private static IEnumerable<string> Functions(GaussianStatement statement)
    {
        foreach (ActivationDefinition function in new[] { statement.Function, statement.Other }.OfType<ActivationDefinition>())
            yield return function.Text;
        if (statement.Taps.Count > 0)
            yield return $"taps {string.Join(' ', statement.Taps.Select(tap => tap.ToString(CultureInfo.InvariantCulture)))}";
    }

    private static string Argument(RecipeArgument argument) => argument switch
    {
        TensorArgument tensor => tensor.Tensor.Name + (tensor.IsNext ? "'" : ""),
        ScalarArgument scalar => Text(scalar.Value),
        _ => "",
    };

    private static string Text(Expression expression) => ExpressionPrinter.Text(expression);
}

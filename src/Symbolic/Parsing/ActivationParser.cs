using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Parsing;

/// <summary>
/// Reads an activation: a known name ("gelu"), a known name with parameters ("leakyrelu(0.1)"), or an expression in x, in
/// which known names may be used as functions ("x + gelu(2*x)").
/// </summary>
public static class ActivationParser
{
    /// <summary>Reads an activation.</summary>
    /// <param name="text">The text, such as "relu", "softplus(2)", "tanh(x)" or "x*(1+erf(x/sqrt(2)))/2".</param>
    /// <exception cref="ExpressionSyntaxException">The text is neither a known name nor an expression in x.</exception>
    public static ActivationDefinition Parse(string text)
    {
        string trimmed = text.Trim();
        int bracket = trimmed.IndexOf('(', StringComparison.Ordinal);
        string name = (bracket < 0 ? trimmed : trimmed[..bracket]).TrimEnd();
        if (KnownActivations.All.TryGetValue(name.ToLowerInvariant(), out KnownActivation? known))
        {
            if (bracket < 0)
                return new(text, Define(known, null, text));
            if (known.Parameters.Count > 0 && trimmed.EndsWith(')') && Parameters(trimmed[(bracket + 1)..^1]) is { } parameters)
                return new(text, Define(known, parameters, text));
        }

        Expression expression = ExpressionParser.Parse(text, Dialect.Activations, KnownActivations.Variable.Name);
        return expression.Contains(KnownActivations.Variable)
            ? new(text, expression)
            : throw new ExpressionSyntaxException($"'{text}' does not depend on x; an activation is an expression in x, or one of {Names()}.", 0);
    }

    private static Expression Define(KnownActivation known, IReadOnlyList<Expression>? parameters, string text)
    {
        parameters ??= known.Defaults
            ?? throw new ExpressionSyntaxException($"'{text}' needs its parameters; write {known.Name}({string.Join(", ", known.Parameters)}).", 0);
        if (parameters.Count != known.Parameters.Count)
            throw new ExpressionSyntaxException($"'{text}' has {parameters.Count} parameters, and {known.Name}({string.Join(", ", known.Parameters)}) takes {known.Parameters.Count}.", 0);
        try
        {
            return known.Define([.. parameters], KnownActivations.Variable);
        }
        catch (Exception exception) when (exception is ArgumentException or DivideByZeroException)
        {
            throw new ExpressionSyntaxException($"'{text}' is not an activation: {exception.Message}", 0);
        }
    }

    // The parameters if the text between the brackets is a list of numbers; null if it is an expression in x.
    private static List<Expression>? Parameters(string inside)
    {
        var result = new List<Expression>();
        foreach (string part in inside.Split(','))
        {
            try
            {
                result.Add(ExpressionParser.Parse(part));
            }
            catch (ExpressionSyntaxException)
            {
                return null;
            }
        }

        return result;
    }

    private static string Names() => string.Join(", ", KnownActivations.All.Keys);
}

using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// The infix syntax that MathNet.Symbolics' SymbolicExpression.Parse reads. There a leading minus binds tighter than a
/// power (-x^2 is read as (-x)^2), which is why every power has brackets. Functions it lacks are written out where it can
/// express them, and refused where not (erf, Phi, sign, step, delta).
/// </summary>
public sealed partial class MathNetSymbolicsStyle : BracketedStyle
{
    /// <summary>The style; it has no state.</summary>
    public static MathNetSymbolicsStyle Instance { get; } = new();

    /// <inheritdoc/>
    protected override string System => "MathNet.Symbolics";

    /// <inheritdoc/>
    protected override string? Call(string function, string argument) => function switch
    {
        "expm1" => $"(exp({argument}) - 1)",
        "log1p" => $"ln(1 + ({argument}))",
        "logistic" => $"(1/(1 + exp(-({argument}))))",
        "softplus" => $"ln(1 + exp({argument}))",
        "relu" => $"((({argument}) + abs({argument}))/2)",
        "arcsin" => $"asin({argument})",
        "arccos" => $"acos({argument})",
        "arctan" => $"atan({argument})",
        "arsinh" => $"asinh({argument})",
        "arcosh" => $"acosh({argument})",
        "artanh" => $"atanh({argument})",
        "exp" or "ln" or "abs" or "sin" or "cos" or "tan" or "sinh" or "cosh" or "tanh" => $"{function}({argument})",
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool IsVariable(string name) => name is not ("e" or "j" or "pi" or "oo" or "inf") && VariableName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}

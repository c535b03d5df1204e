using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// The syntax that AngouriMath's MathS.FromString reads. Functions it lacks are written out where it can express them
/// (relu as (x + |x|)/2, step by sgn, exp as a power of e), and refused where not (erf, Phi, delta).
/// </summary>
public sealed partial class AngouriMathStyle : BracketedStyle
{
    /// <summary>The style; it has no state.</summary>
    public static AngouriMathStyle Instance { get; } = new();

    /// <inheritdoc/>
    protected override string System => "AngouriMath";

    /// <inheritdoc/>
    protected override string? Call(string function, string argument) => function switch
    {
        "exp" => $"(e^({argument}))",
        "expm1" => $"((e^({argument})) - 1)",
        "log1p" => $"ln(1 + ({argument}))",
        "logistic" => $"(1/(1 + (e^(-({argument})))))",
        "softplus" => $"ln(1 + (e^({argument})))",
        "sign" => $"sgn({argument})",
        "step" => $"((1 + sgn({argument}))/2)",
        "relu" => $"((({argument}) + abs({argument}))/2)",
        "ln" or "abs" or "sin" or "cos" or "tan" or "arcsin" or "arccos" or "arctan"
            or "sinh" or "cosh" or "tanh" or "arsinh" or "arcosh" or "artanh" => $"{function}({argument})",
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool IsVariable(string name) => name is not ("e" or "i" or "pi" or "oo") && VariableName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z]+(_[A-Za-z0-9]+)?$")]
    private static partial Regex VariableName();
}

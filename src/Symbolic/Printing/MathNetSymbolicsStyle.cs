using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// The infix syntax that MathNet.Symbolics' SymbolicExpression.Parse reads. There a leading minus binds tighter than a
/// power (-x^2 is read as (-x)^2), which is why every power has brackets. Functions it lacks are written out where it can
/// express them, and refused where not (erf, Phi, sign, step, delta). So are names of variables that are something else
/// there: j is the imaginary unit, and a name that begins with inf, in whatever case, is read as infinity and a rest.
/// </summary>
public sealed partial class MathNetSymbolicsStyle : BracketedStyle
{
    /// <summary>The style; it has no state.</summary>
    public static MathNetSymbolicsStyle Instance { get; } = new();

    /// <summary>Words of the language that are no variables, and what they are there.</summary>
    internal static IReadOnlyDictionary<string, string> Words { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["j"] = "the imaginary unit",
        ["oo"] = "infinity",
        ["inf"] = "infinity",
        ["∞"] = "infinity",
        ["⧝"] = "infinity in the complex plane",
    };

    /// <inheritdoc/>
    protected override string System => "MathNet.Symbolics";

    /// <inheritdoc/>
    protected override string? Call(string function, string argument) => function switch
    {
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
    protected override bool IsVariable(string name) => name is not ("e" or "pi") && !Words.ContainsKey(name) && !name.StartsWith("inf", StringComparison.OrdinalIgnoreCase) && VariableName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}

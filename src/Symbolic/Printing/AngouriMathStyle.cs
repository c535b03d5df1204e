using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// The syntax that AngouriMath's MathS.FromString reads. Functions it lacks are written out where it can express them
/// (relu as (x + |x|)/2, step by sgn, exp as a power of e), and refused where not (erf, Phi, delta). So are names of
/// variables that are something else there: i is the imaginary unit, RR a set, and a sign before oo makes it infinity.
/// </summary>
public sealed partial class AngouriMathStyle : BracketedStyle
{
    /// <summary>The style; it has no state.</summary>
    public static AngouriMathStyle Instance { get; } = new();

    /// <summary>Words of the language that are no variables, and what they are there.</summary>
    internal static IReadOnlyDictionary<string, string> Words { get; } = new SortedDictionary<string, string>(
        new (string Meaning, string[] Names)[]
        {
            ("the imaginary unit", ["i"]),
            ("infinity", ["oo", "∞"]),
            ("a truth value", ["true", "True", "false", "False"]),
            ("a set", ["CC", "RR", "QQ", "ZZ", "BB"]),
            ("a statement, not a number", ["and", "or", "xor", "not", "implies", "in"]),
            ("an operation on sets", ["unite", "intersect", "setsubtract"]),
            ("a condition, which our expressions do not carry; leave it out where it may be dropped", ["provided"]),
        }.SelectMany(row => row.Names, (row, name) => (row.Meaning, name)).ToDictionary(pair => pair.name, pair => pair.Meaning),
        StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override string System => "AngouriMath";

    /// <inheritdoc/>
    protected override string? Call(string function, string argument) => function switch
    {
        "exp" => $"(e^({argument}))",
        "sign" => $"sgn({argument})",
        "ln" or "abs" or "sin" or "cos" or "tan" or "arcsin" or "arccos" or "arctan"
            or "sinh" or "cosh" or "tanh" or "arsinh" or "arcosh" or "artanh" => $"{function}({argument})",
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool IsVariable(string name) => name is not ("e" or "pi") && !Words.ContainsKey(name) && !name.StartsWith("oo", StringComparison.Ordinal) && VariableName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z]+(_[A-Za-z0-9]+)?$")]
    private static partial Regex VariableName();
}

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// The syntax of another computer algebra system, bracketed so fully that the precedence of its operators does not matter:
/// every power and every fraction stands in brackets of its own. A function that the system lacks is written out by its
/// definition, where that is made of what the system has; what it cannot express is refused.
/// </summary>
public abstract class BracketedStyle : IExpressionStyle
{
    /// <summary>Name of the system, for messages.</summary>
    protected abstract string System { get; }

    /// <inheritdoc/>
    public bool FractionsAreStacked => false;

    /// <inheritdoc/>
    public bool ExponentsAreRaised => false;

    /// <inheritdoc/>
    public string Constant(Constant constant) => constant.Name;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The name means something else there, or is no name.</exception>
    public string Symbol(Symbol symbol) =>
        IsVariable(symbol.Name) ? symbol.Name : throw new NotSupportedException($"{System} cannot have a variable named '{symbol.Name}'; rename it.");

    /// <inheritdoc/>
    public string Indexed(Indexed indexed) => throw Refused(TextStyle.Instance.Indexed(indexed));

    /// <inheritdoc/>
    public string Delta(TensorIndex first, TensorIndex second) => throw Refused(TextStyle.Instance.Delta(first, second));

    /// <inheritdoc/>
    public string GaussianMean(GaussianMean mean, string body) => throw Refused("expectations");

    /// <inheritdoc/>
    public string IndexSum(TensorIndex index, string body) => throw Refused("sums over neurons");

    /// <inheritdoc/>
    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms) => TextStyle.Instance.Sum(terms);

    /// <inheritdoc/>
    public string Product(IReadOnlyList<string> factors) => string.Join('*', factors);

    /// <inheritdoc/>
    public string Fraction(string numerator, string denominator) => $"({numerator}/{denominator})";

    /// <inheritdoc/>
    public string Power(string @base, string exponent) => $"({@base}^{exponent})";

    /// <inheritdoc/>
    public string? SquareRoot(string radicand) => $"sqrt({radicand})";

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The system has no such function.</exception>
    public string Call(Function function, IReadOnlyList<string> arguments, Call call) =>
        (arguments.Count == 1 ? Call(function.Name, arguments[0]) : null)
        ?? (function.Definition(call.Operands) is { } definition ? $"({ExpressionPrinter.Print(definition, this)})" : throw Refused($"the function {function.Name}"));

    /// <inheritdoc/>
    public string Bracket(string inner) => $"({inner})";

    /// <summary>The application of a function of our name, or null if the system has no such function.</summary>
    protected abstract string? Call(string function, string argument);

    /// <summary>True if a variable of that name can be written.</summary>
    protected abstract bool IsVariable(string name);

    private NotSupportedException Refused(string what) => new($"{System} cannot express {what}.");
}

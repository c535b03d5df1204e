using System.Globalization;
using System.Numerics;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// A C# expression in double arithmetic; tensors become identifiers, and functions the framework lacks are those of
/// <see cref="SpecialFunctions"/>.
/// </summary>
public sealed class CSharpStyle : IExpressionStyle
{
    /// <summary>The style; it has no state.</summary>
    public static CSharpStyle Instance { get; } = new();

    /// <inheritdoc/>
    public bool FractionsAreStacked => false;

    /// <inheritdoc/>
    public bool ExponentsAreRaised => true;

    /// <inheritdoc/>
    public string Integer(BigInteger value)
    {
        // Beyond 2^53 the literal is the nearest double, as the arithmetic around it is.
        string digits = value.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= 15 ? digits + ".0" : ((double)value).ToString("R", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public string Constant(Constant constant) => "Math.PI";

    /// <inheritdoc/>
    public string Symbol(Symbol symbol) => symbol.Name;

    /// <inheritdoc/>
    public string Indexed(Indexed indexed) => $"{indexed.Tensor.Name}_{TextStyle.Join(indexed.Indices).Replace(',', '_')}";

    /// <inheritdoc/>
    public string Delta(TensorIndex first, TensorIndex second) => $"({first} == {second} ? 1.0 : 0.0)";

    /// <inheritdoc/>
    public string GaussianMean(GaussianMean mean, string body) =>
        throw new NotSupportedException("Expectations are handed to generated code as numbers; name them before printing.");

    /// <inheritdoc/>
    public string IndexSum(TensorIndex index, string body) =>
        throw new NotSupportedException("Sums over neurons have no place in generated code; carry them out before printing.");

    /// <inheritdoc/>
    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms) => TextStyle.Instance.Sum(terms);

    /// <inheritdoc/>
    public string Product(IReadOnlyList<string> factors) => string.Join(" * ", factors);

    /// <inheritdoc/>
    public string Fraction(string numerator, string denominator) => $"{numerator} / {denominator}";

    /// <inheritdoc/>
    public string Power(string @base, string exponent) => $"Math.Pow({@base}, {exponent})";

    /// <inheritdoc/>
    public string? SquareRoot(string radicand) => $"Math.Sqrt({radicand})";

    /// <inheritdoc/>
    public string? IntegerPower(string @base, int exponent) =>
        exponent is >= 2 and <= 4 && @base.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? string.Join(" * ", Enumerable.Repeat(@base, exponent))
            : null;

    /// <inheritdoc/>
    public string Call(Function function, IReadOnlyList<string> arguments, Call call)
    {
        string list = string.Join(", ", arguments);
        return function.CSharpName is { } name ? $"{name}({list})" : $"{char.ToUpperInvariant(function.Name[0])}{function.Name[1..]}({list})";
    }

    /// <inheritdoc/>
    public string Bracket(string inner) => $"({inner})";
}

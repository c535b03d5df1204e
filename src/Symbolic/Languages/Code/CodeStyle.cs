using System.Globalization;
using System.Numerics;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>What the programming languages have in common: infix arithmetic in doubles, components as array elements.</summary>
internal abstract class CodeStyle : IExpressionStyle
{
    private const int LongestProduct = 8;

    public bool FractionsAreStacked => false;

    public virtual bool ExponentsAreRaised => false;

    // Beyond 2^53 the literal is the nearest double, as the arithmetic around it is.
    public string Integer(BigInteger value)
    {
        string digits = value.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= 15 ? digits + ".0" : ((double)value).ToString("R", CultureInfo.InvariantCulture);
    }

    public abstract string Constant(Constant constant);

    public virtual string Symbol(Symbol symbol) => symbol.Name;

    public virtual string Indexed(Indexed indexed) => $"{indexed.Tensor.Name}[{string.Join(", ", indexed.Indices.ToArray())}]";

    public abstract string Delta(TensorIndex first, TensorIndex second);

    public string GaussianMean(GaussianMean mean, string body) =>
        throw new NotSupportedException($"Generated code has no value for {mean}.");

    public string IndexSum(TensorIndex index, string body) =>
        throw new NotSupportedException("Generated code has no sums over neurons.");

    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms) => TextStyle.Instance.Sum(terms);

    public string Product(IReadOnlyList<string> factors) => string.Join(" * ", factors);

    public string Fraction(string numerator, string denominator) => $"{numerator} / {denominator}";

    public abstract string Power(string @base, string exponent);

    public abstract string? SquareRoot(string radicand);

    // A name or an array element may be repeated; anything longer was given a name before.
    public string? IntegerPower(string @base, int exponent) =>
        exponent is >= 2 and <= LongestProduct && @base.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '[' or ']' or ',' or ' ')
            ? string.Join(" * ", Enumerable.Repeat(@base, exponent))
            : null;

    public string Call(Function function, IReadOnlyList<string> arguments, Call call) => $"{NameOf(function)}({string.Join(", ", arguments)})";

    public string Bracket(string inner) => $"({inner})";

    /// <summary>The name of a function in generated code.</summary>
    /// <exception cref="NotSupportedException">Generated code has no such function.</exception>
    protected abstract string NameOf(Function function);

}

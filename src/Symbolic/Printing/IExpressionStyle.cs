using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>
/// How one output language writes each construct. The walker (<see cref="ExpressionPrinter"/>) decides the structure:
/// signs, fractions, roots and where brackets are needed. To add a language, implement this in one file.
/// </summary>
public interface IExpressionStyle
{
    /// <summary>True if a fraction is written in two dimensions, so that its parts need no brackets.</summary>
    bool FractionsAreStacked { get; }

    /// <summary>True if an exponent is raised, so that it needs no brackets.</summary>
    bool ExponentsAreRaised { get; }

    /// <summary>A whole number, not negative.</summary>
    string Integer(System.Numerics.BigInteger value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A named constant.</summary>
    string Constant(Constant constant);

    /// <summary>A scalar symbol.</summary>
    string Symbol(Symbol symbol);

    /// <summary>A tensor component.</summary>
    string Indexed(Indexed indexed);

    /// <summary>Kronecker's delta.</summary>
    string Delta(TensorIndex first, TensorIndex second);

    /// <summary>A Gaussian expectation; the body is written with phi_a in the place of the slot variables.</summary>
    string GaussianMean(GaussianMean mean, string body);

    /// <summary>A sum over neurons.</summary>
    string IndexSum(TensorIndex index, string body);

    /// <summary>Signed terms.</summary>
    string Sum(IReadOnlyList<(bool Negative, string Term)> terms);

    /// <summary>Factors, bracketed where needed.</summary>
    string Product(IReadOnlyList<string> factors);

    /// <summary>A fraction; the parts are bracketed unless fractions are stacked.</summary>
    string Fraction(string numerator, string denominator);

    /// <summary>A power; the base is bracketed where needed.</summary>
    string Power(string @base, string exponent);

    /// <summary>The square root, or null if the language writes it as a power.</summary>
    string? SquareRoot(string radicand);

    /// <summary>An integer power that the language writes specially, or null.</summary>
    string? IntegerPower(string @base, int exponent) => null;

    /// <summary>A function applied to arguments.</summary>
    string Call(Function function, IReadOnlyList<string> arguments, Call call);

    /// <summary>Brackets.</summary>
    string Bracket(string inner);
}

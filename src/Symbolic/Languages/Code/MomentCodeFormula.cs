using System.Numerics;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>Formulas in comments of generated programs: plain text with all indices in brackets; repeated indices are summed.</summary>
internal sealed class MomentCodeFormula : IExpressionStyle
{
    private static readonly TextStyle Plain = TextStyle.Instance;

    public static MomentCodeFormula Instance { get; } = new();

    public bool FractionsAreStacked => false;

    public bool ExponentsAreRaised => false;

    public string Integer(BigInteger value) => Plain.Integer(value);

    public string Constant(Constant constant) => Plain.Constant(constant);

    public string Symbol(Symbol symbol) => Plain.Symbol(symbol);

    public string Indexed(Indexed indexed) => $"{indexed.Tensor.Name}[{string.Join(",", indexed.Indices.ToArray())}]";

    public string Delta(TensorIndex first, TensorIndex second) => Plain.Delta(first, second);

    public string GaussianMean(GaussianMean mean, string body) => Plain.GaussianMean(mean, body);

    public string IndexSum(TensorIndex index, string body) => Plain.IndexSum(index, body);

    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms) => Plain.Sum(terms);

    public string Product(IReadOnlyList<string> factors) => string.Join(' ', factors);

    public string Fraction(string numerator, string denominator) => Plain.Fraction(numerator, denominator);

    public string Power(string @base, string exponent) => Plain.Power(@base, exponent);

    public string? SquareRoot(string radicand) => Plain.SquareRoot(radicand);

    public string? IntegerPower(string @base, int exponent) => null;

    public string Call(Function function, IReadOnlyList<string> arguments, Call call) => Plain.Call(function, arguments, call);

    public string Bracket(string inner) => Plain.Bracket(inner);
}

using System.Numerics;
using AngouriMath;
using AngouriMath.Core;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Interop;

public class AngouriMathTests
{
    public static TheoryData<string> Cases => InteropCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void AngouriMath_reads_what_we_print(string activation)
    {
        if (InteropCases.Print(activation, AngouriMathStyle.Instance) is not var (ours, text))
            return; // it has no such function
        Entity theirs = MathS.FromString(text);
        FastExpression value = theirs.Compile("x");
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ours, x), Real(value.Call(new Complex(x, 0))), $"{text} at {x}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_agree(string activation)
    {
        if (InteropCases.Print(activation, AngouriMathStyle.Instance) is not var (ours, text))
            return;
        FastExpression slope = MathS.FromString(text).Differentiate("x").Compile("x");
        Expression ourSlope = InteropCases.Slope(ours);
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ourSlope, x), Real(slope.Call(new Complex(x, 0))), $"d/dx {text} at {x}");
    }

    [Fact]
    public void Functions_it_lacks_are_refused_and_not_read_as_products() =>
        Assert.Null(InteropCases.Print("erf", AngouriMathStyle.Instance));

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_back_what_we_print_with_the_same_value(string activation)
    {
        if (InteropCases.Print(activation, AngouriMathStyle.Instance) is not var (ours, text))
            return;
        Expression back = ExpressionParser.Parse(text, Dialect.AngouriMath, "x");
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ours, x), InteropCases.Value(back, x), text);
    }

    private static double Real(Complex value) => Math.Abs(value.Imaginary) <= 1e-9 * (1 + value.Magnitude) ? value.Real : double.NaN;
}

using System.Numerics;
using AngouriMath;
using AngouriMath.Core;
using AngouriMath.Core.Exceptions;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Interop;

public class AngouriMathTests
{
    public static TheoryData<string> Cases => InteropCases.All;

    // It leaves the derivative of sgn open, or gives it under a condition.
    public static TheoryData<string> CasesWithoutJumps => InteropCases.AllBut("sign", "step");

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
    [MemberData(nameof(CasesWithoutJumps))]
    public void Derivatives_agree(string activation)
    {
        if (InteropCases.Print(activation, AngouriMathStyle.Instance) is not var (ours, text))
            return;
        Func<double, double> slope = Function(MathS.FromString(text).Differentiate("x"));
        Expression ourSlope = InteropCases.Slope(ours);
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ourSlope, x), slope(x), $"d/dx {text} at {x}");
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

    // The derivative of |x| is sgn(x), or sgn(x) provided that x is not 0: what has a condition is evaluated without being compiled.
    private static Func<double, double> Function(Entity expression)
    {
        try
        {
            FastExpression compiled = expression.Compile("x");
            return x => Real(compiled.Call(new Complex(x, 0)));
        }
        catch (UncompilableNodeException)
        {
            return x => Real(expression.Substitute(MathS.Var("x"), x).EvalNumerical().ToNumerics());
        }
    }

    private static double Real(Complex value) => Math.Abs(value.Imaginary) <= 1e-9 * (1 + value.Magnitude) ? value.Real : double.NaN;
}

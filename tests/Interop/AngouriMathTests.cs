using System.Numerics;
using AngouriMath;
using AngouriMath.Core;
using AngouriMath.Core.Exceptions;
using SymbolicEft.AngouriMath;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Interop;

public class AngouriMathTests
{
    private static readonly string[] Lacking = ["erf", "phi", "gelu"], Jumping = ["sign", "step"];

    public static TheoryData<string> Cases => InteropCases.AllBut(Lacking);

    public static TheoryData<string> Refused => InteropCases.Only(Lacking);

    // It leaves the derivative of sgn open, or gives it under a condition.
    public static TheoryData<string> CasesWithoutJumps => InteropCases.AllBut([.. Lacking, .. Jumping]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void AngouriMath_reads_what_we_print(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, AngouriMathStyle.Instance);
        InteropCases.Near(ours, Function(MathS.FromString(text)), text);
    }

    [Theory]
    [MemberData(nameof(CasesWithoutJumps))]
    public void Derivatives_agree(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, AngouriMathStyle.Instance);
        InteropCases.Near(InteropCases.Slope(ours), Function(MathS.FromString(text).Differentiate("x")), $"d/dx {text}");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Functions_it_lacks_are_refused_and_not_read_as_products(string activation)
    {
        Assert.Contains("the function erf", Assert.Throws<NotSupportedException>(() => InteropCases.Print(activation, AngouriMathStyle.Instance)).Message);
        Assert.Contains("no function erf", Assert.Throws<NotSupportedException>(() => InteropCases.Read(activation).ToEntity()).Message);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_back_what_we_print_with_the_same_value(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, AngouriMathStyle.Instance);
        InteropCases.Near(ours, x => InteropCases.Value(ExpressionParser.Parse(text, Dialect.AngouriMath, "x"), x), text);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_what_AngouriMath_prints(string activation)
    {
        Entity theirs = InteropCases.Read(activation).ToEntity();
        string text = theirs.Stringize();
        InteropCases.Near(InteropCases.Read(activation), x => InteropCases.Value(ExpressionParser.Parse(text, Dialect.AngouriMath, "x"), x), text);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Entities_have_the_value_of_the_expression_and_come_back_with_it(string activation)
    {
        Expression ours = InteropCases.Read(activation);
        Entity theirs = ours.ToEntity();
        InteropCases.Near(ours, Function(theirs), $"{theirs}");
        InteropCases.Near(ours, x => Evaluated(theirs, x), $"{theirs}, not compiled");
        Expression back = theirs.ToExpression();
        InteropCases.Near(ours, x => InteropCases.Value(back, x), $"{back}");
    }

    [Theory]
    [MemberData(nameof(CasesWithoutJumps))]
    public void Their_derivatives_come_back_as_ours(string activation)
    {
        Expression ours = InteropCases.Read(activation), slope = ours.ToEntity().Differentiate("x").ToExpression(dropConditions: true);
        InteropCases.Near(InteropCases.Slope(ours), x => InteropCases.Value(slope, x), $"d/dx {ours}");
    }

    [Theory]
    [InlineData("sec(x) + csc(x) + cot(x)", "1/cos(x) + 1/sin(x) + cos(x)/sin(x)")]
    [InlineData("asec(4*x) + arccsc(5*x) + arccot(x)", "arccos(1/(4*x)) + arcsin(1/(5*x)) + arctan(1/x)")]
    [InlineData("log(2, x^2) + log(x^2) + sqr(x)", "ln(x^2)/ln(2) + ln(x^2)/ln(10) + x^2")]
    [InlineData("2x + 3(x - 1)x^2", "2*x + 3*(x - 1)*x^2")]
    [InlineData("cbrt(x^2) + 0.125 - sgn(x)", "(x^2)^(1/3) + 1/8 - sign(x)")]
    [InlineData("asinh(x) + coth(x) - sech(x)", "arsinh(x) + cosh(x)/sinh(x) - 1/cosh(x)")]
    public void What_users_write_there_is_read_as_text_and_as_structure(string theirs, string ours)
    {
        Expression expected = ExpressionParser.Parse(ours, "x"), read = ExpressionParser.Parse(theirs, Dialect.AngouriMath, "x"), converted = MathS.FromString(theirs).ToExpression();
        foreach (double x in (double[])[-1.7, -0.6, 0.3, 1.1])
        {
            InteropCases.Near(InteropCases.Value(expected, x), InteropCases.Value(read, x), theirs);
            InteropCases.Near(InteropCases.Value(expected, x), InteropCases.Value(converted, x), theirs);
        }
    }

    [Fact]
    public void A_condition_is_dropped_on_request_only()
    {
        Entity theirs = MathS.FromString("x^2 provided x > 0");
        Assert.Contains("dropConditions", Assert.Throws<NotSupportedException>(() => theirs.ToExpression()).Message);
        Assert.Same(ExpressionParser.Parse("x^2", "x"), theirs.ToExpression(dropConditions: true));
    }

    [Theory]
    [InlineData("x + 2i")]
    [InlineData("+oo")]
    [InlineData("x > 1")]
    [InlineData("{ 1, x }")]
    [InlineData("integral(x, x)")]
    [InlineData("x!")]
    [InlineData("[x, 1]")]
    [InlineData("piecewise(x provided x > 0, 0)")]
    [InlineData("x/0")]
    public void What_is_no_real_expression_is_refused(string theirs) => Assert.Throws<NotSupportedException>(() => MathS.FromString(theirs).ToExpression(dropConditions: true));

    [Theory]
    [InlineData("i")]
    [InlineData("true")]
    [InlineData("RR")]
    [InlineData("in")]
    [InlineData("not")]
    [InlineData("provided")]
    [InlineData("oops")]
    public void Names_that_mean_something_else_are_refused(string name)
    {
        Assert.Contains($"'{name}'", Assert.Throws<NotSupportedException>(() => ExpressionPrinter.Print(Symbol.Of(name), AngouriMathStyle.Instance)).Message);
        Assert.Throws<NotSupportedException>(() => Symbol.Of(name).ToEntity());
        // With a good reason: with a minus before it, it is no variable of that name.
        string text = $"-{name}";
        Assert.False(Read(text) is Entity.Mulf { Multiplicand: Entity.Variable variable } && variable.Name == name, text);
    }

    private static Entity? Read(string text)
    {
        try
        {
            return MathS.FromString(text);
        }
        catch (AngouriMathBaseException)
        {
            return null;
        }
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
            return x => Evaluated(expression, x);
        }
    }

    private static double Evaluated(Entity expression, double x) => Real(expression.Substitute(MathS.Var("x"), x).EvalNumerical().ToNumerics());

    private static double Real(Complex value) => Math.Abs(value.Imaginary) <= 1e-9 * (1 + value.Magnitude) ? value.Real : double.NaN;
}

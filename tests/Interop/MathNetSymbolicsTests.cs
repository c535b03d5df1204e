using MathNet.Symbolics;
using SymbolicEft.MathNetSymbolics;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;
using Symbol = SymbolicEft.Symbolic.Expressions.Symbol;

namespace SymbolicEft.Interop;

public class MathNetSymbolicsTests
{
    // It has neither erf nor sign.
    private static readonly string[] Lacking = ["erf", "phi", "gelu", "sign", "step"];

    public static TheoryData<string> Cases => InteropCases.AllBut(Lacking);

    public static TheoryData<string> Refused => InteropCases.Only(Lacking);

    // It differentiates no absolute value.
    public static TheoryData<string> SmoothCases => InteropCases.AllBut([.. Lacking, "relu", "leakyrelu(0.1)", "abs", "elu"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void MathNet_Symbolics_reads_what_we_print(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, MathNetSymbolicsStyle.Instance);
        SymbolicExpression theirs = SymbolicExpression.Parse(text);
        InteropCases.Near(ours, theirs.Compile("x"), text);
        InteropCases.Near(ours, x => Evaluated(theirs, x), $"{text}, not compiled");
    }

    [Theory]
    [MemberData(nameof(SmoothCases))]
    public void Derivatives_agree(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, MathNetSymbolicsStyle.Instance);
        SymbolicExpression slope = SymbolicExpression.Parse(text).Differentiate(SymbolicExpression.Variable("x"));
        InteropCases.Near(InteropCases.Slope(ours), x => Evaluated(slope, x), $"d/dx {text}");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Functions_it_lacks_are_refused(string activation)
    {
        Assert.Contains("cannot express the function", Assert.Throws<NotSupportedException>(() => InteropCases.Print(activation, MathNetSymbolicsStyle.Instance)).Message);
        Assert.Contains("has no function", Assert.Throws<NotSupportedException>(() => InteropCases.Read(activation).ToSymbolicExpression()).Message);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_back_what_we_print_with_the_same_value(string activation)
    {
        (Expression ours, string text) = InteropCases.Print(activation, MathNetSymbolicsStyle.Instance);
        InteropCases.Near(ours, x => InteropCases.Value(ExpressionParser.Parse(text, Dialect.MathNetSymbolics, "x"), x), text);
    }

    // It prints -(x^2) as -x^2, which it reads as (-x)^2: that we refuse to guess.
    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_what_MathNet_Symbolics_prints_or_say_that_it_is_ambiguous(string activation)
    {
        Expression ours = InteropCases.Read(activation);
        foreach (string text in (string[])[ours.ToSymbolicExpression().ToString(), ours.ToSymbolicExpression().ToCustomString(true)])
        {
            try
            {
                Expression read = ExpressionParser.Parse(text, Dialect.MathNetSymbolics, "x");
                InteropCases.Near(ours, x => InteropCases.Value(read, x), text);
            }
            catch (ExpressionSyntaxException ambiguous) when (ambiguous.Message.Contains("reads one way and prints another"))
            {
                Assert.Contains("-x^2", text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Their_expressions_have_the_value_of_ours_and_come_back_with_it(string activation)
    {
        Expression ours = InteropCases.Read(activation);
        SymbolicExpression theirs = ours.ToSymbolicExpression();
        InteropCases.Near(ours, theirs.Compile("x"), $"{theirs}");
        InteropCases.Near(ours, x => Evaluated(theirs, x), $"{theirs}, not compiled");
        Expression back = theirs.ToExpression();
        InteropCases.Near(ours, x => InteropCases.Value(back, x), $"{back}");
    }

    [Theory]
    [MemberData(nameof(SmoothCases))]
    public void Their_derivatives_come_back_as_ours(string activation)
    {
        Expression ours = InteropCases.Read(activation), slope = ours.ToSymbolicExpression().Differentiate(SymbolicExpression.Variable("x")).ToExpression();
        InteropCases.Near(InteropCases.Slope(ours), x => InteropCases.Value(slope, x), $"d/dx {ours}");
    }

    [Theory]
    [InlineData("sec(x) + csc(x) + cot(x)", "1/cos(x) + 1/sin(x) + cos(x)/sin(x)")]
    [InlineData("asec(4*x) + acsc(5*x) + acot(x)", "arccos(1/(4*x)) + arcsin(1/(5*x)) + arctan(1/x)")]
    [InlineData("sin^2(x) + π*cosh^3(x)", "sin(x)^2 + pi*cosh(x)^3")]
    [InlineData("log(2, x^2) + lg(x^2) + pow(x^2, 3)", "ln(x^2)/ln(2) + ln(x^2)/ln(10) + x^6")]
    [InlineData("asinh(x) + coth(x) - sech(x) + |x|", "arsinh(x) + cosh(x)/sinh(x) - 1/cosh(x) + abs(x)")]
    public void What_users_write_there_is_read_as_text_and_as_structure(string theirs, string ours)
    {
        Expression expected = ExpressionParser.Parse(ours, "x"), read = ExpressionParser.Parse(theirs, Dialect.MathNetSymbolics, "x"), converted = SymbolicExpression.Parse(theirs).ToExpression();
        InteropCases.Near(expected, x => InteropCases.Value(read, x), theirs);
        InteropCases.Near(expected, x => InteropCases.Value(converted, x), theirs);
    }

    [Theory]
    [InlineData("x + 2*j")]
    [InlineData("∞")]
    [InlineData("besselj(0, x)")]
    [InlineData("airyai(x)")]
    [InlineData("1/0")]
    public void What_is_no_real_expression_is_refused(string theirs) => Assert.Throws<NotSupportedException>(() => SymbolicExpression.Parse(theirs).ToExpression());

    [Theory]
    [InlineData("j")]
    [InlineData("Inf")]
    [InlineData("Infinity")]
    [InlineData("inflow")]
    [InlineData("Info")]
    public void Names_that_mean_something_else_are_refused(string name)
    {
        Assert.Contains($"'{name}'", Assert.Throws<NotSupportedException>(() => ExpressionPrinter.Print(Symbol.Of(name), MathNetSymbolicsStyle.Instance)).Message);
        Assert.Throws<NotSupportedException>(() => Symbol.Of(name).ToSymbolicExpression());
        // With a good reason: read there, it is no variable of that name.
        Assert.False(Read(name) is { Type: SymbolicExpressionType.Variable } variable && variable.VariableName == name);
    }

    private static SymbolicExpression? Read(string text)
    {
        try
        {
            return SymbolicExpression.Parse(text);
        }
        catch (Exception failure) when (failure.GetType() == typeof(Exception))
        {
            return null; // F#'s failwith
        }
    }

    private static double Evaluated(SymbolicExpression expression, double x) => expression.Evaluate(new Dictionary<string, FloatingPoint> { ["x"] = x }).RealValue;
}

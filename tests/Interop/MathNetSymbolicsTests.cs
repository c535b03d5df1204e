using MathNet.Symbolics;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Interop;

public class MathNetSymbolicsTests
{
    public static TheoryData<string> Cases => InteropCases.All;

    // It differentiates no absolute value.
    public static TheoryData<string> SmoothCases => InteropCases.AllBut("relu", "leakyrelu(0.1)", "abs", "elu");

    [Theory]
    [MemberData(nameof(Cases))]
    public void MathNet_Symbolics_reads_what_we_print(string activation)
    {
        if (InteropCases.Print(activation, MathNetSymbolicsStyle.Instance) is not var (ours, text))
            return; // it has no such function
        Func<double, double> value = SymbolicExpression.Parse(text).Compile("x");
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ours, x), value(x), $"{text} at {x}");
    }

    [Theory]
    [MemberData(nameof(SmoothCases))]
    public void Derivatives_agree(string activation)
    {
        if (InteropCases.Print(activation, MathNetSymbolicsStyle.Instance) is not var (ours, text))
            return;
        SymbolicExpression theirs = SymbolicExpression.Parse(text);
        Func<double, double> slope = theirs.Differentiate(SymbolicExpression.Variable("x")).Compile("x");
        Expression ourSlope = InteropCases.Slope(ours);
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ourSlope, x), slope(x), $"d/dx {text} at {x}");
    }

    [Fact]
    public void Functions_it_lacks_are_refused() => Assert.Null(InteropCases.Print("erf", MathNetSymbolicsStyle.Instance));

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_read_back_what_we_print_with_the_same_value(string activation)
    {
        if (InteropCases.Print(activation, MathNetSymbolicsStyle.Instance) is not var (ours, text))
            return;
        Expression back = ExpressionParser.Parse(text, Dialect.MathNetSymbolics, "x");
        foreach (double x in InteropCases.Points)
            InteropCases.Near(InteropCases.Value(ours, x), InteropCases.Value(back, x), text);
    }
}

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Interop;

/// <summary>Expressions that are handed to other systems, and the points at which values are compared.</summary>
public static class InteropCases
{
    private static readonly string[] Texts =
    [
        "tanh(x)", "sigmoid", "silu", "softplus", "mish", "relu", "leakyrelu(0.1)", "abs", "sin", "cos", "exp", "gaussian", "hermite(5)",
        "erf", "phi", "gelu", "sign", "step", "elu",
        "-x^2", "(-x)^2", "-(x + 1)/(x^2 + 3)", "2^(x/3)", "x^3/(1 + x^2)^2", "sqrt(2*x^2 + 3)", "(x^2 + 1)^(-3/2)", "1/(1 + exp(-2*x))^2",
        "arcsin(x/5) - arccos(x/5)", "arctan(x)^2", "arsinh(x)*artanh(x/4)", "arcosh(2 + x^2)", "sinh(x)/cosh(2*x)", "ln(1 + x^2)*tan(x/3)",
        "exp(-x^2/2)*sin(3*x + pi/4)", "x - 2*(3 - (4 - x))/7", "e^(e^(-x^2))",
        "expm1(x)*log1p(x^2)", "gramangle(2, x, 3)", "gramdet(x^2, x, 5)", "expsinh(-x^2, x)", "expcosh(x/2, x)", "e*pi + 10^30*x", "0.1*x",
    ];

    /// <summary>Where values are compared: away from kinks.</summary>
    public static IReadOnlyList<double> Points { get; } = [-1.7, -0.6, 0.3, 1.1];

    /// <summary>The variable of an activation.</summary>
    public static Symbol X => KnownActivations.Variable;

    public static TheoryData<string> AllBut(IEnumerable<string> excluded)
    {
        var rows = new TheoryData<string>();
        foreach (string text in Texts.Except(excluded))
            rows.Add(text);
        return rows;
    }

    public static TheoryData<string> Only(IEnumerable<string> included)
    {
        var rows = new TheoryData<string>();
        foreach (string text in included)
            rows.Add(text);
        return rows;
    }

    public static Expression Read(string activation) => ActivationParser.Parse(activation).Expression;

    /// <summary>Our expression, and as a style prints it.</summary>
    public static (Expression Ours, string Text) Print(string activation, IExpressionStyle style) => (Read(activation), ExpressionPrinter.Print(Read(activation), style));

    public static double Value(Expression ours, double x) => ours.Evaluate(new Dictionary<Expression, double> { [X] = x });

    public static Expression Slope(Expression ours) => ours.Differentiate(X);

    public static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-10 * (1 + Math.Abs(expected)), $"{what}: {actual:R}, ours {expected:R}");

    /// <summary>Compares values at all points.</summary>
    public static void Near(Expression expected, Func<double, double> actual, string what)
    {
        foreach (double x in Points)
            Near(Value(expected, x), actual(x), $"{what} at {x}");
    }
}

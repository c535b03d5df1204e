using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Interop;

/// <summary>Expressions that are handed to other systems, and the points at which values are compared.</summary>
public static class InteropCases
{
    private static readonly Symbol X = KnownActivations.Variable;

    private static readonly string[] Texts =
    [
        "tanh(x)", "sigmoid", "silu", "softplus", "mish", "relu", "leakyrelu(0.1)", "abs", "sin", "cos", "exp", "gaussian", "hermite(5)",
        "erf", "phi", "gelu", "sign", "step", "elu",
        "-x^2", "(-x)^2", "-(x + 1)/(x^2 + 3)", "2^(x/3)", "x^3/(1 + x^2)^2", "sqrt(2*x^2 + 3)", "(x^2 + 1)^(-3/2)", "1/(1 + exp(-2*x))^2",
        "arcsin(x/5) - arccos(x/5)", "arctan(x)^2", "arsinh(x)*artanh(x/4)", "arcosh(2 + x^2)", "sinh(x)/cosh(2*x)", "ln(1 + x^2)*tan(x/3)",
        "exp(-x^2/2)*sin(3*x + pi/4)", "x - 2*(3 - (4 - x))/7", "e^(e^(-x^2))",
    ];

    /// <summary>Where values are compared: away from kinks.</summary>
    public static IReadOnlyList<double> Points { get; } = [-1.7, -0.6, 0.3, 1.1];

    public static TheoryData<string> All => AllBut();

    public static TheoryData<string> AllBut(params string[] excluded)
    {
        var rows = new TheoryData<string>();
        foreach (string text in Texts.Except(excluded))
            rows.Add(text);
        return rows;
    }

    /// <summary>Our expression, or null if the style says that its system cannot express it.</summary>
    public static (Expression Ours, string Text)? Print(string activation, IExpressionStyle style)
    {
        Expression ours = ActivationParser.Parse(activation).Expression;
        try
        {
            return (ours, ExpressionPrinter.Print(ours, style));
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    public static double Value(Expression ours, double x) => ours.Evaluate(new Dictionary<Expression, double> { [X] = x });

    public static Expression Slope(Expression ours) => ours.Differentiate(X);

    public static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-10 * (1 + Math.Abs(expected)), $"{what}: {actual:R}, ours {expected:R}");
}

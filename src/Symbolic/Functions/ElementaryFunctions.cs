using SymbolicEft.Symbolic.Expressions;


namespace SymbolicEft.Symbolic.Functions;

/// <summary>The named functions an expression may use.</summary>
public static class ElementaryFunctions
{
    private static Expression? AtZero(Expression argument, Expression value) => argument.IsZero ? value : null;

    // f(-x) = -f(x): pull a negative number in front out, so that tanh(-x) and -tanh(x) are one expression.
    private static Expression? Odd(Func<ElementaryFunction> self, Expression argument) =>
        argument.IsZero ? Expression.Zero : IsNegative(argument) ? -Expression.Apply(self(), -argument) : null;

    private static Expression? Even(Func<ElementaryFunction> self, Expression argument, Expression atZero) =>
        argument.IsZero ? atZero : IsNegative(argument) ? Expression.Apply(self(), -argument) : null;

    private static bool IsNegative(Expression argument) => Product.SplitCoefficient(argument).Coefficient.Sign < 0;

    /// <summary>e^x.</summary>
    public static ElementaryFunction Exp { get; } = new("exp", Math.Exp, x => Expression.Apply(Exp!, x), @"\exp", x => AtZero(x, 1));

    /// <summary>The natural logarithm, x &gt; 0.</summary>
    public static ElementaryFunction Ln { get; } = new("ln", Math.Log, x => 1 / x, @"\ln", x => x.IsOne ? Expression.Zero : null);

    /// <summary>The sine.</summary>
    public static ElementaryFunction Sin { get; } = new("sin", Math.Sin, x => Expression.Apply(Cos!, x), @"\sin", x => Odd(() => Sin!, x));

    /// <summary>The cosine.</summary>
    public static ElementaryFunction Cos { get; } = new("cos", Math.Cos, x => -Expression.Apply(Sin!, x), @"\cos", x => Even(() => Cos!, x, 1));

    /// <summary>The hyperbolic sine.</summary>
    public static ElementaryFunction Sinh { get; } = new("sinh", Math.Sinh, x => Expression.Apply(Cosh!, x), @"\sinh", x => Odd(() => Sinh!, x));

    /// <summary>The hyperbolic cosine.</summary>
    public static ElementaryFunction Cosh { get; } = new("cosh", Math.Cosh, x => Expression.Apply(Sinh!, x), @"\cosh", x => Even(() => Cosh!, x, 1));

    /// <summary>The hyperbolic tangent; its derivative is written 1 - tanh^2, so that all derivatives are polynomials in tanh.</summary>
    public static ElementaryFunction Tanh { get; } = new("tanh", Math.Tanh, x => 1 - Expression.Apply(Tanh!, x).Pow(2), @"\tanh", x => Odd(() => Tanh!, x));

    /// <summary>The error function, 2/sqrt(pi) times the integral of e^(-u^2) from 0 to x.</summary>
    public static ElementaryFunction Erf { get; } = new(
        "erf",
        SpecialFunctions.Erf,
        x => 2 * Constant.Pi.Pow(-Expression.Half) * Expression.Apply(Exp, -x.Pow(2)),
        null,
        x => Odd(() => Erf!, x));

    /// <summary>The absolute value.</summary>
    public static ElementaryFunction Abs { get; } = new(
        "abs",
        Math.Abs,
        x => Expression.Apply(Sign!, x),
        null,
        x => x is Number number ? Rational.Abs(number.Value) : x is Call { Function: var f } && f == Abs! ? x : IsNegative(x) ? Expression.Apply(Abs!, -x) : null);

    /// <summary>-1, 0 or 1. Its derivative, as a distribution, is 2 delta.</summary>
    public static ElementaryFunction Sign { get; } = new(
        "sign",
        x => double.IsNaN(x) ? double.NaN : Math.Sign(x),
        x => 2 * Expression.Apply(Delta!, x),
        null,
        x => x is Number number ? number.Value.Sign : IsNegative(x) ? -Expression.Apply(Sign!, -x) : null);

    /// <summary>Heaviside's step: 0 for x &lt; 0, 1/2 at 0, 1 for x &gt; 0. Its derivative, as a distribution, is delta.</summary>
    public static ElementaryFunction Step { get; } = new(
        "step",
        x => double.IsNaN(x) ? double.NaN : x < 0 ? 0 : x > 0 ? 1 : 0.5,
        x => Expression.Apply(Delta!, x),
        null,
        x => x is Number number ? number.Value.Sign < 0 ? Expression.Zero : number.Value.Sign > 0 ? Expression.One : Expression.Half : null);

    /// <summary>Dirac's delta: 0 away from 0, not a number at 0; it has a value only under an expectation.</summary>
    public static ElementaryFunction Delta { get; } = new(
        "delta",
        x => x == 0 ? double.NaN : 0,
        x => throw new NotSupportedException("Derivatives of delta are not represented yet; integrate by parts first."),
        @"\delta");

    /// <summary>All functions by plain name, in the order of the name.</summary>
    public static IReadOnlyDictionary<string, ElementaryFunction> All { get; } =
        new SortedDictionary<string, ElementaryFunction>(
            new[] { Exp, Ln, Sin, Cos, Sinh, Cosh, Tanh, Erf, Abs, Sign, Step, Delta }.ToDictionary(f => f.Name),
            StringComparer.Ordinal);
}

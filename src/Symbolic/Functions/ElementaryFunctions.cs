// The one table of functions of one argument. An entry gives name, value, derivative, LaTeX and the rewrites that hold
// wherever the left side is defined; everything else in the program reads it from here.
//
// Rewrites used: values at 0 and 1; f(-x) = +-f(x) for odd and even f; f(g(x)) = x where g is an inverse of f from the
// right (sin(arcsin x), but never arcsin(sin x)); a positive number pulled out of abs, sign, step, relu, delta.

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>The named functions an expression may use.</summary>
public static class ElementaryFunctions
{
    // Smooth functions of calculus.

    /// <summary>e^x.</summary>
    public static ElementaryFunction Exp { get; } = new("exp", Math.Exp, x => Expression.Apply(Exp!, x), @"\exp", x => AtZero(x, 1) ?? Undo(() => Ln!, x)) { Enclosure = z => z.Exp() };

    /// <summary>e^x - 1, accurate near 0.</summary>
    public static ElementaryFunction ExpMinusOne { get; } = new("expm1", SpecialFunctions.ExpMinusOne, x => Expression.Apply(Exp, x), null, x => AtZero(x, 0)) { InSimplerTerms = x => Expression.Apply(Exp, x) - 1, Enclosure = z => z.ExpMinusOne() };

    /// <summary>The natural logarithm, x &gt; 0.</summary>
    public static ElementaryFunction Ln { get; } =
        new("ln", Math.Log, x => 1 / x, @"\ln", x => x.IsOne ? Expression.Zero : Undo(() => Exp, x)) { Aliases = ["log"], Enclosure = z => z.Ln() };

    /// <summary>ln(1 + x), accurate near 0.</summary>
    public static ElementaryFunction LogOnePlus { get; } = new("log1p", SpecialFunctions.LogOnePlus, x => 1 / (1 + x), null, x => AtZero(x, 0)) { InSimplerTerms = x => Expression.Apply(Ln, 1 + x), Enclosure = z => z.LogOnePlus() };

    /// <summary>The sine.</summary>
    public static ElementaryFunction Sin { get; } =
        new("sin", Math.Sin, x => Expression.Apply(Cos!, x), @"\sin", x => ExactAngles.Sine(x) ?? Odd(() => Sin!, x) ?? Undo(() => ArcSin!, x)) { Enclosure = z => z.Sin() };

    /// <summary>The cosine.</summary>
    public static ElementaryFunction Cos { get; } =
        new("cos", Math.Cos, x => -Expression.Apply(Sin!, x), @"\cos", x => ExactAngles.Cosine(x) ?? Even(() => Cos!, x) ?? Undo(() => ArcCos!, x)) { Enclosure = z => z.Cos() };

    /// <summary>The tangent.</summary>
    public static ElementaryFunction Tan { get; } =
        new("tan", Math.Tan, x => 1 + Expression.Apply(Tan!, x).Pow(2), @"\tan", x => Odd(() => Tan!, x) ?? Undo(() => ArcTan!, x)) { Enclosure = z => z.Tan() };

    /// <summary>The inverse sine, -1 to 1.</summary>
    public static ElementaryFunction ArcSin { get; } =
        new("arcsin", Math.Asin, x => (1 - x.Pow(2)).Pow(-Expression.Half), @"\arcsin", x => Odd(() => ArcSin!, x)) { Aliases = ["asin"], Enclosure = z => z.ArcSin() };

    /// <summary>The inverse cosine, -1 to 1.</summary>
    public static ElementaryFunction ArcCos { get; } =
        new("arccos", Math.Acos, x => -(1 - x.Pow(2)).Pow(-Expression.Half), @"\arccos") { Aliases = ["acos"], Enclosure = z => z.ArcCos() };

    /// <summary>The inverse tangent.</summary>
    public static ElementaryFunction ArcTan { get; } =
        new("arctan", Math.Atan, x => 1 / (1 + x.Pow(2)), @"\arctan", x => Odd(() => ArcTan!, x)) { Aliases = ["atan"], Enclosure = z => z.ArcTan() };

    /// <summary>The hyperbolic sine.</summary>
    public static ElementaryFunction Sinh { get; } =
        new("sinh", Math.Sinh, x => Expression.Apply(Cosh!, x), @"\sinh", x => Odd(() => Sinh!, x) ?? Undo(() => ArSinh!, x)) { Enclosure = z => z.Sinh() };

    /// <summary>The hyperbolic cosine.</summary>
    public static ElementaryFunction Cosh { get; } =
        new("cosh", Math.Cosh, x => Expression.Apply(Sinh!, x), @"\cosh", x => AtZero(x, 1) ?? Even(() => Cosh!, x) ?? Undo(() => ArCosh!, x)) { Enclosure = z => z.Cosh() };

    /// <summary>The hyperbolic tangent; its derivative is written 1 - tanh^2, so that all derivatives are polynomials in tanh.</summary>
    public static ElementaryFunction Tanh { get; } =
        new("tanh", Math.Tanh, x => 1 - Expression.Apply(Tanh!, x).Pow(2), @"\tanh", x => Odd(() => Tanh!, x) ?? Undo(() => ArTanh!, x)) { Enclosure = z => z.Tanh() };

    /// <summary>The inverse hyperbolic sine.</summary>
    public static ElementaryFunction ArSinh { get; } =
        new("arsinh", Math.Asinh, x => (1 + x.Pow(2)).Pow(-Expression.Half), null, x => Odd(() => ArSinh!, x) ?? Undo(() => Sinh, x)) { Aliases = ["asinh", "arcsinh"], Enclosure = z => z.ArSinh() };

    /// <summary>The inverse hyperbolic cosine, x at least 1.</summary>
    public static ElementaryFunction ArCosh { get; } =
        new("arcosh", Math.Acosh, x => (x - 1).Pow(-Expression.Half) * (x + 1).Pow(-Expression.Half)) { Aliases = ["acosh", "arccosh"], Enclosure = z => z.ArCosh() };

    /// <summary>The inverse hyperbolic tangent, -1 to 1.</summary>
    public static ElementaryFunction ArTanh { get; } =
        new("artanh", Math.Atanh, x => 1 / (1 - x.Pow(2)), null, x => Odd(() => ArTanh!, x) ?? Undo(() => Tanh, x)) { Aliases = ["atanh", "arctanh"], Enclosure = z => z.ArTanh() };

    // The normal distribution and its relatives.

    /// <summary>The error function, 2/sqrt(pi) times the integral of e^(-u^2) from 0 to x.</summary>
    public static ElementaryFunction Erf { get; } = new(
        "erf",
        SpecialFunctions.Erf,
        x => 2 * Constant.Pi.Pow(-Expression.Half) * Expression.Apply(Exp, -x.Pow(2)),
        null,
        x => Odd(() => Erf!, x))
    { Enclosure = z => z.Erf() };

    /// <summary>The complementary error function, 1 - erf x, accurate in its tail.</summary>
    public static ElementaryFunction Erfc { get; } = new(
        "erfc",
        SpecialFunctions.Erfc,
        x => -2 * Constant.Pi.Pow(-Expression.Half) * Expression.Apply(Exp, -x.Pow(2)),
        null,
        x => AtZero(x, 1))
    { InSimplerTerms = x => 1 - Expression.Apply(Erf, x), Enclosure = z => z.Erfc() };

    /// <summary>The distribution function of a standard normal, (1 + erf(x/sqrt 2))/2, accurate in its left tail.</summary>
    public static ElementaryFunction Phi { get; } = new(
        "Phi",
        SpecialFunctions.NormalDistribution,
        x => (2 * Constant.Pi).Pow(-Expression.Half) * Expression.Apply(Exp, -x.Pow(2) / 2),
        @"\Phi",
        x => AtZero(x, Expression.Half))
    { Aliases = ["normcdf"], InSimplerTerms = x => (1 + Expression.Apply(Erf, x * Expression.Half.Pow(Expression.Half))) / 2, Enclosure = z => z.Phi() };

    /// <summary>The logistic function 1/(1 + e^(-x)); its derivative is written s(x) s(-x), which has no cancellation.</summary>
    public static ElementaryFunction Logistic { get; } = new(
        "logistic",
        SpecialFunctions.Logistic,
        x => Expression.Apply(Logistic!, x) * Expression.Apply(Logistic!, -x),
        null,
        x => AtZero(x, Expression.Half))
    { Aliases = ["sigmoid"], InSimplerTerms = x => 1 / (1 + Expression.Apply(Exp, -x)), Enclosure = z => z.Logistic() };

    /// <summary>ln(1 + e^x).</summary>
    public static ElementaryFunction Softplus { get; } = new("softplus", SpecialFunctions.Softplus, x => Expression.Apply(Logistic, x)) { InSimplerTerms = x => Expression.Apply(Ln, 1 + Expression.Apply(Exp, x)), Enclosure = z => z.Softplus() };

    // Functions with a kink, a jump or worse at 0. Derivatives are those of distributions.

    /// <summary>The absolute value.</summary>
    public static ElementaryFunction Abs { get; } = new(
        "abs",
        Math.Abs,
        x => Expression.Apply(Sign!, x),
        null,
        x => x is Number number ? Rational.Abs(number.Value)
            : x is Call { Function: var f } && (f == Abs! || f == Relu!) ? x
            : Scaled(() => Abs!, x, (scale, f) => Rational.Abs(scale) * f))
    {
        Branches = (x, sign) => sign * x,
        LatexFormat = @"\left|{0}\right|",
        BranchEnclosure = (z, side) => side > 0 ? z : -z,
    };

    /// <summary>-1, 0 or 1. Its derivative, as a distribution, is 2 delta.</summary>
    public static ElementaryFunction Sign { get; } = new(
        "sign",
        SpecialFunctions.Sign,
        x => 2 * Expression.Apply(Delta!, x),
        null,
        x => x is Number number ? number.Value.Sign : Scaled(() => Sign!, x, (scale, f) => scale.Sign * f))
    {
        Branches = (_, sign) => sign,
        Aliases = ["sgn"],
        BranchEnclosure = (_, side) => ComplexBox.At(side),
    };

    /// <summary>Heaviside's step: 0 for x &lt; 0, 1/2 at 0, 1 for x &gt; 0. Its derivative, as a distribution, is delta.</summary>
    public static ElementaryFunction Step { get; } = new(
        "step",
        SpecialFunctions.Step,
        x => Expression.Apply(Delta!, x),
        @"\Theta",
        x => x is Number number ? (Rational)(1 + number.Value.Sign) / 2
            : Scaled(() => Step!, x, (scale, f) => scale.Sign > 0 ? f : 1 - f))
    {
        Branches = (_, sign) => sign > 0 ? 1 : 0,
        InSimplerTerms = x => (1 + Expression.Apply(Sign, x)) / 2,
        Aliases = ["heaviside"],
        BranchEnclosure = (_, side) => ComplexBox.At(side > 0 ? 1 : 0),
    };

    /// <summary>The positive part max(x, 0).</summary>
    public static ElementaryFunction Relu { get; } = new(
        "relu",
        SpecialFunctions.Relu,
        x => Expression.Apply(Step, x),
        null,
        x => x is Number number ? (number.Value.Sign > 0 ? number : Expression.Zero)
            : x is Call { Function: var f } && (f == Abs || f == Relu!) ? x
            : ReluOfScaled(x))
    {
        Branches = (x, sign) => sign > 0 ? x : Expression.Zero,
        InSimplerTerms = x => (x + Expression.Apply(Abs, x)) / 2,
        BranchEnclosure = (z, side) => side > 0 ? z : ComplexBox.At(0),
    };

    /// <summary>Dirac's delta: 0 away from 0, not a number at 0; it has a value only under an expectation.</summary>
    public static ElementaryFunction Delta { get; } = DeltaFunctions.OfOrder(0);

    /// <summary>All functions of one argument by plain name, in the order of the name (without the derivatives of delta).</summary>
    public static IReadOnlyDictionary<string, ElementaryFunction> All { get; } =
        new SortedDictionary<string, ElementaryFunction>(
            new[]
            {
                Exp, ExpMinusOne, Ln, LogOnePlus, Sin, Cos, Tan, ArcSin, ArcCos, ArcTan, Sinh, Cosh, Tanh, ArSinh, ArCosh, ArTanh,
                Erf, Erfc, Phi, Logistic, Softplus, Abs, Sign, Step, Relu, Delta,
            }.ToDictionary(f => f.Name),
            StringComparer.Ordinal);

    private static readonly SortedDictionary<string, ElementaryFunction> ByAlias =
        new(All.Values.SelectMany(f => f.Aliases, (f, alias) => (f, alias)).ToDictionary(pair => pair.alias, pair => pair.f), StringComparer.Ordinal);

    /// <summary>
    /// The function of that name or alias, of any number of arguments: <see cref="All"/>, the derivatives delta_1,
    /// delta_2, ... of delta, and <see cref="CompoundFunctions"/>; null if there is none.
    /// </summary>
    public static Function? Find(string name) =>
        All.TryGetValue(name, out ElementaryFunction? found) || ByAlias.TryGetValue(name, out found)
            ? found
            : DeltaFunctions.Find(name) ?? (Function?)CompoundFunctions.Find(name);

    /// <summary>
    /// An argument as a number times an expression whose leading coefficient is 1, so that f(2x - 2) and f(1 - x) are seen to
    /// be about x - 1. The leading term of a sum is its first term that is not a number.
    /// </summary>
    public static (Rational Scale, Expression Primitive) SplitScale(Expression argument)
    {
        if (argument is not Sum sum)
            return Product.SplitCoefficient(argument);
        Expression leading = sum.Operands[0] is Number ? sum.Operands[1] : sum.Operands[0];
        Rational scale = Product.SplitCoefficient(leading).Coefficient;
        return scale.IsOne ? (scale, argument) : (scale, argument * (Rational.One / scale));
    }

    private static Expression? AtZero(Expression argument, Expression value) => argument.IsZero ? value : null;

    // f(-x) = -f(x): pull a negative number in front out, so that tanh(-x) and -tanh(x) are one expression.
    private static Expression? Odd(Func<ElementaryFunction> self, Expression argument) =>
        argument.IsZero ? Expression.Zero : IsNegative(argument) ? -Expression.Apply(self(), -argument) : null;

    private static Expression? Even(Func<ElementaryFunction> self, Expression argument) =>
        IsNegative(argument) ? Expression.Apply(self(), -argument) : null;

    private static bool IsNegative(Expression argument) => SplitScale(argument).Scale.Sign < 0;

    // f(g(x)) = x.
    private static Expression? Undo(Func<ElementaryFunction> inner, Expression argument) =>
        argument is Call call && call.Function == inner() ? call.Operands[0] : null;

    private static Expression? ReluOfScaled(Expression argument)
    {
        (Rational scale, Expression primitive) = SplitScale(argument);
        if (Rational.Abs(scale).IsOne)
            return null;
        return Rational.Abs(scale) * Expression.Apply(Relu, scale.Sign * primitive);
    }

    private static Expression? Scaled(Func<ElementaryFunction> self, Expression argument, Func<Rational, Expression, Expression?> rule)
    {
        (Rational scale, Expression primitive) = SplitScale(argument);
        return scale.IsOne ? null : rule(scale, Expression.Apply(self(), primitive));
    }
}

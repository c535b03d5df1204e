// Expressions of ours as expressions of MathNet.Symbolics, and back, node by node: no text is written or read.
//   To MathNet.Symbolics   what it lacks is written out by its definition (relu, softplus, expphi ...), and refused where that ends in a
//                          function that it lacks too (erf, sign, delta).
//   From it                sec, coth, acsc ... become what they are of cos, tanh, arcsin, and a floating-point number the shortest decimal that
//                          is it. Refused is what no real expression is: complex numbers, infinities, Airy and Bessel functions.

using MathNet.Symbolics;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;
using Functions = SymbolicEft.Symbolic.Functions.ElementaryFunctions;
using Ours = SymbolicEft.Symbolic.Expressions;
using Theirs = MathNet.Symbolics.Expression;

namespace SymbolicEft.MathNetSymbolics;

/// <summary>The equation of one component.</summary>
/// <param name="Variable">The component, such as V_4x00x01 for V4_00,01.</param>
/// <param name="RightSide">Its value at the next layer, or its derivative in depth time.</param>
/// <param name="Initial">Its value at depth 0, in the components of K0.</param>
public sealed record SymbolicEquation(SymbolicExpression Variable, SymbolicExpression RightSide, SymbolicExpression Initial);

/// <summary>Conversions between expressions and those of MathNet.Symbolics.</summary>
public static class MathNetSymbolicsConversions
{
    /// <summary>The expression as one of MathNet.Symbolics.</summary>
    /// <param name="expression">An expression without tensors.</param>
    /// <exception cref="NotSupportedException">MathNet.Symbolics has no such function, or the name of a variable means something else there.</exception>
    public static SymbolicExpression ToSymbolicExpression(this Expression expression)
    {
        switch (expression)
        {
            case Ours.Number { Value: var value }:
                return SymbolicExpression.IntegerFraction(value.Numerator, value.Denominator);
            case Ours.Constant constant when constant == Ours.Constant.Pi:
                return SymbolicExpression.Pi;
            case Ours.Symbol symbol:
                return SymbolicExpression.Variable(MathNetSymbolicsStyle.Instance.Symbol(symbol));
            case Ours.Sum sum:
                return SymbolicExpression.Sum(Each(sum));
            case Ours.Product product:
                return SymbolicExpression.Product(Each(product));
            case Ours.Power power:
                return power.Base.ToSymbolicExpression().Pow(power.Exponent.ToSymbolicExpression());
            case Ours.Call { Operands: [var argument] } call when Apply(call.Function.Name, argument) is { } applied:
                return applied;
            case Ours.Call call when call.Function.Definition(call.Operands) is { } definition:
                return definition.ToSymbolicExpression();
            case Ours.Call call:
                throw new NotSupportedException($"MathNet.Symbolics has no function {call.Function.Name}; {expression} cannot be expressed there.");
            default:
                throw new NotSupportedException($"MathNet.Symbolics cannot express {expression}: it is no expression in plain variables.");
        }
    }

    /// <summary>The expression of MathNet.Symbolics as one of ours.</summary>
    /// <param name="expression">An expression with a real value.</param>
    /// <exception cref="NotSupportedException">It is no real expression.</exception>
    public static Expression ToExpression(this SymbolicExpression expression) => expression.Expression.ToExpression();

    /// <inheritdoc cref="ToExpression(SymbolicExpression)"/>
    public static Expression ToExpression(this Theirs expression)
    {
        return expression switch
        {
            Theirs.Number number => Ours.Number.Of(Ours.Rational.Of(number.Item.Numerator, number.Item.Denominator)),
            Theirs.Approximation { Item: Approximation.Real { Item: var value } } when double.IsFinite(value) => Ours.Number.Of(Ours.Rational.FromShortestDecimal(value)),
            Theirs.Identifier variable => Ours.Symbol.Of(variable.Item.Item),
            Theirs.Argument variable => Ours.Symbol.Of(variable.Item.Item),
            Theirs.Constant { Item.IsPi: true } => Ours.Constant.Pi,
            Theirs.Constant { Item.IsE: true } => Expression.Apply(Functions.Exp, 1),
            Theirs.Sum sum => Expression.Add(sum.Item.Select(ToExpression)),
            Theirs.Product product => Expression.Multiply(product.Item.Select(ToExpression)),
            Theirs.Power power => Raised(power.Item1.ToExpression(), power.Item2.ToExpression()),
            Theirs.Function call => Apply(call.Item1.ToString(), call.Item2.ToExpression()) ?? throw Refused(),
            Theirs.FunctionN { Item1.IsLog: true, Item2: var arguments } when arguments.Length == 2 =>
                Inverse(Expression.Apply(Functions.Ln, arguments[0].ToExpression())) * Expression.Apply(Functions.Ln, arguments[1].ToExpression()),
            _ => throw Refused(),
        };

        NotSupportedException Refused() => new($"{Infix.Format(expression)} is no real expression of sums, products, powers and elementary functions.");
        NotSupportedException Division() => new($"{Infix.Format(expression)} is a division by zero.");
        Expression Inverse(Expression value) => value.IsZero ? throw Division() : 1 / value;
        Expression Raised(Expression @base, Expression exponent) => @base.IsZero && exponent is Ours.Number { Value.Sign: < 0 } ? throw Division() : @base.Pow(exponent);

        // By the names of the cases of MathNet.Symbolics.Function; null for one that is not elementary.
        Expression? Apply(string function, Expression x) => function switch
        {
            "Abs" => Expression.Apply(Functions.Abs, x),
            "Exp" => Expression.Apply(Functions.Exp, x),
            "Ln" => Expression.Apply(Functions.Ln, x),
            "Lg" => Expression.Apply(Functions.Ln, x) / Expression.Apply(Functions.Ln, 10),
            "Sin" => Expression.Apply(Functions.Sin, x),
            "Cos" => Expression.Apply(Functions.Cos, x),
            "Tan" => Expression.Apply(Functions.Tan, x),
            "Sinh" => Expression.Apply(Functions.Sinh, x),
            "Cosh" => Expression.Apply(Functions.Cosh, x),
            "Tanh" => Expression.Apply(Functions.Tanh, x),
            "Csc" => Inverse(Expression.Apply(Functions.Sin, x)),
            "Sec" => Inverse(Expression.Apply(Functions.Cos, x)),
            "Cot" => Inverse(Expression.Apply(Functions.Tan, x)),
            "Csch" => Inverse(Expression.Apply(Functions.Sinh, x)),
            "Sech" => Inverse(Expression.Apply(Functions.Cosh, x)),
            "Coth" => Inverse(Expression.Apply(Functions.Tanh, x)),
            "Asin" => Expression.Apply(Functions.ArcSin, x),
            "Acos" => Expression.Apply(Functions.ArcCos, x),
            "Atan" => Expression.Apply(Functions.ArcTan, x),
            "Acsc" => Expression.Apply(Functions.ArcSin, Inverse(x)),
            "Asec" => Expression.Apply(Functions.ArcCos, Inverse(x)),
            "Acot" => Expression.Apply(Functions.ArcTan, Inverse(x)),
            "Asinh" => Expression.Apply(Functions.ArSinh, x),
            "Acosh" => Expression.Apply(Functions.ArCosh, x),
            "Atanh" => Expression.Apply(Functions.ArTanh, x),
            "Acsch" => Expression.Apply(Functions.ArSinh, Inverse(x)),
            "Asech" => Expression.Apply(Functions.ArCosh, Inverse(x)),
            "Acoth" => Expression.Apply(Functions.ArTanh, Inverse(x)),
            _ => null,
        };
    }

    /// <summary>The equations of a closure over definite inputs, component by component.</summary>
    /// <param name="system">A system of components: g-only or g-connected.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="activation">
    /// sigma, whose Gaussian expectations are written out where they have a closed form; the others are variables E_0, E_1, ..., and all are where it is left out.
    /// <see cref="EquationSystem.OverInputs"/> says what each is.
    /// </param>
    /// <exception cref="NotSupportedException">The system is on modes or observables, the activation has a kink, or MathNet.Symbolics lacks a function.</exception>
    public static IReadOnlyList<SymbolicEquation> ToSymbolicExpressions(this EquationSystem system, int inputs, ActivationDefinition? activation = null) =>
        [.. system.OverInputs(inputs, activation).Rows.Select(row => new SymbolicEquation(row.Variable.ToSymbolicExpression(), row.RightSide.ToSymbolicExpression(), row.Initial.ToSymbolicExpression()))];

    private static SymbolicExpression[] Each(Expression expression) => [.. expression.Operands.ToArray().Select(ToSymbolicExpression)];

    // Null for a function that MathNet.Symbolics does not have.
    private static SymbolicExpression? Apply(string function, Expression argument) => function switch
    {
        "exp" => argument.ToSymbolicExpression().Exp(),
        "ln" => argument.ToSymbolicExpression().Ln(),
        "abs" => argument.ToSymbolicExpression().Abs(),
        "sin" => argument.ToSymbolicExpression().Sin(),
        "cos" => argument.ToSymbolicExpression().Cos(),
        "tan" => argument.ToSymbolicExpression().Tan(),
        "sinh" => argument.ToSymbolicExpression().Sinh(),
        "cosh" => argument.ToSymbolicExpression().Cosh(),
        "tanh" => argument.ToSymbolicExpression().Tanh(),
        "arcsin" => argument.ToSymbolicExpression().ArcSin(),
        "arccos" => argument.ToSymbolicExpression().ArcCos(),
        "arctan" => argument.ToSymbolicExpression().ArcTan(),
        "arsinh" => argument.ToSymbolicExpression().ArcSinh(),
        "arcosh" => argument.ToSymbolicExpression().ArcCosh(),
        "artanh" => argument.ToSymbolicExpression().ArcTanh(),
        _ => null,
    };
}

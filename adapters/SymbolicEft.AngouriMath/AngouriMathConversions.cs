// Expressions of ours as entities of AngouriMath, and back, node by node: no text is written or read.
//   To an entity   what AngouriMath lacks is written out by its definition (relu, softplus, expphi ...), and refused where that ends in a
//                  function that it lacks too (erf, delta). sinh and its relatives are powers of e there, and come back as such.
//   From an entity sec, cot, arccsc ... become what they are of cos, tan, arcsin. Refused is what no real expression is: complex numbers,
//                  infinities, sets, statements, piecewise functions, open derivatives, integrals and limits, factorials. A condition
//                  (x provided y) is refused unless the caller drops it.

using System.Numerics;
using AngouriMath;
using PeterO.Numbers;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;
using Functions = SymbolicEft.Symbolic.Functions.ElementaryFunctions;

namespace SymbolicEft.AngouriMath;

/// <summary>The equation of one component.</summary>
/// <param name="Variable">The component, such as V_4x00x01 for V4_00,01.</param>
/// <param name="RightSide">Its value at the next layer, or its derivative in depth time.</param>
/// <param name="Initial">Its value at depth 0, in the components of K0.</param>
public sealed record EntityEquation(Entity.Variable Variable, Entity RightSide, Entity Initial);

/// <summary>Conversions between expressions and AngouriMath's entities.</summary>
public static class AngouriMathConversions
{
    /// <summary>The expression as an entity.</summary>
    /// <param name="expression">An expression without tensors.</param>
    /// <exception cref="NotSupportedException">AngouriMath has no such function, or the name of a variable means something else there.</exception>
    public static Entity ToEntity(this Expression expression)
    {
        switch (expression)
        {
            case Number { Value: var value }:
                return value.IsInteger ? value.Numerator : Entity.Number.Rational.Create(Whole(value.Numerator), Whole(value.Denominator));
            case Constant constant when constant == Constant.Pi:
                return MathS.pi;
            case Symbol symbol:
                return MathS.Var(AngouriMathStyle.Instance.Symbol(symbol));
            case Sum sum:
                return Fold(sum.Operands, static (left, right) => left + right);
            case Product product:
                return Fold(product.Operands, static (left, right) => left * right);
            case Power power:
                return power.Base.ToEntity().Pow(power.Exponent.ToEntity());
            case Call { Operands: [var argument] } call when Apply(call.Function, argument) is { } entity:
                return entity;
            case Call call when call.Function.Definition(call.Operands) is { } definition:
                return definition.ToEntity();
            case Call call:
                throw new NotSupportedException($"AngouriMath has no function {call.Function.Name}; {expression} cannot be expressed there.");
            default:
                throw new NotSupportedException($"AngouriMath cannot express {expression}: it is no expression in plain variables.");
        }
    }

    /// <summary>The entity as an expression.</summary>
    /// <param name="entity">An entity with a real value.</param>
    /// <param name="dropConditions">Whether "x provided y" is read as x, wherever y fails too.</param>
    /// <exception cref="NotSupportedException">It is no real expression, or has a condition.</exception>
    public static Expression ToExpression(this Entity entity, bool dropConditions = false)
    {
        return entity switch
        {
            Entity.Number.Integer number => Number.Of(Whole(number.EInteger)),
            Entity.Number.Rational number => Number.Of(Rational.Of(Whole(number.ERational.Numerator), Whole(number.ERational.Denominator))),
            Entity.Number.Real { IsFinite: true } number => Number.Of(Decimal(number.EDecimal)),
            Entity.Variable { Name: "pi" } => Constant.Pi,
            Entity.Variable { Name: "e" } => Expression.Apply(Functions.Exp, 1),
            Entity.Variable variable => Symbol.Of(variable.Name),
            Entity.Sumf sum => Of(sum.Augend) + Of(sum.Addend),
            Entity.Minusf difference => Of(difference.Subtrahend) - Of(difference.Minuend),
            Entity.Mulf product => Of(product.Multiplier) * Of(product.Multiplicand),
            Entity.Divf quotient => Divided(Of(quotient.Dividend), Of(quotient.Divisor)),
            Entity.Powf power => Raised(Of(power.Base), Of(power.Exponent)),
            Entity.Logf logarithm => Divided(Call(Functions.Ln, logarithm.Antilogarithm), Call(Functions.Ln, logarithm.Base)),
            Entity.Absf call => Call(Functions.Abs, call.Argument),
            Entity.Signumf call => Call(Functions.Sign, call.Argument),
            Entity.Sinf call => Call(Functions.Sin, call.Argument),
            Entity.Cosf call => Call(Functions.Cos, call.Argument),
            Entity.Tanf call => Call(Functions.Tan, call.Argument),
            Entity.Secantf call => Divided(1, Call(Functions.Cos, call.Argument)),
            Entity.Cosecantf call => Divided(1, Call(Functions.Sin, call.Argument)),
            Entity.Cotanf call => Divided(1, Call(Functions.Tan, call.Argument)),
            Entity.Arcsinf call => Call(Functions.ArcSin, call.Argument),
            Entity.Arccosf call => Call(Functions.ArcCos, call.Argument),
            Entity.Arctanf call => Call(Functions.ArcTan, call.Argument),
            Entity.Arcsecantf call => Expression.Apply(Functions.ArcCos, Divided(1, Of(call.Argument))),
            Entity.Arccosecantf call => Expression.Apply(Functions.ArcSin, Divided(1, Of(call.Argument))),
            Entity.Arccotanf call => Expression.Apply(Functions.ArcTan, Divided(1, Of(call.Argument))),
            Entity.Providedf condition when dropConditions => Of(condition.Expression),
            Entity.Providedf condition => throw new NotSupportedException(
                $"{condition.Expression} holds only where {condition.Predicate}, which an expression cannot say; ToExpression(dropConditions: true) leaves the condition out."),
            Entity.Number number => throw new NotSupportedException($"{number} is no real number."),
            _ => throw new NotSupportedException($"{entity} is no real expression of sums, products, powers and elementary functions."),
        };

        Expression Of(Entity part) => part.ToExpression(dropConditions);
        Expression Call(ElementaryFunction function, Entity argument) => Expression.Apply(function, Of(argument));
        Expression Divided(Expression dividend, Expression divisor) => divisor.IsZero ? throw Division() : dividend / divisor;
        Expression Raised(Expression @base, Expression exponent) => @base.IsZero && exponent is Number { Value.Sign: < 0 } ? throw Division() : @base.Pow(exponent);
        NotSupportedException Division() => new($"{entity} is a division by zero.");
    }

    /// <summary>The equations of a closure over definite inputs, component by component.</summary>
    /// <param name="system">A system of components: g-only or g-connected.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="activation">
    /// sigma, whose Gaussian expectations are written out where they have a closed form; the others are variables E_0, E_1, ..., and all are where it is left out.
    /// <see cref="EquationSystem.OverInputs"/> says what each is.
    /// </param>
    /// <exception cref="NotSupportedException">The system is on modes or observables, the activation has a kink, or AngouriMath lacks a function.</exception>
    public static IReadOnlyList<EntityEquation> ToEntities(this EquationSystem system, int inputs, ActivationDefinition? activation = null) =>
        [.. system.OverInputs(inputs, activation).Rows.Select(row => new EntityEquation((Entity.Variable)row.Variable.ToEntity(), row.RightSide.ToEntity(), row.Initial.ToEntity()))];

    private static Entity Fold(ReadOnlySpan<Expression> operands, Func<Entity, Entity, Entity> join)
    {
        Entity result = operands[0].ToEntity();
        foreach (Expression operand in operands[1..])
            result = join(result, operand.ToEntity());
        return result;
    }

    // Null for a function that AngouriMath does not have.
    private static Entity? Apply(Function function, Expression argument) => function.Name switch
    {
        "exp" => argument.IsOne ? MathS.e : MathS.e.Pow(argument.ToEntity()),
        "ln" => MathS.Ln(argument.ToEntity()),
        "abs" => argument.ToEntity().Abs(),
        "sign" => argument.ToEntity().Signum(),
        "sin" => argument.ToEntity().Sin(),
        "cos" => argument.ToEntity().Cos(),
        "tan" => argument.ToEntity().Tan(),
        "arcsin" => argument.ToEntity().Arcsin(),
        "arccos" => argument.ToEntity().Arccos(),
        "arctan" => argument.ToEntity().Arctan(),
        "sinh" => MathS.Hyperbolic.Sinh(argument.ToEntity()),
        "cosh" => MathS.Hyperbolic.Cosh(argument.ToEntity()),
        "tanh" => MathS.Hyperbolic.Tanh(argument.ToEntity()),
        "arsinh" => MathS.Hyperbolic.Arsinh(argument.ToEntity()),
        "arcosh" => MathS.Hyperbolic.Arcosh(argument.ToEntity()),
        "artanh" => MathS.Hyperbolic.Artanh(argument.ToEntity()),
        _ => null,
    };

    private static EInteger Whole(BigInteger value) => EInteger.FromBytes(value.ToByteArray(), littleEndian: true);

    private static BigInteger Whole(EInteger value) => new(value.ToBytes(littleEndian: true));

    private static Rational Decimal(EDecimal value)
    {
        BigInteger mantissa = Whole(value.Mantissa);
        int exponent = value.Exponent.ToInt32Checked();
        return exponent < 0 ? Rational.Of(mantissa, BigInteger.Pow(10, -exponent)) : mantissa * BigInteger.Pow(10, exponent);
    }
}

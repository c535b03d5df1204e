// How wrong may the double be that a compiled expression returns? To first order, in units of rounding, with M(e) for the
// error of e:
//   sum        M of each term, and each partial sum once
//   product    M of each factor times the others, and the product once a multiplication
//   power      |p b^(p-1)| M(b), and two units of its own
//   function   |f'(u)| M(u), and four units of its own
// The variables are taken as exact. tanh(x) - x near 0 is the case in point: its value is x^3/3, its rounding that of x.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Lowering;

/// <summary>The rounding error of compiled expressions, as an expression.</summary>
internal static class RoundingExpression
{
    private static readonly HashSet<Function> Tame =
    [
        ElementaryFunctions.Tanh, ElementaryFunctions.Erf, ElementaryFunctions.ArcTan, ElementaryFunctions.ArSinh,
        ElementaryFunctions.Abs, ElementaryFunctions.Relu, ElementaryFunctions.Sign, ElementaryFunctions.Step,
    ];

    /// <summary>
    /// A bound of the rounding error relative to the value, in units of rounding, that holds wherever the expression has a
    /// value; infinite if terms may cancel or an argument may be large, so that <see cref="Absolute"/> has to be asked.
    /// </summary>
    public static double Relative(Expression expression)
    {
        var known = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in expression.Nodes())
            known.Add(node, Of(node));
        return known[expression];

        double Of(Expression node) => node switch
        {
            Number number => number.Value.IsInteger ? 0 : 1,
            Constant => 1,
            Symbol => 0,
            Product product => Factors(product),
            Power { Exponent: Number p } power => (Math.Abs(p.Value.ToDouble()) * known[power.Base]) + 2,
            Call call when call.Operands.Length == 1 && (known[call.Operands[0]] == 0 || Tame.Contains(call.Function)) => known[call.Operands[0]] + 4,
            _ => double.PositiveInfinity,
        };

        double Factors(Product product)
        {
            double sum = product.Operands.Length - 1;
            foreach (Expression factor in product.Operands)
                sum += known[factor];
            return sum;
        }
    }

    /// <summary>A bound of the absolute rounding error, in units of rounding, as an expression of the same variables.</summary>
    public static Expression Absolute(Expression expression)
    {
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in expression.Nodes())
            known.Add(node, Of(node));
        return known[expression];

        Expression Of(Expression node)
        {
            switch (node)
            {
                case Number number:
                    return number.Value.IsInteger ? Expression.Zero : Size(number);
                case Constant constant:
                    return constant;
                case Symbol:
                    return Expression.Zero;
                case Sum sum:
                    return Terms(sum);
                case Product product:
                    return Factors(product);
                case Power power:
                    return Powers(power);
                case Call call:
                    return Arguments(call);
                default:
                    throw new NotSupportedException($"{node} has no value, and no rounding error either.");
            }
        }

        Expression Terms(Sum sum)
        {
            var parts = new List<Expression>();
            Expression partial = Expression.Zero;
            foreach (Expression term in sum.Operands)
            {
                parts.Add(known[term]);
                bool first = partial.IsZero;
                partial += term;
                if (!first)
                    parts.Add(Size(partial));
            }

            return Expression.Add(parts);
        }

        Expression Factors(Product product)
        {
            var parts = new List<Expression> { (product.Operands.Length - 1) * Size(product) };
            Expression[] sizes = [.. product.Operands.ToArray().Select(Size)];
            for (int at = 0; at < sizes.Length; at++)
            {
                Expression error = known[product.Operands[at]];
                if (!error.IsZero)
                    parts.Add(Expression.Multiply([error, .. sizes[..at], .. sizes[(at + 1)..]]));
            }

            return Expression.Add(parts);
        }

        Expression Powers(Power power)
        {
            Expression result = 2 * Size(power), fromBase = known[power.Base], fromExponent = known[power.Exponent];
            if (!fromBase.IsZero)
                result += Size(power.Exponent) * Power.Of(Size(power.Base), power.Exponent - 1) * fromBase;
            if (!fromExponent.IsZero)
                result += Size(power) * Size(Expression.Apply(ElementaryFunctions.Ln, Size(power.Base))) * fromExponent;
            return result;
        }

        Expression Arguments(Call call)
        {
            Expression result = call.Function.IsSmooth ? 4 * Size(call) : Expression.Zero;
            for (int at = 0; at < call.Operands.Length; at++)
            {
                if (known[call.Operands[at]].IsZero)
                    continue;
                Expression slope = call.Function.Derivative(call.Operands, at);

                // The jump of a step is a place, which is split at, and no error.
                if (!slope.Nodes().Any(node => node is Call { Function: var inner } && DeltaFunctions.OrderOf(inner) is not null))
                    result += Size(slope) * known[call.Operands[at]];
            }

            return result;
        }
    }

    private static Expression Size(Expression expression) => Expression.Apply(ElementaryFunctions.Abs, expression);
}

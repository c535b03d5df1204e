using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>Derivative, substitution, expansion and evaluation: every traversal of the graph that is not a printer.</summary>
public static class Calculus
{
    /// <summary>
    /// The derivative with respect to an atom: a symbol, or an indexed component such as phi_a. Components with
    /// different indices are independent variables.
    /// </summary>
    public static Expression Differentiate(this Expression expression, Expression variable)
    {
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        return Derivative(expression);

        Expression Derivative(Expression node)
        {
            if (ReferenceEquals(node, variable))
                return Expression.One;
            if (node.Operands.IsEmpty)
                return Expression.Zero;
            if (known.TryGetValue(node, out Expression? before))
                return before;
            Expression result = node switch
            {
                Sum sum => SumRule(sum),
                Product product => ProductRule(product),
                Power power => PowerRule(power),
                Call call => ChainRule(call),
                _ => throw new NotSupportedException($"There is no derivative rule for {node.GetType().Name}; differentiate under it first."),
            };
            known.Add(node, result);
            return result;
        }

        Expression SumRule(Sum sum)
        {
            var terms = new Expression[sum.Operands.Length];
            for (int at = 0; at < terms.Length; at++)
                terms[at] = Derivative(sum.Operands[at]);
            return Sum.Of(terms);
        }

        Expression ProductRule(Product product)
        {
            var terms = new List<Expression>();
            Expression[] factors = product.Operands.ToArray();
            for (int at = 0; at < factors.Length; at++)
            {
                Expression slope = Derivative(factors[at]);
                if (slope.IsZero)
                    continue;
                var changed = (Expression[])factors.Clone();
                changed[at] = slope;
                terms.Add(Product.Of(changed));
            }

            return Expression.Add(terms);
        }

        Expression PowerRule(Power power)
        {
            Expression fromBase = Derivative(power.Base), fromExponent = Derivative(power.Exponent);
            Expression result = Expression.Zero;
            if (!fromBase.IsZero)
                result += power.Exponent * Power.Of(power.Base, power.Exponent - 1) * fromBase;
            if (!fromExponent.IsZero)
                result += power * Expression.Apply(ElementaryFunctions.Ln, power.Base) * fromExponent;
            return result;
        }

        Expression ChainRule(Call call)
        {
            Expression result = Expression.Zero;
            for (int at = 0; at < call.Operands.Length; at++)
            {
                Expression inner = Derivative(call.Operands[at]);
                if (!inner.IsZero)
                    result += call.Function.Derivative(call.Operands, at) * inner;
            }

            return result;
        }
    }

    /// <summary>
    /// Replaces from the leaves up: every node, once its operands are replaced, is offered to <paramref name="replace"/>,
    /// which returns another expression or null to keep it. Shared nodes are visited once.
    /// </summary>
    public static Expression Rewrite(this Expression expression, Func<Expression, Expression?> replace)
    {
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        return Visit(expression);

        Expression Visit(Expression node)
        {
            if (known.TryGetValue(node, out Expression? before))
                return before;
            Expression rebuilt = node;
            if (!node.Operands.IsEmpty)
            {
                var operands = new Expression[node.Operands.Length];
                bool changed = false;
                for (int at = 0; at < operands.Length; at++)
                {
                    operands[at] = Visit(node.Operands[at]);
                    changed |= !ReferenceEquals(operands[at], node.Operands[at]);
                }

                if (changed)
                    rebuilt = node.WithOperands(operands);
            }

            Expression result = replace(rebuilt) ?? rebuilt;
            known.Add(node, result);
            return result;
        }
    }

    /// <summary>Replaces one subexpression by another everywhere.</summary>
    public static Expression Substitute(this Expression expression, Expression from, Expression to) =>
        expression.Rewrite(node => ReferenceEquals(node, from) ? to : null);

    /// <summary>Replaces several subexpressions at once.</summary>
    public static Expression Substitute(this Expression expression, IReadOnlyDictionary<Expression, Expression> replacements) =>
        expression.Rewrite(node => replacements.TryGetValue(node, out Expression? to) ? to : null);

    /// <summary>All distinct nodes below and including this one, operands first, in a fixed order.</summary>
    public static IReadOnlyList<Expression> Nodes(this Expression expression)
    {
        var seen = new HashSet<Expression>(ReferenceEqualityComparer.Instance);
        var result = new List<Expression>();
        Visit(expression);
        return result;

        void Visit(Expression node)
        {
            if (!seen.Add(node))
                return;
            foreach (Expression operand in node.Operands)
                Visit(operand);
            result.Add(node);
        }
    }

    /// <summary>
    /// Multiplies out products and positive integer powers of sums, at the top of the expression only (arguments of
    /// functions and the insides of expectations stay as they are).
    /// </summary>
    public static Expression Expand(this Expression expression)
    {
        switch (expression)
        {
            case Sum sum:
                var terms = new Expression[sum.Operands.Length];
                for (int at = 0; at < terms.Length; at++)
                    terms[at] = Expand(sum.Operands[at]);
                return Sum.Of(terms);
            case Product product:
                Expression expanded = Expression.One;
                foreach (Expression factor in product.Operands)
                    expanded = Distribute(expanded, Expand(factor));
                return expanded;
            case Power { Exponent: Number { Value: { IsInteger: true, Sign: > 0 } exponent } } power when exponent <= 64:
                Expression @base = Expand(power.Base);
                if (@base is not Sum)
                    return Power.Of(@base, power.Exponent);
                Expression result = @base;
                for (int count = 1; count < exponent.Numerator; count++)
                    result = Distribute(result, @base);
                return result;
            case IndexSum sum:
                return IndexSum.Of(sum.Index, Expand(sum.Body));
            default:
                return expression;
        }
    }

    private static Expression Distribute(Expression left, Expression right)
    {
        if (left is not Sum && right is not Sum)
            return left * right;
        var terms = new List<Expression>(left.Terms.Length * right.Terms.Length);
        foreach (Expression first in left.Terms)
        {
            foreach (Expression second in right.Terms)
                terms.Add(first * second);
        }

        return Expression.Add(terms);
    }

    /// <summary>The value of an expression without indices.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="atoms">Values of the symbols and of whatever else is to be treated as a variable.</param>
    /// <exception cref="InvalidOperationException">A symbol has no value.</exception>
    public static double Evaluate(this Expression expression, IReadOnlyDictionary<Expression, double> atoms)
    {
        var known = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        return Value(expression);

        double Value(Expression node)
        {
            if (atoms.TryGetValue(node, out double given))
                return given;
            if (known.TryGetValue(node, out double before))
                return before;
            double result;
            switch (node)
            {
                case Number number:
                    return number.Value.ToDouble();
                case Constant constant:
                    return constant.Value;
                case Sum sum:
                    result = 0;
                    foreach (Expression term in sum.Operands)
                        result += Value(term);
                    break;
                case Product product:
                    result = 1;
                    foreach (Expression factor in product.Operands)
                        result *= Value(factor);
                    break;
                case Power power:
                    result = Math.Pow(Value(power.Base), Value(power.Exponent));
                    break;
                case Call call:
                    var arguments = new double[call.Operands.Length];
                    for (int at = 0; at < arguments.Length; at++)
                        arguments[at] = Value(call.Operands[at]);
                    result = call.Function.Evaluate(arguments);
                    break;
                default:
                    throw new InvalidOperationException($"{node} has no value; give it one.");
            }

            known.Add(node, result);
            return result;
        }
    }
}

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
        // Operands first, so that the nesting of the expression costs no stack.
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in Nodes(expression, leaf => ReferenceEquals(leaf, variable)))
            known.Add(node, Rule(node));
        return known[expression];

        Expression Derivative(Expression node) => known[node];

        Expression Rule(Expression node)
        {
            if (ReferenceEquals(node, variable))
                return Expression.One;
            if (node.Operands.IsEmpty)
                return Expression.Zero;
            return node switch
            {
                Sum sum => SumRule(sum),
                Product product => ProductRule(product),
                Power power => PowerRule(power),
                Call call => ChainRule(call),
                _ => throw new NotSupportedException($"There is no derivative rule for {node.GetType().Name}; differentiate under it first."),
            };
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
            if (power is { Base: Call { Function: var function } hyperbolic, Exponent: Number { Value.Sign: < 0 } } && function == ElementaryFunctions.Cosh)
            {
                // sinh/cosh would be infinity by infinity where cosh^p is 0.
                Expression argument = hyperbolic.Operands[0];
                return power.Exponent * power * Expression.Apply(ElementaryFunctions.Tanh, argument) * Derivative(argument);
            }

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
    /// which returns another expression or null to keep it. Shared nodes are visited once. What a node of another kind is left as when its operands are replaced
    /// (x of x + 0, or of -(-x)) is made of what was replaced already, and is not offered again.
    /// </summary>
    public static Expression Rewrite(this Expression expression, Func<Expression, Expression?> replace) =>
        Rebuilt(expression, (node, rebuilt) => (rebuilt.GetType() == node.GetType() ? replace(rebuilt) : null) ?? rebuilt);

    /// <summary>Replaces one subexpression by another everywhere.</summary>
    public static Expression Substitute(this Expression expression, Expression from, Expression to) =>
        Rebuilt(expression, (node, rebuilt) => ReferenceEquals(node, from) ? to : rebuilt);

    /// <summary>Replaces several subexpressions at once: what stands in the expression, not what replacements make of it.</summary>
    public static Expression Substitute(this Expression expression, IReadOnlyDictionary<Expression, Expression> replacements) =>
        Rebuilt(expression, (node, rebuilt) => replacements.TryGetValue(node, out Expression? to) ? to : rebuilt);

    // From the leaves up, what each node becomes by itself and by what its operands became.
    private static Expression Rebuilt(Expression expression, Func<Expression, Expression, Expression> become)
    {
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in Nodes(expression))
        {
            Expression rebuilt = node;
            if (!node.Operands.IsEmpty)
            {
                var operands = new Expression[node.Operands.Length];
                bool changed = false;
                for (int at = 0; at < operands.Length; at++)
                {
                    operands[at] = known[node.Operands[at]];
                    changed |= !ReferenceEquals(operands[at], node.Operands[at]);
                }

                if (changed)
                    rebuilt = node.WithOperands(operands);
            }

            known.Add(node, become(node, rebuilt));
        }

        return known[expression];
    }

    /// <summary>All distinct nodes below and including this one, operands first, in a fixed order.</summary>
    public static IReadOnlyList<Expression> Nodes(this Expression expression) => Nodes(expression, _ => false);

    // Depth first with a stack of our own. What isLeaf names is listed, but nothing below it.
    internal static List<Expression> Nodes(this Expression expression, Func<Expression, bool> isLeaf)
    {
        var seen = new HashSet<Expression>(ReferenceEqualityComparer.Instance) { expression };
        var result = new List<Expression>();
        var path = new Stack<(Expression Node, int Next)>();
        path.Push((expression, 0));
        while (path.TryPop(out (Expression Node, int Next) top))
        {
            ReadOnlySpan<Expression> operands = top.Next == 0 && isLeaf(top.Node) ? default : top.Node.Operands;
            int next = top.Next;
            while (next < operands.Length && !seen.Add(operands[next]))
                next++;
            if (next >= operands.Length)
            {
                result.Add(top.Node);
                continue;
            }

            path.Push((top.Node, next + 1));
            path.Push((operands[next], 0));
        }

        return result;
    }

    /// <summary>
    /// Multiplies out products and positive integer powers of sums, at the top of the expression only (arguments of
    /// functions and the insides of expectations stay as they are).
    /// </summary>
    public static Expression Expand(this Expression expression) => DeepRecursion.Call(ExpandHere, expression);

    private static Expression ExpandHere(Expression expression)
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

    /// <summary>A bound of the number of terms that <see cref="Expand"/> makes, which may be more than there is memory for.</summary>
    internal static double TermsExpanded(this Expression expression) => DeepRecursion.Call(TermsExpandedHere, expression);

    private static double TermsExpandedHere(Expression expression)
    {
        double terms = 1;
        switch (expression)
        {
            case Sum sum:
                terms = 0;
                foreach (Expression term in sum.Operands)
                    terms += TermsExpanded(term);
                break;
            case Product product:
                foreach (Expression factor in product.Operands)
                    terms *= TermsExpanded(factor);
                break;
            case Power { Exponent: Number { Value: { IsInteger: true, Sign: > 0 } exponent } } power when exponent <= 64:
                // Monomials of that degree.
                double each = TermsExpanded(power.Base);
                for (int at = 1; at <= exponent.Numerator; at++)
                    terms *= (each - 1 + at) / at;
                break;
        }

        return terms;
    }

    /// <summary>The value of an expression without indices.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="atoms">Values of the symbols and of whatever else is to be treated as a variable.</param>
    /// <exception cref="InvalidOperationException">A symbol has no value.</exception>
    public static double Evaluate(this Expression expression, IReadOnlyDictionary<Expression, double> atoms)
    {
        var known = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in Nodes(expression, atoms.ContainsKey))
            known.Add(node, atoms.TryGetValue(node, out double given) ? given : Value(node));
        return known[expression];

        double Value(Expression node)
        {
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
                        result += known[term];
                    return result;
                case Product product:
                    result = 1;
                    foreach (Expression factor in product.Operands)
                        result *= known[factor];
                    return result;
                case Power { Exponent: Number { Value: var exponent } } power when exponent == Rational.Half:
                    return Math.Sqrt(known[power.Base]);
                case Power power:
                    return Math.Pow(known[power.Base], known[power.Exponent]);
                case Call call:
                    Span<double> arguments = stackalloc double[call.Operands.Length];
                    for (int at = 0; at < arguments.Length; at++)
                        arguments[at] = known[call.Operands[at]];
                    return call.Function.Evaluate(arguments);
                default:
                    throw new InvalidOperationException($"{node} has no value; give it one.");
            }
        }
    }
}

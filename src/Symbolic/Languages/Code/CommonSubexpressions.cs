// One pass over several outputs. Equal subexpressions are one object, so users are counted node by node; what costs
// arithmetic and has more than one user gets a name, and so has the base of an integer power that is not a name already,
// since powers are written as repeated products.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>A line of generated code: what is assigned, and its value.</summary>
/// <param name="Left">A name or an array component.</param>
/// <param name="Value">The value.</param>
internal sealed record Assignment(Expression Left, Expression Value)
{
    /// <summary>How many arithmetic operations the value takes.</summary>
    public int Operations => Count(Value);

    private static int Count(Expression node)
    {
        int below = 0;
        foreach (Expression operand in node.Operands)
            below += Count(operand);
        return node switch
        {
            Sum or Product => below + node.Operands.Length - 1,
            Power { Exponent: Number { Value: { IsInteger: true } p } } => below + (int)System.Numerics.BigInteger.Abs(p.Numerator) - (p.Sign > 0 ? 1 : 0),
            Power or Call => below + 1,
            _ => below,
        };
    }
}

/// <summary>Names what several expressions share.</summary>
internal static class CommonSubexpressions
{
    /// <summary>The named parts, in an order in which they can be assigned, and the outputs in terms of them.</summary>
    /// <param name="outputs">The expressions.</param>
    /// <param name="prefix">Names are this prefix and a number from 1.</param>
    public static (IReadOnlyList<Assignment> Locals, IReadOnlyList<Expression> Outputs) Name(IReadOnlyList<Expression> outputs, string prefix)
    {
        var users = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        var bases = new HashSet<Expression>(ReferenceEqualityComparer.Instance);
        var order = new List<Expression>();
        foreach (Expression output in outputs)
        {
            foreach (Expression node in output.Nodes())
            {
                if (!users.TryAdd(node, 0))
                    continue;
                order.Add(node);
                foreach (Expression operand in node.Operands)
                    users[operand]++;
                if (node is Power { Exponent: Number { Value.IsInteger: true } exponent } power && !exponent.IsOne)
                    bases.Add(power.Base);
            }

            users[output]++;
        }

        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        var locals = new List<Assignment>();
        foreach (Expression node in order)
        {
            Expression value = node.Operands.IsEmpty ? node : node.WithOperands([.. node.Operands.ToArray().Select(operand => known[operand])]);
            if ((users[node] > 1 || bases.Contains(node)) && value is (Sum or Product or Power or Call) && !IsSignedAtom(value))
            {
                Symbol name = Symbol.Of(prefix + (locals.Count + 1).ToString(CultureInfo.InvariantCulture));
                locals.Add(new(name, value));
                value = name;
            }

            known.Add(node, value);
        }

        return (locals, [.. outputs.Select(output => known[output])]);
    }

    // -x is not worth a name.
    private static bool IsSignedAtom(Expression value) =>
        value is Product { Operands: [Number { Value: var sign }, Symbol or Indexed] } && Rational.Abs(sign).IsOne;
}

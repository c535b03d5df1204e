// How does an expression behave as its variable goes to 0? Bounds e^a |x|^p from above, and where they are known from below, on 0 < |x| <= e,
// node by node: enough to see that ln(x^2), sin(x)/x or |x|^(-1/2) have an integral at 0, and how much of it is left below e.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Enclosures;

/// <summary>A bound e^Above |x|^Power near 0, and e^Below |x|^Power from below where that is known.</summary>
internal readonly record struct OrderAtZero(double Power, double Above, double? Below)
{
    private const double Slack = 1e-6;

    private static readonly HashSet<Function> LikeTheirArgument =
    [
        ElementaryFunctions.Sin, ElementaryFunctions.Tanh, ElementaryFunctions.Erf, ElementaryFunctions.ArcTan, ElementaryFunctions.ArcSin, ElementaryFunctions.ArSinh,
        ElementaryFunctions.ArTanh, ElementaryFunctions.Sinh, ElementaryFunctions.Tan, ElementaryFunctions.ExpMinusOne, ElementaryFunctions.LogOnePlus,
    ];

    /// <summary>The bound of an expression on 0 &lt; side x &lt;= end; null if there is none.</summary>
    public static OrderAtZero? Of(EnclosureProgram program, Symbol variable, int side, double end)
    {
        program.Range(side > 0 ? new Interval(0, end) : new(-end, 0));
        var known = new Dictionary<Expression, OrderAtZero?>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in program.Nodes) known[node] = Find(node);
        return known[program.Nodes[^1]];

        OrderAtZero? Find(Expression node)
        {
            Interval range = program.RangeOf(node);
            OrderAtZero? bounded = range.IsBounded ? new(0, Logarithm(range.Size), range.Smallest > 0 ? Logarithm(range.Smallest) - (2 * Slack) : null) : null;
            return Rule(node) ?? bounded;
        }

        OrderAtZero? Rule(Expression node)
        {
            switch (node)
            {
                case Symbol when ReferenceEquals(node, variable):
                    return new(1, 0, 0);
                case Sum:
                    OrderAtZero[] terms = [.. node.Operands.ToArray().Select(operand => known[operand]).OfType<OrderAtZero>()];
                    if (terms.Length < node.Operands.Length || program.RangeOf(node).IsBounded) return null;
                    double power = terms.Min(term => term.Power);
                    return new(power, Logarithm(terms.Sum(term => Math.Exp(term.Above + ((term.Power - power) * Math.Log(end))))), null);
                case Product:
                    OrderAtZero? product = new OrderAtZero(0, 0, 0);
                    foreach (Expression factor in node.Operands)
                        product = product is { } a && known[factor] is { } b ? new(a.Power + b.Power, a.Above + b.Above, a.Below + b.Below) : null;
                    return product;
                case Power { Exponent: Number { Value: var p } } root when known[root.Base] is { } of:
                    double times = p.ToDouble();
                    return times > 0 ? new(of.Power * times, (of.Above * times) + Slack, (of.Below * times) - Slack)
                        : of.Below is { } below ? new(of.Power * times, (below * times) + Slack, (of.Above * times) - Slack) : null;
                case Call { Function: var f } call when known[call.Operands[0]] is { } of:
                    if (f == ElementaryFunctions.Abs) return of;
                    if (f == ElementaryFunctions.Relu) return of with { Below = null };

                    // Between half and twice the argument, where that is at most a tenth.
                    if (LikeTheirArgument.Contains(f) && program.RangeOf(call.Operands[0]).Size < 0.1) return new(of.Power, of.Above + Math.Log(2) + Slack, of.Below - Math.Log(2) - Slack);

                    // |ln r| <= 4 r^(-1/10).
                    if (f == ElementaryFunctions.Ln && of.Below is { } lowest)
                        return new(-0.1, Logarithm(Math.Max(Math.Abs(of.Above), Math.Abs(lowest)) + (4 * Math.Abs(of.Power)) + Slack), null);
                    return null;
                default:
                    return null;
            }
        }
    }

    /// <summary>A bound of the integral of the absolute value from 0 to <paramref name="end"/>; infinite if it does not exist.</summary>
    public double Integral(double end) => Power > -1 + Slack ? Math.Exp(Above + ((Power + 1) * Math.Log(end)) + Slack) / (Power + 1) : double.PositiveInfinity;

    private static double Logarithm(double size) => size == 0 ? -1000 : Math.Log(size) + Slack;
}

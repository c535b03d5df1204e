// How fast can an expression grow along a ray? A bound |f| <= exp(a + b ln(1 + r) + c r + d r^2) for r >= R, with b, c, d >= 0, node by node
// from the same bounds of its variables: what is bounded there by its enclosure is a constant; sums take the largest of each and correct a
// at R, where the others are largest relative to it; products add; an exponential takes the terms of its exponent that are not
// negative. What no rule knows has no bound.
// A Gaussian integral of such a function beyond T is at most phi(T) exp(g(T)) / (T - g'(T)), the exponent being concave.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Enclosures;

/// <summary>A bound exp(Constant + Power ln(1 + r) + Linear r + Quadratic r^2) of a function's absolute value at distance r.</summary>
internal readonly record struct Growth(double Constant, double Power, double Linear, double Quadratic)
{
    // Of the bounds below, which are taken in ordinary arithmetic: far more than its rounding.
    private const double Slack = 1e-6;

    /// <summary>A variable that is no larger than <paramref name="size"/> (1 + r).</summary>
    public static Growth OfVariable(double size) => new(Math.Log(size) + Slack, 1, 0, 0);

    /// <summary>The bound of an expression for r >= <paramref name="start"/>; null if there is none.</summary>
    /// <param name="program">The expression.</param>
    /// <param name="outside">Where the variables are for these r.</param>
    /// <param name="variables">The variables with their own bounds, in the order of the program.</param>
    /// <param name="start">R, not negative.</param>
    public static Growth? Of(EnclosureProgram program, ReadOnlySpan<Interval> outside, IReadOnlyList<(Symbol Variable, Growth Bound)> variables, double start)
    {
        program.Range(outside);
        var known = new Dictionary<Expression, Growth?>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in program.Nodes) known[node] = Bounded(node) ?? Grow(node);
        return known[program.Nodes[^1]];

        Growth? Bounded(Expression node)
        {
            double size = program.RangeOf(node).Size;
            return double.IsFinite(size) ? OfConstant(size) : null;
        }

        Growth? Grow(Expression node)
        {
            switch (node)
            {
                case Symbol:
                    return variables.First(own => ReferenceEquals(own.Variable, node)).Bound;
                case Sum:
                    return Add([.. node.Operands.ToArray().Select(operand => known[operand])], start);
                case Product:
                    Growth? product = new Growth(0, 0, 0, 0);
                    foreach (Expression factor in node.Operands)
                        product = product is { } a && known[factor] is { } b ? new(a.Constant + b.Constant, a.Power + b.Power, a.Linear + b.Linear, a.Quadratic + b.Quadratic) : null;
                    return product;
                case Power { Exponent: Number { Value: { Sign: > 0 } p } } power when known[power.Base] is { } of:
                    double times = p.ToDouble(), slack = Slack * Math.Abs(of.Constant * times);
                    return new((of.Constant * times) + slack, of.Power * times, of.Linear * times, of.Quadratic * times);
                case Call { Function: var f } call when known[call.Operands[0]] is { } of:
                    Expression argument = call.Operands[0];
                    if (f == ElementaryFunctions.Abs || f == ElementaryFunctions.Relu || f == ElementaryFunctions.ArSinh) return of;
                    if (f == ElementaryFunctions.Softplus || f == ElementaryFunctions.LogOnePlus) return Add([of, OfConstant(1)], start);
                    if (f == ElementaryFunctions.Exp) return Exponential(argument.Terms.ToArray().Where(term => program.RangeOf(term).High > 0));
                    if (f == ElementaryFunctions.Sinh || f == ElementaryFunctions.Cosh || f == ElementaryFunctions.ExpMinusOne) return Exponential([argument]);
                    if (f == ElementaryFunctions.Ln && program.RangeOf(argument).Low is > 0 and var lowest)
                        return new(Math.Log(Math.Abs(Math.Log(lowest)) + Math.Abs(of.Constant) + of.Power + of.Linear + of.Quadratic + Slack), of.Quadratic > 0 ? 2 : 1, 0, 0);
                    return null;
                default:
                    return null;
            }
        }

        // |e^u|, and more than |e^u - 1|, |sinh u|, |cosh u|, is at most e^|u|.
        Growth? Exponential(IEnumerable<Expression> terms)
        {
            if (Add([.. terms.Select(term => known[term])], start) is not { Linear: 0, Quadratic: 0, Power: <= 2 } of) return null;
            double size = Math.Exp(of.Constant) * (1 + Slack);
            return of.Power == 0 ? new(size, 0, 0, 0) : of.Power <= 1 ? new(size, 0, size, 0) : new(size, 0, 2 * size, size);
        }
    }

    /// <summary>A bound of the integral of |f(r)| phi(r) over r >= <paramref name="cut"/>; infinite if it is not known to exist.</summary>
    public double GaussianTail(double cut)
    {
        // The exponent g(r) = a + b ln(1 + r) + c r + d r^2 - r^2/2 has slope g'(r), and is concave where d < 1/2.
        double curvature = (2 * Quadratic) - 1, slope = (Power / (1 + cut)) + Linear + (curvature * cut);
        if (!(curvature < -Slack) || !(slope < -Slack)) return double.PositiveInfinity;
        return (1 + Slack) * 0.39894228040143270 * Math.Exp(At(cut) - (0.5 * cut * cut) + Slack) / -slope;
    }

    /// <summary>The largest of |f(r)| exp(-decay r^2) over r >= <paramref name="cut"/>; infinite if it is not known.</summary>
    public double Envelope(double cut, double decay)
    {
        // Where the exponent falls it goes on falling.
        bool falls = Quadratic <= decay && (Power / (1 + cut)) + Linear + (2 * (Quadratic - decay) * cut) <= 0;
        return falls ? Math.Exp(At(cut) - (decay * cut * cut)) * (1 + Slack) : double.PositiveInfinity;
    }

    /// <summary>ln of the bound at r.</summary>
    public double At(double r) => Constant + (Power * Math.Log(1 + r)) + (Linear * r) + (Quadratic * r * r);

    /// <summary>A function that is no larger than that.</summary>
    public static Growth OfConstant(double size) => new(size == 0 ? -1000 : Math.Log(size) + Slack, 0, 0, 0);

    private static Growth? Add(IReadOnlyList<Growth?> terms, double start)
    {
        Growth[] known = [.. terms.OfType<Growth>()];
        if (known.Length < terms.Count || known.Length == 0) return null;
        Growth rates = new(0, known.Max(term => term.Power), known.Max(term => term.Linear), known.Max(term => term.Quadratic));
        double largest = known.Max(At);
        return rates with { Constant = largest + Math.Log(known.Sum(term => Math.Exp(At(term) - largest))) + Slack };

        double At(Growth term) => term.At(start) - rates.At(start);
    }
}

// Where is f not smooth?
//
//   1. Every function with a kink at argument 0 (abs, sign, step, relu, delta), innermost first: the real roots of its
//      argument, looked for on each piece between the points found so far, on which the argument is smooth.
//   2. On both sides of each point, f is rewritten to its smooth branches; the lowest derivative that differs is the order
//      of the kink. Points at which nothing differs (|x| x^2 has order 3, but |x|^2 none) are dropped.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>A point at which a function of one variable, or a derivative of it, is not continuous.</summary>
/// <param name="Position">The point, as exactly as it is known.</param>
/// <param name="Value">The point as a double.</param>
/// <param name="Order">
/// The lowest derivative that jumps: 0 for a step, 1 for a corner such as that of relu; -1 for a delta, -1 - k for delta_k.
/// </param>
public readonly record struct KinkPoint(Expression Position, double Value, int Order);

/// <summary>Finds the kinks of expressions and cuts them into smooth pieces.</summary>
public static class Kinks
{
    internal const int HighestOrder = 12;

    /// <summary>The kinks in increasing order; none for a smooth function.</summary>
    /// <exception cref="NotSupportedException">
    /// A kink sits where the roots cannot be found, such as that of abs(sin(x)), or a derivative is not finite there, as that of abs(x)^(1/3).
    /// </exception>
    public static IReadOnlyList<KinkPoint> Find(Expression expression, Symbol variable)
    {
        try
        {
            return FindFinite(expression, variable);
        }
        catch (DivideByZeroException)
        {
            throw new NotSupportedException($"{expression} or a derivative of it is not finite at a kink; only kinks with finite derivatives on both sides can be used.");
        }
    }

    /// <summary>
    /// The points at which some function in an expression has its kink, in increasing order, also where the whole is smooth: there the value may still be
    /// that of neither side, as of sign(x)^2 at 0.
    /// </summary>
    internal static IReadOnlyList<double> Points(Expression expression, Symbol variable) => [.. Candidates(expression, variable).Keys];

    private static IReadOnlyList<KinkPoint> FindFinite(Expression expression, Symbol variable)
    {
        SortedDictionary<double, Expression> points = Candidates(expression, variable);
        double[] borders = [.. points.Keys];
        var result = new List<KinkPoint>();
        for (int at = 0; at < borders.Length; at++)
        {
            int order = DeltaOrder(expression, variable, borders[at])
                ?? OrderAt(
                    PieceAt(expression, variable, Inside(borders, at)),
                    PieceAt(expression, variable, Inside(borders, at + 1)),
                    variable,
                    points[borders[at]]);
            if (order <= HighestOrder)
                result.Add(new(points[borders[at]], borders[at], order));
        }

        return result;
    }

    /// <summary>The smooth expression that the function equals around a point that is not a kink.</summary>
    public static Expression PieceAt(Expression expression, Symbol variable, double point)
    {
        var at = new Dictionary<Expression, double> { [variable] = point };
        return expression.Rewrite(node => node is Call { Function: { IsSmooth: false } function } call
            ? function.Branch(call.Operands[0], call.Operands[0].Evaluate(at) < 0 ? -1 : 1)
            : null);
    }

    // All points at which some function with a kink has argument 0.
    private static SortedDictionary<double, Expression> Candidates(Expression expression, Symbol variable)
    {
        var points = new SortedDictionary<double, Expression>();
        foreach (Expression node in expression.Nodes())
        {
            if (node is not Call { Function.IsSmooth: false } call || !call.Operands[0].Contains(variable))
                continue;
            double[] borders = [.. points.Keys];
            for (int piece = 0; piece <= borders.Length; piece++)
            {
                Expression argument = PieceAt(call.Operands[0], variable, Inside(borders, piece));
                foreach (Expression root in Roots(argument, variable, call))
                {
                    double value = Value(root);
                    bool inside = (piece == 0 || value >= borders[piece - 1]) && (piece == borders.Length || value <= borders[piece]);
                    if (inside && !points.ContainsKey(value))
                        points[value] = root;
                }
            }
        }

        return points;
    }

    // Where a smooth argument is 0.
    private static IEnumerable<Expression> Roots(Expression argument, Symbol variable, Call call)
    {
        if (!argument.Contains(variable))
            return [];
        if (PolynomialCoefficients.TryRead(argument, variable) is { } coefficients)
            return PolynomialRoots(coefficients);
        switch (argument)
        {
            case Product product:
                return [.. product.Operands.ToArray().SelectMany(factor => Roots(factor, variable, call))];
            case Power { Exponent: Number { Value: var p } } power:
                return p.Sign > 0 ? Roots(power.Base, variable, call) : [];
            case Call { Function: var f } when f == ElementaryFunctions.Exp || f == ElementaryFunctions.Cosh || f == ElementaryFunctions.Logistic
                || f == ElementaryFunctions.Phi || f == ElementaryFunctions.Softplus || f == ElementaryFunctions.Erfc:
                return []; // positive everywhere
            case Call { Function: var f } inner when f == ElementaryFunctions.Tanh || f == ElementaryFunctions.Sinh || f == ElementaryFunctions.Erf
                || f == ElementaryFunctions.ArTanh || f == ElementaryFunctions.ArSinh || f == ElementaryFunctions.ArcTan || f == ElementaryFunctions.ExpMinusOne:
                return Roots(inner.Operands[0], variable, call); // increasing through 0
            case Sum when Solved(argument, variable) is (true, var rest):
                return rest is null ? [] : Roots(rest, variable, call);
            default:
                throw new NotSupportedException($"The kinks of {call} cannot be located: where {argument} is 0 is not known; they are where arguments are polynomials, or one monotone function such as tanh, exp or logistic plus a constant.");
        }
    }

    // a f(u) + c, f increasing, is 0 where u - f^-1(-c/a) is; nowhere, without a rest, if f does not take that value.
    private static (bool IsKnown, Expression? Difference) Solved(Expression argument, Symbol variable)
    {
        Expression[] terms = [.. argument.Terms];
        Expression[] varying = [.. terms.Where(term => term.Contains(variable))];
        if (varying is not [var only]) return default;
        (Rational coefficient, Expression body) = Product.SplitCoefficient(only);
        if (body is not Call { Function: var f } call) return default;
        Expression level = -Sum.Of([.. terms.Where(term => term != only)]) / coefficient, u = call.Operands[0];
        double value = Value(level);
        Expression Of(Function inverse, Expression x) => Expression.Apply(inverse, x);
        (double low, double high, Expression Inverse)? known =
            f == ElementaryFunctions.Tanh ? (-1, 1, Of(ElementaryFunctions.ArTanh, level))
            : f == ElementaryFunctions.Exp ? (0, double.PositiveInfinity, Of(ElementaryFunctions.Ln, level))
            : f == ElementaryFunctions.ExpMinusOne ? (-1, double.PositiveInfinity, Of(ElementaryFunctions.LogOnePlus, level))
            : f == ElementaryFunctions.Logistic ? (0, 1, Of(ElementaryFunctions.Ln, level / (1 - level)))
            : f == ElementaryFunctions.Softplus ? (0, double.PositiveInfinity, Of(ElementaryFunctions.Ln, Of(ElementaryFunctions.ExpMinusOne, level)))
            : f == ElementaryFunctions.ArcTan ? (-Math.PI / 2, Math.PI / 2, Of(ElementaryFunctions.Tan, level))
            : f == ElementaryFunctions.Sinh ? (double.NegativeInfinity, double.PositiveInfinity, Of(ElementaryFunctions.ArSinh, level))
            : f == ElementaryFunctions.ArSinh ? (double.NegativeInfinity, double.PositiveInfinity, Of(ElementaryFunctions.Sinh, level))
            : null;
        return known is not var (from, to, inverse) ? default : from < value && value < to ? (true, u - inverse) : (true, null);
    }

    private static IEnumerable<Expression> PolynomialRoots(Expression[] coefficients)
    {
        if (coefficients.Length == 2)
            return [-coefficients[0] / coefficients[1]];
        double[] values = [.. coefficients.Select(Value)];
        if (coefficients.Length == 3)
        {
            Expression discriminant = coefficients[1].Pow(2) - (4 * coefficients[0] * coefficients[2]);
            double sign = Value(discriminant);
            if (sign < 0)
                return [];
            Expression root = Power.Of(discriminant, Expression.Half);
            return [(-coefficients[1] - root) / (2 * coefficients[2]), (-coefficients[1] + root) / (2 * coefficients[2])];
        }

        return PolynomialCoefficients.RealRoots(values).Select(root => (Expression)Rational.FromShortestDecimal(root));
    }

    // Some point of the piece before the border of that number.
    private static double Inside(double[] borders, int piece)
    {
        if (borders.Length == 0)
            return 0.37;
        if (piece == 0)
            return borders[0] - 1;
        return piece == borders.Length ? borders[^1] + 1 : borders[piece - 1] + ((borders[piece] - borders[piece - 1]) / 2);
    }

    private static int? DeltaOrder(Expression expression, Symbol variable, double point)
    {
        int? lowest = null;
        var at = new Dictionary<Expression, double> { [variable] = point };
        foreach (Expression node in expression.Nodes())
        {
            if (node is Call call && DeltaFunctions.OrderOf(call.Function) is { } order && Math.Abs(call.Operands[0].Evaluate(at)) < 1e-12 * (1 + Math.Abs(point)))
                lowest = Math.Min(lowest ?? 0, -1 - order);
        }

        return lowest;
    }

    private static int OrderAt(Expression left, Expression right, Symbol variable, Expression position)
    {
        for (int order = 0; order <= HighestOrder; order++)
        {
            if (ReferenceEquals(left, right))
                return int.MaxValue;
            double before = Value(left.Substitute(variable, position)), after = Value(right.Substitute(variable, position));
            if (!(Math.Abs(before - after) <= 1e-11 * (1 + Math.Abs(before))))
                return order;
            (left, right) = (left.Differentiate(variable), right.Differentiate(variable));
        }

        return int.MaxValue;
    }

    private static double Value(Expression number) => number.Evaluate(NoAtoms);

    private static readonly Dictionary<Expression, double> NoAtoms = [];
}

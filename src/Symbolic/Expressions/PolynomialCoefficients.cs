
namespace SymbolicEft.Symbolic.Expressions;

/// <summary>Reads an expression as a polynomial in one variable.</summary>
internal static class PolynomialCoefficients
{
    private const int HighestDegree = 200;

    /// <summary>
    /// The coefficients c_0, c_1, ... of a polynomial in the variable (the last one is not 0, unless the polynomial is 0), or
    /// null if the expression is none. Coefficients are any expressions without the variable.
    /// </summary>
    public static Expression[]? TryRead(Expression expression, Expression variable)
    {
        var coefficients = new List<Expression> { Expression.Zero };
        foreach (Expression term in expression.Expand().Terms)
        {
            int degree = 0;
            Expression rest = Expression.One;
            foreach (Expression factor in term.Factors)
            {
                if (ReferenceEquals(Power.BaseOf(factor), variable) && Power.ExponentOf(factor) is Number { Value: { IsInteger: true, Sign: > 0 } power })
                    degree = power <= HighestDegree ? (int)power.Numerator : HighestDegree + 1;
                else if (factor.Contains(variable))
                    return null;
                else
                    rest *= factor;
            }

            if (degree > HighestDegree)
                return null;
            while (coefficients.Count <= degree)
                coefficients.Add(Expression.Zero);
            coefficients[degree] += rest;
        }

        while (coefficients.Count > 1 && coefficients[^1].IsZero)
            coefficients.RemoveAt(coefficients.Count - 1);
        return [.. coefficients];
    }

    /// <summary>True if the node occurs in the expression.</summary>
    public static bool Contains(this Expression expression, Expression node)
    {
        if (ReferenceEquals(expression, node))
            return true;
        if (expression.Operands.IsEmpty)
            return false;
        foreach (Expression each in expression.Nodes())
        {
            if (ReferenceEquals(each, node))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The real roots of odd or even order of a polynomial with these coefficients, in increasing order: between two
    /// neighbouring roots of the derivative there is at most one, and bisection finds it.
    /// </summary>
    public static double[] RealRoots(ReadOnlySpan<double> coefficients)
    {
        int degree = coefficients.Length - 1;
        while (degree > 0 && coefficients[degree] == 0)
            degree--;
        if (degree <= 0)
            return [];
        double[] polynomial = coefficients[..(degree + 1)].ToArray();
        if (degree == 1)
            return [-polynomial[0] / polynomial[1]];
        var slope = new double[degree];
        for (int power = 1; power <= degree; power++)
            slope[power - 1] = power * polynomial[power];
        // Cauchy's bound on the size of a root.
        double bound = 0;
        for (int power = 0; power < degree; power++)
            bound = Math.Max(bound, Math.Abs(polynomial[power] / polynomial[degree]));
        double[] borders = [-1 - bound, .. RealRoots(slope), 1 + bound];
        var roots = new List<double>();
        for (int at = 0; at + 1 < borders.Length; at++)
        {
            double left = borders[at], right = borders[at + 1];
            double atLeft = Value(left), atRight = Value(right);
            double scale = Scale(right) * 1e-14;
            if (Math.Abs(atRight) <= scale && at + 2 < borders.Length)
                roots.Add(right); // a double root touches zero at an extremum
            else if (Math.Abs(atLeft) > Scale(left) * 1e-14 && Math.Sign(atLeft) != Math.Sign(atRight))
                roots.Add(Bisect(left, right, Math.Sign(atLeft)));
        }

        return [.. roots.Distinct()];

        double Value(double x)
        {
            double sum = 0;
            for (int power = degree; power >= 0; power--)
                sum = (sum * x) + polynomial[power];
            return sum;
        }

        double Scale(double x)
        {
            double sum = 0;
            for (int power = degree; power >= 0; power--)
                sum = (sum * Math.Abs(x)) + Math.Abs(polynomial[power]);
            return sum;
        }

        double Bisect(double left, double right, int signAtLeft)
        {
            while (true)
            {
                double middle = left + ((right - left) / 2);
                if (middle <= left || middle >= right)
                    return middle;
                if (Math.Sign(Value(middle)) == signAtLeft)
                    left = middle;
                else
                    right = middle;
            }
        }
    }
}

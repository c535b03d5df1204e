// Polynomials in several variables up to a degree: what a smooth function is near a point. Products and powers leave out what is above the degree, so that laws are
// written as they are, and their derivatives follow. A monomial is the list of its variables, one byte each, in ascending order.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>A Taylor polynomial.</summary>
internal sealed class TaylorPolynomial
{
    private readonly SortedDictionary<ulong, double> _terms = [];

    private TaylorPolynomial(int degree) => Degree = degree;

    /// <summary>The highest degree that is kept, at most 7.</summary>
    public int Degree { get; }

    /// <summary>The value at the point.</summary>
    public double Value => _terms.GetValueOrDefault(0UL);

    /// <summary>A number.</summary>
    public static TaylorPolynomial Constant(double value, int degree)
    {
        var result = new TaylorPolynomial(degree);
        result._terms[0] = value;
        return result;
    }

    /// <summary>A variable.</summary>
    /// <param name="variable">Its number, at most 254.</param>
    /// <param name="value">Its value at the point.</param>
    /// <param name="degree">The highest degree that is kept.</param>
    public static TaylorPolynomial Variable(int variable, double value, int degree)
    {
        TaylorPolynomial result = Constant(value, degree);
        if (degree > 0)
            result._terms[(ulong)variable + 1] = 1;
        return result;
    }

    /// <summary>A polynomial with given derivatives at the point.</summary>
    /// <param name="derivatives">Of each monomial, as ascending variables, the derivative in them.</param>
    /// <param name="degree">The highest degree.</param>
    public static TaylorPolynomial Of(IEnumerable<(int[] Variables, double Derivative)> derivatives, int degree)
    {
        var result = new TaylorPolynomial(degree);
        foreach ((int[] variables, double derivative) in derivatives)
            result._terms[Key(variables)] = derivative / Repetitions(variables);
        return result;
    }

    /// <summary>The derivatives at the point: of each monomial, as ascending variables, the derivative in them.</summary>
    public IEnumerable<(int[] Variables, double Derivative)> Derivatives
    {
        get
        {
            foreach ((ulong key, double coefficient) in _terms)
            {
                int[] variables = Variables(key);
                yield return (variables, coefficient * Repetitions(variables));
            }
        }
    }

    /// <summary>The sum.</summary>
    public static TaylorPolynomial operator +(TaylorPolynomial left, TaylorPolynomial right)
    {
        var sum = new TaylorPolynomial(Math.Min(left.Degree, right.Degree));
        foreach (TaylorPolynomial part in (TaylorPolynomial[])[left, right])
        {
            foreach ((ulong key, double value) in part._terms)
            {
                if (DegreeOf(key) <= sum.Degree)
                    sum._terms[key] = sum._terms.GetValueOrDefault(key) + value;
            }
        }

        return sum;
    }

    /// <summary>A multiple.</summary>
    public static TaylorPolynomial operator *(double factor, TaylorPolynomial of)
    {
        var product = new TaylorPolynomial(of.Degree);
        foreach ((ulong key, double value) in of._terms)
            product._terms[key] = factor * value;
        return product;
    }

    /// <summary>The product, up to the lower of the two degrees.</summary>
    public static TaylorPolynomial operator *(TaylorPolynomial left, TaylorPolynomial right)
    {
        var product = new TaylorPolynomial(Math.Min(left.Degree, right.Degree));
        foreach ((ulong first, double value) in left._terms)
        {
            int room = product.Degree - DegreeOf(first);
            foreach ((ulong second, double other) in right._terms)
            {
                if (DegreeOf(second) > room)
                    continue;
                ulong key = Merged(first, second);
                product._terms[key] = product._terms.GetValueOrDefault(key) + (value * other);
            }
        }

        return product;
    }

    /// <summary>The power: the binomial series around the value.</summary>
    public TaylorPolynomial Power(double exponent)
    {
        double value = Value, coefficient = Math.Pow(value, exponent);
        TaylorPolynomial rest = this + Constant(-value, Degree), power = Constant(1, Degree), sum = Constant(coefficient, Degree);
        for (int at = 1; at <= Degree; at++)
        {
            power *= rest;
            // Of whole powers the series ends, also at the value 0.
            coefficient = Math.Pow(value, exponent - at);
            for (int below = 0; below < at; below++)
                coefficient *= (exponent - below) / (below + 1);
            if (exponent >= 0 && exponent == Math.Floor(exponent) && at > exponent)
                break;
            sum += coefficient * power;
        }

        return sum;
    }

    /// <summary>An expression of sums, products and powers.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="atoms">What its atoms are; null for one that is none.</param>
    /// <param name="degree">The highest degree.</param>
    /// <exception cref="NotSupportedException">There is something else in it.</exception>
    public static TaylorPolynomial Of(Expression expression, Func<Expression, TaylorPolynomial?> atoms, int degree)
    {
        if (atoms(expression) is { } known)
            return known;
        return expression switch
        {
            Number number => Constant(number.Value.ToDouble(), degree),
            Sum => expression.Operands.ToArray().Select(term => Of(term, atoms, degree)).Aggregate((left, right) => left + right),
            Product => expression.Operands.ToArray().Select(factor => Of(factor, atoms, degree)).Aggregate((left, right) => left * right),
            Symbolic.Expressions.Power { Exponent: Number exponent } power => Of(power.Base, atoms, degree).Power(exponent.Value.ToDouble()),
            _ => throw new NotSupportedException($"{expression} is no sum, product or power."),
        };
    }

    private static int DegreeOf(ulong key)
    {
        int degree = 0;
        for (; key != 0; key >>= 8)
            degree++;
        return degree;
    }

    private static ulong Key(int[] variables)
    {
        ulong key = 0;
        foreach (int variable in variables)
            key = (key << 8) | ((ulong)variable + 1);
        return key;
    }

    private static int[] Variables(ulong key)
    {
        var variables = new int[DegreeOf(key)];
        for (int at = variables.Length - 1; at >= 0; at--, key >>= 8)
            variables[at] = (int)(key & 255) - 1;
        return variables;
    }

    private static ulong Merged(ulong left, ulong right)
    {
        if (left == 0 || right == 0)
            return left | right;
        int[] both = [.. Variables(left), .. Variables(right)];
        Array.Sort(both);
        return Key(both);
    }

    // The product of the factorials of how often each variable occurs.
    private static double Repetitions(int[] variables)
    {
        double product = 1;
        for (int at = 1, run = 1; at < variables.Length; at++)
        {
            run = variables[at] == variables[at - 1] ? run + 1 : 1;
            product *= run;
        }

        return product;
    }
}

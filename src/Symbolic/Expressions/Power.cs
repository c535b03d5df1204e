// Rules for powers, each true for every real argument at which the left side is defined:
//   x^0 = 1 (also at 0, the convention of power series);  x^1 = x;  1^y = 1;  0^p = 0 for a number p > 0;
//   (x^a)^m = x^(a m) for an integer m;   (x y)^m = x^m y^m for an integer m;
//   e^x = exp x;   (x^2k)^(p) = |x|^(2k p);   (c x)^p = c^p x^p for a number c > 0 (of a sum: the content of its coefficients);   r^(p/q) by the primes of r.
// In particular sqrt(x^2) is |x|, never x, and (x y)^(1/2) is left alone.

using System.Numerics;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>A real power base^exponent, defined where <see cref="Math.Pow"/> is not NaN.</summary>
public sealed class Power : Expression
{
    private readonly Expression[] _operands;

    private Power(Expression @base, Expression exponent)
        : base(ExpressionPool.Mix(17, [@base, exponent])) => _operands = [@base, exponent];

    /// <summary>The base.</summary>
    public Expression Base => _operands[0];

    /// <summary>The exponent.</summary>
    public Expression Exponent => _operands[1];

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Operands => _operands;

    internal override int Rank => 22;

    /// <summary>The base of a power, or the expression itself.</summary>
    public static Expression BaseOf(Expression expression) => expression is Power power ? power.Base : expression;

    /// <summary>The exponent of a power, or 1.</summary>
    public static Expression ExponentOf(Expression expression) => expression is Power power ? power.Exponent : One;

    /// <summary>The canonical power.</summary>
    /// <exception cref="DivideByZeroException">A negative power of the number 0.</exception>
    public static Expression Of(Expression @base, Expression exponent)
    {
        if (exponent.IsZero || @base.IsOne)
            return One;
        if (exponent.IsOne)
            return @base;
        if (@base is Call { Function: var called, Operands: [{ IsOne: true }] } && called == ElementaryFunctions.Exp)
            return Apply(ElementaryFunctions.Exp, exponent);
        if (exponent is Number { Value: var p })
        {
            if (@base is Number number)
                return OfNumbers(number.Value, p) ?? ExpressionPool.Intern(new Power(@base, exponent));
            if (@base is KroneckerDelta && p.IsInteger && p.Sign > 0)
                return @base; // 0 and 1 are their own powers
            if (@base is Power { Exponent: var inner } power)
            {
                if (p.IsInteger)
                    return Of(power.Base, inner * exponent);
                if (inner is Number { Value: var q } && q.IsInteger && q.Numerator.IsEven)
                    return Of(Apply(ElementaryFunctions.Abs, power.Base), q * p);
            }

            if (@base is Call { Function: var function } call && function == ElementaryFunctions.Abs && p.IsInteger && p.Numerator.IsEven)
                return Of(call.Operands[0], exponent);
            if (@base is Sum sum && Content(sum) is { IsOne: false } content)
                return Of(Number.Of(content), exponent) * Of(sum * (Rational.One / content), exponent);
            if (@base is Product product)
            {
                if (p.IsInteger)
                    return PowerOfEachFactor(product, exponent);
                (Rational coefficient, Expression rest) = Product.SplitCoefficient(product);
                if (coefficient.Sign > 0 && !coefficient.IsOne)
                    return Of(Number.Of(coefficient), exponent) * Of(rest, exponent);
            }
        }

        return ExpressionPool.Intern(new Power(@base, exponent));
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(operands[0], operands[1]);

    internal override bool HasSameContent(Expression other) =>
        other is Power power && ReferenceEquals(Base, power.Base) && ReferenceEquals(Exponent, power.Exponent);

    // The positive number c for which sum / c has whole coefficients without a common divisor.
    private static Rational Content(Sum sum)
    {
        BigInteger divisor = BigInteger.Zero, multiple = BigInteger.One;
        foreach (Expression term in sum.Operands)
        {
            Rational coefficient = Product.SplitCoefficient(term).Coefficient;
            divisor = BigInteger.GreatestCommonDivisor(divisor, coefficient.Numerator);
            multiple *= coefficient.Denominator / BigInteger.GreatestCommonDivisor(multiple, coefficient.Denominator);
        }

        return Rational.Of(divisor, multiple);
    }

    private static Expression PowerOfEachFactor(Product product, Expression exponent)
    {
        var factors = new Expression[product.Operands.Length];
        for (int at = 0; at < factors.Length; at++)
            factors[at] = Of(product.Operands[at], exponent);
        return Product.Of(factors);
    }

    /// <summary>The power as it stands, for print only: sqrt(6), where the canonical form is sqrt(2) sqrt(3).</summary>
    internal static Expression Uncollected(Rational @base, Expression exponent) => ExpressionPool.Intern(new Power(Number.Of(@base), exponent));

    // r^f with r = product of primes p^k: each p^(k f) is p^whole p^fraction with 0 <= fraction < 1, so that equal numbers
    // become equal expressions (sqrt 8 = 2 sqrt 2, sqrt(1/2) = (1/2) sqrt 2). Trial division stops at 1000; what is left
    // is one more base, taken as a perfect power if it is one. Null: keep the power as it is.
    private static Expression? OfNumbers(Rational value, Rational exponent)
    {
        if (value.IsZero)
            return exponent.Sign > 0 ? Zero : throw new DivideByZeroException($"0^({exponent}) is a division by zero.");
        BigInteger bits = value.Numerator.GetBitLength() + value.Denominator.GetBitLength();
        if (BigInteger.Abs(exponent.Numerator) * bits > 1 << 17)
            return null; // exact, but too large to write down
        if (exponent.IsInteger)
            return Number.Of(Rational.Pow(value, (int)exponent.Numerator));
        if (value.Sign < 0 || exponent.Denominator > 1000)
            return null; // undefined over the reals, or no root to be found: stays as written
        var roots = new List<Expression>();
        Rational coefficient = Rational.One;
        bool changed = Collect(value.Numerator, exponent) | Collect(value.Denominator, -exponent);
        if (!changed && value.IsInteger)
            return null;
        Expression result = coefficient;
        foreach (Expression root in roots)
            result *= root;
        return result;

        // True unless the number is its own only base with an exponent between 0 and 1.
        bool Collect(BigInteger number, Rational power)
        {
            if (number.IsOne)
                return false;
            var bases = new List<(BigInteger Base, int Count)>();
            BigInteger rest = number;
            for (int prime = 2; prime < 1000 && (BigInteger)prime * prime <= rest; prime += prime == 2 ? 1 : 2)
            {
                int count = 0;
                for (; (rest % prime).IsZero; rest /= prime)
                    count++;
                if (count > 0)
                    bases.Add((prime, count));
            }

            if (!rest.IsOne)
            {
                int root = (int)power.Denominator;
                bases.Add(ExactRoot(rest, root) is { } exact ? (exact, root) : (rest, 1));
            }

            bool split = false;
            foreach ((BigInteger @base, int count) in bases)
            {
                Rational total = power * count;
                BigInteger whole = Floor(total);
                coefficient *= Rational.Pow(@base, (int)whole);
                Rational fraction = total - whole;
                if (!fraction.IsZero)
                    roots.Add(ExpressionPool.Intern(new Power(Number.Of(@base), fraction)));
                split |= @base != number || !whole.IsZero;
            }

            return split || power.Sign < 0;
        }
    }

    private static BigInteger Floor(Rational value)
    {
        BigInteger whole = BigInteger.DivRem(value.Numerator, value.Denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? whole - 1 : whole;
    }

    private static BigInteger? ExactRoot(BigInteger value, int root)
    {
        if (value.IsOne || value.IsZero)
            return value;
        if (value.GetBitLength() < root)
            return null;
        // Newton's iteration from above.
        BigInteger guess = BigInteger.One << (int)((value.GetBitLength() / root) + 1);
        while (true)
        {
            BigInteger next = (((root - 1) * guess) + (value / BigInteger.Pow(guess, root - 1))) / root;
            if (next >= guess)
                break;
            guess = next;
        }

        return BigInteger.Pow(guess, root) == value ? guess : null;
    }
}

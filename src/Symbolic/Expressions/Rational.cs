using System.Globalization;
using System.Numerics;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>
/// An exact rational number: a reduced fraction of big integers with a positive denominator.
/// Equal numbers have equal representations, so equality is structural.
/// </summary>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _denominatorLessOne; // so that default(Rational) is 0/1, a valid number

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    /// <summary>The numerator; carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator; always positive, coprime to the numerator.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>The number 0.</summary>
    public static Rational Zero => default;

    /// <summary>The number 1.</summary>
    public static Rational One => new(BigInteger.One, BigInteger.One);

    /// <summary>The number 1/2.</summary>
    public static Rational Half => new(BigInteger.One, 2);

    /// <summary>True for 0.</summary>
    public bool IsZero => Numerator.IsZero;

    /// <summary>True for 1.</summary>
    public bool IsOne => Numerator.IsOne && _denominatorLessOne.IsZero;

    /// <summary>True for whole numbers.</summary>
    public bool IsInteger => _denominatorLessOne.IsZero;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>The reduced fraction numerator/denominator.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public static Rational Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException("A rational number cannot have the denominator 0.");
        if (denominator.Sign < 0)
            (numerator, denominator) = (-numerator, -denominator);
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return divisor.IsOne ? new(numerator, denominator) : new(numerator / divisor, denominator / divisor);
    }

    /// <summary>A whole number as a rational.</summary>
    public static implicit operator Rational(int value) => new(value, BigInteger.One);

    /// <summary>A whole number as a rational.</summary>
    public static implicit operator Rational(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The exact sum.</summary>
    public static Rational operator +(Rational left, Rational right) =>
        left.IsInteger && right.IsInteger
            ? new(left.Numerator + right.Numerator, BigInteger.One)
            : Of((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    /// <summary>The exact difference.</summary>
    public static Rational operator -(Rational left, Rational right) => left + (-right);

    /// <summary>The negative.</summary>
    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    /// <summary>The exact product.</summary>
    public static Rational operator *(Rational left, Rational right) =>
        left.IsInteger && right.IsInteger
            ? new(left.Numerator * right.Numerator, BigInteger.One)
            : Of(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The exact quotient.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static Rational operator /(Rational left, Rational right) =>
        Of(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    /// <summary>Equality of numbers.</summary>
    public static bool operator ==(Rational left, Rational right) => left.Equals(right);

    /// <summary>Inequality of numbers.</summary>
    public static bool operator !=(Rational left, Rational right) => !left.Equals(right);

    /// <summary>Order of numbers.</summary>
    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    /// <summary>Order of numbers.</summary>
    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    /// <summary>Order of numbers.</summary>
    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    /// <summary>Order of numbers.</summary>
    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    /// <summary>The absolute value.</summary>
    public static Rational Abs(Rational value) => value.Sign < 0 ? -value : value;

    /// <summary>An integer power; 0^0 is 1.</summary>
    /// <exception cref="DivideByZeroException">A negative power of 0.</exception>
    public static Rational Pow(Rational value, int exponent)
    {
        if (exponent >= 0)
            return new(BigInteger.Pow(value.Numerator, exponent), BigInteger.Pow(value.Denominator, exponent));
        return Of(BigInteger.Pow(value.Denominator, -exponent), BigInteger.Pow(value.Numerator, -exponent));
    }

    /// <summary>k! as a rational.</summary>
    public static Rational Factorial(int k)
    {
        BigInteger product = BigInteger.One;
        for (int factor = 2; factor <= k; factor++)
            product *= factor;
        return product;
    }

    /// <summary>The number that a finite double is, exactly.</summary>
    internal static Rational Exactly(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52), numerator = bits < 0 ? -mantissa : mantissa;
        exponent = Math.Max(exponent, 1) - 1075;
        return exponent >= 0 ? numerator << exponent : Of(numerator, BigInteger.One << -exponent);
    }

    /// <summary>The exact value of the shortest decimal that reads back as <paramref name="value"/>: 0.1 is 1/10.</summary>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public static Rational FromShortestDecimal(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"{value.ToString(CultureInfo.InvariantCulture)} is not a finite number; a rational must be.", nameof(value));
        return Parse(value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads "315/16", "-2", "0.05" or "1.5e-3", exactly.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Rational Parse(string text) =>
        TryParse(text, out Rational value) ? value : throw new FormatException($"'{text}' is not a rational number; write it as 3, 315/16 or 0.05.");

    /// <summary>Reads "315/16", "-2", "0.05" or "1.5e-3", exactly; false when the text is none of these.</summary>
    public static bool TryParse(string text, out Rational value)
    {
        value = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (text.IndexOf('/', slash + 1) >= 0 || !TryParse(text[..slash], out Rational numerator)
                || !TryParse(text[(slash + 1)..], out Rational denominator) || denominator.IsZero)
                return false;
            value = numerator / denominator;
            return true;
        }

        int exponentAt = text.IndexOfAny(['e', 'E']);
        int exponent = 0;
        string mantissa = text;
        if (exponentAt >= 0)
        {
            mantissa = text[..exponentAt];
            // A decimal exponent beyond a few thousand is a slip or an attack, and its power of ten would fill the memory.
            if (!int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 5000)
                return false;
        }

        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0 && point + 1 < mantissa.Length && !char.IsAsciiDigit(mantissa[point + 1]))
            return false; // a sign after the point
        int decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole))
            return false;
        int power = exponent - decimals;
        value = power >= 0 ? whole * BigInteger.Pow(10, power) : Of(whole, BigInteger.Pow(10, -power));
        return true;
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        if (IsZero)
            return 0;
        // A quotient of 62 or 63 bits with a sticky last bit rounds once, when it is cast; casting the numerator and the
        // denominator separately would round twice and overflow early.
        BigInteger magnitude = BigInteger.Abs(Numerator);
        long shift = 62 - (magnitude.GetBitLength() - Denominator.GetBitLength());
        BigInteger dividend = shift >= 0 ? magnitude << (int)shift : magnitude;
        BigInteger divisor = shift >= 0 ? Denominator : Denominator << (int)-shift;
        BigInteger quotient = BigInteger.DivRem(dividend, divisor, out BigInteger remainder);
        ulong bits = (ulong)quotient | (remainder.IsZero ? 0UL : 1UL);
        double rounded = Math.ScaleB((double)bits, (int)Math.Clamp(-shift, int.MinValue / 2, int.MaxValue / 2));
        return Sign < 0 ? -rounded : rounded;
    }

    /// <inheritdoc/>
    public int CompareTo(Rational other) =>
        IsInteger && other.IsInteger
            ? Numerator.CompareTo(other.Numerator)
            : (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public bool Equals(Rational other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (Numerator.GetHashCode() * 397) ^ _denominatorLessOne.GetHashCode();

    /// <summary>"3" or "315/16".</summary>
    public override string ToString() =>
        IsInteger
            ? Numerator.ToString(CultureInfo.InvariantCulture)
            : $"{Numerator.ToString(CultureInfo.InvariantCulture)}/{Denominator.ToString(CultureInfo.InvariantCulture)}";
}

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>Sine and cosine at rational multiples of pi with denominator 1, 2, 3, 4 or 6.</summary>
internal static class ExactAngles
{
    /// <summary>sin, or null where the angle is another one.</summary>
    public static Expression? Sine(Expression angle) => Twelfths(angle) is { } twelfths ? SineOfTwelfths(twelfths) : null;

    /// <summary>cos, or null where the angle is another one.</summary>
    public static Expression? Cosine(Expression angle) => Twelfths(angle) is { } twelfths ? SineOfTwelfths(twelfths + 6) : null;

    // The angle in units of pi/12, between 0 and 24.
    private static int? Twelfths(Expression angle)
    {
        if (angle.IsZero)
            return 0;
        (Rational coefficient, Expression rest) = Product.SplitCoefficient(angle);
        if (!ReferenceEquals(rest, Constant.Pi))
            return null;
        Rational twelfths = coefficient * 12;
        return twelfths.IsInteger && (coefficient * 4).IsInteger | (coefficient * 6).IsInteger
            ? (int)(((twelfths.Numerator % 24) + 24) % 24)
            : null;
    }

    private static Expression SineOfTwelfths(int twelfths)
    {
        twelfths %= 24;
        if (twelfths >= 12)
            return -SineOfTwelfths(twelfths - 12);
        return Math.Min(twelfths, 12 - twelfths) switch
        {
            0 => Expression.Zero,
            2 => Expression.Half,
            3 => Power.Of(2, Expression.Half) / 2,
            4 => Power.Of(3, Expression.Half) / 2,
            _ => Expression.One,
        };
    }
}

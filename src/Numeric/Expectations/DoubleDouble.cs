namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// An unevaluated sum of two doubles, about 31 digits: just the operations that tabulating Hermite polynomials and
/// quadrature nodes needs, so that tables carry no error beyond their final rounding.
/// </summary>
internal readonly struct DoubleDouble
{
    public DoubleDouble(double high, double low = 0)
    {
        High = high;
        Low = low;
    }

    public double High { get; }

    public double Low { get; }

    public static implicit operator DoubleDouble(double value) => new(value);

    public static explicit operator double(DoubleDouble value) => value.High + value.Low;

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var sum = a.High + b.High;
        var part = sum - a.High;
        var error = a.High - (sum - part) + (b.High - part) + a.Low + b.Low;
        return Normalise(sum, error);
    }

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var product = a.High * b.High;
        var error = Math.FusedMultiplyAdd(a.High, b.High, -product) + (a.High * b.Low + a.Low * b.High);
        return Normalise(product, error);
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var first = a.High / b.High;
        var rest = a - b * first;
        var second = rest.High / b.High;
        rest -= b * second;
        return Normalise(first, second) + rest.High / b.High;
    }

    public static DoubleDouble Sqrt(double value)
    {
        var root = Math.Sqrt(value);
        if (root == 0) return 0;
        return Normalise(root, Math.FusedMultiplyAdd(-root, root, value) / (2 * root));
    }

    private static DoubleDouble Normalise(double high, double low)
    {
        var sum = high + low;
        return new DoubleDouble(sum, low - (sum - high));
    }
}

namespace SymbolicEft.Numeric.Expectations;

/// <summary>A closed interval of the extended real line. Rounding is to nearest: bounds on which only an order of magnitude rests.</summary>
internal readonly record struct Span(double Low, double High)
{
    public static Span Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Span At(double value) => new(value, value);

    public double Size => Math.Max(Math.Abs(Low), Math.Abs(High));

    public double Smallest => Low > 0 ? Low : High < 0 ? -High : 0;

    public double Middle => 0.5 * (Low + High);

    public static Span operator +(Span a, Span b) => new(a.Low + b.Low, a.High + b.High);

    public static Span operator -(Span a, Span b) => new(a.Low - b.High, a.High - b.Low);

    public static Span operator -(Span a) => new(-a.High, -a.Low);

    public static Span operator *(Span a, Span b)
    {
        double p = Times(a.Low, b.Low), q = Times(a.Low, b.High), r = Times(a.High, b.Low), s = Times(a.High, b.High);
        return new(Math.Min(Math.Min(p, q), Math.Min(r, s)), Math.Max(Math.Max(p, q), Math.Max(r, s)));

        static double Times(double x, double y) => x == 0 || y == 0 ? 0 : x * y;
    }

    public static Span operator *(double factor, Span a) => At(factor) * a;

    public Span Square() => new(Smallest * Smallest, Size * Size);

    public Span Map(Func<double, double> increasing) => new(increasing(Low), increasing(High));

    public Span Around(double error) => new(Low - error, High + error);

    /// <summary>The range of the cosine.</summary>
    public Span Cosine()
    {
        if (!(High - Low < 2 * Math.PI)) return new(-1, 1);
        double low = Math.Min(Math.Cos(Low), Math.Cos(High)), high = Math.Max(Math.Cos(Low), Math.Cos(High));
        double turn = Math.Floor(High / Math.PI), before = Math.Ceiling(Low / Math.PI);
        for (var k = before; k <= turn; k++)
        {
            if (Math.Abs(k % 2) < 0.5) high = 1;
            else low = -1;
        }

        return new(low, high);
    }

    public Span Sine() => (this - At(Math.PI / 2)).Cosine();
}

// Arithmetic of closed intervals of the extended real line, rounded outwards: the result of an operation contains every value that the
// operation takes on its arguments, whatever the rounding.
//   sum        the rounding error of the nearest double is found exactly (Knuth's two-sum), and an end moves by one place only if it has to
//   product    likewise, with a fused multiply-add; near underflow an end always moves
//   function   increasing or decreasing ones at the two ends, each widened by what its implementation may be off
// What is no number becomes Everything. After Moore, Interval Analysis (1966), and IEEE 1788; in deliberately plain code.

namespace SymbolicEft.Symbolic.Enclosures;

/// <summary>A closed interval [Low, High], with infinite ends where nothing is known.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>What the framework's exp, log, sin, ... may be off, in units in the last place: C libraries state at most one, and one place more is always given.</summary>
    public const int LibraryUnits = 1;

    /// <summary>The same of its hyperbolic functions and their inverses, which are stated to two.</summary>
    public const int HyperbolicUnits = 2;

    private const double Unit = 2.2204460492503131e-16;

    // Four of the smallest steps: what a function may be off where its result is subnormal.
    private const double SubnormalUnits = 2e-323;

    // Below this a product may have lost its error term to underflow.
    private const double SmallestExactProduct = 1e-290;

    /// <summary>All numbers.</summary>
    public static Interval Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>pi.</summary>
    public static Interval Pi { get; } = new(Math.PI, Math.BitIncrement(Math.PI));

    /// <summary>One number.</summary>
    public static Interval At(double value) => new(value, value);

    /// <summary>The numbers within a distance of a number.</summary>
    public static Interval Around(double value, double distance) => new(SumDown(value, -distance), SumUp(value, distance));

    /// <summary>The largest absolute value.</summary>
    public double Size => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The smallest absolute value.</summary>
    public double Smallest => Low > 0 ? Low : High < 0 ? -High : 0;

    /// <summary>A number inside, about half way.</summary>
    public double Middle => (0.5 * Low) + (0.5 * High);

    /// <summary>An upper bound of the distance from <see cref="Middle"/>.</summary>
    public double Radius => Reach(Middle);

    /// <summary>An upper bound of the distance of a number from any member.</summary>
    public double Reach(double value) => Math.Max(SumUp(High, -value), SumUp(value, -Low));

    /// <summary>True if both ends are finite.</summary>
    public bool IsBounded => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>True if it holds that number.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>The sum.</summary>
    public static Interval operator +(Interval a, Interval b) => Known(SumDown(a.Low, b.Low), SumUp(a.High, b.High));

    /// <summary>The difference.</summary>
    public static Interval operator -(Interval a, Interval b) => Known(SumDown(a.Low, -b.High), SumUp(a.High, -b.Low));

    /// <summary>The negative.</summary>
    public static Interval operator -(Interval a) => new(-a.High, -a.Low);

    /// <summary>The product.</summary>
    public static Interval operator *(Interval a, Interval b)
    {
        // The common signs first: each end is one product.
        if (a.Low >= 0)
        {
            if (b.Low >= 0) return Known(Math.Max(0, ProductDown(a.Low, b.Low)), ProductUp(a.High, b.High));
            if (b.High <= 0) return Known(ProductDown(a.High, b.Low), Math.Min(0, ProductUp(a.Low, b.High)));
            return Known(ProductDown(a.High, b.Low), ProductUp(a.High, b.High));
        }

        if (a.High <= 0) return -(-a * b);
        if (b.Low >= 0 || b.High <= 0) return b * a;
        return Known(Math.Min(ProductDown(a.Low, b.High), ProductDown(a.High, b.Low)), Math.Max(ProductUp(a.Low, b.Low), ProductUp(a.High, b.High)));
    }

    /// <summary>The product with a number.</summary>
    public static Interval operator *(double factor, Interval a) => factor >= 0
        ? Known(ProductDown(factor, a.Low), ProductUp(factor, a.High))
        : Known(ProductDown(factor, a.High), ProductUp(factor, a.Low));

    /// <summary>1/x, infinite at an end that is 0; everything where 0 is inside.</summary>
    public Interval Inverse()
    {
        if (High <= 0 && Low < 0) return -(-this).Inverse();
        return Low >= 0 && High > 0 ? new(Math.Max(0, Down(1 / High, 1)), Up(1 / Math.Abs(Low), 1)) : Everything;
    }

    /// <summary>x^2.</summary>
    public Interval Square() => Known(Math.Max(0, ProductDown(Smallest, Smallest)), ProductUp(Size, Size));

    /// <summary>The square root; everything where part of the interval is negative.</summary>
    public Interval SquareRoot() => Low >= 0 ? Known(Math.Max(0, Down(Math.Sqrt(Low), 1)), Up(Math.Sqrt(High), 1)) : Everything;

    /// <summary>x^n for a whole number n.</summary>
    public Interval Power(int n)
    {
        if (n < 0) return Power(-n).Inverse();
        if (n % 2 == 0) return n == 0 ? At(1) : Power(n / 2).Square();

        // Odd powers increase; by even ones of the ends, so that no dependence is lost.
        return n == 1 ? this : new((At(Low) * At(Low).Power(n - 1)).Low, (At(High) * At(High).Power(n - 1)).High);
    }

    /// <summary>x^p for any number p; everything where part of the interval is negative.</summary>
    public Interval Power(double p)
    {
        if (p == Math.Floor(p) && Math.Abs(p) <= 1e6) return Power((int)p);
        if (p == 0.5) return SquareRoot();
        if (!(Low >= 0)) return Everything;
        if (p < 0) return Power(-p).Inverse();
        Interval power = Increasing(x => Math.Pow(x, p), LibraryUnits);
        return power with { Low = Math.Max(0, power.Low) };
    }

    /// <summary>The image under an increasing function whose implementation is off by at most that many units in the last place.</summary>
    public Interval Increasing(Func<double, double> function, int units) => Known(Down(function(Low), units), Up(function(High), units));

    /// <summary>The image under a decreasing function.</summary>
    public Interval Decreasing(Func<double, double> function, int units) => Known(Down(function(High), units), Up(function(Low), units));

    /// <summary>The part inside another interval, which is known to hold the true values.</summary>
    public Interval Within(double low, double high) => new(Math.Max(Low, low), Math.Min(High, high));

    /// <summary>The smallest interval that holds both.</summary>
    public Interval And(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>e^x.</summary>
    public Interval Exp() => Increasing(Math.Exp, LibraryUnits).Within(0, double.PositiveInfinity);

    /// <summary>The range of the cosine.</summary>
    public Interval Cosine()
    {
        // Beyond, an argument says nothing of its angle; and a whole turn holds all values.
        if (!(Size < 1e9) || High - Low >= 6.28) return new(-1, 1);
        double a = Math.Cos(Low), b = Math.Cos(High);
        double low = Down(Math.Min(a, b), LibraryUnits), high = Up(Math.Max(a, b), LibraryUnits);

        // The turning points k pi, those that may lie just outside included.
        double slack = 1e-15 * (1 + Size);
        double last = Math.Floor((High / Math.PI) + slack);
        for (double k = Math.Ceiling((Low / Math.PI) - slack); k <= last; k++)
        {
            if (Math.Abs(k % 2) < 0.5) high = 1;
            else low = -1;
        }

        return new(Math.Max(low, -1), Math.Min(high, 1));
    }

    /// <summary>The range of the sine.</summary>
    public Interval Sine()
    {
        if (!(Size < 1e9) || High - Low >= 6.28) return new(-1, 1);
        double a = Math.Sin(Low), b = Math.Sin(High);
        double low = Down(Math.Min(a, b), LibraryUnits), high = Up(Math.Max(a, b), LibraryUnits);
        double slack = 1e-15 * (1 + Size);
        double last = Math.Floor((High / Math.PI) - 0.5 + slack);
        for (double k = Math.Ceiling((Low / Math.PI) - 0.5 - slack); k <= last; k++)
        {
            if (Math.Abs(k % 2) < 0.5) high = 1;
            else low = -1;
        }

        return new(Math.Max(low, -1), Math.Min(high, 1));
    }

    /// <summary>A lower bound of a + b.</summary>
    public static double SumDown(double a, double b)
    {
        double sum = a + b, part = sum - a, error = (a - (sum - part)) + (b - part);
        return error >= 0 ? sum : double.IsFinite(sum) ? Math.BitDecrement(sum) : Overflown(sum, a, b, -1);
    }

    /// <summary>An upper bound of a + b.</summary>
    public static double SumUp(double a, double b)
    {
        double sum = a + b, part = sum - a, error = (a - (sum - part)) + (b - part);
        return error <= 0 ? sum : double.IsFinite(sum) ? Math.BitIncrement(sum) : Overflown(sum, a, b, 1);
    }

    /// <summary>A lower bound of a b; 0 times infinity is 0, the end of an interval being what is meant.</summary>
    public static double ProductDown(double a, double b)
    {
        if (a == 0 || b == 0) return 0;
        double product = a * b;
        if (Math.Abs(product) < SmallestExactProduct) return Math.BitDecrement(product);
        if (!double.IsFinite(product)) return Overflown(product, a, b, -1);
        return Math.FusedMultiplyAdd(a, b, -product) >= 0 ? product : Math.BitDecrement(product);
    }

    /// <summary>An upper bound of a b.</summary>
    public static double ProductUp(double a, double b) => -ProductDown(-a, b);

    /// <summary>A lower bound of what a function whose result is off by at most that many units in the last place stands for.</summary>
    public static double Down(double value, int units) => double.IsPositiveInfinity(value) ? double.MaxValue : Math.BitDecrement(value - ((units * Unit * Math.Abs(value)) + SubnormalUnits));

    /// <summary>An upper bound of what such a result stands for.</summary>
    public static double Up(double value, int units) => -Down(-value, units);

    // A finite operation that overflows is still bounded by the largest double on the other side; infinite ends stay what they are.
    private static double Overflown(double value, double a, double b, int side)
    {
        if (double.IsNaN(value)) return side * double.PositiveInfinity;
        bool exact = double.IsInfinity(a) || double.IsInfinity(b);
        return exact || Math.Sign(value) == side ? value : side < 0 ? double.MaxValue : -double.MaxValue;
    }

    private static Interval Known(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? Everything : new(low, high);
}

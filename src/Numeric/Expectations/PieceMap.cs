namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// A double-exponential change of variable z(t) for one analytic piece of an integrand; t runs over the reals, and the
/// trapezoid rule in t converges geometrically whatever the end-point behaviour of the integrand.
/// </summary>
internal readonly struct PieceMap
{
    private readonly bool _finite;
    private readonly double _start;
    private readonly double _end;

    private PieceMap(bool finite, double start, double end, double lowest, double highest)
    {
        _finite = finite;
        _start = start;
        _end = end;
        LowestParameter = lowest;
        HighestParameter = highest;
    }

    /// <summary>Below this parameter the rest of the piece is below double precision.</summary>
    public double LowestParameter { get; }

    /// <summary>Above this parameter the rest of the piece is below double precision, or beyond the range.</summary>
    public double HighestParameter { get; }

    /// <summary>z = (a+b)/2 + (b-a)/2 tanh(pi/2 sinh t).</summary>
    public static PieceMap Finite(double start, double end) => new(true, start, end, -3.4, 3.4);

    /// <summary>z = a + exp(t - exp(-t)), up to z = range. It suits integrands that decay like a Gaussian.</summary>
    public static PieceMap HalfLine(double start, double range)
    {
        // Newton for t - exp(-t) = ln(range - start): increasing and concave, so from the left it converges monotonically.
        var logarithm = Math.Log(range - start);
        var highest = -4.0;
        for (var iteration = 0; iteration < 60; iteration++)
        {
            var exponential = Math.Exp(-highest);
            highest -= (highest - exponential - logarithm) / (1 + exponential);
        }

        return new PieceMap(false, start, range, -3.8, highest);
    }

    /// <summary>The point and the derivative dz/dt; the point is strictly inside the piece wherever doubles allow.</summary>
    public (double Point, double Jacobian) At(double t)
    {
        if (!_finite)
        {
            var exponential = Math.Exp(-t);
            var distance = Math.Exp(t - exponential);
            return (Inside(_start + distance), distance * (1 + exponential));
        }

        // 1 - tanh u = 2 / (exp(2u) + 1): measured from the nearer end, nothing cancels.
        var width = _end - _start;
        var u = 0.5 * Math.PI * Math.Sinh(Math.Abs(t));
        var fromEnd = width / (Math.Exp(2 * u) + 1);
        var cosine = Math.Cosh(u);
        var jacobian = 0.25 * Math.PI * width * Math.Cosh(t) / (cosine * cosine);
        return (Inside(t < 0 ? _start + fromEnd : _end - fromEnd), jacobian);
    }

    private double Inside(double point) =>
        point <= _start ? Math.BitIncrement(_start) : point >= _end ? Math.BitDecrement(_end) : point;
}

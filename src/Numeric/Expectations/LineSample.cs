namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// What is known of an integrand at a point, or of its integral: value, bound on the error of the value, E|f|, and the
/// mean slope E|df/dz| that turns rounding of arguments into error.
/// </summary>
internal readonly record struct LineSample(double Value, double Error, double Magnitude, double Slope);

/// <summary>How densely an integral looks at its integrand before it believes anything.</summary>
/// <param name="ProbeStep">Distance between the probes that find the tails, in standard deviations.</param>
/// <param name="LowestLevel">The coarsest trapezoid step that may be accepted is 2^-LowestLevel.</param>
/// <param name="WidestInterval">The widest interval adaptive integration starts from.</param>
/// <param name="MostIntervals">Where adaptive integration gives up.</param>
internal sealed record SamplingDensity(double ProbeStep, int LowestLevel, double WidestInterval, int MostIntervals)
{
    public static SamplingDensity Outer { get; } = new(0.125, 5, 0.5, 4000);

    public static SamplingDensity Nested { get; } = new(0.25, 4, 0.5, 2000);

    public static SamplingDensity Inner { get; } = new(0.5, 3, 1.0, 400);
}

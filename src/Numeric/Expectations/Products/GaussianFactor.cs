namespace SymbolicEft.Numeric.Expectations;

/// <summary>One factor f(x_i) of a product of functions of one Gaussian variable each.</summary>
/// <param name="Function">f.</param>
/// <param name="Breakpoints">Points where f is not smooth.</param>
internal sealed record GaussianFactor(Func<double, double> Function, IReadOnlyList<double> Breakpoints)
{
    /// <summary>The factor as a function of the deviation from a mean.</summary>
    internal GaussianFactor About(double mean) =>
        mean == 0 ? this : new(deviation => Function(mean + deviation), [.. Breakpoints.Select(point => point - mean)]);

    /// <summary>f(x) g(slope x).</summary>
    internal GaussianFactor Times(GaussianFactor other, double slope) => new(
        x => Function(x) * other.Function(slope * x),
        [.. Breakpoints, .. other.Breakpoints.Select(point => point / slope)]);
}

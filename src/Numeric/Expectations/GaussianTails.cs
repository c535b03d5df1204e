using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

// Where may the integral of f(z) exp(-z^2/2) / sqrt(2 pi) be cut off?
//
// 1. |f| times the density is probed from 0 out to 38.5 on either side, where the density leaves double precision. Summed from
//    the outside inwards, each step at the larger of its two ends, the probes bound the tail; the cut is where that bound
//    reaches a thousandth of the allowed error.
// 2. If f overflows on the way, the product must already be negligible and falling, and ln|f| must not be curving up as fast
//    as z^2/2 curves down; the rest is then bounded by a geometric series.
// 3. If f is still finite at 38.5, probes at geometrically growing distance look for growth faster than any Gaussian:
//    ln|f| ~ z^q with q > 2.

/// <summary>Finds the interval outside which a Gaussian integral is negligible, or that there is none.</summary>
internal static class GaussianTails
{
    private const double Last = 38.5;

    // An inner integral far out along the outer variable may be smaller than any fraction of it that double precision can hold.
    private const double SmallestAllowance = 1e-290;
    private const double InverseRootTwoPi = 0.39894228040143267794;

    /// <summary>The density of the standard normal distribution.</summary>
    public static double Density(double z) => InverseRootTwoPi * Math.Exp(-0.5 * z * z);

    /// <summary>The interval, a bound on the integral of |f| outside it, and a rough value of that inside.</summary>
    public static (double Lower, double Upper, double Bound, double Mass) Find(Func<double, LineSample> f, ReadOnlySpan<double> breakpoints, double relative, double step, string name)
    {
        var probes = (int)(Last / step) + 1;
        var above = new double[probes];
        var below = new double[probes];
        var mass = 0.0;
        for (var n = 0; n < probes; n++)
        {
            above[n] = Probe(f, breakpoints, n * step, step);
            below[n] = Probe(f, breakpoints, -n * step, step);
            if (double.IsNaN(above[n]) || double.IsNaN(below[n]))
                throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                    $"The integrand {name} is not a number {n * step:G4} standard deviations from the mean; use one that has a value everywhere."));
            if (double.IsFinite(above[n])) mass += above[n] * step * Density(n * step);
            if (double.IsFinite(below[n])) mass += below[n] * step * Density(n * step);
        }

        if (!double.IsFinite(mass))
            throw new QuadratureException($"The expectation of {name} leaves the range of double precision; {Remedy.Size}.");
        if (mass == 0) return (-10, 10, 0, 0);
        var allowed = Math.Max(1e-3 * relative * mass, SmallestAllowance);
        var (upper, upperBound) = Cut(f, 1, above, step, allowed, mass, name);
        var (lower, lowerBound) = Cut(f, -1, below, step, allowed, mass, name);
        RefuseSuperGaussian(f, 1, above, name);
        RefuseSuperGaussian(f, -1, below, name);
        return (-lower, upper, upperBound + lowerBound, mass);
    }

    private static double Probe(Func<double, LineSample> f, ReadOnlySpan<double> breakpoints, double z, double step)
    {
        foreach (var point in breakpoints)
        {
            if (Math.Abs(point - z) < 1e-9) z += step / 16;
        }

        return Size(f, z);
    }

    /// <summary>|f|, infinite where f itself is an integral that does not exist or overflows.</summary>
    private static double Size(Func<double, LineSample> f, double z)
    {
        try
        {
            return f(z).Magnitude;
        }
        catch (QuadratureException)
        {
            return double.PositiveInfinity;
        }
    }

    private static (double Cut, double Bound) Cut(Func<double, LineSample> f, int side, double[] sizes, double step, double allowed, double mass, string name)
    {
        var end = sizes.Length;
        for (var n = 0; n < sizes.Length; n++)
        {
            if (double.IsFinite(sizes[n])) continue;
            end = n;

            // An inner integral that fails close by says itself why.
            if (n * step <= 2) _ = f(side * n * step);
            break;
        }

        var tail = end < sizes.Length ? BeyondOverflow(sizes, end, step, mass, name) : 0;
        for (var n = end - 1; n > 0; n--)
        {
            tail += step * Math.Max(sizes[n] * Density(n * step), sizes[n - 1] * Density((n - 1) * step));
            if (tail <= allowed) continue;
            if (n == sizes.Length - 1) throw NotNegligible(sizes, n, step, name);
            return ((n + 1) * step, allowed);
        }

        return (step, allowed);
    }

    private static double BeyondOverflow(double[] sizes, int end, double step, double mass, string name)
    {
        var unit = (int)Math.Max(1, Math.Round(1 / step));
        if (end <= 2 * unit)
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"The integrand {name} is not finite {end * step:G4} standard deviations from the mean; use one that is finite everywhere."));
        var last = end - 1;
        var weighted = sizes[last] * Density(last * step);
        var slope = Math.Log(sizes[last] / sizes[last - unit]);
        var before = Math.Log(sizes[last - unit] / sizes[last - 2 * unit]);
        var decay = (last * step - 0.5) - slope;
        if (!(decay > 0.1) || slope - before >= 1 || weighted > 1e-20 * mass) throw NotNegligible(sizes, last, step, name);
        return weighted / decay * 2;
    }

    private static QuadratureException NotNegligible(double[] sizes, int last, double step, string name)
    {
        var unit = (int)Math.Max(1, Math.Round(1 / step));
        var here = Math.Log(sizes[last]) - 0.5 * last * step * last * step;
        var inner = Math.Log(sizes[last - unit]) - 0.5 * (last - unit) * step * (last - unit) * step;
        // x^340 overflows where it still outgrows the Gaussian, but by less and less; exp(x^2) goes on.
        double Growth(int end) => Math.Log(sizes[end] / sizes[end - unit]) / ((end - unit / 2.0) * step);
        var slows = last < sizes.Length - 1 && last >= 4 * unit && Growth(last) < 0.97 * Growth(last - 2 * unit);
        return new QuadratureException(here >= inner - 1e-9 && !slows
            ? string.Create(CultureInfo.InvariantCulture,
                $"The expectation of {name} does not exist: {last * step:G3} standard deviations from the mean the integrand still outgrows the Gaussian.")
            : string.Create(CultureInfo.InvariantCulture,
                $"The expectation of {name} cannot be computed in double precision: the integrand overflows {last * step:G3} standard deviations from the mean, where it is not yet negligible; scale the integrand or its variances down."));
    }

    private static void RefuseSuperGaussian(Func<double, LineSample> f, int side, double[] sizes, string name)
    {
        if (!double.IsFinite(sizes[^1])) return;
        var (lastZ, lastLogarithm) = (0.0, 0.0);
        for (var z = Last; z < 1e5; z *= 1.189207115002721)
        {
            var size = Size(f, side * z);
            if (!double.IsFinite(size)) return;
            var logarithm = Math.Log(size);
            if (logarithm > 50 && lastLogarithm > 50 && Math.Log(logarithm / lastLogarithm) > 2.1 * Math.Log(z / lastZ))
                throw new QuadratureException($"The expectation of {name} does not exist: the integrand grows faster than any Gaussian decays.");
            (lastZ, lastLogarithm) = (z, logarithm);
        }
    }
}

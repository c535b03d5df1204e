using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

// The integral of f(z) exp(-z^2/2) / sqrt(2 pi) over the line, with an error bound.
//
// Analytic integrands (no breakpoints): the trapezoid rule. The step is halved from 1/2; a level is accepted when
//   - it agrees with the level before to a quarter of the allowance,
//   - so does the same step on a grid shifted by an irrational fraction (levels that nest share their resonances with an
//     oscillating integrand; the shifted grid does not),
//   - the level before already agreed with its predecessor to the square root of the allowance: geometric, not lucky.
// The bound is four times the larger disagreement, which for geometric convergence is the error of the level before.
//
// Breakpoints, or a trapezoid rule that has not converged at step 1/512 (an undeclared kink): adaptive Gauss-Legendre. Each
// interval compares its 20 nodes with 20 nodes on each half; the worst interval is bisected until the sum of all
// disagreements fits. Jumps and corners are bisected down to the last bit. Intervals at infinity do not occur: GaussianTails.
//
// The bound is an estimate: a feature narrower than the spacing of all samples, about a hundredth of a standard deviation, is not
// seen unless it is declared as a breakpoint. What is proved is in the folder Proofs.

/// <summary>Integration against the standard normal density by rules that have to agree.</summary>
internal sealed class GaussianLine
{
    private const double UnitRoundoff = 1.1102230246251565e-16;
    private const int HighestLevel = 9;
    private const double Shift = 0.6180339887498949;

    private readonly Func<double, LineSample> _f;
    private readonly QuadratureTarget _target;
    private readonly SamplingDensity _density;
    private readonly string _name;

    public GaussianLine(Func<double, LineSample> f, QuadratureTarget target, SamplingDensity density, string name)
    {
        _f = f;
        _target = target;
        _density = density;
        _name = name;
    }

    /// <summary>The integral with its bound; whether that meets the target is for the caller to judge.</summary>
    public LineSample Integrate(ReadOnlySpan<double> breakpoints)
    {
        var smaller = Math.Max(_target.Relative, _target.RelativeToMagnitude);
        var (lower, upper, tail, _) = GaussianTails.Find(_f, breakpoints, smaller, _density.ProbeStep, _name);
        return (breakpoints.Length == 0 ? Trapezoid(lower, upper, tail) : null)
            ?? new AdaptiveGaussLegendre(Weighted, _target, _density).Integrate(lower, upper, tail, breakpoints.ToArray());
    }

    /// <summary>The integrand with its density, and without (for slopes).</summary>
    private LineSample Weighted(double z, out double value)
    {
        var sample = _f(z);
        var density = GaussianTails.Density(z);
        value = sample.Value;
        if (!double.IsFinite(sample.Value))
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"The integrand {_name} is not finite {z:G6} standard deviations from the mean; use one that is finite everywhere."));
        return new LineSample(sample.Value * density, sample.Error * density, sample.Magnitude * density, 0);
    }

    private LineSample? Trapezoid(double lower, double upper, double tail)
    {
        var sums = Grid(lower, upper, 0.5, 0);
        var (beforeLast, last) = (double.NaN, sums.Value);
        for (var level = 2; level <= HighestLevel; level++)
        {
            var step = Math.ScaleB(1.0, -level);
            sums = Average(sums, Grid(lower, upper, 2 * step, 0.5));
            var agreement = Math.Abs(sums.Value - last);

            // Below the rounding of the integrand itself nothing can be gained: the bound then says what is left.
            var allowance = Math.Max(0.25 * _target.Allowance(sums.Value, sums.Magnitude), 4 * sums.Error + 16 * UnitRoundoff * sums.Magnitude);
            if (level >= _density.LowestLevel && 4 * agreement <= allowance
                && Math.Abs(last - beforeLast) <= Math.Sqrt(allowance * sums.Magnitude))
            {
                var shifted = Grid(lower, upper, step, Shift);
                agreement = Math.Max(agreement, Math.Abs(sums.Value - shifted.Value));
                if (4 * agreement <= allowance) return Finish(sums, 4 * agreement + tail);
            }

            (beforeLast, last) = (last, sums.Value);
        }

        return null;
    }

    /// <summary>Adds rounding: of the sum, and of the argument, |z| u times the slope.</summary>
    internal static LineSample Finish(LineSample sums, double discretisation) =>
        sums with { Error = discretisation + sums.Error + 6 * UnitRoundoff * sums.Magnitude };

    private static LineSample Average(LineSample a, LineSample b) =>
        new(0.5 * (a.Value + b.Value), 0.5 * (a.Error + b.Error), 0.5 * (a.Magnitude + b.Magnitude), Math.Max(a.Slope, b.Slope));

    /// <summary>step times the sum over z = (k + shift) step inside the interval; compensated.</summary>
    private LineSample Grid(double lower, double upper, double step, double shift)
    {
        var first = (int)Math.Ceiling(lower / step - shift);
        var last = (int)Math.Floor(upper / step - shift);
        var total = new CompensatedSum();
        var (error, magnitude, slope) = (0.0, 0.0, 0.0);
        var previous = double.NaN;
        for (var k = first; k <= last; k++)
        {
            var z = (k + shift) * step;
            var sample = Weighted(z, out var value);
            total.Add(sample.Value);
            magnitude += sample.Magnitude;
            error += sample.Error;
            if (k > first)
            {
                var change = Math.Abs(value - previous) * GaussianTails.Density(z) / step;
                slope += change;
                error += 2 * UnitRoundoff * Math.Abs(z) * change;
            }

            previous = value;
        }

        return new LineSample(step * total.Total, step * error, step * magnitude, step * slope);
    }
}

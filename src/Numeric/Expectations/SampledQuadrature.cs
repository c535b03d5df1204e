using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// Gaussian expectations of any function of one or two variables, with an estimate of the error from rules that have to agree: trapezoid rule for
/// analytic integrands, adaptive Gauss-Legendre where there are kinks, nested in two dimensions. Nothing is proved here.
/// </summary>
/// <remarks>
/// A result either meets the target or is an exception. The delegates are taken to be accurate to a few units in the last
/// place of their values. Products of functions of three and four variables: <see cref="ProductQuadrature"/>. Instances hold
/// no state and may be shared between threads.
/// </remarks>
internal sealed class SampledQuadrature
{
    private const double EvaluationError = 8 * 1.1102230246251565e-16;
    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly QuadratureTarget _target;

    /// <summary>Quadrature with the default target, 1e-13 relative to E|f|.</summary>
    public SampledQuadrature() : this(QuadratureTarget.Default)
    {
    }

    /// <summary>Quadrature with a target.</summary>
    /// <param name="target">The accuracy to be met.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is negative, or below 1e-15 altogether.</exception>
    public SampledQuadrature(QuadratureTarget target)
    {
        if (!(target.Relative >= 0 && target.RelativeToMagnitude >= 0 && Math.Max(target.Relative, target.RelativeToMagnitude) >= 1e-15))
            throw new ArgumentOutOfRangeException(nameof(target), "A quadrature target must be at least 1e-15; double precision holds no more.");
        _target = target;
    }

    /// <summary>E[f(x)], x ~ N(0, K).</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="k">K; zero gives f(0).</param>
    /// <param name="breakpoints">Points x where f is not smooth.</param>
    /// <param name="name">The integrand's name in messages.</param>
    /// <exception cref="InvalidKernelException">K is negative or not finite.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    public ApproximateValue Expect(Func<double, double> f, double k, IReadOnlyList<double>? breakpoints = null, string name = "f(x)")
    {
        ArgumentNullException.ThrowIfNull(f);
        return Expect(x => Sample(f(x)), k, breakpoints, name);
    }

    /// <summary>E[f(x)] of a function that knows its own rounding.</summary>
    internal ApproximateValue Expect(Func<double, LineSample> f, double k, IReadOnlyList<double>? breakpoints, string name)
    {
        KernelBlock.RequireVariance(k);
        if (k == 0) return AtPoint(f(0), name);
        var deviation = Math.Sqrt(k);
        var cuts = Scale(breakpoints, 1 / deviation);
        var line = new GaussianLine(z => f(deviation * z), _target, SamplingDensity.Outer, name);
        return Require(line.Integrate(cuts), name);
    }

    /// <summary>E[f(x, y)], (x, y) ~ N(0, [[Kxx, Kxy], [Kxy, Kyy]]).</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="kxx">Kxx.</param>
    /// <param name="kxy">Kxy.</param>
    /// <param name="kyy">Kyy.</param>
    /// <param name="xBreakpoints">Values of x where f is not smooth, whatever y.</param>
    /// <param name="yBreakpoints">Values of y where f is not smooth, whatever x.</param>
    /// <param name="name">The integrand's name in messages.</param>
    /// <param name="lines">Oblique lines along which f is not smooth.</param>
    /// <remarks>Kinks anywhere else are not looked for, and may be missed.</remarks>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    public ApproximateValue Expect(
        Func<double, double, double> f, double kxx, double kxy, double kyy, IReadOnlyList<double>? xBreakpoints = null, IReadOnlyList<double>? yBreakpoints = null, string name = "f(x, y)", IReadOnlyList<KinkLine>? lines = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Expect((x, y) => Sample(f(x, y)), kxx, kxy, kyy, xBreakpoints, yBreakpoints, name, lines);
    }

    /// <summary>E[f(x, y)] of a function that knows its own rounding.</summary>
    internal ApproximateValue Expect(
        Func<double, double, LineSample> f, double kxx, double kxy, double kyy, IReadOnlyList<double>? xBreakpoints, IReadOnlyList<double>? yBreakpoints, string name, IReadOnlyList<KinkLine>? lines)
    {
        if (kxx == 0 && kxy == 0 && kyy == 0) return AtPoint(f(0, 0), name);
        return Require(Integrate(f, kxx, kxy, kyy, xBreakpoints, yBreakpoints, name, lines), name);
    }

    /// <summary>E[f(x, y)] with the bound and the magnitude that were reached, whether or not they meet the target.</summary>
    internal LineSample Integrate(Func<double, double, double> f, double kxx, double kxy, double kyy, IReadOnlyList<double>? xBreakpoints, IReadOnlyList<double>? yBreakpoints, string name) =>
        Integrate((x, y) => Sample(f(x, y)), kxx, kxy, kyy, xBreakpoints, yBreakpoints, name, null);

    private LineSample Integrate(
        Func<double, double, LineSample> f, double kxx, double kxy, double kyy, IReadOnlyList<double>? xBreakpoints, IReadOnlyList<double>? yBreakpoints, string name, IReadOnlyList<KinkLine>? oblique)
    {
        var block = KernelBlock.Factorise(kxx, kxy, kyy);
        if (kxx == 0 && kyy == 0) return f(0, 0);
        if (kxx == 0 || kyy == 0)
        {
            var deviation = kxx == 0 ? block.DeviationY : block.DeviationX;
            Func<double, LineSample> one = kxx == 0 ? z => f(0, deviation * z) : z => f(deviation * z, 0);
            double[] cuts = [.. Scale(kxx == 0 ? yBreakpoints : xBreakpoints, 1 / deviation), .. (oblique ?? []).Select(line => -line.Constant / ((kxx == 0 ? line.Y : line.X) * deviation)).Where(double.IsFinite)];
            return new GaussianLine(one, _target, SamplingDensity.Outer, name).Integrate(cuts);
        }

        var xCuts = Scale(xBreakpoints, 1 / block.DeviationX);

        // Every kink that the inner variable meets, as a line in standard units: a horizontal one for a breakpoint in y.
        KinkLine[] lines = [
            .. (yBreakpoints ?? []).Select(cut => new KinkLine(0, block.DeviationY, -cut)),
            .. (oblique ?? []).Select(line => new KinkLine(line.X * block.DeviationX, line.Y * block.DeviationY, line.Constant))];
        if (block.Complement == 0)
        {
            double[] cuts = [.. xCuts, .. lines.Select(line => -line.Constant / (line.X + (line.Y * block.Correlation))).Where(double.IsFinite)];
            var single = new GaussianLine(
                z => f(block.DeviationX * z, block.DeviationY * block.Correlation * z), _target, SamplingDensity.Outer, name);
            return single.Integrate(cuts);
        }

        var inner = new QuadratureTarget(0.2 * _target.Relative, 0.2 * Math.Max(_target.Relative, _target.RelativeToMagnitude));
        var line = new GaussianLine(z => Inner(f, block, z, lines, inner, name), _target, SamplingDensity.Nested, name);
        return line.Integrate(OuterCuts(block, xCuts, lines));
    }

    private static LineSample Inner(Func<double, double, LineSample> f, KernelBlock block, double z, KinkLine[] lines, QuadratureTarget target, string name)
    {
        var x = block.DeviationX * z;
        var centre = block.Correlation * z;
        var cuts = new double[lines.Length];
        for (var n = 0; n < cuts.Length; n++) cuts[n] = (-((lines[n].X * z) + lines[n].Constant) / lines[n].Y - centre) / block.Complement;
        var line = new GaussianLine(
            w => f(x, block.DeviationY * (centre + block.Complement * w)), target, SamplingDensity.Inner, name);
        var result = line.Integrate(cuts);

        // Rounding of rho z1 inside y: as an argument error of the inner variable it is larger by 1/s.
        return result with { Error = result.Error + 3 * UnitRoundoff * Math.Abs(centre) / block.Complement * result.Slope };
    }

    /// <summary>
    /// The kinks in x; where two lines of kinks cross; and, where a line is nearly parallel to the inner variable (nearly equal
    /// inputs), its neighbourhood: averaged over the inner variable the kink is smooth on that scale only.
    /// </summary>
    private static double[] OuterCuts(KernelBlock block, double[] xCuts, KinkLine[] lines)
    {
        var cuts = new List<double>(xCuts);
        for (var n = 0; n < lines.Length; n++)
        {
            for (var m = 0; m < n; m++)
            {
                var crossing = ((lines[m].Y * lines[n].Constant) - (lines[n].Y * lines[m].Constant)) / ((lines[n].Y * lines[m].X) - (lines[m].Y * lines[n].X));
                if (double.IsFinite(crossing)) cuts.Add(crossing);
            }

            var slope = lines[n].X + (lines[n].Y * block.Correlation);
            var width = Math.Abs(lines[n].Y * block.Complement / slope);
            if (slope == 0 || width > 0.5) continue;
            var centre = -lines[n].Constant / slope;
            cuts.AddRange([centre - (10 * width), centre - (3 * width), centre, centre + (3 * width), centre + (10 * width)]);
        }

        return [.. cuts];
    }

    private static double[] Scale(IReadOnlyList<double>? points, double factor) =>
        points is null ? [] : [.. points.Select(point => point * factor)];

    private static LineSample Sample(double value) => new(value, EvaluationError * Math.Abs(value), Math.Abs(value), 0);

    /// <summary>A value with its rounding, <paramref name="units"/> units in all, and eight of its own at least.</summary>
    internal static LineSample Sample(double value, double units) =>
        new(value, Math.Max(EvaluationError * Math.Abs(value), UnitRoundoff * units), Math.Abs(value), 0);

    private static ApproximateValue AtPoint(LineSample sample, string name)
    {
        if (!double.IsFinite(sample.Value))
            throw new QuadratureException($"The expectation of {name} at K = 0 is its value at 0, which is not finite.");
        return new ApproximateValue(sample.Value, sample.Error);
    }

    private ApproximateValue Require(LineSample result, string name)
    {
        if (double.IsFinite(result.Value) && result.Error <= _target.Allowance(result.Value, result.Magnitude))
            return new ApproximateValue(result.Value, result.Error);
        throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
            $"The expectation of {name} is known only as {result.Value:R} +- {result.Error:E1}, not to the target ({_target.Relative:G2} of its value or {_target.RelativeToMagnitude:G2} of its magnitude {result.Magnitude:G3}); {Remedy.Smoothness}."));
    }
}

/// <summary>A line X x + Y y + Constant = 0 in the plane, Y not 0.</summary>
/// <param name="X">Coefficient of x.</param>
/// <param name="Y">Coefficient of y.</param>
/// <param name="Constant">The rest.</param>
internal readonly record struct KinkLine(double X, double Y, double Constant);

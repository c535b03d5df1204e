using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

// E[f_1(x_1) ... f_n(x_n)], n <= 4:
//   1. A variable of variance 0 is a number; of two variables of correlation 1 or -1 one is a multiple of the other, and their
//      factors merge; groups of variables that are independent of each other factorise.
//   2. One or two variables left: SampledQuadrature.
//   3. Three or four: two groups of at most two, in canonical coordinates (CanonicalExpansion); of the three ways to form
//      groups, the one with the fewest modes.
//   4. If all of them converge too slowly (the groups nearly determine each other): the sampled line integral over one
//      variable, of the expansion of the others given that variable. The variable is the one that leaves the fewest modes;
//      if three nearly equal variables leave nothing that converges, the other two are integrated directly.
// Whatever cannot be brought to the target is an exception.

/// <summary>
/// Gaussian expectations of products of functions of one variable each, up to four variables, with a conservative error bound.
/// </summary>
internal sealed class ProductQuadrature
{
    private const int MostVariables = 4;
    private static readonly (int[] First, int[] Second)[][] Groupings =
    [
        [],
        [],
        [([0], [1])],
        [([0, 1], [2]), ([0, 2], [1]), ([1, 2], [0])],
        [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])],
    ];

    private readonly QuadratureTarget _target;
    private readonly SampledQuadrature _sampled;

    /// <summary>Quadrature with the default target, 1e-13 relative to E|f|.</summary>
    public ProductQuadrature() : this(QuadratureTarget.Default)
    {
    }

    /// <summary>Quadrature with a target.</summary>
    /// <param name="target">The accuracy to be met.</param>
    public ProductQuadrature(QuadratureTarget target) => (_target, _sampled) = (target, new SampledQuadrature(target));

    /// <summary>The expectation of the product of all factors.</summary>
    /// <param name="factors">f_1 .. f_n, n up to 4.</param>
    /// <param name="kernel">The covariance of x_1 .. x_n; positive semidefinite.</param>
    /// <param name="name">The integrand's name in messages.</param>
    /// <exception cref="ArgumentException">There are no factors, more than four, or not as many as the kernel has rows.</exception>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    public ApproximateValue Expect(IReadOnlyList<GaussianFactor> factors, double[,] kernel, string name = "the product")
    {
        ArgumentNullException.ThrowIfNull(factors);
        ArgumentNullException.ThrowIfNull(kernel);
        if (factors.Count is 0 or > MostVariables || kernel.GetLength(0) != factors.Count || kernel.GetLength(1) != factors.Count)
            throw new ArgumentException($"A product of one to {MostVariables} factors and a kernel of as many rows are needed, not {factors.Count} factors and {kernel.GetLength(0)} x {kernel.GetLength(1)} entries.", nameof(factors));
        var (reduced, covariance, constant) = GaussianReduction.Reduce(factors, kernel);
        var product = new ApproximateValue(constant, 1e-15 * Math.Abs(constant));
        foreach (var block in GaussianReduction.IndependentBlocks(covariance))
        {
            var value = Block([.. block.Select(variable => reduced[variable])], GaussianReduction.Part(covariance, block), name);
            product = new ApproximateValue(
                product.Value * value.Value,
                (Math.Abs(product.Value) * value.ErrorBound) + (product.ErrorBound * (Math.Abs(value.Value) + value.ErrorBound)) + (1e-16 * Math.Abs(product.Value * value.Value)));
        }

        return product;
    }

    private ApproximateValue Block(GaussianFactor[] factors, double[,] kernel, string name)
    {
        switch (factors.Length)
        {
            case 1:
                return _sampled.Expect(factors[0].Function, kernel[0, 0], factors[0].Breakpoints, name);
            case 2:
                return _sampled.Expect(
                    (x, y) => factors[0].Function(x) * factors[1].Function(y), kernel[0, 0], kernel[0, 1], kernel[1, 1], factors[0].Breakpoints, factors[1].Breakpoints, name);
        }

        var result = Expansion(factors, kernel, out var cost);
        if (double.IsInfinity(cost) || !Meets(result)) result = Better(result, Conditioned(factors, kernel, name));
        if (Meets(result)) return new ApproximateValue(result.Value, result.Error);
        throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
            $"The expectation of {name} is known only as {result.Value:R} +- {result.Error:E1}, not to the target ({_target.Relative:G2} of its value or {_target.RelativeToMagnitude:G2} of its magnitude, about {result.Magnitude:G3}); the inputs nearly determine each other, or a factor grows too fast: move the inputs apart, or use smaller variances."));
    }

    private static LineSample Better(LineSample first, LineSample second) => second.Error < first.Error ? second : first;

    private bool Meets(LineSample result) => double.IsFinite(result.Value) && result.Error <= _target.Allowance(result.Value, result.Magnitude);

    /// <summary>The expansion with the fewest modes; not evaluated where even that has too many.</summary>
    private LineSample Expansion(GaussianFactor[] factors, double[,] kernel, out double cost)
    {
        var best = Cheapest(factors, kernel);
        cost = best.Cost;
        var nothing = new LineSample(double.NaN, double.PositiveInfinity, 0, 0);
        if (double.IsInfinity(cost)) return nothing;
        var magnitude = GaussianReduction.Magnitude(factors, kernel);
        try
        {
            return best.Evaluate(0.5 * _target.Allowance(0, magnitude), magnitude);
        }
        catch (QuadratureException)
        {
            return nothing with { Magnitude = magnitude }; // factors that grow fast: the line integral judges them
        }
    }

    private static CanonicalExpansion Cheapest(GaussianFactor[] factors, double[,] kernel) =>
        Groupings[factors.Length].Select(groups => new CanonicalExpansion(factors, CanonicalFrame.Of(kernel, groups.First, groups.Second))).MinBy(expansion => expansion.Cost)!;

    // The line integral over one variable of what the others give.
    private LineSample Conditioned(GaussianFactor[] factors, double[,] kernel, string name)
    {
        var (outer, rest, cost) = Enumerable.Range(0, factors.Length)
            .Select(given => (Given: given, Law: new GaussianConditional(kernel, given)))
            .Select(each => (each.Given, each.Law, Cost: CostOf(factors, each.Law)))
            .MinBy(each => each.Cost);
        if (double.IsInfinity(cost) && factors.Length > 3)
            throw new QuadratureException($"The expectation of {name} cannot be computed: of its {factors.Length} inputs more than two nearly determine each other; make them equal, or move them apart.");
        var deviation = Math.Sqrt(kernel[outer, outer]);
        // Errors of the integrand are rough, and a line integral converges on smooth ones only: they stay far below any target.
        var inner = new ProductQuadrature(new QuadratureTarget(2e-14, 2e-14));
        var line = new GaussianLine(
            z =>
            {
                var f = factors[outer].Function(deviation * z);
                if (f == 0) return default;
                var value = inner.Given([.. rest.Others.Select((other, at) => factors[other].About(rest.Slopes[at] * deviation * z))], rest.Covariance, name);
                return new LineSample(f * value.Value, (Math.Abs(f) * value.Error) + (1e-15 * Math.Abs(f * value.Value)), Math.Abs(f) * value.Magnitude, 0);
            },
            _target, factors.Length == 3 ? SamplingDensity.Nested : SamplingDensity.Inner, name);
        return line.Integrate(rest.OuterCuts(factors, outer));
    }

    private static double CostOf(GaussianFactor[] factors, GaussianConditional rest)
    {
        var (reduced, covariance, _) = GaussianReduction.Reduce([.. rest.Others.Select(other => factors[other])], rest.Covariance);
        return reduced.Count < 2 ? reduced.Count : Cheapest([.. reduced], covariance).Cost;
    }

    // Like Expect, but says how far it came instead of refusing.
    private LineSample Given(GaussianFactor[] factors, double[,] kernel, string name)
    {
        var (reduced, covariance, constant) = GaussianReduction.Reduce(factors, kernel);
        return reduced.Count == 0
            ? new LineSample(constant, 1e-15 * Math.Abs(constant), Math.Abs(constant), 0)
            : Scale(reduced.Count == 1 ? Single(reduced[0]) : Several([.. reduced]), constant);

        LineSample Single(GaussianFactor factor) =>
            _sampled.Integrate((x, _) => factor.Function(x), covariance[0, 0], 0, 0, factor.Breakpoints, [], name);

        LineSample Several(GaussianFactor[] left)
        {
            var result = Expansion(left, covariance, out var cost);
            if (left.Length > 2 || (!double.IsInfinity(cost) && Meets(result))) return result;
            return Better(result, _sampled.Integrate(
                (x, y) => left[0].Function(x) * left[1].Function(y), covariance[0, 0], covariance[0, 1], covariance[1, 1], left[0].Breakpoints, left[1].Breakpoints, name));
        }
    }

    private static LineSample Scale(LineSample sample, double factor) => factor == 1
        ? sample
        : new LineSample(factor * sample.Value, Math.Abs(factor) * (sample.Error + (2e-16 * Math.Abs(sample.Value))), Math.Abs(factor) * sample.Magnitude, Math.Abs(factor) * sample.Slope);
}

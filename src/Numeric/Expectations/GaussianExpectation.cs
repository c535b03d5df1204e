// One expectation, by whatever serves it best:
//   1. A closed form, with the bound of its rounding, where the program finds one; if its terms nearly cancel and quadrature
//      knows more, the quadrature's number.
//   2. In one and two variables a proof: quadrature whose error is bounded by interval arithmetic (folder Proofs); in three and four term by
//      term, where no more than two of a term's variables depend on each other.
//   3. In three and four that do, where an estimate is asked for, the Hermite expansion of a product of functions of one variable each.
// Variables that do not occur are left out; what no route brings to the target is an exception. Where an estimate is asked for, sampled
// quadrature takes the place of the proof.

using System.Globalization;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>The value of a Gaussian expectation and how it was found.</summary>
/// <param name="Value">The value.</param>
/// <param name="ErrorBound">A bound of its absolute error.</param>
/// <param name="IsClosedForm">True if the value is that of the closed form.</param>
/// <param name="ClosedForm">The closed form, where there is one.</param>
public sealed record ExpectationResult(double Value, double ErrorBound, bool IsClosedForm, string? ClosedForm)
{
    /// <summary>False where the bound is an estimate: that of sums that agree on several grids, or of Gauss-Hermite nodes.</summary>
    public bool IsProved { get; init; } = true;
}

/// <summary>Gaussian expectations of expressions in up to four variables, with error bounds.</summary>
public static class GaussianExpectation
{
    // Of the value itself: where the terms of a closed form cancel further than this, samples may know more.
    private const double ClosedFormTarget = 1e-12;

    /// <summary>The expectation of an expression in x ~ N(0, variance): Evaluate("tanh(x)^2", 4.37).</summary>
    /// <param name="integrand">The expression, which may use the known activations.</param>
    /// <param name="variance">The variance of x.</param>
    /// <exception cref="ExpressionSyntaxException">The text is no expression.</exception>
    /// <exception cref="NotSupportedException">There is no closed form, and the integrand is of no kind that is integrated.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist.</exception>
    /// <exception cref="InvalidKernelException">The variance is none.</exception>
    public static ExpectationResult Evaluate(string integrand, double variance) => Evaluate(integrand, new[,] { { variance } });

    /// <summary>The expectation of an expression in x, y, z, w with a covariance: Evaluate("tanh(x)*tanh(y)", new[,] { { 2, 0.6 }, { 0.6, 2 } }).</summary>
    /// <param name="integrand">The expression, which may use the known activations.</param>
    /// <param name="kernel">The covariance of x, y, ..., for at least the variables that occur; positive semidefinite.</param>
    /// <exception cref="ExpressionSyntaxException">The text is no expression.</exception>
    /// <exception cref="NotSupportedException">There is no closed form, and the integrand is of no kind that is integrated.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist.</exception>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    public static ExpectationResult Evaluate(string integrand, double[,] kernel) => Evaluate(Parse(integrand), kernel);

    /// <summary>Reads an expression in x, y, z, w.</summary>
    /// <param name="integrand">The text, which may use the known activations.</param>
    /// <exception cref="ExpressionSyntaxException">It is no expression.</exception>
    public static Expression Parse(string integrand) =>
        ExpressionParser.Parse(integrand, Dialect.Activations, [.. ClosedForm.Variables.Select(variable => variable.Name)]);

    /// <summary>The expectation of an expression in <see cref="ClosedForm.Variables"/>.</summary>
    /// <param name="integrand">The expression.</param>
    /// <param name="kernel">The covariance of x, y, ..., for at least the variables that occur; positive semidefinite.</param>
    /// <exception cref="NotSupportedException">There is no closed form, and the integrand is of no kind that is integrated.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist.</exception>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="ArgumentException">The kernel is not square, or has no row for a variable that occurs.</exception>
    public static ExpectationResult Evaluate(Expression integrand, double[,] kernel) => Evaluate(integrand, kernel, estimated: false);

    /// <summary>The expectation, with a proof or, where that is enough, with an estimate of its error.</summary>
    /// <param name="integrand">The expression.</param>
    /// <param name="kernel">The covariance of x, y, ..., for at least the variables that occur; positive semidefinite.</param>
    /// <param name="estimated">True: what has no closed form is summed on grids that have to agree, which proves nothing; the result says so.</param>
    /// <exception cref="NotSupportedException">There is no closed form, and the integrand is of no kind that is integrated.</exception>
    /// <exception cref="QuadratureException">The expectation does not exist, or the target cannot be met.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist.</exception>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="ArgumentException">The kernel is not square, or has no row for a variable that occurs.</exception>
    public static ExpectationResult Evaluate(Expression integrand, double[,] kernel, bool estimated)
    {
        ArgumentNullException.ThrowIfNull(integrand);
        ArgumentNullException.ThrowIfNull(kernel);
        int[] used = Occurring(integrand);
        RequireRows(kernel, used);
        double[,] covariance = GaussianReduction.Part(kernel, used);
        if (Closed(integrand, used) is not { } closed)
        {
            if (used.Length > 1 && OneForm.TryRead(integrand, [.. used.Select(at => ClosedForm.Variables[at])]) is var (reduced, slopes))
                return OfOneForm(reduced, slopes, used[0], covariance, estimated);
            if (HasDelta(integrand)) return Conditioned(integrand, kernel, estimated);
            try
            {
                ApproximateValue integral = Integrate(integrand, used, covariance, estimated);
                return new(integral.Value, integral.ErrorBound, false, null) { IsProved = !estimated };
            }
            catch (QuadratureException) when (SingularIntegrand.Explain(integrand, used.Select(at => ClosedForm.Variables[at]).ToArray()) is { } sentence)
            {
                throw new DivergentExpectationException(sentence);
            }
        }

        double value = closed.Evaluate(covariance, out double rounding);
        return Closer(closed, value, rounding, Integral, !estimated);

        // The variance of one form cancels less than the closed form in all of its variables.
        ApproximateValue Integral()
        {
            if (used.Length < 2 || OneForm.TryRead(integrand, [.. used.Select(at => ClosedForm.Variables[at])]) is not var (reduced, slopes)) return Integrate(integrand, used, covariance, estimated);
            ExpectationResult ofForm = OfOneForm(reduced, slopes, used[0], covariance, estimated);
            return new(ofForm.Value, ofForm.ErrorBound);
        }
    }

    // The closed form's number, or the integral's where rounding leaves less of it.
    private static ExpectationResult Closer(ClosedFormExpectation closed, double value, double rounding, Func<ApproximateValue> integrate, bool isProved)
    {
        if (rounding <= ClosedFormTarget * Math.Abs(value))
            return new(value, rounding, true, closed.ToString());
        try
        {
            ApproximateValue integrated = integrate();
            if (integrated.ErrorBound < rounding)
                return new(integrated.Value, integrated.ErrorBound, false, closed.ToString()) { IsProved = isProved };
        }
        catch (Exception failure) when (failure is QuadratureException or NotSupportedException)
        {
            // A delta, say, which only the closed form can take.
        }

        return double.IsFinite(rounding)
            ? new(value, rounding, true, closed.ToString())
            : throw new QuadratureException($"E[{closed.Integrand}] = {closed} cannot be evaluated at this kernel: its terms cancel to nothing; use smaller variances, or lower powers.");
    }

    /// <summary>The sum over the nodes of a Gauss-Hermite rule, with its error measured as the distance from the value that <see cref="Evaluate(Expression, double[,])"/> finds.</summary>
    /// <param name="integrand">An expression in x, or in x and y.</param>
    /// <param name="kernel">The covariance of x, y.</param>
    /// <param name="nodes">Number of nodes in each direction.</param>
    /// <exception cref="NotSupportedException">The expression has more variables.</exception>
    public static ExpectationResult NodeSum(Expression integrand, double[,] kernel, int nodes)
    {
        int[] used = Occurring(integrand);
        if (used.Length > 2)
            throw new NotSupportedException($"gauss-hermite({nodes.ToString(CultureInfo.InvariantCulture)}) is for one or two variables, and {integrand} has {used.Length.ToString(CultureInfo.InvariantCulture)}; use certified.");
        RequireRows(kernel, used);
        var rule = new GaussHermiteQuadrature(nodes);
        double[,] k = GaussianReduction.Part(kernel, used);
        double sum = used.Length switch
        {
            0 => integrand.Evaluate(NoAtoms),
            1 => rule.Expect(ScalarCompiler.Compile(integrand, ClosedForm.Variables[used[0]]), k[0, 0]),
            _ => rule.Expect(ScalarCompiler.Compile(integrand, ClosedForm.Variables[used[0]], ClosedForm.Variables[used[1]]), k[0, 0], k[0, 1], k[1, 1]),
        };
        ExpectationResult reference = Evaluate(integrand, kernel);
        return new(sum, Math.Abs(sum - reference.Value) + reference.ErrorBound, false, null) { IsProved = reference.IsProved };
    }

    private static void RequireRows(double[,] kernel, int[] used)
    {
        int rows = kernel.GetLength(0), columns = kernel.GetLength(1);
        if (rows != columns)
            throw new ArgumentException($"The kernel is {rows} x {columns}; a covariance is square.", nameof(kernel));
        if (used.Length > 0 && used[^1] >= rows)
            throw new ArgumentException($"The expression uses {ClosedForm.Variables[used[^1]].Name} and the kernel is {rows} x {rows}; give a covariance for all of {string.Join(", ", ClosedForm.Variables.Take(used[^1] + 1).Select(variable => variable.Name))}.", nameof(kernel));
    }

    // In one variable, the first, of the variance of the form.
    private static ExpectationResult OfOneForm(Expression integrand, Rational[] slopes, int first, double[,] covariance, bool estimated)
    {
        Rational exact = Rational.Zero, size = Rational.Zero;
        for (int i = 0; i < slopes.Length; i++)
        {
            for (int j = 0; j < slopes.Length; j++)
            {
                if (!double.IsFinite(covariance[i, j]))
                    throw new InvalidKernelException($"The kernel entry {covariance[i, j].ToString("R", CultureInfo.InvariantCulture)} is not a finite number.");
                Rational part = slopes[i] * Rational.Exactly(covariance[i, j]) * slopes[j];
                (exact, size) = (exact + part, size + Rational.Abs(part));
            }
        }

        double nearest = exact.ToDouble();
        if (nearest < -1e-12 * size.ToDouble())
            throw new InvalidKernelException($"The kernel is not positive semidefinite: the variance of the form that {integrand} sees would be {nearest.ToString("R", CultureInfo.InvariantCulture)}.");
        Interval variance = exact.Sign > 0 ? EnclosureProgram.Enclose(exact) : Interval.At(0);
        var kernel = new double[first + 1, first + 1];
        kernel[first, first] = exact.Sign > 0 ? nearest : 0;
        ClosedFormExpectation? closed = Closed(integrand, [first]);
        if (estimated || variance.High == 0 || (closed is null && HasDelta(integrand)))
            return Evaluate(integrand, kernel, estimated) is var result && variance.Low < variance.High ? result with { IsClosedForm = false, ClosedForm = null, IsProved = false } : result;

        // For all variances of an interval about the exact one.
        ApproximateValue Proved() => ProvenExpectation.Of(integrand, ClosedForm.Variables[first], variance);
        if (closed is null)
        {
            ApproximateValue proved = Proved();
            return new(proved.Value, proved.ErrorBound, false, null);
        }

        double value = closed.Evaluate(new[,] { { nearest } });
        return Closer(closed, value, closed.Range(variance).Reach(value), Proved, isProved: true) with { IsClosedForm = false, ClosedForm = null };
    }

    private static bool HasDelta(Expression integrand) =>
        integrand.Nodes().Any(node => node is Call { Function: var function } && DeltaFunctions.OrderOf(function) is not null);

    // Term by term: a delta of one variable is taken off by conditioning.
    private static ExpectationResult Conditioned(Expression integrand, double[,] kernel, bool estimated)
    {
        double value = 0, bound = 0;
        bool proved = true;
        if (integrand.TermsExpanded() > IntegrandReader.MostTerms)
            throw new NotSupportedException($"E[{integrand}] has more than {IntegrandReader.MostTerms} terms when it is multiplied out; write it with lower powers.");
        foreach (Expression term in integrand.Expand().Terms)
        {
            if (!HasDelta(term))
            {
                ExpectationResult plain = Evaluate(term, kernel, estimated);
                proved &= plain.IsProved;
                (value, bound) = (value + plain.Value, bound + plain.ErrorBound);
            }
            else if (DeltaConditioning.TryTake(term, kernel) is { } taken)
            {
                ExpectationResult rest = Evaluate(taken.Rest, taken.Kernel, estimated);
                proved &= rest.IsProved;
                value += taken.Density * rest.Value;
                bound += (taken.Density * rest.ErrorBound) + (taken.DensityError * Math.Abs(rest.Value));
            }
            else
            {
                throw new NotSupportedException($"E[{integrand}] has no closed form that symeft knows, and the delta in {term} cannot be sampled.");
            }

            bound += 2.3e-16 * Math.Abs(value);
        }

        return new(value, bound, false, null) { IsProved = proved };
    }

    private static int[] Occurring(Expression integrand) =>
        [.. Enumerable.Range(0, ClosedForm.Variables.Count).Where(at => integrand.Nodes().Contains(ClosedForm.Variables[at]))];

    private static ClosedFormExpectation? Closed(Expression integrand, int[] used) =>
        ClosedForm.TryFind(integrand, [.. used.Select(at => ClosedForm.Variables[at])], (i, j) => ClosedForm.KernelEntry(used[i], used[j]));

    private static ApproximateValue Integrate(Expression integrand, int[] used, double[,] kernel, bool estimated)
    {
        if (HasDelta(integrand))
            throw new NotSupportedException($"E[{integrand}] has no closed form that symeft knows, and its delta cannot be sampled.");
        if (integrand.Nodes().Count is > MostParts and var parts)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"The expression has no closed form that symeft knows and {parts:N0} different parts, and at most {MostParts:N0} are integrated; write it with fewer terms."));
        Symbol[] variables = [.. used.Select(at => ClosedForm.Variables[at])];
        if (estimated) return Estimate(integrand, used, variables, kernel);
        if (used.Length > 2) return IntegrateProducts(integrand, used, variables, kernel, estimated);
        try
        {
            return ProvenExpectation.Of(integrand, variables, kernel);
        }
        catch (QuadratureException)
        {
            // Where samples say why there is no such number, that is the better reason.
            _ = Estimate(integrand, used, variables, kernel);
            throw;
        }
    }

    // Sums over grids that have to agree.
    private static ApproximateValue Estimate(Expression integrand, int[] used, Symbol[] variables, double[,] kernel)
    {
        var quadrature = new SampledQuadrature();
        switch (used.Length)
        {
            case 0:
                double constant = integrand.Evaluate(NoAtoms);
                return new(constant, SampledQuadrature.Sample(constant, RoundingExpression.Absolute(integrand).Evaluate(NoAtoms)).Error);
            case 1:
                return Seen(quadrature.Expect(Sampled(integrand, variables[0]), kernel[0, 0], Breaks(integrand, variables[0], variables), integrand.ToString()));
            case 2:
                (List<KinkLine> lines, List<double> verticals) = Lines(integrand, variables[0], variables[1]);
                return Seen(quadrature.Expect(
                    Sampled(integrand, variables[0], variables[1]), kernel[0, 0], kernel[0, 1], kernel[1, 1],
                    [.. Breaks(integrand, variables[0], variables), .. verticals], Breaks(integrand, variables[1], variables), integrand.ToString(), lines));
            default:
                return IntegrateProducts(integrand, used, variables, kernel, estimated: true);
        }

        ApproximateValue Seen(ApproximateValue found) => found is not { Value: 0, ErrorBound: 0 } || kernel.Cast<double>().All(entry => entry == 0)
            ? found
            : throw new QuadratureException($"The expectation of {integrand} cannot be estimated: it is 0 at every sample, which says nothing of what is in between; use certified.");
    }

    // The rounding of each part is followed by an expression that is several times as long.
    private const int MostParts = 6_000;

    // Beyond this many units in the last place the rounding of the integrand is computed along with it.
    private const double OrdinaryRounding = 10;

    private static Func<double, LineSample> Sampled(Expression integrand, Symbol x)
    {
        Func<double, double> value = ScalarCompiler.Compile(integrand, x);
        double relative = RoundingExpression.Relative(integrand);
        if (relative <= OrdinaryRounding)
            return at => value(at) is var v ? SampledQuadrature.Sample(v, relative * Math.Abs(v)) : default;
        Func<double, double> units = ScalarCompiler.Compile(RoundingExpression.Absolute(integrand), x);
        return at => Known(value(at), units(at));
    }

    private static Func<double, double, LineSample> Sampled(Expression integrand, Symbol x, Symbol y)
    {
        Func<double, double, double> value = ScalarCompiler.Compile(integrand, x, y);
        double relative = RoundingExpression.Relative(integrand);
        if (relative <= OrdinaryRounding)
            return (a, b) => value(a, b) is var v ? SampledQuadrature.Sample(v, relative * Math.Abs(v)) : default;
        Func<double, double, double> units = ScalarCompiler.Compile(RoundingExpression.Absolute(integrand), x, y);
        return (a, b) => Known(value(a, b), units(a, b));
    }

    // Where a part of the error leaves double precision, so does the value, to 0; anywhere else nothing is known.
    private static LineSample Known(double value, double units) =>
        SampledQuadrature.Sample(value, !double.IsNaN(units) ? units : value == 0 ? 0 : double.PositiveInfinity);

    private static ApproximateValue IntegrateProducts(Expression integrand, int[] used, Symbol[] variables, double[,] kernel, bool estimated)
    {
        if (SeparableIntegrand.TryRead(integrand, variables, out Expression? mixed) is not { } terms)
            throw new NotSupportedException($"E[{integrand}] has no closed form that symeft knows, and {mixed} mixes variables: with {variables.Length} variables, sums of products of functions of one variable each are integrated.");
        var products = new ProductQuadrature();
        double value = 0, bound = 0, sizes = 0;
        foreach (SeparableTerm term in terms)
        {
            ApproximateValue part = Term(term);
            value += part.Value;
            bound += part.ErrorBound + (2.3e-16 * Math.Abs(value));
            sizes += Math.Abs(part.Value);
        }

        if (terms.Count > 1 && !(bound <= 1e-12 * Math.Max(Math.Abs(value), 1e-2 * sizes)))
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture, $"The expectation of {integrand} is known only as {value:R} +- {bound:E1}: its {terms.Count} terms nearly cancel; write it in fewer."));
        return new(value, bound);

        ApproximateValue Term(SeparableTerm term)
        {
            int[] all = [.. term.Variables.Select(at => used[at])];
            double[,] covariance = GaussianReduction.Part(kernel, [.. term.Variables]);
            if (Closed(term.Term, all) is { } closed)
                return new(closed.Evaluate(covariance, out double rounding), rounding);
            if (!estimated) return Blocks(term, covariance);
            ApproximateValue product = products.Expect(
                [.. term.Functions.Select((function, at) => SeparableIntegrand.Factor(function, variables[term.Variables[at]]))], covariance, term.Term.ToString());
            return new(term.Coefficient * product.Value, (Math.Abs(term.Coefficient) * product.ErrorBound) + (2.3e-16 * Math.Abs(term.Coefficient * product.Value)));
        }

        // Variables that are independent of each other, at most two of them dependent: a product of proofs.
        ApproximateValue Blocks(SeparableTerm term, double[,] covariance)
        {
            Interval product = Interval.At(1);
            List<int[]> blocks = GaussianReduction.IndependentBlocks(covariance);
            foreach (int[] block in blocks)
            {
                if (block.Length > 2)
                    throw new QuadratureException(string.Create(CultureInfo.InvariantCulture, $"The expectation of {integrand} is not proved: in {term.Term} {block.Length} variables depend on each other, and proofs reach two. --quadrature estimated computes it without proof."));
                Symbol[] own = [.. block.Select(at => variables[term.Variables[at]])];
                Expression part = Product.Of([.. term.Term.Factors.ToArray().Where(factor => own.Any(factor.Contains) || (block == blocks[0] && !variables.Any(factor.Contains)))]);
                ApproximateValue value = Integrate(part, [.. block.Select(at => used[term.Variables[at]])], GaussianReduction.Part(covariance, block), estimated: false);
                product *= Interval.Around(value.Value, value.ErrorBound);
            }

            return new(product.Middle, product.Radius);
        }
    }

    // Lines along which a kink mixes the two variables: every factor of the argument that has both must be linear in them. Anything else is
    // refused, since a kink that nobody declared can be missed between the samples.
    private static (List<KinkLine> Lines, List<double> Verticals) Lines(Expression integrand, Symbol x, Symbol y)
    {
        var lines = new List<KinkLine>();
        var verticals = new List<double>();
        foreach (Expression node in integrand.Nodes())
        {
            if (node is Call { Function.IsSmooth: false } call && call.Contains(x) && call.Contains(y)) Collect(call.Operands[0], call);
        }

        return (lines, verticals);

        void Collect(Expression argument, Call call)
        {
            if (!argument.Contains(x) || !argument.Contains(y))
            {
                // A factor of one variable: its zeros are kinks wherever the other variable is.
                foreach ((Symbol own, bool isX) in new[] { (x, true), (y, false) })
                {
                    if (!argument.Contains(own)) continue;
                    foreach (KinkPoint kink in Kinks.Find(Call.Of(ElementaryFunctions.Abs, [argument]), own))
                    {
                        if (isX) verticals.Add(kink.Value);
                        else lines.Add(new(0, 1, -kink.Value));
                    }
                }

                return;
            }

            switch (argument)
            {
                case Product product:
                    foreach (Expression factor in product.Operands) Collect(factor, call);
                    return;
                case Power { Exponent: Number { Value.Sign: > 0 } } power:
                    Collect(power.Base, call);
                    return;
                case Call { Function: var f } inner when f == ElementaryFunctions.Tanh || f == ElementaryFunctions.Sinh || f == ElementaryFunctions.Erf || f == ElementaryFunctions.ArcTan:
                    Collect(inner.Operands[0], call);
                    return;
            }

            if (PolynomialCoefficients.TryRead(argument, y) is [var rest, var slope] && PolynomialCoefficients.TryRead(rest, x) is [var constant, var other]
                && Number(slope) is { } ySlope && Number(other) is { } xSlope && Number(constant) is { } shift)
            {
                lines.Add(new(xSlope, ySlope, shift));
                return;
            }

            throw Curve(call);
        }

        static double? Number(Expression value) => value.Nodes().Any(node => node is Symbol) ? null : value.Evaluate(NoAtoms);

        NotSupportedException Curve(Call call) =>
            new($"E[{integrand}] has no closed form that symeft knows, and the kink of {call} lies along a curve that cannot be located; kinks along straight lines such as abs(x - 2*y) can.");
    }

    // Points where the integrand is not smooth in one variable, whatever the others.
    private static double[] Breaks(Expression integrand, Symbol variable, Symbol[] variables)
    {
        var points = new SortedSet<double>();
        foreach (Expression node in integrand.Nodes())
        {
            if (!node.Contains(variable) || variables.Any(other => other != variable && node.Contains(other)) || Singular(node) is not { } singular)
                continue;
            try
            {
                foreach (KinkPoint kink in Kinks.Find(singular, variable))
                    points.Add(kink.Value);
            }
            catch (NotSupportedException)
            {
                // abs(sin(x)): infinitely many.
            }
        }

        return [.. points];
    }

    // What has a kink where the node is not analytic: a function with a kink, and where a base or the argument of a logarithm is 0. A delta
    // sees every root, also the double one of x^2.
    private static Expression? Singular(Expression node) => node switch
    {
        Call { Function: var f } call when f == ElementaryFunctions.Ln => Call.Of(ElementaryFunctions.Delta, [call.Operands[0]]),
        Call call => call.Function.IsSmooth ? null : call,
        Power { Exponent: Number { Value: { IsInteger: true, Sign: > 0 } } } => null,
        Power power => Call.Of(ElementaryFunctions.Delta, [power.Base]),
        _ => null,
    };

    private static readonly Dictionary<Expression, double> NoAtoms = [];
}

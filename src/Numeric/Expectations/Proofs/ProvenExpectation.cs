using System.Globalization;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Gaussian expectations of expressions in at most two variables whose bounds are proved.</summary>
internal static class ProvenExpectation
{
    // Of E|f|. What is proved to be wider is no longer called a value.
    private const double Widest = 1e-12;

    /// <summary>The expectation.</summary>
    /// <param name="integrand">The integrand; no deltas.</param>
    /// <param name="variables">Its variables, at most two.</param>
    /// <param name="kernel">Their covariance.</param>
    /// <exception cref="NotSupportedException">A kink lies where it cannot be located.</exception>
    /// <exception cref="QuadratureException">Nothing is proved, or too little.</exception>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    public static ApproximateValue Of(Expression integrand, Symbol[] variables, double[,] kernel)
    {
        if (variables.Length == 2) KernelBlock.Factorise(kernel[0, 0], kernel[0, 1], kernel[1, 1]);
        else if (variables.Length == 1) KernelBlock.RequireVariance(kernel[0, 0]);
        if (variables.All(variable => kernel[Array.IndexOf(variables, variable), Array.IndexOf(variables, variable)] == 0)) return AtPoint(integrand, variables);
        if (variables.Length == 1) return Of(integrand, variables[0], Interval.At(kernel[0, 0]));
        return Require(integrand, Plane(integrand, variables, kernel, out string reason), reason);
    }

    /// <summary>The expectation for all variances of an interval: the bound holds for each.</summary>
    /// <exception cref="QuadratureException">Nothing is proved, or too little.</exception>
    public static ApproximateValue Of(Expression integrand, Symbol variable, Interval variance) =>
        Require(integrand, ProvenLine.Of(integrand, variable, variance).Integrate(out string reason), reason);

    private static ApproximateValue Require(Expression integrand, LineSample? proof, string reason)
    {
        if (proof is not { } found)
            throw new QuadratureException($"The expectation of {integrand} is not proved: {reason}. --quadrature estimated computes it without proof.");
        return double.IsFinite(found.Value) && found.Error <= Widest * found.Magnitude
            ? new(found.Value, found.Error)
            : throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"The expectation of {integrand} is known only as {found.Value:R} +- {found.Error:E1}, which is more than {Widest:G2} of its magnitude {found.Magnitude:G3}; write it so that less cancels."));
    }

    private static LineSample? Plane(Expression integrand, Symbol[] variables, double[,] kernel, out string reason)
    {
        double kxx = kernel[0, 0], kxy = kernel[0, 1], kyy = kernel[1, 1];

        // Kahan's difference of products: off by less than two units in the last place.
        double square = kxy * kxy, determinant = Math.FusedMultiplyAdd(kxx, kyy, -square) - Math.FusedMultiplyAdd(kxy, kxy, -square);
        if (kxx > 0 && determinant > 0 && kyy > 0)
            return new ProvenPlane(integrand, variables[0], variables[1], kxx, kxy, new(Interval.Down(determinant, 3), Interval.Up(determinant, 3))).Integrate(out reason);

        // One variable determines the other: a line.
        Interval first = Interval.At(kxx).SquareRoot(), second = kxx > 0 ? Interval.At(kxy) * first.Inverse() : Interval.At(kyy).SquareRoot();
        return new ProvenLine(integrand, variables, [Interval.At(0), Interval.At(0)], [first, second]).Integrate(out reason);
    }

    private static ApproximateValue AtPoint(Expression integrand, Symbol[] variables)
    {
        var program = EnclosureProgram.Of(integrand, variables);
        Interval value = program.Range([.. variables.Select(_ => Interval.At(0))]);
        double middle = integrand.Evaluate(variables.ToDictionary(variable => (Expression)variable, _ => 0.0));
        if (!value.IsBounded || !double.IsFinite(middle))
            throw new QuadratureException($"The expectation of {integrand} at K = 0 is its value at 0, which is not finite.");

        // At a jump the value there counts, not the hull of both sides.
        return new(middle, program.MeetsKink ? 1e-15 * Math.Abs(middle) : value.Reach(middle));
    }
}

// A delta fixes its variable: with x = c the others have means K_yx c / K_xx and the covariance that is left, so
//   E[delta(x - c) F(x, y, ...)] = p_x(c) E[F(c, K_yx c / K_xx + y', ...)],  p_x the density of N(0, K_xx).
// Means and covariances are rational numbers of the kernel entries as they are written.

using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>An integrand from which one delta has been taken: E = Density times E[Rest] under another kernel.</summary>
/// <param name="Density">p_x(c), divided by the scale inside the delta.</param>
/// <param name="DensityError">Its rounding error.</param>
/// <param name="Rest">What is left, in the variables that are left.</param>
/// <param name="Kernel">Their covariance, with a row of zeros for the variable that is fixed.</param>
internal sealed record ConditionedTerm(double Density, double DensityError, Expression Rest, double[,] Kernel);

/// <summary>Takes deltas of one variable off by conditioning.</summary>
internal static class DeltaConditioning
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>The term without its first delta; null if it has none of a linear function of one variable, or if the rest jumps there.</summary>
    /// <param name="term">A product.</param>
    /// <param name="kernel">The covariance of <see cref="ClosedForm.Variables"/>.</param>
    public static ConditionedTerm? TryTake(Expression term, double[,] kernel)
    {
        Expression[] factors = term.Factors.ToArray();
        for (var at = 0; at < factors.Length; at++)
        {
            if (factors[at] is not Call { Function: var function } call || DeltaFunctions.OrderOf(function) is not 0) continue;
            for (var variable = 0; variable < kernel.GetLength(0); variable++)
            {
                var x = ClosedForm.Variables[variable];
                if (kernel[variable, variable] > 0 && PolynomialCoefficients.TryRead(call.Operands[0], x) is [Number constant, Number slope])
                    return Take(Expression.Multiply([.. factors[..at], .. factors[(at + 1)..]]), kernel, variable, -constant.Value / slope.Value, slope.Value);
            }
        }

        return null;
    }

    private static ConditionedTerm? Take(Expression rest, double[,] kernel, int fixedAt, Rational place, Rational slope)
    {
        var x = ClosedForm.Variables[fixedAt];
        if (rest.Nodes().Any(node => node is Call { Function: var f } call && Jumps(f) && call.Contains(x) && Meets(call.Operands[0]))) return null;
        var variance = Rational.FromShortestDecimal(kernel[fixedAt, fixedAt]);
        var count = kernel.GetLength(0);
        var left = new double[count, count];
        var values = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance) { [x] = place };
        for (var i = 0; i < count; i++)
        {
            if (i == fixedAt) continue;
            var slopeOf = Rational.FromShortestDecimal(kernel[i, fixedAt]) / variance;
            values[ClosedForm.Variables[i]] = (Expression)ClosedForm.Variables[i] + (slopeOf * place);
            for (var j = 0; j < count; j++)
            {
                if (j != fixedAt)
                    left[i, j] = (Rational.FromShortestDecimal(kernel[i, j]) - (slopeOf * Rational.FromShortestDecimal(kernel[j, fixedAt]))).ToDouble();
            }
        }

        var exponent = (place * place / (2 * variance)).ToDouble();
        var density = Math.Exp(-exponent) / Math.Sqrt(2 * Math.PI * variance.ToDouble()) / Math.Abs(slope.ToDouble());
        try
        {
            return new(density, (8 + exponent) * UnitRoundoff * density, rest.Substitute(values), left);
        }
        catch (DivideByZeroException)
        {
            return null;
        }

        bool Meets(Expression argument) => argument.Substitute(x, place) is not Number { Value.IsZero: false };
    }

    private static bool Jumps(Function function) =>
        function == ElementaryFunctions.Step || function == ElementaryFunctions.Sign || DeltaFunctions.OrderOf(function) is not null;
}

// The Taylor expansion of a functional of the kernel G = K0 + nu g around K0, nu = n^(-1/2):
//   * G_ab itself gives K0_ab + nu g_ab;
//   * E_{N(0,G)}[f] gives sum_k nu^k/k! D^k E_{N(0,K0)}[f], with
//     D = sum over kernel entries (slots s <= t) of g_st d/dK_st,
//     left formal: Price's theorem (PriceTheorem.cs) or a discretised sum may carry the derivatives out.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>Expansion of functionals of the empirical kernel in its fluctuation.</summary>
internal static class KernelExpansion
{
    /// <summary>The coefficients of nu^0, nu^1, ..., nu^order.</summary>
    /// <param name="functional">An expression in G_ab and Gaussian expectations under G.</param>
    /// <param name="direction">The fluctuation g, or another symmetric matrix.</param>
    /// <param name="order">The highest power of nu.</param>
    public static IReadOnlyList<Expression> Expand(Expression functional, Tensor direction, int order)
    {
        Symbol nu = Notation.SmallParameter;
        Expression shifted = functional.Rewrite(node => node switch
        {
            Indexed kernel when kernel.Tensor == Notation.Kernel =>
                Notation.MeanKernel[kernel.Indices[0], kernel.Indices[1]] + (nu * direction[kernel.Indices[0], kernel.Indices[1]]),
            GaussianMean mean when mean.Kernel == Notation.Kernel => Taylor(mean, direction, order),
            _ => null,
        });
        return [.. Enumerable.Range(0, order + 1).Select(power => shifted.Coefficient(nu, power))];
    }

    /// <summary>The derivative in the direction g: sum over slots s at most t of g_st d/dK_st.</summary>
    public static Expression DirectionalDerivative(Expression expression, Tensor direction) =>
        Expression.Add(expression.Expand().Terms.ToArray().Select(term =>
        {
            // The directions that stand in front already are constants; each term holds at most one expectation.
            GaussianMean? mean = term.Factors.ToArray().OfType<GaussianMean>().SingleOrDefault();
            return mean is null ? Expression.Zero : term / mean * Derivative(mean, direction);
        }));

    private static Expression Taylor(GaussianMean mean, Tensor direction, int order)
    {
        Expression derivative = mean.WithKernel(Notation.MeanKernel);
        Expression sum = derivative;
        for (int power = 1; power <= order; power++)
        {
            derivative = DirectionalDerivative(derivative, direction);
            sum += Notation.SmallParameter.Pow(power) / (Expression)Rational.Factorial(power) * derivative;
        }

        return sum;
    }

    private static Expression Derivative(GaussianMean mean, Tensor direction)
    {
        var terms = new List<Expression>();
        for (int first = 0; first < mean.Indices.Length; first++)
        {
            for (int second = first; second < mean.Indices.Length; second++)
                terms.Add(direction[mean.Indices[first], mean.Indices[second]] * mean.DifferentiateKernel(first, second));
        }

        return Expression.Add(terms);
    }
}

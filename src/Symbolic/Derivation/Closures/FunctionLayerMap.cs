// E[f(phi') | phi] for any function f of one neuron, in powers of dQ = Qhat - Q, the fluctuation of the row covariance.
// It is enough to know it for exponentials f = exp(J phi): every f is a superposition of them, and d acts on them as J.
//   1. The exponent J phi' = alpha J phi + eps J U is Gaussian given phi: mean and variance by Wick, so
//        E[exp(J phi') | phi] = exp(alpha J phi + (eps^2/2) J (Q + dQ) J).
//   2. At dQ = 0 this is P f = E_u f(alpha phi + eps u), u ~ N(0, Q); what is left is a power series in J dQ J = dQ:dd,
//        E[f(phi') | phi] = sum_p c_p P (dQ:dd)^p f.
//   3. Powers of n: dQ = s/sqrt(n) + C_W U1/n, <h> = E h + xi(h)/sqrt(n) + m(h)/n for layer averages. The order n^(-1/2)
//      is the fluctuation of f at the next layer (without its noise), the order 1/n its mean.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>One layer of the average of any function, to the orders n^(-1/2) and 1/n.</summary>
internal static class FunctionLayerMap
{
    /// <summary>c_p, p = 0, 1, ..., in E[f(phi') | phi] = sum_p c_p P (dQ:dd)^p f.</summary>
    /// <param name="highest">The highest p.</param>
    public static IReadOnlyList<Expression> Coefficients(int highest)
    {
        TensorIndex i = ModePolynomials.Neuron, a = Notation.A;
        Symbol j = Symbol.Of("J");
        Expression kick = j * Notation.Step * Notation.Increment[i, a];
        Expression variance = WickTheorem.JointCumulant(ModeDynamics.Row, kick, kick).Expand();
        Expression exponent = (Expression.Half * variance).Expand();
        Expression rate = Expression.Add(exponent.CollectIn(ModeDynamics.RowFluctuation).Where(entry => entry.Monomial.Count == 1).Select(entry => entry.Coefficient)) / j.Pow(2);
        return [.. Enumerable.Range(0, highest + 1).Select(power => (rate.Pow(power) / (Expression)Rational.Factorial(power)).Expand())];
    }

    /// <summary>xi(f) at the next layer without noise: the order n^(-1/2).</summary>
    /// <param name="carried">xi(P f).</param>
    /// <param name="drive">s over pairs of inputs.</param>
    /// <param name="response">E_{K0'}[D f], D = d_e d_f, both orders of e and f counted, over pairs; 0 if there is none.</param>
    public static Expression Fluctuation(Expression carried, Expression drive, Expression response)
    {
        IReadOnlyList<Expression> c = Coefficients(1);
        return ((c[0] * carried) + (c[1] * drive * response)).Expand();
    }

    /// <summary>m(f) at the next layer: the order 1/n, averaged.</summary>
    /// <param name="carried">m(P f).</param>
    /// <param name="correction">U1 over pairs of inputs.</param>
    /// <param name="response">E_{K0'}[D f], over the same pairs; 0 if there is none.</param>
    /// <param name="curvature">n Cov(s, xi(P D f)), summed over pairs.</param>
    /// <param name="second">n Cov(s, s) E_{K0'}[D D f], summed over pairs of pairs.</param>
    public static Expression Mean(Expression carried, Expression correction, Expression response, Expression curvature, Expression second)
    {
        // One name for each factor that is random or of order 1/n; products of two random ones are averaged afterwards.
        Symbol nu = Notation.SmallParameter, s = Symbol.Of("s_"), xi = Symbol.Of("xi_"), m = Symbol.Of("m_"), response0 = Symbol.Of("R_"), xiD = Symbol.Of("xiD_"), f = Symbol.Of("F_"), u = Symbol.Of("U1_");
        IReadOnlyList<Expression> c = Coefficients(2);
        Expression rows = (nu * s) + (nu.Pow(2) * Notation.WeightVariance * u);
        Expression average = (c[0] * ((nu * xi) + (nu.Pow(2) * m))) + (c[1] * rows * (response0 + (nu * xiD))) + (c[2] * rows * rows * f);
        Expression order = average.Expand().Coefficient(nu, 2).Expand();
        return Expression.Add(order.Terms.ToArray().Select(term => Averaged(term)));

        Expression Averaged(Expression term)
        {
            // s xiD -> Cov(s, xi(P D f)), s s F -> Cov(s, s) E[D D f].
            Expression value = Expression.One;
            bool hasCurvature = term.Factors.Contains(xiD), hasSecond = term.Factors.Contains(f);
            foreach (Expression factor in term.Factors)
            {
                Expression @base = Power.BaseOf(factor);
                value *= ReferenceEquals(@base, s) || ReferenceEquals(@base, xiD) || ReferenceEquals(@base, f) ? Expression.One
                    : ReferenceEquals(factor, m) ? carried
                    : ReferenceEquals(factor, u) ? correction
                    : ReferenceEquals(factor, response0) ? response
                    : factor;
            }

            return value * (hasCurvature ? curvature : hasSecond ? second : Expression.One);
        }
    }
}

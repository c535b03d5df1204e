// One layer of the average of any one-neuron observable f(phi_a, phi_b), from phi' = alpha phi + eps U, rows U ~ N(0, Qhat):
//   E[f(phi') | phi]            Taylor in eps and Wick over U:  f + (eps^2/2) Qhat_ef d_e d_f f + O(eps^4)   at alpha phi
//   Cov(f(phi'), g(phi') | phi) eps^2 d_e f Qhat_ef d_f g + O(eps^4), for the same neuron
// f may hold the abstract sigma and its derivatives. Inputs are the slots x -> a, y -> b (and c, d for g).

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The conditional mean and covariance of observables over one layer, as expansions in eps.</summary>
internal static class ObservableDynamics
{
    private static readonly TensorIndex I = ModePolynomials.Neuron;
    private static readonly GaussianFields Row = GaussianFields.Row(Notation.Increment, (first, second) => Notation.RowCovariance[first, second]);

    /// <summary>f(phi_ia, phi_ib) for a neuron i.</summary>
    public static Expression At(Expression body, TensorIndex first, TensorIndex second) => body.Substitute(
        new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance)
        {
            [Observable.X] = Notation.Preactivation[I, first],
            [Observable.Y] = Notation.Preactivation[I, second],
        });

    /// <summary>The drift: the coefficient of eps^2 of E[f(phi') | phi] at alpha = 1, with Qhat.</summary>
    public static Expression Drift(Observable observable, TensorIndex first, TensorIndex second) =>
        WickTheorem.JointCumulant(Row, Taylor(observable.Body, first, second, 2).Coefficient(Notation.Step, 2)).Expand();

    /// <summary>The noise: the coefficient of eps^2 of Cov(f(phi'), g(phi') | phi) at alpha = 1, for one neuron.</summary>
    public static Expression Noise(Observable left, TensorIndex a, TensorIndex b, Observable right, TensorIndex c, TensorIndex d) =>
        WickTheorem.JointCumulant(
            Row,
            Taylor(left.Body, a, b, 1).Coefficient(Notation.Step, 1),
            Taylor(right.Body, c, d, 1).Coefficient(Notation.Step, 1)).Expand();

    // f(phi + eps U) to an order in eps.
    private static Expression Taylor(Expression body, TensorIndex first, TensorIndex second, int order)
    {
        Expression u = Notation.Step * Notation.Increment[I, first], v = Notation.Step * Notation.Increment[I, second];
        var sum = new List<Expression>();
        for (var i = 0; i <= order; i++)
        {
            for (var j = 0; i + j <= order; j++)
            {
                Expression derivative = body;
                for (var count = 0; count < i; count++) derivative = derivative.Differentiate(Observable.X);
                for (var count = 0; count < j; count++) derivative = derivative.Differentiate(Observable.Y);
                sum.Add(At(derivative, first, second) * u.Pow(i) * v.Pow(j) / (Expression)(Rational.Factorial(i) * Rational.Factorial(j)));
            }
        }

        return Expression.Add(sum).Expand();
    }
}

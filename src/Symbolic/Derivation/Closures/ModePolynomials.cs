// Modes are multivariate Hermite polynomials H_A(phi; K) = exp(-1/2 K:dd) phi_A, A a multiset of inputs.
//   The operator contracts pairs of the factors with -K: H_A = sum over partial pairings prod(-K_pq) phi_rest.
//   Its inverse exp(+1/2 K:dd) turns any polynomial into modes: phi_A = sum over partial pairings prod(K_pq) H_rest.
//   A function f = exp(-1/2 K:dd) g with g = exp(1/2 K:dd) f, and the Taylor coefficients of g at 0 are E_{N(0,K)}[d_A f]: hence
//   f = sum_A (1/A!) E[d_A f] H_A.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Hermite polynomials, and polynomials and functions written in them.</summary>
internal static class ModePolynomials
{
    private static readonly TensorIndex I = TensorIndex.Neuron("i");

    /// <summary>The neuron whose pre-activations the polynomials are in.</summary>
    public static TensorIndex Neuron => I;

    /// <summary>The tensor of all Hermite polynomials of one order k; components carry their indices sorted.</summary>
    public static Tensor Modes(int order) => new($"H{order}", "H", order);

    /// <summary>H_A as a name; 1 for no index.</summary>
    public static Expression Mode(IReadOnlyList<TensorIndex> indices) => Component(Modes, indices);

    /// <summary>A component of a family of tensors that are symmetric in all indices; 1 for no index.</summary>
    public static Expression Component(Func<int, Tensor> family, IReadOnlyList<TensorIndex> indices)
    {
        if (indices.Count == 0)
            return Expression.One;
        return family(indices.Count)[[.. indices.Order()]];
    }

    /// <summary>H_A as a polynomial in phi_ia.</summary>
    /// <param name="indices">A.</param>
    /// <param name="kernel">K_ab.</param>
    public static Expression Polynomial(IReadOnlyList<TensorIndex> indices, Func<TensorIndex, TensorIndex, Expression> kernel) =>
        PartialPairings([.. indices], (a, b) => -kernel(a, b), rest => Expression.Multiply(rest.Select(a => (Expression)Notation.Preactivation[I, a])));

    /// <summary>A polynomial in phi_ia written in modes of K0.</summary>
    public static Expression InModes(Expression polynomial) => Expression.Add(polynomial.CollectIn(Notation.Preactivation).Select(entry =>
        entry.Coefficient * PartialPairings([.. entry.Monomial.Select(phi => phi.Indices[1])], (a, b) => Notation.MeanKernel[a, b], Mode))).Expand();

    /// <summary>The part of order k of f(phi_a, phi_b) in a family of modes: sum_{i+j=k} E[d_a^i d_b^j f] X_{a^i b^j}/(i! j!).</summary>
    /// <param name="observable">f.</param>
    /// <param name="first">a.</param>
    /// <param name="second">b.</param>
    /// <param name="order">k.</param>
    /// <param name="family">X: the modes themselves, their fluctuations or their means.</param>
    public static Expression Part(Observable observable, TensorIndex first, TensorIndex second, int order, Func<int, Tensor> family) =>
        Part(observable, first, second, order, Notation.MeanKernel, mode => Component(family, mode));

    /// <summary>The part of order k of f(phi_a, phi_b), with expectations under any kernel and anything in place of the modes.</summary>
    public static Expression Part(Observable observable, TensorIndex first, TensorIndex second, int order, Tensor kernel, Func<IReadOnlyList<TensorIndex>, Expression> mode)
    {
        var terms = new List<Expression>();
        Expression inFirst = observable.Body;
        for (var i = 0; i <= order; i++, inFirst = inFirst.Differentiate(Observable.X))
        {
            int j = order - i;
            Expression derivative = inFirst;
            for (var count = 0; count < j; count++) derivative = derivative.Differentiate(Observable.Y);
            if (derivative.IsZero) continue;
            Expression mean = GaussianExpectations.Of(kernel, [first, second], derivative);
            TensorIndex[] indices = [.. Enumerable.Repeat(first, i), .. Enumerable.Repeat(second, j)];
            terms.Add(mean * mode(indices) / (Expression)(Rational.Factorial(i) * Rational.Factorial(j)));
        }

        return Expression.Add(terms);
    }

    /// <summary>E_{N(0,K0)} of a polynomial in phi_ia, by Wick.</summary>
    public static Expression GaussianMeanOf(Expression polynomial) => WickTheorem.JointCumulant(
        GaussianFields.Row(Notation.Preactivation, (first, second) => Notation.MeanKernel[first, second]), polynomial);

    // The sum over all sets of disjoint pairs: product of their weights times what is made of the rest.
    private static Expression PartialPairings(List<TensorIndex> indices, Func<TensorIndex, TensorIndex, Expression> weight, Func<List<TensorIndex>, Expression> rest)
    {
        var terms = new List<Expression>();
        Go(0, indices, Expression.One, []);
        return Expression.Add(terms).Expand();

        void Go(int at, List<TensorIndex> left, Expression value, List<TensorIndex> single)
        {
            if (left.Count == 0)
            {
                terms.Add(value * rest(single));
                return;
            }

            Go(at + 1, left[1..], value, [.. single, left[0]]);
            for (var other = 1; other < left.Count; other++)
                Go(at + 1, [.. left[1..other], .. left[(other + 1)..]], value * weight(left[0], left[other]), single);
        }
    }
}

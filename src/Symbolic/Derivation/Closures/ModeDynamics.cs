// One layer of the modes, from the law of the rows of U.
//   1. H_A(alpha phi + eps U; K0') is multiplied out and averaged over U | phi (Wick), with the row covariance Q + dQ, dQ its
//      fluctuation, and K0' = alpha^2 K0 + eps^2 Q.
//   2. The result, a polynomial in phi, is written in modes of K0 again: K0 and Q cancel, and what is left is
//      alpha^k H_A and terms with dQ.
//   3. Powers of n: dQ = s/sqrt(n) + C_W U1/n, <H_B> = xi(H_B)/sqrt(n) + m_B/n. The order n^(-1/2) is the fluctuation equation
//      (every mode but those of order 2 is a martingale, up to alpha^k); the order 1/n that of the means.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The layer map of the modes of any order, derived.</summary>
internal static class ModeDynamics
{
    /// <summary>dQ_ab = Qhat_ab - Q_ab: the fluctuation of the row covariance.</summary>
    public static Tensor RowFluctuation { get; } = new("dQ", @"\delta Q", 2, TensorSymmetry.Symmetric);

    /// <summary>s_ab = C_W xi(sigma_a sigma_b): dQ at leading order, times sqrt(n).</summary>
    public static Tensor SigmaFluctuation { get; } = new("s", "s", 2, TensorSymmetry.Symmetric);

    /// <summary>n Cov(s_ab, s_cd).</summary>
    public static Tensor SigmaCovariance { get; } = new("C_ss", "C^{ss}", 4, TensorSymmetry.CovarianceOfSymmetric);

    /// <summary>xi(H_A), the fluctuations of the modes of order k; g for k = 2.</summary>
    public static Tensor Fluctuations(int order) => order == 2 ? Notation.Fluctuation : new($"xi_H{order}", @"\xi^{H}", order);

    /// <summary>m_A = n E of the layer average of H_A; K1 for k = 2.</summary>
    public static Tensor Means(int order) => order == 2 ? Notation.MeanCorrection : new($"m_{order}", "m", order);

    /// <summary>n Cov(s_ab, xi(H_A)) for modes of order k.</summary>
    public static Tensor SigmaWithMode(int order) => new($"C_sH{order}", "C^{sH}", 2 + order);

    /// <summary>V_gM: n Cov(g_ab, xi(H_A)) for modes of order k; V4 for k = 2.</summary>
    public static Tensor KernelWithMode(int order) => order == 2 ? Notation.Covariance : new($"V_gH{order}", "V^{gH}", 2 + order);

    /// <summary>A component with two indices of a symmetric pair and the sorted ones of a mode.</summary>
    public static Expression WithMode(Func<int, Tensor> family, TensorIndex first, TensorIndex second, IReadOnlyList<TensorIndex> mode)
    {
        TensorIndex[] pair = first.CompareTo(second) <= 0 ? [first, second] : [second, first];
        return family(mode.Count)[[.. pair, .. mode.Order()]];
    }

    /// <summary>U at one neuron, given phi: its covariance is Qhat = Q + dQ.</summary>
    public static GaussianFields Row { get; } = GaussianFields.Row(Notation.Increment, (first, second) => Notation.MeanRowCovariance[first, second] + RowFluctuation[first, second]);

    /// <summary>E[H_A(phi'; K0') | phi], in modes of K0 and dQ.</summary>
    /// <exception cref="InvalidOperationException">K0 or Q is left over: the modes are not those of the mean process.</exception>
    public static Expression ConditionalMean(IReadOnlyList<TensorIndex> indices)
    {
        Expression result = ModePolynomials.InModes(WickTheorem.JointCumulant(Row, Next(indices)));
        bool clean = result.Nodes().All(node => node is not Indexed left || (left.Tensor != Notation.MeanKernel && left.Tensor != Notation.MeanRowCovariance));
        return clean ? result : throw new InvalidOperationException($"The layer map of H_{string.Concat(indices)} did not close on modes: {result}");
    }

    /// <summary>Cov(H_A(phi'; K0'), H_B(phi'; K0') | phi) of one neuron: n times the conditional covariance of the averages, whose neurons are independent given phi. In modes of K0 and dQ.</summary>
    public static Expression ConditionalCovariance(IReadOnlyList<TensorIndex> left, IReadOnlyList<TensorIndex> right) =>
        ModePolynomials.InModes(WickTheorem.JointCumulant(Row, Next(left), Next(right)));

    /// <summary>xi(H_A) at the next layer, without noise: the order n^(-1/2).</summary>
    public static Expression Fluctuation(IReadOnlyList<TensorIndex> indices) => Collect(
        ConditionalMean(indices),
        (_, mode) => ModePolynomials.Component(Fluctuations, mode),
        (row, mode) => mode.Count == 0 ? SigmaFluctuation[row.Indices] : Expression.Zero,
        (_, _, _) => Expression.Zero);

    /// <summary>m_A at the next layer: the order 1/n.</summary>
    public static Expression Mean(IReadOnlyList<TensorIndex> indices) => Collect(
        ConditionalMean(indices),
        (_, mode) => ModePolynomials.Component(Means, mode),
        (row, mode) => mode.Count == 0
            ? Notation.WeightVariance * Notation.SigmaCorrection[row.Indices]
            : WithMode(SigmaWithMode, row.Indices[0], row.Indices[1], mode),
        (left, right, mode) => mode.Count == 0 ? SigmaCovariance[[.. left.Indices, .. right.Indices]] : Expression.Zero);

    /// <summary>E_{K0}[H_A H_B], by Wick: 0 for different orders.</summary>
    public static Expression Overlap(IReadOnlyList<TensorIndex> left, IReadOnlyList<TensorIndex> right)
    {
        static Expression Kernel(TensorIndex a, TensorIndex b) => Notation.MeanKernel[a, b];
        return ModePolynomials.GaussianMeanOf((ModePolynomials.Polynomial(left, Kernel) * ModePolynomials.Polynomial(right, Kernel)).Expand()).Expand();
    }

    // H_A(phi'; K0'), phi' = alpha phi + eps U.
    private static Expression Next(IReadOnlyList<TensorIndex> indices)
    {
        Expression NextKernel(TensorIndex a, TensorIndex b) =>
            (Notation.Skip.Pow(2) * Notation.MeanKernel[a, b]) + (Notation.Step.Pow(2) * Notation.MeanRowCovariance[a, b]);
        return ModePolynomials.Polynomial(indices, NextKernel).Rewrite(node =>
            node is Indexed phi && phi.Tensor == Notation.Preactivation ? BlockLaw.NextPreactivation(phi.Indices[0], phi.Indices[1]) : null).Expand();
    }

    // What each term of a conditional mean gives at one order of 1/n, by its power of dQ.
    private static Expression Collect(
        Expression conditionalMean,
        Func<Expression, IReadOnlyList<TensorIndex>, Expression> none,
        Func<Indexed, IReadOnlyList<TensorIndex>, Expression> one,
        Func<Indexed, Indexed, IReadOnlyList<TensorIndex>, Expression> two) =>
        Expression.Add(conditionalMean.CollectIn(RowFluctuation).SelectMany(entry => entry.Coefficient.Expand().Terms.ToArray().Select(term =>
        {
            Indexed? mode = term.Factors.ToArray().OfType<Indexed>().SingleOrDefault();
            TensorIndex[] indices = mode is null ? [] : mode.Indices.ToArray();
            Expression rest = mode is null ? term : term / mode;
            return rest * (entry.Monomial.Count switch
            {
                // The constant of a mean is the average of 1; it has no fluctuation and no correction.
                0 => indices.Length == 0 ? Expression.Zero : none(Expression.One, indices),
                1 => one(entry.Monomial[0], indices),
                2 => two(entry.Monomial[0], entry.Monomial[1], indices),
                _ => Expression.Zero,
            });
        })));
}

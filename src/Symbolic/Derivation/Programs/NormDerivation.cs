// RMS norm, x_a = D(G_aa) phi_a with D(G) = gain (G + epsilon)^(-1/2), as a map of the averages of a field, without noise of its own. Write L = ln D.
//   1. The kernel of x is a function of G alone, Gx_ab = D(G_aa) D(G_bb) G_ab: its Taylor series gives K0, g and K1 of x.
//   2. Any other average: x = exp(sum_a dL_a E_a) of the field that is scaled by D(K0), with E_a = x_a d_a and dL_a = L' g_aa/sqrt(n) + ..., so
//        <f(x)> = <f> + sum_a dL_a <E_a f> + 1/2 sum_ab dL_a dL_b <E_a E_b f> + ...
//      On a mode E_a H_A = A_a H_A + 1/2 sum over pairs r of (dK_r/dL_a) D_r H_A, D_r = d_e d_f for the pair r, both orders of e and f (Stein). In standard
//      units the modes of x are those of phi. Their fluctuations do not change (E_a H_A has no mean but for pairs), their means do:
//        m_M + sum_a n Cov(L'_a g_aa, A_a xi_M) + 1/2 sum_r n Cov(n_r, xi(D_r H_M)) + 1/8 sum_ru n Cov(n_r, n_u) E[D_r D_u H_M],
//      n_r = sum_a (dK_r/dL_a) L'_a g_aa: the last two are those of rows with the fluctuation n (FunctionLayerMap).

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>What RMS norm makes of the kernel and the modes of a field.</summary>
/// <param name="suffix">What the names of its tensors end in.</param>
/// <param name="gain">gain.</param>
/// <param name="epsilon">epsilon.</param>
internal sealed class NormDerivation(string suffix, Symbol gain, Symbol epsilon)
{
    /// <summary>G of the inputs a and b, which is differentiated in.</summary>
    public static readonly Symbol Kaa = Symbol.Of("G_aa"), Kbb = Symbol.Of("G_bb"), Kab = Symbol.Of("G_ab");

    private readonly Expression _kernel = Scale(Kaa, gain, epsilon) * Scale(Kbb, gain, epsilon) * Kab;

    /// <summary>G of x as a function of G of phi, in <see cref="Kaa"/>, <see cref="Kbb"/> and <see cref="Kab"/>.</summary>
    public Expression Scaled => _kernel;

    /// <summary>K0 of the field x.</summary>
    public Tensor Kernel { get; } = KernelOf(suffix);

    /// <summary>K0 of the field x that a norm makes.</summary>
    /// <param name="suffix">What its name ends in.</param>
    public static Tensor KernelOf(string suffix) => Named("K0n" + suffix, 2) with { Symmetry = TensorSymmetry.Symmetric };

    /// <summary>d(K0 of x)/dK0, over pairs and pairs.</summary>
    public Tensor Response { get; } = Named("Nr" + suffix, 2);

    /// <summary>K1 of x.</summary>
    public Tensor MeanCorrection { get; } = Named("K1n" + suffix, 1);

    /// <summary>The means of the modes of x.</summary>
    public Tensor Means { get; } = Named("mn" + suffix, 3);

    /// <summary>What modes of two orders more than are kept add to the mean of a function of x.</summary>
    public Tensor Beyond { get; } = Named("U_beyond" + suffix, 1);

    /// <summary>The statement of <see cref="Beyond"/>, after those of the modes: E_a sigma sigma has modes of an order k from those of sigma sigma of order k + 2.</summary>
    /// <param name="function">sigma.</param>
    public GaussianStatement OfModesBeyond(ActivationDefinition? function) => new(
        "1/2 sum_r n Cov(n_r, xi(D_r H_M)) with the coefficients of sigma sigma, of the two orders above those kept.", GaussianRecipe.NormBeyondModes, [Beyond[P]], [Here(Kernel), Here(WithModes)])
    { Function = function };

    /// <summary>g of x with the scale held at K0.</summary>
    public Expression WithScaleHeld => Slope(Kab) * Notation.Fluctuation[Notation.A, Notation.B];

    /// <summary>What the scale, which is a function of G, adds to g of x.</summary>
    public Expression OfScale => (Slope(Kaa) * Notation.Fluctuation[Notation.A, Notation.A]) + (Slope(Kbb) * Notation.Fluctuation[Notation.B, Notation.B]);

    private Expression Slope(Symbol variable) => AtKernel(_kernel.Differentiate(variable));

    // n Cov(n_p, xi(H_M)).
    private Tensor WithModes => Named("C_nM" + suffix, 4);

    /// <summary>The statements of the kernel: K0, response, K1.</summary>
    /// <param name="covariance">n Cov(G, G) of the field that is normed, in its letters of inputs.</param>
    /// <param name="meanCorrection">K1 of it.</param>
    public IEnumerable<MomentStatement> OfKernel(Tensor covariance, Tensor meanCorrection)
    {
        Tensor overInputs = Notation.MeanCorrection with { Name = meanCorrection.Name, Latex = meanCorrection.Latex };
        (Symbol Variable, TensorIndex First, TensorIndex Second)[] variables = [(Kaa, Notation.A, Notation.A), (Kbb, Notation.B, Notation.B), (Kab, Notation.A, Notation.B)];
        yield return new ComponentEquation("K0 after the norm.", Kernel[Notation.A, Notation.B], AtKernel(_kernel));
        yield return new ComponentEquation(
            "Its derivative in K0 of the pair q.", Response[P, Q], Expression.Add(variables.Select(each => Slope(each.Variable) * IsPair(each.First, each.Second))));
        yield return new ComponentEquation(
            "K1 after the norm: to second order in the fluctuations of G.",
            MeanCorrection[P],
            Expression.Add(variables.Select(each => Slope(each.Variable) * overInputs[each.First, each.Second]))
                + Expression.Add(
                    from left in variables
                    from right in variables
                    select Expression.Half * AtKernel(_kernel.Differentiate(left.Variable).Differentiate(right.Variable)) * covariance[left.First, left.Second, right.First, right.Second]));
    }

    /// <summary>The first and second derivative of L = ln D in G_aa, for the pairs of an input with itself.</summary>
    /// <param name="first">L', over pairs.</param>
    /// <param name="second">L''.</param>
    public IEnumerable<MomentStatement> OfLogarithm(Tensor first, Tensor second)
    {
        Expression scale = Scale(Kaa, gain, epsilon), slope = scale.Differentiate(Kaa) / scale;
        yield return new ComponentEquation("L' of a pair of an input with itself.", first[P], AtKernel(slope) * KroneckerDelta.Of(Notation.A, Notation.B));
        yield return new ComponentEquation("L''.", second[P], AtKernel(slope.Differentiate(Kaa)) * KroneckerDelta.Of(Notation.A, Notation.B));
    }

    /// <summary>The statements of the means of the modes.</summary>
    /// <param name="mixed">n Cov(G, modes) of the field that is normed.</param>
    /// <param name="mean">The means of its modes.</param>
    public IEnumerable<MomentStatement> OfModes(Tensor mixed, Tensor mean)
    {
        Tensor lowering = Named("Ln" + suffix, 2), weight = Named("Lg" + suffix, 1), scale = Named("DD" + suffix, 1), withKernel = Named("C_ng" + suffix, 2), scaled = Named("C_nx" + suffix, 2), own = Named("C_nn" + suffix, 2);
        Tensor withMode = WithModes, ownMode = Named("C_LM" + suffix, 4), number = Named("A_xi" + suffix, 3), curvature = Named("C_nDM" + suffix, 3), second = Named("C_nnDDM" + suffix, 3);
        Expression Logarithm(Symbol variable) => Scale(variable, gain, epsilon).Differentiate(variable) / Scale(variable, gain, epsilon);
        Expression first = AtKernel(Logarithm(Kaa));
        yield return new ComponentEquation(
            "n_p = K0 of x times (L'_a g_aa + L'_b g_bb), L = ln D: what the norm adds to g of x, over the pairs q of g.", lowering[P, Q],
            AtKernel(_kernel) * ((first * IsPair(Notation.A, Notation.A)) + (AtKernel(Logarithm(Kbb)) * IsPair(Notation.B, Notation.B))));
        yield return new ComponentEquation("L' of a pair of an input with itself.", weight[P], first * KroneckerDelta.Of(Notation.A, Notation.B));
        yield return new ComponentEquation("D_a D_b.", scale[P], AtKernel(_kernel.Differentiate(Kab)));
        yield return new ContractedEquation("n Cov(n_p, g_q).", withKernel[P, Q], lowering[P, R] * Covariance[R, Q]);
        yield return new ContractedEquation("The same with g scaled by D.", scaled[P, Q], withKernel[P, Q] * scale[Q]);
        yield return new ContractedEquation("n Cov(n_p, n_q).", own[P, Q], withKernel[P, R] * lowering[Q, R]);
        yield return new ContractedEquation("n Cov(n_p, xi(H_M)).", withMode[Order, P, Q, J], lowering[P, R] * mixed[Order, R, Q, J]);
        yield return new ContractedEquation("n Cov(L'_a g_aa, xi(H_M)).", ownMode[Order, P, Q, J], weight[P] * mixed[Order, P, Q, J]);
        yield return new GaussianStatement("sum_a n Cov(L'_a g_aa, xi(A_a H_M)), A_a the number of indices a of the mode.", GaussianRecipe.NumberOfModes, [number[Order, Q, I]], [Here(ownMode), Here(Kernel)]);
        yield return new GaussianStatement("sum_r n Cov(n_r, xi(D_r H_M)).", GaussianRecipe.SecondDerivatives, [curvature[Order, Q, I]], [Here(withMode), Here(scaled), Here(Kernel), new ScalarArgument(Expression.One)]);
        yield return new GaussianStatement("sum_ru n Cov(n_r, n_u) E[D_r D_u H_M].", GaussianRecipe.FourthDerivatives, [second[Order, Q, I]], [Here(own), Here(Kernel)]);
        yield return new ContractedEquation(
            "The means of the modes of x.", Means[Order, Q, I],
            FunctionLayerMap.Mean(mean[Order, Q, I] + number[Order, Q, I], Expression.Zero, Expression.Zero, curvature[Order, Q, I], second[Order, Q, I]).Substitute(Notation.Step, 1).Expand());
    }

    /// <summary>D as a function of G_aa.</summary>
    public static Expression Scale(Symbol variable, Symbol gain, Symbol epsilon) => gain * (variable + epsilon).Pow(-Expression.Half);

    /// <summary>At K0 of the field that is normed.</summary>
    public static Expression AtKernel(Expression expression) => expression
        .Substitute(Kaa, Notation.MeanKernel[Notation.A, Notation.A]).Substitute(Kbb, Notation.MeanKernel[Notation.B, Notation.B]).Substitute(Kab, Notation.MeanKernel[Notation.A, Notation.B]);

    /// <summary>1 where the pair q = (c, d) is this one: both have their smaller input first.</summary>
    public static Expression IsPair(TensorIndex first, TensorIndex second) => KroneckerDelta.Of(Notation.C, first) * KroneckerDelta.Of(Notation.D, second);
}

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The letters of the theory, those of Kawase and Ota, arXiv:2604.15742, each defined once.</summary>
public static class Notation
{
    /// <summary>alpha: the weight of the skip connection; 1 ResNet, 0 MLP.</summary>
    public static Symbol Skip { get; } = Symbol.Of("alpha", @"\alpha");

    /// <summary>eps: the step of a layer.</summary>
    public static Symbol Step { get; } = Symbol.Of("eps", @"\varepsilon");

    /// <summary>C_W: n times the variance of a weight.</summary>
    public static Symbol WeightVariance { get; } = Symbol.Of("C_W");

    /// <summary>C_b: the variance of a bias.</summary>
    public static Symbol BiasVariance { get; } = Symbol.Of("C_b");

    /// <summary>n: the width.</summary>
    public static Symbol Width => IndexSum.Width;

    /// <summary>nu = n^(-1/2): the small parameter of the expansion.</summary>
    public static Symbol SmallParameter { get; } = Symbol.Of("nu", @"\nu");

    /// <summary>phi_ia: pre-activation of neuron i for input a.</summary>
    public static Tensor Preactivation { get; } = new("phi", @"\phi", 2);

    /// <summary>W_ij: a weight, N(0, C_W/n), fresh in every layer.</summary>
    public static Tensor Weight { get; } = new("W", "W", 2);

    /// <summary>b_i: a bias, N(0, C_b), fresh in every layer.</summary>
    public static Tensor Bias { get; } = new("b", "b", 1);

    /// <summary>U_ia = sum_j W_ij sigma(phi_ja) + b_i: the layer's increment.</summary>
    public static Tensor Increment { get; } = new("U", "U", 2);

    /// <summary>G_ab = (1/n) sum_i phi_ia phi_ib: the empirical kernel.</summary>
    public static Tensor Kernel { get; } = new("G", "G", 2, TensorSymmetry.Symmetric);

    /// <summary>S_ab = (1/n) sum_i sigma(phi_ia) sigma(phi_ib): the sigma-kernel.</summary>
    public static Tensor SigmaKernel { get; } = new("S", "S", 2, TensorSymmetry.Symmetric);

    /// <summary>Qhat_ab: the covariance of a row of U given phi.</summary>
    public static Tensor RowCovariance { get; } = new("Qhat", @"\hat{Q}", 2, TensorSymmetry.Symmetric);

    /// <summary>K0_ab: the kernel at infinite width.</summary>
    public static Tensor MeanKernel { get; } = new("K0", "K^{(0)}", 2, TensorSymmetry.Symmetric);

    /// <summary>Q_ab = Qhat_ab at infinite width.</summary>
    public static Tensor MeanRowCovariance { get; } = new("Q", "Q", 2, TensorSymmetry.Symmetric);

    /// <summary>g_ab = sqrt(n) (G_ab - K0_ab): the fluctuation.</summary>
    public static Tensor Fluctuation { get; } = new("g", "g", 2, TensorSymmetry.Symmetric);

    /// <summary>V4_ab,cd = n Cov(G_ab, G_cd) at leading order.</summary>
    public static Tensor Covariance { get; } = new("V4", "V^{(4)}", 4, TensorSymmetry.CovarianceOfSymmetric);

    /// <summary>V4 with the transport term left out ("source-only").</summary>
    public static Tensor SourceOnlyCovariance { get; } = new("V4_source", @"V^{(4)\mathrm{src}}", 4, TensorSymmetry.CovarianceOfSymmetric);

    /// <summary>K1_ab = n (E G_ab - K0_ab) at leading order.</summary>
    public static Tensor MeanCorrection { get; } = new("K1", "K^{(1)}", 2, TensorSymmetry.Symmetric);

    /// <summary>U1_ab = n (E S_ab - E2_ab(K0)) at leading order.</summary>
    public static Tensor SigmaCorrection { get; } = new("U1", "U^{(1)}", 2, TensorSymmetry.Symmetric);

    /// <summary>E2_ab(K0) = E_{N(0,K0)}[sigma_a sigma_b]: the sigma-kernel at infinite width.</summary>
    public static Tensor MeanSigmaKernel { get; } = new("E2", "E^{(2)}", 2, TensorSymmetry.Symmetric);

    /// <summary>A_ab: any symmetric matrix that chi acts on.</summary>
    public static Tensor AnyMatrix { get; } = new("A", "A", 2, TensorSymmetry.Symmetric);

    /// <summary>Input index a.</summary>
    public static TensorIndex A { get; } = TensorIndex.Input("a");

    /// <summary>Input index b.</summary>
    public static TensorIndex B { get; } = TensorIndex.Input("b");

    /// <summary>Input index c.</summary>
    public static TensorIndex C { get; } = TensorIndex.Input("c");

    /// <summary>Input index d.</summary>
    public static TensorIndex D { get; } = TensorIndex.Input("d");

    /// <summary>sigma(argument).</summary>
    public static Expression Sigma(Expression argument) => Expression.Apply(ActivationFunction.Sigma, argument);
}

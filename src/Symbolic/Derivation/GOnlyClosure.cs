// The G-only closure: the sigma-kernel is replaced by its Gaussian expectation at the empirical kernel,
//   S_ab -> E_{N(0,G)}[sigma_a sigma_b],
// which makes the layer's law a function of G alone. This is the closure of Kawase and Ota, arXiv:2604.15742 (GC0 -> LIN -> GC1).

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The closure on the kernel alone.</summary>
internal static class GOnlyClosure
{
    /// <summary>Its name in specifications.</summary>
    public const string Name = "g-only";

    /// <summary>What the closure says of S_ab: its value as a functional of G.</summary>
    public static Expression SigmaKernel(TensorIndex first, TensorIndex second) =>
        GaussianMean.OfProduct(Notation.Kernel, (first, Notation.Sigma), (second, Notation.Sigma));

    /// <summary>Makes an expression in G, S a functional of G.</summary>
    public static Expression Close(Expression expression) =>
        expression.Rewrite(node => node is Indexed kernel && kernel.Tensor == Notation.SigmaKernel
            ? SigmaKernel(kernel.Indices[0], kernel.Indices[1])
            : null);
}

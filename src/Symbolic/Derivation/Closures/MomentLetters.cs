using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The indices and tensors of moment systems.</summary>
internal static class MomentLetters
{
    // Pairs of inputs; the order of a mode; components of a mode; observables; pairs of inputs as the block of a pair sees them.
    public static readonly TensorIndex P = TensorIndex.Input("p"), Q = TensorIndex.Input("q"), R = TensorIndex.Input("r"), U = TensorIndex.Input("u");
    public static readonly TensorIndex Order = TensorIndex.Input("k"), I = TensorIndex.Input("i"), J = TensorIndex.Input("j");
    public static readonly TensorIndex First = TensorIndex.Input("I"), Second = TensorIndex.Input("J"), Third = TensorIndex.Input("L");
    public static readonly TensorIndex V = TensorIndex.Input("v"), W = TensorIndex.Input("w"), X = TensorIndex.Input("x");

    // Over pairs.
    public static readonly Tensor KernelFluctuation = Named("g", 1), Source = Named("s", 1), Covariance = Named("V4", 2), SourceOnly = Named("V4_source", 2), Noise = Named("noise", 2);
    public static readonly Tensor MeanCorrection = Named("K1", 1), SigmaCorrection = Named("U1", 1), MeanSigmaKernel = Named("E2", 1), SourceSource = Named("C_ss", 2);

    /// <summary>The component of a matrix over inputs that belongs to the pair p = (a, b), or the covariance of p and q = (c, d).</summary>
    public static Expression OverPairs(Expression inputs) => inputs.Rewrite(node => node is not Indexed indexed ? null
        : indexed.Tensor == Notation.Fluctuation ? KernelFluctuation[PairOf(indexed.Indices)]
        : indexed.Tensor == ModeDynamics.SigmaFluctuation ? Source[PairOf(indexed.Indices)]
        : indexed.Tensor == Notation.MeanCorrection ? MeanCorrection[PairOf(indexed.Indices)]
        : indexed.Tensor == Notation.SigmaCorrection ? SigmaCorrection[PairOf(indexed.Indices)]
        : null);

    public static Tensor Named(string name, int arity) => new(name, name, arity);

    private static TensorIndex PairOf(ReadOnlySpan<TensorIndex> letters) =>
        letters[0] == Notation.A && letters[1] == Notation.B ? P
        : letters[0] == Notation.C && letters[1] == Notation.D ? Q
        : throw new InvalidOperationException($"The component {letters[0]}{letters[1]} belongs to no pair of the equation.");
}

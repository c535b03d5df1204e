using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>
/// A field of neurons that is described by G and its other modes: the stream, or what an update inside a branch makes of a field. Of two such fields, one made of the other,
/// xi(H_M) = A xi(P H_M) + noise, and g is correlated with everything: all fields that an output is added to later are kept along.
/// </summary>
/// <param name="Suffix">What the names of its tensors K0, V4, V_gM, K1 and m end in; empty for the stream.</param>
/// <param name="Width">r: it has r n neurons.</param>
internal sealed record BranchField(string Suffix, Expression Width)
{
    /// <summary>The field that its modes of other orders than 2 come from; null where they are fresh.</summary>
    public BranchField? Parent { get; init; }

    /// <summary>A: the modes in those of <see cref="Parent"/>.</summary>
    public Tensor? Carried { get; init; }

    /// <summary>For each field that outputs are added to later: n Cov(g_p, g_q) and n Cov(g_p, xi(H_M)) of g of this field with those of that one.</summary>
    public IReadOnlyList<FieldCovariance> With { get; init; } = [];

    /// <summary>n Cov(t, g) and n Cov(t, xi) of this field, from those of a field that it is made of.</summary>
    public Func<FieldCovariance, (Tensor WithKernel, Tensor? WithMode)> FromBase { get; init; } = of => (of.WithKernel, of.WithMode);

    /// <summary>The covariances of something with this field, from those with a field that it is made of; what is with this field already stays.</summary>
    /// <param name="of">n Cov(t, g) and n Cov(t, xi), and of which field.</param>
    public FieldCovariance From(FieldCovariance of)
    {
        if (ReferenceEquals(of.Field, this))
            return of;
        (Tensor withKernel, Tensor? withMode) = FromBase(of);
        return new(this, withKernel, withMode);
    }

    /// <summary>K0 over inputs.</summary>
    public Tensor Kernel => Of(Notation.MeanKernel);

    /// <summary>g.</summary>
    public Tensor Fluctuation => Of(MomentLetters.KernelFluctuation);

    /// <summary>n Cov(G, modes).</summary>
    public Tensor Mixed => Of(MomentLetters.WithModes);

    /// <summary>A tensor of this field by the one of the stream.</summary>
    public Tensor Of(Tensor ofStream) => Suffix.Length == 0 ? ofStream : ofStream with { Name = ofStream.Name + Suffix, Latex = MomentLetters.Latex(ofStream.Name + Suffix) };
}

/// <summary>n Cov(t_p, g_q) and n Cov(t_p, xi(H_M)) of something with a field.</summary>
/// <param name="Field">The field.</param>
/// <param name="WithKernel">Over pairs and pairs.</param>
/// <param name="WithMode">Over orders, pairs and modes; null where the closure has no modes, or where there is none.</param>
internal sealed record FieldCovariance(BranchField Field, Tensor WithKernel, Tensor? WithMode);

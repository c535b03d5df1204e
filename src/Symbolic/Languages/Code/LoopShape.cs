using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>
/// The loops that visit each independent component of a tensor once: one letter per index, and where each loop starts.
/// </summary>
/// <param name="Arity">The number of indices.</param>
/// <param name="Symmetry">The symmetry that the loops make use of.</param>
internal sealed record LoopShape(int Arity, TensorSymmetry Symmetry)
{
    private static readonly TensorIndex[] AllLetters = [Notation.A, Notation.B, Notation.C, Notation.D];

    /// <summary>The letters of the indices, outermost loop first.</summary>
    public IReadOnlyList<TensorIndex> Letters => AllLetters[..Arity];

    /// <summary>True where the right sides mix two pairs, so that factors of one pair are worth an array of their own.</summary>
    public bool HasTwoPairs => Arity == 4;

    /// <summary>The loops for a tensor.</summary>
    /// <exception cref="NotSupportedException">It has more indices, or a symmetry, that generated code has no loops for.</exception>
    public static LoopShape Of(Tensor tensor) => (tensor.Arity, tensor.Symmetry) switch
    {
        ( >= 1 and <= 4, TensorSymmetry.None) => new(tensor.Arity, TensorSymmetry.None),
        (2, _) => new(2, TensorSymmetry.Symmetric),
        (4, TensorSymmetry.SymmetricInEachPair) => new(4, TensorSymmetry.SymmetricInEachPair),
        (4, TensorSymmetry.CovarianceOfSymmetric or TensorSymmetry.CumulantOfSymmetric) => new(4, TensorSymmetry.CovarianceOfSymmetric),
        _ => throw new NotSupportedException($"Generated code has no loops for {tensor.Name}, which has {tensor.Arity} indices with symmetry {tensor.Symmetry}; write this closure as markdown or latex."),
    };

    /// <summary>Where the loop of an index starts: null for 0, else the letter it starts at, given the letters before.</summary>
    /// <param name="at">Which index, from 0.</param>
    public LoopStart StartOf(int at) => (at, Symmetry) switch
    {
        (_, TensorSymmetry.None) or (0, _) => LoopStart.Zero,
        (1, _) => LoopStart.First,
        (2, TensorSymmetry.CovarianceOfSymmetric) => LoopStart.First,
        (2, _) => LoopStart.Zero,
        (_, TensorSymmetry.CovarianceOfSymmetric) => LoopStart.SecondPairInOrder,
        _ => LoopStart.Third,
    };
}

/// <summary>Where a loop starts.</summary>
internal enum LoopStart
{
    /// <summary>At 0.</summary>
    Zero,

    /// <summary>At the first index, a.</summary>
    First,

    /// <summary>At the third index, c.</summary>
    Third,

    /// <summary>At b if c = a, else at c, so that (c, d) is not before (a, b).</summary>
    SecondPairInOrder,
}

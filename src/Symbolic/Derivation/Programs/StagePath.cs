using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>
/// A stage of a step, or of an update inside a branch, path by path: it reads a field whose kernel fluctuates by <paramref name="Before"/>, and its rows have the fluctuation
/// <paramref name="Drive"/>. The equations between them, linear in both and in <paramref name="Own"/>, are among the fluctuations of its system.
/// </summary>
/// <param name="Branch">Number of the branch, from 0.</param>
/// <param name="Stage">Number of the stage in it, from 0.</param>
/// <param name="Before">g for the stream, s of the stage before for its rows.</param>
/// <param name="Normed">The same after the norm; null where there is none.</param>
/// <param name="Own">What the neurons show beside the response to the kernel that is read, masks included.</param>
/// <param name="Drive">s of the rows.</param>
/// <param name="Expectation">The mean of S as the neurons show it, masks included, taps not.</param>
/// <param name="RowCovariance">Q of the rows, over pairs.</param>
/// <param name="Products">n times the covariance of what fresh rows show beside their response, masks not included; null where the stream, or another field in modes, is read.</param>
public sealed record StagePath(int Branch, int Stage, Tensor Before, Tensor? Normed, Tensor Own, Tensor Drive, Tensor Expectation, Tensor RowCovariance, Tensor? Products)
{
    /// <summary>K0 of the field that is read, before a norm.</summary>
    internal Tensor Kernel { get; init; } = Notation.MeanKernel;

    /// <summary>K0 after the norm, of a field that is read in modes; null where there is none.</summary>
    internal Tensor? NormedKernel { get; init; }

    /// <summary>The modes of that field, of which those of order 1 are lost where the mean over neurons is taken off; null where it is not, and where the closure has no modes.</summary>
    internal Tensor? Lost { get; init; }
}

/// <summary>An update of the stream, or of a field inside a branch, path by path.</summary>
/// <param name="Before">g of the field before it, or s of rows that are nothing but fresh.</param>
/// <param name="After">The same after it.</param>
/// <param name="Total">The sum of the outputs of its branches.</param>
/// <param name="Drives">They.</param>
/// <param name="Kernel">K0 after it; for the stream that before it.</param>
internal sealed record UpdatePath(Tensor Before, Tensor After, Tensor Total, IReadOnlyList<Tensor> Drives, Tensor Kernel);

using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>The fluctuation of the tangent kernel path by path, as <see cref="EquationSystem.Fluctuations"/> and <see cref="EquationSystem.Stages"/> are that of G.</summary>
/// <param name="Equations">Linear equations over pairs, of rows in earlier rows; modes and noise are what neurons show.</param>
/// <param name="Stages">The stages, in the order in which they run.</param>
/// <param name="Norm">Theta after a norm of the stream; null where the stream is updated.</param>
internal sealed record TangentPaths(IReadOnlyList<ContractedEquation> Equations, IReadOnlyList<TangentPath> Stages, Tensor? Norm);

/// <summary>What the equations say of a stage: it reads rows with the fluctuations (<paramref name="Before"/>, <paramref name="KernelBefore"/>) of (Theta, G).</summary>
/// <param name="Before">theta of what is read.</param>
/// <param name="KernelBefore">g or s of it.</param>
/// <param name="Normed">theta after the norm; null where there is none.</param>
/// <param name="NormedKernel">g after the norm; null where there is none.</param>
/// <param name="Shown">The fluctuation of &lt;Theta_ii f'f'&gt; as neurons show it, masks included, taps not.</param>
/// <param name="ShownDrive">That of &lt;f f&gt;.</param>
/// <param name="ShownMean">The mean of &lt;Theta_ii f'f'&gt;.</param>
/// <param name="Rows">zeta of the rows.</param>
/// <param name="RowMean">Theta of the rows at infinite width.</param>
/// <param name="ReadMean">Theta of what is read, after the norm, at infinite width.</param>
/// <param name="Slope">Covariances of f'_a f'_b of fresh rows: their noise, and their mean; null where the stream is read, or nothing is nonlinear.</param>
internal sealed record TangentPath(Tensor Before, Tensor KernelBefore, Tensor? Normed, Tensor? NormedKernel, Tensor Shown, Tensor ShownDrive, Tensor ShownMean, Tensor Rows, Tensor RowMean, Tensor ReadMean, (Tensor Noise, Tensor Mean)? Slope);

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

/// <summary>sigma-mean: G, S, and the layer means of phi and of sigma.</summary>
public sealed record SigmaMean : IObservableClosure
{
    /// <inheritdoc/>
    public string Name => "sigma-mean";

    /// <inheritdoc/>
    public string Summary => "The kernels G and S with the layer means of phi and sigma; everything else is projected on them.";

    /// <inheritdoc/>
    public IReadOnlyList<Observable> Observables =>
        [Observable.Kernel, Observable.SigmaKernel, Observable.Of(Observable.X), Observable.Of(Notation.Sigma(Observable.X))];
}

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>
/// A closure: which layer averages the fluctuations are described by, and what a layer does to G. Everything else is derived from that. To add one, write
/// one small class; to name it in specifications, put it into <see cref="ClosureRegistry"/>.
/// </summary>
public interface IClosure
{
    /// <summary>How a specification names it, such as hermite(20); reading it back gives the same closure.</summary>
    string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    string Summary { get; }

    /// <summary>The averages that are kept.</summary>
    KeptAverages Keeps { get; }

    /// <summary>The law of the next layer's G that the equations are derived from; the network's own if not overridden. Closures on G or on modes may have their own.</summary>
    /// <param name="ofNetwork">The law of the network.</param>
    LayerLaw Law(LayerLaw ofNetwork) => ofNetwork;
}

/// <summary>A closure on an explicit list of observables: everything is projected on their span, pair by pair of inputs (Galerkin).</summary>
public interface IObservableClosure : IClosure
{
    /// <summary>The observables; the first is x y.</summary>
    IReadOnlyList<Observable> Observables { get; }

    /// <inheritdoc/>
    KeptAverages IClosure.Keeps => new KeptObservables(Observables);
}

/// <summary>A text that names no closure: the message is one sentence with what is wrong and what would be right.</summary>
/// <param name="message">The sentence.</param>
public sealed class ClosureSyntaxException(string message) : Exception(message);

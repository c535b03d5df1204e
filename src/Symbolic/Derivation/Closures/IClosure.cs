namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>
/// A closure: which layer averages the fluctuations are described by. Every closure is the same derivation with another
/// list of observables; to add one, write one small class and put it into <see cref="ClosureRegistry"/>.
/// </summary>
public interface IClosure
{
    /// <summary>How a specification names it, such as hermite(20); reading it back gives the same closure.</summary>
    string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    string Summary { get; }
}

/// <summary>A closure on an explicit list of observables: everything is projected on their span, pair by pair of inputs (Galerkin).</summary>
public interface IObservableClosure : IClosure
{
    /// <summary>The observables; the first is x y.</summary>
    IReadOnlyList<Observable> Observables { get; }
}

/// <summary>A text that names no closure: the message is one sentence with what is wrong and what would be right.</summary>
/// <param name="message">The sentence.</param>
public sealed class ClosureSyntaxException(string message) : Exception(message);

using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing;

/// <summary>A network and a closure of it: what a law is about.</summary>
/// <param name="Network">The network and its inputs.</param>
/// <param name="Closure">The closure.</param>
public sealed record ClosureCase(Network Network, IClosure Closure)
{
    private static readonly CompiledClosures Compiled = new();

    /// <summary>The case as a specification in YAML that symeft runs.</summary>
    public string Specification => SpecificationText.Yaml(Network, Closure.Name);

    /// <summary>The case on some of its inputs, in the order given.</summary>
    /// <param name="inputs">Which inputs, from 0.</param>
    public ClosureCase OnInputs(IReadOnlyList<int> inputs) => this with { Network = Network.OnInputs(inputs) };

    /// <summary>Solves the closure in discrete depth.</summary>
    public TheorySolution Solve() => ClosureSolver.Solve(Network, Closure, Stepping.Discrete, Compiled);

    /// <inheritdoc/>
    public override string ToString() => Specification;
}

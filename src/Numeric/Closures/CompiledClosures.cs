using System.Collections.Concurrent;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Equations of g-only and g-connected, derived and compiled once for each form and number of inputs: for many problems, from any thread.</summary>
internal sealed class CompiledClosures
{
    // Loops over inputs keep sums in arrays of their own, and serve one solution at a time: they are compiled anew.
    private const int MostInputs = CompiledSystem.MostInputsByComponent;

    private readonly ConcurrentDictionary<(IClosure Closure, DepthForm Form, bool NodeSums, int Order, int Inputs), Lazy<CompiledSystem>> _compiled = [];

    /// <summary>The compiled equations.</summary>
    /// <param name="closure">One that keeps G alone.</param>
    /// <param name="settings">How it is solved: the form of depth, whether by node sums, to which order.</param>
    /// <param name="inputs">N.</param>
    public CompiledSystem Of(IClosure closure, SolverSettings settings, int inputs)
    {
        DepthForm form = ClosureSolver.FormOf(settings.Stepping);
        return inputs > MostInputs ? Compile() : _compiled.GetOrAdd((closure, form, settings.Quadrature.Nodes is not null, settings.Order, inputs), _ => new(Compile)).Value;

        CompiledSystem Compile() => new(ClosureSolver.Derive(closure, settings).System, inputs);
    }
}

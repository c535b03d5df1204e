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

    private readonly ConcurrentDictionary<(string Closure, DepthForm Form, bool NodeSums, int Order, int Inputs), Lazy<CompiledSystem>> _compiled = [];

    /// <summary>The compiled equations.</summary>
    /// <param name="closure">g-only or g-connected.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="quadrature">Whether expectations are node sums.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="inputs">N.</param>
    public CompiledSystem Of(IClosure closure, Stepping stepping, QuadratureChoice quadrature, int order, int inputs)
    {
        DepthForm form = ClosureSolver.FormOf(stepping);
        return inputs > MostInputs ? Compile() : _compiled.GetOrAdd((closure.Name, form, quadrature.Nodes is not null, order, inputs), _ => new(Compile)).Value;

        CompiledSystem Compile() => new(closure is GConnected ? DerivationPipeline.GConnected(form) : ClosureSolver.Derive(closure, stepping, quadrature, order).System, inputs);
    }
}

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Galerkin;

internal sealed partial class ObservableExpansion
{
    private readonly List<Unproved> _unprovedOnLines = [];

    /// <summary>Prepares the observables of an activation.</summary>
    /// <param name="observables">The list.</param>
    /// <param name="activation">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public ObservableExpansion(IReadOnlyList<Observable> observables, Activation activation, int inputs, bool estimates = false)
        : this(new ObservableFunctions(activation) is var functions ? [.. observables.Select(observable => functions.Of(observable, inputs > 1))] : [], inputs, estimates)
    {
    }

    /// <summary>What the expansions rest on so far and nothing proves.</summary>
    public IEnumerable<Unproved> Unproved =>
        [.. _factors.Values.Select(factor => factor.Unproved).OfType<Unproved>(), .. _products.SelectMany(terms => terms).SelectMany(term => new[] { term.Straight.UnprovedPlane, term.Exchanged.UnprovedPlane }).OfType<Unproved>(), .. _unprovedOnLines];

    partial void Report(FactorModes onLine)
    {
        if (onLine.Unproved is { } reason && !_unprovedOnLines.Any(known => known.Obstacle == reason.Obstacle)) _unprovedOnLines.Add(reason);
    }
}

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Which averages of a layer a closure keeps; what is derived from it depends on nothing else but its law of a layer.</summary>
public abstract record KeptAverages
{
    private protected KeptAverages()
    {
    }
}

/// <summary>G alone; S is its Gaussian expectation at G.</summary>
/// <param name="HasConnectedTadpole">Whether the tadpole is closed with the connected part of the covariance of G, in place of the whole.</param>
public sealed record KeptKernel(bool HasConnectedTadpole = false) : KeptAverages;

/// <summary>G and the modes of the other orders.</summary>
/// <param name="HighestOrder">k.</param>
public sealed record KeptModes(int HighestOrder) : KeptAverages
{
    /// <summary>The orders beside 2, which is G.</summary>
    public IReadOnlyList<int> Orders => [.. Enumerable.Range(1, HighestOrder).Where(order => order != 2)];
}

/// <summary>G and as many modes as an accuracy needs.</summary>
/// <param name="Accuracy">The share of V4 and K1 that may be left out.</param>
public sealed record KeptModesToAccuracy(double Accuracy) : KeptAverages;

/// <summary>Observables of one neuron; everything else is projected on their span, pair by pair of inputs (Galerkin).</summary>
/// <param name="Observables">The first is x y.</param>
public sealed record KeptObservables(IReadOnlyList<Observable> Observables) : KeptAverages;

/// <summary>What the next orders in 1/n ask of a closure: that it keeps modes, or G, of the network's own law, whoever wrote it.</summary>
internal static class KeptOfNetwork
{
    /// <summary>The modes that a closure keeps, of the network's own law; else null.</summary>
    public static KeptModes? ModesOfNetwork(this IClosure closure) => HasLawOfNetwork(closure) ? closure.Keeps as KeptModes : null;

    /// <summary>Whether a closure is g-only: G alone, with the whole covariance in the tadpole, of the network's own law.</summary>
    public static bool IsKernelOfNetwork(this IClosure closure) => closure.Keeps is KeptKernel { HasConnectedTadpole: false } && HasLawOfNetwork(closure);

    private static bool HasLawOfNetwork(IClosure closure) => closure.Law(LayerLaw.OfNetwork) == LayerLaw.OfNetwork;
}

using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The derivation of any closure as a paper's section: the layer and its block law, then what the closure makes of them.</summary>
public static class ClosureDerivation
{
    /// <summary>How many steps of the pipeline come before a closure is chosen: definitions, rows of U, block law.</summary>
    private const int CommonSteps = 3;

    /// <summary>The derivation of a closure by its name.</summary>
    /// <param name="closure">g-only, g-connected, sigma-kernel, hermite(k), or a list of observables such as [x*y, sigma(x)*sigma(y)].</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="ClosureSyntaxException">The text is no closure.</exception>
    public static DerivationResult Of(string closure, DepthForm form = DepthForm.Discrete) => Of(ClosureRegistry.Parse(closure), form);

    /// <summary>The derivation: its steps, and the equations that programs are made of, of components or of modes and observables.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static DerivationResult Of(IClosure closure, DepthForm form) => Of(closure, form, null);

    /// <summary>The derivation of a closure on the stream of a program of layers, in discrete depth.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="closure">g-only, g-connected or hermite(k).</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    public static DerivationResult Of(IReadOnlyList<StreamStep> steps, IClosure closure)
    {
        ProgramSystem program = ProgramDerivation.Of(steps, closure);
        return new DerivationResult(new EquationSystem(closure.Name, DepthForm.Discrete, [], [], []), ProgramSteps.Of(program)) { Program = program };
    }

    /// <inheritdoc cref="Of(IClosure, DepthForm)"/>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="map">What a layer does to G, for closures on modes; that of the network if null.</param>
    internal static DerivationResult Of(IClosure closure, DepthForm form, KernelMap? map) => closure switch
    {
        GOnly => DerivationPipeline.GOnly(form),
        GConnected => new DerivationResult(DerivationPipeline.GConnected(form), Steps(closure, form)),
        _ => new DerivationResult(new EquationSystem(closure.Name, form, [], [], []), Steps(closure, form, map)) { Moments = MomentDerivation.Of(closure, form, map) },
    };

    /// <summary>All steps.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="highestShown">Hermite modes up to this order are written out.</param>
    public static IReadOnlyList<DerivationStep> Steps(IClosure closure, DepthForm form, int highestShown = 4) => Steps(closure, form, highestShown, null);

    private static IReadOnlyList<DerivationStep> Steps(IClosure closure, DepthForm form, KernelMap? map) => Steps(closure, form, 4, map);

    private static IReadOnlyList<DerivationStep> Steps(IClosure closure, DepthForm form, int highestShown, KernelMap? map)
    {
        IReadOnlyList<DerivationStep> kernel = DerivationPipeline.GOnly(form).Steps;
        return closure switch
        {
            GOnly => kernel,
            HermiteToAccuracy automatic =>
            [
                .. Steps(new HermiteModes(highestShown), form, highestShown, map),
                new("Higher orders", $"Written out above are the modes up to order {highestShown}; {automatic.Name} keeps as many as its accuracy needs, by the same equations.", []),
            ],
            // The number of terms grows like the fourth power of the order, and the pattern is in the first orders already.
            HermiteModes hermite when hermite.HighestOrder > highestShown =>
            [
                .. kernel.Take(CommonSteps),
                .. HermiteDerivation.Of(new HermiteModes(highestShown), map).Steps(form, highestShown),
                new("Higher orders", $"Written out above are the modes up to order {highestShown}; {closure.Name} keeps those up to order {hermite.HighestOrder}, by the same equations.", []),
            ],
            GConnected or HermiteModes => [.. kernel.Take(CommonSteps), .. HermiteDerivation.Of(closure, map).Steps(form, highestShown)],
            IObservableClosure observables => [.. kernel.Take(CommonSteps), .. new ObservableDerivation(observables).Steps(form, highestShown)],
            _ => throw new NotSupportedException($"The closure {closure.Name} has no derivation; give it observables."),
        };
    }
}

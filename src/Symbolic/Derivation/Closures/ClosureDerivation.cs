using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The derivation of any closure as a paper's section: the layer and its block law, then what the closure makes of them.</summary>
public static class ClosureDerivation
{
    /// <summary>How many steps of the pipeline come before a closure is chosen: definitions, rows of U, block law.</summary>
    private const int CommonSteps = 3;

    /// <summary>
    /// Whether the leading order of a closure is solved, and programmed, component by component. With kinks the expectations that Price's theorem makes
    /// of the tadpole are not finite one by one, and the equations have no couplings; modes are finite.
    /// </summary>
    /// <param name="closure">The closure.</param>
    /// <param name="activation">sigma.</param>
    internal static bool IsByComponents(IClosure closure, ActivationDefinition activation) => closure.Keeps is KeptKernel && activation.Kinks.Count == 0;

    /// <summary>The derivation of a closure by its name.</summary>
    /// <param name="closure">g-only, g-connected, sigma-kernel, hermite(k), or a list of observables such as [x*y, sigma(x)*sigma(y)].</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="ClosureSyntaxException">The text is no closure.</exception>
    public static DerivationResult Of(string closure, DepthForm form = DepthForm.Discrete) => Of(ClosureRegistry.Parse(closure), form);

    /// <summary>The derivation: its steps, and the equations that programs are made of, of components or of modes and observables.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static DerivationResult Of(IClosure closure, DepthForm form) => closure.Keeps switch
    {
        KeptKernel { HasConnectedTadpole: false } => OfKernel(closure, form),
        KeptKernel => new DerivationResult(DerivationPipeline.Of(closure, form).System, Steps(closure, form)),
        _ => new DerivationResult(MomentDerivation.Of(closure, form), Steps(closure, form)),
    };

    /// <summary>The derivation of a closure that keeps G, with its whole covariance in the tadpole.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="keepHessianFormal">True leaves second kernel derivatives formal, for a scheme that differentiates its own node sum (the published one).</param>
    internal static DerivationResult OfKernel(IClosure closure, DepthForm form, bool keepHessianFormal = false)
    {
        DerivationResult derived = DerivationPipeline.Of(closure, form, keepHessianFormal);
        return KernelMap.TryOf(closure.Law(LayerLaw.OfNetwork)) is null ? derived : derived with { Steps = [.. derived.Steps, HermiteDerivation.Of(closure).CompactForm(form)] };
    }

    /// <summary>The derivation of a closure on the stream of a program of layers.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    public static DerivationResult Of(IReadOnlyList<StreamStep> steps, IClosure closure, DepthForm form = DepthForm.Discrete)
    {
        ProgramSystem program = ProgramDerivation.Of(steps, closure, form);
        return new DerivationResult(program.Systems[0], ProgramSteps.Of(program)) { Program = program };
    }

    /// <summary>The same with the tangent kernel, which is added step by step of the stream; the plain network is such a step.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="first">The learning rate of the layer before layer 0, from the data; 0 where it is not trained.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived.</exception>
    internal static DerivationResult WithTangent(IReadOnlyList<StreamStep> steps, IClosure closure, Rational first)
    {
        ProgramSystem kernel = ProgramDerivation.Of(steps, closure), program = ProgramDerivation.Of(steps, closure, first);
        return new DerivationResult(program.Systems[0], [.. ProgramSteps.Of(kernel), .. TangentSteps.Of(kernel, program, TangentDerivation.WithoutMean(steps))]) { Program = program };
    }

    /// <summary>All steps.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="highestShown">Hermite modes up to this order are written out.</param>
    public static IReadOnlyList<DerivationStep> Steps(IClosure closure, DepthForm form, int highestShown = 4)
    {
        if (closure.Keeps is KeptKernel { HasConnectedTadpole: false })
            return OfKernel(closure, form).Steps;
        IEnumerable<DerivationStep> common = DerivationPipeline.GOnly(form).Steps.Take(CommonSteps);
        if (closure.Keeps is KeptObservables kept)
            return [.. common, DerivationPipeline.InfiniteWidthStep(LayerLaw.OfNetwork, form), .. new ObservableDerivation(closure, kept.Observables).Steps(form, highestShown)];
        // The number of terms grows like the fourth power of the order, and the pattern is in the first orders already.
        string? higher = closure.Keeps switch
        {
            KeptModesToAccuracy => $"{closure.Name} keeps as many as its accuracy needs",
            KeptModes modes when modes.HighestOrder > highestShown => $"{closure.Name} keeps those up to order {modes.HighestOrder}",
            _ => null,
        };
        return
        [
            .. common,
            .. DerivationPipeline.LawStep(closure),
            DerivationPipeline.InfiniteWidthStep(closure.Law(LayerLaw.OfNetwork), form),
            .. HermiteDerivation.Of(closure, highestShown).Steps(form, highestShown),
            .. higher is null ? Array.Empty<DerivationStep>() : [new("Higher orders", $"Written out above are the modes up to order {highestShown}; {higher}, by the same equations.", [])],
        ];
    }
}

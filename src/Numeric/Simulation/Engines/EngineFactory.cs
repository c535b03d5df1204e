using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>The one place where a law, a precision and an activation become an engine.</summary>
internal sealed class EngineFactory(EnsembleSettings settings, ControlVariate? control) : IActivationUse<LaneEngine>
{
    /// <summary>A new engine for one thread.</summary>
    public static LaneEngine Create(EnsembleSettings settings, ControlVariate? control = null) =>
        NeuronActivation.From(settings.Network.Sigma).Accept(new EngineFactory(settings, control));

    /// <summary>Number of samples the engine of these settings runs at once.</summary>
    public static int Lanes(EnsembleSettings settings) =>
        settings.Law == SamplingLaw.Block && settings.Precision == StatePrecision.Single ? SingleLanes.Count : DoubleLanes.Count;

    public LaneEngine With<TActivation>(TActivation activation)
        where TActivation : struct, IVectorActivation => settings.Law switch
        {
            SamplingLaw.Block when settings.Precision == StatePrecision.Single => new BlockLawEngine<float, SingleLanes, TActivation>(settings, activation, control),
            SamplingLaw.Block => new BlockLawEngine<double, DoubleLanes, TActivation>(settings, activation, control),
            SamplingLaw.GaussianWeights => Weights(WeightKind.Gaussian),
            SamplingLaw.UniformWeights => Weights(WeightKind.Uniform),
            SamplingLaw.OrthogonalWeights => Weights(WeightKind.Orthogonal),
            _ => throw new ArgumentException($"Sampling law {settings.Law} is not known.", nameof(settings)),
        };

    private WeightsEngine Weights(WeightKind weights)
    {
        LaneActivation<double> activation = LaneActivation.Double(NeuronActivation.From(settings.Network.Sigma));
        return new WeightsEngine(settings, ProgramPlan<double>.Plain(settings, activation, weights), activation);
    }
}

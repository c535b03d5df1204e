using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>The sampler of a program of layers, with its control variate where that is without bias.</summary>
internal static class ProgramSampling
{
    /// <summary>The sampler.</summary>
    /// <param name="settings">The program.</param>
    /// <param name="wantsControl">Whether a control variate is wanted; where there is none the statistics say why.</param>
    /// <param name="k0">K0 at the recorded layers, which K1 is a difference from.</param>
    /// <param name="quadrature">How the expectations of the control variate are taken.</param>
    /// <param name="cancellation">Stops the preparation.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the covariances asked for need more than 4 GB.</exception>
    /// <exception cref="EnsembleLimitException">The control variate needs more than 4 GB.</exception>
    /// <exception cref="ComputationException">The control variate cannot be computed.</exception>
    public static EnsembleSampler Sampler(ProgramSettings settings, bool wantsControl, double[][] k0, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        (ProgramControlVariate? control, string? without) = wantsControl ? Control(settings, quadrature, cancellation) : default;
        return new EnsembleSampler(settings, new EnsembleReference { K0 = k0, E2 = [] }, control, without, control is null ? null : ConditionalTangent.Prepare(settings, control, cancellation));
    }

    private static (ProgramControlVariate? Control, string? Without) Control(ProgramSettings settings, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        const string plain = "The plain estimator was used in place of the control variate";
        if (settings.Steps.Stages().FirstOrDefault(stage => stage.Weights != WeightKind.Gaussian) is { } other)
            return (null, $"{plain}: {other.Path}.dense has weights that are not Gaussian, so they are drawn one by one, and the control variate is that of Gaussian rows, which would have a bias.");
        try
        {
            return (ProgramControlVariate.Prepare(settings, quadrature, cancellation), null);
        }
        catch (LayerProgramException reason)
        {
            return (null, $"{plain}, which follows the derived equations: {reason.Message}");
        }
    }
}

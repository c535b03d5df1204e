using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Tests.Closures;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Keeps G, S and their predictions, sample by sample.</summary>
internal sealed class Predictions(int lanes, int pairs) : IKernelObserver
{
    /// <summary>record, then (G, S) over pairs of one sample.</summary>
    public List<(int Record, double[] Values)> Kernels { get; } = [];

    /// <summary>Likewise the predictions of (G - K0, S - E2).</summary>
    public List<(int Record, double[] Values)> Linear { get; } = [];

    public static ActivationDescription Description(string name) => name switch
    {
        "tanh" => Setups.Tanh.Description,
        "gelu" => Setups.Gelu.Description,
        "identity" => Setups.Linear.Description,
        "relu" => Setups.Relu,
        _ => throw new ArgumentException(name),
    };

    public static ControlVariate Prepare(EnsembleSettings settings, int order = 6) =>
        ControlVariate.Prepare(settings, order);

    public static Predictions Of(EnsembleSettings settings, ControlVariate control, int samples)
    {
        using LaneEngine engine = EngineFactory.Create(settings, control);
        var result = new Predictions(engine.Lanes, settings.Pairs);
        for (int first = 0; first < samples; first += engine.Lanes) engine.Run(first, result, CancellationToken.None);
        return result;
    }

    public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel) => Keep(Kernels, record, kernel, sigmaKernel);

    public void ObservePrediction(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel) => Keep(Linear, record, kernel, sigmaKernel);

    private void Keep(List<(int Record, double[] Values)> list, int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            var values = new double[2 * pairs];
            for (int p = 0; p < pairs; p++)
            {
                values[p] = kernel[(p * lanes) + lane];
                values[pairs + p] = sigmaKernel[(p * lanes) + lane];
            }

            list.Add((record, values));
        }
    }
}

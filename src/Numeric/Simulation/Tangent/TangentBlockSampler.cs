// The tangent kernel without weights. Give all parameters two random directions: rows (phi, d phi, e phi) of a layer are Gaussian given those before, independent between neurons,
// so that r n (3 N) normals draw them by their exact law (ProgramBlockEngine), and what is measured has the means and covariances of Theta exactly (TangentQuantities). That is
// O(n) a layer, where backpropagation through drawn weights is O(n^3). Sums, batches, error bars and the control variate are those of G (EnsembleSampler).

using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Simulates G and the tangent kernel by the exact law of rows with tangents.</summary>
internal sealed class TangentBlockSampler : ITangentSampler
{
    private readonly EnsembleSampler _sampler;
    private readonly TangentQuantities _quantities;

    private readonly int _width;

    private TangentBlockSampler(EnsembleSampler sampler, TangentQuantities quantities, int width) => (_sampler, _quantities, _width) = (sampler, quantities, width);

    public long MostSamples => long.MaxValue;

    public long SumsInBatch => _sampler.SumsInBatch;

    public int BatchSize => _sampler.BatchSize;

    /// <summary>Prepares a network.</summary>
    /// <param name="steps">What it does to the stream.</param>
    /// <param name="network">Its inputs, and the layers that are recorded.</param>
    /// <param name="width">n.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="rateOfFirst">The learning rate of the layer before layer 0; 0 where it is not trained.</param>
    /// <param name="kernel">K0 at the recorded layers, over pairs.</param>
    /// <param name="tangent">Theta0 at them.</param>
    /// <param name="kept">The pairs of which covariances are kept; all if null.</param>
    /// <param name="wantsControl">Whether a control variate is wanted; where there is none the statistics say why.</param>
    /// <param name="quadrature">How the expectations of the control variate are taken.</param>
    /// <param name="cancellation">Stops the preparation.</param>
    /// <exception cref="LayerProgramException">A layer does something whose tangent kernel is not simulated.</exception>
    /// <exception cref="ArgumentException">A setting is out of range, or the covariances asked for need more than 4 GB.</exception>
    public static TangentBlockSampler Prepare(
        IReadOnlyList<StreamStep> steps, Network network, int width, ulong seed, double rateOfFirst, IReadOnlyList<double[]> kernel, IReadOnlyList<double[]> tangent,
        IReadOnlyList<int>? kept = null, bool wantsControl = true, QuadratureChoice? quadrature = null, CancellationToken cancellation = default)
    {
        if (steps.Stages().FirstOrDefault(stage => stage.Weights != WeightKind.Gaussian) is { } other)
            throw new LayerProgramException($"{other.Path} has weights that are not Gaussian, with which the tangent kernel is not simulated; leave it or ntk out.");
        var quantities = new TangentQuantities(network.Inputs);
        var settings = new ProgramSettings
        {
            Steps = steps,
            Width = width,
            Seed = seed,
            InitialKernel = network.Kernel,
            RecordedLayers = network.RecordedLayers,
            Directions = TangentQuantities.Directions,
            RateOfFirst = rateOfFirst,
            CovariancePairs = kept is null ? null : quantities.Of(kept),
        };
        double[][] means = [.. kernel.Select((row, record) => quantities.OfMeans(row, tangent[record]))];
        return new(ProgramSampling.Sampler(settings, wantsControl, means, quadrature ?? QuadratureChoice.Estimated, cancellation), quantities, width);
    }

    public BatchTree NewTree() => _sampler.NewTree();

    public long Batches(long samples) => _sampler.Batches(samples);

    public bool RunBatches(BatchTree tree, long first, long end, EnsembleRun run) => _sampler.RunBatches(tree, first, end, run);

    public TangentStatistics Summarize(BatchTree tree, bool cancelled = false) => TangentStatistics.Of(_sampler.Summarize(tree, cancelled), _quantities, _width, _sampler.TangentMeans(tree));
}

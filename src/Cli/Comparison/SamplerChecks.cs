// What the sampler is held against in the same run:
//   * the linear network sigma(x) = x, one input, no bias, exact at every width;
//   * the published simulation, where the specification is the paper's.

using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Comparisons of the simulation with what is known independently of any closure.</summary>
internal static class SamplerChecks
{
    private const int LinearDepth = 100;
    private const long LinearSamples = 20_000;

    /// <summary>The linear network, simulated with the specification's width, step and weights.</summary>
    public static IEnumerable<SamplerCheck> LinearNetwork(Specification specification, CancellationToken cancellation)
    {
        const double kernel = 1;
        int depth = Math.Min(specification.Network.Depth, LinearDepth), n = specification.Width;
        Network linear = specification.Network with { Activation = "identity", BiasVariance = 0, Depth = depth, Kernel = new double[,] { { kernel } }, RecordedLayers = [depth] };
        var settings = new EnsembleSettings { Network = linear, Width = n, Seed = specification.Seed };
        EnsembleStatistics statistics = new EnsembleSampler(settings).Run(new EnsembleRun { Samples = LinearSamples, Cancellation = cancellation });
        LayerStatistics last = statistics.Layers[^1];
        (double mean, double covariance) = Numeric.Comparison.LinearNetwork.At(linear.LayerAt(0), kernel, n, depth);
        string subject = FormattableString.Invariant($"linear network, n = {n}, l = {depth}");
        yield return new(subject, Quantity.G, depth, mean, null, "exact", last.G.Value[0], last.G.StandardError[0]);
        yield return new(subject, Quantity.V4, depth, covariance, null, "exact", last.V4.Value[0, 0], last.V4.StandardError[0, 0]);
    }

    /// <summary>
    /// The headline rows for which a simulated value is printed in the literature; not K1 and U1, which are differences from
    /// an infinite-width value and carry the quadrature of whoever computed that.
    /// </summary>
    public static IEnumerable<SamplerCheck> Published(IEnumerable<HeadlineRow> headline) =>
        from row in headline
        where row is { Quantity: Quantity.G or Quantity.V4, PublishedSimulation: not null, Simulation: not null, StandardError: not null }
        select new SamplerCheck(
            FormattableString.Invariant($"this network, t = {row.Time}"), row.Quantity, row.Layer,
            row.PublishedSimulation!.Value, row.PublishedSimulationStandardError, "published simulation", row.Simulation!.Value, row.StandardError!.Value);
}

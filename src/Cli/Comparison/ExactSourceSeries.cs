using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Comparison;

/// <summary>K1 from its exact source, as a curve; none where the skip coefficient is not 1.</summary>
internal static class ExactSourceSeries
{
    /// <summary>Integrates the measured source.</summary>
    public static TheorySeries Of(Specification specification, EnsembleSeries ensemble)
    {
        (double[][] Values, double[][] StandardErrors)? integrated = specification.Network.Skip == 1
            ? Numeric.Comparison.ExactSource.Integrate(specification.Network.WeightVariance, ensemble.Times, ensemble.U1!, ensemble.U1StandardErrors!)
            : null;
        return new TheorySeries
        {
            Label = "exact source",
            Role = SeriesRole.ExactSource,
            Pairs = ensemble.Pairs,
            Layers = ensemble.Layers,
            Times = ensemble.Times,
            K1 = integrated?.Values,
            K1StandardErrors = integrated?.StandardErrors,
        };
    }
}

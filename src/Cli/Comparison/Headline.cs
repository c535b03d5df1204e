using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Comparison;

/// <summary>The rows of the headline table.</summary>
internal static class Headline
{
    /// <summary>Mean kernel, V4 and K1 on and off the diagonal at the last depth, and V4 at the quarters of the way.</summary>
    public static IReadOnlyList<HeadlineRow> Rows(Specification specification, TheorySeries theory, EnsembleSeries? ensemble)
    {
        int last = theory.Layers.Count - 1;
        var rows = new List<HeadlineRow>();
        foreach (int record in new[] { 1, 2, 3 }.Select(quarter => last * quarter / 4).Where(record => record > 0 && record < last).Distinct())
            rows.Add(Row(Quantity.V4, 0, record));
        foreach (int pair in theory.Pairs.Count > 1 ? new[] { 0, 1 } : [0])
        {
            rows.Add(Row(Quantity.G, pair, last));
            rows.Add(Row(Quantity.V4, pair, last));
            rows.Add(Row(Quantity.K1, pair, last));
            if (theory.U1 is not null)
                rows.Add(Row(Quantity.U1, pair, last));
        }

        return rows;

        HeadlineRow Row(Quantity quantity, int pair, int record)
        {
            InputPair name = theory.Pairs[pair];
            PublishedValue? published = PublishedValues.Find(specification, quantity, name, theory.Times[record]);
            return new HeadlineRow
            {
                Quantity = quantity,
                Pair = name,
                SecondPair = quantity == Quantity.V4 ? name : null,
                Layer = theory.Layers[record],
                Time = theory.Times[record],
                Theory = quantity switch
                {
                    Quantity.G => theory.K0![record][pair] + (theory.K1![record][pair] / specification.Width),
                    Quantity.V4 => theory.V4![record][pair][pair],
                    Quantity.K1 => theory.K1![record][pair],
                    _ => theory.U1![record][pair],
                },
                Simulation = quantity switch
                {
                    Quantity.G => ensemble?.G[record][pair],
                    Quantity.V4 => ensemble?.V4![record][pair][pair],
                    Quantity.K1 => ensemble?.K1![record][pair],
                    _ => ensemble?.U1![record][pair],
                },
                StandardError = quantity switch
                {
                    Quantity.G => ensemble?.GStandardErrors[record][pair],
                    Quantity.V4 => ensemble?.V4StandardErrors![record][pair][pair],
                    Quantity.K1 => ensemble?.K1StandardErrors![record][pair],
                    _ => ensemble?.U1StandardErrors![record][pair],
                },
                PublishedTheory = published?.Theory,
                PublishedSimulation = published?.Simulation,
                PublishedSimulationStandardError = published?.SimulationStandardError,
            };
        }
    }
}

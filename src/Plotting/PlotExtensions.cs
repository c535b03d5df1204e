using System.Globalization;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Plotting;

/// <summary>Figures of what programs compute: quantities against the layer.</summary>
/// <example>
/// A closure, the network, and both in one figure:
/// <code>
/// Chart theory = network.Solve("g-only").Plot(Quantity.V4, closure: "g-only");
/// theory.With(network.Simulate(width: 64, samples: 20_000).Plot(Quantity.V4)).Save("v4.pdf");
/// </code>
/// </example>
public static class PlotExtensions
{
    /// <summary>A line: a quantity of a solution at its recorded layers.</summary>
    /// <param name="theory">The solution.</param>
    /// <param name="quantity">V4, K0, K1 or U1; G is drawn as K0.</param>
    /// <param name="pair">The pair of inputs, the first of V4; (0, 0) if null.</param>
    /// <param name="second">The second pair of V4; the first if null.</param>
    /// <param name="closure">The closure's name, which decides the line's style and stands in the legend.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public static Chart Plot(this TheorySolution theory, Quantity quantity = Quantity.V4, (int First, int Second)? pair = null, (int First, int Second)? second = null, string closure = "theory")
    {
        (int, int) left = pair ?? (0, 0), right = second ?? left;
        double At(int record) => quantity switch
        {
            Quantity.V4 => theory.V4At(record, left, right),
            Quantity.K1 => theory.K1At(record, left),
            Quantity.U1 => theory.U1At(record, left),
            _ => theory.K0At(record, left),
        };
        ChartPoint[] points = [.. theory.Layers.Select((layer, record) => new ChartPoint(layer, At(record)))];
        return Of(quantity, left, right, new ChartSeries(RichText.Literal(closure), SeriesKind.Line, Styles.Of(closure), points));
    }

    /// <summary>Points with error bars of one standard error: a quantity of a simulation at its recorded layers.</summary>
    /// <param name="simulation">The simulation.</param>
    /// <param name="quantity">V4, G, K1 or U1; K0 is drawn as G, what it is at finite width.</param>
    /// <param name="pair">The pair of inputs, the first of V4; (0, 0) if null.</param>
    /// <param name="second">The second pair of V4; the first if null.</param>
    /// <param name="label">What stands in the legend.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public static Chart Plot(this EnsembleStatistics simulation, Quantity quantity = Quantity.V4, (int First, int Second)? pair = null, (int First, int Second)? second = null, string label = "simulation")
    {
        (int, int) left = pair ?? (0, 0), right = second ?? left;
        Estimate At(int record) => quantity switch
        {
            Quantity.V4 => simulation.V4At(record, left, right),
            Quantity.K1 => simulation.K1At(record, left),
            Quantity.U1 => simulation.U1At(record, left),
            _ => simulation.GAt(record, left),
        };
        ChartPoint[] points = [.. simulation.Layers.Select((layer, record) => (layer.Layer, At: At(record))).Select(found => new ChartPoint(found.Layer, found.At.Value, found.At.StandardError))];
        return Of(quantity == Quantity.K0 ? Quantity.G : quantity, left, right, new ChartSeries(RichText.Literal(label), SeriesKind.Points, Styles.Simulation, points));
    }

    /// <summary>Lines: V4 or K1 of all closures that have a solution, and the exact leading order.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="quantity">V4, K0, K1 or U1.</param>
    /// <param name="pair">The pair of inputs, the first of V4; (0, 0) if null.</param>
    /// <param name="second">The second pair of V4; the first if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public static Chart Plot(this NetworkComparison comparison, Quantity quantity = Quantity.V4, (int First, int Second)? pair = null, (int First, int Second)? second = null)
    {
        Chart exact = comparison.Exact.Plot(quantity, pair, second);
        return exact with
        {
            Series = [exact.Series[0] with { Label = "exact leading order", Style = Styles.Exact }, .. Solved(comparison).SelectMany(closure => comparison.SolutionOf(closure).Plot(quantity, pair, second, closure.Name).Series)],
        };
    }

    /// <summary>Lines on a logarithmic axis: by how many per cent V4 or K1 of closures is off the exact leading order.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="quantity">V4 or K1.</param>
    /// <param name="pair">The pair of inputs, the first of V4; (0, 0) if null.</param>
    /// <param name="second">The second pair of V4; the first if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public static Chart PlotDeviations(this NetworkComparison comparison, Quantity quantity = Quantity.V4, (int First, int Second)? pair = null, (int First, int Second)? second = null)
    {
        Chart all = comparison.Plot(quantity, pair, second);
        IReadOnlyList<ChartPoint> exact = all.Series[0].Points;
        return all with
        {
            Heading = $"{all.Heading} beside the exact leading order",
            Description = $"Deviation of closures from the exact leading order in per cent, against the layer: {all.Heading}.",
            Y = new ChartAxis("deviation (%)", AxisScale.Logarithmic),
            Series = [.. all.Series.Skip(1).Select(series => series with { Points = [.. series.Points.Select((point, at) => point with { Y = 100 * Math.Abs((point.Y / exact[at].Y) - 1) })] })],
        };
    }

    private static IEnumerable<IClosure> Solved(NetworkComparison comparison) => comparison.Closures.Where(closure => comparison.FailureOf(closure) is null);

    private static Chart Of(Quantity quantity, (int First, int Second) left, (int First, int Second) right, ChartSeries series)
    {
        string Name((int First, int Second) pair) => string.Create(CultureInfo.InvariantCulture, $"{pair.First}{(Math.Max(pair.First, pair.Second) > 9 ? "," : "")}{pair.Second}");
        string indices = quantity == Quantity.V4 ? $"{Name(left)},{Name(right)}" : Name(left), symbol = QuantityMarkup.Symbol(quantity, indices);
        return new Chart
        {
            Id = $"{quantity.ToString().ToLowerInvariant()}-{indices.Replace(',', '-')}",
            Heading = symbol,
            Description = $"{RichText.Parse(symbol).PlainText} against the layer.",
            X = new ChartAxis("layer *l*"),
            Y = new ChartAxis(QuantityMarkup.Definition(quantity, indices, left == right ? Name(left) : null), IncludeZero: quantity is not (Quantity.K0 or Quantity.G)),
            Series = [series],
        };
    }
}

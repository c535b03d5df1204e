
namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>How far the closures are from the exact leading order, against depth.</summary>
internal static class ClosureFigures
{
    // Less is not drawn: the logarithmic axis would be all rounding.
    private const double Least = 0.01;

    /// <summary>One panel each for V4 and K1, on and off the diagonal.</summary>
    public static Figure? Deviations(ReportView view)
    {
        if (view.Data.Closures is not { } report)
            return null;
        IReadOnlyList<Chart> panels = ReportView.Lettered("closures", ClosureTables.Shown(view, report).Select(at => Panel(view, report, at)));
        return panels.Count == 0 ? null : new Figure("figure-closures", "Closures against the exact leading order", panels, Captions.Join(
            $"Size of the deviation from {Captions.Escape(report.ExactName)}; below {NumberText.Plain(Least)} % nothing is drawn, and a dip is a change of sign. Dotted: 1, 5 and 10 %.",
            Captions.SetUp(view)));
    }

    /// <summary>The deviations of one component.</summary>
    /// <param name="view">The data.</param>
    /// <param name="report">The closures.</param>
    /// <param name="at">Which component.</param>
    /// <param name="withNetwork">Whether the distance of the simulated network from the exact leading order is shown.</param>
    public static Chart? Panel(ReportView view, ClosureReport report, int at, bool withNetwork = false)
    {
        ExactComponent exact = report.Components[at];
        Component component = ClosureTables.Of(exact);
        var series = new List<ChartSeries>();
        foreach (ClosureEntry closure in report.Closures)
        {
            if (closure.Numbers[at] is not { } numbers || (exact.Quantity == Quantity.K1 && closure.CorrectionIsUnfed))
                continue;
            List<ChartPoint> points = [.. Enumerable.Range(1, report.Layers.Count - 1).Select(record =>
                new ChartPoint(view.Depth(report.Layers[record], report.Times[record]), Deviation(numbers.Values[record], exact.Values[record])))];
            if (!points.Any(point => double.IsFinite(point.Y)))
                continue;
            // Closures that differ in nothing here (g-only and g-connected in V4) share a line.
            int same = series.FindIndex(line => line.Points.Zip(points).All(each => each.First.Y.Equals(each.Second.Y) || Math.Abs(each.First.Y - each.Second.Y) < 1e-6 * each.First.Y));
            if (same >= 0)
                series[same] = series[same] with { Label = $"{series[same].Label}, {RichText.Literal(closure.Name)}" };
            else
                series.Add(new ChartSeries(RichText.Literal(closure.Name), SeriesKind.Line, Styles.Of(closure.Name), points));
        }

        if (series.Count == 0)
            return null;
        if (withNetwork && view.Ensemble is { } ensemble)
        {
            List<ChartPoint> network = [.. from record in Enumerable.Range(1, report.Layers.Count - 1)
                                           let measured = ensemble.At(component, report.Layers[record])
                                           where measured is { Error: > 0 } && exact.Values[record] != 0
                                           select new ChartPoint(view.Depth(report.Layers[record], report.Times[record]), Deviation(measured.Value.Value, exact.Values[record]), 100 * measured.Value.Error!.Value / Math.Abs(exact.Values[record]))];
            if (network.Count > 0)
                series.Add(new ChartSeries($"network, {ReportView.EnsembleLabel(ensemble)}", SeriesKind.Points, Styles.Simulation, network));
        }

        double last = view.Depth(report.Layers[^1], report.Times[^1]);
        foreach (double share in ClosureReport.Shares)
            series.Add(new ChartSeries(null, SeriesKind.Line, Styles.Guide, [new(0, 100 * share), new(last, 100 * share)]));
        return new Chart
        {
            Id = "",
            Heading = component.Markup,
            Description = $"Deviation of {component.PlainText} of each closure from the exact leading order in per cent, against depth.",
            X = view.DepthAxis,
            Y = new ChartAxis("deviation (%)", AxisScale.Logarithmic),
            Series = series,
            Height = 360,
        };
    }

    private static double Deviation(double value, double exact) =>
        100 * Math.Abs((value - exact) / exact) is var percent && percent >= Least && double.IsFinite(percent) ? percent : double.NaN;
}


namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The one-step residual of the closure's V4 equation and its two parts.</summary>
internal static class ResidualFigures
{
    /// <summary>One panel for each component whose residual was measured.</summary>
    public static Figure? Residuals(ReportView view)
    {
        IReadOnlyList<Chart> panels = ReportView.Lettered("residual", view.Data.Residuals.Select(residual =>
        {
            var component = new Component(Quantity.V4, residual.First, residual.Second);
            IReadOnlyList<double> total = residual.Total ?? [.. residual.Transport.Zip(residual.Source, (transport, source) => transport + source)];
            var series = new List<ChartSeries>();
            Add(series, view, residual, "transport part", residual.Transport, residual.TransportStandardErrors, Styles.Family[0]);
            Add(series, view, residual, "source part", residual.Source, residual.SourceStandardErrors, Styles.Family[1]);
            Add(series, view, residual, "whole residual", total, residual.TotalStandardErrors, Styles.Family[5]);
            return new Chart
            {
                Id = "",
                Heading = $"Residual of {component.Markup}",
                Description = $"One-step residual of the equation of {component.PlainText} against depth, and its transport and source parts.",
                X = view.DepthAxis,
                Y = new ChartAxis(view.UsesTime ? "residual (*V*^{(4)} per depth time)" : "residual (*V*^{(4)} per *ε*^{2} of a layer)", IncludeZero: true),
                Series = series,
            };
        }));
        if (panels.Count == 0)
            return null;
        string caption = Captions.Join(
            "Measured one-step change of <i>V</i><sup>(4)</sup> over <i>ε</i>², less the closure's right-hand side at the measured <i>V</i><sup>(4)</sup>.",
            "Transport part: <i>n</i>(Cov(<i>Q̂</i>, <i>G</i>) + transpose) − (<i>χV</i><sup>(4)</sup> + <i>V</i><sup>(4)</sup><i>χ</i><sup>T</sup>).",
            "Source part: covariance of the layer's own noise − <i>Σ</i>(<i>K</i><sup>(0)</sup>).",
            view.Ensemble is { } ensemble ? Captions.Points(ensemble) : "",
            view.Data.Residuals.Any(residual => residual.TotalStandardErrors is null) ? "The whole residual is drawn without bars where its own error was not measured." : "",
            Captions.SetUp(view));
        return new Figure("figure-residual", "One-step residual of the closed equation for <i>V</i><sup>(4)</sup>", panels, caption);
    }

    private static void Add(
        List<ChartSeries> series, ReportView view, ResidualSeries residual, string label,
        IReadOnlyList<double> values, IReadOnlyList<double>? errors, SeriesStyle style)
    {
        List<ChartPoint> points = [.. values.Select((value, i) => new ChartPoint(view.Depth(residual.Layers[i], residual.Times[i]), value, errors?[i] ?? 0))];
        series.Add(new ChartSeries(null, SeriesKind.Line, style with { Width = 1.2 }, points));
        series.Add(new ChartSeries(label, SeriesKind.Points, style, points));
    }
}


namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The published scheme beside the main solution.</summary>
internal static class SchemeFigures
{
    /// <summary>The components compared: V4 and K1, diagonal and off the diagonal.</summary>
    public static IEnumerable<Component> Components(ReportView view) =>
        view.Pairs.Select(Component.Variance).Concat(view.Pairs.Select(pair => new Component(Quantity.K1, pair)));

    /// <summary>One panel for each component that both have.</summary>
    public static Figure? PublishedBesideMain(ReportView view)
    {
        if (view.Published is not { } published || view.Main is not { } main)
            return null;
        IReadOnlyList<Chart> panels = ReportView.Lettered("scheme", Components(view).Select(component =>
        {
            if (main.Line(component, view, RichText.Literal(main.Label), ReportView.Style(main)) is not { } mainLine
                || published.Line(component, view, RichText.Literal(published.Label), ReportView.Style(published)) is not { } publishedLine)
            {
                return null;
            }

            List<ChartSeries> series = [mainLine, publishedLine];
            if (view.Ensemble?.Points(component, view, ReportView.EnsembleLabel(view.Ensemble), Styles.Simulation) is { } points)
                series.Add(points);
            return new Chart
            {
                Id = "",
                Heading = component.Markup,
                Description = $"{component.PlainText} against depth by {main.Label} and by {published.Label}.",
                X = view.DepthAxis,
                Y = new ChartAxis(component.AxisLabel, IncludeZero: true),
                Series = series,
            };
        }));
        if (panels.Count == 0)
            return null;
        string caption = Captions.Join(
            $"{Captions.Name(main)}: {Scheme(main)}. {Captions.Name(published)}: {Scheme(published)}.",
            Captions.Descriptions([published]),
            view.Ensemble is { } ensemble ? Captions.Points(ensemble) : "No simulation was run.",
            Captions.Pairs(view),
            Captions.SetUp(view));
        return new Figure("figure-scheme", "The published numbers beside the recomputed ones", panels, caption);
    }

    /// <summary>Quadrature and stepping of a series, as HTML.</summary>
    public static string Scheme(TheorySeries series) => (series.Quadrature, series.Stepping) switch
    {
        ({ } quadrature, { } stepping) => $"quadrature {Captions.Escape(quadrature)}, stepping {Captions.Escape(stepping)}",
        ({ } quadrature, null) => $"quadrature {Captions.Escape(quadrature)}",
        (null, { } stepping) => $"stepping {Captions.Escape(stepping)}",
        _ => "scheme not stated",
    };
}

using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>K1 and its source U1 against depth, and U1 at initialisation.</summary>
internal static class MeanFigures
{
    private static readonly Marker[] InitialMarkers = [Marker.Diamond, Marker.Triangle, Marker.Square];

    /// <summary>K1: simulation, the equation driven by the measured source, and the closure.</summary>
    public static Figure? MeanCorrection(ReportView view)
    {
        var panels = Panels(view, Quantity.K1, "k1", [view.ExactSource, .. view.Alternatives, view.Main]);
        if (panels.Count == 0)
            return null;
        bool hasExact = view.ExactSource?.K1 is not null;
        string caption = Captions.Join(
            hasExact
                ? $"{Captions.Name(view.ExactSource!)}: d<i>K</i><sup>(1)</sup>/d<i>t</i> = <i>C<sub>W</sub></i> <i>U</i><sup>(1)</sup> with <i>U</i><sup>(1)</sup> from the simulation" +
                  (view.ExactSource!.K1StandardErrors is null ? "." : " (band: an upper bound of its standard error).")
                : "",
            view.Main?.K1 is not null ? $"{Captions.Name(view.Main)}: the closure's own equation." : "",
            view.Ensemble?.K1 is not null ? Captions.Points(view.Ensemble) : "No simulation was run.",
            Captions.Descriptions(view.Alternatives),
            Captions.Pairs(view),
            Captions.SetUp(view));
        return new Figure("figure-k1", $"The mean at order 1/<i>n</i>, {new Component(Quantity.K1, view.Diagonal).MathMl}", panels, caption);
    }

    /// <summary>U1: as simulated, and as the closure models it.</summary>
    public static Figure? Source(ReportView view)
    {
        var panels = Panels(view, Quantity.U1, "u1", [.. view.Alternatives, view.Main]);
        if (panels.Count == 0)
            return null;
        string caption = Captions.Join(
            "<i>U</i><sup>(1)</sup> = <i>n</i>(E <i>S</i> − <i>E</i><sub>2</sub>(<i>K</i><sup>(0)</sup>)), without the factor <i>C<sub>W</sub></i>, is the exact source of <i>K</i><sup>(1)</sup>.",
            view.Main?.U1 is not null ? $"{Captions.Name(view.Main)}: what the closure puts in its place." : "",
            view.Ensemble?.U1 is not null ? Captions.Points(view.Ensemble) : "No simulation was run.",
            Captions.Pairs(view),
            Captions.SetUp(view));
        return new Figure("figure-u1", $"The source of the mean, {new Component(Quantity.U1, view.Diagonal).MathMl}", panels, caption);
    }

    /// <summary>U1 at layer 0 for every pair of inputs, where the theorem says 0.</summary>
    public static Figure? SourceAtInitialisation(ReportView view)
    {
        var pairs = Pairs(view);
        var series = new List<ChartSeries>
        {
            new("theorem: 0", SeriesKind.Line, Styles.ExactSource, [new(-0.5, 0), new(pairs.Count - 0.5, 0)]),
        };
        // Side by side within a pair, so that none hides another.
        List<TheorySeries> theories = [.. view.Alternatives.Prepend(view.Main).OfType<TheorySeries>().Where(theory => theory.U1 is not null)];
        int places = theories.Count + (view.Ensemble is null ? 0 : 1);
        double Shift(int place) => Math.Min(0.2, 0.7 / places) * (place - ((places - 1) / 2.0));
        for (int i = 0; i < theories.Count; i++)
        {
            var theory = theories[i];
            var points = Points(pairs, Shift(i), component => theory.At(component, 0) is { } value ? (value, null) : null);
            if (points.Count > 0)
                series.Add(new ChartSeries(RichText.Literal(theory.Label), SeriesKind.Points, ReportView.Style(theory) with { Marker = InitialMarkers[i % InitialMarkers.Length] }, points));
        }

        var measured = view.Ensemble is { } ensemble ? Points(pairs, Shift(places - 1), component => ensemble.At(component, 0)) : [];
        if (measured.Count > 0)
            series.Add(new ChartSeries(ReportView.EnsembleLabel(view.Ensemble!), SeriesKind.Points, Styles.Simulation, measured));
        if (series.Count == 1)
            return null;

        var chart = new Chart
        {
            Id = "u1-initial",
            Heading = "*U*^{(1)} at *l* = 0",
            Description = "The source of the mean at initialisation for each pair of inputs; the theorem's value is zero.",
            X = new ChartAxis("pair of inputs *ab*", Categories: [.. pairs.Select(pair => new Component(Quantity.U1, pair).Indices)]),
            Y = new ChartAxis("*U*^{(1)}_{ab}(0) = *n* (E *S* \u2212 *E*_{2})_{ab}", IncludeZero: true),
            Series = series,
            Height = 290,
        };
        string caption = Captions.Join(
            measured.Count > 0 ? Captions.Points(view.Ensemble!) : "No simulation was run.",
            pairs.Count < view.SetUp.Inputs * (view.SetUp.Inputs + 1) / 2 ? "The first pairs are shown; the others are in <a href=\"data.csv\">data.csv</a>." : "",
            Captions.SetUp(view));
        return new Figure("figure-u1-initial", "<i>U</i><sup>(1)</sup> at initialisation, pair by pair", [chart], caption);
    }

    /// <summary>The pairs that the figure of U1 at initialisation shows: all, or the first thirty-six.</summary>
    public static IReadOnlyList<InputPair> Pairs(ReportView view) => [.. PairIndexing.All(view.SetUp.Inputs).Take(36)];

    private static IReadOnlyList<Chart> Panels(ReportView view, Quantity quantity, string id, IReadOnlyList<TheorySeries?> theories) =>
        ReportView.Lettered(id, view.Pairs.Select(pair =>
        {
            var component = new Component(quantity, pair);
            var series = new List<ChartSeries>();
            foreach (TheorySeries theory in theories.OfType<TheorySeries>())
            {
                if (theory.Band(component, view, ReportView.Style(theory)) is { } band)
                    series.Add(band);
                if (theory.Line(component, view, RichText.Literal(theory.Label), ReportView.Style(theory)) is { } line)
                    series.Add(line);
            }

            if (view.Ensemble?.Points(component, view, ReportView.EnsembleLabel(view.Ensemble), Styles.Simulation) is { } points)
                series.Add(points);
            return new Chart
            {
                Id = "",
                Heading = pair.IsDiagonal ? "Diagonal" : "Off the diagonal",
                Description = $"{component.PlainText} against depth: {string.Join(", ", series.Where(one => one.Label is not null).Select(one => RichText.Parse(one.Label!).PlainText))}.",
                X = view.DepthAxis,
                Y = new ChartAxis(component.AxisLabel, IncludeZero: true),
                Series = series,
            };
        }));

    private static List<ChartPoint> Points(IReadOnlyList<InputPair> pairs, double shift, Func<Component, (double Value, double? Error)?> value)
    {
        var points = new List<ChartPoint>();
        for (int i = 0; i < pairs.Count; i++)
        {
            if (value(new Component(Quantity.U1, pairs[i])) is { } found)
                points.Add(new ChartPoint(i + shift, found.Value, found.Error ?? 0));
        }

        return points;
    }
}

using System.Globalization;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>K0 and V4: theory, source-only theory and simulation; and V4 at several step sizes.</summary>
internal static class VarianceFigures
{
    /// <summary>K0 and V4, diagonal and off-diagonal, and the deviation of theory from simulation in per cent.</summary>
    public static Figure? KernelAndVariance(ReportView view)
    {
        if (view.Main is null)
            return null;

        IReadOnlyList<Chart> panels = ReportView.Lettered("kernel", [MeanKernel(view), .. view.Pairs.Select(pair => Variance(view, pair)), Deviation(view)]);
        if (panels.Count == 0)
            return null;

        string caption = Captions.Join(
            (view.Main.Label == view.SetUp.Closure ? $"Lines: {Captions.Name(view.Main)} is the closure as solved" : $"Lines: {Captions.Name(view.Main)} is the closure {Captions.Escape(view.SetUp.Closure)}") +
            (view.SourceOnly is null ? "." : $"; {Captions.Name(view.SourceOnly)} is its equation for <i>V</i><sup>(4)</sup> without the transport term."),
            view.Ensemble is { } ensemble
                ? Captions.Points(ensemble) + $" The points beside {new Component(Quantity.K0, view.Diagonal).MathMl} are the mean kernel at that width, which differs from the infinite-width kernel by a term of order 1/<i>n</i>."
                : "No simulation was run.",
            Captions.Descriptions(view.Alternatives),
            Captions.Pairs(view),
            Captions.SetUp(view));
        return new Figure("figure-kernel", "The kernel and its variance", panels, caption);
    }

    /// <summary>V4 at several step sizes, against depth time and, at the last depth, against eps^2.</summary>
    public static Figure? StepSizes(ReportView view)
    {
        var runs = view.Data.StepSizes;
        if (runs.Count == 0)
            return null;
        var component = Component.Variance(view.Diagonal);
        var series = new List<ChartSeries>();
        var simulated = new List<ChartSeries>();
        var theoryEnds = new List<ChartPoint>();
        var measuredEnds = new List<ChartPoint>();
        var ends = new List<double>();
        for (int i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            var style = Styles.Family[i % Styles.Family.Count];
            string step = $"*ε* = {NumberText.Markup(run.Step)}";
            if (run.Theory?.Line(component, view, $"{step}, theory", style) is { } line)
            {
                series.Add(line);
                theoryEnds.Add(new ChartPoint(run.Step * run.Step, line.Points[^1].Y));
                ends.Add(run.Theory.Times[^1]);
            }

            if (run.Ensemble?.Points(component, view, $"{step}, simulation", style) is { } points)
            {
                simulated.Add(points);
                measuredEnds.Add(points.Points[^1] with { X = run.Step * run.Step });
                ends.Add(run.Ensemble.Times[^1]);
            }
        }

        if (ends.Count == 0)
            return null;

        var panels = new List<Chart>
        {
            new()
            {
                Id = "steps-a",
                Heading = $"(a) {component.Markup} at several step sizes",
                Description = $"{component.PlainText} against depth for {runs.Count.ToString(CultureInfo.InvariantCulture)} step sizes.",
                X = view.DepthAxis,
                Y = new ChartAxis(component.AxisLabel, IncludeZero: true),
                Series = [.. series, .. simulated],
            },
        };
        double last = ends.Max();
        bool sameEnd = ends.Min() > 0.99 * last && theoryEnds.Concat(measuredEnds).Select(point => point.X).Distinct().Count() > 1;
        if (sameEnd)
        {
            panels.Add(new Chart
            {
                Id = "steps-b",
                Heading = "(b) At the last recorded depth",
                Description = $"{component.PlainText} at the last recorded depth against the square of the step size.",
                X = new ChartAxis("step size squared *ε*^{2}" + (view.UsesTime ? " (depth time per layer)" : ""), IncludeZero: true),
                Y = new ChartAxis(component.AxisLabel),
                Series = [.. EndSeries(theoryEnds, measuredEnds, Styles.Of(view.SetUp.Closure))],
            });
        }

        string caption = Captions.Join(
            view.UsesTime ? "Each step size runs to the same depth time with its own number of layers." : "",
            sameEnd ? $"Panel (b) shows the last recorded depth of each, <i>t</i>\u00A0=\u00A0{Span(ends)}." : "",
            runs.FirstOrDefault(run => run.Ensemble is not null)?.Ensemble is { } first ? ErrorBars(runs, first) : "No simulation was run at these step sizes.",
            $"Set-up otherwise as in the other figures: <i>σ</i>(<i>x</i>) = {Captions.Escape(view.SetUp.Network.Activation)}, " +
            $"<i>C<sub>W</sub></i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.WeightVariance)}, <i>C<sub>b</sub></i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.BiasVariance)}, <i>α</i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.Skip)}.",
            Captions.Proof(view));
        return new Figure("figure-steps", $"{component.MathMl} at different step sizes", panels, caption);
    }

    private static IEnumerable<ChartSeries> EndSeries(List<ChartPoint> theory, List<ChartPoint> measured, SeriesStyle style)
    {
        if (theory.Count > 0)
        {
            List<ChartPoint> sorted = [.. theory.OrderBy(point => point.X)];
            yield return new ChartSeries("theory", SeriesKind.Line, style, sorted);
            yield return new ChartSeries(null, SeriesKind.Points, style with { Marker = Marker.Diamond }, sorted);
        }

        if (measured.Count > 0)
            yield return new ChartSeries("simulation", SeriesKind.Points, Styles.Simulation, [.. measured.OrderBy(point => point.X)]);
    }

    private static string Span(List<double> times)
    {
        double least = times.Min(), most = times.Max();
        return least == most ? ReportView.TimeText(most) : $"{ReportView.TimeText(least)} to {ReportView.TimeText(most)}";
    }

    private static string ErrorBars(IReadOnlyList<StepSizeRun> runs, EnsembleSeries first)
    {
        bool alike = runs.All(run => run.Ensemble is null || (run.Ensemble.Samples == first.Samples && run.Ensemble.Width == first.Width));
        if (alike)
            return Captions.Points(first).Replace("simulated networks", "simulated networks for each step size");
        var counts = runs.Where(run => run.Ensemble is not null)
            .Select(run => $"{NumberText.Count(run.Ensemble!.Samples)} of width {NumberText.Count(run.Ensemble.Width)} at <i>ε</i>\u00A0=\u00A0{NumberText.Plain(run.Step)}");
        return $"Points: simulated networks ({string.Join(", ", counts)}); bars: one standard error to each side, hidden where smaller than the symbol.";
    }

    private static Chart? MeanKernel(ReportView view)
    {
        var series = new List<ChartSeries>();
        int i = 0;
        foreach (var pair in view.Pairs)
        {
            var style = Styles.Kernel[i++];
            var component = new Component(Quantity.K0, pair);
            if (view.Main!.Line(component, view, $"{component.Markup}, theory", style) is { } line)
                series.Add(line);
        }

        i = 0;
        foreach (var pair in view.Pairs)
        {
            var component = new Component(Quantity.G, pair);
            var style = Styles.Simulation with { Marker = i++ == 0 ? Marker.Circle : Marker.Square };
            if (view.Ensemble?.Points(component, view, $"{component.Markup}, {ReportView.EnsembleLabel(view.Ensemble)}", style) is { } points)
                series.Add(points);
        }

        return new Chart
        {
            Id = "",
            Heading = "Kernel",
            Description = "The infinite-width kernel of the theory and the mean kernel of the simulation against depth.",
            X = view.DepthAxis,
            Y = new ChartAxis($"kernel *K*^{{(0)}} (lines), E *G* (points)"),
            Series = series,
        };
    }

    private static Chart? Variance(ReportView view, InputPair pair)
    {
        var component = Component.Variance(pair);
        var series = new List<ChartSeries>();
        void Add(TheorySeries? theory)
        {
            if (theory?.Line(component, view, RichText.Literal(theory.Label), ReportView.Style(theory)) is { } line)
                series.Add(line);
        }

        Add(view.SourceOnly);
        foreach (var alternative in view.Alternatives)
            Add(alternative);
        Add(view.Main);
        if (view.Ensemble?.Points(component, view, ReportView.EnsembleLabel(view.Ensemble), Styles.Simulation) is { } points)
            series.Add(points);
        return series.Count == 0 ? null : new Chart
        {
            Id = "",
            Heading = pair.IsDiagonal ? $"Variance of *G*_{{{component.Indices[..component.Indices.IndexOfAny([',', ';'])]}}}" : "Variance off the diagonal",
            Description = $"{component.PlainText} against depth: {string.Join(", ", series.Where(one => one.Label is not null).Select(one => RichText.Parse(one.Label!).PlainText))}.",
            X = view.DepthAxis,
            Y = new ChartAxis(component.AxisLabel, IncludeZero: true),
            Series = series,
        };
    }

    // 100 (theory / simulation - 1), its bar from the simulation's standard error.
    private static Chart? Deviation(ReportView view)
    {
        if (view.Ensemble is not { } ensemble)
            return null;
        var series = new List<ChartSeries>();
        foreach (var theory in view.Alternatives.Prepend(view.Main!))
        {
            // Off the diagonal for the main closure only: the panel has to stay readable.
            foreach (var pair in theory == view.Main ? view.Pairs : [view.Diagonal])
            {
                var component = Component.Variance(pair);
                var points = Deviations(view, theory, ensemble, component);
                if (points.Count == 0)
                    continue;
                var style = ReportView.Style(theory) with { Marker = pair.IsDiagonal ? Marker.Circle : Marker.Square };
                if (!pair.IsDiagonal)
                    style = style with { Dash = "3 3" };
                series.Add(new ChartSeries(null, SeriesKind.Line, style with { Width = 1.2 }, points));
                series.Add(new ChartSeries($"{component.Markup}, {RichText.Literal(theory.Label)}", SeriesKind.Points, style, points));
            }
        }

        return series.Count == 0 ? null : new Chart
        {
            Id = "",
            Heading = "Theory over simulation",
            Description = "Deviation of the theory's variance from the simulated one in per cent, against depth.",
            X = view.DepthAxis,
            Y = new ChartAxis("deviation from simulation (%)", IncludeZero: true),
            Series = series,
        };
    }

    private static List<ChartPoint> Deviations(ReportView view, TheorySeries theory, EnsembleSeries ensemble, Component component)
    {
        var points = new List<ChartPoint>();
        for (int i = 0; i < ensemble.Layers.Count; i++)
        {
            if (theory.At(component, ensemble.Layers[i]) is not { } value || ensemble.At(component, ensemble.Layers[i]) is not { Value: not 0 } measured)
                continue;
            points.Add(new ChartPoint(
                view.Depth(ensemble.Layers[i], ensemble.Times[i]),
                100 * ((value / measured.Value) - 1),
                100 * (measured.Error ?? 0) * Math.Abs(value) / (measured.Value * measured.Value)));
        }

        return points;
    }
}

using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The network at its own width, order by order in 1/n, beside the simulation.</summary>
internal static class OrderFigures
{
    // Beyond so many standard errors the simulation has left an order.
    private const double Far = 3;

    /// <summary>Curves of each order with the simulated points; null where only the leading order was solved.</summary>
    public static Figure? Figure(ReportView view)
    {
        if (Orders(view) is not { Count: > 0 } orders)
            return null;
        IReadOnlyList<Chart> panels = ReportView.Lettered("orders", Components(view).Select(component =>
        {
            List<ChartSeries> lines = [.. orders.Select((theory, order) => theory.Line(component, view, $"to order {NumberText.Count(order)}", ReportView.Style(theory) with { Dash = Dash(orders.Count - 1 - order) })).OfType<ChartSeries>()];
            if (view.Ensemble?.Points(component, view, ReportView.EnsembleLabel(view.Ensemble), Styles.Simulation) is { } points)
                lines.Add(points);
            return new Chart
            {
                Id = "",
                Heading = $"{component.Markup} at *n* = {NumberText.Markup(view.SetUp.Width)}",
                Description = $"{component.PlainText} at the width of the networks against depth, to each order in 1/n.",
                X = view.DepthAxis,
                Y = new ChartAxis(component.AxisLabel, IncludeZero: true),
                Series = lines,
            };
        }));

        string caption = Captions.Join(
            $"What {Captions.Name(view.Main!)} says of networks of width <i>n</i>\u00A0=\u00A0{NumberText.Count(view.SetUp.Width)}, with one more power of 1/<i>n</i> in each order; the series are cut there, not resummed.",
            view.Ensemble is { } ensemble ? Captions.Points(ensemble) : "No simulation was run.",
            Captions.Pairs(view),
            Captions.SetUp(view));
        return new Figure("figure-orders", "The network at its own width, order by order", panels, caption);
    }

    /// <summary>What the orders say at the last layer, how far simulation is from each, and from which width on the next one is small.</summary>
    public static IEnumerable<string> Sentences(ReportView view)
    {
        if (Orders(view) is not { Count: > 0 } orders || view.LastCommon(view.Main!) is not { } last)
            yield break;
        foreach (Component component in Components(view))
        {
            (double Value, double? Error)? measured = view.Ensemble?.At(component, last.Layer);
            string numbers = string.Join(", ", orders.Select((theory, order) => theory.At(component, last.Layer) is { } value
                ? $"{NumberText.Significant(value, 6)} to order {NumberText.Count(order)}" + (measured is { Error: > 0 } point ? $" (<i>z</i>\u00A0=\u00A0{NumberText.ZScore((value - point.Value) / point.Error.Value)})" : "")
                : "").Where(text => text.Length > 0));
            string simulated = measured is { } seen ? $"; simulated {NumberText.Uncertain(seen.Value, seen.Error)}" : "";
            yield return $"{component.MathMl} at {view.DepthText(last.Layer, last.Time)}, <i>n</i>\u00A0=\u00A0{NumberText.Count(view.SetUp.Width)}: {numbers}{simulated}. {Tenth(view, component)}{Leaves(view, orders, component)}";
        }

        string[] changes = [.. view.Main!.ModeChanges.Where(each => each.Value > 0 && (each.Key.StartsWith('K') || each.Key.StartsWith("V4", StringComparison.Ordinal))).Select(each => $"{each.Key} by {NumberText.Percent(each.Value)}")];
        if (changes.Length > 0)
            yield return $"The highest quarter of the modes changes, at the last layer, {string.Join(", ", changes)}; where that is more than the distance to the simulation, more modes come first.";
    }

    private static IEnumerable<Component> Components(ReportView view) => view.Pairs.SelectMany(pair => new[] { Component.Variance(pair), new Component(Quantity.K1, pair) });

    private static List<TheorySeries> Orders(ReportView view) =>
        view.Main is { Order: > 0 and var highest } main ? [.. Enumerable.Range(0, highest + 1).Select(order => main.AtWidth(order, view.SetUp.Width))] : [];

    private static string Dash(int below) => below switch { 0 => "", 1 => "7 4", _ => "2 3" };

    // The width at which order 1 adds a tenth of what order 0 is, at the last layer.
    private static string Tenth(ReportView view, Component component)
    {
        TheorySeries main = view.Main!;
        int first = main.Pairs.ToList().IndexOf(component.Pair), second = main.Pairs.ToList().IndexOf(component.Second ?? component.Pair), record = main.Layers.Count - 1;
        double Last(string name) => main.Coefficient(name, record, first, second);
        double kernel = Math.Abs(Last(FiniteWidth.Mean(0)));
        double? width = component.Quantity == Quantity.V4
            ? FiniteWidth.TenthAt(Last(FiniteWidth.Covariance(1)), Last(FiniteWidth.Covariance(0)), kernel * kernel)
            : FiniteWidth.TenthAt(Last(FiniteWidth.Mean(2)), Last(FiniteWidth.Mean(1)), kernel);
        return width is not { } found || !double.IsFinite(found) ? "" : $"Order 1 is a tenth of order 0 at <i>n</i>\u00A0=\u00A0{NumberText.Count((long)Math.Ceiling(found))}.";
    }

    // Up to which recorded layer the simulation stays with each order.
    private static string Leaves(ReportView view, List<TheorySeries> orders, Component component)
    {
        if (view.Ensemble is not { } ensemble)
            return "";
        IEnumerable<string> parts = orders.Select((theory, order) =>
        {
            foreach ((int layer, double time) in ensemble.Layers.Zip(ensemble.Times))
            {
                if (theory.At(component, layer) is { } value && ensemble.At(component, layer) is { Error: > 0 } point && Math.Abs(value - point.Value) > Far * point.Error.Value)
                    return $"order {NumberText.Count(order)} at {view.DepthText(layer, time)}";
            }

            return $"order {NumberText.Count(order)} nowhere";
        });
        return $" The simulation leaves, by more than three standard errors, {string.Join(", ", parts)}.";
    }
}

using System.Globalization;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>The comparison of closures as parts of the JSON document and of the CSV table.</summary>
internal static class ClosureViews
{
    /// <summary>The object "closures".</summary>
    public static JsonFields Fields(ClosureReport report) =>
    [
        ("exact", report.ExactName),
        .. JsonReport.Proof(report.Proof),
        ("layers", report.Layers),
        ("times", report.Times),
        ("components", report.Components.Select(component => new JsonFields
        {
            ("quantity", component.Quantity.ToString()),
            ("pairs", JsonReport.Component(component.Pair, component.SecondPair)),
            ("exact", component.Values),
            ("remainder", component.Remainder),
            ("simulation", component.StandardError is null ? null : component.Simulation),
            ("standardError", component.Simulation is null ? null : component.StandardError),
            ("simulationAtInfiniteWidth", component.InfiniteWidth?.Value),
            ("standardErrorAtInfiniteWidth", component.InfiniteWidth?.StandardError),
        })),
        ("closures", report.Closures.Select(closure => new JsonFields
        {
            ("name", closure.Name),
            ("failure", closure.Failure),
            ("correctionIsUnfed", closure.CorrectionIsUnfed),
            ("numbers", closure.Numbers.Select(numbers => numbers is null ? null : new JsonFields { ("values", numbers.Values), ("windows", numbers.Windows.Select(Window)) })),
        })),
        ("budget", report.Budget is not { } budget ? null : new JsonFields
        {
            ("pairs", budget.Pairs),
            ("source", budget.Source),
            ("orders", budget.Orders.Select(order => new JsonLine([("order", order.Order), ("V4", order.V4), ("transport", order.Transport)]))),
            ("rest", budget.Rest),
            ("total", budget.Total),
        }),
    ];

    private static JsonLine Window(DepthWindow window) => new([("share", window.Share), ("layer", window.Layer), ("time", window.Time), ("left", window.IsLeft)]);

    /// <summary>Lines for the CSV table: series, quantity, layer, time, pairs, value, standard error.</summary>
    public static IEnumerable<(string Series, string Quantity, int Layer, double Time, InputPair Pair, InputPair? Second, double Value, double? Error)> Lines(ClosureReport report)
    {
        int layer = report.Layers[^1];
        double time = report.Times[^1];
        for (int at = 0; at < report.Components.Count; at++)
        {
            ExactComponent component = report.Components[at];
            string quantity = component.Quantity.ToString();
            yield return ($"exact leading order: {report.ExactName}", quantity, layer, time, component.Pair, component.SecondPair, component.Values[^1], component.Remainder);
            foreach (ClosureEntry closure in report.Closures)
            {
                if (closure.Numbers[at] is not { } numbers)
                    continue;
                string series = $"closure {closure.Name}";
                yield return (series, quantity, layer, time, component.Pair, component.SecondPair, numbers.Values[^1], null);
                foreach (DepthWindow window in numbers.Windows)
                {
                    string name = $"{quantity} within {CsvReport.Number(100 * window.Share)} % up to layer{(window.IsLeft ? "" : " (never left)")}";
                    yield return (series, name, (int)window.Layer, window.Time, component.Pair, component.SecondPair, window.Layer, null);
                }
            }
        }

        if (report.Budget is not { } budget)
            yield break;
        for (int pair = 0; pair < budget.Pairs.Count; pair++)
        {
            InputPair name = budget.Pairs[pair];
            yield return ("budget: no transport", "V4", layer, time, name, name, budget.Source[pair], null);
            foreach (BudgetOrder order in budget.Orders)
            {
                string series = $"budget: order {order.Order.ToString(CultureInfo.InvariantCulture)}";
                yield return (series, "V4", layer, time, name, name, order.V4[pair], null);
                yield return (series, "transport of V4", layer, time, name, name, order.Transport[pair], null);
            }

            yield return ("budget: higher orders", "V4", layer, time, name, name, budget.Rest[pair], null);
        }
    }
}

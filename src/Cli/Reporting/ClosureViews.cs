using System.Globalization;
using System.Text.Json;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>The comparison of closures as parts of the JSON document and of the CSV table.</summary>
internal static class ClosureViews
{
    /// <summary>Writes the object "closures".</summary>
    public static void Write(Utf8JsonWriter json, ClosureReport report)
    {
        json.WriteStartObject("closures");
        json.WriteString("exact", report.ExactName);
        JsonReport.Proof(json, report.Proof);
        Raw(json, "layers", $"[{string.Join(", ", report.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)))}]");
        Raw(json, "times", Row(report.Times));
        json.WriteStartArray("components");
        foreach (ExactComponent component in report.Components)
        {
            json.WriteStartObject();
            json.WriteString("quantity", component.Quantity.ToString());
            Raw(json, "pairs", component.SecondPair is { } second ? $"[{Pair(component.Pair)}, {Pair(second)}]" : $"[{Pair(component.Pair)}]");
            Raw(json, "exact", Row(component.Values));
            Raw(json, "remainder", Number(component.Remainder));
            if (component is { Simulation: { } simulation, StandardError: { } error })
            {
                Raw(json, "simulation", Number(simulation));
                Raw(json, "standardError", Number(error));
            }

            if (component.InfiniteWidth is { } infinite)
            {
                Raw(json, "simulationAtInfiniteWidth", Number(infinite.Value));
                Raw(json, "standardErrorAtInfiniteWidth", Number(infinite.StandardError));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("closures");
        foreach (ClosureEntry closure in report.Closures)
        {
            json.WriteStartObject();
            json.WriteString("name", closure.Name);
            if (closure.Failure is { } failure)
                json.WriteString("failure", failure);
            json.WriteBoolean("correctionIsUnfed", closure.CorrectionIsUnfed);
            json.WriteStartArray("numbers");
            foreach (ClosureNumbers? numbers in closure.Numbers)
                Numbers(json, numbers);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (report.Budget is { } budget)
            Budget(json, budget);
        json.WriteEndObject();
    }

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
                    string name = $"{quantity} within {Number(100 * window.Share)} % up to layer{(window.IsLeft ? "" : " (never left)")}";
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

    private static void Numbers(Utf8JsonWriter json, ClosureNumbers? numbers)
    {
        if (numbers is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        Raw(json, "values", Row(numbers.Values));
        json.WriteStartArray("windows");
        foreach (DepthWindow window in numbers.Windows)
            json.WriteRawValue($"{{\"share\": {Number(window.Share)}, \"layer\": {Number(window.Layer)}, \"time\": {Number(window.Time)}, \"left\": {(window.IsLeft ? "true" : "false")}}}");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Budget(Utf8JsonWriter json, BudgetReport budget)
    {
        json.WriteStartObject("budget");
        Raw(json, "pairs", $"[{string.Join(", ", budget.Pairs.Select(Pair))}]");
        Raw(json, "source", Row(budget.Source));
        json.WriteStartArray("orders");
        foreach (BudgetOrder order in budget.Orders)
            json.WriteRawValue($"{{\"order\": {order.Order.ToString(CultureInfo.InvariantCulture)}, \"V4\": {Row(order.V4)}, \"transport\": {Row(order.Transport)}}}");
        json.WriteEndArray();
        Raw(json, "rest", Row(budget.Rest));
        Raw(json, "total", Row(budget.Total));
        json.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static string Row(IEnumerable<double> values) => $"[{string.Join(", ", values.Select(Number))}]";

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    private static string Pair(InputPair pair) => FormattableString.Invariant($"[{pair.First}, {pair.Second}]");
}

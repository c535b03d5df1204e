using System.Globalization;
using System.Text;
using System.Text.Json;
using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>The rows of a sweep as CSV and as JSON, one row a point, in the order of the grid. Numbers read back exactly.</summary>
internal static class SweepTable
{
    /// <summary>Comma-separated, a line with names first.</summary>
    public static string Csv(SweepPlan plan, IReadOnlyCollection<SweepRow> rows)
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', ["point", .. plan.Axes.Select(axis => axis.Name), .. SweepRow.Columns.Select(column => column.Name), "failure", "proof"]).Append('\n');
        foreach (SweepRow row in rows)
        {
            int[] place = plan.Place(row.Point);
            csv.AppendJoin(',', [
                row.Point.ToString(CultureInfo.InvariantCulture),
                .. plan.Axes.Select((axis, at) => CsvReport.Field(axis.Texts[place[at]])),
                .. SweepRow.Columns.Select(column => Number(column.Value(row)) ?? ""),
                CsvReport.Field(row.Failure ?? ""), row.Proof ?? ""]).Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>{"axes": [...], "columns": {...}, "rows": [...]}.</summary>
    public static string Json(SweepPlan plan, IReadOnlyCollection<SweepRow> rows)
    {
        return JsonReport.Document(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("axes");
            foreach (SweepAxis axis in plan.Axes)
            {
                json.WriteStartObject();
                json.WriteString("name", axis.Name);
                json.WriteStartArray("values");
                for (int at = 0; at < axis.Texts.Count; at++) Value(json, axis, at);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("closure", plan.Base.Closure);
            json.WriteString("exact", $"hermite({plan.ExactOrder.ToString(CultureInfo.InvariantCulture)})");
            json.WriteStartObject("columns");
            foreach ((string name, string meaning, _) in SweepRow.Columns) json.WriteString(name, meaning);
            json.WriteEndObject();
            json.WriteNumber("points", plan.Count);
            json.WriteStartArray("rows");
            foreach (SweepRow row in rows)
            {
                int[] place = plan.Place(row.Point);
                json.WriteStartObject();
                json.WriteNumber("point", row.Point);
                for (int at = 0; at < place.Length; at++)
                {
                    json.WritePropertyName(plan.Axes[at].Name);
                    Value(json, plan.Axes[at], place[at]);
                }

                foreach ((string name, _, Func<SweepRow, double?> value) in SweepRow.Columns)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(Number(value(row)) ?? "null");
                }

                if (row.Failure is null) json.WriteNull("failure");
                else json.WriteString("failure", row.Failure);
                if (row.Proof is null) json.WriteNull("proof");
                else json.WriteString("proof", row.Proof);
                json.WriteStartArray("unproved");
                foreach (string sentence in row.Unproved ?? []) json.WriteStringValue(sentence);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Value(Utf8JsonWriter json, SweepAxis axis, int at)
    {
        if (axis.Numbers is { } numbers) json.WriteRawValue(numbers[at].ToString("R", CultureInfo.InvariantCulture));
        else json.WriteStringValue(axis.Texts[at]);
    }

    private static string? Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null;
}

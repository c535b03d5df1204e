using System.Globalization;
using System.Text;
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
        JsonFields document =
        [
            ("axes", plan.Axes.Select(axis => new JsonFields { ("name", axis.Name), ("values", Enumerable.Range(0, axis.Texts.Count).Select(axis.Value)) })),
            ("closure", plan.Base.Closure),
            ("exact", $"hermite({plan.ExactOrder.ToString(CultureInfo.InvariantCulture)})"),
            ("columns", new JsonFields([.. SweepRow.Columns.Select(column => (column.Name, (object?)column.Meaning))])),
            ("points", plan.Count),
            ("rows", rows.Select(row => new JsonFields(
            [
                ("point", row.Point),
                .. plan.Place(row.Point).Select((place, axis) => (plan.Axes[axis].Name, (object?)plan.Axes[axis].Value(place))),
                .. SweepRow.Columns.Select(column => (column.Name, column.Value(row) ?? JsonFields.Null)),
                ("failure", row.Failure ?? JsonFields.Null),
                ("proof", row.Proof ?? JsonFields.Null),
                ("unproved", row.Unproved ?? []),
            ]))),
        ];
        return document.Document();
    }

    private static string? Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null;
}

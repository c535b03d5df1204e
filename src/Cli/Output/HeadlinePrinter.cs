using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;

namespace SymbolicEft.Cli.Output;

/// <summary>The short table that the main job prints.</summary>
internal static class HeadlinePrinter
{
    /// <summary>Prints the headline rows.</summary>
    public static void Print(TextWriter output, ReportData data)
    {
        IReadOnlyList<HeadlineRow> rows = data.Headline;
        var columns = new List<(string, Func<int, string>)>
        {
            ("t", row => ResultPrinter.Short(rows[row].Time)),
            ("quantity", row => Name(rows[row])),
            ($"{data.SetUp.Closure} theory", row => Number(rows[row].Theory)),
        };
        if (rows.Any(row => row.Simulation is not null))
        {
            columns.Add(("simulation", row => rows[row] is { Simulation: { } value, StandardError: { } error } ? ResultPrinter.WithError(value, error) : "-"));
            columns.Add(("z", row => rows[row].ZScore is { } z ? NumberText.ZScore(z).Replace('\u2212', '-') : "-"));
        }

        if (rows.Any(row => row.PublishedTheory is not null))
            columns.Add(("published theory", row => Number(rows[row].PublishedTheory)));
        if (rows.Any(row => row.PublishedSimulation is not null))
            columns.Add(("published simulation", row => Number(rows[row].PublishedSimulation)));
        TextTable.Write(output, columns, rows.Count);
        foreach (string sentence in data.Theory.FirstOrDefault(series => series.Role == SeriesRole.Main)?.Proof?.Lines ?? [])
            output.WriteLine(sentence);
    }

    private static string Number(double? value) => value is { } number ? ResultPrinter.Short(number) : "-";

    private static string Name(HeadlineRow row) => row.SecondPair is { } second
        ? $"{row.Quantity}_{row.Pair.First}{row.Pair.Second},{second.First}{second.Second}"
        : $"{(row.Quantity == Quantity.G ? "E G" : row.Quantity.ToString())}_{row.Pair.First}{row.Pair.Second}";
}

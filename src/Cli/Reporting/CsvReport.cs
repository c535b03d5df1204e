using System.Globalization;
using System.Text;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// The numbers of a report in long format, one number a line: series, quantity, layer, time, the input indices a, b (and c, d for
/// V4), value, standard error. Cumulants of more than two pairs add columns at the end: e, f for the third pair, and so on. V4 and
/// these are symmetric under exchange of their pairs; each component stands once, of CovThetaG, which is not, all. Numbers read back exactly; fields that do not
/// apply are empty.
/// </summary>
public static class CsvReport
{
    /// <summary>The first line where no cumulant has more than two pairs.</summary>
    public const string Header = "series,quantity,layer,time,a,b,c,d,value,standardError";

    /// <summary>Writes the table.</summary>
    /// <param name="data">The data.</param>
    /// <returns>Lines ending in line feeds, the same characters for the same data.</returns>
    /// <exception cref="ReportException">The data is inconsistent.</exception>
    public static string Render(ReportData data)
    {
        IReadOnlyList<NumberLine> lines = NumberLines.Of(data);
        int pairs = MostPairs(data);
        var csv = new StringBuilder(Header);
        for (char letter = 'e'; letter < 'a' + (2 * pairs); letter++)
            csv.Append(',').Append(letter);
        csv.Append(",proof\n");
        foreach (NumberLine line in lines)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{Field(line.Series)},{Field(line.Quantity)},{line.Layer},{Number(line.Time)}");
            for (int at = 0; at < 2; at++)
                Pair(at);
            csv.Append(CultureInfo.InvariantCulture, $",{Number(line.Value)},{(line.Error is { } known ? Number(known) : "")}");
            for (int at = 2; at < pairs; at++)
                Pair(at);
            csv.Append(',').Append(line.Proof).Append('\n');

            void Pair(int at) => csv.Append(at < line.Pairs.Count ? string.Create(CultureInfo.InvariantCulture, $",{line.Pairs[at].First},{line.Pairs[at].Second}") : ",,");
        }

        return csv.ToString();
    }

    /// <summary>For how many pairs of inputs a table of the numbers has columns.</summary>
    /// <param name="data">The data.</param>
    internal static int MostPairs(ReportData data) => data.Theory.SelectMany(series => series.HigherCumulants).Select(cumulant => cumulant.Legs).Append(2).Max();

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text as a field: in quotation marks where it needs them.</summary>
    internal static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}

using System.Globalization;
using System.Text;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The table that lies beside a figure.</summary>
internal static class PanelNumbers
{
    /// <summary>The numbers of a panel: what each curve and each point is, with standard errors where there are any.</summary>
    public static string Csv(Chart chart)
    {
        string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
        var csv = new StringBuilder($"series,{CsvReport.Field(RichText.Parse(chart.X.Label).PlainText)},{CsvReport.Field(RichText.Parse(chart.Y.Label).PlainText)},{(chart.Series.Any(series => series.Kind == SeriesKind.Band) ? "error" : "standardError")}\n");
        foreach (ChartSeries series in chart.Series)
        {
            string label = CsvReport.Field(series.Label is { } markup ? RichText.Parse(markup).PlainText : series.Kind == SeriesKind.Band ? "band" : "");
            foreach (ChartPoint point in series.Points)
            {
                string at = chart.X.Categories is { } names && point.X >= 0 && Math.Round(point.X) < names.Count ? CsvReport.Field(names[(int)Math.Round(point.X)]) : Number(point.X);
                csv.Append($"{label},{at},{Number(point.Y)},{(point.Error == 0 ? "" : Number(point.Error))}\n");
            }
        }

        return csv.ToString();
    }
}

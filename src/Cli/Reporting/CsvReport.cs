using System.Globalization;
using System.Text;
using SymbolicEft.Numeric;

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
        ReportValidation.Check(data);
        int pairs = data.Theory.SelectMany(series => series.HigherCumulants).Select(cumulant => cumulant.Legs).Append(2).Max();
        var csv = new Sheet(new StringBuilder(Header), pairs - 2);
        for (char letter = 'e'; letter < 'a' + (2 * pairs); letter++)
            csv.Text.Append(',').Append(letter);
        csv.Text.Append(",proof\n");
        foreach (var series in data.Theory)
            Theory(csv, series.Label, series);
        if (data.Ensemble is { } ensemble)
            Ensemble(csv, ensemble.Label, ensemble);
        foreach (var run in data.StepSizes)
        {
            string step = $"eps = {Number(run.Step)}";
            if (run.Theory is { } theory)
                Theory(csv, $"{step}, {theory.Label}", theory);
            if (run.Ensemble is { } simulated)
                Ensemble(csv, $"{step}, {simulated.Label}", simulated);
        }

        if (data.Closures is { } closures)
        {
            foreach (var line in ClosureViews.Lines(closures))
                Line(csv with { Proof = closures.Proof.Status }, line.Series, line.Quantity, line.Layer, line.Time, line.Pair, line.Second, line.Value, line.Error);
        }

        foreach (var residual in data.Residuals)
        {
            Residual(csv, residual, "transport", residual.Transport, residual.TransportStandardErrors);
            Residual(csv, residual, "source", residual.Source, residual.SourceStandardErrors);
            if (residual.Total is { } total)
                Residual(csv, residual, "total", total, residual.TotalStandardErrors);
        }

        foreach (var row in data.Headline)
        {
            if (row.PublishedTheory is { } theory)
                Line(csv, "published theory, as printed", row.Quantity.ToString(), row.Layer, row.Time, row.Pair, row.SecondPair, theory, null);
            if (row.PublishedSimulation is { } simulation)
                Line(csv, "published simulation, as printed", row.Quantity.ToString(), row.Layer, row.Time, row.Pair, row.SecondPair, simulation, row.PublishedSimulationStandardError);
        }

        return csv.Text.ToString();
    }

    private static void Theory(Sheet csv, string label, TheorySeries series)
    {
        csv = csv with { Proof = series.Proof?.Status ?? "" };
        Table(csv, label, "K0", series.Layers, series.Times, series.Pairs, series.K0, null);
        Matrices(csv, label, "V4", series.Layers, series.Times, series.Pairs, series.V4, null);
        Table(csv, label, "K1", series.Layers, series.Times, series.Pairs, series.K1, series.K1StandardErrors);
        Table(csv, label, "U1", series.Layers, series.Times, series.Pairs, series.U1, null);
        if (series.Tangent is { } tangent)
        {
            foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values) in tangent.OverPairs)
                Table(csv, label, name, series.Layers, series.Times, series.Pairs, values, null);
            Matrices(csv, label, "VarTheta", series.Layers, series.Times, series.Pairs, tangent.Variance, null);
            Matrices(csv, label, "CovThetaG", series.Layers, series.Times, series.Pairs, tangent.WithKernel, null, isSymmetric: false);
        }

        foreach (HigherCumulant cumulant in series.HigherCumulants)
            Cumulant(csv, label, cumulant, series);
    }

    private static void Cumulant(Sheet csv, string label, HigherCumulant cumulant, TheorySeries series)
    {
        for (int record = 0; record < series.Layers.Count; record++)
        {
            int place = 0;
            foreach (int[] indices in HigherCumulant.Ascending(series.Pairs.Count, cumulant.Legs))
            {
                InputPair[] pairs = [.. indices.Select(index => series.Pairs[index])];
                Line(csv, label, cumulant.Name, series.Layers[record], series.Times[record], pairs[0], pairs.Length > 1 ? pairs[1] : null,
                    cumulant.Components[record][place++], null, pairs.Skip(2));
            }
        }
    }

    private static void Ensemble(Sheet csv, string label, EnsembleSeries series)
    {
        Table(csv, label, "G", series.Layers, series.Times, series.Pairs, series.G, series.GStandardErrors);
        Matrices(csv, label, "V4", series.Layers, series.Times, series.Pairs, series.V4, series.V4StandardErrors);
        Sheet differences = csv with { Proof = series.Proof?.Status ?? "" };
        Table(differences, label, "K1", series.Layers, series.Times, series.Pairs, series.K1, series.K1StandardErrors);
        Table(differences, label, "U1", series.Layers, series.Times, series.Pairs, series.U1, series.U1StandardErrors);
        foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<double>>? errors) in series.Tangent?.OverPairs ?? [])
            Table(name is "Theta0" or "Theta1" ? differences : csv, label, name, series.Layers, series.Times, series.Pairs, values, errors);
        foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> errors) in series.Tangent?.OverTwoPairs ?? [])
            Matrices(csv, label, name, series.Layers, series.Times, series.Pairs, values, errors, isSymmetric: name != "CovThetaG");
    }

    private static void Residual(Sheet csv, ResidualSeries series, string part, IReadOnlyList<double> values, IReadOnlyList<double>? errors)
    {
        for (int i = 0; i < values.Count; i++)
            Line(csv, $"one-step residual, {part}", "dV4/dt", series.Layers[i], series.Times[i], series.First, series.Second, values[i], errors?[i]);
    }

    private static void Table(
        Sheet csv, string label, string quantity, IReadOnlyList<int> layers, IReadOnlyList<double> times, IReadOnlyList<InputPair> pairs,
        IReadOnlyList<IReadOnlyList<double>>? values, IReadOnlyList<IReadOnlyList<double>>? errors)
    {
        if (values is null)
            return;
        for (int record = 0; record < layers.Count; record++)
            for (int pair = 0; pair < pairs.Count; pair++)
                Line(csv, label, quantity, layers[record], times[record], pairs[pair], null, values[record][pair], errors?[record][pair]);
    }

    private static void Matrices(
        Sheet csv, string label, string quantity, IReadOnlyList<int> layers, IReadOnlyList<double> times, IReadOnlyList<InputPair> pairs,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? errors, bool isSymmetric = true)
    {
        if (values is null)
            return;
        for (int record = 0; record < layers.Count; record++)
            for (int first = 0; first < pairs.Count; first++)
                for (int second = isSymmetric ? first : 0; second < pairs.Count; second++)
                    Line(csv, label, quantity, layers[record], times[record], pairs[first], pairs[second], values[record][first][second], errors?[record][first][second]);
    }

    private static void Line(
        Sheet csv, string series, string quantity, int layer, double time, InputPair pair, InputPair? second, double value, double? error,
        params IEnumerable<InputPair> others)
    {
        csv.Text.Append(Field(series)).Append(',').Append(Field(quantity)).Append(',')
            .Append(layer.ToString(CultureInfo.InvariantCulture)).Append(',').Append(Number(time)).Append(',')
            .Append(pair.First.ToString(CultureInfo.InvariantCulture)).Append(',').Append(pair.Second.ToString(CultureInfo.InvariantCulture)).Append(',')
            .Append(second?.First.ToString(CultureInfo.InvariantCulture)).Append(',').Append(second?.Second.ToString(CultureInfo.InvariantCulture)).Append(',')
            .Append(Number(value)).Append(',').Append(error is { } known ? Number(known) : "");
        int written = 0;
        foreach (InputPair other in others)
        {
            csv.Text.Append(CultureInfo.InvariantCulture, $",{other.First},{other.Second}");
            written++;
        }

        csv.Text.Append(',', 2 * (csv.MorePairs - written)).Append(',').Append(csv.Proof).Append('\n');
    }

    // The text, how many pairs beyond two its columns provide for, and what is proved of the numbers being written.
    private sealed record Sheet(StringBuilder Text, int MorePairs, string Proof = "");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text as a field: in quotation marks where it needs them.</summary>
    internal static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}

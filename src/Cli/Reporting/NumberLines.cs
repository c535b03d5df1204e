using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>One number of a report.</summary>
/// <param name="Series">What it belongs to.</param>
/// <param name="Quantity">Its name, such as V4.</param>
/// <param name="Layer">The layer l.</param>
/// <param name="Time">Depth time.</param>
/// <param name="Pairs">The pairs of inputs that are its indices, at least one.</param>
/// <param name="Value">Its value.</param>
/// <param name="Error">Its standard error; null where none belongs to it.</param>
/// <param name="Proof">What is proved of it; empty where nothing is to be.</param>
internal sealed record NumberLine(string Series, string Quantity, int Layer, double Time, IReadOnlyList<InputPair> Pairs, double Value, double? Error, string Proof);

/// <summary>
/// The numbers of a report one by one, in the order of its tables. V4 and cumulants of more pairs are symmetric under exchange of their pairs; each component stands once; of
/// CovThetaG, which is not, all.
/// </summary>
internal static class NumberLines
{
    /// <summary>The numbers.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ReportException">The data is inconsistent.</exception>
    public static IReadOnlyList<NumberLine> Of(ReportData data)
    {
        ReportValidation.Check(data);
        var sheet = new Sheet([]);
        foreach (var series in data.Theory)
            Theory(sheet, series.Label, series);
        if (data.Ensemble is { } ensemble)
            Ensemble(sheet, ensemble.Label, ensemble);
        foreach (var run in data.StepSizes)
        {
            string step = $"eps = {CsvReport.Number(run.Step)}";
            if (run.Theory is { } theory)
                Theory(sheet, $"{step}, {theory.Label}", theory);
            if (run.Ensemble is { } simulated)
                Ensemble(sheet, $"{step}, {simulated.Label}", simulated);
        }

        if (data.Closures is { } closures)
        {
            foreach (var line in ClosureViews.Lines(closures))
                Line(sheet with { Proof = closures.Proof.Status }, line.Series, line.Quantity, line.Layer, line.Time, line.Pair, line.Second, line.Value, line.Error);
        }

        foreach (var residual in data.Residuals)
        {
            Residual(sheet, residual, "transport", residual.Transport, residual.TransportStandardErrors);
            Residual(sheet, residual, "source", residual.Source, residual.SourceStandardErrors);
            if (residual.Total is { } total)
                Residual(sheet, residual, "total", total, residual.TotalStandardErrors);
        }

        foreach (var row in data.Headline)
        {
            if (row.PublishedTheory is { } theory)
                Line(sheet, "published theory, as printed", row.Quantity.ToString(), row.Layer, row.Time, row.Pair, row.SecondPair, theory, null);
            if (row.PublishedSimulation is { } simulation)
                Line(sheet, "published simulation, as printed", row.Quantity.ToString(), row.Layer, row.Time, row.Pair, row.SecondPair, simulation, row.PublishedSimulationStandardError);
        }

        return sheet.Lines;
    }

    private static void Theory(Sheet sheet, string label, TheorySeries series)
    {
        sheet = sheet with { Proof = series.Proof?.Status ?? "" };
        Table(sheet, label, "K0", series.Layers, series.Times, series.Pairs, series.K0, null);
        Matrices(sheet, label, "V4", series.Layers, series.Times, series.Pairs, series.V4, null);
        Table(sheet, label, "K1", series.Layers, series.Times, series.Pairs, series.K1, series.K1StandardErrors);
        Table(sheet, label, "U1", series.Layers, series.Times, series.Pairs, series.U1, null);
        if (series.Tangent is { } tangent)
        {
            foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values) in tangent.OverPairs)
                Table(sheet, label, name, series.Layers, series.Times, series.Pairs, values, null);
            Matrices(sheet, label, "VarTheta", series.Layers, series.Times, series.Pairs, tangent.Variance, null);
            Matrices(sheet, label, "CovThetaG", series.Layers, series.Times, series.Pairs, tangent.WithKernel, null, isSymmetric: false);
        }

        foreach (HigherCumulant cumulant in series.HigherCumulants)
            Cumulant(sheet, label, cumulant, series);
    }

    private static void Cumulant(Sheet sheet, string label, HigherCumulant cumulant, TheorySeries series)
    {
        for (int record = 0; record < series.Layers.Count; record++)
        {
            int place = 0;
            foreach (int[] indices in Multisets.Ascending(series.Pairs.Count, cumulant.Legs))
            {
                InputPair[] pairs = [.. indices.Select(index => series.Pairs[index])];
                Line(sheet, label, cumulant.Name, series.Layers[record], series.Times[record], pairs[0], pairs.Length > 1 ? pairs[1] : null,
                    cumulant.Components[record][place++], null, pairs.Skip(2));
            }
        }
    }

    private static void Ensemble(Sheet sheet, string label, EnsembleSeries series)
    {
        Table(sheet, label, "G", series.Layers, series.Times, series.Pairs, series.G, series.GStandardErrors);
        Matrices(sheet, label, "V4", series.Layers, series.Times, series.Pairs, series.V4, series.V4StandardErrors);
        Sheet differences = sheet with { Proof = series.Proof?.Status ?? "" };
        Table(differences, label, "K1", series.Layers, series.Times, series.Pairs, series.K1, series.K1StandardErrors);
        Table(differences, label, "U1", series.Layers, series.Times, series.Pairs, series.U1, series.U1StandardErrors);
        foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<double>>? errors) in series.Tangent?.OverPairs ?? [])
            Table(name is "Theta0" or "Theta1" ? differences : sheet, label, name, series.Layers, series.Times, series.Pairs, values, errors);
        foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> errors) in series.Tangent?.OverTwoPairs ?? [])
            Matrices(sheet, label, name, series.Layers, series.Times, series.Pairs, values, errors, isSymmetric: name != "CovThetaG");
    }

    private static void Residual(Sheet sheet, ResidualSeries series, string part, IReadOnlyList<double> values, IReadOnlyList<double>? errors)
    {
        for (int i = 0; i < values.Count; i++)
            Line(sheet, $"one-step residual, {part}", "dV4/dt", series.Layers[i], series.Times[i], series.First, series.Second, values[i], errors?[i]);
    }

    private static void Table(
        Sheet sheet, string label, string quantity, IReadOnlyList<int> layers, IReadOnlyList<double> times, IReadOnlyList<InputPair> pairs,
        IReadOnlyList<IReadOnlyList<double>>? values, IReadOnlyList<IReadOnlyList<double>>? errors)
    {
        if (values is null)
            return;
        for (int record = 0; record < layers.Count; record++)
            for (int pair = 0; pair < pairs.Count; pair++)
                Line(sheet, label, quantity, layers[record], times[record], pairs[pair], null, values[record][pair], errors?[record][pair]);
    }

    private static void Matrices(
        Sheet sheet, string label, string quantity, IReadOnlyList<int> layers, IReadOnlyList<double> times, IReadOnlyList<InputPair> pairs,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? errors, bool isSymmetric = true)
    {
        if (values is null)
            return;
        for (int record = 0; record < layers.Count; record++)
            for (int first = 0; first < pairs.Count; first++)
                for (int second = isSymmetric ? first : 0; second < pairs.Count; second++)
                    Line(sheet, label, quantity, layers[record], times[record], pairs[first], pairs[second], values[record][first][second], errors?[record][first][second]);
    }

    private static void Line(
        Sheet sheet, string series, string quantity, int layer, double time, InputPair pair, InputPair? second, double value, double? error,
        params IEnumerable<InputPair> others)
    {
        sheet.Lines.Add(new(series, quantity, layer, time, [pair, .. second is { } other ? new[] { other } : [], .. others], value, error, sheet.Proof));
    }

    // The lines, and what is proved of the numbers being written.
    private sealed record Sheet(List<NumberLine> Lines, string Proof = "");
}

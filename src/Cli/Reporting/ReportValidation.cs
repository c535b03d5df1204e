using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Checks that the parts of a report fit together, so that no figure is drawn from a column of something else.</summary>
public static class ReportValidation
{
    /// <summary>Checks shapes: every table of a series has one row per record and one column per pair, layers increase,
    /// labels differ, and at most one series is the main one.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ReportException">A part does not fit; the message names it.</exception>
    public static void Check(ReportData data)
    {
        if (data.SetUp.Inputs == 0)
            throw new ReportException("The set-up has no inputs: K(0) needs at least one row.");

        foreach (var series in data.Theory)
            Check(series);
        foreach (var role in new[] { SeriesRole.Main, SeriesRole.SourceOnly, SeriesRole.ExactSource, SeriesRole.Published })
        {
            if (data.Theory.Count(series => series.Role == role) > 1)
                throw new ReportException($"Two series have the role {role}; only one may.");
        }

        string? twice = data.Theory.GroupBy(series => series.Label, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ReportException($"Two series are called \"{twice}\"; each needs a label of its own.");
        if (data.Ensemble is { } ensemble)
            Check(ensemble);
        foreach (var run in data.StepSizes)
        {
            if (run.Theory is { } theory)
                Check(theory);
            if (run.Ensemble is { } simulated)
                Check(simulated);
        }

        foreach (var residual in data.Residuals)
            Check(residual);
        if (data.Closures is { } closures)
            Check(closures);
        foreach (var row in data.Headline)
        {
            if (row.Quantity == Quantity.V4 != row.SecondPair is not null)
                throw new ReportException($"A headline row of {row.Quantity} at layer {row.Layer} has {(row.SecondPair is null ? "one pair" : "two pairs")} of inputs; V4 needs two, every other quantity one.");
        }
    }

    private static void Check(TheorySeries series)
    {
        string name = $"Series \"{series.Label}\"";
        int records = Records(name, series.Layers, series.Times), pairs = series.Pairs.Count;
        Table(name, "K0", series.K0, records, pairs);
        Table(name, "V4", series.V4, records, pairs);
        Table(name, "K1", series.K1, records, pairs);
        Table(name, "U1", series.U1, records, pairs);
        Table(name, "the standard errors of K1", series.K1StandardErrors, records, pairs);
        foreach (HigherCumulant cumulant in series.HigherCumulants)
            Table(name, cumulant.Name, cumulant.Components, records, Multisets.Count(pairs, cumulant.Legs));
    }

    private static void Check(EnsembleSeries series)
    {
        string name = $"Simulation \"{series.Label}\"";
        int records = Records(name, series.Layers, series.Times), pairs = series.Pairs.Count;
        Table(name, "G", series.G, records, pairs);
        Table(name, "the standard errors of G", series.GStandardErrors, records, pairs);
        Table(name, "V4", series.V4, records, pairs);
        Table(name, "the standard errors of V4", series.V4StandardErrors, records, pairs);
        Table(name, "K1", series.K1, records, pairs);
        Table(name, "the standard errors of K1", series.K1StandardErrors, records, pairs);
        Table(name, "U1", series.U1, records, pairs);
        Table(name, "the standard errors of U1", series.U1StandardErrors, records, pairs);
    }

    private static void Check(ResidualSeries series)
    {
        const string name = "A residual series";
        int records = Records(name, series.Layers, series.Times);
        foreach (var (part, values) in new[]
        {
            ("transport", series.Transport), ("source", series.Source), ("total", series.Total), ("transport standard errors", series.TransportStandardErrors),
            ("source standard errors", series.SourceStandardErrors), ("total standard errors", series.TotalStandardErrors),
        })
        {
            if (values is not null && values.Count != records)
                throw new ReportException($"{name} has {records} layers but {values.Count} values of its {part}.");
        }
    }

    private static void Check(ClosureReport report)
    {
        const string name = "The comparison of closures";
        int records = Records(name, report.Layers, report.Times);
        foreach (var component in report.Components)
        {
            if (component.Values.Count != records)
                throw new ReportException($"{name} has {records} layers but {component.Values.Count} exact values of {component.Quantity}.");
        }

        foreach (var closure in report.Closures)
        {
            if (closure.Numbers.Count != report.Components.Count)
                throw new ReportException($"{name} has {report.Components.Count} components but {closure.Numbers.Count} of {closure.Name}.");
            foreach (var numbers in closure.Numbers)
            {
                if (numbers is not null && (numbers.Values.Count != records || numbers.Windows.Count != ClosureReport.Shares.Count))
                    throw new ReportException($"{name} has {records} layers and {ClosureReport.Shares.Count} shares but {numbers.Values.Count} values and {numbers.Windows.Count} windows of {closure.Name}.");
            }
        }
    }

    private static int Records(string name, IReadOnlyList<int> layers, IReadOnlyList<double> times)
    {
        if (layers.Count == 0)
            throw new ReportException($"{name} has no recorded layer.");
        if (times.Count != layers.Count)
            throw new ReportException($"{name} has {layers.Count} layers but {times.Count} times.");
        for (int i = 1; i < layers.Count; i++)
        {
            if (layers[i] <= layers[i - 1])
                throw new ReportException($"{name} has layer {layers[i]} after layer {layers[i - 1]}; layers must increase.");
        }

        return layers.Count;
    }

    private static void Table(string name, string part, IReadOnlyList<IReadOnlyList<double>>? table, int records, int pairs)
    {
        if (table is null)
            return;
        if (table.Count != records)
            throw new ReportException($"{name} has {records} layers but {table.Count} rows of {part}.");
        foreach (var row in table)
        {
            if (row.Count != pairs)
                throw new ReportException($"{name} has {pairs} pairs of inputs but a row of {part} has {row.Count} entries.");
        }
    }

    private static void Table(string name, string part, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? table, int records, int pairs)
    {
        if (table is null)
            return;
        if (table.Count != records)
            throw new ReportException($"{name} has {records} layers but {table.Count} matrices of {part}.");
        foreach (var matrix in table)
        {
            if (matrix.Count != pairs || matrix.Any(row => row.Count != pairs))
                throw new ReportException($"{name} has {pairs} pairs of inputs but a matrix of {part} is not {pairs} by {pairs}.");
        }
    }
}

using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft sweep: one row of results for each combination of values, and maps of them.</summary>
internal static class SweepCommand
{
    private const int StandardOrder = 20, MostTableRows = 60;

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("sweep", "Solves a grid of specifications: V4, K1 and validity windows of the closure, one row a point; goes on where it stopped.");
        var options = new SpecificationOptions(command);
        var over = new Option<string[]>("--over") { Description = "KEY=FIRST:LAST:COUNT or KEY=VALUE,VALUE,...; once for each axis", HelpName = "AXIS", AllowMultipleArgumentsPerToken = false };
        var folder = new Option<string>("--out") { Description = "folder; default out/NAME-sweep", HelpName = "DIR" };
        var report = new Option<bool>("--report") { Description = "write a page with maps" };
        var exact = new Option<string>("--exact") { Description = "k of the hermite(k) that stands for the exact leading order; default 20", HelpName = "K" };
        Option<string> format = FormatOption.Create();
        foreach (Option option in new Option[] { over, folder, report, exact, format })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            string? place = OutputPath.Read(parsed, folder);
            var plan = new SweepPlan(options.Read(parsed, context), [.. (parsed.GetValue(over) ?? []).Select(SweepAxis.Parse)], Order(parsed.GetValue(exact)));
            string where = place ?? Path.Combine("out", plan.Base.Name + "-sweep");
            IReadOnlyCollection<SweepRow> rows = new Sweep(context, plan, where, parsed.GetValue(report)).Run(out bool interrupted);
            switch (chosen)
            {
                case OutputFormat.Json:
                    context.Output.Write(SweepTable.Json(plan, rows));
                    break;
                case OutputFormat.Csv:
                    context.Output.Write(SweepTable.Csv(plan, rows));
                    break;
                default:
                    Table(context.Output, plan, [.. rows]);
                    context.Output.WriteLine($"{rows.Count} points in {Path.Combine(where, "sweep.csv")}{(parsed.GetValue(report) ? $", maps in {Path.Combine(where, "index.html")}" : "")}");
                    break;
            }

            if (interrupted)
                context.Messages.WriteLine($"symeft: Interrupted after {rows.Count} of {plan.Count} points; the same command goes on from there.");
            else if (rows.All(row => row.V4 is null && row.V4Windows is null))
                throw new ComputationException($"No point of {plan.Count} could be solved; the first: {rows.First().Failure}");
            exit(interrupted ? 130 : 0);
        });
        return command;
    }

    private static int Order(string? text) =>
        text is null ? StandardOrder
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int order) && order is >= 4 and <= 160 ? order
        : throw new InputException($"--exact is '{text}'; use a whole number k from 4 to 160, for hermite(k).");

    private static void Table(TextWriter output, SweepPlan plan, IReadOnlyList<SweepRow> rows)
    {
        var columns = new List<(string, Func<int, string>)>();
        for (int axis = 0; axis < plan.Axes.Count; axis++)
        {
            int at = axis;
            columns.Add((plan.Axes[at].Name, row => plan.Axes[at].Texts[plan.Place(rows[row].Point)[at]]));
        }

        foreach ((string name, _, Func<SweepRow, double?> value) in SweepRow.Columns)
        {
            if (name is not ("V4_window_1" or "V4_window_10" or "K1_window_1" or "K1_window_10"))
                columns.Add((name, row => value(rows[row]) is { } number ? ResultPrinter.Short(number) : "-"));
        }

        TextTable.Write(output, columns, Math.Min(rows.Count, MostTableRows));
        if (rows.Count > MostTableRows)
            output.WriteLine($"... and {rows.Count - MostTableRows} more");
        foreach (IGrouping<string?, SweepRow> failure in rows.Where(row => row.Failure is not null).GroupBy(row => row.Failure).Take(5))
            output.WriteLine($"{failure.Count()} points without all numbers: {failure.Key}");
        if (SweepRow.Unproven(rows) is { } sentence)
            output.WriteLine(sentence);
    }
}

using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft simulate: Monte Carlo of the finite network.</summary>
internal static class SimulateCommand
{
    private const long StandardSamples = 20_000;

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("simulate", "Monte Carlo of the finite network's exact law, with standard errors.");
        var options = new SpecificationOptions(command);
        Option<string> format = FormatOption.Create(takesFiles: true);
        var shard = new Option<string>("--shard") { Description = "simulate part I of K only, into the file of --out", HelpName = "I/K" };
        var file = new Option<string>("--out") { Description = "keep the sums in this file, for merge and to go on after an interruption; or the file of --format parquet or hdf5", HelpName = "FILE" };
        var threads = new Option<string>("--threads") { Description = "number of threads; default all cores; changes no number", HelpName = "T" };
        var checkpoint = new Option<string>("--checkpoint") { Description = "seconds between checkpoints of --out; default 20", HelpName = "S" };
        foreach (Option option in new Option[] { format, shard, file, threads, checkpoint })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format, takesFiles: true);
            string? place = OutputPath.Read(parsed, file);
            Specification specification = options.Read(parsed, context, takesTangent: true);
            if (!specification.Simulates)
                specification = specification with { Samples = StandardSamples };
            RequireSamples(specification);
            if (KeptPairs.Notice(specification) is { } notice)
                context.Messages.WriteLine($"symeft: {notice}");
            int used = parsed.GetValue(threads) is { } text ? Threads(text) : Environment.ProcessorCount;
            bool isData = FormatOption.IsFile(chosen, place);
            if (isData && parsed.GetValue(shard) is not null)
                throw new InputException("--shard keeps sums in --out, and --format parquet or hdf5 results; leave one of the two out.");
            if (place is { } path && !isData)
            {
                exit(Kept(context, chosen, specification, parsed.GetValue(shard) is { } part ? ShardChoice.Parse(part) : null, path, used, Seconds(parsed.GetValue(checkpoint))));
                return;
            }

            if (parsed.GetValue(shard) is not null)
                throw new InputException("--shard needs --out FILE: a part of a simulation has no result of its own, it is kept for merge.");
            if (specification.Tangent != TangentKernel.None)
            {
                (EnsembleSeries Series, bool Cancelled, string? Unmet) tangents;
                using (var progress = new ProgressLine(context.Messages, "simulating"))
                    tangents = TangentSimulation.Run(specification, used, progress.Report, context.Cancellation);
                Print(context, chosen, specification, tangents.Series, place);
                if (tangents.Cancelled)
                    context.Messages.WriteLine($"symeft: Interrupted after {tangents.Series.Samples} networks; the numbers and error bars above are those of the finished ones.");
                if (tangents.Unmet is { } left)
                    context.Messages.WriteLine($"symeft: {left}");
                exit(tangents.Cancelled ? 130 : tangents.Unmet is null ? 0 : 1);
                return;
            }

            TheorySolution reference = Simulation.InfiniteWidth(specification, context.Cancellation);
            EnsembleStatistics statistics;
            using (var progress = new ProgressLine(context.Messages, "simulating"))
                statistics = Simulation.Run(specification, reference, null, progress.Report, context.Cancellation, used);
            EnsembleSeries measured = Simulation.Series(specification, statistics, reference);
            if (!statistics.Cancelled)
                measured = FinitePredictions.Beside(context, specification, measured);
            Print(context, chosen, specification, measured, place);
            if (statistics.Cancelled)
                context.Messages.WriteLine($"symeft: Interrupted after {statistics.Samples} networks; the numbers and error bars above are those of the finished ones.");
            string? unmet = Simulation.Unmet(specification, statistics);
            if (unmet is not null)
                context.Messages.WriteLine($"symeft: {unmet}");
            exit(statistics.Cancelled ? 130 : unmet is null ? FinitePredictions.ExitCode(context) : 1);
        });
        return command;
    }

    // Into a file; a whole simulation prints its result as well.
    private static int Kept(CommandContext context, OutputFormat format, Specification specification, ShardChoice? shard, string path, int threads, double seconds)
    {
        if (specification.Until is not null)
            throw new InputException("--out keeps a fixed number of networks, and until has none; use --samples.");
        if (!new ShardRun(context, specification, shard ?? ShardChoice.Whole, path, threads, seconds).Run())
            return 130;
        if (shard is { } part)
        {
            context.Output.WriteLine($"shard {part.Number}/{part.Count} is in {path}");
            return 0;
        }

        ShardMerge.Merged whole = ShardMerge.Read([path], context.Cancellation);
        EnsembleSeries series = FinitePredictions.Beside(context, specification, ShardMerge.Series(whole, context.Cancellation));
        Print(context, format, specification, series);
        return FinitePredictions.ExitCode(context);
    }

    /// <summary>Prints a simulation; what of it cannot be trusted is a part of the table and of the JSON, and for CSV a message.</summary>
    internal static void Print(CommandContext context, OutputFormat format, Specification specification, EnsembleSeries series, string? path = null)
    {
        if (FormatOption.IsFile(format, path))
            ResultPrinter.Write(path!, format, specification, series);
        else
            ResultPrinter.Print(context.Output, format, specification, series);
        foreach (string warning in format is OutputFormat.Csv or OutputFormat.Parquet ? series.Reliability?.Warnings ?? [] : [])
            context.Messages.WriteLine($"symeft: {warning}");
    }

    private static int Threads(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 4096
            ? threads
            : throw new InputException($"--threads is '{text}'; use a whole number from 1 to 4096.");

    private static double Seconds(string? text) =>
        text is null ? 20
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 1e6 ? seconds
        : throw new InputException($"--checkpoint is '{text}'; use a number of seconds from 0 to 1000000.");

    /// <summary>Refuses a sample that has no spread.</summary>
    /// <exception cref="InputException">The number of samples cannot be used.</exception>
    public static void RequireSamples(Specification specification)
    {
        if (specification.Samples is 1)
            throw new InputException("simulate.samples is 1, and one sample has no standard error; use at least 2.");
    }
}

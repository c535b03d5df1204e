using System.CommandLine;
using SymbolicEft.Cli.Output;
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
        Option<string> format = FormatOption.Create();
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            Specification specification = options.Read(parsed);
            if (!specification.Simulates)
                specification = specification with { Samples = StandardSamples };
            RequireSamples(specification);
            TheorySolution reference = Simulation.InfiniteWidth(specification, context.Cancellation);
            EnsembleStatistics statistics;
            using (var progress = new ProgressLine(context.Messages, "simulating"))
                statistics = Simulation.Run(specification, reference, null, progress.Report, context.Cancellation);
            ResultPrinter.Print(context.Output, chosen, specification, Simulation.Series(specification, statistics, reference));
            if (statistics.Cancelled)
                context.Messages.WriteLine($"symeft: Interrupted after {statistics.Samples} networks; the numbers and error bars above are those of the finished ones.");
            string? unmet = Simulation.Unmet(specification, statistics);
            if (unmet is not null)
                context.Messages.WriteLine($"symeft: {unmet}");
            exit(statistics.Cancelled ? 130 : unmet is null ? 0 : 1);
        });
        return command;
    }

    /// <summary>Refuses a sample that has no spread.</summary>
    /// <exception cref="InputException">The number of samples cannot be used.</exception>
    public static void RequireSamples(Specification specification)
    {
        if (specification.Samples is 1)
            throw new InputException("simulate.samples is 1, and one sample has no standard error; use at least 2.");
    }
}

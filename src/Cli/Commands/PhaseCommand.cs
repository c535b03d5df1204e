// symeft phase: what a layer, repeated, leaves as it is: fixed points over a grid of values, the critical line chi = 1, and up to which layer a width can be trusted.

using System.CommandLine;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Phases;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft phase: fixed points of the kernel, and the edge of chaos.</summary>
internal static class PhaseCommand
{
    // A perceptron of one input, unless the specification says otherwise.
    private const string Standard = "network: { skip: 0, step: 1, depth: 100 }\ninputs: { kernel: 1 }\nclosure: hermite(12)\n";

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("phase", "Fixed points K*, slopes and correlation lengths of a layer that is repeated, the critical line chi = 1, and up to which layer the width is wide enough.");
        var options = new SpecificationOptions(command);
        var over = new Option<string[]>("--over") { Description = "KEY=FIRST:LAST:COUNT or KEY=VALUE,VALUE,...; none, or one or two axes", HelpName = "AXIS", AllowMultipleArgumentsPerToken = false };
        var folder = new Option<string>("--out") { Description = "write the numbers and maps of them into this folder", HelpName = "DIR" };
        Option<string> format = FormatOption.Create();
        foreach (Option option in new Option[] { over, folder, format })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            string? place = OutputPath.Read(parsed, folder);
            SweepAxis[] axes = [.. (parsed.GetValue(over) ?? []).Select(SweepAxis.Parse)];
            if (axes.Length > 2)
                throw new InputException($"--over is given {axes.Length} times, and a diagram has at most two axes; leave some out.");
            if (axes.Length == 2 && axes[0].Name == axes[1].Name)
                throw new InputException($"--over names {axes[0].Name} twice; once is enough.");
            var diagram = new PhaseDiagram(options.Read(parsed, context, Standard), axes);
            using (var progress = new ProgressLine(context.Messages, "phases", "points"))
                diagram.Compute(progress.Report, context.Cancellation);
            if (place is not null)
            {
                AtomicFile.MakeFolder(place, place);
                AtomicFile.Write(Path.Combine(place, "phase.csv"), PhaseTable.Csv(diagram));
                AtomicFile.Write(Path.Combine(place, "phase.json"), PhaseTable.Json(diagram));
                foreach (Picture figure in PhaseFigures.Of(diagram))
                    AtomicFile.Write(Path.Combine(place, $"{figure.Id}.svg"), figure.ToSvg());
            }

            switch (chosen)
            {
                case OutputFormat.Json:
                    context.Output.Write(PhaseTable.Json(diagram));
                    break;
                case OutputFormat.Csv:
                    context.Output.Write(PhaseTable.Csv(diagram));
                    break;
                default:
                    PhaseTable.Print(context.Output, diagram);
                    break;
            }

            exit(0);
        });
        return command;
    }
}

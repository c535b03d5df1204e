using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft run, or symeft alone: derive, solve, simulate, compare, and write the report folder.</summary>
internal static class RunCommand
{
    private const string StandardSpecification = "SymbolicEft.Cli.paper.yaml";
    private const int FewSamples = 1000;

    /// <summary>Builds the command with its name.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("run", "The main job: derive, solve, simulate, compare, write a report folder. Default specification: the paper's.");
        Configure(command, context, exit, new SpecificationOptions(command, withFile: true));
        return command;
    }

    /// <summary>Makes the same job the action of the bare command.</summary>
    public static void Configure(Command root, CommandContext context, Action<int> exit) =>
        Configure(root, context, exit, new SpecificationOptions(root, withFile: false));

    private static void Configure(Command command, CommandContext context, Action<int> exit, SpecificationOptions options)
    {
        var folder = new Option<string>("--out") { Description = "report folder; default out/NAME", HelpName = "DIR" };
        command.Options.Add(folder);
        command.SetAction(parsed =>
        {
            string? chosen = OutputPath.Read(parsed, folder);
            Specification specification = options.Read(parsed, context, Standard());
            SimulateCommand.RequireSamples(specification);
            (specification, string? note) = ReportInputs.Of(specification);
            if (specification.Simulates)
                _ = KeptPairs.Of(specification, withResiduals: true);
            if (note is not null)
                context.Messages.WriteLine($"symeft: {note}");
            if (ProgressLine.Speaks(context.Messages) && Cost(specification, context.Cancellation) is { } cost)
                context.Messages.WriteLine(cost);
            exit(new MainJob(context, specification, chosen ?? Path.Combine("out", specification.Name), note: note).Run());
        });
    }

    // Said before anything starts, from a few batches; a job of seconds, or one whose end an error bar decides, has none.
    private static string? Cost(Specification specification, CancellationToken cancellation)
    {
        if (specification.Samples < FewSamples || specification.Until is not null)
            return null;
        double rate;
        try
        {
            rate = Simulation.Rate(specification, 500, cancellation) * Environment.ProcessorCount;
        }
        catch (Exception reason) when (Failures.IsComputation(reason))
        {
            return null; // the job says it in its place
        }

        // The second width, and the larger steps of a ResNet, together about as long again.
        double seconds = specification.Samples / rate, all = specification.Network is { Layers: null, Skip: 1 } ? 2 * seconds : 1.5 * seconds;
        string time = all < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, all):F0} s") : string.Create(CultureInfo.InvariantCulture, $"{all / 60:F0} min");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"symeft: about {time} of simulation on this machine ({specification.Samples:N0} networks of width {specification.Width:N0} and {specification.Network.Depth:N0} layers at {rate:N0} a second, then other widths and steps), and the equations beside it; Ctrl-C keeps what is finished.");
    }

    private static string Standard()
    {
        using Stream stream = typeof(RunCommand).Assembly.GetManifestResourceStream(StandardSpecification)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

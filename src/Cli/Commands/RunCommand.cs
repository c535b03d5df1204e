using System.CommandLine;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft run, or symeft alone: derive, solve, simulate, compare, and write the report folder.</summary>
internal static class RunCommand
{
    private const string StandardSpecification = "SymbolicEft.Cli.paper.yaml";

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
            exit(new MainJob(context, specification, chosen ?? Path.Combine("out", specification.Name), note: note).Run());
        });
    }

    private static string Standard()
    {
        using Stream stream = typeof(RunCommand).Assembly.GetManifestResourceStream(StandardSpecification)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

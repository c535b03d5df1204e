using System.CommandLine;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft schema: the JSON schema of a specification, for editors.</summary>
internal static class SchemaCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("schema", "The JSON schema of a specification, by which an editor completes and checks the YAML file.");
        command.SetAction(_ =>
        {
            context.Output.Write(SpecificationSchema.Text());
            exit(0);
        });
        return command;
    }
}

// symeft completion SHELL prints a script for the shell. The script knows nothing by itself: it hands the line up to the cursor to
//   symeft "[suggest:POSITION]" "LINE WITHOUT THE FIRST WORD"
// which the command-line library answers from the same commands and options that it parses, one suggestion a line. So a new
// command or flag is completed without a change here; only values that an option may take are named below.

using System.CommandLine;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft completion: completion for a shell.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("completion", "A script that completes symeft's commands, flags and values in a shell.");
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Shells) };
        shell.CompletionSources.Add(Shells);
        command.Arguments.Add(shell);
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            if (!Shells.Contains(name))
                throw new InputException($"There is no completion for the shell '{name}'; use {string.Join(", ", Shells)}.");
            context.Output.Write(EmbeddedText.Of(typeof(CompletionCommand).Assembly, $"symeft.{name}"));
            exit(0);
        });
        return command;
    }

    /// <summary>Whether a command line asks for suggestions; such a line is unfinished, and what is wrong with it is no matter.</summary>
    public static bool IsAsked(string[] arguments) => arguments is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

    /// <summary>Names the values that options may take, on a command and all below it.</summary>
    public static void AddValues(Command command)
    {
        foreach (Option option in command.Options)
        {
            // Named when they are asked for: to list activations and closures takes longer than to start without them.
            option.CompletionSources.Add(_ => Values(option.Name));
        }

        foreach (Command below in command.Subcommands)
            AddValues(below);
    }

    private static string[] Values(string option) => option switch
    {
        "--format" => ["table", "json", "csv"],
        "--activation" => [.. KnownActivations.All.Keys],
        "--network" => [.. LayerPresets.All.Select(preset => preset.Name)],
        "--closure" => [.. ClosureRegistry.Suggested.Where(each => !each.Contains(' ', StringComparison.Ordinal))],
        "--quadrature" => ["certified", "estimated", "gauss-hermite(32)"],
        "--stepping" => ["discrete", "continuous", "euler"],
        "--estimator" => [.. Enum.GetNames<EstimatorChoice>().Select(SpecificationFields.Kebab)],
        "--engine" => ["slurm", "local"],
        "--to" => ["markdown", "latex", "csharp", "python"],
        _ => [],
    };
}

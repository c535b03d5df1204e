// symeft completion SHELL prints a script for the shell. The script knows nothing by itself: it hands the line up to the cursor to
//   symeft "[suggest:POSITION]" "LINE WITHOUT THE FIRST WORD"
// which the command-line library answers from the same commands and options that it parses, one suggestion a line. So a new
// command or flag is completed without a change here; only values that an option may take are named below.

using System.CommandLine;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft completion: completion for a shell.</summary>
internal static class CompletionCommand
{
    private static readonly (string Name, string Script)[] Shells =
    [
        ("bash", """
            # symeft completion for bash; put this into ~/.bashrc:   eval "$(symeft completion bash)"
            _symeft() {
                local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" each
                line="${line#*"${COMP_WORDS[0]}"}"
                line="${line# }"
                COMPREPLY=()
                while IFS= read -r each; do
                    # Flags only where a flag was begun, so that names of files can be completed.
                    if [[ $each == "$word"* && ( $word == -* || $each != [-/]* ) ]]; then
                        COMPREPLY+=("$(printf '%q' "$each")")
                    fi
                done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            }
            complete -o default -F _symeft symeft
            """),
        ("zsh", """
            #compdef symeft
            # symeft completion for zsh; put this into ~/.zshrc after compinit:   eval "$(symeft completion zsh)"
            _symeft() {
                local line="${(j: :)words[2,CURRENT]}"
                local -a found
                found=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
                [[ ${words[CURRENT]} == -* ]] || found=("${(@)found:#[-\/]*}")
                found=("${(@)found:#}")
                (( ${#found} )) && compadd -a found
                [[ ${words[CURRENT]} == -* ]] || _files
            }
            compdef _symeft symeft
            """),
        ("fish", """
            # symeft completion for fish; put this into ~/.config/fish/config.fish:   symeft completion fish | source
            function __symeft_suggest
                set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
                symeft "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c symeft -a '(__symeft_suggest)'
            """),
    ];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("completion", "A script that completes symeft's commands, flags and values in a shell.");
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Shells.Select(each => each.Name)) };
        shell.CompletionSources.Add([.. Shells.Select(each => each.Name)]);
        command.Arguments.Add(shell);
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            (string Name, string Script) found = Shells.FirstOrDefault(each => each.Name == name);
            context.Output.Write((found.Script ?? throw new InputException($"There is no completion for the shell '{name}'; use {string.Join(", ", Shells.Select(each => each.Name))}.")) + "\n");
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
            if (Values(option.Name) is { } values)
                option.CompletionSources.Add(values);
        }

        foreach (Command below in command.Subcommands)
            AddValues(below);
    }

    private static string[]? Values(string option) => option switch
    {
        "--format" => ["table", "json", "csv"],
        "--activation" => [.. KnownActivations.All.Keys],
        "--network" => [.. LayerPresets.All.Select(preset => preset.Name)],
        "--closure" => ["g-only", "g-connected", "sigma-kernel", "hermite(auto)"],
        "--quadrature" => ["certified", "estimated", "gauss-hermite(32)"],
        "--stepping" => ["discrete", "continuous", "euler"],
        "--estimator" => [.. Enum.GetNames<EstimatorChoice>().Select(SpecificationFields.Kebab)],
        "--engine" => ["slurm", "local"],
        "--to" => ["markdown", "latex", "csharp", "python"],
        _ => null,
    };
}

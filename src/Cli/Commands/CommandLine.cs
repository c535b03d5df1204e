// The command line: which commands there are, and how a failure becomes an exit code and one sentence.
//   0 done    1 the computation failed    2 the input is wrong    130 interrupted
// To add a command: one file in this folder with a Build method, and a line in Commands.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>Reads the command line and runs a command.</summary>
public static partial class CommandLine
{
    // In the order of help.
    private static readonly (string Name, Func<CommandContext, Action<int>, Command> Build)[] Commands =
    [
        ("run", RunCommand.Build),
        ("derive", DeriveCommand.Build),
        ("solve", SolveCommand.Build),
        ("expect", ExpectCommand.Build),
        ("diagrams", DiagramsCommand.Build),
        ("simulate", SimulateCommand.Build),
        ("merge", MergeCommand.Build),
        ("compare", CompareCommand.Build),
        ("sweep", SweepCommand.Build),
        ("phase", PhaseCommand.Build),
        ("paper", PaperCommand.Build),
        ("submit", SubmitCommand.Build),
        ("status", StatusCommand.Build),
        ("explore", ExploreCommand.Build),
        ("schema", SchemaCommand.Build),
        ("doctor", DoctorCommand.Build),
        ("completion", CompletionCommand.Build),
    ];

    private const int Failed = 1, WrongInput = 2, Interrupted = 130;

    /// <summary>Runs symeft.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="messages">Standard error.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter messages)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }

        int exitCode = 0;
        string? asked = arguments is ["--version"] || (arguments is [var first, ..] && Commands.Any(command => command.Name == first)) ? arguments[0] : null;
        RootCommand root = Root(new CommandContext(output, messages, cancellation.Token), code => exitCode = code, asked);
        ParseResult parsed = root.Parse(arguments);
        string? flag = UnknownFlag(parsed);
        if ((parsed.Errors.Count > 0 || flag is not null) && !CompletionCommand.IsAsked(arguments))
        {
            // What is unknown is quoted in the parser's sentence.
            string wrong = flag is not null ? $"Unrecognized command or argument '{flag}'" : parsed.Errors[0].Message.TrimEnd('.'), word = wrong.Split('\'') is [_, var quoted, _] ? quoted : "";
            Command command = parsed.CommandResult.Command;
            string[] known = [.. word.StartsWith('-') ? command.Options.Select(option => option.Name) : Commands.Select(each => each.Name)];
            // What is known is wrong in another way, such as given twice.
            string? near = known.Contains(word) ? null : Spelling.Nearest(word, known);
            return Say($"{wrong}{(near is null ? "" : $" (did you mean {near}?)")}; 'symeft {(ReferenceEquals(command, root) ? "" : command.Name + " ")}--help' lists what there is.", WrongInput);
        }

        try
        {
            int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = messages, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return code != 0 ? WrongInput : exitCode;
        }
        catch (Exception problem) when (problem is InputException or UnprovedException { Finished: null })
        {
            return Say(problem.Message, WrongInput);
        }
        catch (OperationCanceledException)
        {
            return Say("Interrupted.", Interrupted);
        }
        catch (Exception problem) when (Failures.IsComputation(problem))
        {
            return Say(problem.Message, Failed);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Say($"A file could not be read or written: {problem.Message}", Failed);
        }
        catch (OutOfMemoryException)
        {
            return Say("The machine has not enough memory for this; use fewer inputs or fewer recorded depths.", Failed);
        }
        catch (Exception problem)
        {
            return Say($"This is a mistake in symeft, not in your input ({problem.GetType().Name}: {problem.Message}); please report it with the command you used.", Failed);
        }

        int Say(string sentence, int code)
        {
            messages.WriteLine($"symeft: {Printable(sentence)}");
            return code;
        }
    }

    // A flag that no command has is taken for the file or the expression of a command that has one, and then the words after it are wrong.
    private static string? UnknownFlag(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value.Split('=')[0]).FirstOrDefault(word => Flag().IsMatch(word));

    [GeneratedRegex("^--[a-z][a-z-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Flag();

    // A sentence quotes what it was given, which may come from elsewhere: one line, nothing that a terminal obeys, no megabytes.
    private static string Printable(string sentence)
    {
        const int longest = 4000;
        string shown = sentence.Length <= longest ? sentence : $"{sentence[..(longest / 2)]} ... {sentence[^(longest / 2)..]}";
        return OneLine.Of(shown);
    }

    // Only what is asked for is built, which is most of the time that a start takes; null asks for all.
    private static RootCommand Root(CommandContext context, Action<int> exit, string? asked)
    {
        var root = new RootCommand(
            "Derives the effective field theory of the empirical kernel of a wide network, solves it, and checks it against simulation. Without a command: run.");
        if (asked is null)
            RunCommand.Configure(root, context, exit);
        foreach ((string name, Func<CommandContext, Action<int>, Command> build) in Commands.Where(command => asked is null || command.Name == asked))
            root.Subcommands.Add(build(context, exit));
        CompletionCommand.AddValues(root);
        return root;
    }
}

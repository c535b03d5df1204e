// The command line: which commands there are, and how a failure becomes an exit code and one sentence.
//   0 done    1 the computation failed    2 the input is wrong    130 interrupted
// To add a command: one file in this folder with a Build method, and a line in Root.

using System.CommandLine;
using System.Runtime.InteropServices;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>Reads the command line and runs a command.</summary>
public static class CommandLine
{
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
        RootCommand root = Root(new CommandContext(output, messages, cancellation.Token), code => exitCode = code);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && !CompletionCommand.IsAsked(arguments))
        {
            // What is unknown is quoted in the parser's sentence.
            string wrong = parsed.Errors[0].Message.TrimEnd('.'), word = wrong.Split('\'') is [_, var quoted, _] ? quoted : "";
            Command command = parsed.CommandResult.Command;
            string[] known = [.. word.StartsWith('-') ? command.Options.Select(option => option.Name) : root.Subcommands.Select(each => each.Name)];
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

    // A sentence quotes what it was given, which may come from elsewhere: one line, nothing that a terminal obeys, no megabytes.
    private static string Printable(string sentence)
    {
        const int longest = 4000;
        string shown = sentence.Length <= longest ? sentence : $"{sentence[..(longest / 2)]} ... {sentence[^(longest / 2)..]}";
        return OneLine.Of(shown);
    }

    private static RootCommand Root(CommandContext context, Action<int> exit)
    {
        var root = new RootCommand(
            "Derives the effective field theory of the empirical kernel of a wide network, solves it, and checks it against simulation. Without a command: run.");
        RunCommand.Configure(root, context, exit);
        root.Subcommands.Add(RunCommand.Build(context, exit));
        root.Subcommands.Add(DeriveCommand.Build(context, exit));
        root.Subcommands.Add(SolveCommand.Build(context, exit));
        root.Subcommands.Add(ExpectCommand.Build(context, exit));
        root.Subcommands.Add(DiagramsCommand.Build(context, exit));
        root.Subcommands.Add(SimulateCommand.Build(context, exit));
        root.Subcommands.Add(MergeCommand.Build(context, exit));
        root.Subcommands.Add(CompareCommand.Build(context, exit));
        root.Subcommands.Add(SweepCommand.Build(context, exit));
        root.Subcommands.Add(PhaseCommand.Build(context, exit));
        root.Subcommands.Add(PaperCommand.Build(context, exit));
        root.Subcommands.Add(SubmitCommand.Build(context, exit));
        root.Subcommands.Add(StatusCommand.Build(context, exit));
        root.Subcommands.Add(ExploreCommand.Build(context, exit));
        root.Subcommands.Add(SchemaCommand.Build(context, exit));
        root.Subcommands.Add(DoctorCommand.Build(context, exit));
        root.Subcommands.Add(CompletionCommand.Build(context, exit));
        CompletionCommand.AddValues(root);
        return root;
    }
}

// What a page asks its reader to do, in order. A page is read line by line:
//   a fence ```            lines "symeft ..." and "dotnet run --project src/Cli ..." in it are commands; a line that ends in \ goes on
//   a fence ```text        behind such a block shows lines that the last command of the block prints; "..." stands for others
//   a fence ```yaml        after the comment <!-- file: NAME --> is a file of that name
// A comment before a block says how the tests run it, clauses separated by semicolons:
//   <!-- in tests: simulate with --samples 64; not status (it needs a queue) -->
// "with" puts its flags in place of the shown ones; the block's output is then not compared. The command without a name is "symeft".

using System.Text.RegularExpressions;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>A step of a page: a file to write, or a command to run.</summary>
/// <param name="File">The file's name, or null.</param>
/// <param name="Text">The file's text, or the command as shown.</param>
/// <param name="Arguments">The command's arguments as the tests run it; empty for a file.</param>
/// <param name="Shown">Lines of the output that the page shows.</param>
internal sealed record PageStep(string? File, string Text, string[] Arguments, IReadOnlyList<string> Shown);

/// <summary>Reads the steps of a page.</summary>
internal static partial class PageSteps
{
    public static IReadOnlyList<PageStep> Read(string page)
    {
        var steps = new List<PageStep>();
        bool comparable = false;
        string note = "";
        foreach (Match part in Part().Matches(page))
        {
            if (part.Groups["note"].Success)
            {
                note = part.Groups["note"].Value;
                continue;
            }

            string language = part.Groups["language"].Value, body = part.Groups["body"].Value;
            if (note.StartsWith("file:", StringComparison.Ordinal))
            {
                steps.Add(new(note["file:".Length..].Trim(), body, [], []));
            }
            else if (language == "text" && comparable)
            {
                steps[^1] = steps[^1] with { Shown = [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)] };
            }
            else if (language.Length == 0)
            {
                int before = steps.Count;
                Clause[] clauses = note.StartsWith("in tests:", StringComparison.Ordinal) ? [.. note["in tests:".Length..].Split(';').Select(Clause.Read)] : [];
                bool changed = false;
                foreach (string line in body.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
                {
                    if (!Command().Match(line.Trim()).Groups["rest"].TryValue(out string rest))
                        continue;
                    string[] arguments = [.. Argument().Matches(rest).TakeWhile(word => word.Value != "#").Select(word => word.Value.Trim('"'))];
                    string name = arguments.Length == 0 || arguments[0].StartsWith('-') ? "symeft" : arguments[0];
                    Clause? clause = clauses.FirstOrDefault(each => each.Command == name);
                    changed = clause is not null;
                    if (clause?.Flags is { } flags)
                        arguments = Replace(arguments, flags);
                    if (clause is null || clause.Flags is not null)
                        steps.Add(new(null, line.Trim(), arguments, []));
                }

                comparable = steps.Count > before && !changed;
                note = "";
                continue;
            }

            comparable = false;
            note = "";
        }

        return steps;
    }

    private static bool TryValue(this Group group, out string value)
    {
        value = group.Value;
        return group.Success;
    }

    private static string[] Replace(string[] arguments, string[] flags)
    {
        List<string> result = [.. arguments];
        for (int at = 0; at < flags.Length; at++)
        {
            bool hasValue = at + 1 < flags.Length && !flags[at + 1].StartsWith("--", StringComparison.Ordinal);
            int place = result.IndexOf(flags[at]);
            if (place >= 0)
                result.RemoveRange(place, hasValue ? 2 : 1);
            result.AddRange(hasValue ? [flags[at], flags[at + 1]] : [flags[at]]);
            at += hasValue ? 1 : 0;
        }

        return [.. result];
    }

    /// <summary>One clause of a comment.</summary>
    /// <param name="Command">Which command it is about.</param>
    /// <param name="Flags">The flags to put in place; null: not run.</param>
    private sealed record Clause(string Command, string[]? Flags)
    {
        public static Clause Read(string text)
        {
            Match match = ClauseForm().Match(text.Trim());
            Assert.True(match.Success, $"'{text}' is no clause; write COMMAND with FLAGS, or: not COMMAND (reason)");
            return match.Groups["with"].Success
                ? new(match.Groups["with"].Value, [.. Argument().Matches(match.Groups["flags"].Value).Select(word => word.Value.Trim('"'))])
                : new(match.Groups["not"].Value, null);
        }
    }

    [GeneratedRegex(@"^<!-- (?<note>(?:in tests|file):.*?) -->$|^ *```(?<language>[^\n`]*)\n(?<body>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"^(?:symeft|dotnet run --project src/Cli -c Release(?: --(?= |$))?)(?: (?<rest>.*)|(?<rest>))$")]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:(?<with>\S+) with (?<flags>--.+)|not (?<not>\S+) \(.+\))$")]
    private static partial Regex ClauseForm();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Argument();
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Cli.Tests.Commands;

/// <summary>docs/expectations.md says what the program does: every command is run, and every definition compared.</summary>
public partial class ExpectationPageTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (Match example in Example().Matches(Page()))
                rows.Add(example.Groups["command"].Value.Trim(), example.Groups["output"].Value.Trim());
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_gives_what_the_page_shows(string command, string shown)
    {
        string[] arguments = [.. Argument().Matches(command).Select(match => match.Value.Trim('"'))];
        (int code, string output, string messages) = Symeft.Run(arguments);
        Assert.Equal(shown.StartsWith("symeft:", StringComparison.Ordinal), code != 0);
        string[] printed = [.. (output + messages).Split('\n').Select(line => line.TrimEnd())];
        foreach (string line in shown.Split('\n'))
        {
            if (!line.StartsWith("value ", StringComparison.Ordinal))
            {
                Assert.Contains(line.TrimEnd(), printed);
                continue;
            }

            // The last digits may differ between processors.
            double expected = Number(line), value = Number(printed.Single(other => other.StartsWith("value ", StringComparison.Ordinal)));
            Assert.Equal(expected, value, 1e-13 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void The_page_has_examples_and_the_definition_of_every_known_activation()
    {
        Assert.True(Examples.Count >= 9);
        string expected = string.Join("\n", KnownActivations.All.Values.Select(Row));
        string page = Page();
        string written = page[(page.IndexOf("|---|---|\n", StringComparison.Ordinal) + 10)..].TrimEnd();
        Assert.True(expected == written, $"The table of docs/expectations.md should be:\n{expected}");
    }

    private static string Row(KnownActivation known)
    {
        bool isWhole = known.Defaults is null && known.Parameters.Contains("k");
        Expression[] parameters = isWhole ? [3] : [.. known.Parameters.Select(name => (Expression)Symbol.Of(name))];
        string defaults = string.Join(", ", known.Parameters.Select((name, at) => isWhole ? "k" : known.Defaults is { } values ? $"{name} = {values[at]}" : name));
        string text = known.Define(parameters, KnownActivations.Variable).ToString().Replace("|", "\\|", StringComparison.Ordinal);
        return $"| {known.Name}{(defaults.Length > 0 ? $"({defaults})" : "")} | {(isWhole ? "k = 3: " : "")}`{text}` |";
    }

    private static double Number(string line) => double.Parse(line["value ".Length..].Trim(), CultureInfo.InvariantCulture);

    private static string Page([CallerFilePath] string source = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "docs", "expectations.md")).ReplaceLineEndings("\n");

    [GeneratedRegex(@"```\n\$ symeft (?<command>[^\n]+)\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Argument();
}

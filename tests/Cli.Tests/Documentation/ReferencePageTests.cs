// docs/reference.md has parts that are made from the program: what is between <!-- generated: NAME --> and <!-- end -->. The test
// makes them again and compares; with SYMEFT_UPDATE_DOCS=1 in the environment it writes them.

using System.Text.Json;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>docs/reference.md says what --help and the table of specification values say.</summary>
public partial class ReferencePageTests
{
    private const string Page = "docs/reference.md";

    [Fact]
    public void The_generated_parts_are_those_of_the_program()
    {
        string page = DocumentationPages.Read(Page);
        string expected = Generated().Replace(page, part => $"<!-- generated: {part.Groups["name"].Value} -->\n{Make(part.Groups["name"].Value)}<!-- end -->");
        if (Environment.GetEnvironmentVariable("SYMEFT_UPDATE_DOCS") == "1")
            File.WriteAllText(Path.Combine(DocumentationPages.Repository, Page), expected);
        else
            Assert.True(page == expected, $"{Page} is stale; run this test with SYMEFT_UPDATE_DOCS=1, or write:\n{expected}");
    }

    [Fact]
    public void Every_command_has_its_part()
    {
        string[] parts = [.. Generated().Matches(DocumentationPages.Read(Page)).Select(part => part.Groups["name"].Value)];
        string help = Symeft.Run("--help").Output;
        foreach (Match command in CommandLine().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]))
            Assert.Contains(command.Groups["name"].Value, parts);
    }

    [Fact]
    public void Every_property_of_the_documents_is_explained()
    {
        string page = DocumentationPages.Read(Page), file = Symeft.File(Symeft.TwoInputs);
        foreach (string[] arguments in (string[][])
            [
                ["solve", file, "--depth", "8", "--record", "2"],
                ["solve", file, "--depth", "8", "--record", "2", "--order", "2"],
                ["solve", file, "--depth", "8", "--record", "2", "--closure", "hermite(auto)"],
                ["simulate", file, "--depth", "8", "--record", "2", "--estimator", "control-variate"],
                ["expect", "tanh(x)", "--kernel", "1"],
                ["diagrams", "--external", "1", "--loops", "1", "--drift", "2", "--noise", "0"],
            ])
        {
            foreach (JsonProperty property in Symeft.Json(arguments).EnumerateObject())
                Assert.True(page.Contains($"`{property.Name}`", StringComparison.Ordinal), $"{Page} does not explain the property {property.Name} of symeft {arguments[0]}");
        }
    }

    private static string Make(string name) => name switch
    {
        "specification" => "| in the file | flag | what it is |\n|---|---|---|\n" + string.Concat(SpecificationFields.All.Select(field => $"| `{field.Path}` | `{field.Flag}` | {Cell(field.Help)} |\n")),
        "defaults" => $"```yaml\n{SpecificationWriter.Yaml(new Specification())}```\n",
        _ => OfCommand(name),
    };

    // The usage, and a table of arguments and of flags that are not values of the specification.
    private static string OfCommand(string name)
    {
        (int code, string help, string messages) = Symeft.Run(name, "--help");
        Assert.True(code == 0, messages);
        string[] lines = help.Split('\n');
        string summary = lines[1].Trim();
        Match[] rows = [.. lines.Select(line => Row().Match(line)).Where(row => row.Success)];
        HashSet<string> values = [.. SpecificationFields.All.Select(field => field.Flag)];
        bool takesSpecification = rows.Count(row => values.Contains(row.Groups["first"].Value)) == values.Count;
        string text = $"{summary}\n";
        string[] table =
        [
            .. rows.Where(row => !takesSpecification || !values.Contains(row.Groups["first"].Value))
                .Where(row => !row.Groups["what"].Value.StartsWith("-?", StringComparison.Ordinal))
                .Select(row => $"| `{Cell(row.Groups["what"].Value)}` | {Cell(row.Groups["text"].Value)} |\n"),
        ];
        if (takesSpecification)
            text += "Takes every flag of [the specification](#the-specification).\n";
        return $"{text}\n| | |\n|---|---|\n{string.Concat(table)}";
    }

    private static string Cell(string text) => text.Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"<!-- generated: (?<name>\S+) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^  (?<name>[a-z]+)(?: |$)", RegexOptions.Multiline)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"^  (?<what>(?<first>[-<][^\s,]*)(?: ?[^\s]+)*?) {2,}(?<text>\S.*)$")]
    private static partial Regex Row();
}

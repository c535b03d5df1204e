using System.Reflection;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>What pages and refusals name is there: types for programs, options for commands.</summary>
public partial class NamesInTextsTests
{
    private static readonly Assembly[] Libraries = [typeof(Symbolic.Expressions.Expression).Assembly, typeof(Diagrams.DiagramGenerator).Assembly, typeof(Numeric.Network).Assembly, typeof(Testing.Law).Assembly];

    private static readonly Type[] Public = [.. Libraries.SelectMany(library => library.GetExportedTypes())];

    [Fact]
    public void Each_type_of_the_table_of_namespaces_is_public_and_in_that_namespace()
    {
        int named = 0;
        foreach (Match row in NamespaceRow().Matches(DocumentationPages.Read("docs/how-to-use-the-library.md")))
        {
            string[] spaces = [.. Quoted().Matches(row.Groups["spaces"].Value).Select(each => each.Groups["name"].Value)];
            // `.Closures` beside `SymbolicEft.Symbolic.Derivation` is below it, or beside it below its parent.
            string first = spaces[0], parent = first[..first.LastIndexOf('.')];
            spaces = [.. spaces.Select(space => space[0] != '.' ? space : Public.Any(type => type.Namespace == first + space) ? first + space : parent + space)];
            foreach (string space in spaces)
                Assert.True(Public.Any(type => type.Namespace == space), $"{space} has no public type");
            foreach (Match each in Quoted().Matches(row.Groups["content"].Value))
            {
                named++;
                Assert.True(Public.Any(type => spaces.Contains(type.Namespace) && type.Name == each.Groups["name"].Value), $"{each.Groups["name"].Value} is no public type of {row.Groups["spaces"].Value}");
            }
        }

        Assert.InRange(named, 10, 100);
    }

    // `ClosureLaws.All(...)`: a public type with such a member.
    [Fact]
    public void Each_call_that_a_page_shows_in_its_sentences_is_there()
    {
        int called = 0;
        // Generated programs have classes of their own.
        foreach (string page in DocumentationPages.All.Where(page => page != "docs/how-to-use-generated-code.md"))
        {
            foreach (Match call in StaticCall().Matches(Fenced().Replace(DocumentationPages.Read(page), "")))
            {
                called++;
                Assert.True(
                    Public.Any(type => type.Name == call.Groups["type"].Value && type.GetMember(call.Groups["member"].Value).Length > 0),
                    $"{page} names {call.Groups["type"].Value}.{call.Groups["member"].Value}, which does not exist");
            }
        }

        Assert.InRange(called, 1, 1000);
    }

    [Fact]
    public void Refusals_name_options_that_exist_and_nothing_that_only_the_source_has()
    {
        string[] commands = ["run", "derive", "solve", "simulate", "merge", "compare", "expect", "diagrams", "sweep", "phase", "submit", "status", "explore", "schema", "doctor", "completion"];
        HashSet<string> options = [.. commands.SelectMany(command => Option().Matches(Symeft.Run(command, "--help").Output)).Select(option => option.Value)];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(DocumentationPages.Repository, "src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            // Lines that begin a sentence for a user are those that throw, and the strings that they put together.
            foreach (string line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                Assert.False(Unknown().IsMatch(line), $"{Path.GetFileName(file)} names what no user can do: {line.Trim()}");
                if (line.Contains("Exception(", StringComparison.Ordinal))
                    Assert.All(Option().Matches(line), option => Assert.True(options.Contains(option.Value), $"{Path.GetFileName(file)} names {option.Value}, which is no option"));
            }
        }
    }

    [GeneratedRegex("ask for less|more accurate (function|derivatives)|declare the (points|singularity)|declare where|as a breakpoint|supply the|double state|normalised coefficient", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| (?<spaces>`SymbolicEft[^|]*) \| (?<content>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceRow();

    [GeneratedRegex("`(?<name>[A-Za-z.]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"`(?<type>[A-Z][A-Za-z]+)\.(?<member>[A-Z][A-Za-z]+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex StaticCall();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}

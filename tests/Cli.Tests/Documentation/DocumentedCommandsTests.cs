using System.Globalization;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Documentation;

// The pages are followed from a folder of their own, as a reader would from the repository; the working folder is one for the
// whole process, so nothing else runs at the time.
[CollectionDefinition(nameof(DocumentedCommandsTests), DisableParallelization = true)]
public sealed class WorkingFolder;

/// <summary>Every command of README.md and docs/*.md runs, and prints what the page shows. PageSteps.cs says how a page is read.</summary>
[Collection(nameof(DocumentedCommandsTests))]
public partial class DocumentedCommandsTests
{
    public static TheoryData<string> Pages => [.. DocumentationPages.All.Where(page => PageSteps.Read(DocumentationPages.Read(page)).Any(step => step.File is null))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_does_what_the_page_shows(string page)
    {
        string before = Directory.GetCurrentDirectory(), folder = Symeft.Folder();
        Copy(Path.Combine(DocumentationPages.Repository, "derivations"), Path.Combine(folder, "derivations"));
        Directory.SetCurrentDirectory(folder);
        try
        {
            foreach (PageStep step in PageSteps.Read(DocumentationPages.Read(page)))
            {
                if (step.File is { } file)
                {
                    File.WriteAllText(file, step.Text);
                    continue;
                }

                (int code, string output, string messages) = Symeft.Run(step.Arguments);
                Assert.True(code == 0, $"{step.Text}\nended with {code}: {messages}");
                Compare(step, (output + messages).Split('\n'));
            }
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_pages_have_commands_and_shown_outputs()
    {
        PageStep[] steps = [.. DocumentationPages.All.SelectMany(page => PageSteps.Read(DocumentationPages.Read(page)))];
        Assert.True(steps.Count(step => step.File is null) >= 30);
        Assert.True(steps.Count(step => step.Shown.Count > 0) >= 8);
    }

    [Fact]
    public void A_number_that_differs_in_its_last_digits_is_noticed()
    {
        Assert.True(Agree("  800  2  47.8081  48.67(4)", "800 2 47.80812 48.67(4)"));
        Assert.False(Agree("800 2 47.8081", "800 2 47.8091"));
        Assert.False(Agree("value 0.5 x", "value 0.5 y"));
    }

    // Every shown line is printed, in this order; "..." stands for lines that are left out.
    private static void Compare(PageStep step, string[] printed)
    {
        int at = 0;
        foreach (string line in step.Shown.Where(line => line.Trim() != "..."))
        {
            int found = Array.FindIndex(printed, at, other => Agree(line, other));
            Assert.True(found >= 0, $"{step.Text}\ndoes not print\n{line}\nbut\n{string.Join('\n', printed)}");
            at = found + 1;
        }
    }

    // The same words, and numbers that agree to one and a half units of the last digit shown: processors differ there.
    internal static bool Agree(string shown, string printed)
    {
        if (Skeleton(shown) != Skeleton(printed))
            return false;
        string[] left = [.. Number().Matches(shown).Select(match => match.Value)], right = [.. Number().Matches(printed).Select(match => match.Value)];
        return left.Zip(right).All(pair => Math.Abs(Value(pair.First) - Value(pair.Second)) <= 1.5 * Unit(pair.First));
    }

    private static string Skeleton(string line) => Spaces().Replace(Number().Replace(line, "#"), " ").Trim();

    private static double Value(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    // One unit of the last digit shown; whole numbers are exact.
    private static double Unit(string number)
    {
        string[] parts = number.ToLowerInvariant().Split('e');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        return point < 0 && parts.Length == 1 ? 0.1 : Math.Pow(10, (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    [GeneratedRegex(@"(?<![\w.])-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(?!\w)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

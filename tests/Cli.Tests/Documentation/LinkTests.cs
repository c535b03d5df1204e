using System.Text;
using System.Text.RegularExpressions;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>Every relative link of a page leads to a file, and a link to a heading to that heading.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages => [.. DocumentationPages.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Relative_links_resolve(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(DocumentationPages.Repository, page))!;
        foreach (string target in Links(DocumentationPages.Read(page)))
        {
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            string[] parts = target.Split('#');
            string path = parts[0].Length == 0 ? Path.Combine(DocumentationPages.Repository, page) : Path.Combine(folder, parts[0]);
            Assert.True(Path.Exists(path), $"{page} links to {target}, which is not there");
            if (parts.Length > 1)
                Assert.True(Headings(File.ReadAllText(path)).Contains(parts[1]), $"{page} links to {target}, and that page has no such heading");
        }
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        HashSet<string> linked = [.. Links(DocumentationPages.Read("docs/README.md"))];
        foreach (string page in DocumentationPages.All.Where(page => page is not ("README.md" or "docs/README.md")))
            Assert.True(linked.Contains(Path.GetFileName(page)), $"docs/README.md has no link to {page}");
    }

    private static IEnumerable<string> Links(string text) => Link().Matches(Fence().Replace(text, "")).Select(match => match.Groups["target"].Value);

    // The anchors that a heading gets: lower case, letters, digits and hyphens, spaces as hyphens.
    private static HashSet<string> Headings(string text)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Heading().Matches(text))
        {
            var anchor = new StringBuilder();
            foreach (char letter in heading.Groups["text"].Value.ToLowerInvariant())
                _ = char.IsLetterOrDigit(letter) || letter is '-' or '_' ? anchor.Append(letter) : letter == ' ' ? anchor.Append('-') : anchor;
            anchors.Add(anchor.ToString());
        }

        return anchors;
    }

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (?<text>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

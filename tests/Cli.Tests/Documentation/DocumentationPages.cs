using System.Runtime.CompilerServices;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>README.md and docs/*.md of the repository that this test was built from.</summary>
internal static class DocumentationPages
{
    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Locate();

    /// <summary>All pages, by path from the repository, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];

    /// <summary>The text of a page.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository, page)).ReplaceLineEndings("\n");

    private static string Locate([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", ".."));
}

using SymbolicEft.Symbolic.Languages.CSharp;
using SymbolicEft.Symbolic.Languages.Latex;
using SymbolicEft.Symbolic.Languages.Markdown;
using SymbolicEft.Symbolic.Languages.Python;

namespace SymbolicEft.Symbolic.Languages;

/// <summary>All output languages.</summary>
public static class OutputLanguages
{
    /// <summary>The languages, in the order of help texts.</summary>
    public static IReadOnlyList<IOutputLanguage> All { get; } = [new MarkdownLanguage(), new LatexLanguage(), new CSharpLanguage(), new PythonLanguage()];

    /// <summary>Finds a language by name.</summary>
    /// <param name="name">markdown, latex, csharp or python.</param>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    public static IOutputLanguage Find(string name) => All.FirstOrDefault(language => language.Name == name)
        ?? throw new ArgumentException($"'{name}' is not an output language; choose one of {string.Join(", ", All.Select(language => language.Name))}.", nameof(name));
}

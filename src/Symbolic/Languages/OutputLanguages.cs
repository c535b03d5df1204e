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
}

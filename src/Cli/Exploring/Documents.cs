using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Languages;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A specification as a document that can be copied from the page.</summary>
internal static class Documents
{
    /// <summary>The forms there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["yaml", "network", "symeft", .. OutputLanguages.All.Select(language => language.Name)];

    /// <summary>Writes a document.</summary>
    /// <exception cref="InputException">The form cannot express the equations.</exception>
    public static string Write(string name, Specification specification) => name switch
    {
        "yaml" => SpecificationWriter.Yaml(specification),
        "network" => LibraryPrograms.CSharp(specification),
        "symeft" => LibraryPrograms.Python(specification),
        // Without drawings: what is copied stands alone.
        _ => DeriveCommand.Document(OutputLanguages.All.First(language => language.Name == name), Theory.Derive(specification), DeriveCommand.Subject(specification)),
    };
}

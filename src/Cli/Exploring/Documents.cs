using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A specification as a document that can be copied from the page.</summary>
internal static class Documents
{
    /// <summary>The forms there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["yaml", .. OutputLanguages.All.Select(language => language.Name)];

    /// <summary>Writes a document.</summary>
    /// <exception cref="InputException">The form cannot express the equations.</exception>
    public static string Write(string name, Specification specification)
    {
        if (name == "yaml")
            return SpecificationWriter.Yaml(specification);
        try
        {
            // Without drawings: what is copied stands alone.
            return OutputLanguages.All.First(language => language.Name == name).Write(Theory.Derive(specification), new DerivationSource(specification.Name, specification.Activation)
            {
                Definition = Theory.ReadActivation(specification).Definition,
                Numbers = new(
                    specification.Skip,
                    specification.Step,
                    specification.WeightVariance,
                    specification.BiasVariance,
                    specification.Kernel,
                    specification.RecordedLayers,
                    specification.Stepping == Stepping.Euler),
            });
        }
        catch (NotSupportedException problem)
        {
            throw new InputException($"--to {name} is not possible here. {problem.Message}");
        }
    }
}

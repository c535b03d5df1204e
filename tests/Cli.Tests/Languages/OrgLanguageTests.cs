using SymbolicEft.Cli.Tests.Documentation;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages.Org;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>The worked example of docs/how-to-output-language.md.</summary>
public class OrgLanguageTests
{
    [Fact]
    public void The_page_shows_the_code_that_is_compiled_here()
    {
        string code = File.ReadAllText(Path.Combine(DocumentationPages.Repository, "tests/Cli.Tests/Languages/OrgLanguage.cs")).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{code}```", DocumentationPages.Read("docs/how-to-output-language.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_writes_every_step_with_its_formulas()
    {
        DerivationResult derivation = DerivationPipeline.GOnly(DepthForm.Discrete);
        string text = new OrgLanguage().Write(derivation, new("paper", "tanh(x)"));
        Assert.StartsWith("#+TITLE: The g-only closure\n* Definitions\n", text, StringComparison.Ordinal);
        Assert.Equal(derivation.Steps.Count, text.Split("\n* ").Length - 1);
        Assert.Equal(derivation.Steps.Sum(step => step.Formulas.Count), text.Split("\\[ ").Length - 1);
    }
}

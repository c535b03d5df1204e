namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>docs/from-a-transformer-block.md shows its specification, and what its program prints, which tests/Packages/run.sh compares with that file.</summary>
public class TransformerPageTests
{
    private const string Page = "docs/from-a-transformer-block.md";

    [Fact]
    public void The_page_shows_what_its_program_prints() => Assert.Contains($"```text\n{DocumentationPages.Read("docs/examples/transformer.txt")}```", DocumentationPages.Read(Page), StringComparison.Ordinal);

    [Fact]
    public void The_page_shows_its_specification()
    {
        string specification = string.Concat(DocumentationPages.Read("derivations/transformer-mlp/transformer-mlp.yaml").Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line + "\n"));
        Assert.Contains($"```yaml\n{specification}```", DocumentationPages.Read(Page), StringComparison.Ordinal);
    }
}

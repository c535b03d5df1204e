using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Languages;

// derive shows beside every term its diagrams.
public sealed class TermDiagramTests
{
    [Fact]
    public void Standard_output_has_names_factors_and_lines()
    {
        string text = Symeft.Run("derive", "--kernel", "1", "--stepping", "continuous").Output;
        Assert.Contains("     1/2 c(1,2)_ab|12 V4_12\n       1/2  a(1,2)>x1 b(2,0)>a,a  tadpole\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        string markdown = Symeft.Run("derive", "--kernel", "1", "--to", "markdown").Output;
        Assert.Contains("\n  1/2 · `a(1,2)>x1 b(2,0)>a,a` · tadpole\n", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("![", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_has_the_drawings_beside_the_document_and_checks_them()
    {
        string folder = Symeft.Folder();
        string[] command = ["derive", "--kernel", "1", "--order", "1", "--to", "markdown", "--out", folder];
        Assert.Equal(0, Symeft.Run(command).Code);
        string markdown = File.ReadAllText(Path.Combine(folder, "unnamed.md"));
        string[] drawings = [.. Directory.GetFiles(Path.Combine(folder, "diagrams"), "*.svg").Select(path => Path.GetFileName(path))];
        Assert.All(drawings, name => Assert.Contains($"](diagrams/{name})", markdown, StringComparison.Ordinal));
        Assert.Equal(drawings.Length, System.Text.RegularExpressions.Regex.Matches(markdown, @"\]\((diagrams/[0-9a-f]{16}\.svg)\)").Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Count());
        Assert.True(drawings.Length > 20);

        Assert.Equal(0, Symeft.Run([.. command, "--check"]).Code);
        File.AppendAllText(Path.Combine(folder, "diagrams", drawings[0]), " ");
        (int code, _, string messages) = Symeft.Run([.. command, "--check"]);
        Assert.Equal(1, code);
        Assert.Contains($"{drawings[0]} differs from what is derived now", messages, StringComparison.Ordinal);
    }

    [LatexFact]
    public void Latex_with_its_drawings_compiles_and_nothing_runs_off_the_page()
    {
        foreach (string order in new[] { "0", "1" })
        {
            string folder = Symeft.Folder();
            Assert.Equal(0, Symeft.Run("derive", "--kernel", "1", "--order", order, "--to", "latex", "--out", folder).Code);
            (int code, string output, _) = Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", "unnamed.tex");
            Assert.True(code == 0, output);
            Assert.DoesNotContain("Overfull", File.ReadAllText(Path.Combine(folder, "unnamed.log")));
        }
    }
}

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
    public void The_next_order_of_the_network_has_the_diagrams_of_the_clock()
    {
        string text = Symeft.Run("derive", "--kernel", "1", "--closure", "hermite(4)", "--order", "1", "--stepping", "continuous").Output.ReplaceLineEndings("\n");
        Assert.Contains("     kappa^(0)[p | f_r:p]\n       1  a(K,KH)>x1 b(K,H)>a c(HH,0)>a,b  linear source, source, meeting\n", text, StringComparison.Ordinal);
        Assert.Contains("     kappa^(0)[p q]*E[f_r:pq]/2\n       1/2  a(K,KK)>x1 b(K,H)>a c(K,H)>a d(HH,0)>b,c  quadratic drift, two sources, meeting\n", text, StringComparison.Ordinal);
        Assert.Contains("Diagrams of kappa^(2)[r], which is K2\n   The terms of the equation of kappa^(2)[r]. It has 73 diagrams, whose symmetry factors add up to 221/4.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Diagrams of", Symeft.Run("derive", "--kernel", "1", "--closure", "hermite(4)").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mean_of_the_tangent_kernel_has_its_five_contributions()
    {
        string text = Symeft.Run("derive", "--kernel", "1", "--ntk").Output.ReplaceLineEndings("\n");
        Assert.Contains("(the mean of Theta, carried on)\n", text, StringComparison.Ordinal);
        Assert.Contains("(the mean of G)\n       1/2  a(G,GG)>x1 b(GG,0)>a,a  the mean of G\n", text, StringComparison.Ordinal);
        Assert.Contains("(the covariance of G with Theta)\n       1  a(T,GT)>x1 b(GG,0)>a,a", text, StringComparison.Ordinal);
        Assert.Contains("(the covariance of G)\n       1/2  a(T,GG)>x1 b(GG,0)>a,a", text, StringComparison.Ordinal);
        Assert.Contains("(two neurons)\n       1  a(T,0)n-1>x1  two neurons\n", text, StringComparison.Ordinal);
        Assert.Contains("Diagrams of VarTheta\n", text, StringComparison.Ordinal);
        // Of other programs the terms are more, and no diagrams are drawn.
        Assert.DoesNotContain("Diagrams of", Symeft.Run("derive", "--network", "transformer-mlp", "--kernel", "1", "--ntk").Output, StringComparison.Ordinal);
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
        foreach (string[] asked in (string[][])[["--order", "0"], ["--order", "1"], ["--ntk"]])
        {
            string folder = Symeft.Folder();
            Assert.Equal(0, Symeft.Run(["derive", "--kernel", "1", .. asked, "--to", "latex", "--out", folder]).Code);
            (int code, string output, _) = Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", "unnamed.tex");
            Assert.True(code == 0, output);
            Assert.DoesNotContain("Overfull", File.ReadAllText(Path.Combine(folder, "unnamed.log")));
        }
    }
}

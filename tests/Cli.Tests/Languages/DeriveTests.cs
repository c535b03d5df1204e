using System.Text.RegularExpressions;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Symbolic.Languages;

namespace SymbolicEft.Cli.Tests.Languages;

public sealed class DeriveTests
{
    // Every closure, lists of observables, both forms of depth, a program of layers, and the orders beyond the leading one: that of g-only at order 2 is a book.
    [LatexFact]
    public void Latex_compiles_and_no_line_runs_into_the_margin()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-latex-").FullName;
        string[][] cases =
        [
            .. new[] { "g-only", "g-connected", "sigma-kernel", "sigma-kernel(2)", "hermite(4)", "hermite(auto)", "[x*y, sigma(x)*sigma(y), x]", "[x*y, x^2*y + y^2*x, sigma(x)*y]" }
                .SelectMany(closure => new[] { "discrete", "continuous" }.Select(stepping => new[] { "--closure", closure, "--stepping", stepping })),
            ["--closure", "g-only", "--quadrature", "gauss-hermite(32)", "--stepping", "euler"],
            ["--network", "transformer-mlp", "--closure", "hermite(6)"],
            ["--closure", "hermite(4)", "--order", "1"],
            ["--closure", "g-only", "--order", "1"],
            ["--closure", "g-only", "--order", "2"],
        ];
        foreach (string[] each in cases)
        {
            string name = string.Join(' ', each);
            var document = new StringWriter();
            Assert.Equal(0, CommandLine.Run(["derive", .. each, "--kernel", "[[2, .6], [.6, 2]]", "--to", "latex"], document, new StringWriter()));
            File.WriteAllText(Path.Combine(folder, "document.tex"), document.ToString());
            (int code, string output, _) = Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", "document.tex");
            Assert.True(code == 0, $"{name}: {output}");
            string log = File.ReadAllText(Path.Combine(folder, "document.log"));
            Assert.False(log.Contains("Overfull", StringComparison.Ordinal), $"{name}: {log}");
            Assert.DoesNotContain("Missing character", log, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    // The solver, the programs (CSharpProgramTests, PythonProgramTests) and the control variate (ControlVariateTests) follow the same change of one term.
    [Fact]
    public void A_changed_term_of_the_derivation_is_printed_wherever_it_enters()
    {
        ProgramCase changed = ProgramCase.All.First(each => each.Drive != 1), own = ProgramCase.All.Single(each => each.Name == "gelu-hermite-4-3-discrete");
        // Without the numbers of the equations: the law that the closure has of its own comes before the others.
        static string[] Lines(ProgramCase of) => Regex.Replace(of.In("markdown"), @" ?\\tag\{\d+\}", "").Split('\n');
        string[] before = Lines(own), after = Lines(changed);
        string[] left = [.. after.Except(before)];
        Assert.Contains(left, line => line.StartsWith(@"{g_{ab}}' = \alpha^{2} g_{ab} + \frac{3 \varepsilon^{2} s_{ab}}{2}", StringComparison.Ordinal));
        Assert.Contains(left, line => line.Contains(@"\varepsilon^{4} \Bigl(\frac{9 C^{ss}_{ab,cd}}{4}", StringComparison.Ordinal));
        Assert.Contains(left, line => line.StartsWith(@"{V^{gH}_{ab,c}}' = \frac{3 \alpha \varepsilon^{2} C^{sH}_{ab,c}}{2}", StringComparison.Ordinal));
        Assert.Contains(left, line => line.StartsWith(@"{K^{(1)}_{ab}}' = \alpha^{2} K^{(1)}_{ab} + \frac{3 \varepsilon^{2} C_W U^{(1)}_{ab}}{2}", StringComparison.Ordinal));
        Assert.DoesNotContain(left, line => line.StartsWith("{K^{(0)}", StringComparison.Ordinal) || line.StartsWith("U^{(1)}", StringComparison.Ordinal));
    }

    [Fact]
    public void An_activation_with_a_kink_is_refused_and_nothing_is_written()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        (int code, string messages) = Run("derive", "--activation", "relu", "--kernel", "[[1]]", "--to", "markdown,python", "--out", folder);
        Assert.Equal(2, code);
        Assert.Equal(
            "symeft: --to python is not possible here. Generated code integrates analytic activations only, and relu is not smooth at x = 0 (its derivative of order 1 jumps there), "
            + "while the equations need derivatives up to order 4: a grid would miss the delta functions; write csharp, markdown or latex, or solve it with symeft solve.\n",
            messages);
        Assert.False(Directory.Exists(folder));
    }

    // Its order is found while solving: equations can be written for any order, a program only for one.
    [Theory]
    [InlineData("csharp")]
    [InlineData("python")]
    public void A_closure_that_chooses_its_order_has_documents_but_no_program(string language)
    {
        (int code, string messages) = Run("derive", "--kernel", "[[1]]", "--closure", "hermite(auto)", "--to", language);
        Assert.Equal(2, code);
        Assert.Equal(
            $"symeft: --to {language} is not possible here. hermite(0.001) chooses its order while it is being solved, and generated code has a fixed one; "
            + "name the order, such as hermite(20), write markdown or latex, or solve it with symeft solve.\n",
            messages);
        Assert.Equal((0, ""), Run("derive", "--kernel", "[[1]]", "--closure", "hermite(auto)", "--to", "markdown,latex"));
    }

    [Fact]
    public void Formal_kernel_derivatives_are_refused_in_code()
    {
        (int code, string messages) = Run("derive", "--kernel", "[[1]]", "--quadrature", "gauss-hermite(32)", "--stepping", "euler", "--to", "python");
        Assert.Equal(2, code);
        Assert.Contains("derive them with quadrature certified", messages);
    }

    [Fact]
    public void The_same_derivation_gives_the_same_text()
    {
        foreach (ProgramCase program in ProgramCase.All.Where(each => each.Name is "gelu-3-discrete" or "gelu-hermite-4-3-discrete" or "tanh-sigma-kernel-2-discrete"))
        {
            foreach (IOutputLanguage language in OutputLanguages.All)
                Assert.Equal(program.In(language.Name), program.In(language.Name));
        }
    }

    [Theory]
    [InlineData("hermite(3)", "python", "where a uniform grid converges slowly: write csharp, markdown or latex")]
    [InlineData("sigma-kernel", "python", "where its expansions in modes converge slowly: write markdown or latex")]
    [InlineData("sigma-kernel", "csharp", "where its expansions in modes converge slowly: write markdown or latex")]
    public void A_kink_is_refused_for_closures_on_modes_and_observables_too(string closure, string language, string reason)
    {
        (int code, string messages) = Run("derive", "--activation", "relu", "--closure", closure, "--kernel", "[[1]]", "--to", language);
        Assert.Equal(2, code);
        Assert.Equal(
            $"symeft: --to {language} is not possible here. Generated code integrates analytic activations only, and relu is not smooth at x = 0 (its derivative of order 1 jumps there), "
            + $"{reason}, or solve it with symeft solve.\n",
            messages);
    }

    public static TheoryData<string> Folders =>
        [.. Directory.EnumerateDirectories(Path.Combine(Tools.Repository, "derivations")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_files_beside_a_specification_are_what_is_derived_now(string name)
    {
        string folder = Path.Combine(Tools.Repository, "derivations", name);
        (int code, string messages) = Run("derive", Path.Combine(folder, name + ".yaml"), "--out", folder, "--check");
        Assert.Equal("", messages);
        Assert.Equal(0, code);
        foreach (IOutputLanguage language in OutputLanguages.All)
            Assert.True(File.Exists(Path.Combine(folder, name + language.FileEnding)), language.Name);
    }

    private static (int Code, string Messages) Run(params string[] arguments)
    {
        var messages = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new StringWriter(), messages);
        return (code, messages.ToString());
    }
}

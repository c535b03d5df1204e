using System.Text.RegularExpressions;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Tests.Languages;

// What a reader of a derivation is to see in it: the norm's term in s, why a branch that begins with a dense layer closes on G, where the hidden width enters; and that
// nothing that is solved is missing.
public partial class ProgramDocumentTests
{
    private static readonly double[,] Kernel = { { 1.4, 0.5 }, { 0.5, 0.8 } };

    private static DerivationResult Derive(string closure, params Layer[] layers) => Network.Of(new(layers), Kernel).Derive(closure);

    private static Layer Block(params Layer[] branch) => new Repeat(3, [new Residual(branch) { Step = 0.5 }]);

    [Fact]
    public void A_branch_that_begins_with_a_dense_layer_is_driven_by_G_alone_and_the_text_says_why()
    {
        string text = Derive("hermite(6)", Block(new RmsNorm(1, 1e-5), new Dense(1) { Width = 4 }, new Activate("gelu"), new Dense(2))).ToString();
        Assert.Contains("     s_1_p = C_W_1*Nr_1_p,r*g_r\n", text, StringComparison.Ordinal);
        Assert.Contains("G is a Markov chain at every width n, and a closure on G alone leaves nothing out here", text, StringComparison.Ordinal);
        Assert.DoesNotContain("modes of every order", text, StringComparison.Ordinal);

        string other = Derive("hermite(6)", Block(new RmsNorm(1, 1e-5), new Activate("gelu"), new Dense(2))).ToString();
        Assert.Contains("     s_p = C_W*(B_k,p,j*xi_k,p,j + B2n_p,r*g_r)\n", other, StringComparison.Ordinal);
        Assert.Contains("S is no function of G: x_a x_b has modes of every order. hermite(6) keeps its modes up to that order", other, StringComparison.Ordinal);
        Assert.DoesNotContain("Markov", other, StringComparison.Ordinal);
    }

    // A row of Rademacher weights has a law with fourth moments of what it reads, which are no function of G.
    [Fact]
    public void Weights_that_are_not_Gaussian_make_no_chain_of_G() =>
        Assert.Contains("it is one to the order in 1/n that is kept", Derive("g-only", Block(new Dense(1) { Weights = WeightKind.Rademacher }, new Activate("gelu"), new Dense(2))).ToString(), StringComparison.Ordinal);

    // At epsilon 0 the norm fixes G_aa of what it gives: at a = b its own term cancels the other.
    [Fact]
    public void What_the_norm_adds_to_s_takes_all_fluctuation_from_the_norm_of_an_input()
    {
        DerivedFormula[] formulas = [.. Derive("g-only", Block(new RmsNorm(1, 0), new Dense(1), new Activate("gelu"), new Dense(2))).Steps.SelectMany(step => step.Formulas)];
        Expression held = formulas.Single(formula => formula.Meaning == "g of x, with the scale held.").Right, added = formulas.Single(formula => formula.Meaning == "What the norm adds to it.").Right;
        double Value(Expression expression, double kab, double kbb, double gab, double gbb, double epsilon) => expression.Evaluate(expression.Nodes().Where(node => node is Symbol or SymbolicEft.Symbolic.Tensors.Indexed).Distinct().ToDictionary(node => node, node => node.ToString() switch
        {
            "K0_aa" => 1.3,
            "K0_bb" => kbb,
            "K0_ab" => kab,
            "g_aa" => 0.7,
            "g_bb" => gbb,
            "g_ab" => gab,
            "gain_1" => 1.1,
            _ => epsilon,
        }));
        Assert.Equal(0, Value(held, 1.3, 1.3, 0.7, 0.7, 0) + Value(added, 1.3, 1.3, 0.7, 0.7, 0), 1e-15);

        // And off it, that of the correlation at two scales, by differences.
        double Normed(double step) => 1.21 * (0.4 + (0.2 * step)) / Math.Sqrt((1.3 + (0.7 * step) + 0.1) * (0.9 + (-0.3 * step) + 0.1));
        Assert.Equal((Normed(1e-5) - Normed(-1e-5)) / 2e-5, Value(held, 0.4, 0.9, 0.2, -0.3, 0.1) + Value(added, 0.4, 0.9, 0.2, -0.3, 0.1), 1e-9);
    }

    [Fact]
    public void The_hidden_width_enters_in_the_noise_of_what_the_next_layer_reads_and_nowhere_else()
    {
        DerivationResult derivation = Derive("hermite(4)", Block(new RmsNorm(1, 0.1), new Dense(1) { Width = 4 }, new Activate("gelu"), new Dense(2)));
        Assert.Equal("noise_S_2_p,q = Cov_F_2_p,q/r_1", derivation.Steps.SelectMany(step => step.Formulas).Single(formula => formula.Right.Contains(Symbol.Of("r_1", "r_{1}"))).ToString());
        Assert.Contains("It is a part of n Cov(s, s), which V4 has with the factor eps^4; K0 does not know it.", derivation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_solved_is_missing()
    {
        foreach (LayerProgramCase program in LayerProgramCase.All.Where(program => program.Settings == new SolverSettings()))
        {
            DerivationResult derivation = program.Network.Derive(program.Closure);
            string text = derivation.ToString();
            foreach (MomentStatement statement in derivation.Program!.Systems.SelectMany(system => MomentStatements.Needed(system.Step)))
                Assert.True(text.Contains(statement.Meaning, StringComparison.Ordinal), $"{program.Name}: {statement.Meaning}");
            foreach (string layers in Enumerable.Range(1, derivation.Program.Systems.Count).Select(number => $"step {number} (layer"))
                Assert.Contains(layers, text, StringComparison.Ordinal);
        }
    }

    // The derivation is of letters: other numbers give the same text.
    [Fact]
    public void A_derivation_holds_for_all_numbers()
    {
        string Of(double width, double gain) => Derive("hermite(4)", Block(new RmsNorm(gain, 0.1), new Dense(1) { Width = width }, new Activate("gelu"), new Dense(2))).ToString();
        Assert.Equal(Of(4, 1), Of(0.5, 1.7));
    }

    // No name has two subscripts or two superscripts, which LaTeX refuses, and all braces close.
    [Fact]
    public void Latex_is_well_formed()
    {
        foreach (string wrong in new[] { "C_W_#", "C^#_p^#", "V^#_#'" })
            Assert.Matches(DoubleScripts(), wrong);
        foreach (LayerProgramCase program in LayerProgramCase.All.Where(program => program.Settings == new SolverSettings()))
        {
            foreach (string language in new[] { "latex", "markdown" })
            {
                string text = program.In(language);
                Assert.Equal(text.Count(c => c == '{') - Escaped().Matches(text).Count(match => match.Value[1] == '{'), text.Count(c => c == '}') - Escaped().Matches(text).Count(match => match.Value[1] == '}'));
                // Innermost groups away, until what is left of a script is one sign.
                foreach (Match formula in Displays().Matches(text))
                {
                    string rest = formula.Groups[1].Value;
                    for (string before = ""; before != rest; rest = Groups().Replace(rest, "#"))
                    {
                        before = rest;
                        Assert.False(DoubleScripts().IsMatch(rest), $"{program.Name}: {formula.Value}");
                    }
                }
            }
        }
    }

    [LatexFact]
    public void Latex_compiles()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-latex-").FullName;
        foreach (LayerProgramCase program in LayerProgramCase.All.Where(program => program.Settings == new SolverSettings()))
        {
            File.WriteAllText(Path.Combine(folder, program.Name + ".tex"), program.In("latex"));
            (int code, string output, _) = Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", program.Name + ".tex");
            Assert.True(code == 0, output);
            Assert.DoesNotContain("Overfull", File.ReadAllText(Path.Combine(folder, program.Name + ".log")), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("resnet-two-layer", "sigma-kernel", "Generated Python has no projections of sigma-kernel for programs of layers; write csharp, markdown or latex", "python")]
    [InlineData("transformer-mlp", "hermite(2)", "has a norm, which takes modes of order 4 to G; use hermite(4) or more", "markdown")]
    public void What_is_not_derived_is_refused(string network, string closure, string sentence, string language)
    {
        string[] given = network == "resnet-two-layer" ? ["--layers", Layers()] : ["--network", network];
        var messages = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(["derive", .. given, "--kernel", "[[1]]", "--closure", closure, "--to", language], new StringWriter(), messages);
        Assert.Equal(2, code);
        Assert.Contains(sentence, messages.ToString(), StringComparison.Ordinal);

        static string Layers()
        {
            string file = Path.Combine(Directory.CreateTempSubdirectory("symeft-layers-").FullName, "layers.yaml");
            File.WriteAllText(file, "- residual: { branch: [{ activation: tanh }, { dense: { weightVariance: 1 } }, { activation: tanh }, { dense: { weightVariance: 1 } }] }\n");
            return file;
        }
    }

    // The formulas of a gallery of diagrams are those of the flat network.
    [Fact]
    public void Diagrams_of_a_program_are_refused()
    {
        var messages = new StringWriter { NewLine = "\n" };
        Assert.Equal(2, CommandLine.Run(["diagrams", "--external", "1", "--loops", "1", "--spec", Path.Combine(Tools.Repository, "derivations", "transformer-mlp", "transformer-mlp.yaml")], new StringWriter(), messages));
        Assert.Contains("The network is a program of layers", messages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_activation_with_a_kink_has_documents_and_programs()
    {
        Network network = Network.Of(new([Block(new Dense(1), new Activate("relu"), new Dense(2))]), Kernel);
        Assert.Contains("sigma is relu", network.Derive().ToString(), StringComparison.Ordinal);
        Assert.Contains("Kinks = [new(0, 1)]", network.Write("csharp"), StringComparison.Ordinal);
        Assert.Contains("kinks = [0]", network.Write("python"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\\[{}]")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"(?:\$\$|\\begin\{equation\}|\\begin\{align\})\n(.*?)\n(?:\$\$|\\end\{equation\}|\\end\{align\})", RegexOptions.Singleline)]
    private static partial Regex Displays();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Groups();

    // X^a^b, X_a_b, X^a_b^c, X_a^b_c with one sign or a command for each script.
    [GeneratedRegex(@"\^(?:#|\\[a-zA-Z]+|.)(?:_(?:#|\\[a-zA-Z]+|.))?\^|_(?:#|\\[a-zA-Z]+|.)(?:\^(?:#|\\[a-zA-Z]+|.))?_|\^(?:#|\\[a-zA-Z]+|.)(?:_(?:#|.))?'")]
    private static partial Regex DoubleScripts();
}

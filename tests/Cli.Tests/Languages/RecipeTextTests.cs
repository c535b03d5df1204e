using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Symbolic.Languages.Code;

namespace SymbolicEft.Cli.Tests.Languages;

// Programs and the solver share one text: generated C# contains files of this repository, generated Python their constants.
public sealed class RecipeTextTests
{
    [Theory]
    [InlineData("gelu-hermite-4-3-discrete", "ModeNumbers.cs", "SymmetricPower.cs", "PlaneIntegrator.cs")]
    [InlineData("tanh-2-discrete", "PairTable.cs", "PairExpectationEngine.cs", "GridSelector.cs", "PairIntegrator.cs")]
    [InlineData("gelu-2-discrete", "SpecialFunctions.cs")]
    [InlineData("tanh-sigma-kernel-2-discrete", "ObservableNumbers.cs", "ObservableSpan.cs", "FrameContraction.cs")]
    public void A_generated_program_contains_files_that_the_solver_is_compiled_from(string name, params string[] files)
    {
        string program = Unindented(ProgramCase.All.Single(each => each.Name == name).In("csharp"));
        foreach (string file in files)
        {
            string path = Directory.EnumerateFiles(Path.Combine(Tools.Repository, "src"), file, SearchOption.AllDirectories).Single();
            string[] lines = [.. File.ReadAllLines(path).Where(line => !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal))];
            string last = Unindented(string.Join('\n', lines[Array.FindIndex(lines, line => line.StartsWith("internal ", StringComparison.Ordinal))..]));
            Assert.Contains(last, program, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("StripProof", program, StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_are_those_of_the_compiled_sources()
    {
        Assert.Equal(ObservableExpansion.HighestOfOne, RecipeText.CountOf("HighestOfOne"));
        Assert.Equal(ObservableExpansion.HighestOfTwo, RecipeText.CountOf("HighestOfTwo"));
        string python = ProgramCase.All.Single(each => each.Name == "tanh-sigma-kernel-2-discrete").In("python");
        foreach (string line in new[] { "HIGHEST_OF_ONE = 400\n", "HIGHEST_OF_TWO = 48\n", "NEARLY_PROPORTIONAL = 1e-3\n", "SMALLEST_COMPLEMENT = 3e-8\n", "SMALLEST_EIGENVALUE = 1e-12\n" })
            Assert.Contains(line, python, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => RecipeText.ValueOf("NoSuchConstant"));
    }

    [PythonFact]
    public void Templates_for_Python_are_Python()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Tools.Repository, "src", "Symbolic", "Languages", "Python", "Templates"), "*.py").Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 10);
        (int code, _, string errors) = Tools.Run(Tools.Python!, Path.GetTempPath(), ["-c", "import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path).read(), path)", .. files]);
        Assert.True(code == 0, errors);
    }

    [Fact]
    public void No_source_holds_a_program_as_a_string()
    {
        string sources = Path.Combine(Tools.Repository, "src");
        string[] holders = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && File.ReadAllText(path).Contains("\"\"\"\n", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path))];
        // Four lines of a specification.
        Assert.Equal(["ExploreCommand.cs"], holders);
    }

    private static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}

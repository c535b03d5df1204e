using System.Text;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>
/// The blocks of docs/how-to-use-the-library.md, put together, compile against the libraries and print what the page shows; so do the programs of README.md and
/// of the page inside the packages.
/// </summary>
public partial class LibraryPageTests
{
    private const string Page = "docs/how-to-use-the-library.md";

    private static readonly string[] Libraries = ["SymbolicEft.Symbolic", "SymbolicEft.Diagrams", "SymbolicEft.Numeric", "SymbolicEft.Plotting"], Others = ["MathNet.Numerics", "System.Numerics.Tensors", "ScottPlot", "SkiaSharp", "SkiaSharp.HarfBuzz", "HarfBuzzSharp"];

    [Fact]
    public void The_program_prints_what_the_page_shows()
    {
        string folder = Symeft.Folder();
        string[] blocks = [.. Blocks(Page, "csharp").Where(block => !block.StartsWith("#:", StringComparison.Ordinal))], shown = [.. Blocks(Page, "text")];
        Assert.Equal(8, blocks.Length);
        Assert.Equal(8, shown.Length);
        string[] printed = Run(folder, Program(blocks)).Split('\n', StringSplitOptions.RemoveEmptyEntries), expected = string.Concat(shown).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Length, printed.Length);
        foreach ((string want, string have) in expected.Zip(printed))
            Assert.True(DocumentedCommandsTests.Agree(want, have), $"{Page} shows\n{want}\nand the program prints\n{have}");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("README.md", "K1 = -0.4")]
    [InlineData("src/Package.md", "V4 48.462, simulated 48.")]
    public void The_program_of_a_page_runs(string page, string begins)
    {
        string folder = Symeft.Folder();
        Assert.StartsWith(begins, Run(folder, Program(Blocks(page, "csharp"))), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    internal static string Run(string folder, string program)
    {
        (int code, string output, string errors) = Compile(folder, program);
        Assert.True(code == 0, output + errors);
        (code, output, errors) = Tools.Run(Tools.Dotnet, folder, ["exec", "page.dll"]);
        Assert.True(code == 0, errors);
        return output.ReplaceLineEndings("\n");
    }

    // A C# file has its usings first. The namespaces that a project has without asking, a file for the compiler has not.
    internal static string Program(IEnumerable<string> blocks)
    {
        var usings = new StringBuilder("using System; using System.Collections.Generic; using System.Linq;\n");
        var body = new StringBuilder("System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;\n");
        foreach (string line in blocks.SelectMany(block => block.Split('\n')))
            (line.StartsWith("using ", StringComparison.Ordinal) ? usings : body).Append(line).Append('\n');
        return usings.ToString() + body;
    }

    private static (int Code, string Output, string Errors) Compile(string folder, string program)
    {
        File.WriteAllText(Path.Combine(folder, "Page.cs"), program);
        File.WriteAllText(Path.Combine(folder, "page.runtimeconfig.json"), """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""");
        foreach (string library in Libraries.Concat(Others))
            File.Copy(Path.Combine(AppContext.BaseDirectory, library + ".dll"), Path.Combine(folder, library + ".dll"));
        foreach (string native in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*SkiaSharp*", SearchOption.AllDirectories))
            File.Copy(native, Path.Combine(folder, Path.GetFileName(native)), overwrite: true);
        var arguments = new List<string> { "exec", Tools.CSharpCompiler, "-noconfig", "-nologo", "-target:exe", "-out:page.dll", "-langversion:latest", "-nullable:enable", "Page.cs" };
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        arguments.AddRange(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) && Path.GetDirectoryName(path) == framework)
            .Concat(Libraries.Select(library => Path.Combine(folder, library + ".dll"))).Select(path => $"-r:{path}"));
        return Tools.Run(Tools.Dotnet, folder, arguments);
    }

    private static IEnumerable<string> Blocks(string page, string language) =>
        Fence().Matches(DocumentationPages.Read(page)).Where(each => each.Groups["language"].Value == language).Select(each => each.Groups["body"].Value);

    [GeneratedRegex(@"^```(?<language>[^\n`]*)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}

using System.Text.RegularExpressions;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Documentation;

/// <summary>The two programs of docs/how-to-use-generated-code.md print what the page shows.</summary>
public partial class GeneratedCodePageTests
{
    [PythonFact]
    public void The_Python_program_prints_what_the_page_shows()
    {
        string folder = Generate("python");
        File.WriteAllText(Path.Combine(folder, "mine.py"), Block("python"));
        (int code, string output, string errors) = Tools.Run(Tools.Python!, folder, ["mine.py"]);
        Assert.True(code == 0, errors);
        Assert.Equal(Block("text"), output.ReplaceLineEndings("\n"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_CSharp_program_prints_what_the_page_shows()
    {
        string folder = Generate("csharp"), library = Path.Combine(folder, "fluctuations.cs"), text = File.ReadAllText(library);
        File.WriteAllText(library, text[..text.IndexOf("/// <summary>Solves the specification and prints", StringComparison.Ordinal)]);
        File.WriteAllText(Path.Combine(folder, "Mine.cs"), Block("csharp"));
        File.WriteAllText(Path.Combine(folder, "mine.runtimeconfig.json"), """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""");
        var arguments = new List<string> { "exec", Tools.CSharpCompiler, "-noconfig", "-nologo", "-target:exe", "-out:mine.dll", "-langversion:latest", "Mine.cs", "fluctuations.cs" };
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        arguments.AddRange(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) && Path.GetDirectoryName(path) == framework)
            .Select(path => $"-r:{path}"));
        (int code, string output, string errors) = Tools.Run(Tools.Dotnet, folder, arguments);
        Assert.True(code == 0, output + errors);
        (code, output, errors) = Tools.Run(Tools.Dotnet, folder, ["exec", "mine.dll"]);
        Assert.True(code == 0, errors);
        Assert.Equal(Block("text"), output.ReplaceLineEndings("\n"));
        Directory.Delete(folder, recursive: true);
    }

    private static string Generate(string language)
    {
        string folder = Symeft.Folder(), specification = Path.Combine(DocumentationPages.Repository, "derivations", "g-only", "g-only.yaml");
        (int code, _, string messages) = Symeft.Run("derive", specification, "--name", "fluctuations", "--to", language, "--out", folder);
        Assert.True(code == 0, messages);
        return folder;
    }

    // The first block of a language.
    private static string Block(string language) =>
        Fence().Matches(DocumentationPages.Read("docs/how-to-use-generated-code.md")).First(each => each.Groups["language"].Value == language).Groups["body"].Value;

    [GeneratedRegex(@"^```(?<language>[^\n`]*)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}

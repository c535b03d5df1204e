using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Languages.CSharp;
using SymbolicEft.Symbolic.Languages.Latex;
using SymbolicEft.Symbolic.Languages.Markdown;
using SymbolicEft.Symbolic.Languages.Python;
using SymbolicEft.Symbolic.Languages.Xml;
using SymbolicEft.Symbolic.Languages.Yaml;
using SymbolicEft.Testing;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Tests.Languages;

// Whatever a text holds, a file of another language that quotes it stays what it was, and where the language can say so, gives the text back. What each
// language takes for the end of a line, a string or an element is written here from its own definition, not from the program's.
public partial class HostileTextTests
{
    private static readonly string[] Cases = ["tanh-1-discrete", "gelu-hermite-1-2-discrete", "softplus-x-y-sigma-x-sigma-y-x-2-discrete"];

    public static TheoryData<string> Programs => [.. Cases];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Generated_programs_differ_in_their_comments_alone(string name)
    {
        ProgramCase program = ProgramCase.All.Single(each => each.Name == name);
        DerivationResult derivation = program.Derivation;
        DerivationSubject subject = program.Subject;
        string Written(string language, string activation, string specification) =>
            OutputLanguages.All.Single(each => each.Name == language).Write(derivation, subject with { Activation = activation, Name = specification });
        string[] Code(string text, Regex lines, Regex comment) => [.. lines.Split(text).Where(line => !comment.IsMatch(line))];
        string[] sharp = Code(Written("csharp", "x", "plain"), SharpLines(), SharpComment()), python = Code(Written("python", "x", "plain"), PythonLines(), PythonComment());
        foreach (string text in HostileTexts.All.Take(name == Cases[0] ? 1000 : 40))
        {
            Assert.Equal(sharp, Code(Written("csharp", text, "plain"), SharpLines(), SharpComment()));
            Assert.Equal(python, Code(Written("python", text, "plain"), PythonLines(), PythonComment()));
            Assert.Equal(python, Code(Written("python", "x", text), PythonLines(), PythonComment()));
            Assert.Equal(sharp.Length, Code(Written("csharp", "x", text), SharpLines(), SharpComment()).Length);
        }
    }

    [Fact]
    public void Generated_programs_are_compiled()
    {
        string folder = Symeft.Folder();
        var arguments = new List<string> { "exec", Tools.CSharpCompiler, "-noconfig", "-nologo", "-target:library", "-out:generated.dll", "-langversion:latest", "-warnaserror+", "-doc:generated.xml", "-nowarn:1591" };
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        arguments.AddRange(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) && Path.GetDirectoryName(path) == framework).Select(path => $"-r:{path}"));
        DerivationResult derivation = ProgramCase.All[0].Derivation;
        DerivationSubject subject = ProgramCase.All[0].Subject;
        int count = 0;
        foreach (string text in HostileTexts.All.Take(80))
        {
            File.WriteAllText(Path.Combine(folder, $"{count}.cs"), $"namespace N{count} {{\n{new CSharpLanguage().Write(derivation, subject with { Activation = text, Name = "case" })}\nclass Texts\n{{\n{CSharpText.Summary(text)}\npublic const string Text = {CSharpText.Literal(text)};\n}}\n}}\n");
            arguments.Add($"{count++}.cs");
        }

        (int code, string output, string errors) = Tools.Run(Tools.Dotnet, folder, arguments);
        Assert.True(code == 0, output + errors);
        var context = new System.Runtime.Loader.AssemblyLoadContext("hostile", isCollectible: true);
        System.Reflection.Assembly compiled = context.LoadFromStream(new MemoryStream(File.ReadAllBytes(Path.Combine(folder, "generated.dll"))));
        Assert.Equal(HostileTexts.All.Take(80), Enumerable.Range(0, count).Select(at => (string)compiled.GetType($"N{at}.Texts", throwOnError: true)!.GetField("Text")!.GetRawConstantValue()!));
        context.Unload();
        Directory.Delete(folder, recursive: true);
    }

    [PythonWithoutNumPyFact]
    public void Python_reads_the_programs_and_the_texts_in_them()
    {
        string folder = Symeft.Folder();
        DerivationResult derivation = ProgramCase.All[0].Derivation;
        DerivationSubject subject = ProgramCase.All[0].Subject;
        string[] texts = [.. HostileTexts.All];
        for (int at = 0; at < texts.Length; at++)
            File.WriteAllText(Path.Combine(folder, $"{at}.py"), new PythonLanguage().Write(derivation, subject with { Activation = texts[at], Name = texts[^(at + 1)] }));
        File.WriteAllText(Path.Combine(folder, "read.py"), """
            import ast, json, sys
            found = []
            for at in range(int(sys.argv[1])):
                tree = ast.parse(open(f"{at}.py", "rb").read())
                found += [ast.get_docstring(each, clean=False) for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "sigma"]
            print(json.dumps(found))
            """);
        (int code, string output, string errors) = Tools.Run(PythonWithoutNumPyFactAttribute.Python!, folder, "read.py", texts.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(code == 0, errors);
        Assert.Equal(texts.Select(text => $"sigma(x) = {OneLine.Of(text)} and its derivatives."), JsonSerializer.Deserialize<string[]>(output)!);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void One_line_is_one_line_of_what_can_be_seen()
    {
        foreach (string text in HostileTexts.All)
        {
            string line = OneLine.Of(text);
            Assert.DoesNotMatch(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}-[\ud800-\udfff]]", line);
            Assert.Equal(line, new UTF8Encoding().GetString(Encoding.UTF8.GetBytes(line)));
        }

        Assert.Equal("a b  c", OneLine.Of("a\nb\r\nc"));
        Assert.Equal("plain text σ", OneLine.Of("plain text σ"));
    }

    [Fact]
    public void Yaml_gives_the_text_back()
    {
        foreach (string text in HostileTexts.Encodable)
        {
            var stream = new YamlStream();
            stream.Load(new StringReader($"a: {YamlText.Quoted(text)}\nb: 1\n"));
            var table = (YamlMappingNode)stream.Documents.Single().RootNode;
            Assert.Equal(text, ((YamlScalarNode)table["a"]).Value);
            Assert.Equal("1", ((YamlScalarNode)table["b"]).Value);
            if (text.Length > 0)
                Assert.Equal(text, SpecificationReader.ReadText(SpecificationWriter.Yaml(new Specification { Network = new Specification().Network with { Activation = text } }), "written", ".", []).Network.Activation);
        }
    }

    [Fact]
    public void A_job_runs_the_activation_that_was_submitted()
    {
        const string activation = "tanh(x)\n  + x/10\n";
        string folder = Symeft.Folder();
        JobFolder.Write(folder, [new Specification { Network = new Specification().Network with { Activation = activation } }], 2, "local", "symeft", [], default);
        Assert.Equal(activation, SpecificationReader.Read(Path.Combine(folder, "points", "0001", "specification.yaml"), []).Network.Activation);
        Directory.Delete(folder, recursive: true);
        var network = new Network { Activation = activation, WeightVariance = 2, Step = 0.1, Depth = 2, Kernel = new[,] { { 1.0 } } };
        Assert.Equal(activation, SpecificationReader.ReadText(SpecificationText.Yaml(network), "counterexample", ".", []).Network.Activation);
    }

    [Fact]
    public void Xml_gives_the_text_back_less_what_it_does_not_allow()
    {
        foreach (string text in HostileTexts.All)
        {
            string allowed = Regex.Replace(text, @"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])", "");
            string escaped = XmlText.Escape(text);
            Assert.Equal(allowed.Replace("\r\n", "\n").Replace('\r', '\n'), XElement.Parse($"<a>{escaped}</a>", LoadOptions.PreserveWhitespace).Value);
            Assert.Equal(Regex.Replace(allowed, "\r\n|[\r\n\t]", " "), XElement.Parse($"<a b=\"{escaped}\"/>").Attribute("b")!.Value);
        }
    }

    [Fact]
    public void Markdown_gives_the_line_back()
    {
        foreach (string text in HostileTexts.All)
        {
            // CommonMark 6.1: the fence is the first run of backticks, the span ends at the next run of that length, and one space at either end is taken off.
            string span = MarkdownText.Code(text), fence = Regex.Match(span, "^`+").Value, inside = span[fence.Length..];
            Match end = Regex.Match(inside, $"(?<!`){fence}(?!`)");
            Assert.True(end.Success && end.Index + end.Length == inside.Length, span);
            string content = inside[..end.Index];
            if (content.Length > 1 && content[0] == ' ' && content[^1] == ' ' && content.Trim(' ').Length > 0)
                content = content[1..^1];
            Assert.Equal(OneLine.Of(text).Trim(' '), content.Trim(' '));

            string plain = MarkdownText.Plain(text);
            Assert.DoesNotMatch(@"(?<!\\)(\\\\)*[`*<>\[\]|$~]", plain);
            Assert.Equal(OneLine.Of(text), Regex.Replace(plain, @"\\([\\`*<>\[\]~|$_])", "$1"));
        }
    }

    [Fact]
    public void Latex_has_no_command_that_the_text_brought()
    {
        foreach (string text in HostileTexts.All)
        {
            string latex = LatexText.Plain(text);
            // Commands that stand for characters; nothing else may be left of what TeX takes for its own.
            string rest = Regex.Replace(latex, @"\\text(backslash|asciicircum|asciitilde)\{\}|\{[\[\]]\}|\\[_%&#${}]|\\\(([<>|]|\\[a-zA-Z]+)+\\\)|\\,|\\dots\{\}", "");
            Assert.DoesNotMatch(@"[\\{}%&#$_^\n\r]", rest.Replace("~", ""));
        }
    }

    [Fact]
    public void A_shell_takes_the_text_for_one_word()
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Symeft.Folder();
        string[] texts = [.. HostileTexts.Encodable.Where(text => !text.Contains('\0'))];
        File.WriteAllText(Path.Combine(folder, "words.sh"), string.Concat(texts.Select(text => $"printf '%s\\0' {ShellText.Word(text)}\n")));
        (int code, string output, string errors) = Tools.Run("bash", folder, "words.sh");
        Assert.True(code == 0, errors);
        Assert.Equal(texts, output.Split('\0')[..^1]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Graphviz_gives_the_line_back()
    {
        foreach (string text in HostileTexts.All)
        {
            string label = DotText.Quoted(text);
            Assert.Matches("^\"([^\"\\\\\n]|\\\\[\"\\\\])*\"$", label);
            Assert.Equal(OneLine.Of(text), Regex.Replace(label[1..^1], @"\\([""\\])", "$1"));
        }
    }

    // A second merge of the same job at the same time, as after two submissions.
    [Fact]
    public void Two_merges_of_one_job_both_end_well()
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Symeft.Folder(), point = Path.Combine(folder, "points", "0001");
        Directory.CreateDirectory(Path.Combine(point, "shards"));
        string stand_in = Path.Combine(folder, "stand in's \"$HOME\".sh");
        File.WriteAllText(stand_in, "sleep 0.5; echo '{}'\n");
        string script = JobFolder.Scripts(new("", 1, 1, 1, "local", null), "twice", $"bash {ShellText.Word(stand_in)}", []).Single(each => each.Name == "merge.sh").Text;
        File.WriteAllText(Path.Combine(folder, "merge.sh"), script);
        Task<(int Code, string Output, string Errors)>[] runs = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => Tools.Run("bash", folder, "merge.sh")))];
        foreach ((int code, _, string errors) in runs.Select(run => run.Result))
            Assert.True(code == 0, errors);
        Assert.Equal(["result.json", "shards"], Directory.EnumerateFileSystemEntries(point).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    // What ends a line of C# (its specification, 6.3.3) and of Python (its reference, 2.1.2).
    [GeneratedRegex("\r\n|[\r\n\u0085\u2028\u2029]")]
    private static partial Regex SharpLines();

    [GeneratedRegex("\r\n|[\r\n]")]
    private static partial Regex PythonLines();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex SharpComment();

    [GeneratedRegex("^\\s*#|^    \"\"\"sigma\\(x\\) = (.*[^\\\\])?(\\\\\\\\)*\"\"\"$")]
    private static partial Regex PythonComment();
}

/// <summary>A test that runs where a Python is installed.</summary>
public sealed class PythonWithoutNumPyFactAttribute : FactAttribute
{
    public PythonWithoutNumPyFactAttribute()
    {
        if (Python is null)
            Skip = "No python3 here: generated Python is not parsed (on Debian: apt-get install python3).";
    }

    /// <summary>A Python, or null.</summary>
    public static string? Python { get; } = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(command => Tools.Works(command, "-c", "import ast"));
}

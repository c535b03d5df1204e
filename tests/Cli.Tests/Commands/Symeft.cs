using System.Globalization;
using System.Text.Json;
using SymbolicEft.Cli.Commands;

namespace SymbolicEft.Cli.Tests.Commands;

/// <summary>Runs the command line in this process.</summary>
internal static class Symeft
{
    public const string TwoInputs = """
        name: two
        network: { activation: tanh(x), weightVariance: 2, biasVariance: 0, skip: 1, step: 0.05, depth: 800, width: 64 }
        inputs: { kernel: [[2, 0.6], [0.6, 2]] }
        closure: g-only
        simulate: { samples: 64, seed: 1, estimator: plain }
        record: 9
        """;

    public static (int Code, string Output, string Messages) Run(params string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var messages = new StringWriter(CultureInfo.InvariantCulture);
        int code = CommandLine.Run(arguments, output, messages);
        return (code, output.ToString(), messages.ToString());
    }

    public static JsonElement Json(params string[] arguments)
    {
        (int code, string output, string messages) = Run([.. arguments, "--format", "json"]);
        Assert.True(code == 0, messages);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    public static string File(string text)
    {
        string path = Path.Combine(Folder(), "spec.yaml");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public static string Folder() => Directory.CreateTempSubdirectory("symeft-test-").FullName;

    public static double[] Row(JsonElement array) => [.. array.EnumerateArray().Select(each => each.GetDouble())];
}

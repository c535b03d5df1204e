// The notebooks of docs/notebooks, cell by cell in a kernel of .NET Interactive: no cell fails, and every cell shows what the notebook has recorded. With
// SYMEFT_UPDATE_DOCS=1 in the environment what is shown is written into the notebook.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace SymbolicEft.Interactive.Tests;

public class NotebookTests
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Folder
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "SymbolicEft.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "docs", "notebooks");
        }
    }

    [Theory]
    [InlineData("the-paper-in-ten-cells", "text/markdown", "text/html")]
    [InlineData("your-own-closure", "text/markdown", "text/html")]
    [InlineData("a-transformer-block", "text/markdown", "text/html")]
    public async Task A_notebook_shows_what_it_has_recorded(string name, params string[] kinds)
    {
        string path = Path.Combine(Folder, name + ".ipynb");
        JsonNode notebook = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        using var kernel = new CompositeKernel { new CSharpKernel() };
        await new SymbolicEftExtension().OnLoadAsync(kernel);
        foreach (Type library in new[] { typeof(SymbolicEftExtension), typeof(Plotting.Chart), typeof(Numeric.Network), typeof(Diagrams.DiagramGenerator), typeof(Symbolic.Expressions.Expression) })
            await Run(kernel, $"#r \"{library.Assembly.Location}\"");
        var shown = new HashSet<string>();
        foreach (JsonNode cell in notebook["cells"]!.AsArray().Where(cell => (string)cell!["cell_type"]! == "code")!)
        {
            string code = string.Concat(cell["source"]!.AsArray().Select(line => (string)line!));
            // The package stands here as its sources.
            JsonArray outputs = code.StartsWith("#r \"nuget: SymbolicEft.Interactive", StringComparison.Ordinal) ? [] : await Run(kernel, code);
            foreach (JsonNode? output in outputs)
                shown.UnionWith(output!["data"]?.AsObject().Select(entry => entry.Key) ?? []);
            if (Environment.GetEnvironmentVariable("SYMEFT_UPDATE_DOCS") == "1")
                cell["outputs"] = outputs;
            else
                Assert.True(JsonNode.DeepEquals(outputs, cell["outputs"]), $"{name}: the cell\n{code}\nshows\n{outputs.ToJsonString(Form)}");
        }

        Assert.Superset(new HashSet<string>(kinds), shown);
        if (Environment.GetEnvironmentVariable("SYMEFT_UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(path, notebook.ToJsonString(Form) + "\n");
    }

    [Fact]
    public async Task A_cell_that_is_stopped_shows_the_networks_that_are_finished()
    {
        using var kernel = new CompositeKernel { new CSharpKernel() };
        foreach (Type library in new[] { typeof(SymbolicEftExtension), typeof(Numeric.Network), typeof(Symbolic.Expressions.Expression) })
            await Run(kernel, $"#r \"{library.Assembly.Location}\"");
        const string code = """
            using SymbolicEft.Interactive;
            using SymbolicEft.Numeric;
            var network = new Network { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 400, Kernel = new[,] { { 2.0 } } };
            var simulation = network.SimulateHere(width: 64, samples: 100_000_000);
            AppDomain.CurrentDomain.SetData("finished", $"{simulation.Cancelled} {simulation.Samples < 100_000_000}");
            """;
        int asked = 0;
        using IDisposable watch = kernel.KernelEvents.Subscribe(new Watcher(each =>
        {
            if (each is DisplayedValueUpdated update && update.FormattedValues.First().Value.Contains(" of ", StringComparison.Ordinal) && Interlocked.Exchange(ref asked, 1) == 0)
                _ = Task.Run(() => kernel.SendAsync(new Cancel()));
        }));
        // The notebook has the cell ended at once; its code goes on to the end.
        await kernel.SendAsync(new SubmitCode(code));
        for (int wait = 0; wait < 600 && AppDomain.CurrentDomain.GetData("finished") is null; wait++)
            await Task.Delay(100);

        Assert.Equal("True True", AppDomain.CurrentDomain.GetData("finished"));
    }

    private static async Task<JsonArray> Run(CompositeKernel kernel, string code)
    {
        KernelCommandResult result = await kernel.SendAsync(new SubmitCode(code));
        var outputs = new JsonArray();
        var places = new Dictionary<string, JsonObject>();
        foreach (KernelEvent each in result.Events)
        {
            switch (each)
            {
                case CommandFailed failed:
                    Assert.Fail($"{code}\n{failed.Message}");
                    break;
                case StandardOutputValueProduced text when outputs.LastOrDefault() is JsonObject last && (string?)last["output_type"] == "stream":
                    last["text"] = (string?)last["text"] + text.FormattedValues.First().Value;
                    break;
                case StandardOutputValueProduced text:
                    outputs.Add(new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = text.FormattedValues.First().Value });
                    break;
                // Of a line that changes only the last state is there when the cell has ended.
                case DisplayedValueUpdated update when places.TryGetValue(update.ValueId, out JsonObject? place):
                    place["data"] = Data(update);
                    break;
                case ReturnValueProduced or DisplayedValueProduced:
                    var value = (DisplayEvent)each;
                    var output = new JsonObject { ["data"] = Data(value), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
                    if (value.ValueId is { } id)
                        places[id] = output;
                    outputs.Add(output);
                    break;
            }
        }

        return outputs;
    }

    private static JsonObject Data(DisplayEvent shown) => new([.. shown.FormattedValues.Select(value => KeyValuePair.Create(value.MimeType, (JsonNode?)value.Value))]);

    private sealed class Watcher(Action<KernelEvent> next) : IObserver<KernelEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(KernelEvent value) => next(value);
    }
}

using System.Net;
using System.Text.Json;
using SymbolicEft.Cli.Exploring;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Tests.Exploring;

// Programs of layers on the page: a preset is its layers, written; what is shown is what solve and simulate print.
public class ExploreLayersTests
{
    private const string Three = "[[2, 0.6, 0.5], [0.6, 2, 0.4], [0.5, 0.4, 2]]";

    // As the page sends it: the fields of the flat values are there too, and mean nothing.
    private static string Request(string layers, params string[] flags) => ExploreClient.Request(
        ["--activation", "tanh(x)", "--depth", "60", "--step", "0.1", "--kernel", Three, "--width", "16", "--record", "3", "--samples", "200", "--closure", "g-only", .. flags, "--layers", layers]);

    private static string Minified(JsonElement json) => JsonSerializer.Serialize(json);

    [Fact]
    public async Task Presets_have_the_numbers_of_solve_and_the_picture_of_their_block()
    {
        await using ExploreClient client = await ExploreClient.Start();
        foreach (LayerPreset preset in LayerPresets.All)
        {
            JsonElement answer = await client.Json("theory", Request(LayersWriter.Yaml(preset.Program)));
            JsonElement solved = Symeft.Json("solve", "--network", preset.Name, "--kernel", Three, "--width", "16", "--record", "3", "--closure", "g-only");
            Assert.Equal(Minified(solved), Minified(answer.GetProperty("solution")));
            Assert.Equal(LayersPicture.Of(preset.Program).TrimEnd(), answer.GetProperty("picture").GetString());
            Assert.Contains("<math", answer.GetProperty("equations").GetString(), StringComparison.Ordinal);
            Assert.StartsWith("Wide enough up to layer 16: ", answer.GetProperty("wide").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Closures_and_simulation_are_of_the_program()
    {
        string layers = LayersWriter.Yaml(LayerPresets.Find("glu")!.Program);
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement closures = await client.Json("closures", Request(layers));
        Assert.DoesNotContain("is solved for the plain network only", closures.GetProperty("numbers").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<table", closures.GetProperty("budget").GetString(), StringComparison.Ordinal);
        (HttpStatusCode status, string text) = await client.Post("simulation", Request(layers));
        Assert.True(status == HttpStatusCode.OK, text);
        using JsonDocument last = JsonDocument.Parse(text.TrimEnd().Split('\n')[^1]);
        JsonElement simulated = Symeft.Json("simulate", "--network", "glu", "--kernel", Three, "--width", "16", "--record", "3", "--closure", "g-only", "--samples", "200");
        Assert.Equal(Minified(simulated), Minified(last.RootElement.GetProperty("simulation")));
    }

    [Fact]
    public async Task The_document_of_a_program_reads_back()
    {
        string layers = LayersWriter.Yaml(LayerPresets.Find("convnet")!.Program);
        await using ExploreClient client = await ExploreClient.Start();
        string yaml = (await client.Json("documents/yaml", Request(layers, "--fraction", "0.2"))).GetProperty("text").GetString()!;
        Specification read = SpecificationReader.ReadText(yaml, "copied", ".", []);
        Assert.Equal(layers, LayersWriter.Yaml(read.Layers!));
        Assert.Equal(0.2, read.Fraction);
        Dictionary<string, string> shown = ExploreRequest.Values(read).ToDictionary(value => value.Name, value => value.Text);
        Assert.Equal((layers, "0.2", Three), (shown["layers"], shown["fraction"], shown["kernel"]));
        Assert.Contains("of a program of layers, derived", (await client.Json("documents/latex", Request(layers))).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd", "--layers must be a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], one item a line after a dash, or in brackets.")]
    [InlineData("{ repeat: 3 }", "--layers must be a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], one item a line after a dash, or in brackets.")]
    [InlineData("[dense: { weightVariance: -2 }]", "layers[0].dense.weightVariance is -2; it must be a finite number, at least 0.")]
    [InlineData("[repeat: { count: 4000, of: [dense: { weightVariance: 2, width: 2 }] }]", "There are 4000 layers, and the page takes at most 2000, so that it stays quick; use symeft solve and symeft simulate for more.")]
    [InlineData("[dense: { weightVariance: 2, width: 400 }]", "There are 6400 neurons in the widest field, and the page takes at most 4096, so that it stays quick; use symeft solve and symeft simulate for more.")]
    [InlineData("- &a dense: { weightVariance: 2 }\n- *a", "The program of layers uses a YAML anchor or alias (line 1); write the value out.")]
    public async Task Wrong_programs_get_one_sentence(string layers, string sentence)
    {
        await using ExploreClient client = await ExploreClient.Start();
        (HttpStatusCode status, string text) = await client.Post("theory", Request(layers));
        Assert.Equal((HttpStatusCode.BadRequest, sentence), (status, ExploreClient.Sentence(text)));
    }
}

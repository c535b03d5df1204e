using System.Text.Json.Nodes;
using Json.Schema;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Cli.Tests.Documentation;
using SymbolicEft.Symbolic.Layers;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Tests.Specifications;

// A validator of JSON schemas that is not ours says of a specification what the reader says of it.
public class SchemaTests
{
    private const string Inputs = "inputs: { kernel: [[2, 0.6], [0.6, 2]] }\n", Page = "docs/specification.schema.json";

    private static readonly JsonSchema Schema = JsonSchema.FromText(SpecificationSchema.Text());

    public static TheoryData<string> Right =>
    [
        "name: a-1\nnetwork: { activation: tanh(x), weightVariance: 2, biasVariance: 0, skip: 1, step: 5e-2, depth: 8, width: 64 }\n",
        "closure: hermite(4)\norder: 0\nntk: false\nquadrature: estimated\nstepping: discrete\nrecord: 3\npairs: diagonal\n",
        "closure: [x*y, \"sigma(x)*sigma(y)\"]\nquadrature: certified\npairs: [[0, 1]]\n",
        "quadrature: gauss-hermite(32)\nstepping: euler\n",
        "simulate: { samples: 20, seed: 1, estimator: control-variate }\nntk: { input: dense }\n",
        "simulate: { until: \"K1[0,0] < 0.005\", estimator: orthogonal-weights }\n",
        "network: { preset: resnet, width: 32 }\n",
        "network: { width: 64, layers: [{ dense: { weightVariance: 2, weights: { kurtosis: 3 }, taps: [0] } }, { activation: gelu }, { dense: { weightVariance: [1.5], width: 2 } }] }\n",
        "network: { layers: [{ repeat: { count: 3, of: [{ residual: { step: 0.5/sqrt(l+1), branch: [{ rmsNorm: { gain: 1.2, epsilon: 0.1 } }, { dense: { weightVariance: 1.5, copies: 2 } }, { gate: gelu }, { dropout: { keep: 0.9, mask: independent } }, { dense: { weightVariance: 1.7 } }] } }] } }] }\n",
        "network: { layers: [{ parallel: { width: 1, branches: [[{ dense: { weightVariance: 1 } }], [{ activation: tanh }, { dense: { weightVariance: 1 } }]] } }, { postNorm: { gain: 1, epsilon: 0.1 } }] }\n",
    ];

    public static TheoryData<string> Wrong =>
    [
        "nam: x\n",
        "name: .hidden\n",
        "network: { activaton: tanh(x) }\n",
        "network: { weightVariance: -1 }\n",
        "network: { weightVariance: two }\n",
        "network: { depth: 1.5 }\n",
        "network: { depth: 0 }\n",
        "network: { width: 100000 }\n",
        "network: { preset: restnet }\n",
        "network: { preset: resnet, depth: 3 }\n",
        "network: { depth: 3, layers: [{ dense: { weightVariance: 2 } }] }\n",
        "network: { preset: resnet, layers: [{ dense: { weightVariance: 2 } }] }\n",
        "network: { layers: [{ dens: { weightVariance: 2 } }] }\n",
        "network: { layers: [{ dense: { weightVariace: 2 } }] }\n",
        "network: { layers: [{ dense: { biasVariance: 2 } }] }\n",
        "network: { layers: [{ dense: { weightVariance: 2, weights: gausian } }] }\n",
        "network: { layers: [{ dense: { weightVariance: 2, copies: 3 } }] }\n",
        "network: { layers: [{ activation: gelu, dense: { weightVariance: 2 } }] }\n",
        "network: { layers: [{ repeat: { count: 0, of: [{ activation: gelu }, { dense: { weightVariance: 2 } }] } }] }\n",
        "network: { layers: [{ repeat: { count: 2 } }] }\n",
        "network: { layers: [{ residual: { branch: [{ activation: gelu }, { dense: { weightVariance: 2 } }], skp: 1 } }] }\n",
        "network: { layers: [{ activation: gelu }, { dropout: { mask: shared } }, { dense: { weightVariance: 2 } }] }\n",
        "closure: { list: x }\n",
        "order: 3\n",
        "ntk: maybe\n",
        "ntk: { input: sparse }\n",
        "quadrature: gauss-hermite(201)\n",
        "quadrature: exact\n",
        "stepping: slow\n",
        "simulate: { samples: -1 }\n",
        "simulate: { estimator: good }\n",
        "simulate: { sample: 3 }\n",
        "record: 1\n",
        "pairs: some\n",
        "fraction: 0\n",
    ];

    [Theory]
    [MemberData(nameof(Right))]
    public void What_is_read_is_valid(string yaml)
    {
        SpecificationReader.ReadText(Inputs + yaml, "specification.yaml", ".", []);
        Assert.True(IsValid(Inputs + yaml));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_refused_for_one_value_is_invalid(string yaml)
    {
        Assert.Throws<InputException>(() => SpecificationReader.ReadText(Inputs + yaml, "specification.yaml", ".", []));
        Assert.False(IsValid(Inputs + yaml));
    }

    [Fact]
    public void Every_preset_is_valid()
    {
        foreach (LayerPreset preset in LayerPresets.All)
            Assert.True(IsValid($"network:\n  layers:\n{LayersWriter.Yaml(preset.Program, 4)}{Inputs}"), preset.Name);
    }

    [Fact]
    public void Specifications_of_this_project_are_valid()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(DocumentationPages.Repository, "derivations"), "*.yaml", SearchOption.AllDirectories)];
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(IsValid(File.ReadAllText(file)), file));
    }

    [Fact]
    public void The_file_in_the_documents_is_what_the_command_writes()
    {
        string written = Symeft.Run("schema").Output;
        if (Environment.GetEnvironmentVariable("SYMEFT_UPDATE_DOCS") == "1")
            File.WriteAllText(Path.Combine(DocumentationPages.Repository, Page), written);
        else
            Assert.True(DocumentationPages.Read(Page) == written, $"{Page} is stale; run this test with SYMEFT_UPDATE_DOCS=1");
    }

    private static bool IsValid(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        using var document = System.Text.Json.JsonDocument.Parse(Json(stream.Documents[0].RootNode)!.ToJsonString());
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    // The core schema of YAML 1.2, as editors read it.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode table => new JsonObject([.. table.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Json(entry.Value)))]),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => JsonValue.Create(truth.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when double.TryParse(scalar.Value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) => JsonValue.Create(value),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}

// What the page sends, {"values": {"activation": "tanh(x)", "depth": "800", ...}, "compare": ["sigma-kernel", ...]}: the flags of the
// command line without their dashes. They go through the same table, so that a wrong value gets the same sentence. "views" says what the page looks at in charts,
// and "drawn" which charts are on its screen.

using System.Text.Json;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Exploring;

/// <summary>One request of the page.</summary>
/// <param name="Specification">The specification, checked, small enough to be solved while one waits.</param>
/// <param name="Compare">Closures to compare it with.</param>
internal sealed record ExploreRequest(Specification Specification, IReadOnlyList<string> Compare)
{
    /// <summary>What the page looks at in charts, by their identifiers.</summary>
    public IReadOnlyDictionary<string, ChartView> Views { get; private init; } = new Dictionary<string, ChartView>();

    /// <summary>The charts that are on the screen, the only ones to draw; null for all.</summary>
    public IReadOnlySet<string>? Drawn { get; private init; }

    /// <summary>Largest number of inputs.</summary>
    public const int MostInputs = 3;

    /// <summary>Largest depth.</summary>
    public const int MostLayers = 2000;

    private const int MostNeurons = 1024, MostRows = 4096, LongestProgram = 8000, MostRecords = 101, MostModes = 20, MostObservables = 4, MostCompared = 8, MostCharts = 32, LongestText = 1000;

    private const long MostSamples = 1_000_000;

    // No files are read for a page, and orders beyond the leading one take longer than one waits; so does the tangent kernel.
    private static readonly string[] Withheld = ["--pairs", "--data", "--until", "--order", "--layers", "--network"];

    // The program as text, empty for a network of the flat values; never the name of a file.
    internal const string Program = "layers";

    /// <summary>The values that the page may set, by their flags without dashes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. SpecificationFields.All.Where(field => !field.IsOfTangent).Select(field => field.Flag).Except(Withheld).Select(flag => flag[2..]), Program];

    /// <summary>Reads a request.</summary>
    /// <exception cref="InputException">It is wrong.</exception>
    public static ExploreRequest Read(ReadOnlyMemory<byte> body) => Parsed(body, Read);

    /// <summary>Reads something of a request.</summary>
    /// <exception cref="InputException">It is wrong.</exception>
    internal static T Parsed<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            return read(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no text, such as half a surrogate pair.
            throw new InputException("The request is not JSON of the form {\"values\": {\"depth\": \"800\"}, \"compare\": [\"sigma-kernel\"]}, with text for every value.");
        }
    }

    /// <summary>Refuses what would take too long for a page.</summary>
    /// <exception cref="InputException">It is too large.</exception>
    public static Specification Small(Specification specification)
    {
        Limit("inputs", specification.Inputs, MostInputs);
        Limit("layers", specification.Network.Depth, MostLayers);
        Limit("neurons", specification.Width, MostNeurons);
        Limit("networks", specification.Samples, MostSamples);
        Limit("recorded depths", specification.Network.Records, MostRecords);
        if (specification.Order > 0 || specification.Until is not null)
            throw new InputException("The page shows order 0 and a fixed number of networks; use symeft solve for higher orders and symeft simulate for until.");
        Small(specification.Closure);
        if (specification.Layers is not null)
            Limit("neurons in the widest field", (long)Math.Ceiling(specification.Width * specification.Layers.Unroll(specification.Inputs).Stages().Max(stage => stage.Width)), MostRows);
        _ = Theory.Network(specification); // closures that do not need it would not notice a wrong one
        return specification;
    }

    /// <summary>The values of a specification as the page shows them.</summary>
    public static IEnumerable<(string Name, string Text)> Values(Specification specification)
    {
        // Beside a program the fields of the flat values hold the defaults.
        Specification flat = specification.Layers is null ? specification : specification with { Layers = null, Network = new Specification().Network with { Kernel = specification.Network.Kernel, Records = specification.Network.Records } };
        var stream = new YamlStream();
        stream.Load(new StringReader(SpecificationWriter.Yaml(flat)));
        foreach (string name in Names.Where(name => name is not Program and not "fraction"))
        {
            YamlNode node = stream.Documents[0].RootNode;
            foreach (string key in SpecificationFields.All.First(field => field.Flag == "--" + name).Path.Split('.'))
                node = ((YamlMappingNode)node).Children[new YamlScalarNode(key)];
            yield return (name, Text(node));
        }

        yield return ("fraction", SpecificationFields.Digits(specification.Fraction));
        yield return (Program, specification.Layers is { } program ? LayersWriter.Yaml(program) : "");
    }

    private static string Text(YamlNode node) => node is YamlSequenceNode list ? $"[{string.Join(", ", list.Children.Select(Text))}]" : ((YamlScalarNode)node).Value!;

    private static ExploreRequest Read(JsonElement root)
    {
        var flags = new List<(string Flag, string Text)>();
        if (root.TryGetProperty("values", out JsonElement values))
        {
            foreach (JsonProperty value in values.EnumerateObject())
            {
                if (!Names.Contains(value.Name))
                    throw new InputException($"'{Shortened(value.Name)}' is not a value of the page; known are {string.Join(", ", Names)}.");
                string flag = "--" + value.Name, text = value.Value.GetString() ?? "";
                int longest = value.Name == Program ? LongestProgram : LongestText;
                if (text.Length > longest)
                    throw new InputException($"{flag} has {text.Length} characters; the page takes at most {longest}.");
                if (flags.Any(each => each.Flag == flag))
                    throw new InputException($"{flag} is given twice; give it once.");
                flags.Add((flag, text));
            }
        }

        var compare = new List<string>();
        if (root.TryGetProperty("compare", out JsonElement closures))
        {
            foreach (JsonElement closure in closures.EnumerateArray())
            {
                string text = closure.GetString() ?? "";
                if (text.Length > LongestText || compare.Count == MostCompared)
                    throw new InputException($"The page compares at most {MostCompared} closures, each of at most {LongestText} characters.");
                compare.Add(Small(Closure(text)));
            }
        }

        string program = flags.Find(each => each.Flag == "--" + Program).Text ?? "";
        flags.RemoveAll(each => each.Flag == "--" + Program || (program.Length > 0 && SpecificationFields.All.Any(field => field.Flag == each.Flag && LayersRules.Flat.Contains(field.Path))));
        string? layers = program.Length == 0 ? null : $"network:\n  {Program}:\n{string.Concat(List(program).Split('\n').Select(line => $"    {line}\n"))}";
        return new(Small(SpecificationReader.ReadText(layers, "the page", Directory.GetCurrentDirectory(), flags)), [.. compare.Distinct()])
        {
            Drawn = root.TryGetProperty("drawn", out JsonElement drawn) ? drawn.EnumerateArray().Take(MostCharts).Select(id => id.GetString() ?? "").ToHashSet(StringComparer.Ordinal) : null,
            Views = root.TryGetProperty("views", out JsonElement views) ? ChartView.Read(views) : new Dictionary<string, ChartView>(),
        };
    }

    // A text that is no list would be the name of a file.
    internal static string List(string program) => program.Length > LongestProgram
        ? throw new InputException($"--layers has {program.Length} characters; the page takes at most {LongestProgram}.")
        : SpecificationReader.Parse(program, "The program of layers") is YamlSequenceNode
        ? program.TrimEnd()
        : throw new InputException("--layers must be a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], one item a line after a dash, or in brackets.");

    private static string Closure(string text)
    {
        try
        {
            return ClosureRegistry.Parse(text).Name;
        }
        catch (ClosureSyntaxException problem)
        {
            throw new InputException($"--closure: {problem.Message}");
        }
    }

    private static string Small(string name)
    {
        IClosure closure = ClosureRegistry.Parse(name);
        if (closure.Keeps is KeptModes { HighestOrder: > MostModes })
            throw new InputException($"The closure {name} has modes above order {MostModes}, the highest of the page; use symeft solve.");
        if (closure.Keeps is KeptObservables { Observables.Count: > MostObservables })
            throw new InputException($"The closure {name} has more than {MostObservables} observables, the most of the page; use symeft solve.");
        return name;
    }

    private static void Limit(string what, long value, long most)
    {
        if (value > most)
            throw new InputException(FormattableString.Invariant($"There are {value} {what}, and the page takes at most {most}, so that it stays quick; use symeft solve and symeft simulate for more."));
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}

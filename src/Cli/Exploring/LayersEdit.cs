// A layer is named by its path, as in messages: layers[0].repeat.of[1].dense. Layers are added to and taken from the list as it is written, which is then read and
// written like any other: what comes back is the text of the page's program.

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Layers;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A change of a program of layers by hand.</summary>
/// <param name="Kind">add, remove or set.</param>
/// <param name="At">The path of a list to add to, of a layer to remove, or of the table whose value is set.</param>
/// <param name="Place">Where in the list.</param>
/// <param name="Name">The layer that is added, or the value that is set.</param>
/// <param name="Text">What it is set to; empty takes it away.</param>
internal sealed partial record LayersEdit(string Kind, string At, int Place, string Name, string Text)
{
    private const int Longest = 400;

    // What a layer is when it comes: numbers with which the kernel of a stream of size 1 neither vanishes nor explodes.
    private static readonly Dictionary<string, string> New = new(StringComparer.Ordinal)
    {
        ["dense"] = "{ weightVariance: 2 }",
        ["activation"] = "gelu",
        ["rmsNorm"] = "{ gain: 1, epsilon: 1e-5 }",
        ["layerNorm"] = "{ gain: 1, epsilon: 1e-5 }",
        ["dropout"] = "{ keep: 0.9 }",
        ["residual"] = "{ step: 0.25, branch: [activation: gelu, dense: { weightVariance: 2 }] }",
        ["postNorm"] = "{ gain: 1, epsilon: 1e-5 }",
        ["parallel"] = "{ branches: [[dense: { weightVariance: 1 }], [activation: gelu, dense: { weightVariance: 1 }]] }",
        ["repeat"] = "{ count: 4, of: [activation: gelu, dense: { weightVariance: 2 }] }",
        ["gate"] = "gelu",
    };

    /// <summary>The layers that can be added.</summary>
    public static IEnumerable<string> Kinds => New.Keys;

    /// <summary>The program of a request, {"values": {...}, "edit": "add", "at": "layers[0].residual.branch", "place": 0, "name": "dense"}, edited. Only its form is asked for: a
    /// program that means nothing yet is mended by the next edit.</summary>
    /// <exception cref="InputException">The edit does not fit the program.</exception>
    public static LayerProgram Answer(ReadOnlyMemory<byte> body)
    {
        (LayersEdit edit, string program) = ExploreRequest.Parsed(body, root =>
        {
            string Text(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
            var read = new LayersEdit(Text(root, "edit"), Text(root, "at"), root.TryGetProperty("place", out JsonElement place) && place.TryGetInt32(out int number) ? number : 0, Text(root, "name"), Text(root, "text"));
            return (read, root.TryGetProperty("values", out JsonElement values) ? Text(values, ExploreRequest.Program) : "");
        });
        if (edit.Kind is not ("add" or "remove" or "set") || new[] { edit.At, edit.Name, edit.Text }.Any(text => text.Length > Longest) || (edit.Kind == "add" && !New.ContainsKey(edit.Name)))
            throw new InputException($"An edit adds one of {string.Join(", ", New.Keys)}, removes a layer, or sets a value, and names its place in the program.");
        return edit.Of(program.Length > 0 ? ExploreRequest.List(program) : LayersWriter.Yaml(NetworkPicture.Program(ExploreRequest.Read(body).Specification)));
    }

    private LayerProgram Of(string text)
    {
        YamlNode root = SpecificationReader.Parse(text, "The program of layers")!;
        switch (Kind, Find(root, Kind == "remove" ? Parent : At))
        {
            case ("add", YamlSequenceNode list) when Place >= 0 && Place <= list.Children.Count:
                list.Children.Insert(Place, SpecificationReader.Parse($"{{ {Name}: {New[Name]} }}", "The new layer")!);
                break;
            case ("remove", YamlSequenceNode list) when Last is { } place && place < list.Children.Count:
                list.Children.RemoveAt(place);
                break;
            case ("set", YamlMappingNode table):
                table.Children.Remove(new YamlScalarNode(Name));
                if (Text.Trim().Length > 0)
                    table.Children.Add(new YamlScalarNode(Name), Text.TrimStart().StartsWith('[') ? SpecificationReader.Parse(Text, Name)! : new YamlScalarNode(Text.Trim()));
                break;
            default:
                throw new InputException("The edit names a place that is not in the program of layers; reload the page.");
        }

        return LayersReader.Read(root, new("The program of layers", Directory.GetCurrentDirectory()));
    }

    private string Parent => At.LastIndexOf('[') is >= 0 and var bracket ? At[..bracket] : "";

    private int? Last => int.TryParse(At.AsSpan(At.LastIndexOf('[') + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : null;

    private static YamlNode? Find(YamlNode root, string path)
    {
        YamlNode? node = path.StartsWith("layers", StringComparison.Ordinal) ? root : null;
        foreach (Match step in Step().Matches(path.Length > 6 ? path[6..] : ""))
        {
            node = (node, step.Value[0]) switch
            {
                (YamlSequenceNode list, '[') when int.TryParse(step.Groups["place"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place < list.Children.Count => list.Children[place],
                (YamlMappingNode table, '.') when table.Children.TryGetValue(new YamlScalarNode(step.Groups["name"].Value), out YamlNode? value) => value,
                _ => null,
            };
        }

        return node;
    }

    [GeneratedRegex(@"\[(?<place>\d+)\]|\.(?<name>[A-Za-z]+)")]
    private static partial Regex Step();
}

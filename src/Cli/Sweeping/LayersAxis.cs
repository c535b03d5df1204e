// A number inside a program of layers, by the path by which refusals name it: layers[0].repeat.of[0].residual.branch[1].dense.width. The program is written as
// YAML, the value put in its place, and the whole read again: what is refused in a file is refused here.

using System.Globalization;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Layers;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>Values inside a program of layers as values of a specification.</summary>
internal static partial class LayersAxis
{
    /// <summary>The value of a path; null where the text is none.</summary>
    /// <exception cref="InputException">It begins as a path and goes on otherwise.</exception>
    public static SpecificationField? Of(string path) =>
        !path.StartsWith("layers[", StringComparison.Ordinal) ? null
        : Shape().IsMatch(path) ? new(path, "--over", "a value inside the program of layers", (specification, value, _) => specification with { Layers = Set(specification, path, value) }, Schemas.Scalar())
        : throw new InputException($"--over names '{path}', which is no path of a layer; write it like layers[0].repeat.of[0].residual.branch[1].dense.width=1,2,4.");

    private static LayerProgram Set(Specification specification, string path, YamlNode value)
    {
        if (specification.Layers is not { } program)
            throw new InputException($"--over names {path}, and the network is one that the flat values say (activation, weightVariance, biasVariance, skip, step, depth), by which it can be swept; name one of these.");
        YamlNode root = SpecificationReader.Parse(LayersWriter.Yaml(program), "The program of layers")!, here = root;
        var steps = new List<string>();
        foreach (Match match in Steps().Matches(path["layers".Length..])) steps.Add(match.Value);
        string reached = "layers";
        for (int at = 0; at < steps.Count; at++)
        {
            bool isLast = at == steps.Count - 1;
            string step = steps[at], name = step.TrimStart('.');
            switch (here)
            {
                case YamlSequenceNode list when step.StartsWith('[') && int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Children.Count:
                    if (isLast) list.Children[index] = value;
                    here = list.Children[index];
                    break;
                case YamlMappingNode table when step.StartsWith('.') && isLast:
                    table.Children[new YamlScalarNode(name)] = value;
                    break;
                case YamlMappingNode table when step.StartsWith('.') && table.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? inner):
                    here = inner;
                    break;
                default:
                    throw new InputException($"--over names {path}, and {reached} {Has(here)}; name a value that is there.");
            }

            reached += step;
        }

        try
        {
            return LayersReader.Read(root, new($"--over {path}", Directory.GetCurrentDirectory()));
        }
        catch (InputException problem)
        {
            // Lines are those of no file of the user.
            throw new InputException($"--over sets {path} to {value}: {Lines().Replace(problem.Message, "")}");
        }
    }

    private static string Has(YamlNode node) => node switch
    {
        YamlSequenceNode { Children.Count: 1 } => "has one entry, [0]",
        YamlSequenceNode list => string.Create(CultureInfo.InvariantCulture, $"has {list.Children.Count} entries, [0] to [{list.Children.Count - 1}]"),
        YamlMappingNode table => $"has {string.Join(", ", table.Children.Keys)}",
        _ => $"is the value {node}",
    };

    [GeneratedRegex(@"^layers(\[\d{1,6}\]|\.[A-Za-z]+)+$")]
    private static partial Regex Shape();

    [GeneratedRegex(@"\[\d+\]|\.[A-Za-z]+")]
    private static partial Regex Steps();

    [GeneratedRegex(@" \(line \d+\)")]
    private static partial Regex Lines();
}

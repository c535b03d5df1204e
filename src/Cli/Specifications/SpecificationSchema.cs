// The JSON schema of a specification: the table of SpecificationFields, whose paths say how tables lie in each other, and the
// tables of layers. An editor completes and checks YAML by it; what ties several values together only the reader knows, but for
// the flat values of a network, which do not go with a program.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SymbolicEft.Cli.Specifications;

/// <summary>The specification as a JSON schema.</summary>
public static class SpecificationSchema
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, JSON schema draft 7, as text that ends with a new line.</summary>
    public static string Text()
    {
        JsonObject schema = Table("");
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "Specification of symeft");
        var network = (JsonObject)schema["properties"]!["network"]!;
        network["dependencies"] = new JsonObject([.. LayersRules.Programs.Select(program => KeyValuePair.Create(Key(program), (JsonNode?)Alone(program)))]);
        schema["definitions"] = LayersSchema.Definitions();
        return schema.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }

    // The table of the fields whose paths begin so; a field with others below it is a value of its own, or a table.
    private static JsonObject Table(string prefix)
    {
        var keys = new List<(string, string, JsonNode, bool)>();
        foreach (IGrouping<string, SpecificationField> group in SpecificationFields.All.Where(field => field.Path.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(field => field.Path[prefix.Length..].Split('.')[0]))
        {
            SpecificationField? field = group.FirstOrDefault(each => each.Path == prefix + group.Key);
            JsonObject? below = group.Any(each => each != field) ? Table($"{prefix}{group.Key}.") : null;
            keys.Add((group.Key, field?.Help ?? "", field is null ? below! : below is null ? field.Schema : Schemas.AnyOf(field.Schema.DeepClone(), below), false));
        }

        return Schemas.Table(keys);
    }

    private static JsonObject Alone(string program)
    {
        IEnumerable<string> others = LayersRules.Flat.Concat(LayersRules.Programs.Where(path => path != program));
        return new() { ["not"] = Schemas.AnyOf([.. others.Select(path => new JsonObject { ["required"] = new JsonArray(Key(path)) })]) };
    }

    private static string Key(string path) => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..];
}

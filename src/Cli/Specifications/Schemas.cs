using System.Text.Json.Nodes;

namespace SymbolicEft.Cli.Specifications;

/// <summary>Pieces of JSON schemas (draft 7, which editors of YAML read).</summary>
internal static class Schemas
{
    /// <summary>A number in a range.</summary>
    public static JsonObject Number(double least, double most) => new() { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };

    /// <summary>Any number.</summary>
    public static JsonObject Number() => new() { ["type"] = "number" };

    /// <summary>A whole number in a range.</summary>
    public static JsonObject Whole(long least, long most) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    /// <summary>Any text.</summary>
    public static JsonObject Text() => new() { ["type"] = "string", ["minLength"] = 1 };

    /// <summary>A single value that is read as a text: YAML takes some of them for numbers.</summary>
    public static JsonObject Scalar() => new() { ["type"] = new JsonArray("string", "number"), ["minLength"] = 1 };

    /// <summary>A text of a pattern, or a number, which YAML may take it for.</summary>
    public static JsonObject Matching(string pattern) => new() { ["type"] = new JsonArray("string", "number"), ["pattern"] = pattern };

    /// <summary>true or false.</summary>
    public static JsonObject Truth() => new() { ["type"] = "boolean" };

    /// <summary>One of some texts.</summary>
    public static JsonObject OneOf(IEnumerable<string> names) => new() { ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };

    /// <summary>A list of at least one element.</summary>
    public static JsonObject ListOf(JsonNode element) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = element };

    /// <summary>What any of several schemas takes.</summary>
    public static JsonObject AnyOf(params JsonNode[] choices) => new() { ["anyOf"] = new JsonArray([.. choices]) };

    /// <summary>What is defined elsewhere in the document.</summary>
    public static JsonObject Defined(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    /// <summary>A table that has no other keys.</summary>
    /// <param name="keys">For each key what it is, its schema, and whether the table must have it.</param>
    public static JsonObject Table(IReadOnlyList<(string Name, string Help, JsonNode Schema, bool IsRequired)> keys)
    {
        var properties = new JsonObject();
        foreach ((string name, string help, JsonNode schema, _) in keys)
        {
            var described = (JsonObject)schema.DeepClone();
            if (help.Length > 0)
                described["description"] = help;
            properties[name] = described;
        }

        var table = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (keys.Any(key => key.IsRequired))
            table["required"] = new JsonArray([.. keys.Where(key => key.IsRequired).Select(key => (JsonNode)key.Name)]);
        return table;
    }
}

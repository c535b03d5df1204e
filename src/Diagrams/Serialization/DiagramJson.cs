using System.Collections.Immutable;
using System.Text.Json;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Serialization;

/// <summary>One diagram as a JSON object.</summary>
internal static class DiagramJson
{
    internal static void Write(Utf8JsonWriter json, Diagram diagram)
    {
        json.WriteStartObject();
        json.WriteString("id", diagram.Id);
        json.WriteString("symmetryFactor", diagram.SymmetryFactor.ToString());
        json.WriteNumber("loops", diagram.Loops);
        json.WriteStartArray("vertices");
        foreach (VertexType vertex in diagram.Vertices) WriteVertex(json, vertex);
        json.WriteEndArray();
        WriteNumbers(json, "external", diagram.ExternalFields);
        json.WriteBoolean("labelledExternals", diagram.LabelledExternals);
        json.WriteStartArray("lines");
        foreach (Edge edge in diagram.Edges)
        {
            json.WriteStartObject();
            json.WriteNumber("from", edge.From);
            json.WriteNumber(edge.ToExternal ? "toExternal" : "toVertex", edge.To);
            json.WriteNumber("count", edge.Count);
            if (edge.ResponseField != 0) json.WriteNumber("responseField", edge.ResponseField);
            if (edge.KernelField != 0) json.WriteNumber("kernelField", edge.KernelField);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static Diagram Read(JsonElement element)
    {
        var diagram = Diagram.Create(
            ReadNumbers(element.GetProperty("external")),
            element.GetProperty("vertices").EnumerateArray().Select(ReadVertex),
            element.GetProperty("lines").EnumerateArray().Select(ReadEdge),
            element.GetProperty("labelledExternals").GetBoolean());
        DiagramDocument.Require("id", element.GetProperty("id").GetString() ?? "", diagram.Id);
        DiagramDocument.Require("symmetryFactor", element.GetProperty("symmetryFactor").GetString() ?? "", diagram.SymmetryFactor.ToString());
        return diagram;
    }

    private static void WriteVertex(Utf8JsonWriter json, VertexType vertex)
    {
        json.WriteStartObject();
        json.WriteNumber("response", vertex.ResponseLegs);
        json.WriteNumber("kernel", vertex.KernelLegs);
        if (vertex.FieldCount > 1)
        {
            WriteNumbers(json, "responseByField", vertex.ResponseByField);
            WriteNumbers(json, "kernelByField", vertex.KernelByField);
        }

        if (vertex.Origin == VertexOrigin.InitialTime) json.WriteBoolean("initial", true);
        if (vertex.Origin == VertexOrigin.Meeting) json.WriteBoolean("meeting", true);
        if (vertex.ExtraOrder != 0) json.WriteNumber("extraOrder", vertex.ExtraOrder);
        json.WriteEndObject();
    }

    private static VertexType ReadVertex(JsonElement element)
    {
        bool Says(string name) => element.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
        VertexOrigin origin = Says("initial") ? VertexOrigin.InitialTime : Says("meeting") ? VertexOrigin.Meeting : VertexOrigin.Dynamics;
        ImmutableArray<int> response = element.TryGetProperty("responseByField", out JsonElement responses)
            ? ReadNumbers(responses)
            : [element.GetProperty("response").GetInt32()];
        ImmutableArray<int> kernel = element.TryGetProperty("kernelByField", out JsonElement kernels)
            ? ReadNumbers(kernels)
            : [element.GetProperty("kernel").GetInt32()];
        return new VertexType(response, kernel, origin, Optional(element, "extraOrder", 0));
    }

    private static Edge ReadEdge(JsonElement element)
    {
        bool toExternal = element.TryGetProperty("toExternal", out JsonElement to);
        return new Edge(
            element.GetProperty("from").GetInt32(),
            toExternal ? to.GetInt32() : element.GetProperty("toVertex").GetInt32(),
            toExternal,
            Optional(element, "count", 1),
            Optional(element, "responseField", 0),
            Optional(element, "kernelField", 0));
    }

    private static int Optional(JsonElement element, string name, int otherwise) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static ImmutableArray<int> ReadNumbers(JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetInt32())];
}

using System.Globalization;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>
/// A diagram in one line of text. Vertices are lettered a, b, c, ..., latest first; each is written with its type (p,m) and,
/// behind ">", the ends of its p response legs: x1, x2, ... for external legs, else the letter of the later vertex. The tadpole
/// is "a(1,2)>x1 b(2,0)>a,a". With the names of several fields a type is written in these, response legs first, as in "b(K,H)".
/// </summary>
public static class LineNotation
{
    /// <summary>Writes a diagram.</summary>
    /// <param name="diagram">The diagram; fields of lines are written behind a colon, response field first, if they are not 0.</param>
    public static string Write(Diagram diagram) => Write(diagram, vertex => vertex.ToString(), edge => edge.ResponseField == 0 && edge.KernelField == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $":{edge.ResponseField}{edge.KernelField}"));

    /// <summary>Writes a diagram of a theory of several fields with their names, one letter each, where they have such names.</summary>
    /// <param name="diagram">The diagram; of a line that a vertex has responses of several fields for, the field is written behind a colon.</param>
    /// <param name="fields">The names; null for numbers.</param>
    internal static string Write(Diagram diagram, IReadOnlyList<string>? fields)
    {
        if (fields is null)
            return Write(diagram);
        string Legs(IEnumerable<int> counts) => string.Concat(counts.Select((count, field) => string.Concat(Enumerable.Repeat(fields[field], count)))) is { Length: > 0 } legs ? legs : "0";
        return Write(
            diagram,
            vertex => $"({Legs(vertex.ResponseByField)},{Legs(vertex.KernelByField)}){(vertex.ExtraOrder == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"n-{vertex.ExtraOrder}"))}",
            edge => diagram.Vertices[edge.From].ResponseByField.Count(count => count > 0) > 1 ? ":" + fields[edge.ResponseField] : "");
    }

    private static string Write(Diagram diagram, Func<VertexType, string> type, Func<Edge, string> ofFields) => string.Join(' ', Enumerable.Range(0, diagram.Vertices.Length).Select(vertex =>
        $"{Letter(vertex)}{type(diagram.Vertices[vertex])}>{string.Join(',', diagram.Edges.Where(edge => edge.From == vertex).SelectMany(edge => Enumerable.Repeat(End(edge, ofFields(edge)), edge.Count)))}"));

    private static string End(Edge edge, string fields)
    {
        return (edge.ToExternal ? string.Create(CultureInfo.InvariantCulture, $"x{edge.To + 1}") : Letter(edge.To)) + fields;
    }

    private static string Letter(int vertex) =>
        vertex < 26 ? ((char)('a' + vertex)).ToString() : string.Create(CultureInfo.InvariantCulture, $"v{vertex + 1}");
}

using System.Globalization;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>
/// A diagram in one line of text. Vertices are lettered a, b, c, ..., latest first; each is written with its type (p,m) and,
/// behind ">", the ends of its p response legs: x1, x2, ... for external legs, else the letter of the later vertex. The tadpole
/// is "a(1,2)>x1 b(2,0)>a,a".
/// </summary>
public static class LineNotation
{
    /// <summary>Writes a diagram.</summary>
    /// <param name="diagram">The diagram; fields of lines are written behind a colon, response field first, if they are not 0.</param>
    public static string Write(Diagram diagram) => string.Join(' ', Enumerable.Range(0, diagram.Vertices.Length).Select(vertex =>
        $"{Letter(vertex)}{diagram.Vertices[vertex]}>{string.Join(',', diagram.Edges.Where(edge => edge.From == vertex).SelectMany(edge => Enumerable.Repeat(End(edge), edge.Count)))}"));

    private static string End(Edge edge)
    {
        string fields = edge.ResponseField == 0 && edge.KernelField == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{edge.ResponseField}{edge.KernelField}");
        return (edge.ToExternal ? string.Create(CultureInfo.InvariantCulture, $"x{edge.To + 1}") : Letter(edge.To)) + fields;
    }

    private static string Letter(int vertex) =>
        vertex < 26 ? ((char)('a' + vertex)).ToString() : string.Create(CultureInfo.InvariantCulture, $"v{vertex + 1}");
}

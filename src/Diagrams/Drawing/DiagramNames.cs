// A diagram is called by its vertices, earliest last, as one would in a paper: source for the noise of a layer, initial for a cumulant of the
// initial rows, tadpole for the one-loop diagram of the mean, drift of a degree for the rest. Diagrams with the same vertices are told apart by a number.
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Names of diagrams.</summary>
internal static class DiagramNames
{
    private static readonly string[] Counts = ["", "", "two ", "three ", "four ", "five ", "six "], Degrees = ["", "linear", "quadratic", "cubic", "quartic", "quintic", "sextic"];

    /// <summary>The names of the diagrams of a cumulant, each its own.</summary>
    /// <param name="diagrams">The diagrams, in the order in which they are shown.</param>
    /// <param name="vertexName">What the theory calls a vertex; null for drift, source and higher cumulants.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<Diagram> diagrams, Func<VertexType, string>? vertexName = null)
    {
        string[] names = [.. diagrams.Select(diagram => vertexName is null ? Of(diagram) : Joined(diagram.Vertices, vertexName))];
        return
        [
            .. names.Select((name, at) => names.Count(other => other == name) == 1 ? name
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}, {names.Take(at + 1).Count(other => other == name)}")),
        ];
    }

    private static string Of(Diagram diagram)
    {
        VertexType[] vertices = [.. diagram.Vertices];
        if (diagram.External == 1 && vertices is [{ ResponseLegs: 1, KernelLegs: 2, ExtraOrder: 0 }, { ResponseLegs: 2, KernelLegs: 0, ExtraOrder: 0 }])
            return vertices[1].Origin == VertexOrigin.InitialTime ? "tadpole of the initial rows" : "tadpole";
        return Joined(vertices, Of);
    }

    /// <summary>linear, quadratic, ...; nothing for no leg.</summary>
    /// <param name="legs">The number of legs.</param>
    public static string Degree(int legs) => legs == 0 ? "" : (legs < Degrees.Length ? Degrees[legs] : "high") + " ";

    private static string Joined(IEnumerable<VertexType> vertices, Func<VertexType, string> name) =>
        string.Join(", ", vertices.GroupBy(name, StringComparer.Ordinal).Select(alike => (alike.Count() < Counts.Length ? Counts[alike.Count()] : "many ") + alike.Key + (alike.Count() > 1 ? "s" : "")));

    private static string Of(VertexType vertex)
    {
        string order = vertex.ExtraOrder == 0 ? "" : " at the next order";
        string degree = vertex.KernelLegs < Degrees.Length ? Degrees[vertex.KernelLegs] : "high";
        return (vertex.Origin, vertex.ResponseLegs, vertex.KernelLegs) switch
        {
            (VertexOrigin.InitialTime, 2, _) => "initial",
            (VertexOrigin.InitialTime, _, _) => "initial cumulant",
            (_, 1, 0) => "drift",
            (_, 1, _) => $"{degree} drift",
            (_, 2, 0) => "source",
            (_, 2, _) => $"{degree} source",
            (_, 3, 0) => "third cumulant",
            (_, 3, _) => $"{degree} third cumulant",
            _ => "high cumulant",
        } + order;
    }
}

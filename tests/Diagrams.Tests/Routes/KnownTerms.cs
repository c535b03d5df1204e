using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Tests.Routes;

// The term that a pair (diagram, latest vertex) stands for, as a short key: the type of the vertex, the external legs that it
// drives, and for every piece that is left its legs on the vertex by field, its external legs, and the powers of 1/n in it.
// Millions of pairs stand for few terms; only the first of each is looked at closely.

/// <summary>Remembers which terms were met.</summary>
internal sealed class KnownTerms
{
    private const int MostLegs = 16;

    private readonly HashSet<string> keys = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly int[] piece = new int[64];
    private readonly ulong[] content = new ulong[64];
    private readonly char[] key = new char[320];

    internal KnownTerms(int external)
    {
        if (external > MostLegs) throw new ArgumentException($"There are {external} external legs; terms are told apart for at most {MostLegs}.");
        lookup = keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Adds the term of a pair; false if it was met before.</summary>
    internal bool Add(Diagram diagram, int latest)
    {
        int vertices = diagram.Vertices.Length;
        for (int vertex = 0; vertex < vertices; vertex++) piece[vertex] = vertex;
        foreach (Edge edge in diagram.Edges)
        {
            if (!edge.ToExternal && edge.From != latest && edge.To != latest) piece[Root(edge.From)] = Root(edge.To);
        }

        // Legs on the vertex: 8 bits for each of at most 4 fields; external legs: 16 bits; powers of 1/n: 16 bits.
        Array.Clear(content, 0, vertices);
        ulong driven = 0;
        foreach (Edge edge in diagram.Edges)
        {
            if (edge.From == latest) driven |= 1UL << edge.To;
            else if (edge.ToExternal) content[Root(edge.From)] |= 1UL << (32 + edge.To);
            else if (edge.To == latest) content[Root(edge.From)] += (ulong)edge.Count << (8 * edge.KernelField);
        }

        for (int vertex = 0; vertex < vertices; vertex++)
        {
            if (vertex != latest) content[Root(vertex)] += (ulong)diagram.Vertices[vertex].Order << 48;
        }

        int pieces = 0;
        for (int vertex = 0; vertex < vertices; vertex++)
        {
            if (vertex != latest && piece[vertex] == vertex) content[pieces++] = content[vertex];
        }

        content.AsSpan(0, pieces).Sort();
        int length = 0;
        VertexType type = diagram.Vertices[latest];
        for (int field = 0; field < type.FieldCount; field++)
        {
            key[length++] = (char)type.ResponseByField[field];
            key[length++] = (char)type.KernelByField[field];
        }

        key[length++] = (char)type.ExtraOrder;
        key[length++] = (char)driven;
        for (int at = 0; at < pieces; at++)
        {
            for (int shift = 0; shift < 64; shift += 16) key[length++] = (char)(content[at] >> shift);
        }

        return lookup.Add(key.AsSpan(0, length));
    }

    private int Root(int vertex)
    {
        while (piece[vertex] != vertex) vertex = piece[vertex];
        return vertex;
    }
}

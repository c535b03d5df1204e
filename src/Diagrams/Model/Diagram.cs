using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using SymbolicEft.Diagrams.Generation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Model;

/// <summary>Equal lines from one vertex to a later vertex or an external leg.</summary>
/// <param name="From">Index of the earlier vertex; its response legs are used.</param>
/// <param name="To">Index of the later vertex, or of the external leg if <paramref name="ToExternal"/>.</param>
/// <param name="ToExternal">Whether the later end is an external leg.</param>
/// <param name="Count">Number of equal lines, at least 1.</param>
/// <param name="ResponseField">Field of the response legs.</param>
/// <param name="KernelField">Field of the kernel legs.</param>
public readonly record struct Edge(int From, int To, bool ToExternal, int Count = 1, int ResponseField = 0, int KernelField = 0);

/// <summary>
/// One diagram of the causal response-field theory, in canonical numbering: two diagrams are the same if and only if
/// their <see cref="Key"/> is the same.
/// </summary>
/// <remarks>
/// Vertices are numbered latest first: by the longest causal path to an external leg (<see cref="Layers"/>), then by
/// type, then canonically. Every line therefore runs from a higher number to a lower one.
/// </remarks>
public sealed class Diagram : IEquatable<Diagram>
{
    // Written when asked for: an enumeration by the million needs neither.
    private string? key;
    private string? id;

    internal Diagram(
        ImmutableArray<int> externalFields,
        bool labelledExternals,
        ImmutableArray<VertexType> vertices,
        ImmutableArray<Edge> edges,
        ImmutableArray<int> layers,
        BigInteger vertexAutomorphisms)
    {
        ExternalFields = externalFields;
        LabelledExternals = labelledExternals;
        Vertices = vertices;
        Edges = edges;
        Layers = layers;
        VertexAutomorphisms = vertexAutomorphisms;
        Automorphisms = vertexAutomorphisms;
        foreach (Edge edge in edges)
        {
            for (int factor = 2; factor <= edge.Count; factor++) Automorphisms *= factor;
        }

        Loops = 1 - externalFields.Length + vertices.Sum(vertex => vertex.Order);
    }

    /// <summary>The field of every external leg, in the order of the legs.</summary>
    public ImmutableArray<int> ExternalFields { get; }

    /// <summary>Whether the external legs are told apart.</summary>
    public bool LabelledExternals { get; }

    /// <summary>The vertices, latest first.</summary>
    public ImmutableArray<VertexType> Vertices { get; }

    /// <summary>The lines, by earlier vertex, then external legs before vertices, then later end, then fields.</summary>
    public ImmutableArray<Edge> Edges { get; }

    /// <summary>For every vertex the number of lines on the longest causal path to an external leg, 1 or more.</summary>
    public ImmutableArray<int> Layers { get; }

    /// <summary>Number of permutations of vertices (and of external legs that are not labelled) that leave the diagram as it is.</summary>
    public BigInteger VertexAutomorphisms { get; }

    /// <summary>|Aut|: <see cref="VertexAutomorphisms"/> times the factorials of the numbers of equal lines.</summary>
    public BigInteger Automorphisms { get; }

    /// <summary>The symmetry factor 1/|Aut|.</summary>
    public Rational SymmetryFactor => Rational.Of(BigInteger.One, Automorphisms);

    /// <summary>L = 1 - E + sum of vertex orders; for a connected diagram of vertices without extra order, its number of loops.</summary>
    public int Loops { get; }

    /// <summary>The canonical text of the diagram, from which the <see cref="Id"/> is made.</summary>
    public string Key => key ??= WriteKey();

    /// <summary>A stable name: the first 16 hexadecimal digits of the SHA-256 of <see cref="Key"/>.</summary>
    public string Id => id ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)))[..16];

    /// <summary>Number of external legs, E.</summary>
    public int External => ExternalFields.Length;

    /// <summary>Builds the canonical diagram from vertices and lines in any numbering.</summary>
    /// <param name="externalFields">The field of every external leg.</param>
    /// <param name="vertices">The vertices in any order.</param>
    /// <param name="edges">The lines between them in any order; equal lines may be given singly.</param>
    /// <param name="labelledExternals">Whether the external legs are told apart.</param>
    /// <exception cref="ArgumentException">Legs left over or used twice, an unknown index, or a line into the past.</exception>
    public static Diagram Create(
        IEnumerable<int> externalFields,
        IEnumerable<VertexType> vertices,
        IEnumerable<Edge> edges,
        bool labelledExternals = true) =>
        DiagramAssembly.Assemble([.. externalFields], [.. vertices], [.. edges], labelledExternals);

    /// <inheritdoc/>
    public bool Equals(Diagram? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Diagram);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes the <see cref="Key"/>.</summary>
    public override string ToString() => Key;

    // "x1,x1|(1,2) (2,0)|0>x0 1>0*2": external fields, vertices, then for every line earlier>later, equal lines counted.
    // A star after the external fields means that the legs are not labelled; fields of a line are written if not 0.
    private string WriteKey()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', ExternalFields.Select(field => "x" + field.ToString(CultureInfo.InvariantCulture)));
        if (!LabelledExternals) text.Append('*');
        text.Append('|').AppendJoin(' ', Vertices).Append('|');
        for (int i = 0; i < Edges.Length; i++)
        {
            Edge edge = Edges[i];
            if (i > 0) text.Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{edge.From}>{(edge.ToExternal ? "x" : "")}{edge.To}");
            if (edge.ResponseField != 0 || edge.KernelField != 0)
                text.Append(CultureInfo.InvariantCulture, $":{edge.ResponseField}{edge.KernelField}");
            if (edge.Count > 1) text.Append(CultureInfo.InvariantCulture, $"*{edge.Count}");
        }

        return text.ToString();
    }
}

using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

// Depth-first enumeration, backwards in time, layer by layer.
//
// The layer of a vertex is the number of lines on its longest causal path to an external leg. A diagram cut after layer k
// is determined by the diagram, so diagrams with different cuts differ: it is enough to tell apart the extensions of one
// partial diagram, and partial diagrams with different parents need never be compared. Extensions of one parent that are
// the same up to its automorphisms are recognised by their canonical certificate; the certificates are dropped as soon as
// the parent is done, so memory follows the depth of the search and not the number of diagrams.

/// <summary>Runs one enumeration and hands every complete diagram to a visitor.</summary>
internal sealed class DiagramSearch(GenerationContext context, IProgress<DiagramProgress>? progress)
{
    private const int ReportEvery = 4096;

    private readonly CanonicalLabelling labelling = new();
    private readonly Cuts cuts = new(context.Request.Connectivity, context.Request.Tadpoles, context.Code);
    private long found;
    private long built;
    private long held;

    internal void Run(Action<PartialDiagram, CanonicalLabelling> visit)
    {
        PartialDiagram start = PartialDiagram.Start(context.Request, context.Budget);
        if (cuts.CanSucceed(start) && context.Feasibility.IsClosable(start.External, start.Budget)) Extend(start, visit);
        progress?.Report(new DiagramProgress(found, built));
    }

    private void Extend(PartialDiagram parent, Action<PartialDiagram, CanonicalLabelling> visit)
    {
        var known = new HashSet<byte[]>(CertificateComparer.Instance);
        new LayerEnumeration(context, parent, layer =>
        {
            PartialDiagram child = parent.WithLayer(layer, context.Types, context.Code);
            if (++built % ReportEvery == 0) progress?.Report(new DiagramProgress(found, built));
            if (!cuts.CanSucceed(child)) return;
            labelling.Run(child);
            if (!known.Add(Certificate.Write(child, labelling.Order, parent.Nodes))) return;
            Count(child.IsComplete);
            if (child.IsComplete) visit(child, labelling);
            else Extend(child, visit);
        }).Run();
        held -= known.Count;
    }

    private void Count(bool complete)
    {
        held++;
        if (complete) found++;
        long limit = context.Request.MaximumDiagrams;
        if (found > limit) throw context.LimitReached("more diagrams");
        if (held > limit) throw context.LimitReached("more partial diagrams held at one time");
    }
}

/// <summary>The canonical bytes of the children of one parent.</summary>
internal static class Certificate
{
    // All lines, and the types of the newest layer, by canonical position. The types of the other layers are those of
    // the parent, and in the same places, because nodes are sorted by layer and type first; so are the open legs, which
    // types and lines determine.
    internal static byte[] Write(PartialDiagram diagram, ReadOnlySpan<int> order, int parentNodes)
    {
        int nodes = diagram.Nodes;
        var bytes = new List<byte>(8 * nodes);
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        for (int position = diagram.External; position < nodes; position++)
        {
            int node = order[position];
            if (position >= parentNodes)
            {
                bytes.Add((byte)diagram.Kind[node]);
                bytes.Add((byte)(diagram.Kind[node] >> 8));
            }

            for (int later = 0; later < position; later++)
            {
                ulong lines = diagram.Lines[(node * nodes) + order[later]];
                if (lines == 0) continue;
                bytes.Add((byte)later);
                if (diagram.Fields == 1)
                {
                    bytes.Add((byte)lines);
                    continue;
                }

                BitConverter.TryWriteBytes(buffer, lines);
                bytes.AddRange(buffer);
            }

            bytes.Add(byte.MaxValue);
        }

        return [.. bytes];
    }
}

/// <summary>Compares certificates by content.</summary>
internal sealed class CertificateComparer : IEqualityComparer<byte[]>
{
    internal static CertificateComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

/// <summary>Packs the numbers of lines between two vertices, one for each pair of fields, into 64 bits.</summary>
internal readonly struct LineCode(int fields)
{
    private readonly int bits = 64 / (fields * fields);

    internal int Capacity => bits >= 31 ? int.MaxValue : (1 << bits) - 1;

    internal ulong One(int responseField, int kernelField) => 1UL << (bits * ((responseField * fields) + kernelField));

    internal int Count(ulong code, int responseField, int kernelField)
    {
        ulong shifted = code >> (bits * ((responseField * fields) + kernelField));
        return (int)(bits == 64 ? shifted : shifted & ((1UL << bits) - 1));
    }

    internal int Total(ulong code)
    {
        if (fields == 1) return (int)code;
        int total = 0;
        for (int response = 0; response < fields; response++)
        {
            for (int kernel = 0; kernel < fields; kernel++) total += Count(code, response, kernel);
        }

        return total;
    }
}

/// <summary>
/// The later part of a diagram: the external legs (the first nodes) and whole layers of vertices, with kernel legs
/// that are still open towards the past.
/// </summary>
internal sealed class PartialDiagram
{
    internal PartialDiagram(int external, int nodes, int fields)
    {
        External = external;
        Nodes = nodes;
        Fields = fields;
        Kind = new int[nodes];
        Layer = new int[nodes];
        Open = new int[nodes * fields];
        Lines = new ulong[nodes * nodes];
    }

    internal int External { get; }

    internal int Nodes { get; }

    internal int Fields { get; }

    /// <summary>Vertex type index; for external legs the label, or the field if the legs are not labelled.</summary>
    internal int[] Kind { get; }

    /// <summary>Longest path to an external leg; 0 for the external legs.</summary>
    internal int[] Layer { get; }

    /// <summary>Open kernel legs, [node * Fields + field].</summary>
    internal int[] Open { get; }

    /// <summary>Line codes, [earlier * Nodes + later].</summary>
    internal ulong[] Lines { get; }

    /// <summary>Powers of 1/n still to be spent.</summary>
    internal int Budget { get; init; }

    internal int LastLayer { get; init; }

    internal bool IsComplete => Budget == 0 && !Open.Any(count => count > 0);

    /// <summary>The key by which nodes are sorted before any graph structure is looked at.</summary>
    internal ulong ColourKey(int node)
    {
        ulong key = ((ulong)Layer[node] << 16) | (uint)Kind[node];
        for (int field = 0; field < Fields; field++) key = (key << 8) | (uint)Open[(node * Fields) + field];
        return key;
    }

    internal static PartialDiagram Start(DiagramRequest request, int budget)
    {
        int fields = request.Theory.Fields.Length;
        var start = new PartialDiagram(request.ExternalFields.Length, request.ExternalFields.Length, fields) { Budget = budget };
        for (int leg = 0; leg < start.External; leg++)
        {
            int field = request.ExternalFields[leg];
            start.Kind[leg] = request.LabelledExternals ? leg : field;
            start.Open[(leg * fields) + field] = 1;
        }

        return start;
    }

    /// <summary>This partial diagram with one more layer of vertices.</summary>
    internal PartialDiagram WithLayer(IReadOnlyList<Placement> layer, ImmutableArray<VertexType> types, LineCode code)
    {
        int budget = Budget;
        foreach (Placement placement in layer) budget -= types[placement.Type].Order;
        var result = new PartialDiagram(External, Nodes + layer.Count, Fields) { Budget = budget, LastLayer = LastLayer + 1 };
        Kind.CopyTo(result.Kind, 0);
        Layer.CopyTo(result.Layer, 0);
        Open.CopyTo(result.Open, 0);
        for (int node = 0; node < Nodes; node++)
            Array.Copy(Lines, node * Nodes, result.Lines, node * result.Nodes, Nodes);
        for (int i = 0; i < layer.Count; i++)
        {
            Placement placement = layer[i];
            VertexType type = types[placement.Type];
            int node = Nodes + i;
            result.Kind[node] = placement.Type;
            result.Layer[node] = result.LastLayer;
            for (int field = 0; field < Fields; field++) result.Open[(node * Fields) + field] = type.KernelByField[field];
            foreach (Attachment attachment in placement.Attachments)
            {
                result.Lines[(node * result.Nodes) + attachment.Node] += code.One(attachment.ResponseField, attachment.KernelField);
                result.Open[(attachment.Node * Fields) + attachment.KernelField]--;
            }
        }

        return result;
    }
}

/// <summary>One response leg of a new vertex on one open kernel leg.</summary>
internal readonly record struct Attachment(int Node, int KernelField, int ResponseField);

/// <summary>A new vertex: its type, and where its response legs end.</summary>
internal sealed record Placement(int Type, Attachment[] Attachments);

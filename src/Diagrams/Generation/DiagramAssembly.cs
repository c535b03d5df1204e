using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

/// <summary>Turns graphs into canonical diagrams: those the search completes, and those given from outside.</summary>
internal static class DiagramAssembly
{
    /// <summary>The diagram of a complete graph whose canonical numbering has been found.</summary>
    internal static Diagram FromCanonical(
        PartialDiagram graph,
        CanonicalLabelling labelling,
        ImmutableArray<VertexType> types,
        ImmutableArray<int> externalFields,
        bool labelledExternals)
    {
        ReadOnlySpan<int> order = labelling.Order;
        int external = graph.External;
        var code = new LineCode(graph.Fields);
        var vertices = ImmutableArray.CreateBuilder<VertexType>(graph.Nodes - external);
        var layers = ImmutableArray.CreateBuilder<int>(graph.Nodes - external);
        var edges = ImmutableArray.CreateBuilder<Edge>();
        for (int position = external; position < graph.Nodes; position++)
        {
            int node = order[position];
            vertices.Add(types[graph.Kind[node]]);
            layers.Add(graph.Layer[node]);
            for (int later = 0; later < position; later++)
            {
                ulong lines = graph.Lines[(node * graph.Nodes) + order[later]];
                if (lines == 0) continue;
                for (int response = 0; response < graph.Fields; response++)
                {
                    for (int kernel = 0; kernel < graph.Fields; kernel++)
                    {
                        int count = code.Count(lines, response, kernel);
                        if (count == 0) continue;
                        bool toExternal = later < external;
                        edges.Add(new Edge(position - external, toExternal ? later : later - external, toExternal, count, response, kernel));
                    }
                }
            }
        }

        ImmutableArray<int> fields = labelledExternals ? externalFields : [.. externalFields.Order()];
        return new Diagram(
            fields, labelledExternals, vertices.DrainToImmutable(), edges.DrainToImmutable(), layers.DrainToImmutable(), labelling.Automorphisms);
    }

    /// <summary>Checks a graph in any numbering and makes it canonical.</summary>
    internal static Diagram Assemble(
        ImmutableArray<int> externalFields, ImmutableArray<VertexType> vertices, ImmutableArray<Edge> edges, bool labelledExternals)
    {
        int external = externalFields.Length;
        int nodes = external + vertices.Length;
        if (external == 0) throw new ArgumentException("A diagram has at least one external leg.");
        if (nodes > GenerationContext.MaximumNodes)
            throw new ArgumentException($"The diagram has {nodes} nodes; the limit is {GenerationContext.MaximumNodes}.");
        int fields = vertices.Length == 0 ? 1 : vertices[0].FieldCount;
        if (vertices.Any(vertex => vertex.FieldCount != fields)) throw new ArgumentException("The vertices are written for different numbers of fields.");
        if (externalFields.Any(field => field < 0 || field >= fields)) throw new ArgumentException($"An external leg has a field outside 0..{fields - 1}.");

        ImmutableArray<VertexType> types = [.. vertices.Distinct().Order()];
        var graph = new PartialDiagram(external, nodes, fields);
        var code = new LineCode(fields);
        for (int leg = 0; leg < external; leg++) graph.Kind[leg] = labelledExternals ? leg : externalFields[leg];
        for (int i = 0; i < vertices.Length; i++) graph.Kind[external + i] = types.BinarySearch(vertices[i]);
        var response = new int[nodes, fields];
        var kernel = new int[nodes, fields];
        foreach (Edge edge in edges)
        {
            int laterLimit = edge.ToExternal ? external : vertices.Length;
            bool known = edge.From >= 0 && edge.From < vertices.Length && edge.To >= 0 && edge.To < laterLimit
                && edge.ResponseField >= 0 && edge.ResponseField < fields && edge.KernelField >= 0 && edge.KernelField < fields;
            if (!known || edge.Count < 1) throw new ArgumentException($"The line {edge} has an unknown end or field, or no count.");
            int earlier = external + edge.From;
            int later = edge.ToExternal ? edge.To : external + edge.To;
            response[earlier, edge.ResponseField] += edge.Count;
            kernel[later, edge.KernelField] += edge.Count;
            if (response[earlier, edge.ResponseField] > code.Capacity)
                throw new ArgumentException($"The vertex {edge.From} has more than {code.Capacity} equal lines, which is the limit.");
            graph.Lines[(earlier * nodes) + later] += (ulong)edge.Count * code.One(edge.ResponseField, edge.KernelField);
        }

        for (int node = 0; node < nodes; node++)
        {
            for (int field = 0; field < fields; field++)
            {
                bool isLeg = node < external;
                int wantedResponse = isLeg ? 0 : vertices[node - external].ResponseByField[field];
                int wantedKernel = isLeg ? (externalFields[node] == field ? 1 : 0) : vertices[node - external].KernelByField[field];
                if (response[node, field] == wantedResponse && kernel[node, field] == wantedKernel) continue;
                string name = isLeg ? $"external leg {node}" : $"vertex {node - external} of type {vertices[node - external]}";
                throw new ArgumentException($"Of field {field}, {name} has {response[node, field]} response and {kernel[node, field]} kernel lines, and needs {wantedResponse} and {wantedKernel}.");
            }
        }

        FindLayers(graph);
        var labelling = new CanonicalLabelling();
        labelling.Run(graph);
        return FromCanonical(graph, labelling, types, externalFields, labelledExternals);
    }

    // Longest paths by repeated relaxation; a path longer than the number of nodes means a closed loop of retarded lines.
    private static void FindLayers(PartialDiagram graph)
    {
        int nodes = graph.Nodes;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int earlier = graph.External; earlier < nodes; earlier++)
            {
                for (int later = 0; later < nodes; later++)
                {
                    if (graph.Lines[(earlier * nodes) + later] == 0 || graph.Layer[earlier] > graph.Layer[later]) continue;
                    graph.Layer[earlier] = graph.Layer[later] + 1;
                    if (graph.Layer[earlier] > nodes)
                        throw new ArgumentException("The lines of the diagram close a loop in time; retarded lines cannot.");
                    changed = true;
                }
            }
        }
    }
}

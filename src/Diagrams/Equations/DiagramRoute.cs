using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Equations;

// From diagrams to equations.
//
// An equal-time cumulant is the sum of its connected diagrams, every vertex integrated over the times that causality
// allows. Its time derivative acts
//   - on the external lines: the linear terms, one (1,1) coupling on one external leg;
//   - on the upper end of the time integrals: the latest vertex of a diagram acts now. All its response legs end on
//     external legs, over lines of no duration, which join equal fields only.
// Take the latest vertex away. What remains falls into components, each a diagram of a cumulant of its own: its legs are
// the kernel legs of the vertex it held and the external legs left to it. Summing over all diagrams that leave the same
// legs together replaces every component by its cumulant, and the coefficient is 1/|Aut| of the picture of blobs.

/// <summary>Derives the equations of the cumulants from the pairs (diagram, latest vertex).</summary>
internal static class DiagramRoute
{
    /// <summary>The equation of the cumulant that a set of diagrams adds up to.</summary>
    /// <param name="set">All connected diagrams with labelled external legs.</param>
    /// <exception cref="ArgumentException">Diagrams were left out or their legs are not labelled.</exception>
    public static CumulantEquation Derive(DiagramSet set)
    {
        DiagramRequest request = set.Request;
        if (!request.LabelledExternals || request.Connectivity != Connectivity.Connected || request.Tadpoles != TadpoleRule.Keep)
            throw new ArgumentException("The equation of a cumulant needs all connected diagrams with labelled legs; ask for these.", nameof(set));
        var pairs = new SortedDictionary<string, (LatestVertexTerm Term, List<Diagram> Diagrams)>(StringComparer.Ordinal);
        foreach (Diagram diagram in set.Diagrams)
        {
            for (int vertex = 0; vertex < diagram.Vertices.Length; vertex++)
            {
                if (!CanBeLatest(diagram, vertex)) continue;
                LatestVertexTerm term = TakeAway(diagram, vertex);
                string key = term.ToString();
                if (!pairs.TryGetValue(key, out (LatestVertexTerm Term, List<Diagram> Diagrams) known))
                    pairs[key] = known = (term, []);
                known.Diagrams.Add(diagram);
            }
        }

        return Equation(request, pairs.Values.Select(pair => pair.Term with { Diagrams = [.. pair.Diagrams] }));
    }

    /// <summary>The equation of the cumulant of a request: its linear terms, and those of the vertices, sorted.</summary>
    internal static CumulantEquation Equation(DiagramRequest request, IEnumerable<LatestVertexTerm> terms)
    {
        IEnumerable<LatestVertexTerm> sorted = terms
            .OrderBy(term => term.Vertex)
            .ThenBy(term => term.Factors.Length)
            .ThenBy(term => term.ToString(), StringComparer.Ordinal);
        var cumulant = new Cumulant(CountFields(request.ExternalFields, request.Theory.Fields.Length), request.Loops);
        return new CumulantEquation(cumulant, [.. LinearTerms(request), .. sorted]);
    }

    /// <summary>Whether a vertex can be the latest: all its response legs are external legs, over lines of no duration.</summary>
    internal static bool CanBeLatest(Diagram diagram, int vertex)
    {
        if (diagram.Vertices[vertex].Origin != VertexOrigin.Dynamics) return false;
        foreach (Edge edge in diagram.Edges)
        {
            if (edge.From == vertex && (!edge.ToExternal || edge.ResponseField != edge.KernelField)) return false;
        }

        return true;
    }

    /// <summary>The term that a diagram and its latest vertex stand for, without the diagram.</summary>
    internal static LatestVertexTerm TakeAway(Diagram diagram, int vertex)
    {
        int fields = diagram.Vertices[vertex].FieldCount;
        ImmutableArray<int> driven = [.. diagram.Edges.Where(edge => edge.From == vertex).Select(edge => edge.To).Order()];
        var factors = new List<CumulantFactor>();
        foreach (List<int> component in ComponentsWithout(diagram, vertex))
        {
            var vertexLegs = new int[fields];
            var externals = new List<int>();
            foreach (Edge edge in diagram.Edges.Where(edge => component.Contains(edge.From)))
            {
                if (edge.ToExternal) externals.Add(edge.To);
                else if (edge.To == vertex) vertexLegs[edge.KernelField] += edge.Count;
            }

            externals.Sort();
            int[] legs = [.. CountFields(externals.Select(leg => diagram.ExternalFields[leg]), fields)];
            for (int field = 0; field < fields; field++) legs[field] += vertexLegs[field];
            int loops = 1 - legs.Sum() + component.Sum(index => diagram.Vertices[index].Order);
            factors.Add(new CumulantFactor(new Cumulant([.. legs], loops), [.. vertexLegs], [.. externals]));
        }

        ImmutableArray<CumulantFactor> sorted = [.. factors.OrderBy(factor => factor.Cumulant).ThenBy(factor => factor.ToString(), StringComparer.Ordinal)];
        return new LatestVertexTerm(Coefficient(sorted), diagram.Vertices[vertex], driven, sorted, []);
    }

    // Blobs with external legs are told apart by the labels, so only blobs without any can be equal.
    private static Rational Coefficient(ImmutableArray<CumulantFactor> factors)
    {
        IEnumerable<int> equal = factors.SelectMany(factor => factor.VertexLegs).Concat(factors.GroupBy(factor => factor.ToString(), StringComparer.Ordinal).Select(group => group.Count()));
        return equal.Aggregate(Rational.One, (product, number) => product / Rational.Factorial(number));
    }

    private static List<List<int>> ComponentsWithout(Diagram diagram, int removed)
    {
        var components = new List<List<int>>();
        var seen = new bool[diagram.Vertices.Length];
        seen[removed] = true;
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start]) continue;
            seen[start] = true;
            List<int> component = [start];
            for (int i = 0; i < component.Count; i++)
            {
                foreach (Edge edge in diagram.Edges)
                {
                    if (edge.ToExternal || (edge.From != component[i] && edge.To != component[i])) continue;
                    int other = edge.From == component[i] ? edge.To : edge.From;
                    if (seen[other]) continue;
                    seen[other] = true;
                    component.Add(other);
                }
            }

            components.Add(component);
        }

        return components;
    }

    // The (1,1) coupling of the linearised drift on one external leg; it may turn the field into another.
    private static IEnumerable<LatestVertexTerm> LinearTerms(DiagramRequest request)
    {
        int fields = request.Theory.Fields.Length;
        for (int leg = 0; leg < request.ExternalFields.Length; leg++)
        {
            int driven = request.ExternalFields[leg];
            for (int source = 0; source < fields; source++)
            {
                if (!request.Theory.Propagates(source, driven)) continue;
                ImmutableArray<int> one = CountFields([source], fields);
                IEnumerable<int> others = Enumerable.Range(0, request.ExternalFields.Length).Where(other => other != leg);
                ImmutableArray<int> legs = CountFields(others.Select(other => request.ExternalFields[other]).Append(source), fields);
                var factor = new CumulantFactor(new Cumulant(legs, request.Loops), one, [.. others]);
                yield return new LatestVertexTerm(
                    Rational.One, new VertexType(CountFields([driven], fields), one), [leg], [factor], []);
            }
        }
    }

    private static ImmutableArray<int> CountFields(IEnumerable<int> labels, int fields)
    {
        var counts = new int[fields];
        foreach (int label in labels) counts[label]++;
        return [.. counts];
    }
}

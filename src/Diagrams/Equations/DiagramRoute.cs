using System.Collections.Immutable;
using System.Numerics;
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
    /// <summary>The equation of one cumulant of a one-field theory.</summary>
    /// <param name="theory">A theory of one field.</param>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    /// <param name="cancellation">Stops the enumeration of the diagrams.</param>
    public static CumulantEquation Derive(FieldTheory theory, int external, int loops, CancellationToken cancellation = default) =>
        Derive(DiagramRequest.OneField(theory, external, loops), cancellation);

    /// <summary>The equation of the cumulant whose diagrams are asked for.</summary>
    /// <param name="request">Connected diagrams with labelled external legs, none left out.</param>
    /// <param name="cancellation">Stops the enumeration of the diagrams.</param>
    /// <exception cref="ArgumentException">The request leaves diagrams out or does not label the legs.</exception>
    /// <exception cref="DiagramLimitException">The request is beyond its limit.</exception>
    public static CumulantEquation Derive(DiagramRequest request, CancellationToken cancellation = default)
    {
        RequireComplete(request);
        return Derive(DiagramGenerator.Generate(request, null, cancellation));
    }

    /// <summary>
    /// The same equation for a request of any number of diagrams: they are visited one by one and not stored, and the terms come
    /// without them.
    /// </summary>
    /// <param name="request">Connected diagrams with labelled external legs, none left out; at most 16 legs.</param>
    /// <param name="cancellation">Stops the enumeration of the diagrams.</param>
    /// <exception cref="ArgumentException">The request leaves diagrams out, does not label the legs, or has more than 16.</exception>
    /// <exception cref="DiagramLimitException">The request is beyond its limit.</exception>
    public static CumulantEquation DeriveWithoutDiagrams(DiagramRequest request, CancellationToken cancellation = default)
    {
        RequireComplete(request);
        var known = new KnownTerms(request.ExternalFields.Length);
        var terms = new SortedDictionary<string, LatestVertexTerm>(StringComparer.Ordinal);
        DiagramGenerator.Visit(
            request,
            diagram =>
            {
                for (int vertex = 0; vertex < diagram.Vertices.Length; vertex++)
                {
                    if (!CanBeLatest(diagram, vertex) || !known.Add(diagram, vertex)) continue;
                    LatestVertexTerm term = TakeAway(diagram, vertex);
                    terms.TryAdd(term.ToString(), term);
                }
            },
            null,
            cancellation);
        return Equation(request, terms.Values);
    }

    /// <summary>The equation of the cumulant that a set of diagrams adds up to.</summary>
    /// <param name="set">All connected diagrams with labelled external legs.</param>
    /// <exception cref="ArgumentException">Diagrams were left out or their legs are not labelled.</exception>
    public static CumulantEquation Derive(DiagramSet set)
    {
        DiagramRequest request = set.Request;
        RequireComplete(request);
        var pairs = new SortedDictionary<string, (LatestVertexTerm Term, List<LatestVertex> Diagrams)>(StringComparer.Ordinal);
        foreach (Diagram diagram in set.Diagrams)
        {
            for (int vertex = 0; vertex < diagram.Vertices.Length; vertex++)
            {
                if (!CanBeLatest(diagram, vertex)) continue;
                LatestVertexTerm term = TakeAway(diagram, vertex);
                string key = term.ToString();
                if (!pairs.TryGetValue(key, out (LatestVertexTerm Term, List<LatestVertex> Diagrams) known))
                    pairs[key] = known = (term, []);
                known.Diagrams.Add(new LatestVertex(diagram, vertex));
            }
        }

        return Equation(request, pairs.Values.Select(pair => pair.Term with { Diagrams = [.. pair.Diagrams] }));
    }

    private static CumulantEquation Equation(DiagramRequest request, IEnumerable<LatestVertexTerm> terms)
    {
        IEnumerable<LatestVertexTerm> sorted = terms
            .OrderBy(term => term.Vertex)
            .ThenBy(term => term.Factors.Length)
            .ThenBy(term => term.ToString(), StringComparer.Ordinal);
        var cumulant = new Cumulant(CountFields(request.ExternalFields, request.Theory.Fields.Length), request.Loops);
        return new CumulantEquation(cumulant, request.ExternalFields, [.. LinearTerms(request), .. sorted]);
    }

    private static void RequireComplete(DiagramRequest request)
    {
        if (!request.LabelledExternals || request.Connectivity != Connectivity.Connected || request.Tadpoles != TadpoleRule.Keep)
            throw new ArgumentException("The equation of a cumulant needs all connected diagrams with labelled legs; ask for these.", nameof(request));
    }

    private static bool CanBeLatest(Diagram diagram, int vertex)
    {
        if (diagram.Vertices[vertex].Origin != VertexOrigin.Dynamics) return false;
        foreach (Edge edge in diagram.Edges)
        {
            if (edge.From == vertex && (!edge.ToExternal || edge.ResponseField != edge.KernelField)) return false;
        }

        return true;
    }

    private static LatestVertexTerm TakeAway(Diagram diagram, int vertex)
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
        BigInteger automorphisms = BigInteger.One;
        foreach (int legs in factors.SelectMany(factor => factor.VertexLegs)) automorphisms *= Factorial(legs);
        foreach (IGrouping<string, CumulantFactor> equal in factors.GroupBy(factor => factor.ToString(), StringComparer.Ordinal))
            automorphisms *= Factorial(equal.Count());
        return Rational.Of(BigInteger.One, automorphisms);
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

    private static BigInteger Factorial(int number)
    {
        BigInteger product = BigInteger.One;
        for (int factor = 2; factor <= number; factor++) product *= factor;
        return product;
    }
}

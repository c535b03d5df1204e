using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Tests.Routes;

/// <summary>Equations from diagrams that are enumerated for them.</summary>
internal static class DiagramEquations
{
    /// <summary>The equation of one cumulant of a one-field theory.</summary>
    public static CumulantEquation Derive(FieldTheory theory, int external, int loops) => DiagramRequest.OneField(theory, external, loops).Derive();

    /// <summary>The equation of the cumulant whose diagrams are asked for.</summary>
    public static CumulantEquation Derive(this DiagramRequest request) => DiagramRoute.Derive(DiagramGenerator.Generate(request));

    /// <summary>The same for any number of diagrams: they are visited one by one and not stored, and the terms come without them.</summary>
    public static CumulantEquation DeriveWithoutDiagrams(this DiagramRequest request)
    {
        var known = new KnownTerms(request.ExternalFields.Length);
        var terms = new SortedDictionary<string, LatestVertexTerm>(StringComparer.Ordinal);
        DiagramGenerator.Visit(request, diagram =>
        {
            for (int vertex = 0; vertex < diagram.Vertices.Length; vertex++)
            {
                if (!DiagramRoute.CanBeLatest(diagram, vertex) || !known.Add(diagram, vertex)) continue;
                LatestVertexTerm term = DiagramRoute.TakeAway(diagram, vertex);
                terms.TryAdd(term.ToString(), term);
            }
        });
        return DiagramRoute.Equation(request, terms.Values);
    }

    /// <summary>The right-hand side with like terms added, for fields of one component each.</summary>
    public static ImmutableArray<CumulantTerm> Collect(this CumulantEquation equation, bool linear = true) => CumulantTerm.Collect(
        equation.Terms.Where(term => linear || !term.IsLinear).Select(term => new CumulantTerm(term.Coefficient, term.Vertex, [.. term.Factors.Select(factor => factor.Cumulant).Order()])));
}

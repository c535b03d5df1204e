using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>A cumulant in a term, with what its legs are.</summary>
/// <param name="Cumulant">Which cumulant.</param>
/// <param name="VertexLegs">For every field the number of kernel legs of the latest vertex that it takes, together at least 1.</param>
/// <param name="Externals">The labels of the external legs that it takes, ascending.</param>
internal sealed record CumulantFactor(Cumulant Cumulant, ImmutableArray<int> VertexLegs, ImmutableArray<int> Externals)
{
    /// <summary>Writes "k(2,0)[1;0]": the legs of the vertex, then the external labels.</summary>
    public override string ToString() => $"{Cumulant}[{string.Join('+', VertexLegs)};{string.Join(',', Externals)}]";
}

/// <summary>A diagram and the one of its vertices that is taken as the latest.</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Vertex">Index of the latest vertex in <see cref="Diagram.Vertices"/>.</param>
internal sealed record LatestVertex(Diagram Diagram, int Vertex);

/// <summary>
/// A term of d kappa/dt with labelled external legs: the vertex that acts at the present time, the external legs it
/// drives, and the cumulants that its kernel legs and the remaining external legs are shared out to.
/// </summary>
/// <param name="Coefficient">
/// The rational factor: 1/|Aut| of the picture in which every cumulant is one blob, that is 1 over the factorials of the
/// numbers of legs each blob takes from the vertex, and of the numbers of equal blobs.
/// </param>
/// <param name="Vertex">The latest vertex; its coupling is the derivative of order m, its tensor legs are the blobs' legs.</param>
/// <param name="DrivenExternals">Labels of the external legs on the vertex, ascending.</param>
/// <param name="Factors">The blobs.</param>
/// <param name="Diagrams">The pairs (diagram, latest vertex) that add up to this term; empty for a linear term, which is the time derivative of the external lines.</param>
internal sealed record LatestVertexTerm(
    Rational Coefficient,
    VertexType Vertex,
    ImmutableArray<int> DrivenExternals,
    ImmutableArray<CumulantFactor> Factors,
    ImmutableArray<LatestVertex> Diagrams)
{
    /// <summary>Whether the term is linear: a (1,1) coupling times one cumulant of the same order.</summary>
    public bool IsLinear => Vertex is { Order: 0, ResponseLegs: 1, KernelLegs: 1 };

    /// <summary>The term without the labels of the legs.</summary>
    public CumulantTerm WithoutLegs() => new(Coefficient, Vertex, [.. Factors.Select(factor => factor.Cumulant).Order()]);

    /// <summary>Writes the coefficient, the vertex with the external legs it drives, and the factors with their legs.</summary>
    public override string ToString() =>
        $"{Coefficient} c{Vertex}[{string.Join(',', DrivenExternals)}] {string.Join(' ', Factors)}".TrimEnd();
}

/// <summary>The equation of motion of one equal-time cumulant.</summary>
/// <param name="Cumulant">The cumulant whose time derivative is given.</param>
/// <param name="ExternalFields">The field of every external leg.</param>
/// <param name="Terms">The terms of the right-hand side, linear ones first.</param>
internal sealed record CumulantEquation(Cumulant Cumulant, ImmutableArray<int> ExternalFields, ImmutableArray<LatestVertexTerm> Terms)
{
    /// <summary>The right-hand side with like terms added, for fields of one component each.</summary>
    /// <param name="linear">Whether the linear terms are included.</param>
    public ImmutableArray<CumulantTerm> Collect(bool linear = true) =>
        CumulantTerm.Collect(Terms.Where(term => linear || !term.IsLinear).Select(term => term.WithoutLegs()));
}

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
/// <param name="Diagrams">The diagrams that add up to this term, each once for every vertex that can be its latest; empty for a linear term, which is the time derivative of the external lines.</param>
internal sealed record LatestVertexTerm(
    Rational Coefficient,
    VertexType Vertex,
    ImmutableArray<int> DrivenExternals,
    ImmutableArray<CumulantFactor> Factors,
    ImmutableArray<Diagram> Diagrams)
{
    /// <summary>Whether the term is linear: a (1,1) coupling times one cumulant of the same order.</summary>
    public bool IsLinear => Vertex is { Order: 0, ResponseLegs: 1, KernelLegs: 1 };

    /// <summary>Writes the coefficient, the vertex with the external legs it drives, and the factors with their legs.</summary>
    public override string ToString() =>
        $"{Coefficient} c{Vertex}[{string.Join(',', DrivenExternals)}] {string.Join(' ', Factors)}".TrimEnd();
}

/// <summary>The equation of motion of one equal-time cumulant.</summary>
/// <param name="Cumulant">The cumulant whose time derivative is given.</param>
/// <param name="Terms">The terms of the right-hand side, linear ones first.</param>
internal sealed record CumulantEquation(Cumulant Cumulant, ImmutableArray<LatestVertexTerm> Terms);

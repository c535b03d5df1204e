// What happened last in a diagram of the random clock.
//
// Discrete depth: one layer. Any set of drift vertices whose legs are external acted in it, none included, and the linear response carried the other legs of the
// clock on; modes are martingales and were carried on as they are. Continuous depth: one thing at a time, one vertex or the response of one leg.
// The functions of the vertices that acted are averages over neurons, of different ones or of the same: a meeting takes place in this layer if its lines end on
// vertices that act, but for at most one, which ends on an external leg. Two modes outside are of different neurons: they meet in no layer.
// Legs on G are looked at after the last layer: G = Khat + <H>, and averages of H may be of the same neuron too.
// Take the move away: the rest falls into diagrams of lower cumulants.

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Diagrams.Clock;

/// <summary>Where a leg of a part leads: to an external leg by its label, or to a vertex that acted or a meeting that took place, by its place in the diagram.</summary>
/// <param name="IsExternal">Whether it is an external leg.</param>
/// <param name="Place">The label, or the place.</param>
internal readonly record struct ClockEnd(bool IsExternal, int Place);

/// <summary>What is left of a diagram in one piece.</summary>
/// <param name="Diagram">The piece, with labelled external legs.</param>
/// <param name="Ends">For every leg of the piece, by label, where it leads.</param>
internal sealed record ClockPart(Diagram Diagram, ImmutableArray<ClockEnd> Ends);

/// <summary>A last move.</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Acting">The drift vertices that acted.</param>
/// <param name="Meetings">The meetings that took place.</param>
/// <param name="Moving">The one leg that the linear response moved, in continuous depth; else null.</param>
/// <param name="IsObserved">Whether it is no move, but G in the clock and the modes.</param>
/// <param name="Parts">The pieces that are left.</param>
internal sealed record ClockMove(Diagram Diagram, ImmutableArray<int> Acting, ImmutableArray<int> Meetings, int? Moving, bool IsObserved, ImmutableArray<ClockPart> Parts)
{
    /// <summary>Whether nothing but the linear response acted: what is left is the diagram itself.</summary>
    public bool IsLinear => Acting.IsEmpty && !IsObserved;

    /// <summary>All last moves, those included that leave a graph without a value.</summary>
    /// <param name="diagram">A diagram of <see cref="ClockTheory"/>.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static IEnumerable<ClockMove> Of(Diagram diagram, DepthForm form)
    {
        if (diagram.ExternalFields.Contains(ClockTheory.Kernel))
            return [Cut(diagram, [], null, isObserved: true)];
        int[] last =
        [
            .. Enumerable.Range(0, diagram.Vertices.Length)
                .Where(vertex => IsDrift(diagram.Vertices[vertex]) && diagram.Edges.Single(edge => edge.From == vertex).ToExternal)
                .OrderBy(vertex => diagram.Edges.Single(edge => edge.From == vertex).To),
        ];
        return form == DepthForm.Discrete
            ? Enumerable.Range(0, 1 << last.Length).Select(chosen => Cut(diagram, [.. last.Where((_, at) => (chosen >> at & 1) == 1)], null, false))
            :
            [
                .. Enumerable.Range(0, diagram.External).Where(leg => diagram.ExternalFields[leg] == ClockTheory.Clock).Select(leg => Cut(diagram, [], leg, false)),
                .. last.Select(vertex => Cut(diagram, [vertex], null, false)),
            ];
    }

    /// <summary>The external leg that a drift vertex that acted drives.</summary>
    /// <param name="vertex">Its place.</param>
    public int LegOf(int vertex) => Diagram.Edges.Single(edge => edge.From == vertex).To;

    private static bool IsDrift(VertexType type) => type.Origin != VertexOrigin.Meeting;

    private static ClockMove Cut(Diagram diagram, ImmutableArray<int> acting, int? moving, bool isObserved)
    {
        ImmutableArray<int> meetings = [.. Enumerable.Range(0, diagram.Vertices.Length).Where(vertex => !IsDrift(diagram.Vertices[vertex]) && Meets(diagram, vertex, acting, isObserved))];
        ImmutableArray<int> gone = [.. acting, .. meetings];
        return new ClockMove(diagram, acting, meetings, moving, isObserved, [.. LastMove.Pieces(diagram, gone).Select(piece => Part(diagram, piece, gone))]);
    }

    private static bool Meets(Diagram diagram, int vertex, ImmutableArray<int> acting, bool isObserved)
    {
        Edge[] lines = [.. diagram.Edges.Where(edge => edge.From == vertex)];
        return lines.All(edge => edge.ToExternal || acting.Contains(edge.To)) && (isObserved || lines.Count(edge => edge.ToExternal) <= 1);
    }

    private static ClockPart Part(Diagram diagram, List<int> piece, ImmutableArray<int> gone)
    {
        var edges = new List<Edge>();
        var fields = new List<int>();
        var ends = new List<ClockEnd>();
        foreach (Edge edge in diagram.Edges.Where(edge => piece.Contains(edge.From)))
        {
            Edge moved = edge with { From = piece.IndexOf(edge.From) };
            if (!edge.ToExternal && !gone.Contains(edge.To))
            {
                edges.Add(moved with { To = piece.IndexOf(edge.To) });
                continue;
            }

            // Each line is a leg of its own: of the clock or of a mode, where it led to G too.
            for (int line = 0; line < edge.Count; line++)
            {
                edges.Add(moved with { To = ends.Count, ToExternal = true, Count = 1, KernelField = edge.ResponseField });
                fields.Add(edge.ResponseField);
                ends.Add(new ClockEnd(edge.ToExternal, edge.To));
            }
        }

        return new ClockPart(Diagram.Create(fields, piece.Select(vertex => diagram.Vertices[vertex]), edges), [.. ends]);
    }
}

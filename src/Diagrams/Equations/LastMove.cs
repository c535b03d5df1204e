using System.Collections.Immutable;
using System.Numerics;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>External legs that one vertex drives at the last moment, or one leg that no vertex drives.</summary>
/// <param name="Vertex">The vertex; (1,1) for a leg that the linearised drift carries on, or that stands still.</param>
/// <param name="Externals">The labels of the legs, ascending.</param>
/// <param name="Moves">False for a leg that stands still, which exists in continuous depth only.</param>
internal sealed record MovingBlock(VertexType Vertex, ImmutableArray<int> Externals, bool Moves);

/// <summary>What is left of a diagram in one piece when its last move is taken away.</summary>
/// <param name="Diagram">The piece, with labelled external legs.</param>
/// <param name="Blocks">For every leg of the piece, by label, the place of the block that it leads to.</param>
internal sealed record MovePart(Diagram Diagram, ImmutableArray<int> Blocks);

// What happened last in a diagram.
//
// Continuous depth: one thing at a time. Either one external leg moved by the linearised drift, or the latest vertex acted,
// whose response legs are all external legs; every other leg stood still.
// Discrete depth: one layer. Any set of vertices whose response legs are all external legs acted in it, none included,
// and the linearised map carried every other leg on.
// Take the move away: the rest falls into diagrams of lower cumulants. The Feynman sum over the depths of the vertices has
// the weight 1/|Aut|, and what is left factorises into the sums of the parts, so the part of the diagram's rate (or of its
// next value) is (product of |Aut(part)|)/|Aut(diagram)| times the vertices' couplings times the values of the parts.

/// <summary>The last move of a diagram of one kernel: which vertices acted, and what was there before.</summary>
/// <param name="Diagram">The diagram.</param>
/// <param name="Blocks">The blocks of the vertices that acted last, in the order of their first legs, none for a move of the linearised drift alone; then the legs that no vertex drives, by label.</param>
/// <param name="Parts">The pieces that are left.</param>
internal sealed record LastMove(Diagram Diagram, ImmutableArray<MovingBlock> Blocks, ImmutableArray<MovePart> Parts)
{
    /// <summary>The factor of this move in the equation of the diagram's value: |Aut| of the parts over |Aut| of the diagram.</summary>
    public Rational Coefficient => Rational.Of(Parts.Aggregate(BigInteger.One, (product, part) => product * part.Diagram.Automorphisms), Diagram.Automorphisms);

    /// <summary>All last moves of a diagram.</summary>
    /// <param name="diagram">A diagram of one kernel with labelled external legs.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="ArgumentException">The diagram has several kernels, or its legs are not labelled.</exception>
    public static ImmutableArray<LastMove> Of(Diagram diagram, DepthForm form)
    {
        if (!diagram.LabelledExternals || diagram.Vertices.Any(vertex => vertex.FieldCount != 1))
            throw new ArgumentException($"The last moves of {diagram} are asked for; they are known for diagrams of one kernel with labelled legs.", nameof(diagram));
        int[] last = [.. Enumerable.Range(0, diagram.Vertices.Length).Where(vertex => CanBeLast(diagram, vertex)).OrderBy(vertex => diagram.Edges.Where(edge => edge.From == vertex).Min(edge => edge.To))];
        var moves = new List<LastMove>();
        if (form == DepthForm.Discrete)
        {
            for (int chosen = 0; chosen < 1 << last.Length; chosen++)
                moves.Add(Cut(diagram, [.. last.Where((_, at) => (chosen >> at & 1) == 1)], _ => true));
        }
        else
        {
            for (int leg = 0; leg < diagram.External; leg++)
            {
                int moving = leg;
                moves.Add(Cut(diagram, [], other => other == moving));
            }

            moves.AddRange(last.Select(vertex => Cut(diagram, [vertex], _ => false)));
        }

        return [.. moves];
    }

    private static bool CanBeLast(Diagram diagram, int vertex) =>
        diagram.Vertices[vertex].Origin == VertexOrigin.Dynamics && diagram.Edges.All(edge => edge.From != vertex || edge.ToExternal);

    private static LastMove Cut(Diagram diagram, ImmutableArray<int> acting, Func<int, bool> carried)
    {
        List<MovingBlock> blocks =
            [.. acting.Select(vertex => new MovingBlock(diagram.Vertices[vertex], [.. diagram.Edges.Where(edge => edge.From == vertex).Select(edge => edge.To).Order()], true))];
        var blockOfLeg = new int[diagram.External];
        for (int leg = 0; leg < diagram.External; leg++)
        {
            blockOfLeg[leg] = blocks.FindIndex(block => block.Externals.Contains(leg));
            if (blockOfLeg[leg] >= 0) continue;
            blockOfLeg[leg] = blocks.Count;
            blocks.Add(new MovingBlock(new VertexType(1, 1), [leg], carried(leg)));
        }

        return new LastMove(diagram, [.. blocks], [.. Pieces(diagram, acting).Select(piece => Part(diagram, piece, acting, blockOfLeg))]);
    }

    private static MovePart Part(Diagram diagram, List<int> piece, ImmutableArray<int> acting, int[] blockOfLeg)
    {
        var edges = new List<Edge>();
        var blocks = new List<int>();
        foreach (Edge edge in diagram.Edges.Where(edge => piece.Contains(edge.From)))
        {
            int from = piece.IndexOf(edge.From);
            if (!edge.ToExternal && piece.Contains(edge.To))
            {
                edges.Add(new Edge(from, piece.IndexOf(edge.To), false, edge.Count));
                continue;
            }

            // A line to a vertex that acted, or to a leg: each becomes a leg of its own.
            for (int line = 0; line < edge.Count; line++)
            {
                edges.Add(new Edge(from, blocks.Count, true));
                blocks.Add(edge.ToExternal ? blockOfLeg[edge.To] : acting.IndexOf(edge.To));
            }
        }

        return new MovePart(Diagram.Create(Enumerable.Repeat(0, blocks.Count), piece.Select(vertex => diagram.Vertices[vertex]), edges), [.. blocks]);
    }

    /// <summary>The connected pieces of the vertices that did not act.</summary>
    internal static List<List<int>> Pieces(Diagram diagram, ImmutableArray<int> acting)
    {
        var pieces = new List<List<int>>();
        var seen = new bool[diagram.Vertices.Length];
        foreach (int vertex in acting) seen[vertex] = true;
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start]) continue;
            seen[start] = true;
            List<int> piece = [start];
            for (int at = 0; at < piece.Count; at++)
            {
                foreach (Edge edge in diagram.Edges.Where(edge => !edge.ToExternal && (edge.From == piece[at] || edge.To == piece[at])))
                {
                    int other = edge.From == piece[at] ? edge.To : edge.From;
                    if (seen[other]) continue;
                    seen[other] = true;
                    piece.Add(other);
                }
            }

            piece.Sort();
            pieces.Add(piece);
        }

        return pieces;
    }
}

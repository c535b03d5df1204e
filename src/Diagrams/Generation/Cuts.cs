using System.Numerics;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

// Connectivity of a partial diagram. All open legs lead to the part that is still to be added, which is drawn as one
// more node, the past. Contracting a part of a graph to a node neither makes nor mends a cut by one line: a line whose
// removal separates this picture separates every completion of it, so the search can stop there.

/// <summary>Decides whether a partial diagram can still become what is asked for.</summary>
internal sealed class Cuts(Connectivity connectivity, TadpoleRule tadpoles, LineCode code)
{
    private readonly ulong[] neighbours = new ulong[64];

    internal bool CanSucceed(PartialDiagram diagram)
    {
        if (connectivity == Connectivity.All && !tadpoles.HasFlag(TadpoleRule.DropInsertions)) return true;
        int nodes = diagram.Nodes;
        ulong open = Connect(diagram);
        if (connectivity != Connectivity.All && !CanConnect(diagram, open)) return false;

        bool irreducible = connectivity == Connectivity.OneParticleIrreducible;
        if (!irreducible && !tadpoles.HasFlag(TadpoleRule.DropInsertions)) return true;
        Attach(nodes, open);
        ulong externals = (1UL << diagram.External) - 1;
        for (int later = diagram.External; later < nodes; later++)
        {
            for (int earlier = later + 1; earlier < nodes; earlier++)
            {
                ulong lines = diagram.Lines[(earlier * nodes) + later];
                if (lines == 0 || code.Total(lines) != 1) continue;
                ulong side = Reach(earlier, earlier, later);
                if ((side & (1UL << later)) != 0) continue;
                if (irreducible || (side & externals) == 0) return false;
            }
        }

        return true;
    }

    // Components without open legs are finished; joining c components takes at least c - 1 powers of 1/n.
    private bool CanConnect(PartialDiagram diagram, ulong open)
    {
        ulong all = (1UL << diagram.Nodes) - 1;
        int components = 0;
        for (ulong left = all; left != 0; components++)
        {
            ulong component = Reach(BitOperations.TrailingZeroCount(left), -1, -1);
            if ((component & open) == 0 && component != all) return false;
            left &= ~component;
        }

        return components - 1 <= diagram.Budget;
    }

    // Fills the neighbour masks and returns the mask of nodes with open legs.
    private ulong Connect(PartialDiagram diagram)
    {
        int nodes = diagram.Nodes;
        ulong open = 0;
        Array.Clear(neighbours, 0, nodes + 1);
        for (int node = 0; node < nodes; node++)
        {
            for (int other = 0; other < node; other++)
            {
                // New vertices get higher numbers than the ones they lead to.
                if (diagram.Lines[(node * nodes) + other] == 0) continue;
                neighbours[node] |= 1UL << other;
                neighbours[other] |= 1UL << node;
            }

            for (int field = 0; field < diagram.Fields; field++)
            {
                if (diagram.Open[(node * diagram.Fields) + field] > 0) open |= 1UL << node;
            }
        }

        return open;
    }

    private void Attach(int past, ulong open)
    {
        neighbours[past] = open;
        for (ulong left = open; left != 0; left &= left - 1) neighbours[BitOperations.TrailingZeroCount(left)] |= 1UL << past;
    }

    // Everything connected with a node when the line between two nodes is cut.
    private ulong Reach(int start, int cutA, int cutB)
    {
        ulong reached = 1UL << start;
        for (ulong fresh = reached; fresh != 0;)
        {
            ulong next = 0;
            for (; fresh != 0; fresh &= fresh - 1)
            {
                int node = BitOperations.TrailingZeroCount(fresh);
                ulong around = neighbours[node];
                if (node == cutA) around &= ~(1UL << cutB);
                if (node == cutB) around &= ~(1UL << cutA);
                next |= around;
            }

            fresh = next & ~reached;
            reached |= fresh;
        }

        return reached;
    }
}

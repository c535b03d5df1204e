using System.Numerics;

namespace SymbolicEft.Diagrams.Generation;

// Canonical numbering of a small coloured directed graph, and the order of its automorphism group.
//
// 1. Sort the nodes by their colour key; nodes with equal keys form a cell.
// 2. Refine: a node's signature is the sum over its lines of a hash of (direction, line code, cell of the other end);
//    split cells by signature until nothing changes. A collision of hashes only leaves a cell unsplit: it costs time,
//    never correctness, because the hash does not depend on the numbering.
// 3. If a cell with several nodes is left, make each of them in turn the first of its cell, and refine again. Twins
//    (nodes of a cell with the same lines to the same nodes) are exchanged by an automorphism that moves nothing else,
//    so one of them stands for all.
// 4. Of all discrete numberings reached, the one with the smallest matrix of line codes is canonical, and the number of
//    numberings that reach it, twins counted, is the order of the automorphism group.

/// <summary>Finds the canonical numbering of partial or complete diagrams.</summary>
internal sealed class CanonicalLabelling
{
    private int nodes;
    private ulong[] lines = [];
    private int[] best = [];
    private bool found;
    private BigInteger group;

    /// <summary>The node at every canonical position.</summary>
    internal ReadOnlySpan<int> Order => best.AsSpan(0, nodes);

    /// <summary>The number of node permutations that keep keys and lines.</summary>
    internal BigInteger Automorphisms => group;

    internal void Run(PartialDiagram diagram)
    {
        nodes = diagram.Nodes;
        lines = diagram.Lines;
        found = false;
        group = BigInteger.Zero;
        if (best.Length < nodes) best = new int[nodes];

        Span<ulong> keys = stackalloc ulong[nodes];
        Span<int> order = stackalloc int[nodes];
        Span<int> cells = stackalloc int[nodes];
        for (int node = 0; node < nodes; node++)
        {
            keys[node] = diagram.ColourKey(node);
            order[node] = node;
        }

        Span<ulong> sortedKeys = stackalloc ulong[nodes];
        keys.CopyTo(sortedKeys);
        sortedKeys.Sort(order);
        for (int position = 0; position < nodes; position++)
        {
            cells[order[position]] = position > 0 && sortedKeys[position] == sortedKeys[position - 1]
                ? cells[order[position - 1]]
                : position;
        }

        Search(cells, BigInteger.One);
    }

    private void Search(Span<int> cells, BigInteger weight)
    {
        Refine(cells);
        int target = FirstUnsplitCell(cells);
        if (target < 0)
        {
            Compare(cells, weight);
            return;
        }

        Span<int> representatives = stackalloc int[nodes];
        Span<int> twins = stackalloc int[nodes];
        int classes = 0;
        for (int node = 0; node < nodes; node++)
        {
            if (cells[node] != target) continue;
            int same = 0;
            while (same < classes && !AreTwins(node, representatives[same])) same++;
            if (same == classes)
            {
                representatives[classes] = node;
                twins[classes++] = 0;
            }

            twins[same]++;
        }

        Span<int> individualised = stackalloc int[nodes];
        for (int i = 0; i < classes; i++)
        {
            // The chosen node keeps the cell's first position; the others move behind it.
            for (int node = 0; node < nodes; node++)
                individualised[node] = cells[node] == target && node != representatives[i] ? target + 1 : cells[node];
            Search(individualised, weight * twins[i]);
        }
    }

    private void Refine(Span<int> cells)
    {
        Span<ulong> signature = stackalloc ulong[nodes];
        Span<int> order = stackalloc int[nodes];
        Span<int> next = stackalloc int[nodes];
        int count = CountCells(cells);
        while (count < nodes)
        {
            for (int node = 0; node < nodes; node++)
            {
                order[node] = node;
                ulong sum = 0;
                for (int other = 0; other < nodes; other++)
                {
                    ulong leaving = lines[(node * nodes) + other];
                    if (leaving != 0) sum += Mix(leaving, (ulong)cells[other]);
                    ulong arriving = lines[(other * nodes) + node];
                    if (arriving != 0) sum += Mix(~arriving, (ulong)cells[other]);
                }

                signature[node] = sum;
            }

            // Insertion sort: cells are nearly sorted already and there are few nodes.
            for (int i = 1; i < nodes; i++)
            {
                int node = order[i];
                int j = i - 1;
                while (j >= 0 && (cells[order[j]] > cells[node]
                    || (cells[order[j]] == cells[node] && signature[order[j]] > signature[node])))
                {
                    order[j + 1] = order[j];
                    j--;
                }

                order[j + 1] = node;
            }

            for (int i = 0; i < nodes; i++)
            {
                bool same = i > 0 && cells[order[i]] == cells[order[i - 1]] && signature[order[i]] == signature[order[i - 1]];
                next[order[i]] = same ? next[order[i - 1]] : i;
            }

            next.CopyTo(cells);
            int refined = CountCells(cells);
            if (refined == count) return;
            count = refined;
        }
    }

    // Cells are named by their first position, so the number of cells is the number of distinct names.
    private int CountCells(ReadOnlySpan<int> cells)
    {
        ulong seen = 0;
        foreach (int cell in cells) seen |= 1UL << cell;
        return BitOperations.PopCount(seen);
    }

    private int FirstUnsplitCell(ReadOnlySpan<int> cells)
    {
        ulong once = 0;
        ulong twice = 0;
        foreach (int cell in cells)
        {
            twice |= once & (1UL << cell);
            once |= 1UL << cell;
        }

        return twice == 0 ? -1 : BitOperations.TrailingZeroCount(twice);
    }

    private bool AreTwins(int first, int second)
    {
        for (int other = 0; other < nodes; other++)
        {
            if (lines[(first * nodes) + other] != lines[(second * nodes) + other]
                || lines[(other * nodes) + first] != lines[(other * nodes) + second])
            {
                return false;
            }
        }

        return true;
    }

    private void Compare(ReadOnlySpan<int> cells, BigInteger weight)
    {
        Span<int> order = stackalloc int[nodes];
        for (int node = 0; node < nodes; node++) order[cells[node]] = node;
        int sign = found ? CompareToBest(order) : -1;
        if (sign > 0) return;
        if (sign == 0)
        {
            group += weight;
            return;
        }

        order.CopyTo(best);
        group = weight;
        found = true;
    }

    private int CompareToBest(ReadOnlySpan<int> order)
    {
        for (int earlier = 1; earlier < nodes; earlier++)
        {
            for (int later = 0; later < earlier; later++)
            {
                ulong mine = lines[(order[earlier] * nodes) + order[later]];
                ulong other = lines[(best[earlier] * nodes) + best[later]];
                if (mine != other) return mine < other ? -1 : 1;
            }
        }

        return 0;
    }

    // A fixed bit mixer (multiplications by odd constants and shifts): the same in every process.
    private static ulong Mix(ulong code, ulong cell)
    {
        ulong value = (code * 0x9E3779B97F4A7C15UL) ^ ((cell + 1) * 0xC2B2AE3D27D4EB4FUL);
        value = (value ^ (value >> 29)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 32)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}

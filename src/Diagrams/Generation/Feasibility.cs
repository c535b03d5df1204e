using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

// A vertex (p, m) takes p open kernel legs, leaves m new ones and spends its order of the budget. closable[o, b] says
// whether o open legs and a budget b can end at zero and zero. A source (p, 0) closes p legs for p - 1 or more powers of
// 1/n, so never more than two legs per power: o <= 2 b, and no vertex needs more than 2 b kernel legs.

/// <summary>Knows which numbers of open legs can be closed with which budget.</summary>
internal sealed class Feasibility
{
    private readonly bool[,] closable;

    internal Feasibility(ImmutableArray<VertexType> types, int budget)
    {
        closable = new bool[(2 * budget) + 1, budget + 1];
        closable[0, 0] = true;
        for (int left = 0; left <= budget; left++)
        {
            // Vertices of order zero only add legs, so larger numbers of open legs are settled first.
            for (int open = 2 * left; open > 0; open--)
            {
                foreach (VertexType type in types)
                {
                    closable[open, left] |= type.Order <= left && type.ResponseLegs <= open
                        && IsClosable(open - type.ResponseLegs + type.KernelLegs, left - type.Order);
                }
            }
        }
    }

    internal bool IsClosable(int open, int budget) => budget >= 0 && open <= 2 * budget && closable[open, budget];
}

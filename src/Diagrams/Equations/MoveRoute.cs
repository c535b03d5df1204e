using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>
/// Derives the equation of a cumulant of one kernel from the last moves of its diagrams, in discrete or continuous depth.
/// Diagrams that leave the same legs together add up to the same product of cumulants.
/// </summary>
internal static class MoveRoute
{
    /// <summary>The theory of the g-only closure: every drift and noise vertex, in discrete depth the higher noise cumulants too.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="order">The highest power of 1/n that diagrams will be asked for.</param>
    /// <param name="initial">Whether the cumulants of the initial rows are sources of their own.</param>
    public static FieldTheory GOnlyTheory(DepthForm form, int order, bool initial = false)
    {
        IEnumerable<VertexFamily> higher = form == DepthForm.Discrete
            ? Enumerable.Range(3, Math.Max(0, order - 1)).Select(legs => new VertexFamily(legs, LegCounts.From(0)))
            : [];
        IEnumerable<VertexFamily> sources = initial
            ? Enumerable.Range(2, order).Select(legs => new VertexFamily(legs, LegCounts.Of(0), VertexOrigin.InitialTime))
            : [];
        return new FieldTheory(["G"], [new VertexFamily(1, LegCounts.From(2)), new VertexFamily(2, LegCounts.From(0)), .. higher, .. sources]);
    }

    /// <summary>The terms of the equation: the linear ones first, then by vertices and cumulants.</summary>
    /// <param name="set">All connected diagrams of the cumulant, with labelled external legs.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="ArgumentException">Diagrams were left out, their legs are not labelled, or there are several kernels.</exception>
    public static ImmutableArray<MoveTerm> Derive(DiagramSet set, DepthForm form)
    {
        DiagramRequest request = set.Request;
        if (!request.LabelledExternals || request.Connectivity != Connectivity.Connected || request.Tadpoles != TadpoleRule.Keep)
            throw new ArgumentException("The equation of a cumulant needs all connected diagrams with labelled legs; ask for these.", nameof(set));
        var terms = new SortedDictionary<string, (MoveTerm Term, List<Diagram> Diagrams)>(StringComparer.Ordinal);
        foreach (Diagram diagram in set.Diagrams)
        {
            foreach (LastMove move in LastMove.Of(diagram, form))
            {
                MoveTerm term = Term(move);
                string key = term.ToString();
                if (!terms.TryGetValue(key, out (MoveTerm Term, List<Diagram> Diagrams) known))
                    terms[key] = known = (term, []);
                known.Diagrams.Add(diagram);
            }
        }

        return
        [
            .. terms.Values
                .Select(entry => entry.Term with { Diagrams = [.. entry.Diagrams] })
                .OrderBy(term => term.IsLinear ? 0 : 1)
                .ThenBy(term => term.Blocks.Max(block => block.Vertex))
                .ThenBy(term => term.Factors.Length)
                .ThenBy(term => term.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>Terms that differ by the labels of the external legs alone, gathered: the first of each kind, and how many there are.</summary>
    /// <param name="terms">The terms of one equation.</param>
    public static ImmutableArray<(MoveTerm First, int Count)> UpToLabels(ImmutableArray<MoveTerm> terms)
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var gathered = new List<(MoveTerm First, int Count)>();
        foreach (MoveTerm term in terms)
        {
            string kind = MoveFormula.Orders(term.External).Select(order => Relabelled(term, order)).Min(StringComparer.Ordinal)!;
            if (kinds.TryGetValue(kind, out int place))
            {
                gathered[place] = (gathered[place].First, gathered[place].Count + 1);
                continue;
            }

            kinds.Add(kind, gathered.Count);
            gathered.Add((term, 1));
        }

        return [.. gathered];
    }

    private static MoveTerm Term(LastMove move)
    {
        MoveFactor[] factors =
        [
            .. move.Parts
                .Select(part => new MoveFactor(
                    new Cumulant(part.Diagram.External, part.Diagram.Loops),
                    [.. part.Blocks.Order()]))
                .OrderBy(factor => factor.Cumulant)
                .ThenBy(factor => string.Join(',', factor.Blocks), StringComparer.Ordinal),
        ];
        return new MoveTerm(MoveTerm.BlobCoefficient(factors), move.Diagram.External, move.Blocks, [.. factors], []);
    }

    // The blocks by their relabelled legs, and the cumulants by the blocks they lead to: the term but for its labels.
    private static string Relabelled(MoveTerm term, int[] order)
    {
        string[] blocks = [.. term.Blocks.Select(block => $"{block.Vertex}{(block.Moves ? "" : "-")}[{string.Join(',', block.Externals.Select(leg => order[leg]).Order())}]")];
        IEnumerable<string> factors = term.Factors
            .Select(factor => $"{factor.Cumulant}<{string.Join(';', factor.Blocks.Select(block => blocks[block]).Order(StringComparer.Ordinal))}>")
            .Order(StringComparer.Ordinal);
        return string.Join(' ', blocks.Order(StringComparer.Ordinal)) + " : " + string.Join(' ', factors);
    }
}

// From the diagrams of the random clock to the terms of its equations.
//
// Take the last move of each diagram away. Diagrams that leave the same legs together add up to the same product of cumulants, with the coefficient 1/|Aut| of
// the picture in which each of them is one blob. Every clock line between a part and a vertex is a summed pair: of a drift vertex f_r a derivative of f_r, of a
// meeting a derivative of the product at fixed modes, which puts one of its two derivatives on each of two functions, in every way.
// ClockMoments gives the same terms without diagrams.

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Clock;

/// <summary>A right side as the diagrams give it.</summary>
/// <param name="Sum">The terms.</param>
/// <param name="Diagrams">The diagrams that add up to a term, by its key.</param>
/// <param name="Linear">The keys of the terms in which nothing but the linear response acted.</param>
internal sealed record ClockRightSide(ClockSum Sum, IReadOnlyDictionary<string, IReadOnlyList<Diagram>> Diagrams, IReadOnlySet<string> Linear);

/// <summary>Derives the equations of the random clock from its diagrams.</summary>
internal static class ClockRoute
{
    /// <summary>The right side of the cumulant that a set of diagrams adds up to.</summary>
    /// <param name="set">All diagrams of the cumulant, of legs of the clock, then of modes; or of legs of G.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static ClockRightSide Derive(DiagramSet set, DepthForm form)
    {
        var sum = new ClockSum();
        var diagrams = new Dictionary<string, List<Diagram>>(StringComparer.Ordinal);
        var linear = new HashSet<string>(StringComparer.Ordinal);
        var known = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (Diagram diagram in set.Diagrams)
        {
            foreach (ClockMove move in ClockMove.Of(diagram, form).Where(move => !move.Parts.Any(part => set.Request.Theory.IsZero(part.Diagram))))
            {
                string blobs = Blobs(move);
                if (!known.TryGetValue(blobs, out string[]? keys))
                {
                    List<string> added = [];
                    foreach (ClockTerm term in Terms(move, form, Coefficient(move), _ => 0))
                    {
                        sum.Add(term);
                        added.Add(term.Canonical().Key);
                    }

                    known.Add(blobs, keys = [.. added.Distinct(StringComparer.Ordinal)]);
                }

                foreach (string key in keys)
                {
                    if (!diagrams.TryGetValue(key, out List<Diagram>? list))
                        diagrams.Add(key, list = []);
                    if (move.IsLinear)
                        linear.Add(key);
                    else if (list.Count == 0 || list[^1] != diagram)
                        list.Add(diagram);
                }
            }
        }

        return new(sum, diagrams.ToDictionary(each => each.Key, each => (IReadOnlyList<Diagram>)each.Value, StringComparer.Ordinal), linear);
    }

    // The picture of blobs: what acted and met, and for each part its order and where its legs lead.
    private static string Blobs(ClockMove move)
    {
        string Name(ClockEnd end) => end.IsExternal ? FormattableString.Invariant($"x{end.Place}") : Vertex(end.Place);
        string Vertex(int vertex) => $"{move.Diagram.Vertices[vertex]}{string.Join(',', External(move, vertex).Order())}";
        IEnumerable<string> gone = move.Acting.Concat(move.Meetings).Select(Vertex).Order(StringComparer.Ordinal);
        IEnumerable<string> parts = move.Parts.Select(part => FormattableString.Invariant($"{part.Diagram.Loops}<{string.Join(' ', part.Ends.Select((end, leg) => $"{part.Diagram.ExternalFields[leg]}{Name(end)}").Order(StringComparer.Ordinal))}>"));
        return $"{move.Moving} {string.Join(' ', gone)} : {string.Join(' ', parts.Order(StringComparer.Ordinal))}";
    }

    // The external legs that a vertex leads to, itself or over the vertices that act: no two vertices of a move lead to the same with a different type.
    private static IEnumerable<int> External(ClockMove move, int vertex) =>
        move.Diagram.Edges.Where(edge => edge.From == vertex).SelectMany(edge => edge.ToExternal ? [edge.To] : External(move, edge.To));

    /// <summary>The terms of a move.</summary>
    /// <param name="move">The move.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="coefficient">What stands in front.</param>
    /// <param name="number">The number of each part, 0 for the whole cumulant.</param>
    public static IEnumerable<ClockTerm> Terms(ClockMove move, DepthForm form, Rational coefficient, Func<ClockPart, int> number)
    {
        Diagram diagram = move.Diagram;
        int clocks = diagram.ExternalFields.Count(field => field == ClockTheory.Clock);
        int pairs = 0;
        var derivatives = new Dictionary<int, List<int>>();
        HashSet<int> averages = [];
        List<(int Leg, int Pair)> responses = [];
        List<RowFunction> moving = [];

        // The pairs of the clock legs of each part, and the vertices that its mode legs lead to.
        IReadOnlyList<int>[] clockLegs = [.. move.Parts.Select(part =>
        {
            List<int> legs = [];
            for (int leg = 0; leg < part.Ends.Length; leg++)
            {
                ClockEnd end = part.Ends[leg];
                if (part.Diagram.ExternalFields[leg] != ClockTheory.Clock)
                {
                    if (!end.IsExternal)
                        averages.Add(end.Place);
                }
                else if (!end.IsExternal)
                {
                    if (!derivatives.TryGetValue(end.Place, out List<int>? of))
                        derivatives.Add(end.Place, of = []);
                    of.Add(pairs);
                    legs.Add(pairs++);
                }
                else if (move.IsObserved || (form == DepthForm.Continuous && move.Moving != end.Place))
                {
                    legs.Add(-(end.Place + 1));
                }
                else
                {
                    if (form == DepthForm.Discrete)
                        responses.Add((end.Place, pairs));
                    else
                        moving.Add(new RowFunction(RowFunctionKind.SigmaKernel, end.Place, [pairs], []));
                    legs.Add(pairs++);
                }
            }

            return (IReadOnlyList<int>)legs;
        })];

        // Every function, in a meeting or alone.
        RowFunction SigmaKernel(int vertex) => new(RowFunctionKind.SigmaKernel, move.LegOf(vertex), derivatives.GetValueOrDefault(vertex) ?? [], []);
        RowFunction External(int leg) => move.IsObserved ? new(RowFunctionKind.Pair, leg, [], []) : new(RowFunctionKind.Mode, leg - clocks, [], []);
        IReadOnlyList<RowFunction> Members(int meeting) =>
            [.. diagram.Edges.Where(edge => edge.From == meeting).SelectMany(edge => Enumerable.Repeat(edge.ToExternal ? External(edge.To) : SigmaKernel(edge.To), edge.Count))];
        HashSet<int> met = [.. move.Meetings.SelectMany(meeting => diagram.Edges.Where(edge => edge.From == meeting && !edge.ToExternal).Select(edge => edge.To))];
        int[] alone = [.. move.Acting.Where(vertex => !met.Contains(vertex))];
        IEnumerable<ImmutableArray<IReadOnlyList<RowFunction>>> ways = move.Meetings.Aggregate(
            (IEnumerable<ImmutableArray<IReadOnlyList<RowFunction>>>)[[]],
            (before, meeting) => before.SelectMany(chosen => Shared(Members(meeting), derivatives.GetValueOrDefault(meeting) ?? []).Select(product => chosen.Add(product))));
        foreach (ImmutableArray<IReadOnlyList<RowFunction>> products in ways)
        {
            Dictionary<int, IReadOnlyList<RowFunction>> all = move.Meetings.Select((meeting, at) => (Vertex: meeting, Product: products[at]))
                .Concat(alone.Select(vertex => (Vertex: vertex, Product: (IReadOnlyList<RowFunction>)[SigmaKernel(vertex)])))
                .ToDictionary(each => each.Vertex, each => each.Product);
            yield return new ClockTerm(
                coefficient,
                form == DepthForm.Discrete ? move.Acting.Length : 0,
                responses,
                [.. all.Where(each => !averages.Contains(each.Key)).Select(each => each.Value), .. moving.Select(function => (IReadOnlyList<RowFunction>)[function])],
                [
                    .. move.Parts.Select((part, at) => new ClockCumulant(
                        part.Diagram.Loops,
                        clockLegs[at],
                        [.. part.Ends.Where((_, leg) => part.Diagram.ExternalFields[leg] == ClockTheory.Mode).Select(end => end.IsExternal ? [External(end.Place)] : all[end.Place])])
                    { Part = number(part) }),
                ]);
        }
    }

    // Every derivative of a product at fixed modes puts one of its two derivatives on each of two functions.
    private static IEnumerable<IReadOnlyList<RowFunction>> Shared(IReadOnlyList<RowFunction> product, IReadOnlyList<int> pairs) => pairs.Count == 0
        ? [product]
        : from first in Enumerable.Range(0, product.Count)
          from second in Enumerable.Range(first + 1, product.Count - first - 1)
          from shared in Shared([.. product.Select((function, at) => at == first || at == second ? function with { Shared = [.. function.Shared, pairs[0]] } : function)], [.. pairs.Skip(1)])
          select shared;

    // 1/|Aut| of the picture of blobs: parts without external legs may be equal, and so may legs of a part on one vertex.
    private static Rational Coefficient(ClockMove move)
    {
        string Legs(ClockPart part) => FormattableString.Invariant($"{part.Diagram.Loops} {string.Join(' ', part.Ends.Select((end, leg) => $"{part.Diagram.ExternalFields[leg]}{end}").Order(StringComparer.Ordinal))}");
        Rational automorphisms = Rational.One;
        foreach (IGrouping<string, ClockPart> equal in move.Parts.GroupBy(Legs, StringComparer.Ordinal))
            automorphisms *= Rational.Factorial(equal.Count());
        foreach (ClockPart part in move.Parts)
        {
            foreach (IGrouping<(int Field, ClockEnd End), int> legs in Enumerable.Range(0, part.Ends.Length).GroupBy(leg => (part.Diagram.ExternalFields[leg], part.Ends[leg])))
                automorphisms *= Rational.Factorial(legs.Count());
        }

        return Rational.One / automorphisms;
    }
}

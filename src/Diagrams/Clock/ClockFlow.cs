// The value of a single diagram of the random clock along the flow, for one input.
//
// A diagram's last moves give its value at the next layer, or its rate, in terms of the values of its parts: a closed, triangular system with one variable for
// each diagram, all 0 at depth 0, in the form of the clock's equations, so that whoever solves those solves these. The part of a move is
// (product of |Aut| of the parts)/|Aut| of the diagram times couplings times the values of the parts.
// For one input the legs on the clock are alike, and diagrams that differ by their labels are one variable. Legs on modes are not.

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Clock;

/// <summary>A diagram of a cumulant of G that stands for all that differ from it by the labels of the legs.</summary>
/// <param name="Diagram">The one with the smallest key.</param>
/// <param name="Labellings">How many there are.</param>
/// <param name="Name">What its value is called in the solution; the symmetry factor is in it.</param>
internal sealed record ClockFlowDiagram(Diagram Diagram, int Labellings, string Name);

/// <summary>Derives the equations of the values of single diagrams.</summary>
internal sealed class ClockFlow
{
    private readonly DepthForm form;
    private readonly FieldTheory theory;
    private readonly Dictionary<string, ClockVariable> known = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, ClockEquation> equations = [];

    private ClockFlow(DepthForm form, int power) => (this.form, theory) = (form, ClockTheory.Of(form, power));

    /// <summary>The equations that give the values of all diagrams of some cumulants of G.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="cumulants">E and L of the cumulants.</param>
    /// <returns>The equations, whose outputs are the values, and for every cumulant its diagrams up to labels, by number of vertices, then by key.</returns>
    public static (ClockEquations Equations, ImmutableArray<ImmutableArray<ClockFlowDiagram>> Diagrams) Derive(DepthForm form, IReadOnlyList<(int External, int Loops)> cumulants)
    {
        int power = cumulants.Max(each => each.External + each.Loops - 1);
        var flow = new ClockFlow(form, power);
        var outputs = new List<ClockOutput>();
        var diagrams = ImmutableArray.CreateBuilder<ImmutableArray<ClockFlowDiagram>>();
        foreach ((int external, int loops) in cumulants)
        {
            DiagramSet set = Set(flow.theory, external, loops);
            ClockFlowDiagram[] kinds =
            [
                .. set.Diagrams.GroupBy(diagram => MoveFormula.Orders(external).Select(order => Relabel(diagram, order).Key).Min(StringComparer.Ordinal)!, StringComparer.Ordinal)
                    .Select(alike => new ClockFlowDiagram(alike.MinBy(diagram => diagram.Key, StringComparer.Ordinal)!, alike.Count(), "D" + alike.Min(diagram => diagram.Id)))
                    .OrderBy(kind => kind.Diagram.Vertices.Length).ThenBy(kind => kind.Diagram.Key, StringComparer.Ordinal),
            ];
            diagrams.Add([.. kinds]);
            outputs.AddRange(kinds.Select(kind => new ClockOutput(external, loops, external == 1 ? flow.Whole(kind.Diagram) : flow.Sum(kind.Diagram)) { Name = kind.Name }));
        }

        return (new ClockEquations([.. flow.equations.Values], outputs, []), diagrams.ToImmutable());
    }

    /// <summary>The diagrams of a cumulant of G; of its mean, which is that of the clock, with a leg on the clock.</summary>
    /// <param name="theory">The theory.</param>
    /// <param name="external">E.</param>
    /// <param name="loops">L.</param>
    public static DiagramSet Set(FieldTheory theory, int external, int loops) =>
        ClockTheory.Diagrams(theory, [.. Enumerable.Repeat(external == 1 ? ClockTheory.Clock : ClockTheory.Kernel, external)], loops);

    private ClockSum Whole(Diagram diagram)
    {
        var sum = new ClockSum();
        sum.Add(ClockTerm.One with { Cumulants = [new ClockCumulant(diagram.Loops, [-1], []) { Part = Variable(diagram).Part }] });
        return sum;
    }

    private ClockSum Sum(Diagram diagram)
    {
        var sum = new ClockSum();
        foreach (ClockMove move in ClockMove.Of(diagram, form).Where(move => !move.Parts.Any(part => theory.IsZero(part.Diagram))))
        {
            Rational coefficient = move.Parts.Aggregate(Rational.One, (product, part) => product * part.Diagram.Automorphisms) / diagram.Automorphisms;
            foreach (ClockTerm term in ClockRoute.Terms(move, form, coefficient, part => Variable(part.Diagram).Part))
                sum.Add(term);
        }

        return sum;
    }

    // Legs on the clock first, in the order of their labels that makes the key the smallest; those on modes in theirs.
    private ClockVariable Variable(Diagram part)
    {
        int[] clocks = [.. Enumerable.Range(0, part.External).Where(leg => part.ExternalFields[leg] == ClockTheory.Clock)], modes = [.. Enumerable.Range(0, part.External).Except(clocks)];
        Diagram first = MoveFormula.Orders(clocks.Length)
            .Select(order =>
            {
                var places = new int[part.External];
                for (int at = 0; at < clocks.Length; at++) places[clocks[at]] = order[at];
                for (int at = 0; at < modes.Length; at++) places[modes[at]] = clocks.Length + at;
                return Relabel(part, places);
            })
            .MinBy(diagram => diagram.Key, StringComparer.Ordinal)!;
        if (!known.TryGetValue(first.Key, out ClockVariable variable))
        {
            variable = new ClockVariable(clocks.Length, modes.Length, part.Loops, known.Count + 1);
            known.Add(first.Key, variable);
            equations.Add(variable.Part, new ClockEquation(variable, Sum(first)));
        }

        return variable;
    }

    private static Diagram Relabel(Diagram diagram, int[] places)
    {
        var fields = new int[diagram.External];
        for (int leg = 0; leg < fields.Length; leg++) fields[places[leg]] = diagram.ExternalFields[leg];
        return Diagram.Create(fields, diagram.Vertices, diagram.Edges.Select(edge => edge.ToExternal ? edge with { To = places[edge.To] } : edge));
    }
}

// The values of the diagrams of the network itself along the flow, of its first input: ClockFlow gives one equation for each diagram, the solver of the clock
// integrates them. Their sum must be the cumulant that the clock's own equations give, which know no diagrams.

using System.Collections.Immutable;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams.Clock;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Draws and values the diagrams of the random clock.</summary>
internal static class ClockDiagramValues
{
    private const int HighestOrder = 1;

    /// <summary>The diagrams of every cumulant up to order 1, or null where this order of the network itself was not asked for, or where single diagrams are infinite.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="solution">Its solution.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The diagrams do not add up to the solution.</exception>
    public static DiagramGallery? Compute(Specification specification, TheorySolution solution, CancellationToken cancellation)
    {
        Network network = Theory.Network(specification);
        // With kinks there are products of derivatives whose sum alone is finite.
        if (specification.Order < 1 || network.Layers is not null || ClosureRegistry.Parse(specification.Closure).ModesOfNetwork() is not { HighestOrder: var modes } || network.Sigma.Definition.Kinks.Count > 0)
            return null;
        DepthForm form = ClosureSolver.FormOf(specification.Stepping);
        List<(int External, int Loops)> cumulants = [.. Enumerable.Range(1, HighestOrder + 1).SelectMany(HigherOrderEquations.Cumulants)];
        (ClockEquations equations, ImmutableArray<ImmutableArray<ClockFlowDiagram>> diagrams) = ClockFlow.Derive(form, cumulants);
        TheorySolution values = ClockSolver.SolveFirst(network, modes, equations, specification.Solver with { Cancellation = cancellation, Reached = null });
        FieldTheory theory = ClockTheory.Of(form, HighestOrder + 1);
        var groups = new List<CumulantDiagrams>();
        for (int at = 0; at < cumulants.Count; at++)
        {
            (int external, int loops) = cumulants[at];
            ClockRightSide terms = ClockRoute.Derive(ClockFlow.Set(theory, external, loops), form);
            IReadOnlyList<string> names = DiagramNames.Of([.. diagrams[at].Select(flow => flow.Diagram)], ClockTheory.Name);
            groups.Add(DiagramValues.Group(external, loops, [.. diagrams[at].Select((flow, place) => Valued(flow, names[place], terms, values, theory.Fields))], 1, solution));
        }

        return new DiagramGallery([new(0, 0)], solution.Layers, solution.Times, groups) { IsOfClock = true };
    }

    private static ValuedDiagram Valued(ClockFlowDiagram flow, string name, ClockRightSide terms, TheorySolution values, ImmutableArray<string> fields)
    {
        Diagram diagram = flow.Diagram;
        return new ValuedDiagram(
            diagram.Id,
            name,
            new SvgFormat().Draw(diagram, fields),
            diagram.SymmetryFactor.ToString(),
            flow.Labellings,
            LineNotation.Write(diagram, fields),
            [.. terms.Sum.Terms.Zip(terms.Sum.Keys).Where(each => terms.Diagrams[each.Second].Contains(diagram)).Select(each => $"<math displaystyle=\"true\"><mrow>{ExpressionPrinter.MathMl(ClockDerivation.Term(each.First))}</mrow></math>")],
            [[.. values.Tensors[flow.Name].Select(record => flow.Labellings * record[0])]]);
    }
}

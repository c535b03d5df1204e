// The values of the diagrams along the flow: DiagramFlow gives one equation for each diagram, from its own last moves; the
// solver integrates them beside K0. Their sum must be the cumulant that its own equation gives, which knows no diagrams.

using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Draws and values the diagrams of the g-only closure, or of the network itself.</summary>
internal static class DiagramValues
{
    private const int HighestOrder = 1;
    private const double LargestDifference = 1e-6, Rounding = 1e-8;

    /// <summary>The diagrams of every cumulant of the specification's order (at most 1), or null for another closure.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="solution">Its solution.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The diagrams do not add up to the solution.</exception>
    public static DiagramGallery? Compute(Specification specification, TheorySolution solution, CancellationToken cancellation)
    {
        if (ClockDiagramValues.Compute(specification, solution, cancellation) is { } clock)
            return clock;
        // A kinked activation is solved by modes, where the equations have no couplings to give a diagram a value.
        if (!Theory.HasComponents(specification))
            return null;
        Specification shown = specification with { Order = Math.Min(specification.Order, HighestOrder), Network = specification.Network.FirstTwo };
        DepthForm form = ClosureSolver.FormOf(shown.Stepping);
        List<(int External, int Loops)> cumulants = [.. Enumerable.Range(1, shown.Order + 1).SelectMany(HigherOrderEquations.Cumulants)];
        (EquationSystem system, ImmutableArray<ImmutableArray<FlowDiagram>> diagrams) = DiagramFlow.Derive(
            Theory.DeriveGOnly(shown with { Order = 0 }).System, new GOnlyProcess(form, keepHessianFormal: shown.Quadrature.Nodes is not null), cumulants);
        TheorySolution values = Theory.Solve(shown, system, cancellation);
        // Inputs are marginally consistent, and a component whose pairs are all (0,0) or (0,1) stands at the same place of both lists of pairs.
        InputPair[] pairs = shown.Inputs > 1 ? [new(0, 0), new(0, 1)] : [new(0, 0)];
        var groups = new List<CumulantDiagrams>();
        for (int at = 0; at < cumulants.Count; at++)
        {
            (int external, int loops) = cumulants[at];
            ImmutableArray<MoveTerm> terms = MoveRoute.Derive(
                DiagramGenerator.Generate(DiagramRequest.OneField(MoveRoute.GOnlyTheory(form, external + loops - 1, initial: true), external, loops)), form);
            IReadOnlyList<string> names = DiagramNames.Of([.. diagrams[at].Select(flow => flow.Diagram)]);
            groups.Add(Group(external, loops, [.. diagrams[at].Select((diagram, place) => Valued(diagram, names[place], terms, values, shown.Inputs, pairs.Length))], pairs.Length, solution));
        }

        return new DiagramGallery(pairs, solution.Layers, solution.Times, groups);
    }

    /// <summary>A cumulant of the solution with its diagrams, which must add up to it.</summary>
    /// <param name="external">E.</param>
    /// <param name="loops">L.</param>
    /// <param name="diagrams">The diagrams.</param>
    /// <param name="pairs">How many pairs of inputs have values.</param>
    /// <param name="solution">The solution.</param>
    /// <exception cref="ComputationException">They do not.</exception>
    public static CumulantDiagrams Group(int external, int loops, IReadOnlyList<ValuedDiagram> diagrams, int pairs, TheorySolution solution)
    {
        Tensor tensor = CumulantTensors.Of(external, loops);
        int above = tensor.Latex.IndexOf('^', StringComparison.Ordinal);
        var group = new CumulantDiagrams(
            tensor.Name, tensor.Latex[..above], tensor.Latex[(above + 2)..^1], external, loops, diagrams,
            [.. Enumerable.Range(0, pairs).Select(pair => Solved(solution.Tensors[tensor.Name], pair, external, solution.Inputs))]);
        RequireSum(group, solution);
        return group;
    }

    private static ValuedDiagram Valued(FlowDiagram flow, string name, ImmutableArray<MoveTerm> terms, TheorySolution values, int inputs, int shown)
    {
        Diagram diagram = flow.Diagram;
        int pairs = PairIndexing.Count(inputs);
        return new ValuedDiagram(
            diagram.Id,
            name,
            new SvgFormat().Draw(diagram),
            diagram.SymmetryFactor.ToString(),
            flow.Labellings,
            LineNotation.Write(diagram),
            [.. terms.Where(term => !term.IsLinear && term.Diagrams.Contains(diagram)).Select(term => term.MathMl).Distinct(StringComparer.Ordinal)],
            [.. Enumerable.Range(0, shown).Select(pair => (IReadOnlyList<double>)[.. values.Tensors[flow.Value.Name].Select(record => flow.Labellings * record[Place(pair)])])]);

        // All legs on one pair; the tensor has every tuple of pairs.
        int Place(int pair) => Enumerable.Range(0, diagram.External).Aggregate(0, (place, _) => (place * pairs) + pair);
    }

    private static IReadOnlyList<double> Solved(IReadOnlyList<double[]> records, int pair, int legs, int inputs)
    {
        int place = Multisets.Place(Enumerable.Repeat(pair, legs), PairIndexing.Count(inputs));
        return [.. records.Select(record => record[place])];
    }

    private static void RequireSum(CumulantDiagrams group, TheorySolution solution)
    {
        IReadOnlyList<int> layers = solution.Layers;
        // What a cumulant of as many kernels can be at most: one that vanishes, as K1 of sqrt(1 + x^2), is rounding of it.
        double scale = Math.Pow(solution.K0.Max(record => record.Max(Math.Abs)), group.Legs);
        for (int pair = 0; pair < group.Solved.Count; pair++)
        {
            double largest = group.Diagrams.SelectMany(diagram => diagram.Values[pair]).Concat(group.Solved[pair]).Max(Math.Abs);
            for (int record = 0; record < layers.Count; record++)
            {
                double sum = group.Diagrams.Sum(diagram => diagram.Values[pair][record]), solved = group.Solved[pair][record];
                if (!(Math.Abs(sum - solved) <= LargestDifference * Math.Max(largest, Rounding * scale)))
                    throw new ComputationException(string.Create(CultureInfo.InvariantCulture, $"The diagrams of {group.Name} add up to {sum:G6} at layer {layers[record]}, where its equation gives {solved:G6}; this is a mistake in symeft, please report it."));
            }
        }
    }
}

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Equations;

// The value of a single diagram along the flow.
//
// A diagram's last moves (LastMove) give its rate, or its next value, in terms of the values of its parts, which are diagrams
// of lower cumulants: a closed, triangular system with one tensor for each diagram. Diagrams that differ by the labels of
// their legs are one tensor with the pairs exchanged, so one of them stands for all; it is not symmetric under exchange of
// pairs. At depth 0 only the cumulants of the initial rows are not zero.

/// <summary>A diagram that stands for all that differ from it by the labels of the external legs.</summary>
/// <param name="Diagram">The one with the smallest key.</param>
/// <param name="Labellings">How many there are.</param>
/// <param name="Value">The tensor that holds its value, the symmetry factor included.</param>
internal sealed record FlowDiagram(Diagram Diagram, int Labellings, Tensor Value);

/// <summary>The equations of the values of single diagrams of the g-only closure.</summary>
internal sealed class DiagramFlow
{
    private readonly IKernelProcess process;
    private readonly Dictionary<string, FlowDiagram> known = new(StringComparer.Ordinal);
    private readonly List<EvolutionEquation> equations = [];

    private DiagramFlow(IKernelProcess process) => this.process = process;

    /// <summary>The equations that give the values of all diagrams of some cumulants.</summary>
    /// <param name="leading">The closure's equations, of which K0 and the abbreviations are taken.</param>
    /// <param name="process">The closure's conditional cumulants, in the same form.</param>
    /// <param name="cumulants">E and L of the cumulants.</param>
    /// <returns>The system, and for every cumulant its diagrams up to labels, by number of vertices, then by key.</returns>
    /// <exception cref="ArgumentException">The forms differ.</exception>
    public static (EquationSystem System, ImmutableArray<ImmutableArray<FlowDiagram>> Diagrams) Derive(
        EquationSystem leading, IKernelProcess process, params IEnumerable<(int External, int Loops)> cumulants)
    {
        if (leading.Form != process.Form)
            throw new ArgumentException($"The equations are {leading.Form} and the process is {process.Form}; give both in one form.", nameof(process));
        var flow = new DiagramFlow(process);
        var diagrams = ImmutableArray.CreateBuilder<ImmutableArray<FlowDiagram>>();
        foreach ((int external, int loops) in cumulants)
        {
            FieldTheory theory = MoveRoute.GOnlyTheory(process.Form, external + loops - 1, initial: true);
            DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(theory, external, loops));
            diagrams.Add([.. set.Diagrams.Select(diagram => flow.Find(diagram).Flow).Distinct().OrderBy(each => each.Diagram.Vertices.Length).ThenBy(each => each.Diagram.Key, StringComparer.Ordinal)]);
        }

        EvolutionEquation mean = leading.Equations.Single(equation => equation.Variable.Tensor == Notation.MeanKernel);
        return (EquationSystem.OfComponents(leading.Closure, leading.Form, leading.Abbreviations, [mean, .. flow.equations], []), diagrams.ToImmutable());
    }

    // The diagram that stands for this one, and for each of this one's legs the leg of the other.
    private (FlowDiagram Flow, int[] Order) Find(Diagram diagram)
    {
        var labellings = new SortedDictionary<string, (Diagram Diagram, int[] Order)>(StringComparer.Ordinal);
        foreach (int[] order in MoveFormula.Orders(diagram.External))
        {
            Diagram relabelled = Relabel(diagram, order);
            labellings.TryAdd(relabelled.Key, (relabelled, order));
        }

        (string key, (Diagram first, int[] found)) = labellings.First();
        if (!known.TryGetValue(key, out FlowDiagram? flow))
        {
            TensorSymmetry symmetry = first.External == 1 ? TensorSymmetry.Symmetric : TensorSymmetry.SymmetricInEachPair;
            flow = new FlowDiagram(first, labellings.Count, new Tensor("D" + first.Id, "D", 2 * first.External, symmetry));
            known.Add(key, flow);
            equations.Add(Equation(flow));
        }

        return (flow, found);
    }

    private EvolutionEquation Equation(FlowDiagram flow)
    {
        Diagram diagram = flow.Diagram;
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(diagram.External);
        Expression rightSide = Expression.Add(LastMove.Of(diagram, process.Form).Select(move => (Expression)move.Coefficient * MoveFormula.Write(
            move.Blocks, [.. move.Parts.Select(part => ((IReadOnlyList<int>)part.Blocks, Value(part)))], diagram.External, process)));
        bool isInitial = diagram.Vertices is [{ Origin: VertexOrigin.InitialTime }];
        return new EvolutionEquation(At(flow.Value, [.. legs]), rightSide, isInitial ? InitialRows.Cumulant(legs) : Expression.Zero, []);
    }

    private Func<(TensorIndex First, TensorIndex Second)[], Expression> Value(MovePart part)
    {
        // The part of a move that only carries the legs on is the diagram itself, whose tensor is known by now.
        (FlowDiagram flow, int[] order) = Find(part.Diagram);
        return pairs =>
        {
            var moved = new (TensorIndex First, TensorIndex Second)[pairs.Length];
            for (int leg = 0; leg < pairs.Length; leg++) moved[order[leg]] = pairs[leg];
            return At(flow.Value, moved);
        };
    }

    private static Indexed At(Tensor tensor, (TensorIndex First, TensorIndex Second)[] pairs) =>
        tensor[[.. pairs.SelectMany(pair => new[] { pair.First, pair.Second })]];

    private static Diagram Relabel(Diagram diagram, int[] order) => Diagram.Create(
        diagram.ExternalFields,
        diagram.Vertices,
        diagram.Edges.Select(edge => edge.ToExternal ? edge with { To = order[edge.To] } : edge));
}

// The diagrams of the random clock. Three kinds of lines: a change Delta of the clock, the average of a mode over neurons, and, outside only, the kernel
// G = Khat + <H>, on whose legs either may end.
//   - Drift vertices, of the clock alone: f_r:p1..pm has m clock legs, and a mode leg unless its Gaussian mean is taken. (1,0) is the line itself.
//   - No mode is driven: all means are 0, and there is no noise. What there is of 1/n is the product rule: functions of the same neuron are multiplied
//     point by point. A meeting of b mode lines stands at n^-(b-1), has a clock leg for each derivative of E[F G ...] at fixed modes, and a mode leg where the
//     product itself is averaged, less its mean.
// Which of them there are is read off the equations of ClockEquations. A meeting takes place in the layer in which the functions that it multiplies act:
// ClockMove knows; a graph in which that cannot be, such as one with a mode line that ends on no clock, is 0.

using System.Collections.Immutable;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;

namespace SymbolicEft.Diagrams.Clock;

/// <summary>The response-field theory of the random clock, in which the network needs no closure.</summary>
internal static class ClockTheory
{
    /// <summary>Delta, the change of the clock.</summary>
    public const int Clock = 0;

    /// <summary>The average of a mode.</summary>
    public const int Mode = 1;

    /// <summary>G, of external legs.</summary>
    public const int Kernel = 2;

    // E f_r:p, of which the line of the clock is made.
    private static readonly VertexType Response = Drift(1, 0);

    /// <summary>The theory up to a power of 1/n.</summary>
    /// <param name="form">Discrete or continuous depth: in a layer more than two functions of a neuron may meet.</param>
    /// <param name="power">The highest power of 1/n that diagrams will be asked for, at least 1.</param>
    public static FieldTheory Of(DepthForm form, int power)
    {
        ClockEquations equations = ClockEquations.Derive(Math.Max(0, power - 1), form);
        IEnumerable<ClockSum> sums = equations.State.Select(equation => equation.RightSide).Concat(equations.Kernel.Select(output => output.Value));
        var admissible = new Admissible(form);
        return new FieldTheory(
            ["K", "H", "G"],
            [],
            [.. sums.SelectMany(sum => sum.Terms).SelectMany(Vertices).Distinct().Where(type => !type.Equals(Response)).Order()],
            [(Clock, Clock), (Mode, Mode), (Clock, Kernel), (Mode, Kernel)])
        {
            IsZero = diagram => !admissible.Contains(diagram),
            DefaultExternal = Kernel,
            Outside = Kernel,
        };
    }

    /// <summary>The diagrams of a cumulant of the state, its legs on the clock before those on modes.</summary>
    /// <param name="theory">The theory.</param>
    /// <param name="variable">The cumulant.</param>
    public static DiagramSet Diagrams(FieldTheory theory, ClockVariable variable) =>
        Diagrams(theory, [.. Enumerable.Repeat(Clock, variable.Pairs), .. Enumerable.Repeat(Mode, variable.Modes)], variable.Loops);

    /// <summary>The diagrams of a cumulant.</summary>
    /// <param name="theory">The theory.</param>
    /// <param name="external">The field of every leg.</param>
    /// <param name="loops">L.</param>
    public static DiagramSet Diagrams(FieldTheory theory, ImmutableArray<int> external, int loops) =>
        DiagramGenerator.Generate(new DiagramRequest { Theory = theory, ExternalFields = external, Loops = loops });

    /// <summary>What a vertex is called: drift for a mean, source for an average over neurons, of a degree in the clock; a meeting of averages, or their product where it is averaged.</summary>
    /// <param name="vertex">A vertex of the theory.</param>
    public static string Name(VertexType vertex)
    {
        bool isAverage = vertex.KernelByField[Mode] > 0;
        string kind = vertex.Origin == VertexOrigin.Meeting ? (isAverage ? "product" : "meeting") : isAverage ? "source" : "drift";
        return DiagramNames.Degree(vertex.KernelByField[Clock]) + (vertex.ResponseLegs > 2 ? "threefold " : "") + kind;
    }

    // The vertices of which a term of an equation is made.
    private static IEnumerable<VertexType> Vertices(ClockTerm term) =>
        Vertices(term.Means, 0).Concat(Vertices(term.Cumulants.SelectMany(cumulant => cumulant.Functions), 1));

    private static IEnumerable<VertexType> Vertices(IEnumerable<IReadOnlyList<RowFunction>> products, int modes)
    {
        foreach (IReadOnlyList<RowFunction> product in products)
        {
            if (product.Count > 1)
                yield return Meeting(product.Count, product.SelectMany(function => function.Shared).Distinct().Count(), modes);
            foreach (RowFunction function in product.Where(function => function.Kind == RowFunctionKind.SigmaKernel))
                yield return Drift(function.Kernel.Count, product.Count > 1 ? 1 : modes);
        }
    }

    private static VertexType Drift(int clocks, int modes) => new([1, 0, 0], [clocks, modes, 0]);

    private static VertexType Meeting(int functions, int clocks, int modes) => new([0, functions, 0], [clocks, modes, 0], VertexOrigin.Meeting);

    // Whether a graph has a value: whether its vertices can act one after the other, or layer by layer.
    private sealed class Admissible(DepthForm form)
    {
        private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

        public bool Contains(Diagram diagram)
        {
            if (!known.TryGetValue(diagram.Key, out bool isAdmissible))
                known.Add(diagram.Key, isAdmissible = ClockMove.Of(diagram, form).Any(move => !move.IsLinear && move.Parts.All(part => Contains(part.Diagram))));
            return isAdmissible;
        }
    }
}

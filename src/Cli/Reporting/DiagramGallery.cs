using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>The diagrams behind the theory's cumulants, with their values along the flow.</summary>
/// <param name="Pairs">The pairs of inputs at which values are shown; every leg of a cumulant has the same pair.</param>
/// <param name="Layers">The recorded layers l, increasing.</param>
/// <param name="Times">t = eps^2 l at the recorded layers.</param>
/// <param name="Cumulants">The cumulants, in order.</param>
public sealed record DiagramGallery(
    IReadOnlyList<InputPair> Pairs, IReadOnlyList<int> Layers, IReadOnlyList<double> Times, IReadOnlyList<CumulantDiagrams> Cumulants)
{
    /// <summary>Whether they are those of the network itself, in the random clock.</summary>
    public bool IsOfClock { get; init; }
}

/// <summary>One cumulant and its diagrams.</summary>
/// <param name="Name">Its name, such as K1.</param>
/// <param name="Letter">The letter of its symbol, such as K.</param>
/// <param name="Above">What stands above the letter, such as (1).</param>
/// <param name="Legs">E.</param>
/// <param name="Loops">L.</param>
/// <param name="Diagrams">The diagrams, those with fewest vertices first; diagrams that differ by the labels of their legs are one.</param>
/// <param name="Solved">Solved[pair][record]: the cumulant from its own equation, which the diagrams add up to.</param>
public sealed record CumulantDiagrams(
    string Name, string Letter, string Above, int Legs, int Loops, IReadOnlyList<ValuedDiagram> Diagrams, IReadOnlyList<IReadOnlyList<double>> Solved);

/// <summary>A diagram with its value.</summary>
/// <param name="Id">Its stable name.</param>
/// <param name="Name">What a physicist calls it, such as tadpole.</param>
/// <param name="Svg">Its drawing.</param>
/// <param name="SymmetryFactor">1/|Aut|, such as 1/2.</param>
/// <param name="Labellings">The number of ways to label its external legs.</param>
/// <param name="Notation">The diagram in one line of text.</param>
/// <param name="Terms">The terms of the equation that it is part of, each as a MathML element; none for a cumulant of the initial rows.</param>
/// <param name="Values">Values[pair][record]: the sum over its labellings, the symmetry factor included.</param>
public sealed record ValuedDiagram(
    string Id, string Name, string Svg, string SymmetryFactor, int Labellings, string Notation, IReadOnlyList<string> Terms, IReadOnlyList<IReadOnlyList<double>> Values);

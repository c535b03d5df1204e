using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// A joint cumulant of several components of G at some order in 1/n, at the recorded layers. It is symmetric under exchange
/// of its pairs, so that each component is held once: p at most q at most r ... over pairs, the last running fastest.
/// </summary>
/// <param name="Name">Its name, such as V6, V4_1 or K2.</param>
/// <param name="Legs">E, the number of pairs that index it.</param>
/// <param name="Components">Components[record][place].</param>
public sealed record HigherCumulant(string Name, int Legs, IReadOnlyList<IReadOnlyList<double>> Components)
{
    /// <summary>The number of independent components over so many pairs: that of multisets of pairs.</summary>
    /// <param name="pairs">The number of pairs of inputs.</param>
    /// <param name="legs">E.</param>
    public static int Count(int pairs, int legs) => Multisets.Count(pairs, legs);

    /// <summary>The ascending lists of pairs, in the order of <see cref="Components"/>.</summary>
    /// <param name="pairs">The number of pairs of inputs.</param>
    /// <param name="legs">E.</param>
    public static IEnumerable<int[]> Ascending(int pairs, int legs) => Multisets.Ascending(pairs, legs);

    /// <summary>Where a component stands.</summary>
    /// <param name="indices">The pairs by their places, in any order.</param>
    /// <param name="pairs">The number of pairs of inputs.</param>
    public static int Place(IEnumerable<int> indices, int pairs) => Multisets.Place(indices, pairs);
}

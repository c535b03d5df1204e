namespace SymbolicEft.Numeric;

/// <summary>The independent components of symmetric tensors: each list of indices in one order.</summary>
internal static class Multisets
{
    /// <summary>Lists of ascending numbers, repetitions allowed, the last running fastest.</summary>
    /// <param name="kinds">They are below it.</param>
    /// <param name="count">How many in a list.</param>
    /// <param name="least">They are not below it.</param>
    public static IEnumerable<int[]> Ascending(int kinds, int count, int least = 0) => count == 0
        ? [[]]
        : from first in Enumerable.Range(least, kinds - least)
          from rest in Ascending(kinds, count - 1, first)
          select (int[])[first, .. rest];
}

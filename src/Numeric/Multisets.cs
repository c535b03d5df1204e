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

    /// <summary>How many such lists there are.</summary>
    /// <param name="kinds">The numbers are below it.</param>
    /// <param name="count">How many in a list.</param>
    /// <exception cref="OverflowException">More than an array has places.</exception>
    public static int Count(int kinds, int count)
    {
        long lists = 1;
        for (int at = 1; at <= count; at++)
            lists = checked(lists * (kinds + at - 1)) / at;
        return checked((int)lists);
    }

    /// <summary>The place of a list among them.</summary>
    /// <param name="list">Its numbers, in any order.</param>
    /// <param name="kinds">They are below it.</param>
    public static int Place(IEnumerable<int> list, int kinds)
    {
        int[] sorted = [.. list.Order()];
        int place = 0, least = 0;
        for (int at = 0; at < sorted.Length; at++)
        {
            // Before it: all lists that agree so far and go on with a number from the least to one below.
            place += Count(kinds - least, sorted.Length - at) - Count(kinds - sorted[at], sorted.Length - at);
            least = sorted[at];
        }

        return place;
    }
}

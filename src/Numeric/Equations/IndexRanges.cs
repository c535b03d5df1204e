using SymbolicEft.Numeric.Closures.Hermite;

namespace SymbolicEft.Numeric.Equations;

/// <summary>What the indices of a moment system count to, for N inputs: pairs, modes of pairs, and blocks of observables.</summary>
internal sealed partial class IndexRanges
{
    /// <summary>Ranges of a system on modes.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="orders">Orders of the modes, ascending, 2 not among them.</param>
    public IndexRanges(int inputs, IEnumerable<int> orders)
        : this(inputs, orders, [], [])
    {
    }

    /// <summary>Ranges of a system on observables.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="observables">The number of observables in the block of each pair.</param>
    /// <param name="members">The number of pairs that each block sees.</param>
    public IndexRanges(int inputs, IReadOnlyList<int> observables, IReadOnlyList<int> members)
        : this(inputs, [], observables, members)
    {
    }

    private IndexRanges(int inputs, IEnumerable<int> orders, IReadOnlyList<int> observables, IReadOnlyList<int> members)
    {
        Modes = new ModeLayout(inputs, orders);
        int pairs = Modes.Pairs.Length, count = Modes.Orders.Length;
        (ModeStarts, ModeCounts, MatrixStarts) = (new int[pairs * count], new int[pairs * count], new int[pairs * count]);
        int mode = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            for (int at = 0; at < count; at++)
            {
                int place = (pair * count) + at, components = ModeLayout.Count(Modes.Orders[at], Modes.Dimension(pair));
                (ModeStarts[place], ModeCounts[place], MatrixStarts[place]) = (mode, components, Matrices);
                mode += components;
                Matrices += components * components;
            }
        }

        (Observables, Members) = (Starts(observables), Starts(members));
    }

    /// <summary>N.</summary>
    public int Inputs => Modes.Inputs;

    /// <summary>Pairs, and the modes of each.</summary>
    public ModeLayout Modes { get; }

    /// <summary>Where the modes of a pair and order begin, at pair * orders + place of the order.</summary>
    public int[] ModeStarts { get; }

    /// <summary>How many modes a pair has of an order.</summary>
    public int[] ModeCounts { get; }

    /// <summary>Where the matrix over the modes of a pair and order begins, in an array of all of them.</summary>
    public int[] MatrixStarts { get; }

    /// <summary>The number of entries of all these matrices.</summary>
    public int Matrices { get; }

    /// <summary>Where the observables of each block begin, and the number of all.</summary>
    public int[] Observables { get; }

    /// <summary>Where the members of each block begin, and the number of all.</summary>
    public int[] Members { get; }

    private static int[] Starts(IReadOnlyList<int> sizes)
    {
        var starts = new int[sizes.Count + 1];
        for (int at = 0; at < sizes.Count; at++)
            starts[at + 1] = starts[at] + sizes[at];
        return starts;
    }
}

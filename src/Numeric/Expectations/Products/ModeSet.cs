namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// The modes (p, q) with s1^p s2^q at least a threshold: for each q the orders p = 0 .. Length(q) - 1, one after the other.
/// </summary>
internal sealed class ModeSet
{
    private readonly int[] _starts;

    private ModeSet(int[] starts, double largestLeftOut) => (_starts, LargestLeftOut) = (starts, largestLeftOut);

    /// <summary>Number of orders q.</summary>
    public int Rows => _starts.Length - 1;

    /// <summary>Number of modes.</summary>
    public int Count => _starts[^1];

    /// <summary>The largest s1^p s2^q outside the set.</summary>
    public double LargestLeftOut { get; }

    /// <summary>Where the modes of an order q begin.</summary>
    public int Start(int q) => _starts[q];

    /// <summary>How many orders p there are at an order q.</summary>
    public int Length(int q) => _starts[q + 1] - _starts[q];

    /// <summary>The set, or null if it has more modes than allowed.</summary>
    public static ModeSet? Of(double first, double second, double threshold, int most)
    {
        var starts = new List<int> { 0 };
        var leftOut = 0.0;
        for (var rowWeight = 1.0; rowWeight >= threshold; rowWeight *= second)
        {
            var length = 0;
            var weight = rowWeight;
            while (weight >= threshold)
            {
                weight *= first;
                if (starts[^1] + ++length > most) return null;
            }

            leftOut = Math.Max(leftOut, weight);
            starts.Add(starts[^1] + length);
            if (second == 0) return new ModeSet([.. starts], leftOut);
        }

        return new ModeSet([.. starts], Math.Max(leftOut, Math.Pow(second, starts.Count - 1)));
    }
}

using System.Globalization;

namespace SymbolicEft.Numeric;

/// <summary>A pair of inputs (a, b) with a &lt;= b, counted from 0: an index of K0, K1 and U1; two of them index V4.</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
public readonly record struct InputPair(int First, int Second)
{
    /// <summary>Whether the pair is an input with itself.</summary>
    public bool IsDiagonal => First == Second;

    /// <summary>Its name in tables: 01, and 3-12 where an input has two digits.</summary>
    internal string Name => First.ToString(CultureInfo.InvariantCulture) + (Second > 9 ? "-" : "") + Second.ToString(CultureInfo.InvariantCulture);

    /// <summary>A pair that is written (0, 1).</summary>
    /// <param name="pair">The two inputs.</param>
    public static implicit operator InputPair((int First, int Second) pair) => new(pair.First, pair.Second);
}

/// <summary>
/// The order of symmetric pairs and of pairs of pairs everywhere in the toolkit: (0,0), (0,1), ..., (0,N-1), (1,1), ...;
/// symmetric matrices over pairs are stored as their upper triangle, row by row.
/// </summary>
public static class PairIndexing
{
    /// <summary>The number of pairs a at most b of N inputs.</summary>
    public static int Count(int inputs) => inputs * (inputs + 1) / 2;

    /// <summary>The place of the pair of two inputs, in either order.</summary>
    public static int Of(int first, int second, int inputs)
    {
        if (first > second)
            (first, second) = (second, first);
        return (first * inputs) - (first * (first - 1) / 2) + second - first;
    }

    /// <summary>The place of a pair that a user named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input: its place would be another pair's.</exception>
    internal static int Named(InputPair pair, int inputs) =>
        pair.First >= 0 && pair.First < inputs && pair.Second >= 0 && pair.Second < inputs
            ? Of(pair.First, pair.Second, inputs)
            : throw new ArgumentOutOfRangeException(nameof(pair), $"There is no pair ({pair.First}, {pair.Second}); the inputs are numbered 0 to {inputs - 1}.");

    /// <summary>All pairs in order.</summary>
    public static IReadOnlyList<InputPair> All(int inputs) =>
        [.. from a in Enumerable.Range(0, inputs) from b in Enumerable.Range(a, inputs - a) select new InputPair(a, b)];

    /// <summary>The upper triangle, by rows, of a full matrix.</summary>
    public static double[] Upper(double[,] matrix)
    {
        int inputs = matrix.GetLength(0);
        var upper = new double[Count(inputs)];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = a; b < inputs; b++)
                upper[Of(a, b, inputs)] = matrix[a, b];
        }

        return upper;
    }
}

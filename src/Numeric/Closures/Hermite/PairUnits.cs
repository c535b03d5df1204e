using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Sizes of symmetric matrices over inputs, in the standard units of a pair: W x W^T, W the frame.</summary>
internal sealed class PairUnits
{
    private readonly int[] _first, _second;

    /// <summary>Prepares N inputs.</summary>
    /// <param name="inputs">N.</param>
    public PairUnits(int inputs)
    {
        Pairs = [.. PairIndexing.All(inputs)];
        (_first, _second) = ([.. Pairs.Select(pair => PairIndexing.Of(pair.First, pair.First, inputs))], [.. Pairs.Select(pair => PairIndexing.Of(pair.Second, pair.Second, inputs))]);
    }

    /// <summary>All pairs in order.</summary>
    public InputPair[] Pairs { get; }

    /// <summary>The pair (a, a) of a pair (a, b).</summary>
    public int First(int pair) => _first[pair];

    /// <summary>The pair (b, b).</summary>
    public int Second(int pair) => _second[pair];

    /// <summary>sqrt(sum_ij |x_ij|^2) at most, of an x of which |x_p| is known over pairs.</summary>
    /// <param name="frame">The frame of the pair.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="sizes">|x_p|.</param>
    public double Norm(in PairFrame frame, int pair, ReadOnlySpan<double> sizes)
    {
        double first = sizes[_first[pair]], cross = sizes[pair], second = sizes[_second[pair]];
        // The component 12 stands twice in the sum.
        double b11 = frame.A * frame.A * first;
        double b12 = (Math.Abs(frame.A * frame.B) * first) + (Math.Abs(frame.A * frame.D) * cross);
        double b22 = (frame.B * frame.B * first) + (Math.Abs(2 * frame.B * frame.D) * cross) + (frame.D * frame.D * second);
        return Math.Sqrt((b11 * b11) + (2 * b12 * b12) + (b22 * b22));
    }
}

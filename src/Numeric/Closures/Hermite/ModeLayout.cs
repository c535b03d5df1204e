using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>
/// Places of the modes other than g: pair by pair (a at most b), order by order. A pair of two inputs has the k + 1 modes
/// he_(k-j)(z1) he_j(z2) of each order k; a pair of an input with itself has one.
/// </summary>
internal sealed class ModeLayout
{
    private readonly int[] _pairStart;

    public ModeLayout(int inputs, IEnumerable<int> orders)
    {
        Inputs = inputs;
        Orders = [.. orders];
        Pairs = [.. PairIndexing.All(inputs)];
        _pairStart = new int[Pairs.Length + 1];
        for (var pair = 0; pair < Pairs.Length; pair++)
            _pairStart[pair + 1] = _pairStart[pair] + Orders.Sum(order => Count(order, Dimension(pair)));
    }

    public int Inputs { get; }

    /// <summary>The orders, ascending, 2 not among them.</summary>
    public int[] Orders { get; }

    /// <summary>All pairs in order.</summary>
    public InputPair[] Pairs { get; }

    /// <summary>The number of modes.</summary>
    public int Length => _pairStart[^1];

    /// <summary>1 or 2.</summary>
    public int Dimension(int pair) => Pairs[pair].First == Pairs[pair].Second ? 1 : 2;

    /// <summary>The number of modes of one order.</summary>
    public static int Count(int order, int dimension) => dimension == 1 ? 1 : order + 1;

    /// <summary>The number of modes of a pair of one order.</summary>
    public int CountOf(int pair, int order) => Count(order, Dimension(pair));

    /// <summary>Where the modes of a pair and order begin; the order must be one of <see cref="Orders"/>.</summary>
    public int Offset(int pair, int order)
    {
        var at = _pairStart[pair];
        foreach (int each in Orders)
        {
            if (each == order) return at;
            at += Count(each, Dimension(pair));
        }

        throw new ArgumentOutOfRangeException(nameof(order));
    }

    /// <summary>Where a pair's modes begin.</summary>
    public int Start(int pair) => _pairStart[pair];

    /// <summary>How many modes a pair has.</summary>
    public int LengthOf(int pair) => _pairStart[pair + 1] - _pairStart[pair];

    /// <summary>The index of a pair.</summary>
    public int PairOf(int first, int second) => PairIndexing.Of(first, second, Inputs);

    /// <summary>Cross correlations of the frames of two pairs.</summary>
    public Matrix2 Correlations(PairFrame[] frames, int left, int right, ReadOnlySpan<double> kernel)
    {
        var (a, b) = Pairs[left];
        var (c, d) = Pairs[right];
        return frames[left].Correlations(frames[right], kernel[PairOf(a, c)], kernel[PairOf(a, d)], kernel[PairOf(b, c)], kernel[PairOf(b, d)]);
    }
}

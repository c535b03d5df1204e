namespace SymbolicEft.Numeric.Solving;

/// <summary>How large the corrections of finite width are at a layer, over the kernel of infinite width: the largest of an input with itself.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Fluctuation">sqrt(V4_aa,aa)/K0_aa.</param>
/// <param name="Shift">|K1_aa|/K0_aa.</param>
internal readonly record struct RelativeSize(int Layer, double Fluctuation, double Shift)
{
    /// <summary>Whether K0_aa of an input is 0, and its fluctuation with it: it has no relative size.</summary>
    public bool HasVanished { get; init; }

    /// <summary>Of the numbers of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">N.</param>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="covariance">V4, upper triangle over pairs of pairs.</param>
    /// <param name="correction">K1 over pairs.</param>
    public static RelativeSize Of(int layer, int inputs, ReadOnlySpan<double> kernel, ReadOnlySpan<double> covariance, ReadOnlySpan<double> correction)
    {
        (double fluctuation, double shift, bool hasVanished) = (0, 0, false);
        int pairs = PairIndexing.Count(inputs);
        for (int input = 0; input < inputs; input++)
        {
            int pair = PairIndexing.Of(input, input, inputs);
            // Rounding may leave a variance of 0 negative.
            fluctuation = Math.Max(fluctuation, Over(Math.Sqrt(Math.Max(0, covariance[PairIndexing.Of(pair, pair, pairs)])), kernel[pair]));
            hasVanished |= kernel[pair] == 0;
            shift = Math.Max(shift, Over(Math.Abs(correction[pair]), kernel[pair]));
        }

        return new(layer, fluctuation, shift) { HasVanished = hasVanished };

        static double Over(double size, double kernel) => size == 0 ? 0 : size / kernel;
    }
}

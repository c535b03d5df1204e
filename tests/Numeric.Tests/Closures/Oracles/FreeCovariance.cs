namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>free(K)_ab,cd = K_ac K_bd + K_ad K_bc: n Cov(G, G) of independent Gaussian rows of covariance K.</summary>
internal sealed class FreeCovariance(int inputs)
{
    private readonly InputPair[] _pairs = [.. PairIndexing.All(inputs)];

    /// <summary>free(K) of two pairs.</summary>
    public double Of(ReadOnlySpan<double> kernel, int left, int right)
    {
        var (ac, bd, ad, bc) = Places(left, right);
        return (kernel[ac] * kernel[bd]) + (kernel[ad] * kernel[bc]);
    }

    /// <summary>The derivative of free(K) at dK = Q: the source of V4 in depth time.</summary>
    public double Rate(ReadOnlySpan<double> kernel, ReadOnlySpan<double> rows, int left, int right)
    {
        var (ac, bd, ad, bc) = Places(left, right);
        return (rows[ac] * kernel[bd]) + (kernel[ac] * rows[bd]) + (rows[ad] * kernel[bc]) + (kernel[ad] * rows[bc]);
    }

    /// <summary>The upper triangle of a full matrix over pairs.</summary>
    public double[] Upper(ReadOnlySpan<double> full)
    {
        int count = _pairs.Length;
        var upper = new double[PairIndexing.Count(count)];
        for (var c = 0; c < count; c++)
        {
            for (var d = c; d < count; d++) upper[PairIndexing.Of(c, d, count)] = full[(c * count) + d];
        }

        return upper;
    }

    private (int AC, int BD, int AD, int BC) Places(int left, int right)
    {
        var (a, b) = _pairs[left];
        var (c, d) = _pairs[right];
        return (PairIndexing.Of(a, c, inputs), PairIndexing.Of(b, d, inputs), PairIndexing.Of(a, d, inputs), PairIndexing.Of(b, c, inputs));
    }
}

// The linear network sigma(x) = x, one input, no bias, exact at every width: given G, the block law has mean (alpha^2 + c) G and
// variance (4 alpha^2 c + 2 c^2) G^2/n with c = eps^2 C_W, and G(0) is K chi^2_n/n, so
//   E G = K (alpha^2 + c)^l,  E G^2 = K^2 (1 + 2/n) ((alpha^2 + c)^2 + (4 alpha^2 c + 2 c^2)/n)^l.

using SymbolicEft.Numeric.Compilation;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>What is known of the linear network at every width, to hold a sampler against.</summary>
internal static class LinearNetwork
{
    /// <summary>E G and V4 = n Var G of one input after some layers.</summary>
    /// <param name="layer">alpha, eps and C_W; there is no bias.</param>
    /// <param name="kernel">K(0).</param>
    /// <param name="width">n.</param>
    /// <param name="depth">l.</param>
    public static (double G, double V4) At(LayerParameters layer, double kernel, int width, int depth)
    {
        double alphaSquared = layer.Skip * layer.Skip, c = layer.Step * layer.Step * layer.WeightVariance;
        double mean = kernel * Math.Pow(alphaSquared + c, depth);
        double square = kernel * kernel * (1 + (2.0 / width)) * Math.Pow(((alphaSquared + c) * (alphaSquared + c)) + (((4 * alphaSquared * c) + (2 * c * c)) / width), depth);
        return (mean, width * (square - (mean * mean)));
    }
}

using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Between which values K0 of one input moves, as far as the choice of a grid needs to know.</summary>
internal static class KernelPath
{
    private const double Step = 0.1;
    private const int Range = 10;

    /// <summary>The least and the largest K0 of all layers, or the one where they are equal, without those that are 0, where nothing is integrated.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="layer">The numbers of a layer.</param>
    /// <param name="kernel">K(0).</param>
    /// <param name="depth">L.</param>
    public static double[] Of(ActivationDescription sigma, LayerParameters layer, double kernel, int depth)
    {
        double least = double.PositiveInfinity, largest = 0;
        for (int at = 0; at <= depth && double.IsFinite(kernel); at++)
        {
            if (kernel > 0)
                (least, largest) = (Math.Min(least, kernel), Math.Max(largest, kernel));
            double deviation = Math.Sqrt(kernel), mean = 0;
            for (double z = -Range; z <= Range; z += Step)
                mean += Step * GaussianTails.Density(z) * sigma.Value(deviation * z) * sigma.Value(deviation * z);
            kernel = (layer.Skip * layer.Skip * kernel) + (layer.Time * ((layer.WeightVariance * mean) + layer.BiasVariance));
        }

        return largest == 0 ? [] : least == largest ? [least] : [least, largest];
    }
}

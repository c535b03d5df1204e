using System.Globalization;

namespace SymbolicEft.Numeric.Simulation;

// A standard error is the root of a sum over samples of squared influences w^2. With heavy tails a few samples make that sum, and then it is
// itself an estimate from a few. M_eff = (sum w^2)^2 / sum w^4 says from how many: M over the kurtosis of w. The share of the largest sample is at
// most M_eff^(-1/2), and the error bar is uncertain by about half of that, relative to itself. For covariances w is taken about 0.

/// <summary>Whether standard errors can be trusted, from the sample itself.</summary>
public static class ErrorBars
{
    /// <summary>Below so many effective samples a standard error is not to be trusted: z-scores then have a standard deviation of 1.15 and more.</summary>
    public const double FewestEffectiveSamples = 20;

    /// <summary>A part that is not random counts from this share of the standard error on.</summary>
    public const double LargestTruncation = 0.25;

    /// <summary>(sum w^2)^2 / sum w^4 of the influences w of single samples on an estimate: how many samples its standard error rests on.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="square">Mean of w^2.</param>
    /// <param name="fourth">Mean of w^4.</param>
    /// <returns>Between 1 and the number of samples; that number where nothing varies.</returns>
    internal static double EffectiveSamples(long samples, double square, double fourth) =>
        square > 0 && fourth > 0 ? Math.Clamp(samples * (square / fourth * square), 1, samples) : samples;

    /// <summary>Likewise of a mean, from the moments of what is averaged.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="square">Mean square.</param>
    /// <param name="cube">Mean third power.</param>
    /// <param name="fourth">Mean fourth power.</param>
    /// <returns>As above.</returns>
    internal static double EffectiveSamples(long samples, double mean, double square, double cube, double fourth)
    {
        double central = square - (mean * mean);
        // What is left of moments that cancel is rounding.
        return central > 1e-6 * square
            ? EffectiveSamples(samples, central, fourth - (4 * mean * cube) + (6 * mean * mean * square) - (3 * mean * mean * mean * mean))
            : samples;
    }

    /// <summary>Which error bars are not to be trusted, and why.</summary>
    /// <param name="statistics">A simulation.</param>
    /// <returns>Whole sentences, at most one of each kind for a quantity; empty if nothing speaks against any.</returns>
    public static IReadOnlyList<string> Warnings(EnsembleStatistics statistics) => Warnings(statistics, pair => Name(pair, statistics.Inputs));

    /// <summary>Likewise, with names for the pairs.</summary>
    internal static IReadOnlyList<string> Warnings(EnsembleStatistics statistics, Func<int, string> name)
    {
        int[] kept = [.. statistics.CovariancePairs];
        IEnumerable<(string, double)> Means(string quantity, Func<LayerStatistics, PairEstimate?> of) => statistics.Layers.SelectMany(layer => of(layer) is not { } estimate ? [] :
            kept.Select(p => ($"{quantity}_{name(p)} at layer {Text(layer.Layer)}", estimate.EffectiveSamples[p])));
        IEnumerable<(LayerStatistics Layer, int P, int Q)> components = statistics.Layers.SelectMany(layer => Enumerable.Range(0, kept.Length).SelectMany(p => Enumerable.Range(p, kept.Length - p).Select(q => (layer, p, q))));
        string Where(LayerStatistics layer, int p, int q) => $"V4_{name(kept[p])},{name(kept[q])} at layer {Text(layer.Layer)}";
        return
        [
            .. new[]
            {
                TooFew("G", statistics.Samples, Means("G", layer => layer.K1 is null ? layer.G : null)),
                TooFew("K1", statistics.Samples, Means("K1", layer => layer.K1)),
                TooFew("U1", statistics.Samples, Means("U1", layer => layer.U1)),
                TooFew("V4", statistics.Samples, components.Select(each => (Where(each.Layer, each.P, each.Q), each.Layer.V4.EffectiveSamples[each.P, each.Q]))),
                LeftOut(components.Where(each => each.Layer.V4.Truncation is not null).Select(each => (Where(each.Layer, each.P, each.Q), each.Layer.V4.Truncation![each.P, each.Q], each.Layer.V4.StandardError[each.P, each.Q], each.Layer.V4.Value[each.P, each.Q]))),
            }.OfType<string>(),
        ];
    }

    /// <summary>What to say of error bars that rest on a few samples; null if there are none.</summary>
    /// <param name="quantity">What they are of.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="components">All components, with the number of samples that their error bars rest on.</param>
    internal static string? TooFew(string quantity, long samples, IEnumerable<(string Where, double Effective)> components)
    {
        (double least, string where, int few, int number) = (double.PositiveInfinity, "", 0, 0);
        foreach ((string component, double effective) in components)
        {
            number++;
            if (!(effective < FewestEffectiveSamples)) continue;
            few++;
            if (effective < least) (least, where) = (effective, component);
        }

        return few == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{few} of {number} error bars of {quantity} cannot be trusted: that of {where} rests on the equivalent of {least:F0} of {samples} networks, and a few rare ones can change it by half and more; simulate more networks, or take it for a rough guess.");
    }

    /// <summary>What to say where a part that is not random counts beside error bars; null if it does nowhere.</summary>
    /// <param name="components">All components, with that part, their error bars and their values.</param>
    internal static string? LeftOut(IEnumerable<(string Where, double Truncation, double Error, double Value)> components)
    {
        (double most, double bound, string where) = (LargestTruncation, 0, "");
        foreach ((string component, double truncation, double error, double value) in components)
        {
            double ratio = truncation / error;
            // Without spread rounding is all there is.
            if (!(ratio > most) || truncation <= 1e-9 * Math.Abs(value)) continue;
            (most, bound, where) = (ratio, truncation, component);
        }

        return where.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{where} can be off by up to {bound:G2} beyond its error bar, {most:G2} of them, and others likewise: the covariance of the control variate is known to a finite order of modes only. That is not random, and more networks do not help; the plain estimator is free of it.");
    }

    private static string Name(int pair, int inputs)
    {
        (int a, int b) = PairIndexing.All(inputs)[pair];
        return inputs > 10 ? $"{Text(a)}-{Text(b)}" : Text(a) + Text(b);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

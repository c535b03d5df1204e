namespace SymbolicEft.Numeric.Expectations;

/// <summary>The law of the other variables given one: means Slopes[i] x, and a covariance that does not depend on x.</summary>
internal sealed class GaussianConditional
{
    // Below this share of its variance, what is left of a variable is the rounding of the kernel.
    private const double Negligible = 4e-16;

    public GaussianConditional(double[,] kernel, int given)
    {
        Others = [.. Enumerable.Range(0, kernel.GetLength(0)).Where(variable => variable != given)];
        Slopes = [.. Others.Select(other => kernel[other, given] / kernel[given, given])];
        Covariance = new double[Others.Length, Others.Length];
        var variance = Variance = kernel[given, given];
        for (var i = 0; i < Others.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = Determinant(variance, kernel[Others[i], Others[j]], kernel[Others[i], given], kernel[Others[j], given]) / variance;
                if (i == j && rest < Negligible * kernel[Others[i], Others[i]]) rest = 0;
                Covariance[i, j] = Covariance[j, i] = rest;
            }
        }

        // Rounding may leave a correlation with nothing, or beyond 1.
        for (var i = 0; i < Others.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var most = Math.Sqrt(Covariance[i, i] * Covariance[j, j]);
                Covariance[i, j] = Covariance[j, i] = Math.Clamp(Covariance[i, j], -most, most);
            }
        }
    }

    /// <summary>The variance of the given variable.</summary>
    public double Variance { get; }

    /// <summary>The other variables.</summary>
    public int[] Others { get; }

    /// <summary>The mean of each per unit of the given one.</summary>
    public double[] Slopes { get; }

    /// <summary>Their covariance.</summary>
    public double[,] Covariance { get; }

    /// <summary>
    /// Where the integral over the given variable, in standard units, is not smooth, or smooth on a small scale only: kinks of
    /// its own factor, and of others which it nearly determines.
    /// </summary>
    public double[] OuterCuts(GaussianFactor[] factors, int given)
    {
        var deviation = Math.Sqrt(Variance);
        var cuts = new List<double>(factors[given].Breakpoints.Select(point => point / deviation));
        for (var i = 0; i < Others.Length; i++)
        {
            var reach = Math.Abs(Slopes[i]) * deviation;
            var width = reach == 0 ? double.PositiveInfinity : Math.Sqrt(Covariance[i, i]) / reach;
            if (width > 0.5) continue;
            foreach (var point in factors[Others[i]].Breakpoints)
            {
                var centre = point / (Slopes[i] * deviation);
                cuts.AddRange([centre - (10 * width), centre - (3 * width), centre, centre + (3 * width), centre + (10 * width)]);
            }
        }

        return [.. cuts];
    }

    // a b - c d with one rounding of the difference (Kahan).
    private static double Determinant(double a, double b, double c, double d)
    {
        var product = c * d;
        var error = Math.FusedMultiplyAdd(c, d, -product);
        return Math.FusedMultiplyAdd(a, b, -product) - error;
    }
}

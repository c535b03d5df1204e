namespace SymbolicEft.Numeric.Expectations;

/// <summary>What is known of the sums over a grid, for all variances that it serves.</summary>
internal sealed class GridAccuracy
{
    /// <summary>What is proved to be less, of a function whose samples are all 0, is 0: the tails of what vanishes as far as double precision reaches.</summary>
    public const double Nothing = 1e-140;

    private readonly double[] _coefficients;
    private readonly double[] _products;
    private readonly int _derivatives;
    private readonly int _highestWeight;

    /// <summary>Takes what is known.</summary>
    /// <param name="coefficients">Error of c^(k)_p at [k], to be multiplied with growth^p.</param>
    /// <param name="products">Error of E[sigma^(i) sigma^(j) he_q] at [(i (derivatives + 1) + j)(highestWeight + 1) + q].</param>
    /// <param name="derivatives">The highest i.</param>
    /// <param name="highestWeight">The highest q.</param>
    /// <param name="growth">How the errors may grow with p.</param>
    /// <param name="disagreement">How far the coarse half of the grid was off where the errors were measured.</param>
    /// <param name="notProved">Null for bounds of the errors themselves; for errors measured at one variance, relative to root mean squares, why they are not proved.</param>
    public GridAccuracy(double[] coefficients, double[] products, int derivatives, int highestWeight, double growth, double disagreement, string? notProved)
    {
        (_coefficients, _products, _derivatives, _highestWeight) = (coefficients, products, derivatives, highestWeight);
        (Growth, Disagreement, NotProved) = (growth, disagreement, notProved);
    }

    /// <summary>Null if the errors are bounded by a proof; where they were measured, why there is none, as a clause.</summary>
    public string? NotProved { get; }

    /// <summary>True if the errors are bounded by a proof, false if they were measured.</summary>
    public bool IsProved => NotProved is null;

    /// <summary>How the errors of coefficients may grow with their order.</summary>
    public double Growth { get; }

    /// <summary>How far the coarse half of the grid was off.</summary>
    public double Disagreement { get; }

    /// <summary>The error of c^(k)_p over growth^p, for a function of that root mean square.</summary>
    public double CoefficientError(int k, double rootMeanSquare) => IsProved ? _coefficients[k] : _coefficients[k] * rootMeanSquare;

    /// <summary>The error of E[sigma^(i) sigma^(j) he_q], for functions of those root mean squares.</summary>
    public double ProductError(int i, int j, int q, double first, double second)
    {
        if (q > _highestWeight) return double.PositiveInfinity;
        double error = _products[(((i * (_derivatives + 1)) + j) * (_highestWeight + 1)) + q];
        return IsProved ? error : error * first * second;
    }

    /// <summary>The largest error relative to the root mean squares of a sample.</summary>
    public double Worst(ReadOnlySpan<double> meanSquares)
    {
        double worst = 0;
        for (int i = 0; i <= _derivatives; i++)
        {
            double first = Math.Sqrt(meanSquares[i]);
            worst = Math.Max(worst, Relative(CoefficientError(i, first), first));
            for (int j = 0; j <= _derivatives; j++)
            {
                double second = Math.Sqrt(meanSquares[j]);
                for (int q = 0; q <= _highestWeight; q++) worst = Math.Max(worst, Relative(ProductError(i, j, q, first, second), first * second));
            }
        }

        return worst;

        // A function that is 0 is known exactly.
        static double Relative(double error, double size) => size > 0 ? error / size : error < Nothing ? 0 : double.PositiveInfinity;
    }
}

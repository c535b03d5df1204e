namespace SymbolicEft.Numeric.Expectations;

/// <summary>What was measured of a grid at the upper end of the variances it serves, all relative to root mean squares.</summary>
internal sealed class GridAccuracy
{
    private readonly double[] _products;
    private readonly int _derivatives;
    private readonly int _highestWeight;

    public GridAccuracy(double[] coefficients, double[] products, int derivatives, int highestWeight, double growth, double disagreement)
    {
        CoefficientErrors = coefficients;
        _products = products;
        _derivatives = derivatives;
        _highestWeight = highestWeight;
        Growth = growth;
        Disagreement = disagreement;
    }

    /// <summary>Error of c^(k)_p at [k], to be multiplied with growth^p.</summary>
    public double[] CoefficientErrors { get; }

    /// <summary>See <see cref="CoefficientErrors"/>.</summary>
    public double Growth { get; }

    /// <summary>How far the coarse half of the grid was off.</summary>
    public double Disagreement { get; }

    /// <summary>Error of E[sigma^(i) sigma^(j) He_q] relative to sqrt(E[sigma^(i)^2] E[sigma^(j)^2] q!).</summary>
    public double ProductError(int i, int j, int q) =>
        q > _highestWeight ? double.PositiveInfinity : _products[(i * (_derivatives + 1) + j) * (_highestWeight + 1) + q];

    /// <summary>The largest of all errors.</summary>
    public double Worst
    {
        get
        {
            var worst = 0.0;
            foreach (var error in CoefficientErrors) worst = Math.Max(worst, error);
            foreach (var error in _products) worst = Math.Max(worst, error);
            return worst;
        }
    }
}

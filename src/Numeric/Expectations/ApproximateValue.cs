using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>A number together with what its absolute error is bounded by, proved or estimated as the maker says.</summary>
/// <param name="Value">The computed value.</param>
/// <param name="ErrorBound">Bound on, or conservative estimate of, |Value - exact|: discretisation, truncation and rounding together.</param>
internal readonly record struct ApproximateValue(double Value, double ErrorBound)
{
    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value:R} +- {ErrorBound:E1}");
}

using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>A number together with a bound on its absolute error.</summary>
/// <param name="Value">The computed value.</param>
/// <param name="ErrorBound">A conservative bound on |Value - exact|, discretisation, truncation and rounding together.</param>
internal readonly record struct CertifiedValue(double Value, double ErrorBound)
{
    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value:R} +- {ErrorBound:E1}");
}

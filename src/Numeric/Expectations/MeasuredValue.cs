namespace SymbolicEft.Numeric.Expectations;

/// <summary>A value from a rule that does not know its error, beside the certified value.</summary>
/// <param name="Value">What the rule gives.</param>
/// <param name="Certified">What it should have given.</param>
internal readonly record struct MeasuredValue(double Value, CertifiedValue Certified)
{
    /// <summary>Value - Certified.Value: the error of the rule, known to within the certified bound.</summary>
    public double MeasuredError => Value - Certified.Value;
}

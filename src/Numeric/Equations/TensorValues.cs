namespace SymbolicEft.Numeric.Equations;

/// <summary>Part of an array.</summary>
/// <param name="Values">The array.</param>
/// <param name="Offset">Where the tensor begins.</param>
internal readonly record struct TensorValues(double[] Values, int Offset)
{
    /// <summary>The tensor, and what follows it in the array.</summary>
    public ReadOnlySpan<double> Whole => Values.AsSpan(Offset);
}

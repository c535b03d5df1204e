namespace SymbolicEft.Numeric.Equations;

/// <summary>Part of an array.</summary>
/// <param name="Values">The array.</param>
/// <param name="Offset">Where the tensor begins.</param>
internal readonly record struct TensorValues(double[] Values, int Offset)
{
    /// <summary>The tensor, and what follows it in the array.</summary>
    public ReadOnlySpan<double> Whole => Values.AsSpan(Offset);
}

/// <summary>A compiled term of an equation: one or two tensors, with a coefficient in front.</summary>
internal interface ITerm
{
    /// <summary>Adds the term.</summary>
    void Add(double coefficient, TensorValues result, TensorValues first, TensorValues second);
}

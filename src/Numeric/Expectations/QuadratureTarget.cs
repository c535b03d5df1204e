namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// The accuracy asked of an expectation E[f]. It is met when the error bound is at most
/// max(Relative |E f|, RelativeToMagnitude E|f|).
/// </summary>
/// <remarks>
/// The second term is what lets an expectation vanish by symmetry: E[tanh x] is zero, and no computation that rounds
/// can know it relative to itself. The error bound returned with the value tells the two cases apart.
/// </remarks>
/// <param name="Relative">Error allowed relative to |E f|.</param>
/// <param name="RelativeToMagnitude">Error allowed relative to E|f|; zero demands the first criterion alone.</param>
internal readonly record struct QuadratureTarget(double Relative, double RelativeToMagnitude)
{
    /// <summary>1e-13 relative to E|f| (hence at least that relative to |E f| where nothing cancels).</summary>
    public static QuadratureTarget Default { get; } = new(1e-13, 1e-13);

    /// <summary>1e-13 relative to |E f| itself, whatever cancels; refuses expectations that vanish by symmetry.</summary>
    public static QuadratureTarget Strict { get; } = new(1e-13, 0.0);

    /// <summary>The absolute error this target allows.</summary>
    /// <param name="value">The value of the expectation.</param>
    /// <param name="magnitude">E|f|.</param>
    public double Allowance(double value, double magnitude) =>
        Math.Max(Relative * Math.Abs(value), RelativeToMagnitude * magnitude);
}

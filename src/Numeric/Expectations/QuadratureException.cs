namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// A Gaussian expectation could not be computed to its target: the integral does not exist, converges too slowly, or
/// leaves the range of double precision. The message is one sentence with the value, the reason and the mend.
/// </summary>
public sealed class QuadratureException : Exception
{
    /// <summary>Creates the exception with its one-sentence message.</summary>
    /// <param name="message">What failed, by how much, and what would mend it.</param>
    public QuadratureException(string message) : base(message)
    {
    }
}

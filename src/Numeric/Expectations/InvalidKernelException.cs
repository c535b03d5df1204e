namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// A kernel that is no covariance: a negative variance, a determinant below zero by more than rounding, or an entry
/// that is not a finite number.
/// </summary>
public sealed class InvalidKernelException : ArgumentException
{
    /// <summary>Creates the exception with its one-sentence message.</summary>
    /// <param name="message">Which entry is wrong, and what a covariance would need.</param>
    public InvalidKernelException(string message) : base(message)
    {
    }
}

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Solving;

/// <summary>What an exception says of a solution.</summary>
internal static class ComputationFailure
{
    /// <summary>Whether a solution could not be had for reasons of the numbers, which its message gives: the input is not wrong, and there is no mistake.</summary>
    public static bool Is(Exception reason) => reason is ComputationException or QuadratureException or InvalidKernelException or ArithmeticException;
}

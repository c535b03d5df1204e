using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>What of the machine can be seen in the numbers of the sampler: not the width of its vectors, but whether it rounds a product before adding.</summary>
internal static class LaneArithmetic
{
    /// <summary>Whether a product is added without being rounded first, as with FMA; found by trying.</summary>
    public static bool IsFused { get; } = Residue(1 + 1e-9, 1 + 1e-9) != 0;

    // (left right) - fl(left right): 0 where the product is rounded first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Residue(double left, double right) =>
        Vector512.MultiplyAddEstimate(Vector512.Create(left), Vector512.Create(right), Vector512.Create(-(left * right)))[0];
}

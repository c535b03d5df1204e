using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Any scalar function as an activation, called lane by lane: right for everything, and slow.</summary>
/// <param name="function">The activation; called from several threads.</param>
internal readonly struct ElementwiseActivation(Func<double, double> function) : IVectorActivation
{
    private readonly Func<double, double> function = function;

    /// <inheritdoc/>
    public Vector512<float> Invoke(Vector512<float> x)
    {
        Span<float> values = stackalloc float[Vector512<float>.Count];
        x.CopyTo(values);
        for (int lane = 0; lane < values.Length; lane++) values[lane] = (float)function(values[lane]);
        return Vector512.Create<float>(values);
    }

    /// <inheritdoc/>
    public Vector512<double> Invoke(Vector512<double> x)
    {
        Span<double> values = stackalloc double[Vector512<double>.Count];
        x.CopyTo(values);
        for (int lane = 0; lane < values.Length; lane++) values[lane] = function(values[lane]);
        return Vector512.Create<double>(values);
    }
}

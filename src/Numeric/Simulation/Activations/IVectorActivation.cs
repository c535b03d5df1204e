using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>An activation applied to vectors of samples in state precision <typeparamref name="T"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>Implement it on a readonly struct: kernels are generic over it, and the JIT compiles one kernel for each.</remarks>
internal interface IVectorActivation<T>
    where T : unmanaged
{
    /// <summary>The activation of every lane.</summary>
    /// <param name="x">Pre-activations.</param>
    /// <returns>sigma(x), lane by lane.</returns>
    Vector512<T> Invoke(Vector512<T> x);
}

/// <summary>An activation in both state precisions.</summary>
internal interface IVectorActivation : IVectorActivation<float>, IVectorActivation<double>;

using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>An activation of runs of vectors: one call to a chunk of neurons, so that it costs nothing not to know the kernel at compile time.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract unsafe class LaneActivation<T>
    where T : unmanaged
{
    /// <summary>sigma of <paramref name="count"/> vectors; the two places may be the same.</summary>
    public abstract void Apply(Vector512<T>* phi, Vector512<T>* sigma, int count);
}

/// <summary>Activations of runs of vectors, from kernels.</summary>
internal static unsafe class LaneActivation
{
    /// <summary>In float.</summary>
    public static LaneActivation<float> Single(NeuronActivation activation) => activation.Accept(new SingleUse());

    /// <summary>In double.</summary>
    public static LaneActivation<double> Double(NeuronActivation activation) => activation.Accept(new DoubleUse());

    /// <summary>sigma of <paramref name="count"/> vectors, compiled for the kernel; the two places may be the same.</summary>
    public static void Apply<T, TActivation>(TActivation kernel, Vector512<T>* phi, Vector512<T>* sigma, int count)
        where T : unmanaged
        where TActivation : struct, IVectorActivation<T>
    {
        int k = 0;
        for (; k + 4 <= count; k += 4)
        {
            // Four at a time: the compiler keeps constants that are used more than once in registers.
            sigma[k] = kernel.Invoke(phi[k]);
            sigma[k + 1] = kernel.Invoke(phi[k + 1]);
            sigma[k + 2] = kernel.Invoke(phi[k + 2]);
            sigma[k + 3] = kernel.Invoke(phi[k + 3]);
        }

        for (; k < count; k++) sigma[k] = kernel.Invoke(phi[k]);
    }

    private sealed class Of<T, TActivation>(TActivation kernel) : LaneActivation<T>
        where T : unmanaged
        where TActivation : struct, IVectorActivation<T>
    {
        public override void Apply(Vector512<T>* phi, Vector512<T>* sigma, int count) => LaneActivation.Apply(kernel, phi, sigma, count);
    }

    private sealed class SingleUse : IActivationUse<LaneActivation<float>>
    {
        public LaneActivation<float> With<TActivation>(TActivation activation)
            where TActivation : struct, IVectorActivation => new Of<float, TActivation>(activation);
    }

    private sealed class DoubleUse : IActivationUse<LaneActivation<double>>
    {
        public LaneActivation<double> With<TActivation>(TActivation activation)
            where TActivation : struct, IVectorActivation => new Of<double, TActivation>(activation);
    }
}

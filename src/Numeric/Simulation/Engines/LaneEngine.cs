using System.Runtime.InteropServices;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Receives the kernels of a group of samples at a recorded layer.</summary>
internal interface IKernelObserver
{
    /// <summary>Kernels of one group at one recorded layer.</summary>
    /// <param name="record">Number of the recorded layer.</param>
    /// <param name="kernel">G, pair by pair in the order (0,0), (0,1), ..., (1,1), ..., the lanes of a pair side by side.</param>
    /// <param name="sigmaKernel">S, likewise.</param>
    void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel);

    /// <summary>The linear predictions for the group, handed over just before its kernels by engines that have a control variate.</summary>
    /// <param name="record">Number of the recorded layer.</param>
    /// <param name="kernel">Prediction of G - K0, laid out as the kernel.</param>
    /// <param name="sigmaKernel">Prediction of S - E2(K0), likewise.</param>
    void ObservePrediction(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
    }

    /// <summary>The paths of the means of the group, whose expectations are E G - K0 and E S - E2(K0), handed over after the predictions.</summary>
    /// <param name="record">Number of the recorded layer.</param>
    /// <param name="kernel">Unbiased for G - K0, laid out as the kernel.</param>
    /// <param name="sigmaKernel">Unbiased for S - E2(K0), likewise.</param>
    void ObservePath(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
    }
}

/// <summary>Samples the network, a group of <see cref="Lanes"/> consecutive samples at a time. One engine belongs to one thread.</summary>
internal abstract unsafe class LaneEngine : IDisposable
{
    private readonly List<nint> blocks = [];

    /// <summary>Number of samples in a group.</summary>
    public abstract int Lanes { get; }

    /// <summary>Runs samples firstSample, ..., firstSample + Lanes - 1 through all layers.</summary>
    /// <param name="firstSample">First sample, a multiple of <see cref="Lanes"/>.</param>
    /// <param name="observer">Receives the recorded kernels.</param>
    /// <param name="cancellation">Looked at several times a layer.</param>
    public abstract void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation);

    public void Dispose()
    {
        foreach (nint block in blocks) NativeMemory.AlignedFree((void*)block);
        blocks.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroed memory on a cache-line boundary, freed with the engine.</summary>
    protected void* Allocate(long vectors)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)(vectors * 64), 64);
        NativeMemory.Clear(block, (nuint)(vectors * 64));
        blocks.Add((nint)block);
        return block;
    }
}

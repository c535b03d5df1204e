using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>
/// What moves along with a sampled program, on the same normals: the place of a pathwise control variate. It is called in the order of the layers.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IProgramCompanion<T>
    where T : unmanaged
{
    /// <summary>A group of samples begins.</summary>
    void Start();

    /// <summary>A chunk of normals z, just before the rows they drive become [what is kept of them] + R z.</summary>
    /// <param name="dense">Number of the dense layer, 0 for the input; the last stage of the last branch where branches add.</param>
    /// <param name="first">First neuron of the chunk.</param>
    /// <param name="rows">Number of neurons.</param>
    /// <param name="normals">rows x N vectors.</param>
    void Move(uint dense, int first, int rows, ReadOnlySpan<Vector512<T>> normals);

    /// <summary>What a dense layer has read, before it is drawn.</summary>
    /// <param name="dense">Number of the dense layer.</param>
    /// <param name="reads">Number of neurons.</param>
    /// <param name="sums">sum_i x_ia x_ib, packed lower triangle.</param>
    void Read(uint dense, int reads, ReadOnlySpan<Vector512<T>> sums);

    /// <summary>The stream is recorded; predictions go to the observer before its kernels.</summary>
    /// <param name="record">Number of the recorded layer.</param>
    /// <param name="observer">Receives them.</param>
    void Record(int record, IKernelObserver observer);
}

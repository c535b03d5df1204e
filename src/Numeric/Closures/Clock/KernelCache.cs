// Integrals of functions of a neuron depend on the kernel alone, and K0 not on how many modes are kept: solutions with fewer and more modes that run side by
// side share them. Which of the two computes an integral makes no difference to it. One may be ahead of the other: the last kernels are kept.

using System.Collections.Concurrent;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>What was computed at the last kernels, for solutions that run at the same time.</summary>
internal sealed class KernelCache
{
    private const int Kept = 64;

    private readonly Lock _lock = new();
    private readonly LinkedList<(double[] Kernel, ConcurrentDictionary<int, Lazy<double[][]>> Values)> _entries = [];

    /// <summary>What is known at a kernel, and may be added to.</summary>
    /// <param name="kernel">K over pairs.</param>
    public ConcurrentDictionary<int, Lazy<double[][]>> At(double[] kernel)
    {
        lock (_lock)
        {
            foreach ((double[] known, ConcurrentDictionary<int, Lazy<double[][]>> values) in _entries)
            {
                if (known.AsSpan().SequenceEqual(kernel))
                    return values;
            }

            _entries.AddLast((kernel, new()));
            if (_entries.Count > Kept)
                _entries.RemoveFirst();
            return _entries.Last!.Value.Values;
        }
    }
}

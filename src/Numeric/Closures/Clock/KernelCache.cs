// Integrals of functions of a neuron depend on the kernel alone, and K0 not on how many modes are kept: solutions with fewer and more modes that run side by
// side share them. Which of the two computes an integral makes no difference to it. The last kernels are kept; the one that is as many ahead waits.

using System.Collections.Concurrent;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>What was computed at the last kernels, for two solutions that run at the same time.</summary>
/// <param name="size">How many numbers belong to a kernel, roughly.</param>
internal sealed class KernelCache(long size)
{
    // 256 MB.
    private const long MostNumbers = 1L << 25;
    private const int Fewest = 2, Most = 64, Patience = 50;

    private readonly int _kept = (int)Math.Clamp(MostNumbers / Math.Max(1, size), Fewest, Most);
    private readonly object _lock = new();
    private readonly LinkedList<(double[] Kernel, ConcurrentDictionary<int, Lazy<double[][]>> Values)> _entries = [];
    private readonly int[] _reached = new int[2];
    private readonly bool[] _hasEnded = new bool[2];

    /// <summary>What is known at a kernel, and may be added to.</summary>
    /// <param name="solution">Which of the two asks, 0 or 1.</param>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public ConcurrentDictionary<int, Lazy<double[][]>> At(int solution, double[] kernel, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _reached[solution]++;
            Monitor.PulseAll(_lock);
            int other = 1 - solution;
            // One that has not begun may be waiting for this one's thread.
            while (_reached[other] > 0 && !_hasEnded[other] && _reached[solution] > _reached[other] + (_kept / 2) && !cancellation.IsCancellationRequested)
                Monitor.Wait(_lock, Patience);
            foreach ((double[] known, ConcurrentDictionary<int, Lazy<double[][]>> values) in _entries)
            {
                if (known.AsSpan().SequenceEqual(kernel))
                    return values;
            }

            _entries.AddLast((kernel, new()));
            if (_entries.Count > _kept)
                _entries.RemoveFirst();
            return _entries.Last!.Value.Values;
        }
    }

    /// <summary>Says that a solution asks no more.</summary>
    /// <param name="solution">Which.</param>
    public void End(int solution)
    {
        lock (_lock)
        {
            _hasEnded[solution] = true;
            Monitor.PulseAll(_lock);
        }
    }
}

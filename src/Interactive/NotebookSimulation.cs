using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Interactive;

/// <summary>Simulation in a notebook's cell.</summary>
public static class NotebookSimulation
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Simulates networks, says below the cell how many are finished, and ends early with the numbers of the finished ones when the cell is stopped (the notebook's stop
    /// button). Outside a notebook it is <see cref="Network.Simulate"/>.
    /// </summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="width">Width n.</param>
    /// <param name="samples">Number of networks, at least 2.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public static EnsembleStatistics SimulateHere(this Network network, int width, long samples, ulong seed = 1)
    {
        if (KernelInvocationContext.Current is not { } cell)
            return network.Simulate(width, samples, seed);
        DisplayedValue line = KernelInvocationContextExtensions.Display(cell, "simulating ...", "text/plain");
        DateTime last = DateTime.MinValue;
        var gate = new Lock();
        EnsembleStatistics found = network.Simulate(width, samples, seed, progress: Report, cancellation: cell.CancellationToken);
        line.Update(string.Create(CultureInfo.InvariantCulture, $"{found.Samples:N0} of {samples:N0} networks of width {width}{(found.Cancelled ? ", stopped" : "")}"));
        return found;

        void Report(EnsembleProgress progress)
        {
            lock (gate)
            {
                if (DateTime.UtcNow - last < BetweenLines)
                    return;
                last = DateTime.UtcNow;
                line.Update(string.Create(CultureInfo.InvariantCulture, $"{progress.Samples:N0} of {samples:N0} networks of width {width}"));
            }
        }
    }
}

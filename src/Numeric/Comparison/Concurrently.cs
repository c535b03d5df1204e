using System.Runtime.ExceptionServices;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>Runs independent computations on all cores.</summary>
internal static class Concurrently
{
    /// <summary>Runs them; if any fails, the failure of the first in the list is thrown as it was.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(CancellationToken cancellation, IReadOnlyList<Action> computations)
    {
        var failures = new ExceptionDispatchInfo?[computations.Count];
        Parallel.For(0, computations.Count, new ParallelOptions { CancellationToken = cancellation }, at =>
        {
            try
            {
                computations[at]();
            }
            catch (Exception failure)
            {
                failures[at] = ExceptionDispatchInfo.Capture(failure);
            }
        });
        cancellation.ThrowIfCancellationRequested();
        failures.FirstOrDefault(failure => failure is not null)?.Throw();
    }
}

// The work runs on a thread of its own while this one tells how long it has gone on and listens for Ctrl-C. Work that looks at the token
// ends by itself; what does not (a quadrature in two dimensions, a derivation) is left behind, and ends with the process.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using SymbolicEft.Cli.Commands;

namespace SymbolicEft.Cli.Output;

/// <summary>Runs what may take more than two seconds and has nothing to lose: interrupted, it leaves no result.</summary>
internal static class LongWork
{
    // Expressions are walked recursively, and the main thread of most systems has as much.
    private const int StackSize = 16 << 20;

    /// <summary>Runs it.</summary>
    /// <param name="context">Where progress is told, and what interrupts.</param>
    /// <param name="activity">What is being done now, in a few words.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static T Run<T>(CommandContext context, Func<string> activity, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception problem)
            {
                failure = ExceptionDispatchInfo.Capture(problem);
            }

            try
            {
                done.Set();
            }
            catch (ObjectDisposedException)
            {
                // Nobody waited.
            }
        }, StackSize)
        { IsBackground = true };
        var clock = Stopwatch.StartNew();
        using var line = new ProgressLine(context.Messages, "");
        line.Say(() => string.Create(CultureInfo.InvariantCulture, $"{activity()}, {clock.Elapsed.TotalSeconds:F0} s"));
        thread.Start();
        done.Wait(context.Cancellation);
        failure?.Throw();
        return result;
    }
}

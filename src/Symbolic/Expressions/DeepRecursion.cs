using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>
/// Lets a recursion over an expression go as deep as the expression is nested: when the stack of the current thread is
/// nearly used up, the recursion goes on on the stack of another thread while this one waits.
/// </summary>
internal static class DeepRecursion
{
    private const int StackBytes = 64 << 20;

    /// <summary>Calls the function where there is stack enough for it.</summary>
    public static TResult Call<TArgument, TResult>(Func<TArgument, TResult> function, TArgument argument)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return function(argument);
        TResult result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = function(argument);
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}

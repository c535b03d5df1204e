using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;

namespace SymbolicEft.Cli.Tests.Commands;

public class LongWorkTests
{
    // A quadrature in two dimensions looks at no token: whoever presses Ctrl-C need not wait for it.
    [Fact]
    public void Work_that_never_ends_is_left_behind_when_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var context = new CommandContext(TextWriter.Null, TextWriter.Null, interrupt.Token);
        Assert.Throws<OperationCanceledException>(() => LongWork.Run(context, () => "waiting", () =>
        {
            interrupt.Cancel();
            never.Wait();
            return 0;
        }));
    }

    [Fact]
    public void Results_and_failures_come_back_as_they_were()
    {
        var context = new CommandContext(TextWriter.Null, TextWriter.Null, default);
        Assert.Equal(3, LongWork.Run(context, () => "", () => 3));
        Assert.Throws<FormatException>(() => LongWork.Run<int>(context, () => "", () => throw new FormatException("as it was")));
    }
}

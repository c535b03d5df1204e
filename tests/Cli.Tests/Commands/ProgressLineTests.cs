using SymbolicEft.Cli.Output;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Tests.Commands;

public sealed class ProgressLineTests
{
    [Fact]
    public void A_pipe_gets_whole_lines_and_a_terminal_one_that_is_cleared()
    {
        string[] piped = Said(isTerminal: false).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(piped, line => line.EndsWith(" s: solving g-only, layer 3 of 8", StringComparison.Ordinal));
        Assert.DoesNotContain(piped, line => line.Contains('\r'));
        Assert.EndsWith("\r", Said(isTerminal: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_are_counted()
    {
        var writer = new StringWriter { NewLine = "\n" };
        using var line = new ProgressLine(TextWriter.Synchronized(writer), "simulating", "networks", TimeSpan.FromMilliseconds(5), isTerminal: false);
        line.Report(new EnsembleProgress(2_000, 40_000));
        Assert.True(SpinWait.SpinUntil(() => writer.ToString().Contains("simulating 2,000 of 40,000 networks", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_writer_that_nobody_reads_gets_nothing()
    {
        var writer = new StringWriter();
        using (var line = new ProgressLine(writer, "simulating"))
            line.Say("solving");
        Assert.Equal("", writer.ToString());
    }

    private static string Said(bool isTerminal)
    {
        var writer = new StringWriter { NewLine = "\n" };
        using (var line = new ProgressLine(TextWriter.Synchronized(writer), "", "", TimeSpan.FromMilliseconds(5), isTerminal))
        {
            line.Say(() => "solving g-only, layer 3 of 8");
            Assert.True(SpinWait.SpinUntil(() => writer.ToString().Contains("layer 3", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
        }

        return writer.ToString();
    }
}

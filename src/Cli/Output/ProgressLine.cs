using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Output;

/// <summary>
/// One line on standard error that is rewritten as work goes on: share done, rate, time left. Appears after a second; on
/// something that is not a terminal it stays silent.
/// </summary>
public sealed class ProgressLine(TextWriter messages, string what, string unit = "networks") : IDisposable
{
    private const int BarWidth = 30;

    private readonly bool _shown = ReferenceEquals(messages, Console.Error) && !Console.IsErrorRedirected;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _lastWritten;
    private int _lastLength;

    /// <summary>Tells how far the work has come.</summary>
    public void Report(EnsembleProgress progress)
    {
        long now = _clock.ElapsedMilliseconds;
        if (!_shown || now < 500 || (now - _lastWritten < 100 && progress.Samples < progress.Total))
            return;
        _lastWritten = now;
        double share = (double)progress.Samples / progress.Total, rate = progress.Samples / (now / 1000.0);
        double left = (progress.Total - progress.Samples) / rate;
        string bar = new string('#', (int)(share * BarWidth)).PadRight(BarWidth, '.');
        Write(string.Create(CultureInfo.InvariantCulture, $"{what} [{bar}] {share:P0}  {rate:N0} {unit}/s  {left:F0} s left"));
    }

    /// <summary>Says what is being done now.</summary>
    public void Say(string activity)
    {
        if (_shown)
            Write(activity);
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (_lastLength > 0)
            messages.Write("\r" + new string(' ', _lastLength) + "\r");
    }

    private void Write(string line)
    {
        messages.Write("\r" + line.PadRight(_lastLength));
        _lastLength = line.Length;
    }
}

// What a long computation says on standard error while it goes on. On a terminal one line is rewritten, from the first second on: what is being done,
// share done, rate, time left. In a pipe or a file a line is added every ten seconds. Anything else, such as a test's writer, hears nothing: what is
// said depends on the clock, and never goes to standard output.
using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Output;

/// <summary>How far a computation has come, told to people.</summary>
public sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 30;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), OnTerminal = TimeSpan.FromMilliseconds(200), InPipe = TimeSpan.FromSeconds(10);

    private readonly TextWriter _messages;
    private readonly string _what, _unit;
    private readonly bool _isTerminal;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly Timer? _timer;
    private Func<string>? _activity;
    private int _lastLength;
    private bool _isOver;

    /// <summary>Begins; nothing is written yet.</summary>
    /// <param name="messages">Where to.</param>
    /// <param name="what">What <see cref="Report"/> is of.</param>
    /// <param name="unit">What it counts.</param>
    public ProgressLine(TextWriter messages, string what, string unit = "networks")
        : this(messages, what, unit, !Speaks(messages) ? null : Console.IsErrorRedirected ? InPipe : OnTerminal, isTerminal: Speaks(messages) && !Console.IsErrorRedirected)
    {
    }

    internal ProgressLine(TextWriter messages, string what, string unit, TimeSpan? interval, bool isTerminal)
    {
        (_messages, _what, _unit, _isTerminal) = (messages, what, unit, isTerminal);
        if (interval is { } every)
            _timer = new Timer(_ => Tell(), null, isTerminal ? Quiet : every, every);
    }

    /// <summary>Whether people read a writer: standard error, on a terminal or not.</summary>
    internal static bool Speaks(TextWriter messages) => ReferenceEquals(messages, Console.Error);

    /// <summary>Tells how far the work has come.</summary>
    public void Report(EnsembleProgress progress)
    {
        if (_timer is null)
            return;
        TimeSpan now = _clock.Elapsed;
        lock (_gate)
            _activity = () => Counted(progress, now);
    }

    /// <summary>Says what is being done now.</summary>
    public void Say(string activity) => Say(() => activity);

    /// <summary>Says what is being done now, asked again whenever it is told.</summary>
    public void Say(Func<string> activity)
    {
        lock (_gate)
            _activity = activity;
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _isOver = true;
            if (_lastLength > 0)
                _messages.Write("\r" + new string(' ', _lastLength) + "\r");
            _lastLength = 0;
        }
    }

    private string Counted(EnsembleProgress progress, TimeSpan now)
    {
        double share = (double)progress.Samples / progress.Total, rate = progress.Samples / now.TotalSeconds, left = (progress.Total - progress.Samples) / rate;
        string bar = _isTerminal ? $"[{new string('#', (int)(share * BarWidth)).PadRight(BarWidth, '.')}] " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{_what} {bar}{progress.Samples:N0} of {progress.Total:N0} {_unit}, {rate:N0} a second, {left:F0} s left");
    }

    private void Tell()
    {
        lock (_gate)
        {
            if (_isOver || _activity is not { } activity)
                return;
            string line = activity();
            if (_isTerminal)
                _messages.Write("\r" + line.PadRight(_lastLength));
            else
                _messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds:F0} s: {line}"));
            _lastLength = _isTerminal ? line.Length : 0;
        }
    }
}

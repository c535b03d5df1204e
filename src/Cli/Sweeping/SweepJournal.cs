// points.jsonl: a first line with the fingerprint of the plan, then a line for each finished point, flushed as it is written. After a crash the
// last line may be torn: it is left out, and the file written anew.

using System.Text;
using System.Text.Json;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>The finished points of a sweep on disk.</summary>
internal sealed class SweepJournal : IDisposable
{
    private const string FileName = "points.jsonl";
    private const int LongestFile = 500_000_000;

    private readonly FileStream _stream;
    private readonly Lock _lock = new();

    private SweepJournal(FileStream stream, SortedDictionary<int, SweepRow> rows) => (_stream, Rows) = (stream, rows);

    /// <summary>The finished points.</summary>
    public SortedDictionary<int, SweepRow> Rows { get; }

    /// <summary>Opens the journal of a folder, with the points that are finished already.</summary>
    /// <exception cref="InputException">The folder holds another sweep.</exception>
    public static SweepJournal Open(string folder, SweepPlan plan, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName), head = $"{{\"sweep\":\"{plan.Fingerprint}\",\"points\":{plan.Count}}}";
        var rows = new SortedDictionary<int, SweepRow>();
        if (File.Exists(path))
        {
            string[] lines = (InputFile.Text(path, LongestFile, cancellation) ?? throw new InputException($"{path} is longer than {LongestFile} characters, and no journal of a sweep is; give another folder with --out, or delete that file.")).Split('\n');
            if (lines[0] != head && lines.Length > 1)
                throw new InputException($"The folder {folder} holds the points of another sweep ({FileName}); give another folder with --out, or delete that file.");
            foreach (string line in lines.Skip(1))
            {
                if (Read(line) is { } row && row.Point >= 0 && row.Point < plan.Count) rows[row.Point] = row;
            }
        }

        AtomicFile.Write(path, head + "\n" + string.Concat(rows.Values.Select(Line)));
        return new SweepJournal(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), rows);
    }

    /// <summary>Adds a finished point.</summary>
    public void Add(SweepRow row)
    {
        lock (_lock)
        {
            _stream.Write(Encoding.UTF8.GetBytes(Line(row)));
            _stream.Flush();
            Rows.Add(row.Point, row);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static string Line(SweepRow row) => JsonSerializer.Serialize(row) + "\n";

    private static SweepRow? Read(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize<SweepRow>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

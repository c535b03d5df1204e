// A job in a folder that a person can read, run by hand, and adapt:
//
//   job.json                          what it is of, and the number under which a queue knows it
//   points/0001/specification.yaml    one for each point of a sweep; one alone without a sweep
//   points/0001/shards/7.shard        finished shards, and checkpoints of those that run
//   run.sh TASK                       shards TASK, TASK + T, TASK + 2 T, ... of all points; goes on where it was interrupted
//   merge.sh                          the result and the report of every point
//   array.sbatch, merge.sbatch        the same as a Slurm array and a job that waits for it

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Languages.Code;

namespace SymbolicEft.Cli.Sharding;

/// <summary>What a job is of.</summary>
/// <param name="Fingerprint">Of the specifications and the split.</param>
/// <param name="Points">Number of points.</param>
/// <param name="Shards">Shards of each point.</param>
/// <param name="Tasks">Tasks of the array.</param>
/// <param name="Engine">slurm or local.</param>
/// <param name="Submitted">Numbers under which the queue knows the array and the merge job, the latest; null before.</param>
public sealed record JobHead(string Fingerprint, int Points, int Shards, int Tasks, string Engine, IReadOnlyList<string>? Submitted);

/// <summary>The folder of a job.</summary>
internal sealed class JobFolder
{
    /// <summary>The most points of a job.</summary>
    public const int MostPoints = 9_999;

    private const string HeadName = "job.json";
    private const int LongestHead = 100_000;

    // Slurm's default limit of an array is 1,001.
    private const int MostTasks = 1_000;

    private JobFolder(string path, JobHead head) => (Location, Head) = (path, head);

    /// <summary>The folder.</summary>
    public string Location { get; }

    /// <summary>What it is of.</summary>
    public JobHead Head { get; private set; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InputException">There is no job in it.</exception>
    public static JobFolder Open(string path, CancellationToken cancellation)
    {
        try
        {
            JobHead? head = JsonSerializer.Deserialize<JobHead>(InputFile.Text(Path.Combine(path, HeadName), LongestHead, cancellation) ?? "");
            if (head is not null && IsPossible(head))
                return new(path, head);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            // Likewise.
        }

        throw new InputException($"There is no job in {path} ({HeadName} is missing or damaged); give the folder that submit wrote.");
    }

    // The folder may come from elsewhere: nothing that submit does not write is counted with, or handed to Slurm.
    private static bool IsPossible(JobHead head) =>
        head is { Fingerprint: not null, Engine: "slurm" or "local", Points: >= 1 and <= MostPoints, Shards: >= 1 and <= ShardChoice.Most }
        && head.Tasks == Tasks(head.Points, head.Shards)
        && head.Submitted?.All(number => number is not null && number.All(char.IsAsciiDigit)) != false;

    private static int Tasks(int points, int shards) => (int)Math.Min(MostTasks, (long)points * shards);

    /// <summary>Writes a job's folder, or opens it if the same job is there.</summary>
    /// <exception cref="InputException">Another job is there.</exception>
    public static JobFolder Write(string path, IReadOnlyList<Specification> points, int shards, string engine, string symeft, IReadOnlyList<string> directives, CancellationToken cancellation)
    {
        string[] yaml = [.. points.Select(SpecificationWriter.Yaml)];
        string fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join("\n", [shards.ToString(CultureInfo.InvariantCulture), .. yaml]))))[..16];
        var head = new JobHead(fingerprint, points.Count, shards, Tasks(points.Count, shards), engine, null);
        if (File.Exists(Path.Combine(path, HeadName)))
        {
            JobFolder there = Open(path, cancellation);
            if (there.Head.Fingerprint != fingerprint)
                throw new InputException($"{path} holds another job; give another folder with --out, or delete it.");
            head = head with { Submitted = there.Head.Submitted };
        }

        for (int point = 1; point <= points.Count; point++)
        {
            Directory.CreateDirectory(Path.Combine(path, Shards(point)));
            AtomicFile.Write(Path.Combine(path, Point(point), "specification.yaml"), yaml[point - 1]);
        }

        Directory.CreateDirectory(Path.Combine(path, "log"));
        foreach ((string name, string text) in Scripts(head, points[0].Name, symeft, directives))
            AtomicFile.Write(Path.Combine(path, name), text);
        var folder = new JobFolder(path, head);
        folder.Save(head.Submitted);
        return folder;
    }

    /// <summary>The scripts of a job.</summary>
    public static IReadOnlyList<(string Name, string Text)> Scripts(JobHead head, string name, string symeft, IReadOnlyList<string> directives)
    {
        string Value(string placeholder) => placeholder switch
        {
            "TASKS" => head.Tasks.ToString(CultureInfo.InvariantCulture),
            "POINTS" => head.Points.ToString(CultureInfo.InvariantCulture),
            "SHARDS" => head.Shards.ToString(CultureInfo.InvariantCulture),
            "DIRECTIVES" => string.Concat(directives.Select(line => $"#SBATCH {line}\n")),
            "NAME" => name,
            _ => symeft,
        };
        // All at once: what is put in may hold anything.
        return [.. new[] { "run.sh", "merge.sh", "array.sbatch", "merge.sbatch" }.Select(script =>
            (script, Regex.Replace(EmbeddedText.Of(typeof(JobFolder).Assembly, script), "@([A-Z]+)@", match => Value(match.Groups[1].Value), RegexOptions.CultureInvariant)))];
    }

    /// <summary>Finished shards of a point.</summary>
    public IReadOnlySet<int> Finished(int point)
    {
        var finished = new SortedSet<int>();
        string folder = Path.Combine(Location, Shards(point));
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.shard") : [])
        {
            try
            {
                if (ShardFile.Verify(file) is { Complete: true } head && head.Shard >= 1 && head.Shard <= Head.Shards) finished.Add(head.Shard);
            }
            catch (ShardFileException)
            {
                // Not finished: it will be run again.
            }
        }

        return finished;
    }

    /// <summary>Tasks that have something left to do.</summary>
    public IReadOnlyList<int> OpenTasks()
    {
        var open = new SortedSet<int>();
        for (int point = 1; point <= Head.Points; point++)
        {
            IReadOnlySet<int> finished = Finished(point);
            for (int shard = 1; shard <= Head.Shards; shard++)
            {
                if (!finished.Contains(shard)) open.Add((int)((((((long)point - 1) * Head.Shards) + shard - 1) % Head.Tasks) + 1));
            }
        }

        return [.. open];
    }

    /// <summary>Remembers the numbers under which a queue knows the job.</summary>
    public void Save(IReadOnlyList<string>? submitted)
    {
        Head = Head with { Submitted = submitted };
        AtomicFile.Write(Path.Combine(Location, HeadName), JsonSerializer.Serialize(Head) + "\n");
    }

    /// <summary>The folder of a point, below the job's.</summary>
    public static string Point(int point) => Path.Combine("points", point.ToString("D4", CultureInfo.InvariantCulture));

    private static string Shards(int point) => Path.Combine(Point(point), "shards");
}

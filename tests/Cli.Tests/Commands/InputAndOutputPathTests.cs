using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

// A file that is named may be a pipe that nobody writes to, or a device without end; a place that is named may hold something else.
public class InputAndOutputPathTests
{
    public static TheoryData<string> Readers => ["specification", "data", "data in a specification", "job", "shard", "sweep"];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Reading_a_pipe_that_nobody_writes_to_ends_when_it_is_interrupted(string reader)
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Symeft.Folder();
        string Pipe(string name)
        {
            Assert.Equal(0, Tools.Run("mkfifo", folder, name).Code);
            return Path.Combine(folder, name);
        }

        using var interrupt = new CancellationTokenSource();
        CancellationToken token = interrupt.Token;
        Action read = reader switch
        {
            "specification" => Pipe("spec.yaml") is var path ? () => SpecificationReader.Read(path, [], token) : null!,
            "data" => Pipe("data.csv") is var path ? () => SpecificationReader.Read(null, [("--data", path)], token) : null!,
            "data in a specification" => Pipe("data.csv") is not null ? () => SpecificationReader.ReadText("inputs: { data: data.csv }", "text", folder, [], token) : null!,
            "job" => Pipe("job.json") is not null ? () => JobFolder.Open(folder, token) : null!,
            "shard" => Pipe("1.shard") is var path ? () => ShardFile.RequireReplaceable(path, token) : null!,
            _ => Pipe("points.jsonl") is not null ? () => SweepJournal.Open(folder, new SweepPlan(new Specification(), [SweepAxis.Parse("step=0.1,0.2")], 20), token) : null!,
        };
        Task reading = Task.Run(read, CancellationToken.None);
        await Task.Delay(300, CancellationToken.None);
        Assert.False(reading.IsCompleted);
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_device_without_end_is_refused()
    {
        if (!File.Exists("/dev/zero"))
            return;
        (int code, _, string messages) = Symeft.Run("solve", "--data", "/dev/zero");
        Assert.Equal(2, code);
        Assert.Contains("and is longer than 1000 characters, which no number is; give a CSV file whose rows are inputs.", messages, StringComparison.Ordinal);
        (code, _, messages) = Symeft.Run("solve", "/dev/zero");
        Assert.Equal(2, code);
        Assert.Contains("is longer than 1000000 characters, and no specification is;", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_are_read_whatever_ends_their_lines()
    {
        string folder = Symeft.Folder();
        foreach (string text in new[] { "1,2\n3,4\n", "1,2\r\n3,4", "\n 1 , 2 \r\r 3,\t4\n\n", "1,2\r3,4\r" })
        {
            File.WriteAllText(Path.Combine(folder, "points.csv"), text);
            double[,] kernel = SpecificationReader.Read(null, [("--data", Path.Combine(folder, "points.csv"))]).Network.Kernel;
            Assert.Equal(new[,] { { 2.5, 5.5 }, { 5.5, 12.5 } }, kernel);
        }

        File.WriteAllText(Path.Combine(folder, "points.csv"), string.Concat(Enumerable.Repeat("1\n", 65)));
        (int code, _, string messages) = Symeft.Run("solve", "--data", Path.Combine(folder, "points.csv"));
        Assert.Equal(2, code);
        Assert.Contains("which has more than 64 rows; at most 64 inputs are supported.", messages, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "points.csv"), "1,2,\n");
        Assert.Contains("Row 1, column 3", Symeft.Run("solve", "--data", Path.Combine(folder, "points.csv")).Messages, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("--out", "run")]
    [InlineData("--out", "derive")]
    [InlineData("--out", "derive", "--check")]
    [InlineData("--out", "sweep", "--over", "step=0.1,0.2")]
    [InlineData("--out", "submit", "--shards", "2", "--samples", "64")]
    [InlineData("--out", "simulate", "--samples", "64", "--shard", "1/1")]
    [InlineData("--out", "diagrams", "--external", "1", "--loops", "1", "--draw", "svg")]
    [InlineData("--out", "merge", "a.shard")]
    [InlineData("--report", "merge", "a.shard")]
    public void An_empty_place_is_refused(string option, params string[] command)
    {
        string[] inputs = command[0] is "diagrams" or "merge" ? [] : ["--kernel", "1", "--depth", "2"];
        (int code, string output, string messages) = Symeft.Run([.. command, .. inputs, option, ""]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"symeft: {option} is empty; name a f", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_shard_is_left_alone()
    {
        string folder = Symeft.Folder(), note = Path.Combine(folder, "note.txt"), shard = Path.Combine(folder, "1.shard");
        string[] simulate = ["simulate", "--kernel", "1", "--depth", "2", "--samples", "64", "--record", "2"];
        File.WriteAllText(note, "my notes");
        Refused([.. simulate, "--shard", "1/1", "--out", note], "is there already and is no shard file of this version; give another file with --out, or delete it.");
        Refused([.. simulate, "--out", note], "is no shard file");
        Refused([.. simulate, "--out", folder], "is a folder; give a file with --out.");
        File.WriteAllText(shard + ".checkpoint", "my notes too");
        Refused([.. simulate, "--out", shard], "1.shard.checkpoint is there already and is no shard file");
        File.Delete(shard + ".checkpoint");
        Assert.Equal(0, Symeft.Run([.. simulate, "--out", shard]).Code);
        Refused(["merge", shard, "--out", note], "is no shard file");
        Assert.Equal("my notes", File.ReadAllText(note));
        // What begins as a shard is one that was torn, and is made again; an empty file holds nothing.
        byte[] whole = File.ReadAllBytes(shard);
        foreach (int length in new[] { whole.Length / 2, 9, 0 })
        {
            File.WriteAllBytes(shard, whole[..length]);
            Assert.Equal(0, Symeft.Run([.. simulate, "--out", shard]).Code);
            Assert.Equal(whole, File.ReadAllBytes(shard));
        }

        if (File.Exists("/dev/null"))
            Refused([.. simulate, "--out", "/dev/null"], "--out is '/dev/null', which is a device; name a file, or leave it out.");
        Directory.Delete(folder, recursive: true);

        static void Refused(string[] arguments, string reason)
        {
            (int code, _, string messages) = Symeft.Run(arguments);
            Assert.Equal(2, code);
            Assert.Contains(reason, messages, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"Fingerprint":"a","Points":1,"Shards":2000000000,"Tasks":1000,"Engine":"slurm","Submitted":null}""")]
    [InlineData("""{"Fingerprint":"a","Points":2000000000,"Shards":1,"Tasks":1000,"Engine":"slurm","Submitted":null}""")]
    [InlineData("""{"Fingerprint":"a","Points":-1,"Shards":1,"Tasks":1,"Engine":"slurm","Submitted":null}""")]
    [InlineData("""{"Fingerprint":"a","Points":1,"Shards":1,"Tasks":0,"Engine":"slurm","Submitted":null}""")]
    [InlineData("""{"Fingerprint":"a","Points":1,"Shards":1,"Tasks":1,"Engine":"slurm","Submitted":["1 --all"]}""")]
    [InlineData("""{"Fingerprint":"a","Points":1,"Shards":1,"Tasks":1,"Engine":"slurm","Submitted":[null]}""")]
    [InlineData("""{"Fingerprint":null,"Points":1,"Shards":1,"Tasks":1,"Engine":"slurm","Submitted":null}""")]
    [InlineData("""{"Fingerprint":"a","Points":1,"Shards":1,"Tasks":1,"Engine":"other","Submitted":null}""")]
    [InlineData("null")]
    public void A_job_that_submit_does_not_write_is_refused(string head)
    {
        string folder = Symeft.Folder();
        File.WriteAllText(Path.Combine(folder, "job.json"), head);
        (int code, string output, string messages) = Symeft.Run("status", folder);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("(job.json is missing or damaged); give the folder that submit wrote.", messages, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_largest_job_is_told_without_counting_its_shards()
    {
        string folder = Symeft.Folder();
        File.WriteAllText(Path.Combine(folder, "job.json"), """{"Fingerprint":"a","Points":9999,"Shards":1000000,"Tasks":1000,"Engine":"slurm","Submitted":null}""");
        (int code, string output, _) = Symeft.Run("status", folder);
        Assert.Equal(0, code);
        Assert.StartsWith($"{Path.Combine("points", "0001")}: 0 of 1000000 shards finished; missing 1 to 1000000", output, StringComparison.Ordinal);
        Assert.Contains("0 of 9999000000 shards;", output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}

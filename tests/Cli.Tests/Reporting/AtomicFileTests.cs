using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Tests.Reporting;

public class AtomicFileTests
{
    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_the_old_one_kept()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-atomic-").FullName, path = Path.Combine(folder, "data.json");
        File.WriteAllText(path, "old");
        var exception = Assert.Throws<ReportException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device.");
        }, "place"));
        Assert.Equal($"The file {path} could not be written (No space left on device): make room or choose another place with --out.", exception.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));

        string taken = Path.Combine(folder, "taken");
        Directory.CreateDirectory(taken);
        Assert.Contains($"The file {taken} could not be written", Assert.Throws<ReportException>(() => AtomicFile.Write(taken, "new")).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_writer_whose_unfinished_file_is_taken_for_a_leftover_begins_anew()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-atomic-").FullName, path = Path.Combine(folder, "one.shard");
        int writes = 0;
        AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(42);
            if (++writes <= 3) AtomicFile.RemoveLeftovers(path);
        }, "place");
        Assert.Equal(4, writes);
        Assert.Equal([42], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Writers_beside_each_other_never_fail_and_a_reader_never_sees_half_a_file()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-atomic-").FullName, path = Path.Combine(folder, "one.shard");
        string[] contents = [.. Enumerable.Range(0, 4).Select(writer => new string((char)('a' + writer), 10_000))];
        AtomicFile.Write(path, contents[0]);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            AtomicFile.Write(path, contents[i % 4]);
            Assert.Contains(File.ReadAllText(path), contents);
            if (i % 5 == 0) AtomicFile.RemoveLeftovers(path);
        });
        Assert.Equal([path], Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }
}

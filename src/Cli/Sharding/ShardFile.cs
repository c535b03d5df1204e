// A part of a simulation in a file:
//
//   "symeft shard 2\n"
//   length of the head, 4 bytes;  the head, JSON: the specification, which part, how many nodes of how many sums
//   per node of the batch tree: level 4, index 8, samples 8 bytes, then its sums as doubles        all little-endian
//   SHA-256 of everything before, 32 bytes
//
// It says by itself what it is of, and it is written whole or not at all: under a name of its own first, flushed, renamed. Two processes that
// write the same part write the same bytes, so whoever renames last changes nothing. A checksum tells damage, not intent: what is read is also
// checked to be possible, and what only the specification tells is checked where that is at hand (ShardMerge).

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Sharding;

/// <summary>What a shard file is of.</summary>
/// <param name="Specification">The specification, as YAML.</param>
/// <param name="Shard">Number of the shard, from 1.</param>
/// <param name="Shards">How many there are.</param>
/// <param name="FirstBatch">Its first batch.</param>
/// <param name="EndBatch">One past its last batch.</param>
/// <param name="Complete">False for a checkpoint.</param>
/// <param name="Nodes">Nodes of the batch tree.</param>
/// <param name="Sums">Sums in each node.</param>
/// <param name="Program">Version of the program; other versions may sum other things.</param>
/// <param name="Fused">Whether products were added without being rounded first (FMA); without, the same networks differ in the last digits.</param>
public sealed record ShardHead(string Specification, int Shard, int Shards, long FirstBatch, long EndBatch, bool Complete, int Nodes, int Sums, string Program, bool Fused)
{
    /// <summary>A fingerprint of the specification; its name does not matter.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Program + "\n" + Specification[(Specification.IndexOf('\n', StringComparison.Ordinal) + 1)..])))[..16];
}

/// <summary>A file that is not a whole shard: the message names it and says why.</summary>
/// <param name="message">The sentence.</param>
public sealed class ShardFileException(string message) : Exception(message);

/// <summary>Reads and writes shard files.</summary>
internal static class ShardFile
{
    private const int LongestHead = 10_000_000;
    private const long MostBatches = 1L << 50;

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("symeft shard 2\n");

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="head">What it is of; the number of nodes and sums is filled in.</param>
    /// <param name="nodes">The nodes.</param>
    /// <exception cref="ReportException">The file could not be written; an older one is as it was.</exception>
    public static void Write(string path, ShardHead head, IReadOnlyCollection<PartialStatistics> nodes)
    {
        head = head with { Nodes = nodes.Count, Sums = nodes.Count == 0 ? 0 : nodes.First().Sums.Length };
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) AtomicFile.MakeFolder(folder, folder);
        AtomicFile.Write(path, stream => WriteParts(stream, head, nodes), "place");
    }

    private static void WriteParts(Stream stream, ShardHead head, IReadOnlyCollection<PartialStatistics> nodes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }

        byte[] text = JsonSerializer.SerializeToUtf8Bytes(head);
        Span<byte> number = stackalloc byte[20];
        Put(Magic);
        BinaryPrimitives.WriteInt32LittleEndian(number, text.Length);
        Put(number[..4]);
        Put(text);
        foreach (PartialStatistics node in nodes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, node.Level);
            BinaryPrimitives.WriteInt64LittleEndian(number[4..], node.Index);
            BinaryPrimitives.WriteInt64LittleEndian(number[12..], node.Samples);
            Put(number);
            Put(LittleEndian(node.Sums));
        }

        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads a whole file, and checks it to the last byte.</summary>
    /// <exception cref="ShardFileException">It is not a whole shard file.</exception>
    public static (ShardHead Head, PartialStatistics[] Nodes) Read(string path) => Read(path, withNodes: true);

    /// <summary>Reads what a file is of, without checking more of the rest than its length.</summary>
    /// <exception cref="ShardFileException">It is no shard file.</exception>
    public static ShardHead ReadHead(string path) => Read(path, withNodes: false).Head;

    /// <summary>Checks a file to the last byte, and keeps none of its nodes.</summary>
    /// <exception cref="ShardFileException">It is not a whole shard file.</exception>
    public static ShardHead Verify(string path) => Read(path, withNodes: true, keep: false).Head;

    /// <summary>Refuses a place where something else than a shard or a torn one would be overwritten.</summary>
    /// <exception cref="InputException">Something else is there.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static void RequireReplaceable(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder; give a file with --out.");
        if (!File.Exists(path))
            return;
        var start = new char[Magic.Length];
        try
        {
            int length = InputFile.Read(path, cancellation, reader => reader.ReadBlock(start));
            if (length == 0 || start.AsSpan(0, length).SequenceEqual(Encoding.ASCII.GetString(Magic).AsSpan(0, length)))
                return;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} is there already and cannot be read ({problem.Message.TrimEnd('.')}); give another file with --out.");
        }

        throw new InputException($"{path} is there already and is no shard file of this version; give another file with --out, or delete it.");
    }

    private static (ShardHead Head, PartialStatistics[] Nodes) Read(string path, bool withNodes, bool keep = true)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] Take(int count)
            {
                var bytes = new byte[count];
                stream.ReadExactly(bytes);
                hash.AppendData(bytes);
                return bytes;
            }

            if (!Take(Magic.Length).AsSpan().SequenceEqual(Magic))
                throw new ShardFileException($"{path} is not a shard file of this version; make it again with simulate --shard.");
            int length = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
            if (length is < 2 or > LongestHead)
                throw Damaged(path);
            ShardHead head = JsonSerializer.Deserialize<ShardHead>(Take(length)) ?? throw Damaged(path);
            if (head.Specification is null || head.Program is null || head.Nodes < 0 || head.Sums < 0 || stream.Length != Magic.Length + 4L + length + ((Int128)head.Nodes * (20L + (8L * head.Sums))) + 32)
                throw Damaged(path);
            if (head.Shards is < 1 or > ShardChoice.Most || head.Shard < 1 || head.Shard > head.Shards || head.FirstBatch < 0 || head.EndBatch < head.FirstBatch || head.EndBatch > MostBatches || head.Sums > Array.MaxLength / 8)
                throw Impossible(path, $"it calls itself shard {head.Shard} of {head.Shards}, batches {head.FirstBatch} to {head.EndBatch}");
            if (!withNodes)
                return (head, []);
            long reached = head.FirstBatch;
            var nodes = new PartialStatistics[keep ? head.Nodes : 0];
            for (int at = 0; at < head.Nodes; at++)
            {
                byte[] number = Take(20);
                double[] sums = Doubles(Take(8 * head.Sums));
                int level = BinaryPrimitives.ReadInt32LittleEndian(number);
                long index = BinaryPrimitives.ReadInt64LittleEndian(number.AsSpan(4)), samples = BinaryPrimitives.ReadInt64LittleEndian(number.AsSpan(12));
                if (level is < 0 or > 50 || index < 0 || index >= MostBatches >> level || index << level < reached || (index + 1) << level > head.EndBatch)
                    throw Impossible(path, "it holds batches that are not its own, or one twice");
                if (samples < 1 || !Array.TrueForAll(sums, double.IsFinite))
                    throw Impossible(path, "it holds sums that are no numbers, or of no networks");
                reached = (index + 1) << level;
                if (keep)
                    nodes[at] = new(level, index, samples, sums);
            }

            byte[] expected = hash.GetHashAndReset(), found = new byte[32];
            stream.ReadExactly(found);
            return expected.AsSpan().SequenceEqual(found) ? (head, nodes) : throw Damaged(path);
        }
        catch (Exception problem) when (problem is EndOfStreamException or JsonException)
        {
            throw Damaged(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ShardFileException($"{path} cannot be read ({problem.Message.TrimEnd('.')}); give the path of a shard file.");
        }
    }

    private static ShardFileException Impossible(string path, string why) => new($"{path} is not what simulate --shard writes: {why}; delete it and run its shard again.");

    private static ShardFileException Damaged(string path) => new($"{path} is damaged (its checksum does not fit its content); delete it and run its shard again.");

    private static ReadOnlySpan<byte> LittleEndian(double[] values)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(values.AsSpan());
        var bytes = new byte[8 * values.Length];
        for (int at = 0; at < values.Length; at++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * at), values[at]);
        return bytes;
    }

    private static double[] Doubles(byte[] bytes)
    {
        var values = new double[bytes.Length / 8];
        for (int at = 0; at < values.Length; at++) values[at] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * at));
        return values;
    }
}

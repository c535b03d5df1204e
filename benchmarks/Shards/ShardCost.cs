// What splitting a simulation costs: merging 10,000 shard files (time, memory), and two processes of one thread against one of one.

using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Benchmarks.Shards;

/// <summary>The cost of scale.</summary>
internal static class ShardCost
{
    private const int Shards = 10_000;

    public static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-shards-").FullName, parts = Path.Combine(folder, "parts");
        try
        {
            // The paper's four inputs and nine records, in a network small enough to simulate for every shard here.
            Specification specification = SpecificationReader.ReadText(
                "name: shards\nnetwork: { activation: tanh(x), weightVariance: 2, step: 0.05, depth: 8, width: 8 }\ninputs: { kernel: [[2, .6, .6, .6], [.6, 2, .6, .6], [.6, .6, 2, .6], [.6, .6, .6, 2]] }\nrecord: 9\n",
                "benchmark", folder, []);
            TheorySolution reference = Simulation.InfiniteWidth(specification, CancellationToken.None);
            EnsembleSampler sampler = Simulation.Prepare(specification, reference, null, CancellationToken.None);
            specification = specification with { Samples = (long)Shards * sampler.BatchSize };
            string yaml = SpecificationWriter.Yaml(specification);
            for (int shard = 1; shard <= Shards; shard++)
            {
                (long first, long end) = new ShardChoice(shard, Shards).Batches(sampler.Batches(specification.Samples));
                PartialStatistics part = shard == 1 ? sampler.RunBatch(0, specification.Samples) : new(0, first, sampler.BatchSize, sampler.RunBatch(first % 16, specification.Samples).Sums);
                string version = typeof(ShardFile).Assembly.GetName().Version!.ToString(3);
                ShardFile.Write(Path.Combine(parts, $"{shard}.shard"), new ShardHead(yaml, shard, Shards, first, end, true, 0, 0, version, LaneArithmetic.IsFused), [part]);
            }

            double bytes = Directory.EnumerateFiles(parts).Sum(file => (double)new FileInfo(file).Length);
            GC.Collect();
            Stopwatch clock = Stopwatch.StartNew();
            int code = Cli.Commands.CommandLine.Run(["merge", parts, "--format", "json"], TextWriter.Null, Console.Error);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"merge of {Shards} shards, {bytes / 1e6:F0} MB in all: {clock.Elapsed.TotalSeconds:F1} s, exit code {code}, peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB"));
            Processes(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Processes(string folder)
    {
        string spec = Path.Combine(folder, "spec.yaml");
        File.WriteAllText(spec, "name: two\nnetwork: { activation: tanh(x), weightVariance: 2, step: 0.05, depth: 800, width: 64 }\ninputs: { kernel: [[2, .6, .6, .6], [.6, 2, .6, .6], [.6, .6, 2, .6], [.6, .6, .6, 2]] }\nsimulate: { samples: 131072 }\n");
        var one = new List<double>();
        var two = new List<double>();
        for (int round = 0; round < 3; round++)
        {
            one.Add(Seconds([Start("1/1")]));
            two.Add(Seconds([Start("1/2"), Start("2/2")]));
        }

        double alone = one.Order().ElementAt(1), together = two.Order().ElementAt(1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"131,072 networks of the paper's set-up: one process of one thread {alone:F1} s, two processes {together:F1} s, efficiency {100 * alone / (2 * together):F0} %"));

        Func<Process> Start(string shard) => () => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(Cli.Commands.CommandLine).Assembly.Location, "simulate", spec, "--shard", shard, "--threads", "1", "--out", Path.Combine(folder, Guid.NewGuid().ToString("N"))]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static double Seconds(Func<Process>[] starts)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Process[] running = [.. starts.Select(start => start())];
        foreach (Process process in running) process.WaitForExit();
        return clock.Elapsed.TotalSeconds;
    }
}

using SymbolicEft.Cli.Sharding;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Tests.Commands;

public class ShardTests
{
    private static readonly string[] Short = ["--depth", "10", "--record", "3", "--samples", "9000"];

    [Theory]
    [InlineData(2, "plain")]
    [InlineData(5, "control-variate")]
    [InlineData(40, "plain")]
    public void Any_split_merges_to_the_bytes_of_a_single_run(int shards, string estimator)
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Symeft.Folder();
        string[] common = [spec, .. Short, "--estimator", estimator];
        (int code, string expected, string messages) = Symeft.Run(["simulate", .. common, "--format", "json", "--out", Path.Combine(folder, "single")]);
        Assert.True(code == 0, messages);
        Assert.Equal(expected, Symeft.Run(["simulate", .. common, "--format", "json"]).Output);
        for (int shard = shards; shard >= 1; shard--)
            Assert.Equal(0, Symeft.Run(["simulate", .. common, "--shard", $"{shard}/{shards}", "--threads", "1", "--out", Path.Combine(folder, "parts", $"{shard}.shard")]).Code);
        (code, string merged, messages) = Symeft.Run("merge", Path.Combine(folder, "parts"), "--format", "json", "--out", Path.Combine(folder, "merged"));
        Assert.True(code == 0, messages);
        Assert.Equal(expected, merged);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "single")), File.ReadAllBytes(Path.Combine(folder, "merged")));
    }

    [Theory]
    [InlineData(1, "plain", "64")]
    [InlineData(3, "control-variate", "4100")]
    [InlineData(70, "weights", "64")]
    public void Any_split_of_the_tangent_kernel_merges_to_the_bytes_of_a_single_run(int shards, string estimator, string samples)
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Symeft.Folder();
        string[] common = [spec, "--depth", "6", "--record", "3", "--width", "8", "--samples", samples, "--estimator", estimator, "--ntk"];
        (int code, string expected, string messages) = Symeft.Run(["simulate", .. common, "--format", "json"]);
        Assert.True(code == 0, messages);
        Assert.Contains("\"Theta1\"", expected, StringComparison.Ordinal);
        Assert.Equal(estimator == "control-variate", expected.Contains("\"gains\"", StringComparison.Ordinal));
        for (int shard = shards; shard >= 1; shard--)
            Assert.Equal(0, Symeft.Run(["simulate", .. common, "--shard", $"{shard}/{shards}", "--threads", "1", "--out", Path.Combine(folder, $"{shard}.shard")]).Code);
        string whole = Path.Combine(folder, "whole");
        (code, string merged, messages) = Symeft.Run("merge", folder, "--format", "json", "--out", whole);
        Assert.True(code == 0, messages);
        Assert.Equal(expected, merged);
        Assert.Equal(expected, Symeft.Run("merge", whole, "--format", "json").Output);
    }

    private const string Program = """
        name: program
        network:
          width: 32
          layers:
            - repeat: { count: 3, of: [residual: { step: 0.5, branch: [rmsNorm: { epsilon: 0.1 }, dense: { weightVariance: 1.5, width: 2, copies: 2 }, gate: silu, dropout: { keep: 0.9 }, dense: { weightVariance: 1.2 }] }] }
            - parallel: { branches: [[dense: { weightVariance: 1 }], [activation: tanh, dense: { weightVariance: 1, biasVariance: 0.1 }]] }
        inputs:
          kernel: [[1.5, 0.6], [0.6, 1]]
        """;

    [Theory]
    [InlineData(1, "plain", "")]
    [InlineData(3, "plain", "")]
    [InlineData(3, "control-variate", "")]
    [InlineData(2, "control-variate", "weights: uniform, ")]
    [InlineData(2, "weights", "")]
    public void Any_split_of_a_program_of_layers_merges_to_the_bytes_of_a_single_run(int shards, string estimator, string weights)
    {
        string spec = Symeft.File(Program.Replace("weightVariance: 1.2", weights + "weightVariance: 1.2", StringComparison.Ordinal)), folder = Symeft.Folder();
        string[] common = [spec, "--samples", "4100", "--estimator", estimator];
        (int code, string expected, string messages) = Symeft.Run(["simulate", .. common, "--format", "json"]);
        Assert.True(code == 0, messages);
        for (int shard = shards; shard >= 1; shard--)
            Assert.Equal(0, Symeft.Run(["simulate", .. common, "--shard", $"{shard}/{shards}", "--threads", "1", "--out", Path.Combine(folder, $"{shard}.shard")]).Code);
        (code, string merged, messages) = Symeft.Run("merge", folder, "--format", "json");
        Assert.True(code == 0, messages);
        Assert.Equal(expected, merged);
        // The control variate is there where it has no bias, and where it is not the output says why.
        Assert.Equal(estimator == "control-variate" && weights.Length == 0, merged.Contains("\"gains\"", StringComparison.Ordinal));
        Assert.Equal(weights.Length > 0, merged.Contains("The plain estimator was used in place of the control variate: layers[0].repeat.of[0].residual.branch[4].dense has weights that are not Gaussian", StringComparison.Ordinal));
    }

    [Fact]
    public void A_local_job_of_a_program_of_layers_is_a_single_run()
    {
        string spec = Symeft.File(Program), folder = Path.Combine(Symeft.Folder(), "job");
        string[] common = [spec, "--samples", "3000", "--estimator", "control-variate"];
        (int code, _, string messages) = Symeft.Run(["submit", .. common, "--shards", "2", "--engine", "local", "--out", folder]);
        Assert.True(code == 0, messages);
        Assert.Equal(Symeft.Run(["simulate", .. common, "--format", "json"]).Output, File.ReadAllText(Path.Combine(folder, "points", "0001", "result.json")));
    }

    [Fact]
    public void Merge_refuses_what_does_not_belong_together_by_name()
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Symeft.Folder();
        string Shard(string name, string part, params string[] more)
        {
            string path = Path.Combine(folder, name);
            Assert.Equal(0, Symeft.Run(["simulate", spec, .. Short, "--shard", part, "--out", path, .. more]).Code);
            return path;
        }

        string first = Shard("first", "1/3"), second = Shard("second", "2/3"), again = Shard("again", "2/3"), other = Shard("other", "3/3", "--seed", "8"), half = Shard("half", "2/2");
        void Refused(string sentence, params string[] files)
        {
            (int code, string output, string messages) = Symeft.Run(["merge", .. files]);
            Assert.Equal("symeft: " + sentence, messages.TrimEnd());
            Assert.Equal(2, code);
            Assert.Equal("", output);
        }

        Refused("1 of 3 shards are missing: 3; run them and merge again.", first, second);
        Refused($"{second} and {again} are both shard 2/3; leave one out, or its networks would count twice.", first, second, again);
        Refused($"{other} is of another specification than {first}; merge shards of one specification at a time.", first, second, other);
        Refused($"{half} is one of 2 shards, {first} one of 3; merge shards of one split.", first, half);
        byte[] bytes = File.ReadAllBytes(second);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(second, bytes);
        Refused($"{second} is damaged (its checksum does not fit its content); delete it and run its shard again.", first, second, Shard("third", "3/3"));
        Refused($"{spec} is not a shard file of this version; make it again with simulate --shard.", spec);
    }

    // A checksum tells damage, not intent: these have right ones.
    [Fact]
    public void Forged_shards_are_refused_with_a_sentence()
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Symeft.Folder(), one = Path.Combine(folder, "one"), two = Path.Combine(folder, "two"), forged = Path.Combine(folder, "forged");
        foreach ((string path, string part) in new[] { (one, "1/2"), (two, "2/2") })
            Assert.Equal(0, Symeft.Run(["simulate", spec, .. Short, "--shard", part, "--out", path]).Code);
        (ShardHead head, PartialStatistics[] nodes) = ShardFile.Read(two);
        void Refused(string sentence, ShardHead changed, params PartialStatistics[] others)
        {
            ShardFile.Write(forged, changed, others);
            (int code, string output, string messages) = Symeft.Run("merge", one, forged);
            Assert.Equal("symeft: " + sentence, messages.TrimEnd());
            Assert.Equal(2, code);
            Assert.Equal("", output);
        }

        PartialStatistics Node(int? level = null, long? index = null, long? samples = null, double[]? sums = null) =>
            new(level ?? nodes[0].Level, index ?? nodes[0].Index, samples ?? nodes[0].Samples, sums ?? nodes[0].Sums);
        PartialStatistics[] rest = nodes[1..];
        string Impossible(string why) => $"{forged} is not what simulate --shard writes: {why}; delete it and run its shard again.";
        Refused(Impossible($"it calls itself shard 2 of 2147483647, batches {head.FirstBatch} to {head.EndBatch}"), head with { Shards = int.MaxValue }, nodes);
        Refused(Impossible("it holds batches that are not its own, or one twice"), head, [Node(level: 63), .. rest]);
        Refused(Impossible("it holds batches that are not its own, or one twice"), head, [Node(index: -1), .. rest]);
        Refused(Impossible("it holds batches that are not its own, or one twice"), head, [.. nodes, nodes[^1]]);
        Refused(Impossible("it holds sums that are no numbers, or of no networks"), head, [Node(samples: 0), .. rest]);
        Refused(Impossible("it holds sums that are no numbers, or of no networks"), head, [Node(sums: [double.NaN, .. nodes[0].Sums[1..]]), .. rest]);
        Refused($"{forged} holds 1 sums of each batch, {one} {nodes[0].Sums.Length}; delete the one that is wrong and run its shard again.", head, [.. nodes.Select(node => new PartialStatistics(node.Level, node.Index, node.Samples, [1]))]);
        Refused("The shards do not hold the 9000 networks of their specification; delete them and run them again.", head, [Node(samples: nodes[0].Samples + 1), .. rest]);
        Refused("The sums in the shards are those of no simulation: a mean or an error bar of them is not finite; delete them and run them again.", head, [Node(sums: [.. nodes[0].Sums.Select(_ => 1e308)]), .. rest]);
        Refused($"{forged} begins with batch {head.FirstBatch - 1}, and the shard before it ends with {head.FirstBatch - 1}; delete the one that is wrong and run its shard again.", head with { FirstBatch = head.FirstBatch - 1 }, [.. nodes]);
    }

    [Fact]
    public void Networks_of_machines_with_other_arithmetic_are_not_mixed()
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Symeft.Folder(), one = Path.Combine(folder, "one"), two = Path.Combine(folder, "two");
        string[] run = ["simulate", spec, .. Short, "--shard"];
        Assert.Equal(0, Symeft.Run([.. run, "1/2", "--out", one]).Code);
        Assert.Equal(0, Symeft.Run([.. run, "2/2", "--out", two]).Code);
        (ShardHead head, PartialStatistics[] nodes) = ShardFile.Read(two);
        Assert.Equal(LaneArithmetic.IsFused, head.Fused);
        ShardFile.Write(two, head with { Fused = !head.Fused }, nodes);
        (int code, string output, string messages) = Symeft.Run("merge", one, two);
        string[] words = [$"with{(head.Fused ? "out" : "")} fused multiply-add (FMA)", $"with{(head.Fused ? "" : "out")} fused multiply-add (FMA)"];
        Assert.Equal($"symeft: {two} was simulated {words[0]}, {one} {words[1]}: their networks differ in the last digits, and merged they would be those of neither machine; run one of them again on a machine like the other's.", messages.TrimEnd());
        Assert.Equal((2, ""), (code, output));
    }

    [Fact]
    public void A_damaged_shard_is_run_again_and_a_finished_one_is_not()
    {
        string spec = Symeft.File(Symeft.TwoInputs), path = Path.Combine(Symeft.Folder(), "one.shard");
        string[] run = ["simulate", spec, .. Short, "--shard", "1/2", "--out", path];
        Assert.Equal(0, Symeft.Run(run).Code);
        byte[] whole = File.ReadAllBytes(path);
        Assert.Contains("is finished already", Symeft.Run(run).Messages, StringComparison.Ordinal);
        File.WriteAllBytes(path, whole[..^40]);
        Assert.Contains("is damaged", Symeft.Run(run).Messages, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(path));
        (int code, _, string messages) = Symeft.Run([.. run, "--seed", "9"]);
        Assert.Equal(2, code);
        Assert.Contains("of another specification", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_local_job_is_a_single_run_and_runs_again_what_is_missing()
    {
        string spec = Symeft.File(Symeft.TwoInputs), folder = Path.Combine(Symeft.Folder(), "job");
        string[] submit = ["submit", spec, .. Short, "--shards", "3", "--engine", "local", "--out", folder];
        (int code, _, string messages) = Symeft.Run(submit);
        Assert.True(code == 0, messages);
        string result = Path.Combine(folder, "points", "0001", "result.json"), expected = Symeft.Run(["simulate", spec, .. Short, "--format", "json"]).Output;
        Assert.Equal(expected, File.ReadAllText(result));
        Assert.True(File.Exists(Path.Combine(folder, "points", "0001", "report", "index.html")));
        File.Delete(result);
        File.Delete(Path.Combine(folder, "points", "0001", "shards", "2.shard"));
        Assert.Contains("missing 2\n", Symeft.Run("status", folder).Output, StringComparison.Ordinal);
        Assert.Equal(0, Symeft.Run(submit).Code);
        Assert.Equal(expected, File.ReadAllText(result));
    }

    [Fact]
    public void A_dry_run_shows_the_scripts_and_the_cost_and_writes_nothing()
    {
        string folder = Path.Combine(Symeft.Folder(), "job");
        (int code, string output, _) = Symeft.Run(["submit", Symeft.File(Symeft.TwoInputs), .. Short, "--shards", "3", "--out", folder, "--dry-run", "--sbatch", "--partition=long", "--sweep", "weightVariance=1,2"]);
        Assert.Equal(0, code);
        Assert.Contains("#SBATCH --partition=long\n", output, StringComparison.Ordinal);
        Assert.Contains("points=2 shards=3 tasks=6", output, StringComparison.Ordinal);
        Assert.Contains("core-hours", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("symeft: --shard is '4/3'; write I/K with I from 1 to K, such as 3/16, and K at most 1000000.", "simulate", "--shard", "4/3", "--out", "x")]
    [InlineData("symeft: --shard needs --out FILE: a part of a simulation has no result of its own, it is kept for merge.", "simulate", "--shard", "1/3")]
    [InlineData("symeft: --shards is ''; use a whole number from 1 to 1000000.", "submit")]
    [InlineData("symeft: --engine is 'pbs'; use slurm or local.", "submit", "--engine", "pbs", "--shards", "2")]
    public void Wrong_parts_are_explained(string sentence, string command, params string[] flags)
    {
        (int code, _, string messages) = Symeft.Run([command, Symeft.File(Symeft.TwoInputs), .. flags]);
        Assert.Equal(sentence, messages.TrimEnd());
        Assert.Equal(2, code);
    }

    [Fact]
    public void Shards_share_the_batches_out_without_gap_or_overlap()
    {
        foreach ((long batches, int shards) in new[] { (1L, 3), (17L, 5), (1_000_003L, 10_000), (5_000_000_000L, 7) })
        {
            long at = 0;
            for (int number = 1; number <= shards; number++)
            {
                (long first, long end) = new ShardChoice(number, shards).Batches(batches);
                Assert.Equal(at, first);
                Assert.InRange(end - first, batches / shards, (batches / shards) + 1);
                at = end;
            }

            Assert.Equal(batches, at);
        }
    }
}

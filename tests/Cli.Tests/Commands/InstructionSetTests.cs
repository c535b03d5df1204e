using System.Diagnostics;
using System.Text.Json;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

// The sampler is compiled for the machine it runs on: 512-bit vectors, 256-bit vectors, no vector instructions at all. The random words
// are the same, so the networks are; only rounding differs, single-precision state, 40 layers.
public class InstructionSetTests
{
    private const double SingleTolerance = 2e-6;

    [Theory]
    [InlineData("plain")]
    [InlineData("control-variate")]
    public void Every_instruction_set_simulates_the_same_networks(string estimator)
    {
        double[] reference = Kernels(estimator);
        Assert.All(
            new[] { ("DOTNET_PreferredVectorBitWidth", "512"), ("DOTNET_PreferredVectorBitWidth", "256"), ("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVX2", "0"), ("DOTNET_EnableHWIntrinsic", "0") },
            setting => Assert.All(
                Kernels(estimator, setting).Zip(reference),
                pair => Assert.InRange(pair.First, pair.Second - (SingleTolerance * Math.Abs(pair.Second)), pair.Second + (SingleTolerance * Math.Abs(pair.Second)))));
    }

    // Vectors of any width give the same bytes; without FMA they are others, and the head of a shard says so.
    [Fact]
    public void A_shard_knows_the_arithmetic_of_its_networks()
    {
        (ShardHead Head, byte[] Bytes) Shard(params (string, string)[] environment)
        {
            string path = Path.Combine(Symeft.Folder(), "one.shard");
            _ = Output(["simulate", Symeft.File(Symeft.TwoInputs), "--depth", "10", "--record", "2", "--samples", "64", "--shard", "1/1", "--out", path], environment);
            return (ShardFile.ReadHead(path), File.ReadAllBytes(path));
        }

        (ShardHead here, byte[] bytes) = Shard();
        foreach ((string, string) setting in new[] { ("DOTNET_PreferredVectorBitWidth", "256"), ("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVX2", "0"), ("DOTNET_EnableHWIntrinsic", "0") })
        {
            (ShardHead there, byte[] others) = Shard(setting);
            Assert.Equal(here.Fused == there.Fused, bytes.AsSpan().SequenceEqual(others));
        }
    }

    // The mean kernel at the last depth.
    private static double[] Kernels(string estimator, params (string Name, string Value)[] environment)
    {
        using JsonDocument json = JsonDocument.Parse(Output(["simulate", Symeft.File(Symeft.TwoInputs), "--depth", "40", "--record", "2", "--samples", "64", "--estimator", estimator, "--format", "json"], environment));
        return Symeft.Row(json.RootElement.GetProperty("G")[1]);
    }

    private static string Output(string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Tools.Dotnet, [typeof(Cli.Commands.CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

public class DoctorTests
{
    [Fact]
    public void The_doctor_says_what_the_machine_offers()
    {
        JsonElement found = Symeft.Json("doctor");
        Assert.Equal(Environment.ProcessorCount, found.GetProperty("cores").GetInt32());
        Assert.Equal(RuntimeInformation.FrameworkDescription, found.GetProperty("dotNet").GetString());
        Assert.Contains(found.GetProperty("vectorBits").GetInt32(), new[] { 0, 128, 256, 512 });
        Dictionary<string, bool> tools = found.GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("present").GetBoolean());
        Assert.Equal(["python3", "pdflatex", "chromium", "sbatch"], tools.Keys);
        // Found by running them, where the doctor looks for them.
        Assert.Equal(Tools.Python is not null, tools["python3"]);
        Assert.Equal(Tools.PdfLatex is not null, tools["pdflatex"]);
    }

    [Fact]
    public void The_doctor_speaks_to_people()
    {
        (int code, string output, string messages) = Symeft.Run("doctor");
        Assert.Equal(0, code);
        Assert.Equal("", messages);
        Assert.Contains($"cores         {Environment.ProcessorCount}; simulations use all of them", output, StringComparison.Ordinal);
        Assert.Contains("Optional tools; all else works without them:", output, StringComparison.Ordinal);
        Assert.Contains("for symeft submit --engine slurm (", output, StringComparison.Ordinal);
        Assert.Equal("symeft: --format is 'csv', and a machine is no list of numbers; use table or json.", Symeft.Run("doctor", "--format", "csv").Messages.TrimEnd());
    }

    // A machine with nothing on its path: still exit code 0.
    [Fact]
    public void Nothing_that_is_missing_is_an_error()
    {
        (int code, string output, _) = Tools.Run("env", Path.GetTempPath(), "PATH=/nowhere", "DOTNET_EnableHWIntrinsic=0", Tools.Dotnet, typeof(Cli.Commands.CommandLine).Assembly.Location, "doctor");
        Assert.Equal(0, code);
        Assert.Contains("vectors       none; the sampler takes 16 networks at a time all the same, one number in an instruction, with the same result", output, StringComparison.Ordinal);
        Assert.Contains("sbatch      absent   for symeft submit --engine slurm (no sbatch on the path)", output, StringComparison.Ordinal);
    }

    // A program that never answers is not called absent: on a busy machine it may be there and well.
    [Fact]
    public void A_Python_that_does_not_answer_in_time_is_called_unknown()
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Symeft.Folder();
        string slow = Script(folder, "slow", "sleep 600"), bare = Script(folder, "bare", "exit 1"), good = Script(folder, "good", "echo 3.14.1 2.4.0");
        DoctorCommand.Tool unknown = DoctorCommand.Python([slow, bare], TimeSpan.FromSeconds(0.5));
        Assert.Null(unknown.Present);
        Assert.Equal($"{slow} did not answer within 0.5 seconds; ask again when the machine is less busy", unknown.Detail);
        DoctorCommand.Tool absent = DoctorCommand.Python([bare], TimeSpan.FromMinutes(5));
        Assert.Equal((false, $"{bare} has no NumPy"), (absent.Present, absent.Detail));
        DoctorCommand.Tool present = DoctorCommand.Python([bare, good], TimeSpan.FromMinutes(5));
        Assert.Equal((true, $"Python 3.14.1 with NumPy 2.4.0, {good}"), (present.Present, present.Detail));
        Directory.Delete(folder, recursive: true);
    }

    private static string Script(string folder, string name, string body)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

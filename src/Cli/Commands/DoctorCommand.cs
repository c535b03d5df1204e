// symeft doctor: what this machine offers, and what each part of it is for. Nothing that is missing is an error: the toolkit
// needs .NET alone, and a tool that is absent only means that one thing cannot be done here.

using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Encodings.Web;
using System.Text.Json;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft doctor: the machine and its optional tools.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

    // StatePrecision.Single: one vector of 512 bits, or as many narrower ones as make that up.
    private const int NetworksAtOnce = 16;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One optional tool.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Present">Whether it can be used here; null if it was found and did not answer in time.</param>
    /// <param name="Detail">Where it is, or what is missing.</param>
    /// <param name="UsedFor">What it is used for.</param>
    internal sealed record Tool(string Name, bool? Present, string Detail, string UsedFor);

    /// <summary>What the machine offers.</summary>
    /// <param name="Program">Version of symeft.</param>
    /// <param name="DotNet">Version of .NET.</param>
    /// <param name="System">The operating system and the processor's kind.</param>
    /// <param name="Cores">Cores that may be used.</param>
    /// <param name="MemoryMegabytes">Memory that may be used.</param>
    /// <param name="VectorBits">Width of the vectors that the processor computes with in one instruction; 0 for none.</param>
    /// <param name="SamplesPerVector">Numbers in single precision, each of another network, that one instruction of the sampler computes.</param>
    /// <param name="InstructionSets">Those of the instruction sets the sampler gains from that are there.</param>
    /// <param name="Tools">Optional tools.</param>
    internal sealed record Findings(
        string Program, string DotNet, string System, int Cores, long MemoryMegabytes, int VectorBits, int SamplesPerVector, IReadOnlyList<string> InstructionSets, IReadOnlyList<Tool> Tools);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("doctor", "What this machine offers: .NET, cores, vector instructions, optional tools and what each is used for.");
        Option<string> format = FormatOption.Create();
        format.Description = "table or json";
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            if (chosen == OutputFormat.Csv)
                throw new InputException("--format is 'csv', and a machine is no list of numbers; use table or json.");
            Findings found = Examine();
            if (chosen == OutputFormat.Json)
                context.Output.Write(JsonSerializer.Serialize(found, Json) + "\n");
            else
                Print(context.Output, found);
            exit(0);
        });
        return command;
    }

    private static Findings Examine() => new(
        typeof(DoctorCommand).Assembly.GetName().Version?.ToString(3) ?? "",
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        VectorBits(),
        Math.Max(1, VectorBits() / 32),
        [.. InstructionSets().Where(each => each.Supported).Select(each => each.Name)],
        [Python(), OnPath("pdflatex", ["pdflatex"], "compiling what derive --to latex writes"), OnPath("chromium", ["chromium", "chromium-browser", "google-chrome"], "looking at reports without a screen, as the tests of pages do"), OnPath("sbatch", ["sbatch"], "symeft submit --engine slurm")]);

    private static int VectorBits() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    private static (string Name, bool Supported)[] InstructionSets() =>
    [
        ("AVX-512F", Avx512F.IsSupported), ("AVX-512DQ", Avx512DQ.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported),
        ("SSE4.2", Sse42.IsSupported), ("AdvSimd", AdvSimd.IsSupported),
    ];

    private static void Print(TextWriter output, Findings found)
    {
        string lanes = found.VectorBits == 0
            ? $"none; the sampler takes {NetworksAtOnce} networks at a time all the same, one number in an instruction, with the same result"
            : string.Create(CultureInfo.InvariantCulture, $"{found.VectorBits} bits; the sampler takes {NetworksAtOnce} networks at a time, {found.SamplesPerVector} in an instruction");
        output.WriteLine($"symeft        {found.Program}");
        output.WriteLine($".NET          {found.DotNet}");
        output.WriteLine($"system        {found.System}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cores         {found.Cores}; simulations use all of them"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory        {found.MemoryMegabytes} MB"));
        output.WriteLine($"vectors       {lanes}");
        output.WriteLine($"instructions  {(found.InstructionSets.Count == 0 ? "none of those it gains from" : string.Join(", ", found.InstructionSets))}");
        output.WriteLine();
        output.WriteLine("Optional tools; all else works without them:");
        foreach (Tool tool in found.Tools)
            output.WriteLine($"  {tool.Name,-10}  {tool.Present switch { true => "present", false => "absent", null => "unknown" },-7}  for {tool.UsedFor} ({tool.Detail})");
    }

    private static Tool Python() => Python([.. ((string[])["python3", "/usr/bin/python3"]).Select(Find).OfType<string>()], LongestAnswer);

    /// <summary>The first Python with NumPy among some programs: the generated Python imports it, so one without is of no use here.</summary>
    /// <param name="programs">Paths, in the order in which they are asked.</param>
    /// <param name="patience">How long each may take to answer.</param>
    internal static Tool Python(IReadOnlyList<string> programs, TimeSpan patience)
    {
        const string use = "running what derive --to python writes";
        string missing = "no python3 on the path", slow = "";
        foreach (string path in programs)
        {
            (string? answer, bool late) = Answer(patience, path, "-c", "import numpy, sys; print(sys.version.split()[0], numpy.__version__)");
            if (answer?.Split(' ') is [var python, var numpy])
                return new("python3", true, $"Python {python} with NumPy {numpy}, {path}", use);
            if (late)
                slow = string.Create(CultureInfo.InvariantCulture, $"{path} did not answer within {patience.TotalSeconds:0.#} seconds; ask again when the machine is less busy");
            missing = $"{path} has no NumPy";
        }

        return slow.Length > 0 ? new("python3", null, slow, use) : new("python3", false, missing, use);
    }

    private static Tool OnPath(string name, string[] commands, string use) =>
        commands.Select(Find).FirstOrDefault(path => path is not null) is { } found
            ? new(name, true, found, use)
            : new(name, false, $"no {string.Join(" or ", commands)} on the path", use);

    private static string? Find(string command)
    {
        if (Path.IsPathRooted(command))
            return File.Exists(command) ? command : null;
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ""] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, command + ending)))
            .FirstOrDefault(File.Exists);
    }

    // The first line that a program prints; null if it fails, is no program, or is late.
    private static (string? Line, bool Late) Answer(TimeSpan patience, string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                return (null, true);
            }

            Task.WaitAll(output, errors);
            return (process.ExitCode == 0 ? output.Result.Split('\n')[0].Trim() : null, false);
        }
        catch (Exception problem) when (problem is Win32Exception or IOException or InvalidOperationException)
        {
            return (null, false);
        }
    }
}

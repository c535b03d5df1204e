using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SymbolicEft.Explore.Tests;

/// <summary>The command as it was built, and the browser of this machine.</summary>
internal static class Programs
{
    /// <summary>A Chromium on the path, or null.</summary>
    public static string? Browser { get; } =
        (from name in new[] { "chromium", "chromium-browser", "google-chrome" }
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    /// <summary>A process of the command.</summary>
    public static Process Symeft(params IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Dotnet, [Command, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>What the command writes when it ends well.</summary>
    public static async Task<string> Output(params IReadOnlyList<string> arguments)
    {
        using Process process = Symeft(arguments);
        Task<string> messages = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"symeft {string.Join(' ', arguments)}: {await messages}");
        return output;
    }

    /// <summary>symeft solve with values under the names of their flags.</summary>
    public static async Task<JsonElement> Solve(IEnumerable<(string Name, string Value)> values)
    {
        using JsonDocument document = JsonDocument.Parse(await Output(["solve", .. values.SelectMany(value => new[] { "--" + value.Name, value.Value }), "--format", "json"]));
        return document.RootElement.Clone();
    }

    /// <summary>A quantity of a solution at the last recorded layer.</summary>
    public static JsonElement AtTheEnd(this JsonElement solution, string name) => solution.GetProperty(name).EnumerateArray().Last();

    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    // Of the same configuration as the tests: bin/Release/net10.0 of either project.
    private static string Command
    {
        get
        {
            string here = AppContext.BaseDirectory, project = Path.GetFullPath(Path.Combine(here, "..", "..", ".."));
            return Path.Combine(project, "..", "..", "src", "Cli", Path.GetRelativePath(project, here), "symeft.dll");
        }
    }
}

/// <summary>A test that runs where a Chromium is installed.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    internal const string Missing = "No chromium here: pages are not opened (on Debian: apt-get install chromium).";

    public BrowserFactAttribute()
    {
        if (Programs.Browser is null)
            Skip = Missing;
    }
}

/// <summary>A test with cases that runs where a Chromium is installed.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Programs.Browser is null)
            Skip = BrowserFactAttribute.Missing;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>Programs outside the toolkit that generated files are given to.</summary>
internal static class Tools
{
    /// <summary>A Python with NumPy, or null.</summary>
    public static string? Python { get; } = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(command => Works(command, "-c", "import numpy"));

    /// <summary>pdflatex with TikZ, which the drawings of diagrams need, or null.</summary>
    public static string? PdfLatex { get; } = Works("pdflatex", "--version") && Works("kpsewhich", "tikz.sty") ? "pdflatex" : null;

    /// <summary>The C# compiler of the SDK that runs the tests.</summary>
    public static string CSharpCompiler =>
        Directory.EnumerateFiles(Path.Combine(DotnetRoot, "sdk"), "csc.dll", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "bincore")
            .OrderBy(path => path, StringComparer.Ordinal)
            .Last();

    public static string Dotnet => Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    public static string Repository
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "SymbolicEft.sln")))
                folder = Path.GetDirectoryName(folder);
            return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
        }
    }

    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output, string Errors) Run(string command, string folder, params IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Whether a command is there and ends well.</summary>
    internal static bool Works(string command, params IReadOnlyList<string> arguments)
    {
        try
        {
            return Run(command, Path.GetTempPath(), arguments).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that runs where a Python with NumPy is installed.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Tools.Python is null)
            Skip = "No python3 with NumPy here: generated Python is not run (on Debian: apt-get install python3-numpy).";
    }
}

/// <summary>A test that runs where pdflatex is installed.</summary>
public sealed class LatexFactAttribute : FactAttribute
{
    public LatexFactAttribute()
    {
        if (Tools.PdfLatex is null)
            Skip = "No pdflatex with TikZ here: generated LaTeX is not compiled (on Debian: apt-get install texlive-latex-base texlive-pictures).";
    }
}

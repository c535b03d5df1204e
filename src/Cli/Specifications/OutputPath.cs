using System.CommandLine;

namespace SymbolicEft.Cli.Specifications;

/// <summary>The options that name a file or a folder to write: --out, --report.</summary>
internal static class OutputPath
{
    /// <summary>Its value; null if it is not given.</summary>
    /// <exception cref="InputException">It names nothing that can be written.</exception>
    public static string? Read(ParseResult parsed, Option<string> option)
    {
        string? path = parsed.GetValue(option);
        if (path is null)
            return null;
        if (string.IsNullOrWhiteSpace(path))
            throw new InputException($"{option.Name} is empty; name a {(option.HelpName == "FILE" ? "file" : "folder ('.' is this one)")}, or leave it out.");
        // What is written replaces what is there, and nobody wants /dev/null replaced.
        return Path.GetDirectoryName(Path.GetFullPath(path)) != "/dev"
            ? path
            : throw new InputException($"{option.Name} is '{path}', which is a device; name a {(option.HelpName == "FILE" ? "file" : "folder")}, or leave it out.");
    }
}

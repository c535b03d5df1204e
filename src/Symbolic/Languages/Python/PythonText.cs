using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Any text as a part of a Python file.</summary>
internal static partial class PythonText
{
    /// <summary>A comment line.</summary>
    public static string Comment(string text) => $"# {Coding().Replace(OneLine.Of(text), "coding $1")}".TrimEnd();

    /// <summary>A documentation string with its quotation marks.</summary>
    public static string Documentation(string text) => $"\"\"\"{Escaped(text)}\"\"\"";

    /// <summary>A string literal with its quotation marks.</summary>
    public static string Literal(string text) => $"\"{Escaped(text)}\"";

    private static string Escaped(string text) =>
        OneLine.Of(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    // In its first two lines Python takes "coding: ..." for the encoding of the file, in a comment too.
    [GeneratedRegex("coding([:=])", RegexOptions.CultureInvariant)]
    private static partial Regex Coding();
}

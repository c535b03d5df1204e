namespace SymbolicEft.Cli.Sharding;

/// <summary>Any text as a part of a shell script.</summary>
internal static class ShellText
{
    /// <summary>One word, nothing in it expanded.</summary>
    public static string Word(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

using SymbolicEft.Symbolic.Languages;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Any text as a part of a file for Graphviz.</summary>
internal static class DotText
{
    /// <summary>A label with its quotation marks.</summary>
    public static string Quoted(string text) =>
        $"\"{OneLine.Of(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Languages.Markdown;

/// <summary>Any text as a part of a Markdown file.</summary>
internal static partial class MarkdownText
{
    /// <summary>Plain text: no emphasis, no link, no markup.</summary>
    public static string Plain(string text) => Active().Replace(OneLine.Of(text), @"\$0");

    /// <summary>A span of code, between more backticks in a row than the text has.</summary>
    public static string Code(string text)
    {
        string line = OneLine.Of(text);
        int longest = Backticks().Matches(line).Select(run => run.Length).DefaultIfEmpty(0).Max();
        string fence = new('`', longest + 1);
        // A space at either end is not part of the text; it keeps a backtick from the fence, and a text of spaces from being none.
        bool spaced = line.Length == 0 || line[0] is '`' or ' ' || line[^1] is '`' or ' ';
        return spaced ? $"{fence} {line} {fence}" : fence + line + fence;
    }

    [GeneratedRegex(@"[\\`*<>\[\]~|$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Active();

    [GeneratedRegex("`+", RegexOptions.CultureInvariant)]
    private static partial Regex Backticks();
}

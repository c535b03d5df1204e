using System.Globalization;

namespace SymbolicEft.Symbolic.Languages;

/// <summary>
/// Text of a user, who may have written it over several lines or copied it from anywhere, as one line that every language and every terminal
/// takes for one: what the escape of each language begins with.
/// </summary>
internal static class OneLine
{
    /// <summary>The text; line breaks and tabs are spaces, and what is not seen, or is no character, stands as its number.</summary>
    public static string Of(string text) => string.Concat(text.Select((c, at) => c switch
    {
        '\t' or '\n' or '\v' or '\f' or '\r' or '\u0085' or '\u2028' or '\u2029' => " ",
        _ when char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format || IsAlone(text, at) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    }));

    /// <summary>Whether a character is half of a pair whose other half is missing.</summary>
    public static bool IsAlone(string text, int at) =>
        char.IsHighSurrogate(text[at]) ? at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])
        : char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1]));
}

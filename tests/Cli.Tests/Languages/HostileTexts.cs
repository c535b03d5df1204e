namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>Texts that end a line, a comment, a string, an element or a span in one language or another, put together at random.</summary>
internal static class HostileTexts
{
    private static readonly string[] Pieces =
    [
        "\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\t", "\v", "\f", "\0", "\u001b[2J", "\u202e", "\ufeff", "\ud800", "\udc00", "\U0001F600", "\"", "\"\"\"", "'", "'''", "\\", "\\n", "\\u000a", "\\\"",
        "/*", "*/", "//", "///", "#", "##", "<!--", "-->", "<script>", "</summary>", "]]>", "&", "&lt;", "`", "``", "```", "$", "$(id)", "${x}", "%", "{", "}", "_", "^", "~", "|", "[x](y)", "*", "@", ";",
        "coding: x", "coding=latin-1", "\nimport os", "\npublic class Evil {}", "\n- a", "\nb: c", ": ", "- ", "!", "\\end{document}", "\\)\\(", "\r  x = 1", "é", "σ", "∂", " ", "  ", "tanh(x)", "x",
    ];

    /// <summary>Every piece alone, then mixtures.</summary>
    public static IEnumerable<string> All
    {
        get
        {
            foreach (string piece in Pieces)
                yield return piece;
            var random = new Random(11);
            for (int count = 0; count < 200; count++)
                yield return string.Concat(Enumerable.Range(0, random.Next(2, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        }
    }

    /// <summary>Those that a file in UTF-8 can hold.</summary>
    public static IEnumerable<string> Encodable => All.Where(text => new System.Text.UTF8Encoding().GetString(System.Text.Encoding.UTF8.GetBytes(text)) == text);
}

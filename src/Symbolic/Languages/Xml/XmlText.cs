using System.Text;

namespace SymbolicEft.Symbolic.Languages.Xml;

/// <summary>Any text as a part of XML: HTML, SVG, MathML, the documentation of C#.</summary>
internal static class XmlText
{
    /// <summary>Text with the five characters of XML's own escaped, and characters that XML does not allow left out.</summary>
    /// <param name="text">Any text.</param>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            escaped.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ when (c < ' ' && c is not ('\t' or '\n' or '\r')) || c >= '\uFFFE' || OneLine.IsAlone(text, at) => "",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}

using System.Globalization;
using System.Text;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>Numbers and text as XML wants them, the same in every culture.</summary>
public static class SvgText
{
    /// <summary>A coordinate with at most two decimals, never "-0".</summary>
    /// <param name="value">A finite number.</param>
    public static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Text with the five characters of XML's own escaped, and characters that XML does not allow left out.</summary>
    /// <param name="text">Any text.</param>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(character).Append(text[++i]);
                continue;
            }

            switch (character)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\'': escaped.Append("&#39;"); break;
                default:
                    if ((character >= ' ' && !char.IsSurrogate(character) && character < '\uFFFE') || character is '\t' or '\n' or '\r')
                        escaped.Append(character);
                    break;
            }
        }

        return escaped.ToString();
    }
}

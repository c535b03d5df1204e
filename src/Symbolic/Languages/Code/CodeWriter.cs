using System.Text;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>Lines of text with indentation.</summary>
internal sealed class CodeWriter
{
    private const int LongestLine = 140, LongestList = 130;

    private readonly StringBuilder _text = new();

    /// <summary>The current depth of indentation, four spaces each.</summary>
    public int Depth { get; set; }

    /// <summary>Writes lines at the current depth; a line break in the text starts a new one.</summary>
    public CodeWriter Write(string lines)
    {
        foreach (string line in lines.Split('\n'))
            _text.Append(line.Length == 0 ? "" : new string(' ', 4 * Depth)).Append(line).Append('\n');
        return this;
    }

    /// <summary>Writes lines one level deeper.</summary>
    public CodeWriter Inside(Action body)
    {
        Depth++;
        body();
        Depth--;
        return this;
    }

    /// <summary>Writes values with commas, as many on a line as it holds.</summary>
    public CodeWriter List(IEnumerable<string> values)
    {
        string line = "";
        foreach (string value in values)
        {
            if (line.Length + value.Length > LongestList)
            {
                Write(line.TrimEnd());
                line = "";
            }

            line += $"{value}, ";
        }

        return Write(line.TrimEnd());
    }

    /// <summary>Writes one statement, broken after terms of its sums where it is too long for a line.</summary>
    /// <param name="before">What comes before the value.</param>
    /// <param name="value">An arithmetic expression.</param>
    /// <param name="after">What comes after it.</param>
    /// <param name="bracket">True if the language continues a line inside brackets only, and there are none around the value.</param>
    public CodeWriter Statement(string before, string value, string after = "", bool bracket = false)
    {
        if ((4 * Depth) + before.Length + value.Length + after.Length <= LongestLine)
            return Write(before + value + after);
        var lines = new List<string> { before + (bracket ? "(" : "") };
        int nesting = 0, start = 0;
        for (int at = 0; at < value.Length; at++)
        {
            nesting += value[at] is '(' or '[' ? 1 : value[at] is ')' or ']' ? -1 : 0;
            bool sign = nesting <= 1 && at > 0 && at + 1 < value.Length && value[at] is ('+' or '-') && value[at - 1] == ' ' && value[at + 1] == ' ';
            if (!sign && at + 1 < value.Length)
                continue;
            string term = value[start..(sign ? at : at + 1)];
            if (lines[^1].Trim().Length > 0 && (4 * (Depth + 1)) + lines[^1].Length + term.Length > LongestLine)
                lines.Add("    ");
            lines[^1] += term;
            start = at;
        }

        lines[^1] += (bracket ? ")" : "") + after;
        return Write(string.Join('\n', lines.Select(line => line.TrimEnd())));
    }

    public override string ToString() => _text.ToString();
}

using System.Text;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>Lines of text with indentation.</summary>
internal sealed class CodeWriter
{
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

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}

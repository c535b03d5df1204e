using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Any text as a part of a C# file.</summary>
internal static class CSharpText
{
    /// <summary>A comment line.</summary>
    public static string Comment(string text) => $"// {OneLine.Of(text)}".TrimEnd();

    /// <summary>A summary for the documentation.</summary>
    public static string Summary(string text) => $"/// <summary>{XmlText.Escape(OneLine.Of(text))}</summary>";

    /// <summary>A string literal with its quotation marks.</summary>
    public static string Literal(string text) => $"\"{string.Concat(text.Select((c, at) => c switch
    {
        '"' or '\\' => $"\\{c}",
        _ when char.IsControl(c) || c is '\u2028' or '\u2029' || OneLine.IsAlone(text, at) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    }))}\"";
}

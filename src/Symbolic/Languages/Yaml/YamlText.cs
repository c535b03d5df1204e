namespace SymbolicEft.Symbolic.Languages.Yaml;

/// <summary>Any text as a part of a YAML file.</summary>
internal static class YamlText
{
    /// <summary>A scalar in quotation marks that reads back as the text, to the last line break.</summary>
    public static string Quoted(string text) => $"\"{string.Concat(text.Select((c, at) => c switch
    {
        '"' or '\\' => $"\\{c}",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        // YAML folds these as line breaks too, or does not allow them.
        _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE' || OneLine.IsAlone(text, at) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    }))}\"";
}

using System.Reflection;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>Text files that are parts of a program.</summary>
internal static class EmbeddedText
{
    /// <summary>A file of an assembly, with line feeds.</summary>
    public static string Of(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program has no part {name}."));
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>A template of a language.</summary>
    public static string Template(string name) => Of(typeof(EmbeddedText).Assembly, "Templates/" + name);

    /// <summary>The definitions of a template, one a paragraph that begins at the margin, by the name that each defines.</summary>
    public static SortedDictionary<string, string> Definitions(string name)
    {
        var definitions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string paragraph in Template(name).Split("\n\n").Aggregate(new List<string>(), (all, next) =>
        {
            if (all.Count > 0 && next.TrimStart('\n') is [' ' or '}', ..])
                all[^1] += "\n\n" + next;
            else
                all.Add(next);
            return all;
        }))
        {
            string line = paragraph.Split('\n').First(each => each.Length > 0 && !each.StartsWith("//", StringComparison.Ordinal)), head = line.Split('(', '=')[0].TrimEnd();
            definitions.Add(head[(head.LastIndexOf(' ') + 1)..], paragraph.Trim('\n'));
        }

        return definitions;
    }
}

// The Gaussian numbers that generated programs compute: the files that the solver is compiled from, embedded. A program in C# contains those that its recipes
// need, found by the names of their types; one in another language has recipes of its own, with the same constants.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>The texts of the recipes.</summary>
internal static partial class RecipeText
{
    private static readonly Lazy<SortedDictionary<string, string>> Files = new(() => new(
        typeof(RecipeText).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("Recipes/", StringComparison.Ordinal))
            .ToDictionary(name => name["Recipes/".Length..], name => EmbeddedText.Of(typeof(RecipeText).Assembly, name)), StringComparer.Ordinal));

    private static readonly Lazy<SortedDictionary<string, string>> Constants = new(() =>
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Files.Value.Values.SelectMany(text => Constant().Matches(text)))
            found.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
        return found;
    });

    /// <summary>The value of a constant of the recipes, as it is written there.</summary>
    public static string ValueOf(string constant) => Constants.Value.TryGetValue(constant, out string? value) ? value : throw new InvalidOperationException($"The recipes have no constant {constant}.");

    /// <summary>The same as an integer.</summary>
    public static int CountOf(string constant) => int.Parse(ValueOf(constant), CultureInfo.InvariantCulture);

    /// <summary>The files that some types need, without namespaces, and the namespaces of the framework that they use.</summary>
    /// <param name="types">Names of types.</param>
    /// <param name="hasKinks">Whether functions have kinks, at which rules are split.</param>
    public static (IReadOnlyList<(string File, string Text)> Files, IReadOnlyList<string> Usings) Of(IReadOnlyList<string> types, bool hasKinks = false)
    {
        (string Name, string Text)[] files = [.. Files.Value.Where(file => hasKinks || !file.Key.EndsWith(".Pieces.cs", StringComparison.Ordinal)).Select(file => (file.Key, file.Value))];
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(files.Where(file => Defines(file.Text).Any(types.Contains)).Select(file => file.Name));
        while (open.TryPop(out string? name))
        {
            if (!needed.Add(name))
                continue;
            HashSet<string> words = [.. Word().Matches(Comment().Replace(Files.Value[name], "")).Select(match => match.Value)];
            foreach ((string other, string text) in files)
            {
                if (!needed.Contains(other) && Defines(text).Any(words.Contains))
                    open.Push(other);
            }
        }

        return (
            [.. needed.Select(name => (name, Directive().Replace(Files.Value[name], "").Trim('\n')))],
            [.. needed.SelectMany(name => Using().Matches(Files.Value[name])).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("System", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Defines(string text) => Definition().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\bconst (?:int|double) (\w+) = ([^;,]+)[;,]", RegexOptions.CultureInvariant)]
    private static partial Regex Constant();

    [GeneratedRegex(@"^(?:public|internal) (?:\w+ )*?(?:class|record struct|record|struct|interface|enum|delegate \w+) (\w+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^(?:using|namespace) [^\n]*;\n+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"//[^\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

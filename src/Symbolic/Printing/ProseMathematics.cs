// The sentences of a derivation are plain text, as a terminal shows them: phi, Qhat, K0, C_W, n^(-1/2). Here each such name becomes the
// formula that it stands for, by one rule for all documents; what is not a name stays as it is.
using System.Text;
using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Languages.Latex;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Sentences of a derivation with their letters typeset.</summary>
public static partial class ProseMathematics
{
    /// <summary>As part of a LaTeX document.</summary>
    /// <param name="prose">Plain text.</param>
    public static string Latex(string prose) => Write(prose, LatexText.Plain, formula => $"${formula}$");

    /// <summary>As part of an HTML page that is XML as well, formulas in MathML.</summary>
    /// <param name="prose">Plain text.</param>
    public static string Html(string prose) => Write(prose, XmlText.Escape, formula => $"<math>{MathMlStyle.Identifier(formula)}</math>");

    /// <summary>As part of a Markdown document.</summary>
    /// <param name="prose">Plain text.</param>
    /// <param name="escape">What text between formulas becomes; itself where nothing is given.</param>
    public static string Markdown(string prose, Func<string, string>? escape = null) => Write(prose, escape ?? (text => text), formula => $"${formula}$");

    private static string Write(string prose, Func<string, string> plain, Func<string, string> formula)
    {
        var written = new StringBuilder();
        int done = 0;
        foreach (Match match in Names().Matches(prose))
        {
            if (Formula(prose, match) is not { } latex)
                continue;
            written.Append(plain(prose[done..match.Index])).Append(formula(latex));
            done = match.Index + match.Length;
        }

        return written.Append(plain(prose[done..])).ToString();
    }

    private static string? Formula(string prose, Match match)
    {
        if (match.Value == "->")
            return @"\to";
        if (match.Groups["root"] is { Success: true } root)
            return $@"\sqrt{{{root.Value}}}";
        string name = match.Groups["name"].Value, below = match.Groups["below"].Value, above = match.Groups["above"].Value, primes = match.Groups["primes"].Value;
        // Articles and pronouns are no letters of a formula.
        if (match.Value is "a" or "A" or "I" && !IsLetter(prose, match))
            return null;
        bool isNumbered = name is [>= 'A' and <= 'Z', >= '0' and <= '9', ..];
        string letter = isNumbered ? name[..1] : name switch
        {
            "eps" => @"\varepsilon",
            "Qhat" => @"\hat{Q}",
            "Khat" => @"\hat{K}",
            "dQ" => "dQ",
            "dphi" => @"d\phi",
            "lam" => @"\lambda",
            "sum" => @"\sum",
            "E" => @"\mathbb{E}",
            "d" when below.Length > 0 => @"\partial",
            { Length: 1 } => name,
            _ => $@"\{name}",
        };
        string inner = above.Trim('(', ')'), power = above.StartsWith("-(", StringComparison.Ordinal) ? $"-({above[2..^1]})" : name == "kappa" ? above : inner;
        List<string> scripts = [.. new[] { isNumbered ? $"({name[1..]})" : "", isNumbered && below is [>= '0' and <= '9'] ? below : "", power }.Where(script => script.Length > 0)];
        string index = isNumbered && below is [>= '0' and <= '9'] || below.Length == 0 ? "" : $"_{{{below.Replace("_", ",", StringComparison.Ordinal)}}}";
        string raised = scripts.Count == 0 ? "" : $"^{{{string.Join(",", scripts)}}}";
        return primes.Length > 0 && raised.Length > 0 ? $"{{{letter}{index}{raised}}}{primes}" : letter + index + raised + primes;
    }

    private static bool IsLetter(string prose, Match match)
    {
        char before = match.Index > 0 ? prose[match.Index - 1] : ' ';
        string after = prose[(match.Index + match.Length)..];
        return before is '(' or '[' or '|' || (after.Length > 0 && after[0] is ',' or ')' or ']' or '!' or ':') || after.StartsWith(" = ", StringComparison.Ordinal)
            || after.StartsWith(" and b", StringComparison.Ordinal) || prose[..match.Index].TrimEnd() is var head && (head.EndsWith("input", StringComparison.Ordinal) || head.EndsWith("inputs", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"->|sqrt\((?<root>\w+)\)|(?<![A-Za-z0-9_\\.'])(?<name>alpha|eps|phi|sigma|xi|chi|kappa|lambda|lam|tau|rho|delta|Delta|zeta|theta|Theta|Sigma|nu|sum(?=_)|Qhat|Khat|dphi|dQ|[A-Z][0-9]|[A-Za-z])(?:_(?<below>[A-Za-z0-9]+(?:[:_][A-Za-z0-9]+)*))?(?:\^(?<above>-?\([^()]*\)|\|[A-Z]\||-?[A-Za-z0-9]+))?(?<primes>'*)(?![A-Za-z0-9_]|\.[A-Za-z0-9]|')", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}

using System.Text;

namespace SymbolicEft.Symbolic.Languages.Latex;

/// <summary>Any text as a part of a LaTeX file.</summary>
internal static class LatexText
{
    private static readonly Dictionary<char, string> Mathematics = new()
    {
        ['α'] = @"\alpha ",
        ['β'] = @"\beta ",
        ['γ'] = @"\gamma ",
        ['δ'] = @"\delta ",
        ['ε'] = @"\varepsilon ",
        ['ϵ'] = @"\epsilon ",
        ['κ'] = @"\kappa ",
        ['λ'] = @"\lambda ",
        ['μ'] = @"\mu ",
        ['ν'] = @"\nu ",
        ['ξ'] = @"\xi ",
        ['π'] = @"\pi ",
        ['ρ'] = @"\rho ",
        ['σ'] = @"\sigma ",
        ['τ'] = @"\tau ",
        ['φ'] = @"\varphi ",
        ['ϕ'] = @"\phi ",
        ['χ'] = @"\chi ",
        ['ψ'] = @"\psi ",
        ['ω'] = @"\omega ",
        ['θ'] = @"\theta ",
        ['Σ'] = @"\Sigma ",
        ['Φ'] = @"\Phi ",
        ['Δ'] = @"\Delta ",
        ['Γ'] = @"\Gamma ",
        ['Λ'] = @"\Lambda ",
        ['Ω'] = @"\Omega ",
        ['Θ'] = @"\Theta ",
        ['\u2212'] = "-",
        ['×'] = @"\times ",
        ['±'] = @"\pm ",
        ['²'] = "^2",
        ['⁴'] = "^4",
        ['′'] = "'",
        ['≤'] = @"\le ",
        ['≥'] = @"\ge ",
        ['∞'] = @"\infty ",
        ['→'] = @"\to ",
        ['⟨'] = @"\langle ",
        ['⟩'] = @"\rangle ",
        ['∂'] = @"\partial ",
        ['·'] = @"\cdot ",
    };

    /// <summary>Plain text, every character standing for itself; one that LaTeX may not have is a question mark.</summary>
    public static string Plain(string text)
    {
        var latex = new StringBuilder();
        Append(latex, OneLine.Of(text), isMathematics: false);
        return Joined(latex.ToString());
    }

    /// <summary>Appends plain text, or text within a formula.</summary>
    public static void Append(StringBuilder latex, string text, bool isMathematics)
    {
        for (int at = 0; at < text.Length; at++)
        {
            char character = text[at];
            if (at + 1 < text.Length && text[at + 1] == '\u0302' && char.IsAsciiLetter(character)) // Q with a hat
            {
                latex.Append(isMathematics ? $@"\hat{{{character}}}" : $@"\(\hat{{{character}}}\)");
                at++;
            }
            else if (Mathematics.TryGetValue(character, out string? command))
                latex.Append(isMathematics ? command : $@"\({command.TrimEnd()}\)");
            else
                latex.Append(isMathematics && character is ('<' or '>' or '|') ? character.ToString() : Plain(character));
        }
    }

    /// <summary>Formulas that touch as one: \(K\)\(^{(0)}\) is one formula.</summary>
    public static string Joined(string latex) => latex.Replace(@"\)\(", "", StringComparison.Ordinal);

    private static string Plain(char character) => character switch
    {
        '\\' => @"\textbackslash{}",
        '^' => @"\textasciicircum{}",
        '~' => @"\textasciitilde{}",
        '[' or ']' => $"{{{character}}}", // after a line's end a bracket would begin an argument
        '_' or '%' or '&' or '#' or '$' or '{' or '}' => $@"\{character}",
        '\u00a0' => "~",
        '\u2009' or '\u202f' => @"\,",
        '<' or '>' or '|' => $@"\({character}\)",
        '"' => "''",
        '\u2013' => "--",
        '\u2019' => "'",
        '\u2026' => @"\dots{}",
        >= ' ' and <= '~' => character.ToString(),
        '\n' or '\t' => " ",
        // Letters with accents are known to LaTeX; what it may not know would end the run.
        >= '\u00c0' and <= '\u017f' => character.ToString(),
        _ => "?",
    };
}

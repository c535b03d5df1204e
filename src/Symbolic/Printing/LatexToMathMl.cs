// A name given in LaTeX as MathML: a sequence of atoms with their scripts, read once from left to right. Every letter is an identifier of its
// own, as in LaTeX; words stand in \mathrm.
using System.Text;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Writes the part of LaTeX that names are made of as MathML.</summary>
internal static class LatexToMathMl
{
    private static readonly SortedDictionary<string, string> Greek = new(StringComparer.Ordinal)
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ϵ",
        ["varepsilon"] = "ε",
        ["eta"] = "η",
        ["theta"] = "θ",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["nu"] = "ν",
        ["xi"] = "ξ",
        ["zeta"] = "ζ",
        ["pi"] = "π",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["phi"] = "ϕ",
        ["varphi"] = "φ",
        ["chi"] = "χ",
        ["psi"] = "ψ",
        ["omega"] = "ω",
        ["Sigma"] = "Σ",
        ["Phi"] = "Φ",
        ["Delta"] = "Δ",
        ["Gamma"] = "Γ",
        ["Lambda"] = "Λ",
        ["Omega"] = "Ω",
        ["Theta"] = "Θ",
        ["Pi"] = "Π",
    };

    /// <summary>The name.</summary>
    public static string Of(string latex)
    {
        int at = 0;
        return Sequence(latex, ref at);
    }

    /// <summary>Whether a command is a Greek letter.</summary>
    public static bool IsGreek(string command) => Greek.ContainsKey(command);

    // Up to the end of the text, or of the group that encloses it; one element.
    private static string Sequence(string latex, ref int at)
    {
        var elements = new List<string>();
        while (at < latex.Length && latex[at] != '}')
        {
            if (latex[at] == ' ')
            {
                at++;
                continue;
            }

            string atom = Atom(latex, ref at), below = "", above = "", primes = "";
            while (at < latex.Length && latex[at] is '_' or '^' or '\'')
            {
                char sign = latex[at++];
                if (sign == '_')
                    below = Atom(latex, ref at);
                else if (sign == '^')
                    above = Atom(latex, ref at);
                else
                    primes += "′";
            }

            if (primes.Length > 0)
                above = above.Length > 0 ? $"<mrow>{above}<mo>{primes}</mo></mrow>" : $"<mo>{primes}</mo>";
            elements.Add(below.Length > 0 && above.Length > 0 ? $"<msubsup>{atom}{below}{above}</msubsup>"
                : below.Length > 0 ? $"<msub>{atom}{below}</msub>"
                : above.Length > 0 ? $"<msup>{atom}{above}</msup>" : atom);
        }

        return elements.Count == 1 ? elements[0] : $"<mrow>{string.Concat(elements)}</mrow>";
    }

    private static string Atom(string latex, ref int at)
    {
        if (at >= latex.Length)
            return "<mrow></mrow>";
        char first = latex[at];
        if (first == '{')
        {
            at++;
            string inner = Sequence(latex, ref at);
            at++;
            return inner;
        }

        if (first == '\\')
            return Command(latex, ref at);
        int begin = at++;
        while (char.IsAsciiDigit(first) && at < latex.Length && char.IsAsciiDigit(latex[at]))
            at++;
        string text = XmlText.Escape(latex[begin..at]);
        return char.IsAsciiDigit(first) ? $"<mn>{text}</mn>"
            : char.IsLetter(first) ? $"<mi>{text}</mi>"
            : first is '(' or ')' or '[' or ']' or '|' ? $"<mo stretchy=\"false\">{text}</mo>" : $"<mo>{(first == '-' ? "−" : text)}</mo>";
    }

    private static string Command(string latex, ref int at)
    {
        int begin = ++at;
        while (at < latex.Length && char.IsAsciiLetter(latex[at]))
            at++;
        string name = latex[begin..at];
        switch (name)
        {
            case "":
                at++;
                return "<mspace width=\"0.17em\"/>";
            case "mathrm" or "operatorname" or "mathbb":
                var word = new StringBuilder();
                for (at++; at < latex.Length && latex[at] != '}'; at++)
                    word.Append(latex[at]);
                at++;
                return $"<mi mathvariant=\"normal\">{XmlText.Escape(word.ToString())}</mi>";
            case "hat" or "widehat":
                return Accent("^", ref at);
            case "tilde":
                return Accent("~", ref at);
            case "bar":
                return Accent("¯", ref at);
            case "frac" or "tfrac":
                return $"<mfrac>{Atom(latex, ref at)}{Atom(latex, ref at)}</mfrac>";
            case "sqrt":
                return $"<msqrt>{Atom(latex, ref at)}</msqrt>";
            default:
                return name switch
                {
                    "prime" => "<mo>′</mo>",
                    "langle" => "<mo stretchy=\"false\">⟨</mo>",
                    "rangle" => "<mo stretchy=\"false\">⟩</mo>",
                    "partial" => "<mo>∂</mo>",
                    "mid" => "<mo>|</mo>",
                    "cdot" => "<mo>·</mo>",
                    "times" => "<mo>×</mo>",
                    "sum" => "<mo>∑</mo>",
                    "to" => "<mo>→</mo>",
                    "le" => "<mo>≤</mo>",
                    "ge" => "<mo>≥</mo>",
                    _ => $"<mi>{(Greek.TryGetValue(name, out string? letter) ? letter : XmlText.Escape(name))}</mi>",
                };
        }

        string Accent(string sign, ref int place) => $"<mover accent=\"true\">{Atom(latex, ref place)}<mo stretchy=\"false\">{sign}</mo></mover>";
    }
}

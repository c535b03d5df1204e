// The width of a formula in display style, estimated from its LaTeX: the widths of Computer Modern's letters, scripts at 7/10, operators and
// relations with the spaces around them, the wider part of a fraction, the wider of two scripts. Rounded up throughout: a line that is
// estimated to fit does.
namespace SymbolicEft.Symbolic.Printing;

/// <summary>How wide a formula is.</summary>
internal static class LatexWidth
{
    private const double Script = 0.76;

    /// <summary>The width in em.</summary>
    public static double Of(string latex)
    {
        int at = 0;
        return Sequence(latex, ref at);
    }

    // Up to the end of the text, or of the group that encloses it.
    private static double Sequence(string text, ref int at)
    {
        double width = 0;
        while (at < text.Length && text[at] != '}')
        {
            double above = 0, below = 0;
            double atom = Atom(text, ref at);
            while (at < text.Length && text[at] is '_' or '^' or '\'')
            {
                char sign = text[at++];
                if (sign == '\'')
                    above += 0.3;
                else if (sign == '_')
                    below += Script * Atom(text, ref at);
                else
                    above += Script * Atom(text, ref at);
            }

            width += atom + Math.Max(above, below) + (Math.Max(above, below) > 0 ? 0.06 : 0);
        }

        return width;
    }

    private static double Atom(string text, ref int at)
    {
        if (at >= text.Length)
            return 0;
        if (text[at] == '{')
        {
            at++;
            double inner = Sequence(text, ref at);
            at++;
            return inner;
        }

        if (text[at] != '\\')
            return Letter(text[at++]);
        int begin = ++at;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        if (at == begin)
            return text[at++] == ',' ? 0.17 : 0.3;
        return text[begin..at] switch
        {
            "frac" or "tfrac" => 0.24 + Math.Max(Atom(text, ref at), Atom(text, ref at)),
            "sqrt" => 0.9 + Atom(text, ref at),
            "hat" or "widehat" or "tilde" or "bar" or "mathrm" or "mathbb" => Atom(text, ref at),
            "left" or "right" => 0.4,
            "bigl" or "bigr" => 0.1,
            "Bigl" or "Bigr" => 0.25,
            "biggl" or "biggr" => 0.4,
            "langle" or "rangle" => 0.4,
            "sum" => 1.7,
            "quad" => 1,
            "cdot" or "times" or "mid" => 1.25,
            "ln" or "exp" or "sin" or "cos" or "tan" or "log" or "erf" or "max" => 1.9,
            "tanh" or "sinh" or "cosh" or "operatorname" => 2.6,
            "prime" => 0.3,
            "Sigma" or "Phi" or "Delta" or "Omega" or "Theta" or "Lambda" => 0.85,
            _ => 0.67,
        };
    }

    private static double Letter(char letter) => letter switch
    {
        ' ' => 0,
        '+' or '-' or '=' or '<' or '>' => 1.35,
        '(' or ')' or '[' or ']' or '|' => 0.4,
        ',' or ';' => 0.5,
        '.' or ':' or '!' => 0.3,
        'm' or 'w' => 0.88,
        'W' or 'M' => 1.1,
        >= 'A' and <= 'Z' => 0.85,
        >= '0' and <= '9' => 0.5,
        _ => 0.58,
    };
}

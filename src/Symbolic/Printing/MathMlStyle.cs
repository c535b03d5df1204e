using System.Globalization;
using System.Numerics;
using System.Text;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Presentation MathML (MathML Core), readable in a browser without a script.</summary>
public sealed class MathMlStyle : IExpressionStyle
{
    /// <summary>The style; it has no state.</summary>
    public static MathMlStyle Instance { get; } = new();

    /// <inheritdoc/>
    public bool FractionsAreStacked => true;

    /// <inheritdoc/>
    public bool ExponentsAreRaised => true;

    /// <inheritdoc/>
    public string Integer(BigInteger value) => $"<mn>{value.ToString(CultureInfo.InvariantCulture)}</mn>";

    /// <inheritdoc/>
    public string Constant(Constant constant) => Identifier(constant.Latex);

    /// <inheritdoc/>
    public string Symbol(Symbol symbol) => Identifier(symbol.Latex);

    /// <inheritdoc/>
    public string Indexed(Indexed indexed) => Subscripted(Identifier(indexed.Tensor.Latex), TextStyle.Join(indexed.Indices));

    /// <inheritdoc/>
    public string Delta(TensorIndex first, TensorIndex second) => Subscripted("<mi>δ</mi>", $"{first}{second}");

    /// <inheritdoc/>
    public string GaussianMean(GaussianMean mean, string body)
    {
        string average = $"<msub><mrow><mo stretchy=\"false\">⟨</mo>{body}<mo stretchy=\"false\">⟩</mo></mrow>{Identifier(mean.Kernel.Latex)}</msub>";
        if (mean.Derivatives.IsEmpty)
            return average;
        string entries = "";
        foreach (KernelEntry entry in mean.Derivatives)
            entries += "<mo>∂</mo>" + Subscripted(Identifier(mean.Kernel.Latex), $"{mean.Indices[entry.First]}{mean.Indices[entry.Second]}");
        string head = mean.Derivatives.Length == 1 ? "<mo>∂</mo>" : $"<msup><mo>∂</mo><mn>{mean.Derivatives.Length}</mn></msup>";
        return $"<mfrac><mrow>{head}{average}</mrow><mrow>{entries}</mrow></mfrac>";
    }

    /// <inheritdoc/>
    public string IndexSum(TensorIndex index, string body) => $"<munder><mo>∑</mo><mi>{index}</mi></munder>{body}";

    /// <inheritdoc/>
    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms)
    {
        var text = new StringBuilder("<mrow>").Append(terms[0].Negative ? "<mo>−</mo>" : "").Append(terms[0].Term);
        for (int at = 1; at < terms.Count; at++)
            text.Append(terms[at].Negative ? "<mo>−</mo>" : "<mo>+</mo>").Append(terms[at].Term);
        return text.Append("</mrow>").ToString();
    }

    /// <inheritdoc/>
    public string Product(IReadOnlyList<string> factors) => $"<mrow>{string.Join("<mo>⁢</mo>", factors)}</mrow>";

    /// <inheritdoc/>
    public string Fraction(string numerator, string denominator) => $"<mfrac>{Group(numerator)}{Group(denominator)}</mfrac>";

    /// <inheritdoc/>
    public string Power(string @base, string exponent) => $"<msup>{Group(@base)}{Group(exponent)}</msup>";

    /// <inheritdoc/>
    public string? SquareRoot(string radicand) => $"<msqrt>{radicand}</msqrt>";

    /// <inheritdoc/>
    public string Call(Function function, IReadOnlyList<string> arguments, Call call)
    {
        string head = FunctionName(function);
        if (function is ActivationFunction && call.Operands[0] is Indexed { Indices: [var index] })
            return WithSubscript(head, $"<mi>{index}</mi>");
        if (function == ElementaryFunctions.Abs)
            return $"<mrow><mo>|</mo>{arguments[0]}<mo>|</mo></mrow>";
        return $"<mrow>{head}<mo>⁡</mo><mo>(</mo>{string.Join("<mo>,</mo>", arguments)}<mo>)</mo></mrow>";
    }

    /// <inheritdoc/>
    public string Bracket(string inner) => $"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>";

    /// <summary>A name given in LaTeX as MathML: letters with a subscript or superscript, Greek letters, hats and roman words.</summary>
    public static string Identifier(string latex) => LatexToMathMl.Of(latex);

    private static string FunctionName(Function function) =>
        function is ActivationFunction activation
            ? activation.Order switch
            {
                0 => "<mi>σ</mi>",
                <= 3 => $"<msup><mi>σ</mi><mo>{new string('′', activation.Order)}</mo></msup>",
                _ => $"<msup><mi>σ</mi><mtext>({activation.Order})</mtext></msup>",
            }
            : function.Latex.StartsWith('\\') && LatexToMathMl.IsGreek(function.Latex.TrimStart('\\').Split('\'', '^')[0])
                ? Identifier(function.Latex)
                : $"<mi mathvariant=\"normal\">{function.Name}</mi>";

    private static string Subscripted(string head, string indices)
    {
        string inside = string.Join("<mo>,</mo>", indices.Split(',').Select(group => string.Concat(group.Select(letter => char.IsAsciiDigit(letter) ? $"<mn>{letter}</mn>" : $"<mi>{letter}</mi>"))));
        return WithSubscript(head, Group(inside));
    }

    /// <summary>A subscript: under the superscript where the head has one, not behind it.</summary>
    internal static string WithSubscript(string head, string subscript) => Children(head, "msup") is { } parts
        ? $"<msubsup>{parts.First}{subscript}{parts.Others}</msubsup>"
        : $"<msub>{Group(head)}{subscript}</msub>";

    /// <summary>A prime: above the subscript where the head has one, and after what stands there already.</summary>
    internal static string WithPrime(string head)
    {
        const string prime = "<mo>′</mo>";
        if (Children(head, "msub") is { } one)
            return $"<msubsup>{one.First}{one.Others}{prime}</msubsup>";
        if (Children(head, "msubsup") is { } two && Children($"<x>{two.Others}</x>", "x") is { } scripts)
            return $"<msubsup>{two.First}{scripts.First}<mrow>{scripts.Others}{prime}</mrow></msubsup>";
        return $"<msup>{Group(head)}{prime}</msup>";
    }

    // The first child and the rest of an element of a given name; null for anything else.
    private static (string First, string Others)? Children(string element, string name)
    {
        string open = $"<{name}>", close = $"</{name}>";
        if (!element.StartsWith(open, StringComparison.Ordinal) || ElementEnd(element, 0) != element.Length)
            return null;
        int end = ElementEnd(element, open.Length);
        return (element[open.Length..end], element[end..^close.Length]);
    }

    // Where the element ends that begins at a place.
    private static int ElementEnd(string text, int start)
    {
        int depth = 0;
        for (int at = start; ;)
        {
            int end = text.IndexOf('>', at) + 1;
            depth += text[at + 1] == '/' ? -1 : text[end - 2] == '/' ? 0 : 1;
            if (depth == 0)
                return end;
            at = text.IndexOf('<', end);
        }
    }

    private static string Group(string inner) => $"<mrow>{inner}</mrow>";
}

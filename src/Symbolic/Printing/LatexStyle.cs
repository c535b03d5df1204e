using System.Text;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>LaTeX mathematics that compiles with amsmath.</summary>
public sealed class LatexStyle : IExpressionStyle
{
    /// <summary>The style; it has no state.</summary>
    public static LatexStyle Instance { get; } = new();

    /// <inheritdoc/>
    public bool FractionsAreStacked => true;

    /// <inheritdoc/>
    public bool ExponentsAreRaised => true;

    /// <inheritdoc/>
    public string Constant(Constant constant) => constant.Latex;

    /// <inheritdoc/>
    public string Symbol(Symbol symbol) => symbol.Latex;

    /// <inheritdoc/>
    public string Indexed(Indexed indexed) => $"{indexed.Tensor.Latex}_{{{TextStyle.Join(indexed.Indices)}}}";

    /// <inheritdoc/>
    public string Delta(TensorIndex first, TensorIndex second) => $@"\delta_{{{first}{second}}}";

    /// <inheritdoc/>
    public string GaussianMean(GaussianMean mean, string body)
    {
        string average = $@"\langle {body} \rangle_{{{mean.Kernel.Latex}}}";
        if (mean.Derivatives.IsEmpty)
            return average;
        string entries = "";
        foreach (KernelEntry entry in mean.Derivatives)
            entries += $@"\,\partial {mean.Kernel.Latex}_{{{mean.Indices[entry.First]}{mean.Indices[entry.Second]}}}";
        string order = mean.Derivatives.Length == 1 ? "" : $"^{{{mean.Derivatives.Length}}}";
        return $@"\frac{{\partial{order} {average}}}{{{entries[2..]}}}";
    }

    /// <inheritdoc/>
    public string IndexSum(TensorIndex index, string body) => $@"\sum_{{{index}}} {body}";

    /// <inheritdoc/>
    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms) => TextStyle.Instance.Sum(terms);

    /// <inheritdoc/>
    public string Product(IReadOnlyList<string> factors)
    {
        var text = new StringBuilder(factors[0]);
        for (int at = 1; at < factors.Count; at++)
            text.Append(char.IsAsciiDigit(factors[at][0]) ? @" \cdot " : " ").Append(factors[at]);
        return text.ToString();
    }

    /// <inheritdoc/>
    public string Fraction(string numerator, string denominator) => $@"\frac{{{numerator}}}{{{denominator}}}";

    /// <inheritdoc/>
    public string Power(string @base, string exponent) =>
        // A base that ends in a superscript of its own, such as f^{(4)} or a primed symbol, would be a double superscript.
        @base.Contains('^') || @base.EndsWith('\'') ? $"{{{@base}}}^{{{exponent}}}" : $"{@base}^{{{exponent}}}";

    /// <inheritdoc/>
    public string? SquareRoot(string radicand) => $@"\sqrt{{{radicand}}}";

    /// <inheritdoc/>
    public string Call(Function function, IReadOnlyList<string> arguments, Call call)
    {
        if (function is ActivationFunction && call.Operands[0] is Indexed { Indices: [var index] })
            return $"{function.Latex}_{{{index}}}";
        return function.LatexCall(string.Join(", ", arguments));
    }

    /// <inheritdoc/>
    public string Bracket(string inner) => $@"\left({inner}\right)";
}

using System.Text;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>Plain text, fully explicit, that the parser reads back.</summary>
public class TextStyle : IExpressionStyle
{
    /// <summary>The style; it has no state.</summary>
    public static TextStyle Instance { get; } = new();

    /// <inheritdoc/>
    public bool FractionsAreStacked => false;

    /// <inheritdoc/>
    public bool ExponentsAreRaised => false;

    /// <inheritdoc/>
    public string Constant(Constant constant) => constant.Name;

    /// <inheritdoc/>
    public string Symbol(Symbol symbol) => symbol.Name;

    /// <inheritdoc/>
    public virtual string Indexed(Indexed indexed) => $"{indexed.Tensor.Name}_{Join(indexed.Indices)}";

    /// <inheritdoc/>
    public string Delta(TensorIndex first, TensorIndex second) => $"delta_{first}{second}";

    /// <inheritdoc/>
    public string GaussianMean(GaussianMean mean, string body)
    {
        string derivative = "";
        foreach (KernelEntry entry in mean.Derivatives)
            derivative += $"d/d{mean.Kernel.Name}_{mean.Indices[entry.First]}{mean.Indices[entry.Second]} ";
        return $"{derivative}<{body}>_{mean.Kernel.Name}";
    }

    /// <inheritdoc/>
    public string IndexSum(TensorIndex index, string body) => $"sum_{index} {body}";

    /// <inheritdoc/>
    public string Sum(IReadOnlyList<(bool Negative, string Term)> terms)
    {
        var text = new StringBuilder(terms[0].Negative ? "-" : "").Append(terms[0].Term);
        for (int at = 1; at < terms.Count; at++)
            text.Append(terms[at].Negative ? " - " : " + ").Append(terms[at].Term);
        return text.ToString();
    }

    /// <inheritdoc/>
    public virtual string Product(IReadOnlyList<string> factors) => string.Join('*', factors);

    /// <inheritdoc/>
    public string Fraction(string numerator, string denominator) => $"{numerator}/{denominator}";

    /// <inheritdoc/>
    public string Power(string @base, string exponent) => $"{@base}^{exponent}";

    /// <inheritdoc/>
    public string? SquareRoot(string radicand) => $"sqrt({radicand})";

    /// <inheritdoc/>
    public string Call(Function function, IReadOnlyList<string> arguments, Call call)
    {
        if (function is ActivationFunction activation && call.Operands[0] is Indexed { Indices: [var index] })
            return activation.Order switch { 0 => "sigma", <= 3 => "sigma" + new string('\'', activation.Order), _ => $"sigma^({activation.Order})" } + "_" + index;
        return $"{function.Name}({string.Join(", ", arguments)})";
    }

    /// <inheritdoc/>
    public string Bracket(string inner) => $"({inner})";

    internal static string Join(ReadOnlySpan<TensorIndex> indices)
    {
        string text = "";
        for (int at = 0; at < indices.Length; at++)
            text += (at > 0 && (at % 2 == 0 || indices[at].Kind is not (IndexKind.Input or IndexKind.Neuron)) ? "," : "") + indices[at];
        return text;
    }
}

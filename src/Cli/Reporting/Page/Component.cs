using System.Globalization;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>One number of the theory as a function of depth, such as V4_00,01, with its symbol in every notation.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Pair">The pair of inputs, the first of V4.</param>
/// <param name="Second">The second pair of V4.</param>
internal readonly record struct Component(Quantity Quantity, InputPair Pair, InputPair? Second = null)
{
    /// <summary>n Cov(G_ab, G_ab).</summary>
    public static Component Variance(InputPair pair) => new(Quantity.V4, pair, pair);

    /// <summary>The indices, "00" or "00,01"; numbers of two digits are kept apart.</summary>
    public string Indices
    {
        get
        {
            bool wide = Math.Max(Pair.Second, Second?.Second ?? 0) > 9;
            return Second is { } second ? PairText(Pair, wide) + (wide ? ";" : ",") + PairText(second, wide) : PairText(Pair, wide);
        }
    }

    /// <summary>The symbol in chart markup.</summary>
    public string Markup => QuantityMarkup.Symbol(Quantity, Indices);

    /// <summary>The symbol with its definition in chart markup: what an axis says.</summary>
    public string AxisLabel => QuantityMarkup.Definition(Quantity, Indices, Second == Pair ? PairText(Pair, false) : null);

    /// <summary>The symbol as an inline MathML element.</summary>
    public string MathMl => Quantity switch
    {
        Quantity.G => $"<math><mrow><mi mathvariant=\"normal\">E</mi><mspace width=\"0.17em\"/><msub><mi>G</mi><mtext>{Indices}</mtext></msub></mrow></math>",
        Quantity.K0 => Scripted("K", "(0)"),
        Quantity.V4 => Scripted("V", "(4)"),
        Quantity.K1 => Scripted("K", "(1)"),
        _ => Scripted("U", "(1)"),
    };

    /// <summary>The symbol as plain text.</summary>
    public string PlainText => Quantity switch
    {
        Quantity.G => $"E G_{Indices}",
        Quantity.K0 => $"K^(0)_{Indices}",
        Quantity.V4 => $"V^(4)_{Indices}",
        Quantity.K1 => $"K^(1)_{Indices}",
        _ => $"U^(1)_{Indices}",
    };

    private static string PairText(InputPair pair, bool wide)
    {
        string first = pair.First.ToString(CultureInfo.InvariantCulture), second = pair.Second.ToString(CultureInfo.InvariantCulture);
        return wide || pair.Second > 9 ? $"{first},{second}" : first + second;
    }

    private string Scripted(string letter, string above) =>
        $"<math><msubsup><mi>{letter}</mi><mtext>{Indices}</mtext><mtext>{above}</mtext></msubsup></math>";
}

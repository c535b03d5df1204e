namespace SymbolicEft.Plotting;

/// <summary>A quantity of the theory or of the simulation.</summary>
public enum Quantity
{
    /// <summary>The mean kernel at finite width, E G; its theory value is K0 + K1/n.</summary>
    G,

    /// <summary>The kernel at infinite width.</summary>
    K0,

    /// <summary>n Cov(G, G).</summary>
    V4,

    /// <summary>n (E G - K0).</summary>
    K1,

    /// <summary>n (E S - E2(K0)).</summary>
    U1,
}

/// <summary>Quantities in the markup of labels.</summary>
internal static class QuantityMarkup
{
    /// <summary>The symbol with its indices.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="indices">Its indices, such as 00 or 00,01.</param>
    public static string Symbol(Quantity quantity, string indices) => quantity switch
    {
        Quantity.G => $"E *G*_{{{indices}}}",
        Quantity.K0 => $"*K*^{{(0)}}_{{{indices}}}",
        Quantity.V4 => $"*V*^{{(4)}}_{{{indices}}}",
        Quantity.K1 => $"*K*^{{(1)}}_{{{indices}}}",
        _ => $"*U*^{{(1)}}_{{{indices}}}",
    };

    /// <summary>The symbol with its definition: what an axis says.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="indices">Its indices.</param>
    /// <param name="single">Of V4 of a pair with itself, the indices of the pair; null for two pairs.</param>
    public static string Definition(Quantity quantity, string indices, string? single) => Symbol(quantity, indices) + quantity switch
    {
        Quantity.V4 when single is not null => $" = *n* Var *G*_{{{single}}}",
        Quantity.V4 => " = *n* Cov(*G*, *G*)",
        Quantity.K1 => $" = *n* (E *G* \u2212 *K*^{{(0)}})_{{{indices}}}",
        Quantity.U1 => $" = *n* (E *S* \u2212 *E*_{{2}})_{{{indices}}}",
        _ => "",
    };
}

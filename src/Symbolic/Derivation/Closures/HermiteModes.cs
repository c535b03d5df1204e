using System.Globalization;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>hermite(k): the observables are the Hermite polynomials H_A(phi; K0) of order 1 to k, and x y.</summary>
/// <param name="HighestOrder">k.</param>
public sealed record HermiteModes(int HighestOrder) : IClosure
{
    /// <summary>The highest k.</summary>
    public const int Limit = 160;

    /// <inheritdoc/>
    public string Name => $"hermite({HighestOrder.ToString(CultureInfo.InvariantCulture)})";

    /// <inheritdoc/>
    public string Summary => "The fluctuations of all Hermite modes up to an order; exact to leading order in 1/n as the order grows.";

    /// <inheritdoc/>
    public KeptAverages Keeps => new KeptModes(HighestOrder);
}

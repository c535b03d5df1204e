using System.Globalization;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>hermite(1e-3): the Hermite modes up to the order that leaves out no more than that share of V4 and K1; the solver chooses the order.</summary>
/// <param name="Accuracy">The share, between 0 and 1.</param>
public sealed record HermiteToAccuracy(double Accuracy) : IClosure
{
    /// <summary>The accuracy of hermite(auto).</summary>
    public const double Standard = 1e-3;

    /// <inheritdoc/>
    public string Name => $"hermite({Accuracy.ToString("R", CultureInfo.InvariantCulture)})";

    /// <inheritdoc/>
    public string Summary => "The fluctuations of all Hermite modes up to an order that is chosen so that V4 and K1 are exact to leading order in 1/n within the accuracy asked for.";

    /// <inheritdoc/>
    public KeptAverages Keeps => new KeptModesToAccuracy(Accuracy);
}

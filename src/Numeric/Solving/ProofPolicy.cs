// What becomes of a solution that rests on something unproved; decided here, and nowhere else.
//   certified            refused
//   estimated            solved and marked
//   gauss-hermite(m)     solved and marked

using System.Globalization;

namespace SymbolicEft.Numeric.Solving;

/// <summary>Certified numbers were asked for, and a number is not proved; the message says which, why, and what would do.</summary>
/// <param name="message">The sentence.</param>
public sealed class UnprovedException(string message) : ComputationException(message);

/// <summary>Decides whether a solution may rest on something unproved.</summary>
internal static class ProofPolicy
{
    /// <summary>What computes without a proof, as the end of a sentence.</summary>
    public const string Mend = "--quadrature estimated computes without proof, and says so.";

    /// <summary>Requires that what a solution rests on so far is allowed.</summary>
    /// <param name="quadrature">What was asked for.</param>
    /// <param name="unproved">What is not proved.</param>
    /// <param name="activation">The activation, which what lists of observables rest on does not name.</param>
    /// <param name="layer">The layer reached.</param>
    /// <exception cref="UnprovedException">It is not.</exception>
    public static void Require(QuadratureChoice quadrature, IEnumerable<Unproved> unproved, string activation, int layer)
    {
        if (!quadrature.IsCertified || unproved.FirstOrDefault() is not { } first) return;
        string of = $"{first.Subject}{first.Obstacle}".Contains(activation, StringComparison.Ordinal) ? "" : $" of {activation}";
        throw new UnprovedException($"At layer {layer.ToString(CultureInfo.InvariantCulture)}{of}: {first.Subject} are not proved: {first.Obstacle}. {Mend}");
    }
}

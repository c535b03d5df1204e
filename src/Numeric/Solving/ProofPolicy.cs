// What becomes of a solution that rests on something unproved; decided here, and nowhere else.
//   certified            refused, or solved and marked, as CertifiedRefuses says
//   estimated            solved and marked
//   gauss-hermite(m)     solved and marked

using System.Globalization;

namespace SymbolicEft.Numeric.Solving;

/// <summary>Certified numbers were asked for, and a number is not proved; the message says which, why, and what would do.</summary>
/// <param name="message">The sentence.</param>
public sealed class UnprovedException(string message) : NotSupportedException(message);

/// <summary>Decides whether a solution may rest on something unproved.</summary>
internal static class ProofPolicy
{
    /// <summary>True: what is not proved is refused where certified numbers are asked for. False: it is marked, as it is with every quadrature.</summary>
    private static readonly bool CertifiedRefuses = false;

    /// <summary>Requires that what a solution rests on so far is allowed.</summary>
    /// <param name="quadrature">What was asked for.</param>
    /// <param name="unproved">What is not proved.</param>
    /// <param name="layer">The layer reached.</param>
    /// <exception cref="UnprovedException">It is not.</exception>
    public static void Require(QuadratureChoice quadrature, IEnumerable<Unproved> unproved, int layer) => Require(quadrature, unproved, layer, CertifiedRefuses);

    /// <inheritdoc cref="Require(QuadratureChoice, IEnumerable{Unproved}, int)"/>
    /// <param name="quadrature">What was asked for.</param>
    /// <param name="unproved">What is not proved.</param>
    /// <param name="layer">The layer reached.</param>
    /// <param name="refuses">Whether certified refuses.</param>
    internal static void Require(QuadratureChoice quadrature, IEnumerable<Unproved> unproved, int layer, bool refuses)
    {
        if (refuses && quadrature.IsCertified && unproved.FirstOrDefault() is { } first)
            throw new UnprovedException($"At layer {layer.ToString(CultureInfo.InvariantCulture)}: {first.Subject} are not proved: {first.Obstacle}. --quadrature estimated computes without proof, and says so.");
    }
}

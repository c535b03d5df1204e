namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>A proof with tolerances relative to an estimate of E|f|.</summary>
internal delegate LineSample? Proof(double mass, out string reason);

/// <summary>The accuracy that proofs aim at: what they leave open is a small share of E|f|, which is known only afterwards.</summary>
internal static class ProofTolerance
{
    private const double Wanted = 1e-13;

    /// <summary>Proves with an estimate of E|f|, and again with a better one where that was far too large for what came out.</summary>
    public static LineSample? Refine(double mass, Proof proof, out string reason)
    {
        LineSample? found = proof(mass > 0 && double.IsFinite(mass) ? mass : 1, out reason);
        for (int again = 0; again < 3 && found is { } known && known.Error > Wanted * known.Magnitude && known.Magnitude > 0 && known.Magnitude < 0.1 * mass; again++)
        {
            mass = known.Magnitude;
            found = proof(mass, out reason);
        }

        return found;
    }
}

using SymbolicEft.Symbolic.Enclosures;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Proves something for an interval of variances whose upper end is the reference; null, with the reason as a clause, if it cannot.</summary>
internal delegate T? ProofOfPart<T>(Interval variances, double reference, out string reason)
    where T : class;

/// <summary>
/// Proofs that hold for a quarter octave of variances each. What lies eight standard deviations out varies by a factor of hundreds over one: where a quarter
/// octave fails, and its last thirty-second does not, each of these has a proof of its own. Which proof serves a variance depends on nothing else.
/// </summary>
internal sealed class ProvenParts<T>(ProofOfPart<T> prove)
    where T : class
{
    private const int Finer = 32, Coarse = 4, Fine = Coarse * Finer;

    private readonly Dictionary<(int Index, int Parts), (T? Found, string Reason)> _known = [];

    /// <summary>The proof that serves a variance; null, with the reason, if there is none.</summary>
    public (T? Found, string Reason) At(double variance)
    {
        int octave = (int)Math.Ceiling(Coarse * Math.Log2(variance));
        (T? Found, string Reason) whole = Known(octave, Coarse);
        return whole.Found is not null || Known(octave * Finer, Fine).Found is null
            ? whole
            : Known(Math.Clamp((int)Math.Ceiling(Fine * Math.Log2(variance)), ((octave - 1) * Finer) + 1, octave * Finer), Fine);
    }

    private (T? Found, string Reason) Known(int index, int parts)
    {
        if (_known.TryGetValue((index, parts), out (T?, string) known)) return known;
        T? found = prove(StripProof.PartOfOctave(index, parts), Math.Pow(2, (double)index / parts), out string reason);
        _known.Add((index, parts), (found, reason));
        return (found, reason);
    }
}

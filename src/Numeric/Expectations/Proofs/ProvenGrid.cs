namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Finds the coarsest trapezoid rule whose error is proved to be small enough; nothing is sampled to find it.</summary>
internal static class ProvenGrid
{
    private const int LowestLevel = 3, HighestLevel = 12;

    // A step at which nothing but the tails is left.
    private const double NoStep = 1e-4;

    /// <summary>The range and level (step 2^-level); null if nothing can be proved. The smallest error met is <paramref name="best"/>.</summary>
    /// <param name="ranges">Ranges, ascending.</param>
    /// <param name="largestCount">How many nodes a side there may be.</param>
    /// <param name="proofOf">The proof for a range; null if there can be none.</param>
    /// <param name="error">The largest relative error of a proof at a step.</param>
    /// <param name="target">What it may be.</param>
    /// <param name="best">The smallest found; infinite if all overflow.</param>
    public static (int Range, int Level, StripProof Proof)? Find(IEnumerable<int> ranges, int largestCount, Func<int, StripProof?> proofOf, Func<StripProof, double, double> error, double target, out double best)
    {
        best = double.PositiveInfinity;
        var proofs = new List<(int Range, StripProof Proof)>();
        foreach (int range in ranges)
        {
            if (proofOf(range) is not { } proof) return null;
            proofs.Add((range, proof));
            if (LevelOf(range, proof, ref best) is { } level) return (range, level, proof);
        }

        // Functions that oscillate want lower strips.
        foreach ((int range, StripProof proof) in proofs)
        {
            if (proof.Extend() && LevelOf(range, proof, ref best) is { } level) return (range, level, proof);
        }

        return null;

        int? LevelOf(int range, StripProof proof, ref double best)
        {
            double limit = error(proof, NoStep);
            if (limit < best) best = limit;
            for (int level = LowestLevel; limit <= target && level <= HighestLevel && range << level <= largestCount; level++)
            {
                if (error(proof, Math.ScaleB(1, -level)) <= target) return level;
            }

            return null;
        }
    }
}

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Infinite-width kernels at the recorded layers, which the samples are compared with.</summary>
/// <remarks>They also serve as origin of the sums, which keeps K1 free of cancellation. Without them G and S are measured, K1 and U1 are not.</remarks>
internal sealed record EnsembleReference
{
    /// <summary>K0 at each recorded layer, over pairs (0,0), (0,1), ..., (1,1), ....</summary>
    public required double[][] K0 { get; init; }

    /// <summary>E2(K0) = E[sigma sigma] at each recorded layer, over pairs; empty where S is not measured.</summary>
    public required double[][] E2 { get; init; }

    /// <summary>
    /// Optional: at each recorded layer a pairs x pairs matrix A, for which n Cov(S - A G, G) is measured with its own standard
    /// error. With A = chi / C_W that is the transport residual of the V4 equation over C_W: Cov(S, G) minus its G-only closure.
    /// </summary>
    public double[][,]? Closure { get; init; }

    internal void Validate(int records, int pairs, bool hasSigma = true)
    {
        Check(hasSigma || (E2.Length == 0 && Closure is null), "The reference has E2 or a closure, which belong to S, and S is not measured; leave them out.");
        Check(K0.Length == records && (!hasSigma || E2.Length == records), $"The reference has {K0.Length} K0 and {E2.Length} E2 records; {records} layers are recorded.");
        Check(Closure is null || Closure.Length == records, $"The reference has {Closure?.Length} closure matrices; {records} layers are recorded.");
        for (int r = 0; r < records; r++)
        {
            double[] sigma = hasSigma ? E2[r] : K0[r];
            Check(K0[r].Length == pairs && sigma.Length == pairs, $"Reference record {r} has {K0[r].Length} K0 and {sigma.Length} E2 entries; there are {pairs} pairs.");
            Check(Array.TrueForAll(K0[r], double.IsFinite) && Array.TrueForAll(sigma, double.IsFinite), $"Reference record {r} is not finite.");
            Check(Closure is null || (Closure[r].GetLength(0) == pairs && Closure[r].GetLength(1) == pairs), $"Closure matrix {r} is not {pairs} x {pairs}.");
        }
    }

    private static void Check(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}

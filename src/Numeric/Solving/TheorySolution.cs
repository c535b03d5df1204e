namespace SymbolicEft.Numeric.Solving;

/// <summary>The solution at the recorded layers; every array has one row per record.</summary>
/// <param name="Inputs">N.</param>
/// <param name="Layers">The layers l.</param>
/// <param name="Times">Depth times t = eps^2 l.</param>
/// <param name="Tensors">For each tensor by name its components at each record: over pairs, or the upper triangle over pairs of pairs.</param>
/// <param name="LargestRelativeError">Bound on the relative error of every expectation used, proved or estimated; null where the quadrature has none.</param>
public sealed record TheorySolution(
    int Inputs,
    IReadOnlyList<int> Layers,
    IReadOnlyList<double> Times,
    IReadOnlyDictionary<string, IReadOnlyList<double[]>> Tensors,
    double? LargestRelativeError)
{
    /// <summary>What the solution rests on and nothing proves; empty where every expectation has a proof.</summary>
    public IReadOnlyList<Unproved> Unproved { get; init; } = [];

    /// <summary>Whether every expectation that the solution rests on is proved.</summary>
    public ProofStatus Proof => Unproved.Count == 0 ? ProofStatus.Proved : Unproved.All(each => each.HasError) ? ProofStatus.Estimate : ProofStatus.None;

    /// <summary>What a series of modes of chosen order leaves out; null where nothing was chosen.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>
    /// For each tensor by name, where it was solved with fewer modes as well: by which share of its largest component at the last record the modes above
    /// three quarters of the highest order change it. Empty where it was not.
    /// </summary>
    public IReadOnlyDictionary<string, double> ModeChanges { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The relative sizes of V4 and K1 at every layer, where the solution was asked to keep them; else empty.</summary>
    internal IReadOnlyList<RelativeSize> Sizes { get; init; } = [];

    /// <summary>K0 over pairs at each record.</summary>
    public IReadOnlyList<double[]> K0 => Tensors["K0"];

    /// <summary>V4, upper triangle over pairs of pairs, at each record.</summary>
    public IReadOnlyList<double[]> V4 => Tensors["V4"];

    /// <summary>V4 without transport.</summary>
    public IReadOnlyList<double[]> SourceOnlyV4 => Tensors["V4_source"];

    /// <summary>K1 over pairs at each record.</summary>
    public IReadOnlyList<double[]> K1 => Tensors["K1"];

    /// <summary>E2(K0) = E[sigma_a sigma_b] over pairs at each record; empty for a program of layers, which has many sigma or none.</summary>
    public IReadOnlyList<double[]> E2 => Tensors.GetValueOrDefault("E2") ?? [];

    /// <summary>The closure's model of U1 over pairs at each record; without the factor C_W. Empty for a program of layers.</summary>
    public IReadOnlyList<double[]> U1 => Tensors.GetValueOrDefault("U1") ?? [];

    /// <summary>K0 of a pair of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    public double K0At(Index record, InputPair pair) => Pair(K0, record, pair);

    /// <summary>K1 of a pair of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    public double K1At(Index record, InputPair pair) => Pair(K1, record, pair);

    /// <summary>U1 of a pair of inputs, without the factor C_W.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    public double U1At(Index record, InputPair pair) => Pair(U1, record, pair);

    /// <summary>V4 of two pairs of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="left">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="right">The pair (c, d).</param>
    public double V4At(Index record, InputPair left, InputPair right) =>
        V4[record.GetOffset(V4.Count)][PairIndexing.Of(PairIndexing.Named(left, Inputs), PairIndexing.Named(right, Inputs), PairIndexing.Count(Inputs))];

    private double Pair(IReadOnlyList<double[]> records, Index record, InputPair pair) =>
        records[record.GetOffset(records.Count)][PairIndexing.Named(pair, Inputs)];
}

/// <summary>The order at which a series of modes was cut.</summary>
/// <param name="Order">The highest order k kept.</param>
/// <param name="RelativeError">What is left out, relative to V4 and K1.</param>
public sealed record Truncation(int Order, double RelativeError)
{
    /// <summary>Whether that is a bound, and no estimate.</summary>
    public bool IsBound { get; init; }
}

public partial class ComputationException
{
    /// <summary>The recorded layers that a solution had finished when it stopped; null where there are none.</summary>
    public TheorySolution? Finished { get; internal set; }
}

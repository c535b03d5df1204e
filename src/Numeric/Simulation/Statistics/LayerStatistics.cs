using System.Globalization;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>One estimated number.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">One standard deviation of it.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>(estimate - prediction) / standard error: beyond 3 or so, the two disagree.</summary>
    /// <param name="prediction">What the estimate is compared with.</param>
    public double ZScore(double prediction) => (Value - prediction) / StandardError;

    /// <summary>The estimate to the second digit of its error, with the error: 48.67 +- 0.42.</summary>
    public override string ToString()
    {
        if (!(StandardError > 0) || !double.IsFinite(StandardError))
            return string.Create(CultureInfo.InvariantCulture, $"{Value:G6} +- {StandardError:G2}");
        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(StandardError)), 0, 15);
        return $"{Value.ToString("F" + decimals, CultureInfo.InvariantCulture)} +- {StandardError.ToString("F" + decimals, CultureInfo.InvariantCulture)}";
    }
}

/// <summary>A number for each pair of inputs, (0,0), (0,1), ..., (1,1), ..., with its standard error.</summary>
/// <param name="Value">The estimates.</param>
/// <param name="StandardError">One standard deviation of each estimate.</param>
public sealed record PairEstimate(double[] Value, double[] StandardError)
{
    /// <summary>How many networks each standard error rests on, at most all; fewer than <see cref="ErrorBars.FewestEffectiveSamples"/> are too few.</summary>
    public required double[] EffectiveSamples { get; init; }
}

/// <summary>A number for each two chosen pairs of inputs, with its standard error.</summary>
/// <param name="Value">The estimates, pairs x pairs.</param>
/// <param name="StandardError">One standard deviation of each estimate, pairs x pairs.</param>
public sealed record PairMatrixEstimate(double[,] Value, double[,] StandardError)
{
    /// <summary>How many networks each standard error rests on, at most all; fewer than <see cref="ErrorBars.FewestEffectiveSamples"/> are too few.</summary>
    public required double[,] EffectiveSamples { get; init; }

    /// <summary>
    /// With a control variate of all orders: the most by which each estimate can be off beyond its standard error, pairs x pairs, because the
    /// covariance of the prediction is known to a finite order only. It is not random and does not fall with more networks. Else null.
    /// </summary>
    public double[,]? Truncation { get; init; }
}

/// <summary>What was measured at one recorded layer.</summary>
public sealed record LayerStatistics
{
    /// <summary>Layer l.</summary>
    public required int Layer { get; init; }

    /// <summary>Mean of G over samples.</summary>
    public required PairEstimate G { get; init; }

    /// <summary>Mean of S over samples.</summary>
    /// <exception cref="InvalidOperationException">The simulation is of a program of layers, which has no S of its own.</exception>
    public PairEstimate S
    {
        get => field ?? throw new InvalidOperationException("The simulation measured no S: a program of layers has none of its own, only G.");
        init;
    }

    /// <summary>n Cov(G, G), unbiased.</summary>
    public required PairMatrixEstimate V4 { get; init; }

    /// <summary>n Cov(S, G), unbiased; first index S.</summary>
    /// <exception cref="InvalidOperationException">The simulation kept no covariances of S.</exception>
    public PairMatrixEstimate SigmaKernelCovariance
    {
        get => field ?? throw NotKept();
        init;
    }

    /// <summary>n Cov(S, S), unbiased.</summary>
    /// <exception cref="InvalidOperationException">The simulation kept no covariances of S.</exception>
    public PairMatrixEstimate SigmaSigmaCovariance
    {
        get => field ?? throw NotKept();
        init;
    }

    /// <summary>n (E G - K0); null without a reference.</summary>
    public PairEstimate? K1 { get; init; }

    /// <summary>n (E S - E2(K0)); null without a reference. The factor C_W is not included.</summary>
    public PairEstimate? U1 { get; init; }

    /// <summary>n Cov(S - A G, G) with the reference's closure matrix A; null without one.</summary>
    public PairMatrixEstimate? ClosureResidual { get; init; }

    /// <summary>What the control variate saved; null for the plain estimator.</summary>
    public ControlGain? Gain { get; init; }

    private static InvalidOperationException NotKept() => new("The simulation kept no covariances of S, only those of G.");
}

/// <summary>What was measured over all samples.</summary>
public sealed record EnsembleStatistics
{
    /// <summary>Number of samples in it.</summary>
    public required long Samples { get; init; }

    /// <summary>True if the run was cancelled before all samples were done; error bars are those of <see cref="Samples"/>.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The highest order of a mode in the control variate, 0 for all orders; null for the plain estimator.</summary>
    public int? ControlOrder { get; init; }

    /// <summary>Why the plain estimator was used where a control variate was asked for, a whole sentence; null otherwise.</summary>
    public string? WithoutControl { get; init; }

    /// <summary>What its control variate rests on and nothing proves; empty for the plain estimator.</summary>
    public IReadOnlyList<Solving.Unproved> Unproved { get; init; } = [];

    /// <summary>Which error bars are not to be trusted, and why, as whole sentences; empty if nothing speaks against any.</summary>
    public IReadOnlyList<string> Warnings => ErrorBars.Warnings(this);

    /// <summary>Numbers of the pairs over which matrices run.</summary>
    public required IReadOnlyList<int> CovariancePairs { get; init; }

    /// <summary>One entry for each recorded layer.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }

    /// <summary>Number of inputs N.</summary>
    public int Inputs => (int)((Math.Sqrt(1 + (8.0 * Layers[0].G.Value.Length)) - 1) / 2);

    /// <summary>The mean of G over samples, for a pair of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    public Estimate GAt(Index record, InputPair pair) => Pair(At(record).G, pair);

    /// <summary>K1 = n (E G - K0) of a pair of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    /// <exception cref="InvalidOperationException">The sampler had no reference to take K0 from.</exception>
    public Estimate K1At(Index record, InputPair pair) => Pair(At(record).K1 ?? throw WithoutReference("K1"), pair);

    /// <summary>U1 = n (E S - E2(K0)) of a pair of inputs, without the factor C_W.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="pair">The pair (a, b), inputs numbered from 0.</param>
    /// <exception cref="InvalidOperationException">The sampler had no reference to take E2 from.</exception>
    public Estimate U1At(Index record, InputPair pair) => Pair(At(record).U1 ?? throw WithoutReference("U1"), pair);

    /// <summary>V4 = n Cov(G, G) of two pairs of inputs.</summary>
    /// <param name="record">Which record; ^1 is the last layer.</param>
    /// <param name="left">The pair (a, b), inputs numbered from 0.</param>
    /// <param name="right">The pair (c, d).</param>
    /// <exception cref="ArgumentException">No covariances were kept for one of the pairs.</exception>
    public Estimate V4At(Index record, InputPair left, InputPair right)
    {
        int row = Kept(left), column = Kept(right);
        PairMatrixEstimate all = At(record).V4;
        return new(all.Value[row, column], all.StandardError[row, column]);
    }

    private LayerStatistics At(Index record) => Layers[record.GetOffset(Layers.Count)];

    private Estimate Pair(PairEstimate all, InputPair pair) =>
        new(all.Value[PairIndexing.Named(pair, Inputs)], all.StandardError[PairIndexing.Named(pair, Inputs)]);

    private int Kept(InputPair pair)
    {
        int number = PairIndexing.Named(pair, Inputs);
        for (int at = 0; at < CovariancePairs.Count; at++)
        {
            if (CovariancePairs[at] == number)
                return at;
        }

        throw new ArgumentException($"No covariances were kept for the pair ({pair.First}, {pair.Second}); name it in CovariancePairs, or leave those out to keep all.", nameof(pair));
    }

    private static InvalidOperationException WithoutReference(string name) =>
        new($"{name} is a difference from infinite width, and the sampler was given no reference; use Network.Simulate, or give it an EnsembleReference.");
}

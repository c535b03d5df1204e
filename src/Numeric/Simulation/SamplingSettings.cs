namespace SymbolicEft.Numeric.Simulation;

/// <summary>What a sampler needs to know of any finite network: rows of phi at layer 0 are iid N(0, K(0)), and an engine does the rest.</summary>
internal abstract record SamplingSettings
{
    /// <summary>Width n, 1 to 16,384.</summary>
    public required int Width { get; init; }

    /// <summary>K(0), N x N with N from 1 to 64, positive semidefinite; it may be singular (equal inputs).</summary>
    public abstract double[,] Kernel { get; }

    /// <summary>Seed, the key of the generator.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Layers at which kernels are recorded, ascending, within 0..L.</summary>
    public abstract IReadOnlyList<int> Recorded { get; }

    /// <summary>Precision of the state; drawn weights always use double.</summary>
    public StatePrecision Precision { get; init; }

    /// <summary>The pairs of inputs for whose kernels covariances are kept, as numbers into (0,0), (0,1), ...; null for all pairs.</summary>
    public IReadOnlyList<int>? CovariancePairs { get; init; }

    /// <summary>Number of layers L.</summary>
    public abstract int Layers { get; }

    /// <summary>Whether S is measured beside G.</summary>
    public abstract bool HasSigma { get; }

    /// <summary>Whether covariances of S are kept beside those of G.</summary>
    public abstract bool HasSigmaCovariances { get; }

    /// <summary>Number of samples that an engine runs at once.</summary>
    public abstract int Lanes { get; }

    /// <summary>Random numbers of a sample, from which follows how many samples make a batch.</summary>
    public abstract double NumbersInSample { get; }

    /// <summary>What may have made a kernel infinite or no number, and what to do: the end of a sentence.</summary>
    public virtual string OverflowReason => $"the network overflows {(Lanes == SingleLanes.Count ? "float; use a smaller step or fewer layers, or weights drawn one by one (--estimator weights), which is in double precision" : "double; use a smaller step or fewer layers")}";

    /// <summary>Number of inputs N.</summary>
    public int Inputs => Kernel.GetLength(0);

    /// <summary>Number of pairs of inputs N (N + 1) / 2.</summary>
    public int Pairs => Inputs * (Inputs + 1) / 2;

    /// <summary>What is measured in place of the kernel of each pair; null where that is.</summary>
    public virtual TangentQuantities? Measured => null;

    /// <summary>How many numbers are measured of a sample at a layer: as many as pairs, if nothing else is.</summary>
    public int Quantities => Measured?.Count ?? Pairs;

    /// <summary>What makes an engine for one thread; prepared once, used by all threads.</summary>
    /// <param name="control">The control variate; null for the plain estimator.</param>
    public abstract Func<LaneEngine> Engines(PathwiseControl? control);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public virtual void Validate()
    {
        int n = Inputs;
        Require(n is >= 1 and <= 64 && Kernel.GetLength(1) == n, nameof(Kernel),
            $"The initial kernel is {n} x {Kernel.GetLength(1)}; it must be square with 1 to 64 inputs.");
        Require(Width is >= 1 and <= 16384, nameof(Width), $"Width {Width} is out of range; it must be 1 to 16384.");
        Require(Recorded.Count > 0, nameof(Recorded), "No layer is recorded; name at least one of 0 to L.");
        for (int i = 0; i < Recorded.Count; i++)
        {
            Require(Recorded[i] >= 0 && Recorded[i] <= Layers, nameof(Recorded),
                $"Recorded layer {Recorded[i]} is not in the network; it must be 0 to {Layers}.");
            Require(i == 0 || Recorded[i] > Recorded[i - 1], nameof(Recorded),
                "Recorded layers must ascend without repetition.");
        }

        if (CovariancePairs is not null)
        {
            foreach (int pair in CovariancePairs)
                Require(pair >= 0 && pair < Quantities, nameof(CovariancePairs), $"Pair number {pair} does not exist; N = {n} has pairs 0 to {Quantities - 1}.");
            Require(CovariancePairs.Distinct().Count() == CovariancePairs.Count, nameof(CovariancePairs), "A covariance pair is named twice.");
        }

        _ = SemidefiniteCholesky.Factor(Kernel);
    }

    /// <summary>The size of a measured number at infinite width, of which rounding is a share.</summary>
    /// <param name="quantity">Its number.</param>
    /// <param name="infiniteWidth">All of them at infinite width.</param>
    public double ScaleOf(int quantity, double[] infiniteWidth)
    {
        (int left, int right) = Measured is { } measured ? measured.Diagonals(quantity)
            : PairIndexing.All(Inputs)[quantity] is var (a, b) ? (PairIndexing.Of(a, a, Inputs), PairIndexing.Of(b, b, Inputs)) : default;
        return Math.Sqrt(Math.Abs(infiniteWidth[left] * infiniteWidth[right]));
    }

    protected static string Invariant(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    protected static void Require(bool condition, string name, string message)
    {
        if (!condition) throw new ArgumentException(message, name);
    }
}

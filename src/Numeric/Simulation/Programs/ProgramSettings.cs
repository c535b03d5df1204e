using System.Globalization;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>A program of layers to sample; the layers of the results are the steps of its stream.</summary>
internal sealed record ProgramSettings : SamplingSettings
{
    /// <summary>The most neurons that a field may have, copies counted.</summary>
    public const int MostNeurons = 1 << 18;

    /// <summary>What the program does to the stream, unrolled for as many inputs as there are.</summary>
    public required IReadOnlyList<StreamStep> Steps { get; init; }

    /// <summary>
    /// False: the rows of a dense layer are drawn from their exact law given what it reads, r n N normals. True: its weights and biases are
    /// drawn, each from the law that the layer names; the independent check, and the only exact way where weights are not Gaussian.
    /// </summary>
    public bool DrawsWeights { get; init; }

    private (double[,] Of, double RateOfFirst, double[,] Kernel)? components;

    /// <summary>K(0), N x N.</summary>
    public required double[,] InitialKernel { get; init; }

    /// <summary>
    /// How many directions of all parameters rows have tangents in: the components of a neuron are phi_a of the N inputs, then d phi_a along the first direction, and so on, and the
    /// program is one of both (TangentQuantities). 0 without tangents.
    /// </summary>
    public int Directions { get; init; }

    /// <summary>The learning rate of the layer before layer 0: tangents there have the kernel K(0) times it. 0 where it is not trained.</summary>
    public double RateOfFirst { get; init; }

    /// <summary>Number of inputs, or positions, without tangents.</summary>
    public int Positions => InitialKernel.GetLength(0);

    public override TangentQuantities? Measured => Directions == 0 ? null : new TangentQuantities(Positions);

    /// <summary>Layers at which kernels are recorded, ascending, within 0..L; layer 0 is the input.</summary>
    public required IReadOnlyList<int> RecordedLayers { get; init; }

    /// <summary>K(0) of the components of a row.</summary>
    public override double[,] Kernel
    {
        get
        {
            if (Directions == 0) return InitialKernel;
            if (components is not { } known || !ReferenceEquals(known.Of, InitialKernel) || known.RateOfFirst != RateOfFirst)
                components = known = (InitialKernel, RateOfFirst, new TangentExtension(Positions).Matrix(InitialKernel, RateOfFirst));
            return known.Kernel;
        }
    }

    public override IReadOnlyList<int> Recorded => RecordedLayers;

    public override int Layers => Steps.Count;

    public override bool HasSigma => false;

    public override bool HasSigmaCovariances => false;

    public override int Lanes => !DrawsWeights && Precision == StatePrecision.Single ? SingleLanes.Count : DoubleLanes.Count;

    public override double NumbersInSample
    {
        get
        {
            double numbers = (double)Width * Inputs, rows = Width;
            foreach (StreamUpdate update in Steps.OfType<StreamUpdate>())
            {
                numbers += NumbersOf(update, rows);
                rows = update.Width * Width;
            }

            return numbers;
        }
    }

    private double NumbersOf(StreamUpdate update, double rows)
    {
        double numbers = 0;
        foreach (Branch branch in update.Branches)
        {
            double reads = rows;
            foreach (BranchStage stage in branch.Stages)
            {
                foreach (StreamUpdate before in stage.Before)
                {
                    numbers += NumbersOf(before, reads);
                    reads = before.Width * Width;
                }

                double made = stage.Copies * stage.Width * Width;
                numbers += DrawsWeights ? made * ((Math.Max(1, stage.Taps.Count) * reads) + 1) : made * Inputs;
                reads = stage.Width * Width;
            }
        }

        return numbers;
    }

    public override string OverflowReason => $"{base.OverflowReason}; or a norm with epsilon 0 divides by a field that is zero, and needs an epsilon";

    public override Func<LaneEngine> Engines(PathwiseControl? control)
    {
        var ours = control as ProgramControlVariate;
        if (control is not null && ours is null)
            throw new ArgumentException("The control variate is that of a plain network, and this is a program of layers; prepare that of the program.", nameof(control));
        ours?.RequireFor(this);
        if (!DrawsWeights && Precision == StatePrecision.Single)
        {
            var single = ProgramPlan<float>.Of(this, LaneActivation.Single);
            return () => new ProgramBlockEngine<float, SingleLanes>(this, single, ours);
        }

        var wide = ProgramPlan<double>.Of(this, LaneActivation.Double);
        return DrawsWeights ? () => new WeightsEngine(this, wide) : () => new ProgramBlockEngine<double, DoubleLanes>(this, wide, ours);
    }

    /// <summary>Neurons of a field of relative width r.</summary>
    /// <param name="relative">r; r n must be a whole number.</param>
    public int Neurons(double relative) => (int)Math.Round(relative * Width);

    public override void Validate()
    {
        base.Validate();
        double rows = 1;
        long dense = 0;
        foreach (StreamStep step in Steps)
        {
            if (step is not StreamUpdate update) continue;
            dense += RequireUpdate(update, rows);
            rows = update.Width;
        }

        Require(dense < 1 << 28, nameof(Steps), $"The program has {dense} dense layers; 268435455 can be simulated.");
    }

    private long RequireUpdate(StreamUpdate update, double rows)
    {
        long dense = 0;
        RequireNeurons(update.Width, 1, update.Path);
        Require(update.Skip == 0 || update.Width == rows, nameof(Steps),
            $"{update.Path} adds width {Invariant(update.Width)} to a field of width {Invariant(rows)}; they must be the same, or skip 0.");
        foreach (Branch branch in update.Branches)
        {
            double reads = rows;
            foreach (BranchStage stage in branch.Stages)
            {
                foreach (StreamUpdate before in stage.Before)
                {
                    dense += RequireUpdate(before, reads);
                    reads = before.Width;
                }

                RequireStage(stage, reads);
                reads = stage.Width;
                dense++;
            }
        }

        return dense;
    }

    private void RequireStage(BranchStage stage, double reads)
    {
        string name = $"{stage.Path}.dense";
        RequireNeurons(stage.Width, stage.Copies, name);
        Require(stage.Taps.All(tap => Math.Abs(tap) < Positions), nameof(Steps), $"{name}.taps [{string.Join(", ", stage.Taps)}] do not fit {Positions} positions; each must shift by less than that.");
        bool isGaussian = stage.Weights == WeightKind.Gaussian || (stage.Weights == WeightKind.Kurtosis && stage.ExcessKurtosis == 0);
        Require(DrawsWeights || isGaussian, nameof(Steps), string.Create(CultureInfo.InvariantCulture,
            $"{name} has {(stage.Weights == WeightKind.Kurtosis ? $"weights of excess kurtosis {stage.ExcessKurtosis:R}" : $"{stage.Weights.ToString().ToLowerInvariant()} weights")}, whose rows are not Gaussian given what they read, so the block law does not draw them; use weights drawn one by one (--estimator weights), or gaussian ones."));
        if (!DrawsWeights) return;
        Require(stage.Weights != WeightKind.Orthogonal || stage.Width == reads, nameof(Steps),
            $"{name} has orthogonal weights from width {Invariant(reads)} to width {Invariant(stage.Width)}; an orthogonal matrix is square, so make the widths equal or the weights gaussian.");
        double numbers = stage.Copies * stage.Width * Width * reads * Width * Math.Max(1, stage.Taps.Count);
        Require(numbers < 1L << 32, nameof(Steps), string.Create(CultureInfo.InvariantCulture,
            $"{name} has {numbers:G3} weights; at most {1L << 32} are drawn, so use a smaller width, or the block law."));
    }

    private void RequireNeurons(double relative, int copies, string path)
    {
        double neurons = relative * Width;
        Require(Math.Abs(neurons - Math.Round(neurons)) <= 1e-9 * neurons && neurons > 0.5, nameof(Steps),
            $"{path} has width {Invariant(relative)}, which is {Invariant(neurons)} neurons at n = {Width}; choose an n for which it is a whole number, 1 or more.");
        Require(copies * neurons <= MostNeurons, nameof(Steps),
            $"{path} has {Invariant(copies * neurons)} neurons at n = {Width}; at most {MostNeurons} are simulated, so choose a smaller n.");
    }
}

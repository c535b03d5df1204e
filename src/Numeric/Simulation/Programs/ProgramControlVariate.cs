using System.Globalization;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

// The control variate of a program of layers, as that of the plain network (ControlVariate), field by field. Every field of the program has free
// rows, driven by the normals of its own rows with the deterministic covariance of infinite width, and x of free rows is made as that of the network:
// by the same activation, gate and masks, a norm with the kernel of infinite width in it.
//
//   hf' = alpha hf + Z R(Q(K0))^T          rows iid N(0, K0) at every layer and every n; a hidden field likewise, alpha = 0, and what an update inside a branch makes of one
//   nu  = sqrt(n) (<x x>_free - its mean), the response to the free rows' own kernel taken off
//   s   = InKernel g + Own nu              stage by stage (ProgramPath; the derivation), g' = Keep g + sum over branches of Drive s + the noise of free rows
//
// Where layerNorm takes the mean M over neurons off, x of free rows is made without that, and s loses what the derivation has of M to first order, with the M of the free rows.
//
// E g = 0 and, with modes of all orders, Cov(g, g) is V4 of hermite(k) in the limit of large k, exactly at every n: free rows are iid Gaussian, and what fresh
// rows show is independent of everything before. What a finite k leaves out is bounded.
// Of rows with tangents (ProgramSettings.Directions) all of it is said of their components, with the maps of Theta from the same derivation (TangentExtension).
//   The means: rows given what they read are N(0, Q) with Q linear in <x x>, and E<x x>_free is known, so with r = <x x> - <x x>_free less the response to
// the difference of the kernels that are read, m of a field (n times E of its kernel less that of infinite width) follows the same maps with n r for nu, exactly.

/// <summary>A stage of a layer, ready for the sampler.</summary>
/// <param name="InKernel">The response of s to the kernel that is read.</param>
/// <param name="NotInFree">That response less what free rows show of it, which a norm makes a difference; null where there is none.</param>
/// <param name="InMean">The response to the mean of the free rows over neurons, over pairs and inputs; null where there is none.</param>
/// <param name="Own">What s takes of the mean of x x over neurons.</param>
/// <param name="Mean">The mean of x x of free rows, over pairs.</param>
/// <param name="Scale">gain/sqrt(K_aa + epsilon) of each input; empty without a norm.</param>
/// <param name="Factor">The packed factor of the rows that the stage makes; empty for the last of a branch.</param>
/// <param name="Made">The kernel of these rows.</param>
internal sealed record ProgramControlStage(PairMap InKernel, PairMap? NotInFree, PairMap? InMean, PairMap Own, double[] Mean, double[] Scale, double[] Factor, double[] Made);

/// <summary>An update of the stream or of a field inside a branch, ready for the sampler.</summary>
/// <param name="Keep">The coefficient of g in g'.</param>
/// <param name="Drive">The coefficient of the s of each branch.</param>
/// <param name="Factor">The packed factor of what the field takes in, eps R(Q(K0)).</param>
/// <param name="Kernel">The kernel after it; empty for that of the stream.</param>
internal sealed record ProgramControlUpdate(double Keep, double[] Drive, double[] Factor, double[] Kernel);

/// <summary>A layer, ready for the sampler.</summary>
/// <param name="Updates">Its update and those inside branches, in the order in which they begin; empty where the stream is normed.</param>
/// <param name="Stages">The stages, in the order in which they run.</param>
/// <param name="Norm">The stream's norm, as a stage that reads it; null where the stream is updated.</param>
internal sealed record ProgramControlLayer(ProgramControlUpdate[] Updates, ProgramControlStage[] Stages, ProgramControlStage? Norm);

/// <summary>The linear fluctuation of a program of layers at its infinite-width kernels, as control variate of its exact-law sampler.</summary>
internal sealed class ProgramControlVariate : PathwiseControl
{
    // Modes of order 4 are those of the noise of hidden rows and of a norm.
    private const int LeastOrder = 4;

    private readonly IReadOnlyList<StreamStep> steps;
    private readonly double[,] initialKernel;
    private readonly int[] recordedLayers;
    private readonly int inputs;
    private readonly int directions;

    private ProgramControlVariate(ProgramSettings settings)
        : base(settings.Recorded.Count, AllOrders)
    {
        (steps, initialKernel, recordedLayers, inputs, directions) = (settings.Steps, (double[,])settings.Kernel.Clone(), [.. settings.Recorded], settings.Positions, settings.Directions);
        Layers = new ProgramControlLayer[recordedLayers[^1]];
        Kernels = new double[recordedLayers[^1] + 1][];
    }

    /// <summary>The layers up to the last that is recorded.</summary>
    public ProgramControlLayer[] Layers { get; }

    /// <summary>K0 before each layer, and after the last, over pairs.</summary>
    public double[][] Kernels { get; }

    /// <summary>Computes kernels, maps and covariances up to the last recorded layer.</summary>
    /// <param name="settings">The program; the exact law of its rows. Width, seed and precision may change later.</param>
    /// <param name="quadrature">Whether what is not proved is refused; by default it is named in <see cref="PathwiseControl.Unproved"/>.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="LayerProgramException">A layer does something whose fluctuation is not derived, or path by path is not followed.</exception>
    /// <exception cref="ArgumentException">Weights are drawn one by one.</exception>
    /// <exception cref="EnsembleLimitException">The tables need more than 4 GB.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    public static ProgramControlVariate Prepare(ProgramSettings settings, QuadratureChoice? quadrature = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        if (settings.DrawsWeights)
            throw new ArgumentException("Weights are drawn one by one, and the control variate is that of rows drawn by their exact law; use the plain estimator.", nameof(settings));
        bool isExact = !settings.Steps.HaveFieldsInBranches() && settings.Steps.OfType<StreamUpdate>().SelectMany(step => step.Branches).All(branch => branch.Stages[0].Activation is null);
        ProgramControlVariate Make(int order) => new ProgramControlVariate(settings).Filled(settings, order, quadrature ?? QuadratureChoice.Estimated, cancellation);
        // G alone is a Markov chain where every branch begins with a dense layer: there are no modes to leave out.
        return isExact ? Make(LeastOrder) : ToSufficientOrder(Make, settings.Recorded[^1] + 1);
    }

    protected override int PairsOfModes => PairIndexing.Count(inputs) * (directions == 0 ? 1 : 2);

    /// <summary>What is left out of V4, and of the covariance of the tangent kernel, relative to them.</summary>
    protected override double LargestTruncation()
    {
        double largest = base.LargestTruncation();
        if (directions == 0)
            return largest;
        var measured = new TangentQuantities(inputs);
        for (int record = 0; record < KernelCovariance.Length; record++)
        {
            for (int p = 0; p < PairIndexing.Count(inputs); p++)
            {
                (int left, int right) = (measured.Along(1, p), measured.Along(2, p));
                if (KernelTruncation[record][left, right] > 0) largest = Math.Max(largest, KernelTruncation[record][left, right] / KernelCovariance[record][left, right]);
            }
        }

        return largest;
    }

    /// <summary>Refuses other programs.</summary>
    /// <exception cref="ArgumentException">It was prepared for another one.</exception>
    public void RequireFor(ProgramSettings settings)
    {
        bool same = !settings.DrawsWeights && settings.Directions == directions && ReferenceEquals(settings.Steps, steps)
            && settings.Kernel.Cast<double>().SequenceEqual(initialKernel.Cast<double>())
            && settings.Recorded.SequenceEqual(recordedLayers);
        if (!same)
            throw new ArgumentException("The control variate was prepared for another program: layers, initial kernel and recorded layers must be the same; prepare it again.", nameof(settings));
    }

    private ProgramControlVariate Filled(ProgramSettings settings, int order, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        int pairs = PairIndexing.Count(inputs), record = 0;
        TangentExtension? tangents = settings.Directions > 0 ? new(inputs) : null;
        ProgramEquations solved = ProgramSolver.Equations(
            steps, inputs, new HermiteModes(order), estimates: true,
            tangents is null ? [Notation.Covariance] : [Notation.Covariance, TangentDerivation.Mean, TangentDerivation.Variance, TangentDerivation.WithKernel],
            tangents is null ? null : settings.RateOfFirst);
        (MomentEquations equations, ProgramSystem program, FunctionModes functions, LayerNumbers[] numbers, IRecipeBook book) = solved;
        double bytes = (8.0 * Layers.Length * (steps.Stages().Count() / (double)Math.Max(1, steps.Count)) * 16 * settings.Pairs) + (24.0 * equations.Length);
        if (bytes > MemoryLimit)
            throw new EnsembleLimitException(string.Create(CultureInfo.InvariantCulture, $"The control variate of {inputs} inputs over {Layers.Length} layers needs {bytes / 1e9:F0} GB; use the plain estimator, or fewer inputs or layers."));
        var path = new ProgramPath(program, equations, numbers, pairs);
        var tail = new ProgramTail(functions, inputs, tangents);
        double[] state = equations.Initial(PairIndexing.Upper(settings.InitialKernel)), next = new double[equations.Length];
        double width = 1;
        for (int layer = 0; ; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] kernel = state[..pairs], tangent = tangents is null ? [] : equations.ValueOf(TangentDerivation.Mean.Name, state);
            Kernels[layer] = tangents?.Vector(kernel, tangent) ?? kernel;
            if (recordedLayers[record] == layer)
                RecordCovariances(record++, settings, equations, state, kernel, tangent, tangents, tail);
            if (record == recordedLayers.Length)
            {
                Unproved = [.. functions.Unproved];
                return this;
            }

            equations.Next(state, next);
            ProofPolicy.Require(quadrature, functions.Unproved, "", layer);
            LayerMaps maps = path.At(layer, state);
            TangentMaps? ofTangents = tangents is null ? null : path.TangentsAt(layer, state);
            if (ofTangents is not null)
                maps = tangents!.Maps(maps, ofTangents);
            IReadOnlyList<StageReads> reads = StageReads.Of(steps[layer], maps, Kernels[layer], width);
            Layers[layer] = Ready(steps[layer], maps, reads, Kernels[layer], settings);
            if (steps[layer] is StreamUpdate update)
            {
                tail.Advance(tail.See(update, maps, ofTangents, reads, solved.NoisesAt(layer), kernel, book.Beyond.Share), kernel, next.AsSpan(0, pairs));
                width = update.Width;
            }
            else
            {
                tail.Advance(maps.NormOfStream!);
            }

            (state, next) = (next, state);
        }
    }

    private void RecordCovariances(int record, ProgramSettings settings, MomentEquations equations, double[] state, double[] kernel, double[] tangent, TangentExtension? tangents, ProgramTail tail)
    {
        int pairs = kernel.Length;
        double[] covariance = equations.Part(state, Notation.Covariance.Name)!;
        double Of(double[] upper, int p, int q) => upper[PairIndexing.Of(p, q, pairs)];
        if (settings.Measured is not { } measured)
        {
            KernelCovariance[record] = Square(pairs, (p, q) => Of(covariance, p, q));
            KernelTruncation[record] = Square(pairs, tail.Bound);
            K0[record] = kernel;
            return;
        }

        double[] variance = equations.Part(state, TangentDerivation.Variance.Name)!, withKernel = equations.Part(state, TangentDerivation.WithKernel.Name)!;
        double Tangent(int a, int b) => tangent[PairIndexing.Of(a, b, inputs)];
        KernelCovariance[record] = measured.Covariances((p, q) => Of(covariance, p, q), (p, q) => withKernel[(p * pairs) + q], (p, q) => Of(variance, p, q), (a, b, c, d) => Tangent(a, c) * Tangent(b, d));
        TangentExtension blocks = tangents!;
        KernelTruncation[record] = measured.Covariances((p, q) => tail.Bound(blocks.Component(0, p), blocks.Component(0, q)), (p, q) => tail.Bound(blocks.Component(1, p), blocks.Component(0, q)), (p, q) => tail.Bound(blocks.Component(1, p), blocks.Component(1, q)), (_, _, _, _) => 0);
        K0[record] = measured.OfMeans(kernel, tangent);
    }

    private static ProgramControlLayer Ready(StreamStep step, LayerMaps maps, IReadOnlyList<StageReads> reads, double[] kernel, ProgramSettings settings)
    {
        int inputs = settings.Inputs;
        if (step is StreamNorm norm)
            return new([], [], Stage(new(maps.NormOfStream!, settings.Directions == 0 ? PairMap.Unit(kernel.Length) : new TangentExtension(settings.Positions).UnitOfBlocks(), null, PairMap.Unit(kernel.Length), [], []), kernel, (norm.Gain, norm.Epsilon), [], settings));
        var stages = new List<ProgramControlStage>();
        var updates = new List<ProgramControlUpdate>();
        Update((StreamUpdate)step);
        return new([.. updates], [.. stages], null);

        void Update(StreamUpdate update)
        {
            int place = updates.Count;
            updates.Add(null!);
            var rows = new double[kernel.Length];
            foreach (Branch branch in update.Branches)
            {
                for (int at = 0; at < branch.Stages.Count; at++)
                {
                    BranchStage of = branch.Stages[at];
                    foreach (StreamUpdate before in of.Before)
                        Update(before);
                    StageMaps each = maps.Stages[stages.Count];
                    double[] factor = at == branch.Stages.Count - 1 ? [] : Packed(Factor(inputs, pair => each.RowCovariance[pair]), inputs);
                    stages.Add(Stage(each, reads[stages.Count].Kernel, of.Norm, factor, settings));
                }

                for (int pair = 0; pair < rows.Length; pair++) rows[pair] += maps.Stages[stages.Count - 1].RowCovariance[pair];
            }

            UpdateMaps numbers = maps.Updates[place];
            updates[place] = new(numbers.Keep, numbers.Drive, Packed(Factor(inputs, pair => update.Step * update.Step * rows[pair]), inputs), numbers.Kernel);
        }
    }

    // Free rows x = D hf show D_a D_b of the fluctuation of their own kernel where the field's norm shows its response.
    private static ProgramControlStage Stage(StageMaps maps, double[] read, (double Gain, double Epsilon)? norm, double[] factor, ProgramSettings settings)
    {
        var stage = new ProgramControlStage(maps.InKernel, null, maps.InMean, maps.Own, maps.Expectation, [], factor, maps.RowCovariance);
        if (norm is not var (gain, epsilon))
            return stage;
        // Tangents are scaled as their inputs are.
        double[] scale = [.. Enumerable.Range(0, settings.Inputs).Select(c => c % settings.Positions).Select(a => gain / Math.Sqrt(read[PairIndexing.Of(a, a, settings.Inputs)] + epsilon))];
        PairMap scaled = PairMap.Diagonal([.. PairIndexing.All(settings.Inputs).Select(pair => scale[pair.First] * scale[pair.Second])]);
        return stage with { NotInFree = maps.InKernel.Plus(maps.InNormed!.After(scaled), -1), Scale = scale };
    }

    private static double[] Packed(double[,] factor, int inputs) => [.. Enumerable.Range(0, inputs).SelectMany(a => Enumerable.Range(0, a + 1).Select(b => factor[a, b]))];
}

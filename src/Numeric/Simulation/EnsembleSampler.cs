using System.Runtime.ExceptionServices;

namespace SymbolicEft.Numeric.Simulation;

// Samples are numbered 0, 1, ...; batch b holds samples b B, ..., (b + 1) B - 1 (the last one of a run may be cut short), B a function
// of the size of the network alone. A batch is a pure function of (settings, reference, b); a run is the tree sum over its batches
// (BatchTree). Threads only decide who computes which batch, so they cannot change a number.

/// <summary>Monte Carlo of the finite network's exact law.</summary>
internal sealed class EnsembleSampler : IBatchSampler
{
    private const long MemoryLimit = 4L << 30;

    private readonly SamplingSettings settings;
    private readonly EnsembleReference? reference;
    private readonly PathwiseControl? control;
    private readonly ConditionalTangent? conditional;
    private readonly string? withoutControl;
    private readonly MomentLayout layout;
    private readonly ControlLayout? controlLayout;
    private readonly Func<LaneEngine> engines;
    private readonly int lanes;
    private readonly double[][] kernelOrigin;
    private readonly double[][] sigmaOrigin;

    /// <summary>Prepares a sampler.</summary>
    /// <param name="settings">The network.</param>
    /// <param name="reference">Infinite-width kernels at the recorded layers; without them and without a control variate K1 and U1 are not measured.</param>
    /// <param name="control">The control variate, prepared for this network; null for the plain estimator. Without a reference K1 and U1 refer to its kernels.</param>
    /// <param name="withoutControl">Why there is no control variate where one was asked for, for the statistics.</param>
    /// <param name="conditional">What measures the mean of the tangent kernel beside; null for nothing.</param>
    /// <exception cref="ArgumentException">A setting is out of range, the reference or the control variate does not fit, or the covariances asked for need more than 4 GB.</exception>
    public EnsembleSampler(SamplingSettings settings, EnsembleReference? reference = null, PathwiseControl? control = null, string? withoutControl = null, ConditionalTangent? conditional = null)
    {
        settings.Validate();
        reference?.Validate(settings.Recorded.Count, settings.Quantities, settings.HasSigma);
        engines = settings.Engines(control);
        (this.control, this.withoutControl, this.conditional) = (control, withoutControl, conditional);
        this.settings = settings;
        this.reference = reference;
        IReadOnlyList<int> chosen = settings.CovariancePairs ?? [.. Enumerable.Range(0, settings.Quantities)];
        layout = new MomentLayout(settings.Recorded.Count, settings.Quantities, chosen, reference?.Closure is not null, settings.HasSigmaCovariances, settings.HasSigma);
        if (control is not null) controlLayout = new ControlLayout(layout);
        if (ThreadsThatFit(layout, control is not null) < 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Covariances over {layout.Chosen.Length} pairs at {layout.Records} layers need more than {MemoryLimit / 1e9:F1} GB; choose fewer CovariancePairs or record fewer layers."));
        }

        lanes = settings.Lanes;
        BatchSize = ChooseBatchSize(settings);
        kernelOrigin = reference?.K0 ?? control?.K0 ?? [];
        sigmaOrigin = reference?.E2 ?? control?.E2 ?? [];
        if (reference is null && control is null) (kernelOrigin, sigmaOrigin) = PilotMeans();
    }

    /// <summary>Samples in a batch.</summary>
    public int BatchSize { get; }

    public BatchTree NewTree() => new();

    /// <summary>Number of sums of a batch.</summary>
    public long SumsInBatch => OwnSums + (conditional?.SumsInBatch ?? 0);

    private long OwnSums => controlLayout?.Length ?? layout.Length;

    /// <summary>Number of batches of a run.</summary>
    /// <param name="samples">Number of samples of the run.</param>
    /// <returns>The number of batches; the last may be incomplete.</returns>
    public long Batches(long samples) => (samples + BatchSize - 1) / BatchSize;

    /// <summary>Samples, and summarises.</summary>
    /// <param name="run">How many samples, on how many threads.</param>
    /// <returns>The statistics; if cancelled, those of the batches that were finished.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the first batch was finished.</exception>
    /// <exception cref="ArithmeticException">A sample overflowed.</exception>
    public EnsembleStatistics Run(EnsembleRun run)
    {
        if (run.Samples < 2) throw new ArgumentException($"{run.Samples} samples have no standard error; at least 2 are needed.", nameof(run));
        var tree = new BatchTree();
        bool complete = RunBatches(tree, 0, Batches(run.Samples), run);
        if (tree.Samples < 2) throw new OperationCanceledException("The simulation was cancelled before its first batch was finished.", run.Cancellation);
        return Summarize(tree, !complete);
    }

    /// <summary>Adds the batches first, ..., end - 1 of a run to a tree.</summary>
    /// <param name="tree">Where finished batches go.</param>
    /// <param name="first">First batch.</param>
    /// <param name="end">One past the last batch.</param>
    /// <param name="run">The run these batches belong to; its number of samples cuts the last one.</param>
    /// <returns>False if cancelled; finished batches are in the tree.</returns>
    public bool RunBatches(BatchTree tree, long first, long end, EnsembleRun run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(run.Threads, 1);
        int threads = (int)Math.Max(1, Math.Min(Math.Min(run.Threads, end - first), ThreadsThatFit(layout, control is not null)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        long next = first - 1, finished = tree.Samples, batches = 0;
        ExceptionDispatchInfo? failure = null;

        void Work()
        {
            try
            {
                using var worker = new Worker(this);
                long batch;
                while ((batch = Interlocked.Increment(ref next)) < end)
                {
                    PartialStatistics part = worker.Batch(batch, run.Samples, stop.Token);
                    lock (tree)
                    {
                        tree.Add(part);
                        batches++;
                        finished += part.Samples;
                        run.Progress?.Invoke(new EnsembleProgress(finished, run.Samples));
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // What is finished is in the tree.
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
        }

        var others = new Thread[threads - 1];
        for (int t = 0; t < others.Length; t++)
        {
            others[t] = new Thread(Work) { IsBackground = true, Name = "sampler" };
            others[t].Start();
        }

        Work();
        foreach (Thread other in others) other.Join();
        failure?.Throw();
        return batches == end - first;
    }

    /// <summary>One batch of a run.</summary>
    /// <param name="batch">Number of the batch.</param>
    /// <param name="samples">Number of samples of the run, which may cut the last batch.</param>
    /// <param name="cancellation">Looked at several times a layer.</param>
    /// <returns>Its sums, a function of the settings, the reference and the number of the batch.</returns>
    public PartialStatistics RunBatch(long batch, long samples, CancellationToken cancellation = default)
    {
        using var worker = new Worker(this);
        return worker.Batch(batch, samples, cancellation);
    }

    /// <summary>Estimates from finished batches.</summary>
    /// <param name="tree">The batches.</param>
    /// <param name="cancelled">Whether the run they belong to was cancelled.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="InvalidOperationException">There are fewer than 2 samples.</exception>
    public EnsembleStatistics Summarize(BatchTree tree, bool cancelled = false)
    {
        if (tree.Samples < 2 || tree.Total() is not (long samples, double[] sums))
            throw new InvalidOperationException($"{tree.Samples} samples have no standard error; at least 2 are needed.");
        EnsembleStatistics plain = StatisticsSummary.Build(settings, layout, kernelOrigin, sigmaOrigin, reference is not null || control is not null, samples, sums, cancelled);
        return control is null ? plain with { WithoutControl = withoutControl } : ControlSummary.Build(plain, control, reference, controlLayout!, sums, settings);
    }

    /// <summary>The mean of the tangent kernel as it was measured beside, over records; null where it was not.</summary>
    /// <param name="tree">The batches.</param>
    public TangentRow?[]? TangentMeans(BatchTree tree) =>
        conditional is not null && tree.Total() is (long samples, double[] sums) ? conditional.Summarize(samples, sums.AsSpan((int)OwnSums)) : null;

    /// <summary>The kernels of single samples, as they enter the statistics.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="count">Number of samples.</param>
    /// <returns>One entry for each sample.</returns>
    public KernelSample[] Samples(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        using LaneEngine engine = settings.Engines(null)();
        var collector = new SampleCollector(settings, lanes);
        for (long group = first / lanes * lanes; group < first + count; group += lanes)
        {
            collector.Begin(group);
            engine.Run(group, collector, CancellationToken.None);
        }

        return [.. collector.Samples.Where(s => s.Sample >= first && s.Sample < first + count)];
    }

    // About a tenth of a second of work, sixteen samples at least; a power of two.
    private static int ChooseBatchSize(SamplingSettings settings)
    {
        double samples = 1e8 / settings.NumbersInSample;
        int size = 16;
        while (size < 2048 && 2 * size <= samples) size *= 2;
        return size;
    }

    private (double[][] Kernel, double[][] Sigma) PilotMeans()
    {
        KernelSample[] pilot = Samples(0, 16);
        var kernel = new double[settings.Recorded.Count][];
        var sigma = new double[kernel.Length][];
        for (int record = 0; record < kernel.Length; record++)
        {
            kernel[record] = new double[settings.Pairs];
            sigma[record] = new double[settings.Pairs];
            for (int p = 0; p < settings.Pairs; p++)
            {
                kernel[record][p] = pilot.Sum(s => s.G[record][p]) / pilot.Length;
                if (settings.HasSigma) sigma[record][p] = pilot.Sum(s => s.S[record][p]) / pilot.Length;
            }
        }

        return (kernel, sigma);
    }

    /// <summary>How many threads can sample at once within the memory allowed.</summary>
    /// <param name="layout">What is summed.</param>
    /// <param name="withControl">Whether with a control variate.</param>
    /// <returns>0 if not even one: then the covariances wanted are too many.</returns>
    internal static int ThreadsThatFit(MomentLayout layout, bool withControl)
    {
        // Each thread holds one batch; the tree holds two nodes a level.
        double length = withControl ? new ControlLayout(layout).Length : layout.Length;
        return length > Array.MaxLength / 8 ? 0 : (int)Math.Clamp((MemoryLimit / (8 * length)) - 24, 0, 4096);
    }

    private sealed class Worker : IDisposable
    {
        private readonly EnsembleSampler sampler;
        private readonly LaneEngine engine;
        private readonly IBatchAccumulator accumulator;
        private readonly IKernelObserver observer;
        private readonly ConditionalTangentEngine? conditional;

        public Worker(EnsembleSampler sampler)
        {
            this.sampler = sampler;
            engine = sampler.engines();
            accumulator = new BatchAccumulator(
                sampler.settings, sampler.layout, sampler.kernelOrigin, sampler.sigmaOrigin, sampler.reference?.Closure, sampler.lanes);
            if (sampler.control is not null)
                accumulator = new ControlAccumulator(sampler.control, sampler.controlLayout!, accumulator, sampler.reference?.Closure, sampler.lanes);
            conditional = sampler.conditional?.Engine();
            observer = sampler.settings.Measured is { } measured ? new TangentObserver(measured, accumulator, sampler.settings) : accumulator;
        }

        public PartialStatistics Batch(long batch, long samples, CancellationToken cancellation)
        {
            long first = batch * sampler.BatchSize, end = Math.Min(samples, first + sampler.BatchSize);
            accumulator.Begin();
            var means = new double[sampler.conditional?.SumsInBatch ?? 0];
            for (long group = first; group < end; group += sampler.lanes)
            {
                accumulator.Expect((int)Math.Min(sampler.lanes, end - group));
                (observer as TangentObserver)?.Expect((int)Math.Min(sampler.lanes, end - group));
                engine.Run(group, observer, cancellation);
                conditional?.Measure(group, (int)Math.Min(sampler.lanes, end - group), means, cancellation);
            }

            return new PartialStatistics(0, batch, end - first, means.Length == 0 ? accumulator.Sums : [.. accumulator.Sums, .. means]);
        }

        public void Dispose()
        {
            conditional?.Dispose();
            engine.Dispose();
        }
    }

    private sealed class SampleCollector(SamplingSettings settings, int lanes) : IKernelObserver
    {
        private long group;

        public List<KernelSample> Samples { get; } = [];

        public void Begin(long firstSample)
        {
            group = firstSample;
            int records = settings.Recorded.Count;
            for (int lane = 0; lane < lanes; lane++) Samples.Add(new KernelSample(group + lane, new double[records][], new double[records][]));
        }

        public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                KernelSample sample = Samples[Samples.Count - lanes + lane];
                sample.G[record] = Lane(kernel, lane);
                sample.S[record] = settings.HasSigma ? Lane(sigmaKernel, lane) : [];
            }
        }

        private double[] Lane(ReadOnlySpan<double> values, int lane)
        {
            var result = new double[settings.Pairs];
            for (int p = 0; p < result.Length; p++) result[p] = values[(p * lanes) + lane];
            return result;
        }
    }
}

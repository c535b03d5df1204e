using System.Diagnostics;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Commands;

/// <summary>From a specification to an ensemble of finite networks.</summary>
public static class Simulation
{
    /// <summary>
    /// Simulates. K0 and E2, which the samples are compared with, come from the discrete equations, whatever
    /// stepping the specification solves with: a network has layers, not steps; and not from sums over nodes.
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="reference">The infinite-width solution from <see cref="InfiniteWidth"/>.</param>
    /// <param name="closureMatrices">chi/C_W at each record if the transport residual is wanted, else null.</param>
    /// <param name="progress">Told of finished samples.</param>
    /// <param name="cancellation">Ends early; finished batches are kept.</param>
    /// <param name="threads">Number of threads, which changes no number; all cores if null.</param>
    public static EnsembleStatistics Run(
        Specification specification,
        TheorySolution reference,
        double[][,]? closureMatrices,
        Action<EnsembleProgress>? progress,
        CancellationToken cancellation,
        int? threads = null)
    {
        EnsembleSampler sampler = Prepare(specification, reference, closureMatrices, cancellation);
        specification = KeptPairs.Computed(specification);
        int used = threads ?? Environment.ProcessorCount;
        var run = new EnsembleRun { Samples = specification.Samples, Threads = used, Progress = progress, Cancellation = cancellation };
        return specification.Until is { } rule
            ? UntilRun.Until(sampler, sampler.Summarize, statistics => rule.Error(statistics, specification.Inputs), rule, run)
            : sampler.Run(run);
    }

    /// <summary>Networks a second and core, measured in a few batches: what an estimate of the time rests on, and no number of a result.</summary>
    /// <param name="specification">The specification, with a fixed number of networks.</param>
    /// <param name="milliseconds">About how long to measure.</param>
    /// <param name="cancellation">Ends early.</param>
    internal static double Rate(Specification specification, int milliseconds, CancellationToken cancellation)
    {
        IBatchSampler sampler = BatchesOf(specification, cancellation);
        var run = new EnsembleRun { Samples = specification.Samples, Threads = 1, Cancellation = cancellation };
        long all = sampler.Batches(specification.Samples), batch = 0;
        sampler.RunBatches(sampler.NewTree(), 0, 1, run);
        BatchTree tree = sampler.NewTree();
        Stopwatch clock = Stopwatch.StartNew();
        for (; batch < all && clock.ElapsedMilliseconds < milliseconds; batch++)
            sampler.RunBatches(tree, batch, batch + 1, run);
        return tree.Samples / clock.Elapsed.TotalSeconds;
    }

    /// <summary>What samples a specification, with the tangent kernel or without.</summary>
    internal static IBatchSampler BatchesOf(Specification specification, CancellationToken cancellation) => specification.Tangent == TangentKernel.None
        ? Prepare(specification, InfiniteWidth(specification, cancellation), null, cancellation)
        : TangentSimulation.Prepare(specification, cancellation).Sampler;

    /// <summary>The sampler of a specification, its control variate prepared if it has one.</summary>
    internal static EnsembleSampler Prepare(Specification specification, TheorySolution reference, double[][,]? closureMatrices, CancellationToken cancellation)
    {
        specification = KeptPairs.Computed(specification);
        if (specification.Layers is not null)
            return PrepareProgram(specification, reference, cancellation);
        var settings = new EnsembleSettings
        {
            Network = Theory.Network(specification),
            Width = specification.Width,
            Seed = specification.Seed,
            CovariancePairs = KeptPairs.Places(KeptPairs.Of(specification, closureMatrices is not null), specification.Inputs),
            SigmaCovariances = closureMatrices is not null,
            Law = specification.Estimator switch
            {
                EstimatorChoice.Weights => SamplingLaw.GaussianWeights,
                EstimatorChoice.UniformWeights => SamplingLaw.UniformWeights,
                EstimatorChoice.OrthogonalWeights => SamplingLaw.OrthogonalWeights,
                _ => SamplingLaw.Block,
            },
        };
        try
        {
            ControlVariate? control = specification.Estimator == EstimatorChoice.ControlVariate
                ? ControlVariate.Prepare(settings, cancellation: cancellation, quadrature: specification.Quadrature.WithErrors)
                : null;
            return new EnsembleSampler(settings, new EnsembleReference { K0 = [.. reference.K0], E2 = [.. reference.E2], Closure = closureMatrices }, control);
        }
        catch (EnsembleLimitException limit)
        {
            throw new InputException(limit.Message);
        }
    }

    /// <summary>Whether the exact law of the rows is sampled; else every weight is drawn.</summary>
    internal static bool DrawsRows(Specification specification) => specification.Estimator is EstimatorChoice.Plain or EstimatorChoice.ControlVariate
        && (specification.Layers is null || !specification.Network.ProgramOf(specification.Width, specification.Seed, drawsWeights: false).DrawsWeights);

    // A program of layers: the exact law, or weights one by one where that is asked for or the weights are not Gaussian.
    private static EnsembleSampler PrepareProgram(Specification specification, TheorySolution reference, CancellationToken cancellation)
    {
        if (specification.Estimator is EstimatorChoice.UniformWeights or EstimatorChoice.OrthogonalWeights)
            throw new InputException($"estimator is {SpecificationFields.Kebab(specification.Estimator.ToString())}, and the dense layers of a program say the law of their weights themselves; use estimator weights, and weights in the layers.");
        ProgramSettings settings = specification.Network.ProgramOf(specification.Width, specification.Seed, specification.Estimator == EstimatorChoice.Weights) with
        {
            CovariancePairs = KeptPairs.Places(KeptPairs.Of(specification), specification.Inputs),
        };
        try
        {
            return ProgramSampling.Sampler(settings, specification.Estimator == EstimatorChoice.ControlVariate, [.. reference.K0], specification.Quadrature.WithErrors, cancellation);
        }
        catch (Exception reason) when (reason is EnsembleLimitException or ArgumentException or LayerProgramException)
        {
            // .NET names the parameter after the sentence.
            throw new InputException(reason is ArgumentException { ParamName: { } name } ? reason.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : reason.Message);
        }
    }

    /// <summary>What to say if the stopping rule was not met by the most networks allowed, else null.</summary>
    public static string? Unmet(Specification specification, EnsembleStatistics statistics) =>
        KeptPairs.Computed(specification) is { Until: { } rule } computed && !statistics.Cancelled ? UntilRun.Unmet(rule, specification.Until!, statistics.Samples, rule.Error(statistics, computed.Inputs)) : null;

    /// <summary>K0 and E2(K0) at the recorded layers, in discrete depth, with the specification's quadrature if that knows its errors.</summary>
    public static TheorySolution InfiniteWidth(Specification specification, CancellationToken cancellation) =>
        Theory.Asked(() => ClosureSolver.SolveInfiniteWidth(Theory.Network(KeptPairs.Computed(specification)), specification.Quadrature, cancellation));

    /// <summary>The statistics as a series of the report, which the JSON and CSV writers take; rounding is no measurement in it.</summary>
    public static EnsembleSeries Series(Specification specification, EnsembleStatistics statistics, TheorySolution reference)
    {
        bool hasSigma = specification.Layers is null;
        IReadOnlyList<InputPair> kept = KeptPairs.Of(specification);
        Specification computed = KeptPairs.Computed(specification);
        int[] places = KeptPairs.Places(KeptPairs.Of(computed), computed.Inputs);
        IReadOnlyList<double>[] Columns(Func<LayerStatistics, double[]> of) => [.. statistics.Layers.Select(layer => places.Select(place => of(layer)[place]).ToArray())];
        var series = new EnsembleSeries
        {
            Label = $"simulation, n = {specification.Width}",
            Width = specification.Width,
            Samples = statistics.Samples,
            Pairs = kept,
            Layers = reference.Layers,
            Times = reference.Times,
            Proof = Proof.Of(reference with { Unproved = [.. reference.Unproved, .. statistics.Unproved] }),
            K0 = Some.Rows(reference.K0, places),
            G = Columns(layer => layer.G.Value),
            GStandardErrors = Columns(layer => layer.G.StandardError),
            V4 = [.. statistics.Layers.Select(layer => Some.Rows(layer.V4.Value))],
            V4StandardErrors = [.. statistics.Layers.Select(layer => Some.Rows(layer.V4.StandardError))],
            K1 = Columns(layer => layer.K1!.Value),
            K1StandardErrors = Columns(layer => layer.K1!.StandardError),
            U1 = hasSigma ? Columns(layer => layer.U1!.Value) : null,
            U1StandardErrors = hasSigma ? Columns(layer => layer.U1!.StandardError) : null,
            Gains = statistics.ControlOrder is null
                ? null
                : new(Columns(layer => layer.Gain!.G), hasSigma ? Columns(layer => layer.Gain!.S) : null, [.. statistics.Layers.Select(layer => Some.Rows(layer.Gain!.V4))]),
            Reliability = new(
                Columns(layer => layer.K1!.EffectiveSamples),
                hasSigma ? Columns(layer => layer.U1!.EffectiveSamples) : null,
                [.. statistics.Layers.Select(layer => Some.Rows(layer.V4.EffectiveSamples))],
                statistics.Layers[0].V4.Truncation is null ? null : [.. statistics.Layers.Select(layer => Some.Rows(layer.V4.Truncation!))],
                [.. statistics.WithoutControl is { } without ? [without] : Array.Empty<string>(), .. ErrorBars.Warnings(statistics, place => kept[Array.IndexOf(places, place)].Name)]),
        };
        return series.WithoutRounding();
    }
}

// simulate with ntk: G and the tangent kernel of the same networks. By the exact law of rows with tangents, with the derived equations as control variate (control-variate) or without
// (plain), or from weights drawn one by one, with the exact trace over outputs (weights).

using System.Globalization;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Commands;

/// <summary>From a specification to an ensemble of networks with their tangent kernel.</summary>
internal static class TangentSimulation
{
    // 64 components of a row.
    private const int MostInputs = 64 / (1 + TangentQuantities.Directions);

    /// <summary>A simulation that is ready to run.</summary>
    /// <param name="Specification">What is simulated.</param>
    /// <param name="Kept">The pairs that are shown.</param>
    /// <param name="Computed">The same with the inputs that these need.</param>
    /// <param name="Sampler">What samples.</param>
    /// <param name="Reference">Infinite width.</param>
    public sealed record Prepared(Specification Specification, IReadOnlyList<InputPair> Kept, Specification Computed, ITangentSampler Sampler, TheorySolution Reference)
    {
        /// <summary>What was measured, beside infinite width.</summary>
        /// <param name="statistics">The statistics.</param>
        public EnsembleSeries Series(TangentStatistics statistics) =>
            TangentSimulation.Series(Specification, Kept, Computed, statistics, Reference).Only(KeptPairs.Places(KeptPairs.Of(Computed), Computed.Inputs)) with { Pairs = Kept };
    }

    /// <summary>Whether networks are kept one by one, for statistics that are no sums.</summary>
    public static bool KeepsAll(Specification specification) => specification.Tangent != TangentKernel.None && specification.Estimator == EstimatorChoice.Weights;

    /// <summary>Prepares a simulation.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="InputException">A value does not go with the tangent kernel.</exception>
    public static Prepared Prepare(Specification specification, CancellationToken cancellation)
    {
        if (specification.Estimator is EstimatorChoice.UniformWeights or EstimatorChoice.OrthogonalWeights)
            throw new InputException($"estimator is {SpecificationFields.Kebab(specification.Estimator.ToString())}, and ntk is simulated with Gaussian weights; leave one of the two out.");
        if (specification.Until?.Quantity == "U1")
            throw new InputException($"until is {specification.Until}, and with ntk U1 is not measured; name G, V4, K1, Theta1, VarTheta or CovThetaG.");
        IReadOnlyList<InputPair> kept = KeptPairs.Of(specification);
        Specification computed = KeptPairs.Computed(specification);
        bool drawsWeights = KeepsAll(specification);
        if (!drawsWeights && computed.Inputs > MostInputs)
            throw new InputException($"inputs are {computed.Inputs}, and the exact law with tangents is sampled for at most {MostInputs}; use fewer inputs or --pairs of fewer, or --estimator weights.");
        Network network = Theory.Network(computed);
        TheorySolution reference = Theory.Asked(() => ClosureSolver.SolveInfiniteWidth(network, computed.Quadrature, computed.Tangent, computed.Rates, cancellation));
        ITangentSampler sampler = Theory.Asked(() =>
        {
            IReadOnlyList<StreamStep> steps = specification.Rates.On(ClosureSolver.Steps(network));
            double rateOfFirst = specification.Solver.RateOfFirst;
            try
            {
                return drawsWeights
                    ? (ITangentSampler)new TangentSampler(steps, network, specification.Width, specification.Seed, rateOfFirst)
                    : TangentBlockSampler.Prepare(
                        steps, network, specification.Width, specification.Seed, rateOfFirst, reference.Tensors["K0"], reference.Tensors["Theta0"], KeptPairs.Places(KeptPairs.Of(computed), computed.Inputs),
                        specification.Estimator == EstimatorChoice.ControlVariate, specification.Quadrature.WithErrors, cancellation);
            }
            catch (LayerProgramException reason)
            {
                throw new NotSupportedException(reason.Message, reason);
            }
            catch (ArgumentException reason)
            {
                // .NET names the parameter after the sentence.
                throw new InputException(reason.ParamName is { } name ? reason.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : reason.Message);
            }
        });
        if (specification.Samples > sampler.MostSamples)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"samples is {specification.Samples}, and drawn weights keep {sampler.SumsInBatch} numbers of each network, so that at most {sampler.MostSamples} are simulated; use fewer samples, inputs, or recorded depths, or --estimator control-variate."));
        return new(specification, kept, computed, sampler, reference);
    }

    /// <summary>Simulates.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="threads">Number of threads, which changes no number.</param>
    /// <param name="progress">Told of finished networks.</param>
    /// <param name="cancellation">Ends early; finished networks are kept.</param>
    /// <returns>What was measured, whether it was ended early, and a sentence if the stopping rule was not met.</returns>
    /// <exception cref="InputException">A value does not go with the tangent kernel.</exception>
    public static (EnsembleSeries Series, bool Cancelled, string? Unmet) Run(Specification specification, int threads, Action<EnsembleProgress>? progress, CancellationToken cancellation)
    {
        Prepared prepared = Prepare(specification, cancellation);
        Specification computed = prepared.Computed;
        double Error(TangentStatistics statistics) => computed.Until!.Error(statistics, computed.Inputs);
        var run = new EnsembleRun { Samples = specification.Samples, Threads = threads, Progress = progress, Cancellation = cancellation };
        TangentStatistics statistics = computed.Until is null
            ? UntilRun.Whole(prepared.Sampler, prepared.Sampler.Summarize, run)
            : UntilRun.Until(prepared.Sampler, prepared.Sampler.Summarize, Error, computed.Until, run, prepared.Sampler.MostSamples);
        string? unmet = computed.Until is { } rule && !statistics.Cancelled ? UntilRun.Unmet(rule, specification.Until!, statistics.Samples, Error(statistics)) : null;
        return (prepared.Series(statistics), statistics.Cancelled, unmet);
    }

    private static EnsembleSeries Series(Specification specification, IReadOnlyList<InputPair> kept, Specification computed, TangentStatistics statistics, TheorySolution reference)
    {
        int width = specification.Width;
        TangentLayer first = statistics.Layers[0];
        int[] places = KeptPairs.Places(KeptPairs.Of(computed), computed.Inputs);
        IReadOnlyList<double>[] Rows(Func<TangentLayer, double[]> of) => [.. statistics.Layers.Select(of)];
        IReadOnlyList<double>[] Corrections(Func<TangentLayer, TangentRow> of, string infinite) =>
            [.. statistics.Layers.Select((layer, record) => of(layer).Value.Select((value, pair) => width * (value - reference.Tensors[infinite][record][pair])).ToArray())];
        IReadOnlyList<double>[] Errors(Func<TangentLayer, TangentRow> of) => [.. statistics.Layers.Select(layer => of(layer).StandardError.Select(error => width * error).ToArray())];
        IReadOnlyList<IReadOnlyList<double>>[] Matrices(Func<TangentLayer, double[][]> of) => [.. statistics.Layers.Select(of)];
        var series = new EnsembleSeries
        {
            Label = $"simulation, n = {width}",
            Width = width,
            Samples = statistics.Samples,
            Pairs = reference.Inputs == specification.Inputs ? PairIndexing.All(reference.Inputs) : [.. Enumerable.Repeat(kept[0], PairIndexing.Count(reference.Inputs))],
            Layers = reference.Layers,
            Times = reference.Times,
            Proof = Proof.Of(reference with { Unproved = [.. reference.Unproved, .. statistics.Unproved] }),
            K0 = reference.K0,
            G = Rows(layer => layer.G.Value),
            GStandardErrors = Rows(layer => layer.G.StandardError),
            V4 = Matrices(layer => layer.V4.Value),
            V4StandardErrors = Matrices(layer => layer.V4.StandardError),
            K1 = Corrections(layer => layer.G, "K0"),
            K1StandardErrors = Errors(layer => layer.G),
            Gains = first.G.Gain is null ? null : new(Rows(layer => layer.G.Gain!), null, Matrices(layer => layer.V4.Gain!)),
            Reliability = first.G.EffectiveSamples is null ? null : new(
                Rows(layer => layer.G.EffectiveSamples!), null, Matrices(layer => layer.V4.EffectiveSamples!), first.V4.Truncation is null ? null : Matrices(layer => layer.V4.Truncation!),
                statistics.Warnings(reference.Layers, places, place => kept[Array.IndexOf(places, place)].Name)),
            Tangent = new()
            {
                Gains = first.Theta.Gain is null ? null : new(
                    [("Theta", Rows(layer => layer.Theta.Gain!)), ("Theta1", Rows(layer => layer.Theta.Gain!))],
                    [("VarTheta", Matrices(layer => layer.Variance.Gain!)), ("CovThetaG", Matrices(layer => layer.WithKernel.Gain!))]),
                EffectiveSamples = first.Theta.EffectiveSamples is null ? null : new(
                    [("Theta", Rows(layer => layer.Theta.EffectiveSamples!)), ("Theta1", Rows(layer => layer.Theta.EffectiveSamples!))],
                    [("VarTheta", Matrices(layer => layer.Variance.EffectiveSamples!)), ("CovThetaG", Matrices(layer => layer.WithKernel.EffectiveSamples!))]),
                Truncation = first.Variance.Truncation is null ? null : new([], [("VarTheta", Matrices(layer => layer.Variance.Truncation!)), ("CovThetaG", Matrices(layer => layer.WithKernel.Truncation!))]),
                OverPairs =
                [
                    ("Theta0", reference.Tensors["Theta0"], null),
                    ("Theta", Rows(layer => layer.Theta.Value), Rows(layer => layer.Theta.StandardError)),
                    ("Theta1", Corrections(layer => layer.Theta, "Theta0"), Errors(layer => layer.Theta)),
                    ("tau", Rows(layer => layer.Tau.Value), Rows(layer => layer.Tau.StandardError)),
                    ("VarThetaSingle", Rows(layer => layer.Single.Value), Rows(layer => layer.Single.StandardError)),
                ],
                OverTwoPairs =
                [
                    ("VarTheta", Matrices(layer => layer.Variance.Value), Matrices(layer => layer.Variance.StandardError)),
                    ("CovThetaG", Matrices(layer => layer.WithKernel.Value), Matrices(layer => layer.WithKernel.StandardError)),
                ],
            },
        };
        return series.WithoutRounding();
    }
}

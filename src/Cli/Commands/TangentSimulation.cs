// simulate with ntk: G and the tangent kernel of the same networks, from weights drawn one by one.

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
    private const double MostNumbers = 2e8;

    /// <summary>A simulation that is ready to run.</summary>
    /// <param name="Specification">What is simulated.</param>
    /// <param name="Kept">The pairs that are shown.</param>
    /// <param name="Computed">The same with the inputs that these need.</param>
    /// <param name="Sampler">What samples.</param>
    public sealed record Prepared(Specification Specification, IReadOnlyList<InputPair> Kept, Specification Computed, TangentSampler Sampler)
    {
        /// <summary>Infinite width.</summary>
        /// <param name="cancellation">Stops between layers.</param>
        public TheorySolution Reference(CancellationToken cancellation) =>
            Theory.Asked(() => ClosureSolver.SolveInfiniteWidth(Theory.Network(Computed), Computed.Quadrature, Computed.Tangent, Computed.Rates, cancellation));

        /// <summary>What was measured, beside infinite width.</summary>
        /// <param name="statistics">The statistics.</param>
        /// <param name="reference">Infinite width.</param>
        public EnsembleSeries Series(TangentStatistics statistics, TheorySolution reference) =>
            TangentSimulation.Series(Specification, Kept, statistics, reference).Only(KeptPairs.Places(KeptPairs.Of(Computed), Computed.Inputs)) with { Pairs = Kept };
    }

    /// <summary>Prepares a simulation.</summary>
    /// <param name="specification">The specification.</param>
    /// <exception cref="InputException">A value does not go with the tangent kernel.</exception>
    public static Prepared Prepare(Specification specification)
    {
        if (specification.Until is not null)
            throw new InputException("until is given beside ntk, whose simulation has a fixed number of networks; use samples.");
        if (specification.Estimator is EstimatorChoice.UniformWeights or EstimatorChoice.OrthogonalWeights)
            throw new InputException($"estimator is {SpecificationFields.Kebab(specification.Estimator.ToString())}, and ntk is simulated with Gaussian weights; leave one of the two out.");
        IReadOnlyList<InputPair> kept = KeptPairs.Of(specification);
        Specification computed = KeptPairs.Computed(specification);
        Network network = Theory.Network(computed);
        TangentSampler sampler = Theory.Asked(() =>
        {
            try
            {
                return new TangentSampler(specification.Rates.On(ClosureSolver.Steps(network)), network, specification.Width, specification.Seed, specification.Tangent == TangentKernel.WithInput);
            }
            catch (LayerProgramException reason)
            {
                throw new NotSupportedException(reason.Message, reason);
            }
        });
        if ((double)sampler.SumsInBatch * specification.Samples > MostNumbers)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"samples is {specification.Samples}, and ntk keeps {sampler.SumsInBatch} numbers of each network; at most {MostNumbers:N0} are kept, so use fewer samples, inputs, or recorded depths."));
        return new(specification, kept, computed, sampler);
    }

    /// <summary>Simulates.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="threads">Number of threads, which changes no number.</param>
    /// <param name="progress">Told of finished networks.</param>
    /// <param name="cancellation">Ends early; finished networks are kept.</param>
    /// <exception cref="InputException">A value does not go with the tangent kernel.</exception>
    public static (EnsembleSeries Series, bool Cancelled) Run(Specification specification, int threads, Action<EnsembleProgress>? progress, CancellationToken cancellation)
    {
        Prepared prepared = Prepare(specification);
        TheorySolution reference = prepared.Reference(cancellation);
        TangentStatistics statistics = prepared.Sampler.Run(new EnsembleRun { Samples = specification.Samples, Threads = threads, Progress = progress, Cancellation = cancellation });
        return (prepared.Series(statistics, reference), statistics.Cancelled);
    }

    private static EnsembleSeries Series(Specification specification, IReadOnlyList<InputPair> kept, TangentStatistics statistics, TheorySolution reference)
    {
        int width = specification.Width;
        IReadOnlyList<double>[] Rows(Func<TangentLayer, double[]> of) => [.. statistics.Layers.Select(of)];
        IReadOnlyList<double>[] Corrections(Func<TangentLayer, TangentRow> of, string infinite) =>
            [.. statistics.Layers.Select((layer, record) => of(layer).Value.Select((value, pair) => width * (value - reference.Tensors[infinite][record][pair])).ToArray())];
        IReadOnlyList<double>[] Errors(Func<TangentLayer, TangentRow> of) => [.. statistics.Layers.Select(layer => of(layer).StandardError.Select(error => width * error).ToArray())];
        IReadOnlyList<IReadOnlyList<double>>[] Matrices(Func<TangentLayer, double[][]> of) => [.. statistics.Layers.Select(of)];
        return new()
        {
            Label = $"simulation, n = {width}",
            Width = width,
            Samples = statistics.Samples,
            Pairs = reference.Inputs == specification.Inputs ? PairIndexing.All(reference.Inputs) : [.. Enumerable.Repeat(kept[0], PairIndexing.Count(reference.Inputs))],
            Layers = reference.Layers,
            Times = reference.Times,
            Proof = Proof.Of(reference),
            K0 = reference.K0,
            G = Rows(layer => layer.G.Value),
            GStandardErrors = Rows(layer => layer.G.StandardError),
            V4 = Matrices(layer => layer.V4.Value),
            V4StandardErrors = Matrices(layer => layer.V4.StandardError),
            K1 = Corrections(layer => layer.G, "K0"),
            K1StandardErrors = Errors(layer => layer.G),
            Tangent = new()
            {
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
    }
}

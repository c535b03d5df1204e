using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Collects what the stages of the main job found, and makes the report's data of it.</summary>
/// <param name="specification">What was asked for.</param>
/// <param name="derivation">The derivation.</param>
/// <param name="solved">Its solution.</param>
internal sealed class ReportAssembly(Specification specification, DerivationResult derivation, SolutionWithCurve solved)
{
    private readonly TheorySolution _solution = solved.Recorded;

    /// <summary>The published scheme's solution and the curve through it, or null.</summary>
    public SolutionWithCurve? Published { get; set; }

    /// <summary>All closures on the same network, or null.</summary>
    public ClosureStage? Closures { get; set; }

    /// <summary>What could not be computed and is left out, and why, a sentence each.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>What is to be said of the inputs, or null.</summary>
    public string? InputsNote { get; init; }

    /// <summary>The diagrams and their values, or null.</summary>
    public DiagramGallery? Diagrams { get; set; }

    /// <summary>The simulation, or null.</summary>
    public EnsembleSeries? Ensemble { get; set; }

    /// <summary>The first two inputs at four times the width, for the extrapolation in 1/n; or null.</summary>
    public EnsembleSeries? Wide { get; set; }

    /// <summary>Whether the simulation was ended early.</summary>
    public bool Interrupted { get; set; }

    /// <summary>The sampler's check on the linear network.</summary>
    public IReadOnlyList<SamplerCheck> LinearNetwork { get; set; } = [];

    /// <summary>One-step residuals.</summary>
    public IReadOnlyList<ResidualSeries> Residuals { get; set; } = [];

    /// <summary>Theory and simulation at other steps.</summary>
    public List<StepSizeRun> StepSizes { get; } = [];

    /// <summary>Computes one part of the report; what cannot be computed is left out with a sentence.</summary>
    /// <param name="withoutIt">How the report is without it, in half a sentence.</param>
    /// <param name="part">Computes it.</param>
    public T? Attempt<T>(string withoutIt, Func<T?> part)
        where T : class
    {
        try
        {
            return part();
        }
        catch (Exception reason) when (Failures.IsOfOnePart(reason))
        {
            LeftOut.Add($"{withoutIt}: {reason.Message}");
            return null;
        }
    }

    /// <summary>The report's data.</summary>
    public ReportData Build()
    {
        TheorySeries main = SolveCommand.Series(specification, solved);
        var theory = new List<TheorySeries> { main };
        theory.AddRange(Closures?.Alternatives() ?? []);
        if (_solution.Tensors.ContainsKey("V4_source"))
            theory.Add(SourceOnly(main, _solution) with { Curve = SourceOnly(main.Curve!, solved.Curve) });
        if (Published is { } published)
        {
            Specification scheme = specification with { Order = 0, Quadrature = new QuadratureChoice(32), Stepping = Stepping.Euler };
            theory.Add(SolveCommand.Series(scheme, published, SeriesRole.Published, "published scheme"));
        }

        if (Ensemble?.U1 is not null && Attempt("The exact source is not integrated", () => ExactSourceSeries.Of(specification, Ensemble)) is { } exactSource)
            theory.Add(exactSource);
        ClosureReport? closures = Closures is null ? null : Attempt("The closures were not compared with the exact leading order", () => Closures.Report(Ensemble, Wide));
        IReadOnlyList<HeadlineRow> headline = Headline.Rows(specification, main, Ensemble);
        return new ReportData
        {
            SetUp = specification with { Samples = specification.Until is null ? specification.Samples : Ensemble?.Samples ?? 0 },
            Theory = theory,
            Ensemble = Ensemble,
            Closures = closures,
            StepSizes = StepSizes.Count == 0 ? [] : [.. StepSizes.Prepend(new StepSizeRun(specification.Network.Step, main, Ensemble)).OrderBy(run => run.Step)],
            Residuals = Residuals,
            Headline = headline,
            SamplerChecks = [.. LinearNetwork, .. SamplerChecks.Published(headline)],
            Derivation = [.. derivation.Steps.Select((step, at) => Step(at + 1, step))],
            Diagrams = Diagrams,
            Notes = [.. Notes(headline)],
            Methods = [.. Methods()],
        };
    }

    private static TheorySeries SourceOnly(TheorySeries main, TheorySolution of) => main with
    {
        Label = "source-only",
        Role = SeriesRole.SourceOnly,
        K0 = null,
        K1 = null,
        U1 = null,
        WideEnough = null,
        V4 = [.. of.SourceOnlyV4.Select(record => SolveCommand.Full(record, main.Pairs.Count))],
    };

    private static Reporting.DerivationStep Step(int number, Symbolic.Derivation.DerivationStep step) => new(
        number,
        step.Title,
        step.Prose,
        string.Concat(step.Formulas.SelectMany(formula => FormulaPrinter.MathMl(formula))),
        string.Join("\n", step.Formulas.Select(formula => FormulaPrinter.Latex(formula))));

    private IEnumerable<ReportNote> Notes(IReadOnlyList<HeadlineRow> headline)
    {
        if (specification.Quadrature.Nodes is { } nodes)
            yield return new(true, $"The theory was solved with gauss-hermite({nodes}), whose error is not bounded; compare it with quadrature: certified before you use a number.");
        else if (Proof.Of(_solution) is { IsProved: false } proof)
            yield return new(true, proof.Sentence);
        if (_solution.Truncation is { } cut && ResultPrinter.Kept(specification, cut) is var kept)
            yield return new(false, $"{char.ToUpperInvariant(kept[0])}{kept[1..]}.");
        if (headline.FirstOrDefault(row => row is { Quantity: Quantity.G, PublishedSimulation: not null }) is { } mean
            && headline.FirstOrDefault(row => row.Quantity == Quantity.K1 && row.Pair == mean.Pair) is { PublishedSimulation: { } published } && Published is not null)
        {
            // K1 is a difference from K0, so a printed simulated K1 carries the printed K0.
            double ours = specification.Width * (mean.PublishedSimulation!.Value - _solution.K0[^1][0]), theirs = specification.Width * (mean.PublishedSimulation.Value - Published.Recorded.K0[^1][0]);
            yield return new(false, string.Create(
                CultureInfo.InvariantCulture,
                $"K1 = n (E G - K0) depends on the K0 it is taken from: the published mean kernel {mean.PublishedSimulation} gives {theirs:F3} with the published scheme's K0 = {Published.Recorded.K0[^1][0]:F5}, close to the printed {published}, and {ours:F3} with the recomputed K0 = {_solution.K0[^1][0]:F5}."));
        }

        if (specification.Layers is not null)
            yield return new(false, "The network is a program of layers: of one, the report has no diagrams, no U1, which is of one activation, no one-step residuals, no variance budget and no comparison at other steps; theory and simulation are those of symeft solve and symeft simulate.");
        if (InputsNote is not null)
            yield return new(false, InputsNote);
        foreach (string warning in Ensemble?.Reliability?.Warnings ?? [])
            yield return new(true, warning);
        foreach (string sentence in LeftOut)
            yield return new(true, sentence);
        if (Ensemble is not null && Interrupted)
            yield return new(true, $"The simulation was interrupted: {Ensemble.Samples} {(specification.Samples > 0 ? $"of {specification.Samples} " : "")}networks are in it.");
    }

    private IEnumerable<string> Methods()
    {
        if (_solution.LargestRelativeError is { } error)
            yield return $"Every Gaussian expectation carries {(_solution.Proof == ProofStatus.Proved ? "a proved bound on" : "a bound on, or an estimate of,")} its error; the largest relative to its value was {error.ToString("0.0e-0", CultureInfo.InvariantCulture)}.";
        if (Ensemble?.Gains is { } gains)
            yield return string.Create(CultureInfo.InvariantCulture, $"The derived linear fluctuation equation is the control variate of the simulation: means are taken along a path without martingale noise, covariances as differences from a prediction whose covariance is known. At the last depth one network does the work of {ResultPrinter.Gain(gains.Mean[^1][0])} plain ones for the mean at order 1/n, and of {ResultPrinter.Gain(gains.V4[^1][0][0])} for the variance of the kernel, both of input 0.");
        if (Ensemble is not null)
        {
            yield return Simulation.DrawsRows(specification)
                ? "The sampler draws each layer from its exact conditional law given the kernel of the activations, in single-precision state with double-precision statistics; standard errors are those of the sample over independent networks."
                : "The sampler draws every weight of every layer, in double precision; standard errors are those of the sample over independent networks.";
        }
    }
}

using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// The numbers of a report as one JSON document. Every series has the shape of the solve and simulate commands: pairs, layers,
/// times, K0, V4, K1, U1, and standardErrors for the simulation. Numbers read back exactly; what is not finite is null.
/// </summary>
public static class JsonReport
{
    /// <summary>Writes the document of a whole report.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The document, the same characters for the same data, with a line feed at the end.</returns>
    /// <exception cref="ReportException">The data is inconsistent.</exception>
    public static string Render(ReportData data)
    {
        ReportValidation.Check(data);
        JsonFields document =
        [
            ("setUp", SetUp(data)),
            ("theory", data.Theory.Select(Theory)),
            ("simulation", data.Ensemble is { } ensemble ? Ensemble(ensemble) : null),
            ("closures", data.Closures is { } closures ? ClosureViews.Fields(closures) : null),
            ("stepSizes", data.StepSizes.Select(StepSize)),
            ("residuals", data.Residuals.Select(Residual)),
            ("headline", data.Headline.Select(Headline)),
            ("samplerChecks", data.SamplerChecks.Select(Check)),
            ("derivation", data.Derivation.Select(step => new JsonFields { ("number", step.Number), ("title", step.Title), ("prose", step.Prose), ("latex", step.Latex) })),
            ("diagrams", data.Diagrams is { } gallery ? Gallery(gallery) : null),
            ("notes", data.Notes.Select(note => new JsonFields { ("warning", note.IsWarning), ("sentence", note.Sentence) })),
        ];
        return document.Document();
    }

    /// <summary>Writes one solution as a document of its own.</summary>
    /// <param name="series">The solution.</param>
    /// <returns>The document.</returns>
    public static string Render(TheorySeries series) => Theory(series).Document();

    /// <summary>Writes one ensemble as a document of its own.</summary>
    /// <param name="series">The ensemble.</param>
    /// <returns>The document.</returns>
    public static string Render(EnsembleSeries series) => Ensemble(series).Document();

    private static JsonFields SetUp(ReportData data)
    {
        Specification setUp = data.SetUp;
        Network network = setUp.Network;
        return
        [
            ("name", setUp.Name),
            .. setUp.Layers is { } program
                ? new JsonFields { ("layers", LayersWriter.Yaml(program)) }
                : [("activation", network.Activation), ("weightVariance", network.WeightVariance), ("biasVariance", network.BiasVariance), ("skip", network.Skip), ("step", network.Step)],
            ("depth", network.Depth),
            ("width", setUp.Width),
            ("kernel", Some.Rows(network.Kernel)),
            ("closure", setUp.Closure),
            ("quadrature", setUp.Quadrature.ToString()),
            ("stepping", SpecificationFields.Kebab(setUp.Stepping.ToString())),
            ("samples", setUp.Samples),
            ("seed", setUp.Samples > 0 ? setUp.Seed : null),
            ("estimator", setUp.Samples > 0 ? SpecificationFields.Kebab(setUp.Estimator.ToString()) : null),
            ("version", data.ProgramVersion),
        ];
    }

    private static JsonFields Theory(TheorySeries series) =>
    [
        ("label", series.Label),
        ("role", RoleName(series.Role)),
        ("description", series.Description),
        ("quadrature", series.Quadrature),
        ("stepping", series.Stepping),
        ("failure", series.Failure),
        .. Proof(series.Proof),
        .. Depths(series.Pairs, series.Layers, series.Times),
        ("K0", series.K0),
        ("V4", series.V4),
        ("K1", series.K1),
        ("U1", series.U1),
        ("truncation", series.Truncation is { } cut ? new JsonFields { ("order", cut.Order), ("relativeError", cut.RelativeError) } : null),
        ("errorBounds", series.ErrorBounds is { } bounds ? new JsonFields { ("V4", bounds.Total.V4), ("K1", bounds.Total.K1), ("ofNumbers", bounds.OfNumbers is { } numbers ? new JsonFields { ("V4", numbers.V4), ("K1", numbers.K1) } : null) } : null),
        ("modeChanges", series.ModeChanges.Count == 0 ? null : new JsonFields([.. series.ModeChanges.Select(change => (change.Key, (object?)change.Value))])),
        .. Named(series.Tangent?.OverPairs),
        .. Named(series.Tangent?.OverTwoPairs),
        ("wideEnough", series.WideEnough is { } wide ? Wide(wide) : null),
        .. series.HigherCumulants.Select(cumulant => (cumulant.Name, (object?)Cumulant(cumulant, series.Pairs.Count))),
        ("standardErrors", series.K1StandardErrors is { } errors ? new JsonFields { ("K1", errors) } : null),
    ];

    private static JsonFields Wide(WideEnough wide) =>
    [
        ("fraction", wide.Fraction),
        ("layer", wide.LastLayer),
        ("width", wide.Width),
        ("widthForV4", wide.WidthForV4),
        ("widthForK1", wide.WidthForK1),
        ("givenWidth", wide.GivenWidth),
        ("holdsTo", wide.HoldsTo ?? JsonFields.Null),
        ("leavesAt", wide.LeavesAt ?? JsonFields.Null),
    ];

    private static JsonFields Ensemble(EnsembleSeries series) =>
    [
        ("label", series.Label),
        ("width", series.Width),
        ("samples", series.Samples),
        .. Proof(series.Proof),
        .. Depths(series.Pairs, series.Layers, series.Times),
        ("K0", series.K0),
        ("G", series.G),
        ("V4", series.V4),
        ("K1", series.K1),
        ("U1", series.U1),
        .. Named(series.Tangent?.OverPairs.Select(each => (each.Name, each.Values))),
        .. Named(series.Tangent?.OverTwoPairs.Select(each => (each.Name, each.Values))),
        ("standardErrors", new JsonFields(
        [
            ("G", series.GStandardErrors),
            ("V4", series.V4StandardErrors),
            ("K1", series.K1StandardErrors),
            ("U1", series.U1StandardErrors),
            .. Named(series.Tangent?.OverPairs.Select(each => (each.Name, each.Errors))),
            .. Named(series.Tangent?.OverTwoPairs.Select(each => (each.Name, each.Errors))),
        ])),
        ("predictions", series.Predictions.Count == 0 ? null : series.Predictions.Select(prediction => new JsonFields { ("order", prediction.Order), ("G", prediction.G), ("V4", prediction.V4) })),
        ("gains", series.Gains is { } gains ? new JsonFields([("G", gains.Mean), ("V4", gains.V4), ("K1", gains.Mean), ("U1", gains.Source), .. Tables(series.Tangent?.Gains)]) : null),
        .. series.Reliability is { } reliability ? Reliability(reliability, series.Tangent) : [],
    ];

    private static JsonFields Reliability(EnsembleReliability reliability, EnsembleTangent? tangent) =>
    [
        ("effectiveSamples", new JsonFields([("G", reliability.Mean), ("V4", reliability.V4), ("K1", reliability.Mean), ("U1", reliability.Source), .. Tables(tangent?.EffectiveSamples)])),
        ("truncationBounds", reliability.V4Truncation is { } truncation ? new JsonFields([("V4", truncation), .. Tables(tangent?.Truncation)]) : null),
        ("warnings", reliability.Warnings),
    ];

    private static JsonFields Tables(TangentTables? tables) => [.. Named(tables?.OverPairs), .. Named(tables?.OverTwoPairs)];

    private static IEnumerable<(string Name, object? Value)> Named<T>(IEnumerable<(string Name, T Value)>? tables) => tables?.Select(each => (each.Name, (object?)each.Value)) ?? [];

    /// <summary>"proof", and "unproved" with what is not.</summary>
    internal static JsonFields Proof(Proof? proof) => proof is null ? [] : [("proof", proof.Status), ("unproved", proof.Unproved)];

    private static JsonFields StepSize(StepSizeRun run) =>
        [("step", run.Step), ("theory", run.Theory is { } theory ? Theory(theory) : null), ("simulation", run.Ensemble is { } ensemble ? Ensemble(ensemble) : null)];

    private static JsonFields Residual(ResidualSeries series) =>
    [
        ("component", Component(series.First, series.Second)),
        ("layers", series.Layers),
        ("times", series.Times),
        ("transport", series.Transport),
        ("source", series.Source),
        ("total", series.Total),
        ("standardErrors", new JsonFields { ("transport", series.TransportStandardErrors), ("source", series.SourceStandardErrors), ("total", series.TotalStandardErrors) }),
    ];

    private static JsonFields Headline(HeadlineRow row) =>
    [
        ("quantity", row.Quantity.ToString()),
        ("pairs", Component(row.Pair, row.SecondPair)),
        ("layer", row.Layer),
        ("time", row.Time),
        ("theory", row.Theory),
        ("simulation", row.Simulation),
        ("standardError", row.StandardError),
        ("z", row.ZScore),
        ("publishedTheory", row.PublishedTheory),
        ("publishedSimulation", row.PublishedSimulation),
        ("publishedSimulationStandardError", row.PublishedSimulationStandardError),
    ];

    private static JsonFields Check(SamplerCheck check) =>
    [
        ("network", check.Subject),
        ("quantity", check.Quantity.ToString()),
        ("layer", check.Layer),
        ("source", check.Source),
        ("value", check.Expected),
        ("valueStandardError", check.ExpectedStandardError),
        ("simulation", check.Simulation),
        ("standardError", check.StandardError),
        ("z", check.ZScore),
    ];

    private static JsonFields Gallery(DiagramGallery gallery) =>
    [
        .. Depths(gallery.Pairs, gallery.Layers, gallery.Times),
        ("cumulants", gallery.Cumulants.Select(cumulant => new JsonFields
        {
            ("name", cumulant.Name),
            ("external", cumulant.Legs),
            ("loops", cumulant.Loops),
            ("solved", cumulant.Solved),
            ("diagrams", cumulant.Diagrams.Select(diagram => new JsonFields
            {
                ("id", diagram.Id),
                ("symmetryFactor", diagram.SymmetryFactor),
                ("labellings", diagram.Labellings),
                ("notation", diagram.Notation),
                ("values", diagram.Values),
            })),
        })),
    ];

    private static JsonFields Depths(IReadOnlyList<InputPair> pairs, IReadOnlyList<int> layers, IReadOnlyList<double> times) => [("pairs", pairs), ("layers", layers), ("times", times)];

    /// <summary>The pairs of a component: one, or two of a covariance.</summary>
    internal static IReadOnlyList<InputPair> Component(InputPair first, InputPair? second) => second is { } other ? [first, other] : [first];

    // All components, one level of arrays for each pair, as V4 has them.
    private static IEnumerable<object> Cumulant(HigherCumulant cumulant, int pairs)
    {
        return cumulant.Components.Select(record => Level(record, []));

        object Level(IReadOnlyList<double> record, int[] indices) => indices.Length == cumulant.Legs - 1
            ? Enumerable.Range(0, pairs).Select(last => record[Multisets.Place([.. indices, last], pairs)])
            : Enumerable.Range(0, pairs).Select(pair => Level(record, [.. indices, pair]));
    }

    private static string RoleName(SeriesRole role) => role switch
    {
        SeriesRole.Main => "main",
        SeriesRole.SourceOnly => "source-only",
        SeriesRole.ExactSource => "exact-source",
        SeriesRole.Published => "published",
        _ => "alternative",
    };
}

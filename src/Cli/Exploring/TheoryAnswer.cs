using System.Collections.Concurrent;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>Derivations and solutions for the page; what does not change from one request to the next is derived and compiled once.</summary>
internal sealed class TheoryAnswer
{
    /// <summary>The closure that is shown while another is being solved: tens of milliseconds for anything that the page takes.</summary>
    public const string QuickClosure = "hermite(4)";

    // What a page looks at in a minute; when there is more, it is derived again.
    private const int MostKept = 64;

    private readonly ConcurrentDictionary<string, EquationsHtml> _equations = new(StringComparer.Ordinal);
    private readonly CompiledClosures _compiled = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<TheorySeries>> _alternatives = new(StringComparer.Ordinal);

    /// <summary>The equations with their derivation and diagrams.</summary>
    public EquationsHtml Equations(Specification specification)
    {
        // The equations of a flat network are for any numbers, those of a program for its layers.
        string key = $"{(specification.Layers is { } program ? $"{LayersWriter.Yaml(program)} {specification.Inputs}" : "")} {specification.Closure} {specification.Stepping == Stepping.Discrete} {specification.Quadrature.Nodes is not null}";
        if (_equations.TryGetValue(key, out EquationsHtml? known))
            return known;
        EquationsHtml html = EquationsHtml.Of(Theory.Derive(specification).WithDiagrams(specification.Order));
        if (specification.Layers is not null)
            html = html with { Diagrams = "<p>Diagrams are drawn for the plain network, with g-only; a program of layers has none yet.</p>" };
        Keep(_equations, key, html);
        return html;
    }

    /// <summary>The solution: the numbers of symeft solve.</summary>
    public TheorySeries Solve(Specification specification, CancellationToken cancellation) =>
        SolveCommand.Series(specification, Theory.SolveWithCurve(specification, _compiled, cancellation));

    /// <summary>Other closures of a request that were solved before; none if they were not.</summary>
    public IReadOnlyList<TheorySeries> Alternatives(ExploreRequest request) => _alternatives.TryGetValue(Key(request), out IReadOnlyList<TheorySeries>? known) ? known : [];

    /// <summary>Remembers the other closures of a request.</summary>
    public void Remember(ExploreRequest request, IReadOnlyList<TheorySeries> alternatives) => Keep(_alternatives, Key(request), alternatives);

    /// <summary>The figures: kernel, V4, K1 and U1 against depth.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="theory">Its solution.</param>
    /// <param name="alternatives">Other closures.</param>
    /// <param name="ensemble">The simulation so far, or null.</param>
    public static IEnumerable<(string Title, IEnumerable<string> Panels)> Charts(Specification specification, TheorySeries theory, IReadOnlyList<TheorySeries> alternatives, EnsembleSeries? ensemble)
    {
        var view = new ReportView(new ReportData { SetUp = specification, Theory = [theory, .. alternatives], Ensemble = ensemble });
        return new[] { VarianceFigures.KernelAndVariance(view), MeanFigures.MeanCorrection(view), MeanFigures.Source(view) }
            .OfType<Figure>().Select(figure => (figure.Title, figure.Panels.Select(panel => panel.ToSvg())));
    }

    /// <summary>What the figures show, as HTML.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="ensemble">The simulation so far, or null.</param>
    /// <param name="theories">The lines.</param>
    public static string Caption(Specification specification, EnsembleSeries? ensemble, params IReadOnlyList<TheorySeries> theories)
    {
        var view = new ReportView(new ReportData { SetUp = specification, Theory = theories, Ensemble = ensemble });
        return Captions.Join(ensemble is null ? "Lines: theory." : "Lines: theory. " + Captions.Points(ensemble), Captions.SetUp(view));
    }

    private static string Key(ExploreRequest request) =>
        SpecificationWriter.Yaml(request.Specification with { Samples = 0, Seed = 1, Estimator = EstimatorChoice.Plain, Width = 1, Name = "unnamed" }) + string.Join(';', request.Compare);

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string key, T value)
    {
        if (kept.Count >= MostKept)
            kept.Clear();
        kept[key] = value;
    }
}

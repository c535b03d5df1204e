using System.Collections.Concurrent;
using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>Charts under a title.</summary>
/// <param name="Title">The title, as HTML.</param>
/// <param name="Panels">The charts.</param>
internal sealed record ExploreFigure(string Title, IReadOnlyList<Chart> Panels);

/// <summary>Derivations and solutions for the page; what does not change from one request to the next is derived and compiled once.</summary>
internal sealed class TheoryAnswer
{
    /// <summary>The closure that is shown while another is being solved: tens of milliseconds for anything that the page takes.</summary>
    public const string QuickClosure = "hermite(4)";

    // What a page looks at in a minute; when there is more, it is derived again.
    private const int MostKept = 64;

    // Layers that are solved in some tens of milliseconds.
    private const int RoughDepth = 160;

    private static readonly SeriesStyle Trust = Styles.Guide with { Colour = "#a03030", Dash = "5 3", Width = 1.6 };

    private readonly ConcurrentDictionary<string, EquationsHtml> _equations = new(StringComparer.Ordinal);
    private readonly CompiledClosures _compiled = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<TheorySeries>> _alternatives = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TheorySeries> _solved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClosureAnswer> _closures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EnsembleSeries> _ensembles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PhaseAnswer> _phases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KernelTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Whether a closure is solved in tens of milliseconds for anything that the page takes.</summary>
    public static bool IsQuick(string closure) => closure is "g-only" or "g-connected" or "hermite(1)" or "hermite(2)" or "hermite(3)" or QuickClosure;

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
    public TheorySeries Solve(Specification specification, CancellationToken cancellation)
    {
        string key = Key(specification);
        if (_solved.TryGetValue(key, out TheorySeries? known))
            return known;
        TheorySeries series = SolveCommand.Series(specification, Theory.SolveWithCurve(specification, _compiled, cancellation));
        Keep(_solved, key, series);
        return series;
    }

    /// <summary>
    /// The solution while one waits. A residual network of many layers is stood for by one of fewer and larger steps with the same depth time, which is off by the order of
    /// the square of the step; its layers are counted as those of the network itself.
    /// </summary>
    public (Specification Solved, TheorySeries Series) Roughly(Specification specification, CancellationToken cancellation)
    {
        Network network = specification.Network;
        if (network is not { Layers: null, Skip: 1 } || network.Depth <= RoughDepth || specification.Stepping == Stepping.Continuous || _solved.ContainsKey(Key(specification)))
            return (specification, Solve(specification, cancellation));
        double ratio = (double)network.Depth / RoughDepth;
        Specification rough = specification with { Network = network with { Depth = RoughDepth, Step = network.Step * Math.Sqrt(ratio) } };
        TheorySeries series = SolveCommand.Series(rough, Theory.SolveWithCurve(rough, _compiled, cancellation));
        WideEnough wide = series.WideEnough!;
        return (rough, series with { WideEnough = wide with { LastLayer = network.Depth, HoldsTo = Layer(wide.HoldsTo), LeavesAt = Layer(wide.LeavesAt) } });

        int? Layer(int? layer) => layer is { } of ? (int)Math.Round(of * ratio) : null;
    }

    /// <summary>The closures of a request beside one another.</summary>
    public ClosureAnswer Closures(ExploreRequest request, CancellationToken cancellation)
    {
        string key = Key(request.Specification) + string.Join(';', request.Compare);
        if (_closures.TryGetValue(key, out ClosureAnswer? known))
            return known;
        ClosureAnswer answer = ClosureAnswer.Of(request, cancellation);
        Keep(_closures, key, answer);
        Keep(_alternatives, Key(request), answer.Alternatives);
        return answer;
    }

    /// <summary>The network at its own width.</summary>
    public FiniteAnswer Finite(ExploreRequest request, CancellationToken cancellation)
    {
        Specification asked = FiniteAnswer.Asked(request.Specification);
        FiniteAnswer answer = FiniteAnswer.Of(asked, Solve(asked, cancellation), Ensemble(request.Specification));
        return answer with { Charts = [.. answer.Charts.Select(chart => Viewed(chart, request.Views))] };
    }

    /// <summary>The same where they were compared before, or null.</summary>
    public ClosureAnswer? Compared(ExploreRequest request) => _closures.GetValueOrDefault(Key(request.Specification) + string.Join(';', request.Compare));

    /// <summary>The map over C_W and C_b.</summary>
    public PhaseAnswer Phase(ExploreRequest request, CancellationToken cancellation)
    {
        Specification mapped = PhaseAnswer.Mapped(request.Specification);
        ChartView? view = request.Views.GetValueOrDefault(PhaseAnswer.Id);
        string key = $"{Key(mapped)} {view?.X} {view?.Y}";
        if (_phases.TryGetValue(key, out PhaseAnswer? known))
            return known;
        PhaseAnswer answer = Theory.Asked(() => PhaseAnswer.Map(mapped, Table(request.Specification, cancellation), view, cancellation));
        Keep(_phases, key, answer);
        return answer;
    }

    /// <summary>What layers of the activation of a flat network make of kernels; null for a program of layers.</summary>
    public KernelTable? Table(Specification specification, CancellationToken cancellation)
    {
        if (specification.Layers is not null)
            return null;
        Specification mapped = PhaseAnswer.Mapped(specification);
        string activation = Theory.Network(mapped).Activation, key = $"{activation} {mapped.Quadrature}";
        if (!_tables.TryGetValue(key, out KernelTable? table))
            Keep(_tables, key, table = Theory.Asked(() => new KernelTable(activation, mapped.Quadrature, cancellation)));
        return table;
    }

    /// <summary>The simulation of a specification so far, or null.</summary>
    public EnsembleSeries? Ensemble(Specification specification) => _ensembles.GetValueOrDefault(SpecificationWriter.Yaml(specification));

    /// <summary>Remembers the simulation of a specification so far.</summary>
    public void Remember(Specification specification, EnsembleSeries series) => Keep(_ensembles, SpecificationWriter.Yaml(specification), series);

    /// <summary>Other closures of a request that were solved before; none if they were not.</summary>
    public IReadOnlyList<TheorySeries> Alternatives(ExploreRequest request) => _alternatives.TryGetValue(Key(request), out IReadOnlyList<TheorySeries>? known) ? known : [];

    /// <summary>The figures: kernel, V4, K1 and U1 against depth, each with a line where the width is wide enough no more.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="views">What is looked at in them.</param>
    /// <param name="theory">Its solution.</param>
    /// <param name="alternatives">Other closures.</param>
    /// <param name="ensemble">The simulation so far, or null.</param>
    public static IReadOnlyList<ExploreFigure> Charts(Specification specification, IReadOnlyDictionary<string, ChartView> views, TheorySeries theory, IReadOnlyList<TheorySeries> alternatives, EnsembleSeries? ensemble)
    {
        var view = new ReportView(new ReportData { SetUp = specification, Theory = [theory, .. alternatives], Ensemble = ensemble });
        return [.. new[] { VarianceFigures.KernelAndVariance(view), MeanFigures.MeanCorrection(view), MeanFigures.Source(view) }
            .OfType<Figure>().Select(figure => new ExploreFigure(figure.Title, [.. figure.Panels.Select(panel => Viewed(Trusted(panel), views))]))];

        // Of the layers that the network has: a rough solution has fewer.
        double Time(int layer) => specification.Network.TimeOf(specification.Network.Depth) * layer / theory.WideEnough!.LastLayer;

        Chart Trusted(Chart chart) => theory.WideEnough is { } wide
            ? chart with { Series = [.. chart.Series, new(TrustLabel(wide), SeriesKind.Mark, Trust, wide.HoldsTo is { } layer ? [new(view.Depth(layer, Time(layer)), 0)] : [])] }
            : chart;
    }

    /// <summary>A chart as it is looked at.</summary>
    public static Chart Viewed(Chart chart, IReadOnlyDictionary<string, ChartView> views) => views.TryGetValue(chart.Id, out ChartView? looked) ? looked.Of(chart) : chart;

    private static string TrustLabel(WideEnough wide) => string.Create(
        CultureInfo.InvariantCulture, $"*n* = {wide.GivenWidth}: trust {(wide.HoldsTo is { } layer ? wide.LeavesAt is null ? "to the last layer" : $"to layer {layer}" : "nowhere")} (within {wide.Fraction:R})");

    /// <summary>What the figures show, as HTML.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="ensemble">The simulation so far, or null.</param>
    /// <param name="theories">The lines.</param>
    public static string Caption(Specification specification, EnsembleSeries? ensemble, params IReadOnlyList<TheorySeries> theories)
    {
        var view = new ReportView(new ReportData { SetUp = specification, Theory = theories, Ensemble = ensemble });
        return Captions.Join(ensemble is null ? "Lines: theory." : "Lines: theory. " + Captions.Points(ensemble), Captions.SetUp(view));
    }

    // Everything that a solution depends on, the width of what is wide enough included.
    private static string Key(Specification specification) =>
        SpecificationWriter.Yaml(specification with { Samples = 0, Seed = 1, Estimator = EstimatorChoice.Plain, Name = "unnamed" });

    private static string Key(ExploreRequest request) =>
        SpecificationWriter.Yaml(request.Specification with { Samples = 0, Seed = 1, Estimator = EstimatorChoice.Plain, Width = 1, Name = "unnamed" }) + string.Join(';', request.Compare);

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string key, T value)
    {
        if (kept.Count >= MostKept)
            kept.Clear();
        kept[key] = value;
    }
}

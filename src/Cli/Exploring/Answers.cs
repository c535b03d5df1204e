using System.Globalization;
using System.Text.Json;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Phases;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The documents that the page receives, each one line of JSON.</summary>
internal static class Answers
{
    /// <summary>Equations, diagrams, figures and numbers.</summary>
    public static byte[] Theory(Specification specification, TheorySeries series, EquationsHtml equations, IReadOnlyList<ExploreFigure> charts) => Document(
    [
        ("solution", Compact(JsonReport.Render(series))),
        ("equations", equations.Equations),
        ("steps", equations.Steps),
        ("diagrams", equations.Diagrams),
        ("charts", Figures(charts)),
        ("caption", TheoryAnswer.Caption(specification, null, series)),
        ("summary", Summary(series)),
        ("picture", NetworkPicture.Of(specification).TrimEnd()),
        .. Program(NetworkPicture.Program(specification)),
        ("wide", WideEnoughText.Of(series.WideEnough!, isMarkup: true)),
    ]);

    /// <summary>Figures of the quick closure, and what is still to come.</summary>
    public static byte[] Preview(Specification specification, Specification solved, TheorySeries quick, IReadOnlyList<ExploreFigure> charts, IReadOnlySet<string>? drawn)
    {
        string coarse = solved.Network.Depth == specification.Network.Depth ? "" : string.Create(CultureInfo.InvariantCulture, $" {solved.Network.Depth} layers of a larger step stand for {specification.Network.Depth} meanwhile.");
        return Document(
        [
            ("charts", Figures(charts, drawn)),
            ("caption", TheoryAnswer.Caption(specification, null, quick)),
            ("summary", (quick.Label == specification.Closure ? Summary(quick) : $"{specification.Closure} is being solved; shown meanwhile: {Summary(quick)}") + coarse),
            ("wide", WideEnoughText.Of(quick.WideEnough!, isMarkup: true)),
        ]);
    }

    /// <summary>The figures alone, as they are looked at.</summary>
    public static byte[] Charts(IReadOnlyList<ExploreFigure> charts, IReadOnlyList<Chart> deviations) => Document([("charts", Figures(charts)), .. Figure("deviations", deviations)]);

    /// <summary>An edited program, and its picture.</summary>
    public static byte[] Edited(LayerProgram program) => Document(Program(program));

    /// <summary>The maps over C_W and C_b, where these stand in the program and what they are, and the sentence about the network itself.</summary>
    public static byte[] Phase(PhaseAnswer answer, LayerProgram program, string here, IReadOnlyDictionary<string, ChartView> views)
    {
        (int columns, int rows) = (answer.Diagram.Axes[0].Texts.Count, answer.Diagram.Axes[1].Texts.Count);
        return Document(
        [
            ("here", here),
            .. PhaseAnswer.Mapped(program) is not { } dense ? new JsonFields() :
            [
                ("dense", dense.Path),
                .. dense.Layer.Numbers.Where(number => number.Name is "weightVariance" or "biasVariance").Select(number => (number.Name, (object?)(number.Number?.Text ?? "0"))),
            ],
            ("caption", answer.Caption),
            .. Figure("trust", answer.Trust is { } trust ? [TheoryAnswer.Viewed(trust, views)] : []),
            ("maps", PhaseFigures.Of(answer.Diagram).OfType<HeatMap>()
                .Where(map => Enumerable.Range(0, columns * rows).Any(at => double.IsFinite(map.Value(at % columns, at / columns))))
                .Select(map => map with { X = map.X with { Label = "*C*_{W}" }, Y = map.Y with { Label = "*C*_{b}" } })
                .Select(map => new JsonFields { ("svg", map.ToSvg()), ("data", ChartData.Of(map, answer.Diagram)) })),
        ]);
    }

    /// <summary>Windows and budget, and the figures with the other closures.</summary>
    public static byte[] Closures(Specification specification, TheorySeries theory, ClosureAnswer answer, IReadOnlyList<ExploreFigure> charts) => Document(
    [
        ("numbers", answer.Numbers),
        ("windows", answer.Windows),
        ("budget", answer.Budget),
        .. Figure("deviations", answer.Charts),
        ("charts", Figures(charts)),
        ("caption", TheoryAnswer.Caption(specification, null, [theory, .. answer.Alternatives])),
    ]);

    /// <summary>The orders in 1/n at the width.</summary>
    public static byte[] Finite(FiniteAnswer answer) => Document([("sentences", answer.Sentences), .. Figure("panels", answer.Charts)]);

    /// <summary>The statistics so far.</summary>
    public static byte[] Round(Specification specification, TheorySeries theory, EnsembleSeries series, bool isLast, IReadOnlyList<ExploreFigure> charts) => Document(
    [
        ("samples", series.Samples),
        ("total", specification.Samples),
        ("last", isLast),
        ("simulation", Compact(JsonReport.Render(series))),
        ("charts", Figures(charts)),
        ("caption", TheoryAnswer.Caption(specification, series, theory)),
        ("summary", Comparison(theory, series)),
    ]);

    /// <summary>A document to copy.</summary>
    public static byte[] Document(string text) => Document([("text", text)]);

    /// <summary>A failure.</summary>
    public static byte[] Failure(string sentence) => Document([("error", sentence)]);

    // The first component at the last depth, for those who hear the page.
    private static string Summary(TheorySeries series) => string.Create(
        CultureInfo.InvariantCulture,
        $"{series.Label} at layer {series.Layers[^1]}: K0_00 = {series.K0![^1][0]:G6}, V4_00,00 = {series.V4![^1][0][0]:G6}, K1_00 = {series.K1![^1][0]:G6}.{(series.Proof is { IsProved: false } proof ? " " + proof.Sentence : "")}");

    private static string Comparison(TheorySeries theory, EnsembleSeries series) =>
        $"{NumberText.Count(series.Samples)} networks: V4_00,00 = {Plain(series.V4![^1][0][0], series.V4StandardErrors![^1][0][0])} (theory {Plain(theory.V4![^1][0][0])}), "
        + $"K1_00 = {Plain(series.K1![^1][0], series.K1StandardErrors![^1][0])} (theory {Plain(theory.K1![^1][0])})."
        + string.Concat(series.Reliability?.Warnings.Select(warning => " " + warning) ?? []);

    private static string Plain(double value, double error) =>
        NumberText.Uncertain(value, error) is var text && text.Contains('<', StringComparison.Ordinal) ? $"{ResultPrinter.Short(value)} \u00b1 {error.ToString("G2", CultureInfo.InvariantCulture)}" : text;

    // A number in text, where powers of ten have no markup.
    private static string Plain(double value) => NumberText.Significant(value, 6) is var text && text.Contains('<', StringComparison.Ordinal) ? ResultPrinter.Short(value) : text;

    private static byte[] Document(JsonFields fields) => fields.Document(isIndented: false);

    // Without the line breaks of the document for people; numbers keep every digit.
    private static JsonElement Compact(string document) => JsonElement.Parse(document);

    private static IEnumerable<JsonFields> Figures(IReadOnlyList<ExploreFigure> figures, IReadOnlySet<string>? drawn = null) =>
        figures.Select(figure => new JsonFields([("title", figure.Title), .. Figure("panels", figure.Panels, drawn)]));

    // Pictures are drawn on all cores, all before the first is written: one that waits for the next keeps a core busy. Beside them is what they show.
    private static JsonFields Figure(string name, IReadOnlyList<Chart> panels, IReadOnlySet<string>? drawn = null) =>
        [(name, panels.AsParallel().AsOrdered().Select(panel => drawn?.Contains(panel.Id) == false ? "" : panel.ToSvg()).ToArray()), (name + "Data", panels.Select(ChartData.Of))];

    private static JsonFields Program(LayerProgram program) => [("layers", LayersWriter.Yaml(program)), ("block", LayerBoxes.Of(program))];
}

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
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
    public static byte[] Theory(Specification specification, TheorySeries series, EquationsHtml equations, IReadOnlyList<ExploreFigure> charts) => Document(json =>
    {
        Raw(json, "solution", JsonReport.Render(series));
        json.WriteString("equations", equations.Equations);
        json.WriteString("steps", equations.Steps);
        json.WriteString("diagrams", equations.Diagrams);
        Figures(json, charts);
        json.WriteString("caption", TheoryAnswer.Caption(specification, null, series));
        json.WriteString("summary", Summary(series));
        json.WriteString("picture", NetworkPicture.Of(specification).TrimEnd());
        Program(json, NetworkPicture.Program(specification));
        json.WriteString("wide", WideEnoughText.Of(series.WideEnough!, isMarkup: true));
    });

    /// <summary>Figures of the quick closure, and what is still to come.</summary>
    public static byte[] Preview(Specification specification, Specification solved, TheorySeries quick, IReadOnlyList<ExploreFigure> charts, IReadOnlySet<string>? drawn) => Document(json =>
    {
        Figures(json, charts, drawn);
        json.WriteString("caption", TheoryAnswer.Caption(specification, null, quick));
        string coarse = solved.Network.Depth == specification.Network.Depth ? "" : string.Create(CultureInfo.InvariantCulture, $" {solved.Network.Depth} layers of a larger step stand for {specification.Network.Depth} meanwhile.");
        json.WriteString("summary", (quick.Label == specification.Closure ? Summary(quick) : $"{specification.Closure} is being solved; shown meanwhile: {Summary(quick)}") + coarse);
        json.WriteString("wide", WideEnoughText.Of(quick.WideEnough!, isMarkup: true));
    });

    /// <summary>The figures alone, as they are looked at.</summary>
    public static byte[] Charts(IReadOnlyList<ExploreFigure> charts, IReadOnlyList<Chart> deviations) => Document(json =>
    {
        Figures(json, charts);
        Figure(json, "deviations", deviations);
    });

    /// <summary>An edited program, and its picture.</summary>
    public static byte[] Edited(LayerProgram program) => Document(json => Program(json, program));

    /// <summary>The maps over C_W and C_b, where these stand in the program and what they are, and the sentence about the network itself.</summary>
    public static byte[] Phase(PhaseAnswer answer, LayerProgram program, string here, IReadOnlyDictionary<string, ChartView> views) => Document(json =>
    {
        json.WriteString("here", here);
        if (PhaseAnswer.Mapped(program) is { } dense)
        {
            json.WriteString("dense", dense.Path);
            foreach ((string name, LayerNumber? number) in dense.Layer.Numbers.Where(number => number.Name is "weightVariance" or "biasVariance"))
                json.WriteString(name, number?.Text ?? "0");
        }

        PhaseDiagram diagram = answer.Diagram;
        json.WriteString("caption", answer.Caption);
        Figure(json, "trust", answer.Trust is { } trust ? [TheoryAnswer.Viewed(trust, views)] : []);
        json.WriteStartArray("maps");
        foreach (HeatMap map in PhaseFigures.Of(diagram).OfType<HeatMap>().Select(map => map with { X = map.X with { Label = "*C*_{W}" }, Y = map.Y with { Label = "*C*_{b}" } }))
        {
            if (!Enumerable.Range(0, diagram.Points.Count).Any(at => double.IsFinite(map.Value(at % diagram.Axes[0].Texts.Count, at / diagram.Axes[0].Texts.Count))))
                continue;
            json.WriteStartObject();
            json.WriteString("svg", map.ToSvg());
            json.WritePropertyName("data");
            ChartData.Write(json, map, diagram);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Windows and budget, and the figures with the other closures.</summary>
    public static byte[] Closures(Specification specification, TheorySeries theory, ClosureAnswer answer, IReadOnlyList<ExploreFigure> charts) => Document(json =>
    {
        json.WriteString("numbers", answer.Numbers);
        json.WriteString("windows", answer.Windows);
        json.WriteString("budget", answer.Budget);
        Figure(json, "deviations", answer.Charts);
        Figures(json, charts);
        json.WriteString("caption", TheoryAnswer.Caption(specification, null, [theory, .. answer.Alternatives]));
    });

    /// <summary>The orders in 1/n at the width.</summary>
    public static byte[] Finite(FiniteAnswer answer) => Document(json =>
    {
        json.WriteString("sentences", answer.Sentences);
        Figure(json, "panels", answer.Charts);
    });

    /// <summary>The statistics so far.</summary>
    public static byte[] Round(Specification specification, TheorySeries theory, EnsembleSeries series, bool isLast, IReadOnlyList<ExploreFigure> charts) => Document(json =>
    {
        json.WriteNumber("samples", series.Samples);
        json.WriteNumber("total", specification.Samples);
        json.WriteBoolean("last", isLast);
        Raw(json, "simulation", JsonReport.Render(series));
        Figures(json, charts);
        json.WriteString("caption", TheoryAnswer.Caption(specification, series, theory));
        json.WriteString("summary", Comparison(theory, series));
    });

    /// <summary>A document to copy.</summary>
    public static byte[] Document(string text) => Document(json => json.WriteString("text", text));

    /// <summary>A failure.</summary>
    public static byte[] Failure(string sentence) => Document(json => json.WriteString("error", sentence));

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

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Read by the page's script, never as HTML: pictures need no escapes.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    // Without the line breaks of the document for people; numbers keep every digit.
    private static void Raw(Utf8JsonWriter json, string name, string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        json.WritePropertyName(name);
        parsed.RootElement.WriteTo(json);
    }

    private static void Figures(Utf8JsonWriter json, IReadOnlyList<ExploreFigure> figures, IReadOnlySet<string>? drawn = null)
    {
        json.WriteStartArray("charts");
        foreach (ExploreFigure figure in figures)
        {
            json.WriteStartObject();
            json.WriteString("title", figure.Title);
            Figure(json, "panels", figure.Panels, drawn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Pictures are drawn on all cores, all before the first is written: one that waits for the next keeps a core busy. Beside them is what they show.
    private static void Figure(Utf8JsonWriter json, string name, IReadOnlyList<Chart> panels, IReadOnlySet<string>? drawn = null)
    {
        string[] pictures = panels.AsParallel().AsOrdered().Select(panel => drawn?.Contains(panel.Id) == false ? "" : panel.ToSvg()).ToArray();
        List(json, name, pictures);
        json.WriteStartArray(name + "Data");
        foreach (Chart panel in panels)
            ChartData.Write(json, panel);
        json.WriteEndArray();
    }

    private static void Program(Utf8JsonWriter json, LayerProgram program)
    {
        json.WriteString("layers", LayersWriter.Yaml(program));
        json.WritePropertyName("block");
        LayerBoxes.Write(json, program);
    }

    private static void List(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}

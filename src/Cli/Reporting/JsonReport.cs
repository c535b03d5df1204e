using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
        return Document(json =>
        {
            json.WriteStartObject();
            SetUp(json, data);
            Array(json, "theory", data.Theory, Theory);
            if (data.Ensemble is { } ensemble)
            {
                json.WritePropertyName("simulation");
                Ensemble(json, ensemble);
            }

            if (data.Closures is { } closures)
                ClosureViews.Write(json, closures);
            Array(json, "stepSizes", data.StepSizes, StepSize);
            Array(json, "residuals", data.Residuals, Residual);
            Array(json, "headline", data.Headline, Headline);
            Array(json, "samplerChecks", data.SamplerChecks, Check);
            Array(json, "derivation", data.Derivation, Step);
            if (data.Diagrams is { } gallery)
                Gallery(json, gallery);
            Array(json, "notes", data.Notes, Note);
            json.WriteEndObject();
        });
    }

    /// <summary>Writes one solution as a document of its own.</summary>
    /// <param name="series">The solution.</param>
    /// <returns>The document.</returns>
    public static string Render(TheorySeries series) => Document(json => Theory(json, series));

    /// <summary>Writes one ensemble as a document of its own.</summary>
    /// <param name="series">The ensemble.</param>
    /// <returns>The document.</returns>
    public static string Render(EnsembleSeries series) => Document(json => Ensemble(json, series));

    /// <summary>A document as every command writes it.</summary>
    /// <param name="write">Writes its value.</param>
    internal static string Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void SetUp(Utf8JsonWriter json, ReportData data)
    {
        Specification setUp = data.SetUp;
        Network network = setUp.Network;
        json.WriteStartObject("setUp");
        json.WriteString("name", setUp.Name);
        if (setUp.Layers is { } program)
        {
            json.WriteString("layers", LayersWriter.Yaml(program));
        }
        else
        {
            json.WriteString("activation", network.Activation);
            Number(json, "weightVariance", network.WeightVariance);
            Number(json, "biasVariance", network.BiasVariance);
            Number(json, "skip", network.Skip);
            Number(json, "step", network.Step);
        }

        json.WriteNumber("depth", network.Depth);
        json.WriteNumber("width", setUp.Width);
        Table(json, "kernel", Some.Rows(network.Kernel));
        json.WriteString("closure", setUp.Closure);
        json.WriteString("quadrature", setUp.Quadrature.ToString());
        json.WriteString("stepping", SpecificationFields.Kebab(setUp.Stepping.ToString()));
        json.WriteNumber("samples", setUp.Samples);
        if (setUp.Samples > 0)
        {
            json.WriteNumber("seed", setUp.Seed);
            json.WriteString("estimator", SpecificationFields.Kebab(setUp.Estimator.ToString()));
        }

        Text(json, "version", data.ProgramVersion);
        json.WriteEndObject();
    }

    private static void Theory(Utf8JsonWriter json, TheorySeries series)
    {
        json.WriteStartObject();
        json.WriteString("label", series.Label);
        json.WriteString("role", RoleName(series.Role));
        Text(json, "description", series.Description);
        Text(json, "quadrature", series.Quadrature);
        Text(json, "stepping", series.Stepping);
        Text(json, "failure", series.Failure);
        Proof(json, series.Proof);
        Depths(json, series.Pairs, series.Layers, series.Times);
        Table(json, "K0", series.K0);
        Matrices(json, "V4", series.V4);
        Table(json, "K1", series.K1);
        Table(json, "U1", series.U1);
        if (series.Truncation is { } cut)
        {
            json.WriteStartObject("truncation");
            json.WriteNumber("order", cut.Order);
            Number(json, "relativeError", cut.RelativeError);
            json.WriteEndObject();
        }

        if (series.ErrorBounds is { } bounds)
        {
            json.WriteStartObject("errorBounds");
            Bounds(json, bounds.Total);
            if (bounds.OfNumbers is { } numbers)
            {
                json.WriteStartObject("ofNumbers");
                Bounds(json, numbers);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (series.ModeChanges.Count > 0)
        {
            json.WriteStartObject("modeChanges");
            foreach ((string name, double change) in series.ModeChanges)
                Number(json, name, change);
            json.WriteEndObject();
        }

        if (series.Tangent is { } tangent)
        {
            foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values) in tangent.OverPairs)
                Table(json, name, values);
            foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values) in tangent.OverTwoPairs)
                Matrices(json, name, values);
        }

        if (series.WideEnough is { } wide)
            Wide(json, wide);

        foreach (HigherCumulant cumulant in series.HigherCumulants)
            Cumulant(json, cumulant, series.Pairs.Count);
        if (series.K1StandardErrors is { } errors)
        {
            json.WriteStartObject("standardErrors");
            Table(json, "K1", errors);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Wide(Utf8JsonWriter json, WideEnough wide)
    {
        json.WriteStartObject("wideEnough");
        Number(json, "fraction", wide.Fraction);
        json.WriteNumber("layer", wide.LastLayer);
        Number(json, "width", wide.Width);
        Number(json, "widthForV4", wide.WidthForV4);
        Number(json, "widthForK1", wide.WidthForK1);
        json.WriteNumber("givenWidth", wide.GivenWidth);
        Layer("holdsTo", wide.HoldsTo);
        Layer("leavesAt", wide.LeavesAt);
        json.WriteEndObject();

        void Layer(string name, int? layer)
        {
            if (layer is { } known) json.WriteNumber(name, known);
            else json.WriteNull(name);
        }
    }

    private static void Ensemble(Utf8JsonWriter json, EnsembleSeries series)
    {
        json.WriteStartObject();
        json.WriteString("label", series.Label);
        json.WriteNumber("width", series.Width);
        json.WriteNumber("samples", series.Samples);
        Proof(json, series.Proof);
        Depths(json, series.Pairs, series.Layers, series.Times);
        Table(json, "K0", series.K0);
        Table(json, "G", series.G);
        Matrices(json, "V4", series.V4);
        Table(json, "K1", series.K1);
        Table(json, "U1", series.U1);
        foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values, _) in series.Tangent?.OverPairs ?? [])
            Table(json, name, values);
        foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values, _) in series.Tangent?.OverTwoPairs ?? [])
            Matrices(json, name, values);
        json.WriteStartObject("standardErrors");
        Table(json, "G", series.GStandardErrors);
        Matrices(json, "V4", series.V4StandardErrors);
        Table(json, "K1", series.K1StandardErrors);
        Table(json, "U1", series.U1StandardErrors);
        foreach ((string name, _, IReadOnlyList<IReadOnlyList<double>>? tangentErrors) in series.Tangent?.OverPairs ?? [])
            Table(json, name, tangentErrors);
        foreach ((string name, _, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> tangentErrors) in series.Tangent?.OverTwoPairs ?? [])
            Matrices(json, name, tangentErrors);
        json.WriteEndObject();
        if (series.Predictions.Count > 0)
        {
            json.WriteStartArray("predictions");
            foreach (FinitePrediction prediction in series.Predictions)
            {
                json.WriteStartObject();
                json.WriteNumber("order", prediction.Order);
                Table(json, "G", prediction.G);
                Matrices(json, "V4", prediction.V4);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (series.Gains is { } gains)
        {
            json.WriteStartObject("gains");
            Table(json, "G", gains.Mean);
            Matrices(json, "V4", gains.V4);
            Table(json, "K1", gains.Mean);
            Table(json, "U1", gains.Source);
            Tables(json, series.Tangent?.Gains);
            json.WriteEndObject();
        }

        if (series.Reliability is { } reliability)
        {
            json.WriteStartObject("effectiveSamples");
            Table(json, "G", reliability.Mean);
            Matrices(json, "V4", reliability.V4);
            Table(json, "K1", reliability.Mean);
            Table(json, "U1", reliability.Source);
            Tables(json, series.Tangent?.EffectiveSamples);
            json.WriteEndObject();
            if (reliability.V4Truncation is { } truncation)
            {
                json.WriteStartObject("truncationBounds");
                Matrices(json, "V4", truncation);
                Tables(json, series.Tangent?.Truncation);
                json.WriteEndObject();
            }

            json.WriteStartArray("warnings");
            foreach (string warning in reliability.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Tables(Utf8JsonWriter json, TangentTables? tables)
    {
        foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values) in tables?.OverPairs ?? [])
            Table(json, name, values);
        foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values) in tables?.OverTwoPairs ?? [])
            Matrices(json, name, values);
    }

    /// <summary>Writes "proof", and "unproved" with what is not.</summary>
    internal static void Proof(Utf8JsonWriter json, Proof? proof)
    {
        if (proof is null)
            return;
        json.WriteString("proof", proof.Status);
        json.WriteStartArray("unproved");
        foreach (string sentence in proof.Unproved) json.WriteStringValue(sentence);
        json.WriteEndArray();
    }

    private static void StepSize(Utf8JsonWriter json, StepSizeRun run)
    {
        json.WriteStartObject();
        Number(json, "step", run.Step);
        if (run.Theory is { } theory)
        {
            json.WritePropertyName("theory");
            Theory(json, theory);
        }

        if (run.Ensemble is { } ensemble)
        {
            json.WritePropertyName("simulation");
            Ensemble(json, ensemble);
        }

        json.WriteEndObject();
    }

    private static void Residual(Utf8JsonWriter json, ResidualSeries series)
    {
        json.WriteStartObject();
        json.WritePropertyName("component");
        json.WriteRawValue($"[{PairText(series.First)}, {PairText(series.Second)}]");
        Row(json, "layers", series.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)));
        Row(json, "times", series.Times);
        Row(json, "transport", series.Transport);
        Row(json, "source", series.Source);
        Row(json, "total", series.Total);
        json.WriteStartObject("standardErrors");
        Row(json, "transport", series.TransportStandardErrors);
        Row(json, "source", series.SourceStandardErrors);
        Row(json, "total", series.TotalStandardErrors);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Headline(Utf8JsonWriter json, HeadlineRow row)
    {
        json.WriteStartObject();
        json.WriteString("quantity", row.Quantity.ToString());
        json.WritePropertyName("pairs");
        json.WriteRawValue(row.SecondPair is { } second ? $"[{PairText(row.Pair)}, {PairText(second)}]" : $"[{PairText(row.Pair)}]");
        json.WriteNumber("layer", row.Layer);
        Number(json, "time", row.Time);
        Number(json, "theory", row.Theory);
        Number(json, "simulation", row.Simulation);
        Number(json, "standardError", row.StandardError);
        Number(json, "z", row.ZScore);
        Number(json, "publishedTheory", row.PublishedTheory);
        Number(json, "publishedSimulation", row.PublishedSimulation);
        Number(json, "publishedSimulationStandardError", row.PublishedSimulationStandardError);
        json.WriteEndObject();
    }

    private static void Check(Utf8JsonWriter json, SamplerCheck check)
    {
        json.WriteStartObject();
        json.WriteString("network", check.Subject);
        json.WriteString("quantity", check.Quantity.ToString());
        json.WriteNumber("layer", check.Layer);
        json.WriteString("source", check.Source);
        Number(json, "value", check.Expected);
        Number(json, "valueStandardError", check.ExpectedStandardError);
        Number(json, "simulation", check.Simulation);
        Number(json, "standardError", check.StandardError);
        Number(json, "z", check.ZScore);
        json.WriteEndObject();
    }

    private static void Step(Utf8JsonWriter json, DerivationStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("number", step.Number);
        json.WriteString("title", step.Title);
        json.WriteString("prose", step.Prose);
        json.WriteString("latex", step.Latex);
        json.WriteEndObject();
    }

    private static void Gallery(Utf8JsonWriter json, DiagramGallery gallery)
    {
        json.WriteStartObject("diagrams");
        Depths(json, gallery.Pairs, gallery.Layers, gallery.Times);
        Array(json, "cumulants", gallery.Cumulants, (_, cumulant) =>
        {
            json.WriteStartObject();
            json.WriteString("name", cumulant.Name);
            json.WriteNumber("external", cumulant.Legs);
            json.WriteNumber("loops", cumulant.Loops);
            Table(json, "solved", cumulant.Solved);
            Array(json, "diagrams", cumulant.Diagrams, (_, diagram) =>
            {
                json.WriteStartObject();
                json.WriteString("id", diagram.Id);
                json.WriteString("symmetryFactor", diagram.SymmetryFactor);
                json.WriteNumber("labellings", diagram.Labellings);
                json.WriteString("notation", diagram.Notation);
                Table(json, "values", diagram.Values);
                json.WriteEndObject();
            });
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Note(Utf8JsonWriter json, ReportNote note)
    {
        json.WriteStartObject();
        json.WriteBoolean("warning", note.IsWarning);
        json.WriteString("sentence", note.Sentence);
        json.WriteEndObject();
    }

    private static void Depths(Utf8JsonWriter json, IReadOnlyList<InputPair> pairs, IReadOnlyList<int> layers, IReadOnlyList<double> times)
    {
        Row(json, "pairs", pairs.Select(PairText));
        Row(json, "layers", layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)));
        Row(json, "times", times);
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    // A row of numbers stays on one line: the file is read by people too.
    private static void Row(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", items)}]");
    }

    private static void Row(Utf8JsonWriter json, string name, IReadOnlyList<double>? values)
    {
        if (values is not null)
            Row(json, name, values.Select(NumberText));
    }

    private static void Bounds(Utf8JsonWriter json, ErrorBounds bounds)
    {
        Matrices(json, "V4", bounds.V4);
        Table(json, "K1", bounds.K1);
    }

    private static void Table(Utf8JsonWriter json, string name, IReadOnlyList<IReadOnlyList<double>>? rows)
    {
        if (rows is null)
            return;
        json.WriteStartArray(name);
        foreach (var row in rows)
            json.WriteRawValue($"[{string.Join(", ", row.Select(NumberText))}]");
        json.WriteEndArray();
    }

    private static void Matrices(Utf8JsonWriter json, string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? matrices)
    {
        if (matrices is null)
            return;
        json.WriteStartArray(name);
        foreach (var matrix in matrices)
        {
            json.WriteStartArray();
            foreach (var row in matrix)
                json.WriteRawValue($"[{string.Join(", ", row.Select(NumberText))}]");
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // All components, one level of arrays for each pair, as V4 has them.
    private static void Cumulant(Utf8JsonWriter json, HigherCumulant cumulant, int pairs)
    {
        json.WriteStartArray(cumulant.Name);
        foreach (IReadOnlyList<double> record in cumulant.Components)
            Level(record, []);
        json.WriteEndArray();

        void Level(IReadOnlyList<double> record, int[] indices)
        {
            if (indices.Length == cumulant.Legs - 1)
            {
                json.WriteRawValue($"[{string.Join(", ", Enumerable.Range(0, pairs).Select(last => NumberText(record[HigherCumulant.Place([.. indices, last], pairs)])))}]");
                return;
            }

            json.WriteStartArray();
            for (int pair = 0; pair < pairs; pair++)
                Level(record, [.. indices, pair]);
            json.WriteEndArray();
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not { } number)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(NumberText(number));
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string NumberText(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    private static string PairText(InputPair pair) => FormattableString.Invariant($"[{pair.First}, {pair.Second}]");

    private static string RoleName(SeriesRole role) => role switch
    {
        SeriesRole.Main => "main",
        SeriesRole.SourceOnly => "source-only",
        SeriesRole.ExactSource => "exact-source",
        SeriesRole.Published => "published",
        _ => "alternative",
    };
}

using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The parts of the page below its heading; each is empty where the data for it is missing.</summary>
internal static class Sections
{
    /// <summary>A figure with its panels and caption.</summary>
    public static string Figure(Figure? figure, ref int number)
    {
        if (figure is null)
            return "";
        var html = new StringBuilder();
        html.Append($"<figure id=\"{figure.Id}\">\n<div class=\"{(figure.Panels.Count == 1 ? "panels single" : "panels")}\">\n");
        foreach (var panel in figure.Panels)
            html.Append(panel.ToSvg());
        number++;
        return html.Append($"</div>\n<figcaption><b><a href=\"#{figure.Id}\">Figure {Text(number)}</a>. {figure.Title}.</b> {figure.Caption} <span class=\"files\">{Files(figure)}</span></figcaption>\n</figure>\n").ToString();
    }

    // Each panel as a file, and its numbers.
    private static string Files(Figure figure) => string.Join(" ", figure.Panels.Select((panel, at) =>
        $"{(figure.Panels.Count == 1 ? "" : $"({(char)('a' + at)}) ")}<a href=\"figures/{panel.Id}.svg\">SVG</a> <a href=\"figures/{panel.Id}.pdf\">PDF</a> <a href=\"figures/{panel.Id}.csv\">data</a>"));

    /// <summary>Paragraphs of a list of sentences.</summary>
    public static string List(IEnumerable<string> sentences)
    {
        var items = sentences.Where(sentence => sentence.Length > 0).Select(sentence => $"<li>{sentence}</li>\n").ToList();
        return items.Count == 0 ? "" : $"<ul class=\"sentences\">\n{string.Concat(items)}</ul>\n";
    }

    /// <summary>Sentences run together.</summary>
    public static string Paragraph(IEnumerable<string> sentences)
    {
        string text = Captions.Join(sentences);
        return text.Length == 0 ? "" : $"<p>{text}</p>\n";
    }

    /// <summary>What of a table is not proved, to stand above it.</summary>
    public static string Proof(Proof? proof) => proof is { IsProved: false } ? Paragraph([Captions.Escape(proof.Sentence)]) : "";

    /// <summary>The program of layers as a picture and as it is written; empty for a flat network.</summary>
    public static string Program(ReportView view) => view.SetUp.Layers is not { } program ? "" :
        $"<p>What its layers do to the stream <i>φ</i>, in order. A layer of the results is complete where the stream is a field again; layer 0 is the input.</p>\n<pre class=\"picture\">{Captions.Escape(LayersPicture.Of(program))}</pre>\n"
        + $"<details><summary>As it is written</summary><pre>{Captions.Escape("network:\n  layers:\n" + LayersWriter.Yaml(program, 4))}</pre></details>\n";

    /// <summary>Which width is wide enough.</summary>
    public static string WideEnough(ReportView view) => view.Main?.WideEnough is { } wide
        ? Paragraph([WideEnoughText.Of(wide, isMarkup: true), $"To leading order in 1/<i>n</i>, by the closure {Captions.Escape(view.Main.Label)}, for every input with itself and every layer from 0 on; another fraction with --fraction."])
        : "";

    /// <summary>The headline table: theory, simulation, z, and what was published.</summary>
    public static string Headline(ReportView view)
    {
        var rows = view.Data.Headline;
        if (rows.Count == 0)
            return "";
        bool simulated = rows.Any(row => row.Simulation is not null);
        bool publishedTheory = rows.Any(row => row.PublishedTheory is not null), publishedSimulation = rows.Any(row => row.PublishedSimulation is not null);
        var columns = new List<string> { $"{(view.UsesTime ? "<i>t</i>" : "<i>l</i>")}", $"theory" };
        if (simulated)
            columns.AddRange(["simulation ± s.e.", "<i>z</i>"]);
        if (publishedTheory)
            columns.Add("published theory");
        if (publishedSimulation)
            columns.Add("published simulation");

        var html = new StringBuilder(Proof(view.Main?.Proof));
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Theory and simulation\">\n<table>\n<thead><tr><th scope=\"col\">quantity</th>");
        foreach (string column in columns)
            html.Append($"<th scope=\"col\" class=\"n\">{column}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        InputPair? previous = null;
        foreach (var row in rows)
        {
            var component = new Component(row.Quantity, row.Pair, row.SecondPair);
            html.Append(row.Pair != previous && previous is not null ? "<tr class=\"first\">" : "<tr>");
            html.Append($"<th scope=\"row\">{component.MathMl}</th>");
            previous = row.Pair;
            Cell(html, view.UsesTime ? ReportView.TimeText(row.Time) : NumberText.Count(row.Layer));
            Cell(html, row.Theory is { } theory ? NumberText.Significant(theory, 6) : NumberText.Missing);
            if (simulated)
            {
                Cell(html, row.Simulation is { } simulation ? NumberText.Uncertain(simulation, row.StandardError) : NumberText.Missing);
                Cell(html, row.ZScore is { } z ? NumberText.ZScore(z) : NumberText.Missing, row.ZScore is { } score && Math.Abs(score) > 3 ? "n far" : "n");
            }

            if (publishedTheory)
                Cell(html, row.PublishedTheory is { } value ? NumberText.Plain(value) : NumberText.Missing);
            if (publishedSimulation)
                Cell(html, row.PublishedSimulation is { } value ? NumberText.Plain(value) + (row.PublishedSimulationStandardError is { } error ? $" ± {NumberText.Plain(error)}" : "") : NumberText.Missing);
            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n");
        var notes = new List<string>();
        if (simulated)
            notes.Add("<i>z</i> = (theory − simulation)/standard error, bold beyond ±3.");
        if (rows.Any(row => row.Quantity == Quantity.G))
            notes.Add($"The theory's {new Component(Quantity.G, rows.First(row => row.Quantity == Quantity.G).Pair).MathMl} is <i>K</i><sup>(0)</sup> + <i>K</i><sup>(1)</sup>/<i>n</i>.");
        return html.Append(Paragraph(notes)).ToString();
    }

    /// <summary>The sampler beside exact and published values.</summary>
    public static string SamplerChecks(ReportView view)
    {
        if (view.Data.SamplerChecks.Count == 0)
            return "";
        var html = new StringBuilder();
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Checks of the sampler\">\n<table>\n<thead><tr><th scope=\"col\">network</th><th scope=\"col\">quantity</th><th scope=\"col\">known from</th><th scope=\"col\" class=\"n\">value</th><th scope=\"col\" class=\"n\">simulation ± s.e.</th><th scope=\"col\" class=\"n\"><i>z</i></th></tr></thead>\n<tbody>\n");
        foreach (SamplerCheck check in view.Data.SamplerChecks)
        {
            InputPair first = new(0, 0);
            var component = new Component(check.Quantity, first, check.Quantity == Quantity.V4 ? first : null);
            html.Append($"<tr><th scope=\"row\">{Captions.Escape(check.Subject)}</th><td>{component.MathMl}</td><td>{Captions.Escape(check.Source)}</td>");
            Cell(html, NumberText.Significant(check.Expected, 6) + (check.ExpectedStandardError is { } error ? $" ± {NumberText.Plain(error)}" : ""));
            Cell(html, NumberText.Uncertain(check.Simulation, check.StandardError));
            Cell(html, NumberText.ZScore(check.ZScore), Math.Abs(check.ZScore) > 3 ? "n far" : "n");
            html.Append("</tr>\n");
        }

        return html.Append("</tbody>\n</table>\n</div>\n").Append(Paragraph(["<i>z</i> = (simulation − known value)/standard error of the difference, bold beyond ±3. No closure enters here."])).ToString();
    }

    /// <summary>U1 at initialisation, pair by pair; left out for more than twelve pairs.</summary>
    public static string InitialSourceTable(ReportView view)
    {
        var pairs = MeanFigures.Pairs(view);
        var theories = view.Alternatives.Prepend(view.Main).Where(theory => theory?.At(new Component(Quantity.U1, view.Diagonal), 0) is not null).ToList();
        bool measured = view.Ensemble?.At(new Component(Quantity.U1, view.Diagonal), 0) is not null;
        if (pairs.Count > 12 || (theories.Count == 0 && !measured))
            return "";
        var html = new StringBuilder();
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"U1 at initialisation\">\n<table>\n<thead><tr><th scope=\"col\">at <i>l</i> = 0</th><th scope=\"col\" class=\"n\">theorem</th>");
        foreach (var theory in theories)
            html.Append($"<th scope=\"col\" class=\"n\">{Captions.Escape(theory!.Label)}</th>");
        html.Append(measured ? "<th scope=\"col\" class=\"n\">simulation ± s.e.</th><th scope=\"col\" class=\"n\">s.e. from 0</th>" : "").Append("</tr></thead>\n<tbody>\n");
        foreach (var pair in pairs)
        {
            var component = new Component(Quantity.U1, pair);
            html.Append($"<tr><th scope=\"row\">{component.MathMl}</th><td class=\"n\">0</td>");
            foreach (var theory in theories)
                Cell(html, theory!.At(component, 0) is { } value ? NumberText.Significant(value, 4) : NumberText.Missing);
            if (measured)
            {
                var found = view.Ensemble!.At(component, 0);
                Cell(html, found is { } point ? NumberText.Uncertain(point.Value, point.Error) : NumberText.Missing);
                Cell(html, found is { Error: > 0 } known ? NumberText.ZScore(known.Value / known.Error.Value) : NumberText.Missing);
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody>\n</table>\n</div>\n").ToString();
    }

    /// <summary>What the two treatments are.</summary>
    public static string SchemeIntroduction(ReportView view) =>
        view.Published is { } published && view.Main is { } main
            ? Paragraph([$"The same equations in two numerical treatments: {Captions.Name(published)} ({SchemeFigures.Scheme(published)}) and {Captions.Name(main)} ({SchemeFigures.Scheme(main)})."])
            : "";

    /// <summary>The published scheme, the recomputed theory and the simulation at the last common depth.</summary>
    public static string SchemeTable(ReportView view)
    {
        if (view.Published is not { } published || view.Main is not { } main || view.LastCommon(main) is not { } last)
            return "";
        var rows = new StringBuilder();
        bool simulated = view.Ensemble is not null;
        foreach (var component in SchemeFigures.Components(view))
        {
            if (published.At(component, last.Layer) is not { } p || main.At(component, last.Layer) is not { } m)
                continue;
            rows.Append($"<tr><th scope=\"row\">{component.MathMl}</th>");
            Cell(rows, NumberText.Significant(p, 5));
            Cell(rows, NumberText.Significant(m, 6));
            Cell(rows, Sentences.Relative(p, m));
            if (simulated)
            {
                var measured = view.Ensemble!.At(component, last.Layer);
                Cell(rows, measured is { } found ? NumberText.Uncertain(found.Value, found.Error) : NumberText.Missing);
                foreach (double value in new[] { p, m })
                    Cell(rows, measured is { } point ? Deviation(value, point.Value, point.Error) : NumberText.Missing);
            }

            rows.Append("</tr>\n");
        }

        if (rows.Length == 0)
            return "";
        string names = $"<th scope=\"col\" class=\"n\">{Captions.Escape(published.Label)}</th><th scope=\"col\" class=\"n\">{Captions.Escape(main.Label)}</th>";
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Published and recomputed numbers\">\n<table class=\"dense\">\n<thead>" +
            (simulated ? "<tr><th colspan=\"5\"></th><th colspan=\"2\" class=\"n group\">deviation from the simulation (<i>z</i>)</th></tr>\n" : "") +
            $"<tr><th scope=\"col\">at {view.DepthText(last.Layer, last.Time)}</th>{names}<th scope=\"col\" class=\"n\">difference</th>" +
            (simulated ? $"<th scope=\"col\" class=\"n\">simulation ± s.e.</th>{names}" : "") +
            $"</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n";
    }

    // In per cent where the measured value is clear of zero, otherwise as a number.
    private static string Deviation(double value, double measured, double? error)
    {
        double difference = value - measured;
        string size = Math.Abs(measured) > 3 * (error ?? 0) && measured != 0
            ? Sentences.Relative(value, measured)
            : (difference < 0 ? "\u2212" : "+") + NumberText.Significant(Math.Abs(difference), 2);
        return error is > 0 ? $"{size} ({NumberText.ZScore(difference / error.Value)})" : size;
    }

    /// <summary>The derivation, step by step.</summary>
    public static string Derivation(ReportView view)
    {
        var html = new StringBuilder("<ol class=\"steps\">\n");
        foreach (var step in view.Data.Derivation)
        {
            html.Append($"<li id=\"step-{Text(step.Number)}\"><h3><span class=\"number\">{Text(step.Number)}.</span> {ProseMathematics.Html(step.Title)}</h3>\n<p>{ProseMathematics.Html(step.Prose)}</p>\n");
            if (MathMlCheck.Lines(step) is { Count: > 0 } lines)
                html.Append($"<div class=\"equation\" tabindex=\"0\" role=\"group\" aria-label=\"Equations of step {Text(step.Number)}\">\n{string.Concat(lines.Select(line => $"<div>{line}</div>\n"))}</div>\n");
            if (!string.IsNullOrWhiteSpace(step.Latex))
                html.Append($"<details><summary>LaTeX of step {Text(step.Number)}</summary><pre>{Captions.Escape(step.Latex)}</pre></details>\n");
            html.Append("</li>\n");
        }

        return html.Append("</ol>\n").ToString();
    }

    /// <summary>The set-up as a table.</summary>
    public static string SetUp(ReportView view)
    {
        Specification setUp = view.SetUp;
        Network network = setUp.Network;
        (string, string)[] process = setUp.Layers is { } program ? [("layers", $"<pre class=\"picture\">{Captions.Escape(LayersPicture.Of(program))}</pre>")] :
        [
            ("process", "<i>φ</i>′ = <i>αφ</i> + <i>ε</i>(<i>Wσ</i>(<i>φ</i>) + <i>b</i>), <i>W<sub>ij</sub></i> ~ N(0, <i>C<sub>W</sub></i>/<i>n</i>), <i>b<sub>i</sub></i> ~ N(0, <i>C<sub>b</sub></i>)"),
            ("activation", $"<i>σ</i>(<i>x</i>) = {Captions.Escape(network.Activation)}"),
            ("weight variance <i>C<sub>W</sub></i>", NumberText.Plain(network.WeightVariance)),
            ("bias variance <i>C<sub>b</sub></i>", NumberText.Plain(network.BiasVariance)),
            ("skip <i>α</i>", NumberText.Plain(network.Skip)),
            ("step <i>ε</i>", NumberText.Plain(network.Step)),
        ];
        var rows = new List<(string, string)>(process)
        {
            ("depth <i>L</i>", NumberText.Count(network.Depth) + (view.UsesTime ? $" (<i>t</i> = <i>ε</i>²<i>L</i> = {ReportView.TimeText(network.Step * network.Step * network.Depth)})" : "")),
            ("width <i>n</i>", NumberText.Count(setUp.Width)),
            ($"initial kernel <i>K</i>(0), <i>N</i> = {Text(setUp.Inputs)}", Kernel(network)),
            ("closure", Captions.Escape(setUp.Closure)),
            ("quadrature", Captions.Escape(setUp.Quadrature.ToString())),
            ("stepping", SpecificationFields.Kebab(setUp.Stepping.ToString())),
            ("simulation", setUp.Samples > 0
                ? $"{NumberText.Count(setUp.Samples)} networks, seed {setUp.Seed.ToString(CultureInfo.InvariantCulture)}, estimator {SpecificationFields.Kebab(setUp.Estimator.ToString())}"
                : "none"),
        };
        var html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Set-up\">\n<table class=\"facts\">\n<tbody>\n");
        foreach (var (name, value) in rows)
            html.Append($"<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>\n");
        return html.Append("</tbody>\n</table>\n</div>\n").ToString();
    }

    private static string Kernel(Network network)
    {
        const int most = 6;
        var html = new StringBuilder("<math><mrow><mo>(</mo><mtable>");
        int shown = Math.Min(most, network.Inputs);
        for (int a = 0; a < shown; a++)
        {
            html.Append("<mtr>");
            for (int b = 0; b < shown; b++)
                html.Append($"<mtd><mn>{NumberText.Plain(network.Kernel[a, b])}</mn></mtd>");
            html.Append("</mtr>");
        }

        html.Append("</mtable><mo>)</mo></mrow></math>");
        return html + (network.Inputs > most ? $" (the first {Text(most)} inputs; all in <a href=\"data.json\">data.json</a>)" : "");
    }

    private static void Cell(StringBuilder html, string content, string style = "n") => html.Append($"<td class=\"{style}\">{content}</td>");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

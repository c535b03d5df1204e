using System.Text;
using SymbolicEft.Cli.Reporting.Latex;
using SymbolicEft.Cli.Reporting.Page;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// The report as one HTML file that needs no network and no script: equations as MathML, figures as SVG, style inside. It is
/// well-formed XML as well. A section whose data is missing is left out.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="data">The data; see <see cref="ReportValidation.Check(ReportData)"/> for what must hold.</param>
    /// <returns>The page, the same characters for the same data.</returns>
    /// <exception cref="ReportException">The data is inconsistent, or a derivation step's MathML is not well-formed.</exception>
    public static string Render(ReportData data)
    {
        ReportValidation.Check(data);
        var view = new ReportView(data);
        var sections = new List<(string Id, string Title, string Body)>();
        int number = 0;

        string answer = Answer.Sentences(view);
        Add(sections, "answer", "The answer", answer + Sections.Figure(Answer.Figure(view), ref number));
        Add(sections, "brief", "In brief", Sections.List(Sentences.InBrief(view)));
        Add(sections, "network", "The network", Sections.Program(view));
        Add(sections, "numbers", "Theory and simulation", Sections.Headline(view));
        Add(sections, "wide", "How wide is wide enough", Sections.WideEnough(view));
        Add(sections, "variance", "The kernel and its fluctuations",
            Sections.Figure(VarianceFigures.KernelAndVariance(view), ref number)
            + WithText(Sections.Figure(VarianceFigures.StepSizes(view), ref number), Sections.Paragraph([Sentences.StepSizes(view)])));
        Add(sections, "mean", "The mean at finite width",
            Sections.Figure(MeanFigures.MeanCorrection(view), ref number) + Sections.Figure(MeanFigures.Source(view), ref number));
        string orders = Sections.Figure(OrderFigures.Figure(view), ref number);
        Add(sections, "orders", "The network at its own width, order by order", WithText(orders, Sections.List(OrderFigures.Sentences(view))));
        Add(sections, "closures", "Closures and the exact leading order", data.Closures is null ? "" :
            ClosureTables.Introduction(view) + ClosureTables.Numbers(view) + Sections.Figure(ClosureFigures.Deviations(view), ref number));
        Add(sections, "windows", "How far each closure can be trusted", ClosureTables.Windows(view));
        Add(sections, "budget", "The variance by Hermite orders", ClosureTables.Budget(view));
        Add(sections, "residual", "One-step residual of the variance equation",
            WithText(Sections.Figure(ResidualFigures.Residuals(view), ref number), Sections.List(Sentences.Residuals(view))));
        string initial = Sections.Figure(MeanFigures.SourceAtInitialisation(view), ref number);
        Add(sections, "initialisation", "The source at initialisation",
            initial.Length == 0 ? "" : Sections.List(Sentences.Initialisation(view)) + initial + Sections.InitialSourceTable(view));
        string scheme = Sections.Figure(SchemeFigures.PublishedBesideMain(view), ref number);
        Add(sections, "published", "Published and recomputed numbers",
            scheme.Length == 0 ? "" : Sections.SchemeIntroduction(view) + Sections.SchemeTable(view) + Sections.List(Sentences.Schemes(view)) + scheme);
        Add(sections, "sampler", "Checks of the sampler", Sections.SamplerChecks(view));
        Add(sections, "derivation", "The derivation", data.Derivation.Count == 0 ? "" : Sections.Derivation(view));
        Add(sections, "diagrams", "Diagrams", data.Diagrams is null
            ? ""
            : $"<p>Every diagram of {string.Join(", ", data.Diagrams.Cumulants.Select(cumulant => cumulant.Name.Replace('_', ',')))} with its symmetry factor, its term and its value along the flow: <a href=\"{DiagramsPage.Name}\">{DiagramsPage.Name}</a>.</p>\n");
        Add(sections, "set-up", "Set-up", Sections.SetUp(view));
        Add(sections, "methods", "Methods", Sections.Paragraph(Sentences.Methods(view)));
        Add(sections, "notes", "Notes", Sections.List(data.Notes.Where(note => !note.IsWarning).Select(note => Captions.Escape(note.Sentence))));
        Add(sections, "data", "Data", "<p>Every number of this page, with all digits and all components: <a href=\"data.json\">data.json</a>, <a href=\"data.csv\">data.csv</a>. "
            + "In <a href=\"figures\">figures</a> each panel is an SVG file and a PDF file with its numbers beside it; "
            + $"<a href=\"{LatexReport.FileName}\">{LatexReport.FileName}</a> has figures, tables, captions and methods for a paper, <a href=\"{LatexReport.ReferencesName}\">{LatexReport.ReferencesName}</a> its references.</p>\n");

        string title = Captions.Escape(data.SetUp.Name);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
            .Append($"<title>{title}: kernel fluctuations at finite width</title>\n<style>\n{PageStyle.LightOrDark}</style>\n</head>\n<body>\n")
            .Append($"<header>\n<h1>Kernel fluctuations at finite width: {title}</h1>\n<p class=\"subtitle\">{Subtitle(view)}</p>\n<nav aria-label=\"Sections\"><ul>\n");
        foreach (var section in sections)
            html.Append($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>\n");
        html.Append("</ul></nav>\n</header>\n<main>\n").Append(Warnings(data));
        foreach (var section in sections)
            html.Append($"<section aria-labelledby=\"{section.Id}\">\n<h2 id=\"{section.Id}\">{section.Title}</h2>\n{section.Body}</section>\n");
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>The figures of the page, in its order.</summary>
    internal static IEnumerable<Figure> Figures(ReportView view) => new[]
    {
        Answer.Figure(view), VarianceFigures.KernelAndVariance(view), VarianceFigures.StepSizes(view), MeanFigures.MeanCorrection(view), MeanFigures.Source(view), OrderFigures.Figure(view), ClosureFigures.Deviations(view),
        ResidualFigures.Residuals(view), MeanFigures.SourceAtInitialisation(view), SchemeFigures.PublishedBesideMain(view),
    }.OfType<Figure>();

    private static void Add(List<(string Id, string Title, string Body)> sections, string id, string title, string body)
    {
        if (body.Length > 0)
            sections.Add((id, title, body));
    }

    private static string WithText(string figure, string text) => figure.Length == 0 ? "" : text + figure;

    private static string Subtitle(ReportView view)
    {
        var setUp = view.SetUp;
        if (setUp.Layers is not null)
            return $"Program of layers, width {NumberText.Count(setUp.Width)}, {NumberText.Count(setUp.Network.Depth)} layers; closure {Captions.Escape(setUp.Closure)}.";
        string kind = setUp.Network.Skip == 1 ? "Pre-activation ResNet" : setUp.Network.Skip == 0 ? "Multilayer perceptron" : $"Network with skip <i>α</i> = {NumberText.Plain(setUp.Network.Skip)}";
        return $"{kind}, <i>σ</i>(<i>x</i>) = {Captions.Escape(setUp.Network.Activation)}, width {NumberText.Count(setUp.Width)}, {NumberText.Count(setUp.Network.Depth)} layers; closure {Captions.Escape(setUp.Closure)}.";
    }

    private static string Warnings(ReportData data)
    {
        var sentences = data.Notes.Where(note => note.IsWarning).Select(note => Captions.Escape(note.Sentence)).Concat(Sentences.NotFinite(data));
        var warnings = sentences.Select(sentence => $"<p>{sentence}</p>\n").ToList();
        return warnings.Count == 0 ? "" : $"<div class=\"warnings\" role=\"note\">\n<p><b>{(warnings.Count == 1 ? "Warning" : "Warnings")}</b></p>\n{string.Concat(warnings)}</div>\n";
    }
}

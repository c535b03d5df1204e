using System.Globalization;
using System.Text;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The gallery: every diagram of the theory's cumulants with its symmetry factor, its terms and its value along the flow.</summary>
internal static class DiagramsPage
{
    /// <summary>The name of the page in the report folder.</summary>
    public const string Name = "diagrams.html";

    // A chart with more curves than this shows the largest and the rest as one.
    private const int MostCurves = 5;

    private static string Css { get; } = EmbeddedText.Of(typeof(DiagramsPage).Assembly, "diagrams.css");

    /// <summary>Writes the page.</summary>
    /// <param name="data">The report's data.</param>
    /// <param name="gallery">The diagrams.</param>
    public static string Render(ReportData data, DiagramGallery gallery)
    {
        var view = new ReportView(data);
        string title = Captions.Escape(data.SetUp.Name);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
            .Append($"<title>{title}: diagrams and their values</title>\n<style>\n{PageStyle.LightOrDark}{Css}</style>\n</head>\n<body>\n")
            .Append($"<header>\n<h1>Diagrams and their values: {title}</h1>\n<p class=\"subtitle\">Back to <a href=\"{ReportWriter.PageName}\">the report</a>.</p>\n<nav aria-label=\"Cumulants\"><ul>\n");
        foreach (CumulantDiagrams cumulant in gallery.Cumulants)
            html.Append($"<li><a href=\"#{cumulant.Name}\" aria-label=\"{cumulant.Letter}^{cumulant.Above}\">{Symbol(cumulant, null)}</a></li>\n");
        html.Append("</ul></nav>\n</header>\n<main>\n").Append(Introduction(gallery));
        foreach (CumulantDiagrams cumulant in gallery.Cumulants)
            Cumulant(html, view, gallery, cumulant);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Introduction(DiagramGallery gallery) => (gallery.IsOfClock ? OfClock : OfKernel)
        + $"<p>Values are coefficients of powers of 1/<i>n</i>, with all legs on the inputs {string.Join(" or on ", gallery.Pairs.Select(pair => FormattableString.Invariant($"({pair.First}, {pair.Second})")))}; "
        + "each comes from the diagram’s own equation, integrated over depth, and the sum is checked against the cumulant’s.</p>\n";

    private static string OfClock { get; } =
        "<p>Each cumulant of the kernel of the network itself is a sum of diagrams of the random clock: the kernel that the layers have fed in, at which modes are martingales. Time runs from left to right. A full line is a change of the clock, "
        + "a dashed one the average of a mode over neurons, a dotted end a leg of <i>G</i>. A circle is a drift vertex of the clock; a hexagon stands where averages are over the same neurons, at 1/<i>n</i>, and their functions are multiplied. "
        + "There is no noise. The bold number is the symmetry factor; diagrams that differ by the order of their legs alone are drawn once.</p>\n<p>"
        + ProseMathematics.Html("Below it is every term of the cumulant's equation that the diagram is part of, for the mean of G, or of G = Khat + <H>: f_r:p is a derivative of f_r = C_W sigma_a sigma_b + C_b in K_p, d_p puts one of its two derivatives on each of two functions, "
            + "and kappa^(L) is the cumulant with L loops of components of Khat and, behind the bar, of averages over different neurons.")
        + "</p>\n";

    private static string OfKernel { get; } =
        "<p>Each cumulant of the kernel is a sum of diagrams. Time runs from left to right: a square is the noise of a layer (a diamond its third cumulant), a triangle a cumulant of the Gaussian initial rows, a circle a drift vertex; "
        + "an arrow marks the response end of a line, an open circle an external leg. The bold number is the symmetry factor; diagrams that differ by the order of their legs alone are drawn once.</p>\n"
        + "<p>A diagram's formula is every term of the cumulant's equation that it is part of: <math><msup><mi>c</mi><mtext>(p,m)</mtext></msup></math> is the derivative of order <i>m</i>, by the kernel at <i>K</i><sup>(0)</sup>, of the conditional cumulant of <i>p</i> components of <i>G</i>; "
        + "before its bar stand the index pairs that it drives, behind it numbers for the pairs of its kernel legs, summed over.</p>\n";

    private static void Cumulant(StringBuilder html, ReportView view, DiagramGallery gallery, CumulantDiagrams cumulant)
    {
        int last = gallery.Layers.Count - 1;
        string depth = view.DepthText(gallery.Layers[last], gallery.Times[last]);
        string counted = cumulant.Diagrams.Count == 1 ? "One diagram" : $"{NumberText.Count(cumulant.Diagrams.Count)} diagrams";
        html.Append($"<section aria-labelledby=\"{cumulant.Name}\">\n<h2 id=\"{cumulant.Name}\">{Symbol(cumulant, null)}: {Text(cumulant.Legs)} {(cumulant.Legs == 1 ? "leg" : "legs")}, {Text(cumulant.Loops)} {(cumulant.Loops == 1 ? "loop" : "loops")}</h2>\n<p>{counted}");
        html.Append($" at <i>n</i><sup>−{Text(cumulant.Legs + cumulant.Loops - 1)}</sup>. ");
        for (int pair = 0; pair < gallery.Pairs.Count; pair++)
        {
            double sum = cumulant.Diagrams.Sum(diagram => diagram.Values[pair][last]);
            html.Append($"{Symbol(cumulant, gallery.Pairs[pair])} at {depth}: the sum is {NumberText.Significant(sum, 6)}, the solved equation gives {NumberText.Significant(cumulant.Solved[pair][last], 6)}. ");
        }

        html.Append("</p>\n<div class=\"panels single\">\n").Append(Chart(view, gallery, cumulant).ToSvg()).Append("</div>\n<div class=\"diagrams\">\n");
        foreach (ValuedDiagram diagram in cumulant.Diagrams)
            Figure(html, view, gallery, cumulant, diagram);
        html.Append("</div>\n</section>\n");
    }

    private static Chart Chart(ReportView view, DiagramGallery gallery, CumulantDiagrams cumulant)
    {
        List<ChartPoint> Points(IEnumerable<double> values) =>
            [.. values.Select((value, record) => new ChartPoint(view.Depth(gallery.Layers[record], gallery.Times[record]), value))];
        var series = new List<ChartSeries>();
        List<ValuedDiagram> ordered = [.. cumulant.Diagrams.OrderByDescending(diagram => diagram.Values[0].Max(Math.Abs))];
        int shown = ordered.Count <= MostCurves + 1 ? ordered.Count : MostCurves;
        for (int at = 0; at < shown; at++)
            series.Add(new ChartSeries($"{RichText.Literal(ordered[at].SymmetryFactor)} {RichText.Literal(ordered[at].Name)}", SeriesKind.Line, Styles.Family[1 + (at % (Styles.Family.Count - 1))] with { Marker = Marker.None }, Points(ordered[at].Values[0])));
        if (shown < ordered.Count)
        {
            IEnumerable<double> rest = Enumerable.Range(0, gallery.Layers.Count).Select(record => ordered.Skip(shown).Sum(diagram => diagram.Values[0][record]));
            series.Add(new ChartSeries($"the other {Text(ordered.Count - shown)}", SeriesKind.Line, Styles.Guide, Points(rest)));
        }

        series.Add(new ChartSeries("sum of all", SeriesKind.Line, Styles.Family[0] with { Marker = Marker.None, Width = 2.4 }, Points(Enumerable.Range(0, gallery.Layers.Count).Select(record => cumulant.Diagrams.Sum(diagram => diagram.Values[0][record])))));
        series.Add(new ChartSeries("solved equation", SeriesKind.Points, Styles.Simulation, Points(cumulant.Solved[0])));
        string indices = Indices(cumulant, gallery.Pairs[0]);
        return new Chart
        {
            Id = "values-" + cumulant.Name.Replace('_', '-'),
            Heading = $"*{cumulant.Letter}*^{{{cumulant.Above}}}_{{{indices}}} and its diagrams",
            Description = $"{cumulant.Name}_{indices} against depth, and the values of its diagrams.",
            X = view.DepthAxis,
            Y = new ChartAxis("value", IncludeZero: true),
            Series = series,
        };
    }

    private static void Figure(StringBuilder html, ReportView view, DiagramGallery gallery, CumulantDiagrams cumulant, ValuedDiagram diagram)
    {
        int last = gallery.Layers.Count - 1;
        html.Append($"<figure id=\"{cumulant.Name}-{diagram.Id[..6]}\">\n<div class=\"drawing\">{diagram.Svg}</div>\n<figcaption><span class=\"factor\">{Captions.Escape(diagram.SymmetryFactor)}</span>");
        html.Append(diagram.Labellings == 1 ? "" : $" · {Text(diagram.Labellings)} labellings").Append($" · <b>{Captions.Escape(diagram.Name)}</b><br/>\n<code>{Captions.Escape(diagram.Notation)}</code><br/>\n");
        html.Append(diagram.Terms.Count == 0 ? "value at depth 0, carried on by the linear response" : string.Join(",<br/>", diagram.Terms)).Append("<br/>\n");
        html.Append(Sparkline(view, gallery, diagram.Values[0]));
        for (int pair = 0; pair < gallery.Pairs.Count; pair++)
        {
            double value = diagram.Values[pair][last], solved = cumulant.Solved[pair][last];
            string share = solved == 0 ? "" : $" ({(value / solved < 0 ? "−" : "")}{NumberText.Percent(value / solved)})";
            html.Append($"{Symbol(cumulant, gallery.Pairs[pair])}: {NumberText.Significant(value, 5)}{share}<br/>\n");
        }

        html.Append("</figcaption>\n</figure>\n");
    }

    // The value at (0,0) over depth in a box of its own, with the zero line.
    private static string Sparkline(ReportView view, DiagramGallery gallery, IReadOnlyList<double> values)
    {
        const double width = 220, height = 44, margin = 3;
        double least = Math.Min(0, values.Min()), most = Math.Max(0, values.Max()), range = most > least ? most - least : 1;
        double end = Math.Max(view.Depth(gallery.Layers[^1], gallery.Times[^1]), double.Epsilon);
        static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
        string Y(double value) => Number(margin + ((height - (2 * margin)) * (most - value) / range));
        string points = string.Join(' ', values.Select((value, record) =>
            $"{Number(margin + ((width - (2 * margin)) * view.Depth(gallery.Layers[record], gallery.Times[record]) / end))},{Y(value)}"));
        return FormattableString.Invariant($"<svg class=\"flow\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\" role=\"img\"><title>value along depth</title>")
            + $"<line x1=\"0\" x2=\"{Number(width)}\" y1=\"{Y(0)}\" y2=\"{Y(0)}\" stroke=\"#8a8a8a\" stroke-width=\"0.8\"/><polyline points=\"{points}\" fill=\"none\" stroke=\"{Styles.Family[0].Colour}\" stroke-width=\"1.6\"/></svg>\n";
    }

    private static string Symbol(CumulantDiagrams cumulant, InputPair? pair) => pair is { } shown
        ? $"<math><msubsup><mi>{cumulant.Letter}</mi><mtext>{Indices(cumulant, shown)}</mtext><mtext>{cumulant.Above}</mtext></msubsup></math>"
        : $"<math><msup><mi>{cumulant.Letter}</mi><mtext>{cumulant.Above}</mtext></msup></math>";

    private static string Indices(CumulantDiagrams cumulant, InputPair pair) =>
        string.Join(',', Enumerable.Repeat(FormattableString.Invariant($"{pair.First}{pair.Second}"), cumulant.Legs));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

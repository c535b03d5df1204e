using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Symbolic.Languages.Xml;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>The page of a sweep: curves over one axis, maps over two, one set for each combination of the values of further axes.</summary>
internal static class SweepPage
{
    private const int MostSets = 40;

    // What has a sign, and a zero that means something, has diverging colours.
    private static bool IsSigned(int shown) => shown is 1 or 2 or 3;

    private static readonly (string Heading, Func<SweepRow, double?> Value)[] Shown =
    [
        ("*V*^{(4)}_{00,00} at the last depth", row => WithoutRounding(row.V4, row.K0 * row.K0)),
        ("*K*^{(1)}_{00} at the last depth", row => WithoutRounding(row.K1, row.K0)),
        ("*V*^{(4)}_{00,00}: deviation from the exact order (%)", row => Deviation(row.V4, row.ExactV4, row.K0 * row.K0)),
        ("*K*^{(1)}_{00}: deviation from the exact order (%)", row => Deviation(row.K1, row.ExactK1, row.K0)),
        ("*V*^{(4)}_{00,00}: window of 5 %, depth time *t*", row => row.V4Windows?[1]),
        ("*K*^{(1)}_{00}: window of 5 %, depth time *t*", row => row.K1Windows?[1]),
        ("width *n* that is wide enough", row => row.WidthNeeded),
    ];

    // What vanishes is 0, and nothing deviates from it by a share.
    private static double? WithoutRounding(double? value, double? scale) => Math.Abs(value ?? 0) <= ClosureComparison.Rounding * scale ? 0 : value;

    private static double? Deviation(double? value, double? exact, double? scale) =>
        WithoutRounding(exact, scale) is { } number and not 0 ? 100 * ((WithoutRounding(value, scale) / number) - 1) : null;

    /// <summary>The page; needs no network and no script.</summary>
    public static string Render(SweepPlan plan, IReadOnlyCollection<SweepRow> rows)
    {
        Dictionary<int, SweepRow> byPoint = rows.ToDictionary(row => row.Point);
        string title = XmlText.Escape(plan.Base.Name);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
            .Append($"<title>{title}: sweep</title>\n<style>\n{PageStyle.LightOrDark}</style>\n</head>\n<body>\n<header>\n<h1>Sweep: {title}</h1>\n")
            .Append(CultureInfo.InvariantCulture, $"<p class=\"subtitle\">Closure {XmlText.Escape(plan.Base.Closure)} beside the exact leading order in 1/<i>n</i>, hermite({plan.ExactOrder}); {rows.Count} of {plan.Count} points.</p>\n</header>\n<main>\n");
        int failures = rows.Count(row => row.Failure is not null);
        if (failures > 0)
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"warnings\" role=\"note\">\n<p>{failures} points lack numbers; the first: {XmlText.Escape(rows.First(row => row.Failure is not null).Failure!)}</p>\n</div>\n");
        if (SweepRow.Unproven(rows) is { } sentence)
            html.Append($"<div class=\"warnings\" role=\"note\">\n<p>{XmlText.Escape(sentence)} A dot in a cell marks such a point.</p>\n</div>\n");
        var view = new ReportView(new Reporting.ReportData { SetUp = plan.Base });
        html.Append($"<p>{Captions.SetUp(view)} Swept instead of what stands there: {XmlText.Escape(Sentences.Enumeration([.. plan.Axes.Select(axis => axis.Name)]))}. No simulation, so no error bars.</p>\n");
        if (plan.Base.Layers is { } program)
            html.Append($"<pre class=\"picture\">{XmlText.Escape(LayersPicture.Of(program))}</pre>\n");
        html.Append($"<p>A window is the largest {(plan.Base.Layers is null ? "depth time <i>t</i> = <i>ε</i><sup>2</sup><i>l</i>" : "layer <i>l</i>")} up to which a number stays within 5 % of the exact leading order; where it never leaves, it is the last depth. All numbers, and the windows of 1 % and 10 %, are in <a href=\"sweep.csv\">sweep.csv</a> and <a href=\"sweep.json\">sweep.json</a>.</p>\n");
        (int across, int up) = Directions(plan);
        int sets = plan.Axes.Where((_, at) => at != across && at != up).Aggregate(1, (product, axis) => Math.Min(MostSets + 1, product * axis.Texts.Count));
        for (int set = 0; set < Math.Min(sets, MostSets); set++)
            Set(html, plan, byPoint, across, up, set);
        if (sets > MostSets)
            html.Append(CultureInfo.InvariantCulture, $"<p>The first {MostSets} combinations of the other axes are shown.</p>\n");
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    // Numbers go across, the longest axis first; the next longest goes up.
    private static (int Across, int Up) Directions(SweepPlan plan)
    {
        int[] order = [.. Enumerable.Range(0, plan.Axes.Count).OrderByDescending(at => plan.Axes[at].Numbers is null ? 0 : 1).ThenByDescending(at => plan.Axes[at].Texts.Count)];
        return (order[0], order.Length > 1 ? order[1] : -1);
    }

    private static void Set(StringBuilder html, SweepPlan plan, Dictionary<int, SweepRow> rows, int across, int up, int set)
    {
        var fixedAt = new int[plan.Axes.Count];
        var name = new List<string>();
        for (int at = plan.Axes.Count - 1; at >= 0; at--)
        {
            if (at == across || at == up)
                continue;
            (set, fixedAt[at]) = Math.DivRem(set, plan.Axes[at].Texts.Count);
            name.Insert(0, $"{plan.Axes[at].Name} = {plan.Axes[at].Texts[fixedAt[at]]}");
        }

        if (name.Count > 0)
            html.Append($"<h2>{XmlText.Escape(string.Join(", ", name))}</h2>\n");
        html.Append("<figure><div class=\"panels\">\n");
        var constant = new List<string>();
        for (int shown = 0; shown < Shown.Length; shown++)
        {
            (string heading, Func<SweepRow, double?> value) = Shown[shown];
            if (plan.Base.Layers is not null)
                heading = heading.Replace("depth time *t*", "layer *l*", StringComparison.Ordinal);
            string id = string.Create(CultureInfo.InvariantCulture, $"map-{string.Join('-', fixedAt)}-{shown}");
            SweepRow? Found(int column, int row)
            {
                int[] place = [.. fixedAt];
                place[across] = column;
                if (up >= 0) place[up] = row;
                int point = 0;
                for (int axis = 0; axis < place.Length; axis++) point = (point * plan.Axes[axis].Texts.Count) + place[axis];
                return rows.GetValueOrDefault(point);
            }

            double At(int column, int row) => Found(column, row) is { } found ? value(found) ?? double.NaN : double.NaN;

            Picture picture = up < 0 || plan.Axes[up].Texts.Count == 1 ? Curve(id, heading, plan.Base.Closure, plan.Axes[across], At) : new HeatMap
            {
                Id = id,
                Heading = heading,
                Description = $"{RichText.Parse(heading).PlainText}, over {plan.Axes[across].Name} and {plan.Axes[up].Name}.",
                X = new ChartAxis(Symbol(plan.Axes[across]), Categories: plan.Axes[across].Texts),
                Y = new ChartAxis(Symbol(plan.Axes[up]), Categories: plan.Axes[up].Texts),
                Value = At,
                IsSigned = IsSigned(shown),
                IsMarked = (column, row) => Found(column, row)?.Unproved is { Count: > 0 },
            };
            // A map of one colour says less than its number; what is left of the values may differ by rounding.
            double[] values = [.. from column in Enumerable.Range(0, plan.Axes[across].Texts.Count) from row in Enumerable.Range(0, up < 0 ? 1 : plan.Axes[up].Texts.Count) select At(column, row)];
            if (values.Length > 1 && values.Max() - values.Min() <= 1e-9 * values.Max(Math.Abs))
                constant.Add($"{RichText.Parse(heading).PlainText}: {values[0].ToString("G6", CultureInfo.InvariantCulture)} at every point.");
            else
                html.Append(picture.ToSvg());
        }

        html.Append("</div></figure>\n").Append(string.Concat(constant.Select(sentence => $"<p>{XmlText.Escape(sentence)}</p>\n")));
    }

    // The letters of the paper where a value has one.
    private static string Symbol(SweepAxis axis) => axis.Name switch
    {
        "activation" => "activation *σ*",
        "weightVariance" => "weight variance *C*_{W}",
        "biasVariance" => "bias variance *C*_{b}",
        "skip" => "skip *α*",
        "step" => "step *ε*",
        "depth" => "depth *L*",
        "width" => "width *n*",
        _ => RichText.Literal(axis.Name),
    };

    private static Chart Curve(string id, string heading, string closure, SweepAxis axis, Func<int, int, double> value) => new()
    {
        Id = id,
        Heading = heading,
        Description = $"{RichText.Parse(heading).PlainText} over {axis.Name}",
        X = new ChartAxis(Symbol(axis), Categories: axis.Numbers is null ? axis.Texts : null),
        Y = new ChartAxis(heading),
        Series = [new ChartSeries(null, axis.Numbers is null ? SeriesKind.Points : SeriesKind.Line, Styles.Of(closure) with { Marker = axis.Numbers is null ? Marker.Circle : Marker.None }, [.. Enumerable.Range(0, axis.Texts.Count).Select(at => new ChartPoint(axis.Numbers?[at] ?? at, value(at, 0))).OrderBy(point => point.X)])],
    };
}

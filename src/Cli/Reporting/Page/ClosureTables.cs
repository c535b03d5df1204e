using System.Globalization;
using System.Text;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The tables of all closures: their numbers, how far each can be trusted, and V4 by Hermite orders.</summary>
internal static class ClosureTables
{
    private static readonly string[] Extrapolated = ["g-only", "sigma-kernel"];

    // An order that carries less of V4 and of its transport is not worth a line.
    private const double LeastShare = 5e-4;

    // A smaller deviation is none.
    private const double LeastDeviation = 1e-5;

    /// <summary>What stands for the exact leading order, and how well it is known.</summary>
    public static string Introduction(ReportView view)
    {
        if (view.Data.Closures is not { } report)
            return "";
        double Share(Quantity quantity) => report.Components.Where(component => component.Quantity == quantity && component.Values[^1] != 0)
            .Select(component => component.Remainder / Math.Abs(component.Values[^1])).DefaultIfEmpty(0).Max();
        string inputs = view.SetUp.Inputs > 2 && !view.SetUp.Network.MixesInputs ? " Closures are marginally consistent, so the first two inputs are compared without the others." : "";
        return Sections.Paragraph([
            $"<em>{Captions.Escape(report.ExactName)}</em> stands for the exact leading order in 1/<i>n</i>. What higher orders would change at the last depth is estimated, from half and a quarter of the orders, " +
            $"at {Small(Share(Quantity.V4))} of {Symbol(Quantity.V4)} and {Small(Share(Quantity.K1))} of {Symbol(Quantity.K1)} or less in every component.{inputs}",
        ]);
    }

    /// <summary>V4 and K1 of every closure at the last depth, against the exact leading order and against the simulation.</summary>
    public static string Numbers(ReportView view)
    {
        if (view.Data.Closures is not { } report)
            return "";
        int[] shown = [.. Shown(view, report)];
        bool Simulated(int at) => report.Components[at] is { Simulation: not null, StandardError: > 0 };
        // One block for each number: a row of four is wider than a page.
        var html = new StringBuilder(Sections.Proof(report.Proof) + "<div class=\"blocks\">\n");
        foreach (int at in shown)
        {
            ExactComponent component = report.Components[at];
            string columns = Simulated(at) ? "3" : "2";
            html.Append(Open($"Closures at the last depth: {Of(component).PlainText}"));
            html.Append($"<thead><tr><th scope=\"col\">{Of(component).MathMl} at {view.DepthText(report.Layers[^1], report.Times[^1])}</th><th scope=\"col\" class=\"n\">value</th><th scope=\"col\" class=\"n\">off by</th>{(Simulated(at) ? "<th scope=\"col\" class=\"n\"><i>z</i></th>" : "")}</tr></thead>\n<tbody>\n");
            foreach (ClosureEntry closure in report.Closures)
            {
                html.Append($"<tr><th scope=\"row\">{Captions.Escape(closure.Name)}</th>");
                Row(html, component, closure.Numbers[at]?.Values[^1], isExact: false);
                html.Append("</tr>\n");
            }

            html.Append($"<tr class=\"first\"><th scope=\"row\">{Captions.Escape(report.ExactName)}</th>");
            Row(html, component, component.Values[^1], isExact: true);
            html.Append("</tr>\n");
            if (Simulated(at))
                html.Append($"<tr><th scope=\"row\">simulation ± s.e.</th><td class=\"n\" colspan=\"{columns}\">{NumberText.Uncertain(component.Simulation!.Value, component.StandardError)}</td></tr>\n");
            if (report.SecondWidth is not null && component.InfiniteWidth is { } infinite)
                html.Append($"<tr><th scope=\"row\">extrapolated to 1/<i>n</i> = 0</th><td class=\"n\" colspan=\"{columns}\">{NumberText.Uncertain(infinite.Value, infinite.StandardError)}</td></tr>\n");
            html.Append(Close);
        }

        html.Append("</div>\n");
        var notes = new List<string> { $"Off by: deviation from {Captions.Escape(report.ExactName)}; 0: less than 0.001\u202F%." };
        if (shown.Any(Simulated))
            notes.Add("<i>z</i> = (closure − simulation)/standard error, bold beyond ±3; the simulation is at finite width and differs from every leading order by a relative 1/<i>n</i>.");
        if (report.SecondWidth is { } wide)
        {
            notes.Add($"Extrapolated: from <i>n</i> = {NumberText.Count(view.SetUp.Width)} and {NumberText.Count(wide.Samples)} networks of <i>n</i> = {NumberText.Count(wide.Width)}, what is of order 1/<i>n</i> taken out. There "
                + string.Join("; ", report.Closures.Where(closure => Extrapolated.Contains(closure.Name)).Select(closure => (closure.Name, Values: (Func<int, double?>)(at => closure.Numbers[at]?.Values[^1])))
                    .Append((Name: report.ExactName, Values: at => report.Components[at].Values[^1]))
                    .Select(each => $"{Captions.Escape(each.Name)} is at <i>z</i> = {string.Join(", ", shown.Where(at => report.Components[at].InfiniteWidth is { StandardError: > 0 }).Select(at => ZAt(report.Components[at], each.Values(at))))}"))
                + $" ({string.Join(", ", shown.Where(at => report.Components[at].InfiniteWidth is { StandardError: > 0 }).Select(at => Of(report.Components[at]).MathMl))}).");
        }

        notes.AddRange(report.Closures.Where(closure => closure.Failure is not null).Select(closure => $"{Captions.Escape(closure.Name)} was not solved: {Captions.Sentence(closure.Failure!)}"));
        string[] first = [.. report.Closures.Where(closure => closure.Failure is null && closure.Numbers.Any(numbers => numbers is null)).Select(closure => Captions.Escape(closure.Name))];
        if (first.Length > 0)
            notes.Add($"{Sentences.Enumeration(first)} {(first.Length == 1 ? "was" : "were")} solved for input 0 alone.");
        string[] unfed = [.. report.Closures.Where(closure => closure.CorrectionIsUnfed).Select(closure => Captions.Escape(closure.Name))];
        if (unfed.Length > 0)
            notes.Add($"{Symbol(Quantity.K1)} is 0 in {Sentences.Enumeration(unfed)} because nothing that {(unfed.Length == 1 ? "it keeps" : "they keep")} feeds it (no tadpole, no observable whose mean moves it), not because it is small.");
        return html.Append(Sections.Paragraph(notes)).ToString();
    }

    private static string ZAt(ExactComponent component, double? value) => value is { } number && component.InfiniteWidth is { } infinite
        ? NumberText.ZScore((number - infinite.Value) / infinite.StandardError)
        : NumberText.Missing;

    /// <summary>The largest depths up to which closures stay near the exact leading order.</summary>
    public static string Windows(ReportView view)
    {
        if (view.Data.Closures is not { } report)
            return "";
        // Where the two inputs are alike, input 1 repeats input 0.
        bool alike = view.SetUp.Inputs > 1 && view.SetUp.Network.Kernel[0, 0] == view.SetUp.Network.Kernel[1, 1];
        int[] shown = [.. Enumerable.Range(0, report.Components.Count).Where(at => !alike || report.Components[at] is not { Pair: { First: 1 } } and not { Pair: { Second: 1 }, SecondPair: { First: 1 } })];
        string last = view.UsesTime ? ReportView.TimeText(report.Times[^1]) : NumberText.Count(report.Layers[^1]);
        var html = new StringBuilder(Sections.Proof(report.Proof) + Open("Validity windows"));
        html.Append($"<thead><tr><th scope=\"col\">within {string.Join(", ", ClosureReport.Shares.Select(share => NumberText.Plain(100 * share)))} %</th>");
        foreach (int at in shown)
            html.Append($"<th scope=\"col\" class=\"n\">{Of(report.Components[at]).MathMl}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (ClosureEntry closure in report.Closures.Where(closure => closure.Failure is null))
        {
            html.Append($"<tr><th scope=\"row\">{Captions.Escape(closure.Name)}</th>");
            foreach (int at in shown)
                html.Append($"<td class=\"n\">{(closure.Numbers[at] is { } numbers ? Cell(view, numbers.Windows, last) : NumberText.Missing)}</td>");
            html.Append("</tr>\n");
        }

        html.Append(Close);
        double known = shown.Select(at => report.Components[at]).Where(component => component.Values[^1] != 0).Select(component => component.Remainder / Math.Abs(component.Values[^1])).DefaultIfEmpty(0).Max();
        return html.Append(Sections.Paragraph([
            $"The largest {(view.UsesTime ? "<i>t</i>" : "layer")} up to which a closure stays within 1, 5 and 10 % of {Captions.Escape(report.ExactName)}, in this order; &gt; {last}: it never leaves. " +
            $"Interpolated between {report.Layers.Count.ToString(CultureInfo.InvariantCulture)} depths; 0: it has left at the first of them, {view.DepthText(report.Layers[Math.Min(1, report.Layers.Count - 1)], report.Times[Math.Min(1, report.Times.Count - 1)])}.",
            known > 0.003 ? $"The exact leading order is itself known to {NumberText.Percent(known)} only for one of these components at the last depth; read its windows at 1 % with that in mind." : "",
            "Where the exact value passes through zero, every closure that differs leaves it there.",
        ])).ToString();
    }

    /// <summary>V4 and its transport at the last depth by Hermite orders.</summary>
    public static string Budget(ReportView view)
    {
        if (view.Data.Closures is not { Budget: { } budget } report)
            return "";
        double[] transport = [.. Enumerable.Range(0, budget.Pairs.Count).Select(pair => budget.Orders.Sum(order => order.Transport[pair]))];
        bool Counts(BudgetOrder order) => order.Order <= 2 || Enumerable.Range(0, budget.Pairs.Count).Any(pair =>
            Math.Abs(order.V4[pair]) > LeastShare * Math.Abs(budget.Total[pair]) || Math.Abs(order.Transport[pair]) > LeastShare * Math.Abs(transport[pair]));
        BudgetOrder[] small = [.. budget.Orders.Where(order => !Counts(order))];
        var html = new StringBuilder(Sections.Proof(report.Proof) + Open("Variance budget"));
        html.Append($"<thead><tr><th rowspan=\"2\" scope=\"col\">at {view.DepthText(report.Layers[^1], report.Times[^1])}</th>");
        foreach (InputPair pair in budget.Pairs)
            html.Append($"<th scope=\"colgroup\" colspan=\"2\" class=\"n group gap\">{Component.Variance(pair).MathMl}</th><th scope=\"colgroup\" colspan=\"2\" class=\"n group gap\">its transport</th>");
        html.Append("</tr>\n<tr>");
        foreach (InputPair _ in budget.Pairs)
            html.Append("<th scope=\"col\" class=\"n gap\">part</th><th scope=\"col\" class=\"n\">share</th><th scope=\"col\" class=\"n gap\">per <i>t</i></th><th scope=\"col\" class=\"n\">share</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        Line("initial value and noise (no transport)", pair => budget.Source[pair], null);
        foreach (BudgetOrder order in budget.Orders.Where(Counts))
            Line(Name(order.Order), pair => order.V4[pair], pair => order.Transport[pair]);
        int highest = budget.Orders.Max(order => order.Order);
        Line($"{(small.Length > 0 ? "others, and " : "")}orders above {highest.ToString(CultureInfo.InvariantCulture)}", pair => budget.Rest[pair] + small.Sum(order => order.V4[pair]), small.Length > 0 ? pair => small.Sum(order => order.Transport[pair]) : null);
        Line(Captions.Escape(report.ExactName), pair => budget.Total[pair], pair => transport[pair], "first");
        return html.Append(Close).Append(Sections.Paragraph([
            $"Modes of different order are uncorrelated, so {Symbol(Quantity.V4)} is a sum over orders, and leaving one out changes it by its part whatever else is kept. " +
            $"Transport: d{Symbol(Quantity.V4)}/d<i>t</i> less the layers' own noise, for orders up to {highest.ToString(CultureInfo.InvariantCulture)}. G-only is the first line and order 2.",
        ])).Append(Sections.List(Missing(budget, transport))).ToString();

        void Line(string name, Func<int, double> part, Func<int, double>? rate, string style = "")
        {
            html.Append($"<tr{(style.Length > 0 ? $" class=\"{style}\"" : "")}><th scope=\"row\">{name}</th>");
            for (int pair = 0; pair < budget.Pairs.Count; pair++)
            {
                html.Append($"<td class=\"n gap\">{NumberText.Significant(part(pair), 4)}</td><td class=\"n\">{Share(part(pair), budget.Total[pair])}</td>");
                html.Append(rate is null
                    ? $"<td class=\"n\">{NumberText.Missing}</td><td class=\"n\">{NumberText.Missing}</td>"
                    : $"<td class=\"n gap\">{NumberText.Significant(rate(pair), 4)}</td><td class=\"n\">{Share(rate(pair), transport[pair])}</td>");
            }

            html.Append("</tr>\n");
        }
    }

    // What g-only does not have, order by order.
    private static IEnumerable<string> Missing(BudgetReport budget, double[] transport)
    {
        for (int pair = 0; pair < budget.Pairs.Count; pair++)
        {
            double two = budget.Source[pair] + budget.Orders.Single(order => order.Order == 2).V4[pair];
            string symbol = Component.Variance(budget.Pairs[pair]).MathMl;
            BudgetOrder most = budget.Orders.Where(order => order.Order != 2).MaxBy(order => Math.Abs(order.V4[pair])) ?? budget.Orders[0];
            if (most.Order == 2 || budget.Total[pair] == 0 || transport[pair] == 0)
                continue;
            yield return $"G-only misses {NumberText.Percent(1 - (two / budget.Total[pair]))} of {symbol}. Most of that is order {most.Order.ToString(CultureInfo.InvariantCulture)}{(most.Order == 1 ? ", the layer mean of <i>φ</i>" : "")}, " +
                $"with {NumberText.Percent(most.V4[pair] / budget.Total[pair])} of {symbol} and {NumberText.Percent(most.Transport[pair] / transport[pair])} of its transport.";
        }
    }

    /// <summary>The components that the page shows: V4 and K1 on and off the diagonal.</summary>
    public static IEnumerable<int> Shown(ReportView view, ClosureReport report) =>
        from component in SchemeFigures.Components(view)
        from at in Enumerable.Range(0, report.Components.Count)
        where Of(report.Components[at]) == component
        select at;

    /// <summary>The component as the page names it.</summary>
    public static Component Of(ExactComponent component) => new(component.Quantity, component.Pair, component.SecondPair);

    private const string Close = "</tbody>\n</table>\n</div>\n";

    private static string Open(string label) => $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\n<table class=\"dense\">\n";

    private static void Row(StringBuilder html, ExactComponent component, double? value, bool isExact)
    {
        bool simulated = component is { Simulation: not null, StandardError: > 0 };
        if (value is not { } number)
        {
            html.Append($"<td class=\"n\">{NumberText.Missing}</td><td class=\"n\">{NumberText.Missing}</td>{(simulated ? $"<td class=\"n\">{NumberText.Missing}</td>" : "")}");
            return;
        }

        html.Append($"<td class=\"n\">{NumberText.Significant(number, 4)}</td><td class=\"n\">{(isExact ? "" : OffBy(number, component.Values[^1]))}</td>");
        if (!simulated)
            return;
        double z = (number - component.Simulation!.Value) / component.StandardError!.Value;
        html.Append($"<td class=\"{(Math.Abs(z) > 3 ? "n far" : "n")}\">{NumberText.ZScore(z)}</td>");
    }

    private static string OffBy(double value, double exact) =>
        exact != 0 && Math.Abs((value - exact) / exact) < LeastDeviation ? "0" : Sentences.Relative(value, exact);

    private static string Small(double share) => share < LeastDeviation ? "0.001\u202F%" : NumberText.Percent(share);

    private static string Cell(ReportView view, IReadOnlyList<DepthWindow> windows, string last)
    {
        if (!windows[0].IsLeft)
            return $"&gt; {last}";
        if (windows.All(window => window.Layer == 0))
            return "0";
        return string.Join(" · ", windows.Select(window => !window.IsLeft ? $"&gt; {last}" : window.Layer == 0 ? "0" : view.UsesTime ? NumberText.Significant(window.Time, 2) : NumberText.Count((long)window.Layer)));
    }

    private static string Share(double part, double whole) => whole == 0 ? NumberText.Missing : (part / whole <= -1e-4 ? "\u2212" : "") + (part == 0 ? "0" : Math.Abs(part / whole) < 1e-4 ? "&lt; 0.01\u202F%" : NumberText.Percent(part / whole));

    private static string Name(int order) => order switch
    {
        1 => "order 1, the layer mean of <i>φ</i>",
        2 => "order 2, <i>g</i> itself",
        _ => $"order {order.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string Symbol(Quantity quantity) => quantity == Quantity.V4 ? "<i>V</i><sup>(4)</sup>" : "<i>K</i><sup>(1)</sup>";
}

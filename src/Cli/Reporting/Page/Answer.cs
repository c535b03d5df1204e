// What a reader wants first: which closure can be trusted to what, at this width. How far a closure is from the exact leading order is known
// without a simulation; how far the network is from that order, which no closure of leading order can help, is what a simulation shows.

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The answer of a report: sentences and one figure.</summary>
internal static class Answer
{
    // Of ClosureReport.Shares: what the answer calls trusted.
    private const double Trusted = 0.05;

    /// <summary>The sentences.</summary>
    public static string Sentences(ReportView view) => Sections.Paragraph(view.Data.Closures is { } report ? [.. OfClosures(view, report), AtWidth(view, report)] : [OfTheory(view)]);

    /// <summary>Closures against the exact leading order for input 0, with the distance of the simulated network from it.</summary>
    public static Figure? Figure(ReportView view)
    {
        if (view.Data.Closures is not { } report)
            return null;
        Chart[] panels = [.. ClosureTables.Shown(view, report).Where(at => ClosureTables.Of(report.Components[at]) is { Pair.IsDiagonal: true })
            .Select((at, place) => ClosureFigures.Panel(view, report, at, withNetwork: true) is { } panel ? ReportView.Lettered("answer", place, panel) : null).OfType<Chart>()];
        return panels.Length == 0 ? null : new Figure("figure-answer", "Which closure can be trusted to what", panels, Captions.Join(
            $"Lines: size of the deviation of each closure from the exact leading order, {Captions.Escape(report.ExactName)}.",
            view.Ensemble is { } ensemble ? $"Points: that of the simulated network of width <i>n</i> = {NumberText.Count(ensemble.Width)}, which is of order 1/<i>n</i> and shared by all closures; below them, a better closure is not seen at this width." : "",
            "Dotted: 1, 5 and 10 %.",
            Captions.SetUp(view)));
    }

    private static IEnumerable<string> OfClosures(ReportView view, ClosureReport report)
    {
        string last = view.DepthText(report.Layers[^1], report.Times[^1]), exact = Captions.Escape(report.ExactName);
        int[] shown = [.. ClosureTables.Shown(view, report)];
        foreach (Quantity quantity in new[] { Quantity.V4, Quantity.K1 })
        {
            int[] of = [.. shown.Where(at => report.Components[at].Quantity == quantity && report.Components[at].Values[^1] != 0)];
            string symbol = quantity == Quantity.V4 ? "<i>V</i><sup>(4)</sup>" : "<i>K</i><sup>(1)</sup>";
            if (of.Length == 0)
                continue;
            string[] good = [.. report.Closures.Where(closure => closure.Failure is null && of.All(at => closure.Numbers[at] is { } numbers && !Window(numbers).IsLeft)).Select(closure => Captions.Escape(closure.Name))];
            ClosureEntry? asked = report.Closures.FirstOrDefault(closure => closure.Name == view.SetUp.Closure && closure.Failure is null);
            string own = asked is null || good.Contains(Captions.Escape(asked.Name)) ? "" : Left(view, report, asked, of);
            yield return (good.Length > 0
                ? $"{symbol} can be had to {NumberText.Plain(100 * Trusted)}\u202F% of the exact leading order, {exact}, up to {last} from {Page.Sentences.Enumeration(good)}"
                : $"No closure but {exact} itself has {symbol} to {NumberText.Plain(100 * Trusted)}\u202F% up to {last}") + own + ".";
        }
    }

    // How far the closure of the report carries where it leaves.
    private static string Left(ReportView view, ClosureReport report, ClosureEntry closure, int[] components)
    {
        string[] left = [.. components.Where(at => closure.Numbers[at] is not null).Select(at => (at, Window: Window(closure.Numbers[at]!))).Where(each => each.Window.IsLeft)
            .Select(each => $"{ClosureTables.Of(report.Components[each.at]).MathMl} {(each.Window.Layer == 0 ? "from the start" : $"at {(view.UsesTime ? $"<i>t</i>\u00A0=\u00A0{NumberText.Significant(each.Window.Time, 2)}" : $"layer {NumberText.Count((long)each.Window.Layer)}")}")}")];
        return left.Length == 0 ? "" : $"; {Captions.Escape(closure.Name)}, the closure of this report, leaves it in {Page.Sentences.Enumeration(left)}";
    }

    private static DepthWindow Window(ClosureNumbers numbers) => numbers.Windows.First(window => window.Share == Trusted);

    // What the network itself is away from the leading order; only where the simulation can tell.
    private static string AtWidth(ReportView view, ClosureReport report)
    {
        string[] apart = [.. ClosureTables.Shown(view, report).Select(at => report.Components[at])
            .Where(component => component is { Simulation: { } value, StandardError: { } error } && component.Values[^1] != 0 && Math.Abs(value - component.Values[^1]) > 2 * error)
            .Select(component => $"{ClosureTables.Of(component).MathMl} by {NumberText.Percent((component.Simulation!.Value - component.Values[^1]) / component.Values[^1])}")];
        return view.Ensemble is not { } ensemble ? ""
            : apart.Length == 0 ? $"At width <i>n</i> = {NumberText.Count(ensemble.Width)} the simulation does not tell the network from the exact leading order."
            : $"At width <i>n</i> = {NumberText.Count(ensemble.Width)} the network itself is off the exact leading order, in {Page.Sentences.Enumeration(apart)}: that much no closure of leading order has.";
    }

    private static string OfTheory(ReportView view)
    {
        if (view.Main is not { } main || view.LastCommon(main) is not { } last || view.Ensemble is not { } ensemble)
            return "";
        string[] places = [.. SchemeFigures.Components(view)
            .Select(component => (component, Value: main.At(component, last.Layer), Measured: ensemble.At(component, last.Layer)))
            .Where(each => each is { Value: not null, Measured: not null })
            .Select(each => $"{each.component.MathMl} {Page.Sentences.Position(each.Value!.Value, each.Measured!.Value.Value, each.Measured.Value.Error)}")];
        return places.Length == 0 ? "" : $"At {view.DepthText(last.Layer, last.Time)} and width <i>n</i> = {NumberText.Count(ensemble.Width)}, {Captions.Escape(view.SetUp.Closure)} puts {Page.Sentences.Enumeration(places)}.";
    }
}

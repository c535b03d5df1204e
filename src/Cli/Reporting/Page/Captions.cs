using System.Globalization;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>Sentences that captions share.</summary>
internal static class Captions
{
    /// <summary>The set-up in one sentence, and what of the lines is not proved.</summary>
    public static string SetUp(ReportView view) => Join(Network(view), Proof(view));

    /// <summary>Which lines are estimates, and of which not even the error is known; empty where all are proved.</summary>
    public static string Proof(ReportView view)
    {
        string Named(string status) => Sentences.Enumeration([.. view.Data.Theory.Where(series => series.Proof?.Status == status).Select(Name).Distinct()]);
        string estimates = Named("estimate"), unknown = Named("none");
        return Join(
            estimates.Length > 0 ? $"Estimates, not proved: {estimates}." : "",
            unknown.Length > 0 ? $"Of unknown error: {unknown}." : "",
            view.Data.Closures is { Proof.IsProved: false } ? "The comparison of closures rests on estimates, not proofs." : "",
            view.Ensemble is { Proof.IsProved: false } ? "Simulated <i>K</i><sup>(1)</sup> and <i>U</i><sup>(1)</sup> are differences from numbers of infinite width that are estimates." : "");
    }

    private static string Network(ReportView view) => view.SetUp.Layers is not null
        ? $"Set-up: the program of layers of this network, <i>L</i>\u00A0=\u00A0{NumberText.Count(view.SetUp.Network.Depth)}, <i>N</i>\u00A0=\u00A0{view.SetUp.Inputs.ToString(CultureInfo.InvariantCulture)}."
        : $"Set-up: <i>σ</i>(<i>x</i>)\u00A0=\u00A0{Escape(view.SetUp.Network.Activation)}, <i>C<sub>W</sub></i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.WeightVariance)}, " +
        $"<i>C<sub>b</sub></i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.BiasVariance)}, <i>α</i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.Skip)}, " +
        $"<i>ε</i>\u00A0=\u00A0{NumberText.Plain(view.SetUp.Network.Step)}, <i>L</i>\u00A0=\u00A0{NumberText.Count(view.SetUp.Network.Depth)}, <i>N</i>\u00A0=\u00A0{view.SetUp.Inputs.ToString(CultureInfo.InvariantCulture)}.";

    /// <summary>What the points and their bars are.</summary>
    public static string Points(EnsembleSeries ensemble) =>
        $"Points: {NumberText.Count(ensemble.Samples)} simulated networks of width <i>n</i>\u00A0=\u00A0{NumberText.Count(ensemble.Width)}; " +
        "bars: one standard error to each side, hidden where smaller than the symbol.";

    /// <summary>Which inputs are shown, and for which they stand.</summary>
    public static string Pairs(ReportView view) => view.SetUp.Inputs switch
    {
        1 => "",
        _ when view.IsExchangeable => $"All {view.SetUp.Inputs.ToString(CultureInfo.InvariantCulture)} inputs are alike under <i>K</i>(0); inputs 0 and 1 stand for them.",
        2 => "Input 1 with itself is in <a href=\"data.csv\">data.csv</a>.",
        _ => "Inputs 0 and 1 are shown; the others are in <a href=\"data.csv\">data.csv</a>.",
    };

    /// <summary>The descriptions of the series of a figure, each as "label: description".</summary>
    public static string Descriptions(params IEnumerable<TheorySeries?> series) =>
        Join(series.Where(one => one?.Description is { Length: > 0 }).Select(one => $"{Name(one!)}: {Sentence(one!.Description!)}"));

    /// <summary>Text as HTML with a full stop at its end.</summary>
    public static string Sentence(string text) => Escape(text) + (text.TrimEnd() is [.., '.' or '!' or '?'] ? "" : ".");

    /// <summary>The label of a series as it stands in running text.</summary>
    public static string Name(TheorySeries series) => $"<em>{Escape(series.Label)}</em>";

    /// <summary>Sentences with a space between them; empty ones are left out.</summary>
    public static string Join(params IEnumerable<string> sentences) => string.Join(' ', sentences.Where(sentence => sentence.Length > 0));

    /// <summary>Text as HTML.</summary>
    public static string Escape(string text) => XmlText.Escape(text);
}

using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>What every section asks of the data: which series is which, which components stand for all, how depth is measured.</summary>
internal sealed class ReportView
{
    public ReportView(ReportData data)
    {
        Data = data;
        Main = data.Theory.FirstOrDefault(series => series.Role == SeriesRole.Main);
        SourceOnly = data.Theory.FirstOrDefault(series => series.Role == SeriesRole.SourceOnly);
        ExactSource = data.Theory.FirstOrDefault(series => series.Role == SeriesRole.ExactSource);
        Published = data.Theory.FirstOrDefault(series => series.Role == SeriesRole.Published);
        Alternatives = [.. data.Theory.Where(series => series.Role == SeriesRole.Alternative)];
        UsesTime = data.SetUp.Network is { Layers: null, Skip: 1 };
        Diagonal = new InputPair(0, 0);
        OffDiagonal = data.SetUp.Inputs > 1 ? new InputPair(0, 1) : null;
    }

    public ReportData Data { get; }

    public Specification SetUp => Data.SetUp;

    public EnsembleSeries? Ensemble => Data.Ensemble;

    public TheorySeries? Main { get; }

    public TheorySeries? SourceOnly { get; }

    public TheorySeries? ExactSource { get; }

    public TheorySeries? Published { get; }

    public IReadOnlyList<TheorySeries> Alternatives { get; }

    /// <summary>Input 0 with itself.</summary>
    public InputPair Diagonal { get; }

    /// <summary>Inputs 0 and 1, or null where there is one input.</summary>
    public InputPair? OffDiagonal { get; }

    /// <summary>The one or two pairs that the figures show.</summary>
    public IEnumerable<InputPair> Pairs => OffDiagonal is { } off ? [Diagonal, off] : [Diagonal];

    /// <summary>Whether depth is shown as t = eps^2 l (the ResNet) or as the layer.</summary>
    public bool UsesTime { get; }

    /// <summary>The label of the depth axis.</summary>
    public ChartAxis DepthAxis => new(UsesTime ? "depth time *t* = *ε*^{2} *l*" : "layer *l*");

    /// <summary>The position on the depth axis.</summary>
    public double Depth(int layer, double time) => UsesTime ? time : layer;

    /// <summary>A depth in a sentence: "t = 2", or "layer 12".</summary>
    public string DepthText(int layer, double time) =>
        UsesTime ? $"<i>t</i>\u00A0=\u00A0{TimeText(time)}" : $"layer {NumberText.Count(layer)}";

    /// <summary>A depth time without the last digits of rounding.</summary>
    public static string TimeText(double time) => NumberText.Plain(Math.Round(time, 10));

    /// <summary>The style of a theory series: a closure's own, wherever it is drawn.</summary>
    public static SeriesStyle Style(TheorySeries series) => series.Role switch
    {
        SeriesRole.SourceOnly => Styles.SourceOnly,
        SeriesRole.ExactSource => Styles.ExactSource,
        SeriesRole.Published => Styles.Published,
        _ => Styles.Of(series.Label),
    };

    /// <summary>Panels beside one another, those that show something, as (a), (b), ....</summary>
    /// <param name="id">What their names begin with.</param>
    /// <param name="panels">The panels, each with its heading.</param>
    public static IReadOnlyList<Chart> Lettered(string id, IEnumerable<Chart?> panels) =>
        [.. panels.OfType<Chart>().Where(panel => panel.HasData).Select((panel, at) => Lettered(id, at, panel))];

    /// <summary>One of them.</summary>
    /// <param name="id">What its name begins with.</param>
    /// <param name="at">Which.</param>
    /// <param name="panel">The panel.</param>
    public static Chart Lettered(string id, int at, Chart panel) => panel with { Id = $"{id}-{(char)('a' + at)}", Heading = $"({(char)('a' + at)}) {panel.Heading}" };

    /// <summary>The simulation's name in legends.</summary>
    public static string EnsembleLabel(EnsembleSeries ensemble) => RichText.Literal(ensemble.Label);

    /// <summary>The last layer that the main theory and the simulation have in common, with its time; or null.</summary>
    public (int Layer, double Time)? LastCommon(TheorySeries theory)
    {
        var measured = Ensemble is null ? null : new HashSet<int>(Ensemble.Layers);
        for (int i = theory.Layers.Count - 1; i >= 0; i--)
        {
            if (measured is null || measured.Contains(theory.Layers[i]))
                return (theory.Layers[i], theory.Times[i]);
        }

        return null;
    }

    /// <summary>Whether every input and every pair of inputs is like every other under K(0), so that one component stands for all of its kind.</summary>
    public bool IsExchangeable
    {
        get
        {
            double[,] kernel = SetUp.Network.Kernel;
            for (int a = 0; a < kernel.GetLength(0); a++)
                for (int b = 0; b < kernel.GetLength(0); b++)
                    if (kernel[a, b] != (a == b ? kernel[0, 0] : kernel[0, 1]))
                        return false;
            return true;
        }
    }
}

/// <summary>A figure: one or several panels above one caption.</summary>
/// <param name="Id">An identifier unique on the page.</param>
/// <param name="Title">A title, as HTML.</param>
/// <param name="Panels">The charts.</param>
/// <param name="Caption">The rest of the caption, as HTML.</param>
internal sealed record Figure(string Id, string Title, IReadOnlyList<Chart> Panels, string Caption);
